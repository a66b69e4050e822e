//! Notices stay until they are read; the log keeps everything that happened.

use std::time::{Duration, SystemTime};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Done; only in the log.
    Info,
    /// Done, and worth a look.
    Good,
    /// Done, but not exactly as asked.
    Warning,
    /// Not done.
    Error,
}

/// One notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// How bad it is.
    pub level: Level,
    /// One sentence.
    pub text: String,
    /// The whole story, for "Copy details"; one line for each trouble.
    pub details: Vec<String>,
    /// When.
    pub when: SystemTime,
}

/// How long good news stays by itself.
const GOOD_NEWS: Duration = Duration::from_secs(6);
/// Entries of the log that are kept.
const LOG: usize = 2_000;
/// Detail lines kept for one notice; a million bad files must not fill the memory.
const DETAILS: usize = 2_000;

/// All notices and the log.
#[derive(Debug, Default)]
pub struct Notices {
    next: u64,
    open: Vec<Notice>,
    log: std::collections::VecDeque<Notice>,
}

impl Notices {
    /// Something went well; shown for a few seconds.
    pub fn good(&mut self, text: impl Into<String>) {
        self.add(Level::Good, text.into(), Vec::new());
    }

    /// Only for the log.
    pub fn info(&mut self, text: impl Into<String>) {
        self.add(Level::Info, text.into(), Vec::new());
    }

    /// Done, but not exactly as asked.
    pub fn warning(&mut self, text: impl Into<String>, details: Vec<String>) {
        self.add(Level::Warning, text.into(), details);
    }

    /// Something failed.
    pub fn error(&mut self, text: impl Into<String>) {
        self.add(Level::Error, text.into(), Vec::new());
    }

    /// Something failed, with its details.
    pub fn errors(&mut self, text: impl Into<String>, details: Vec<String>) {
        self.add(Level::Error, text.into(), details);
    }

    fn add(&mut self, level: Level, text: String, mut details: Vec<String>) {
        if details.len() > DETAILS {
            let more = details.len() - DETAILS;
            details.truncate(DETAILS);
            details.push(format!("and {more} more"));
        }
        self.next += 1;
        let notice = Notice { id: NoticeId(self.next), level, text, details, when: SystemTime::now() };
        if self.log.len() == LOG {
            self.log.pop_front();
        }
        self.log.push_back(notice.clone());
        // The same trouble twice is one notice.
        self.open.retain(|n| n.text != notice.text);
        if level != Level::Info {
            self.open.push(notice);
        }
    }

    /// The notices on the screen, oldest first.
    pub fn open(&self) -> &[Notice] {
        &self.open
    }

    /// Everything that happened, oldest first.
    pub fn log(&self) -> impl ExactSizeIterator<Item = &Notice> + DoubleEndedIterator {
        self.log.iter()
    }

    /// The user has read it.
    pub fn dismiss(&mut self, id: NoticeId) {
        self.open.retain(|n| n.id != id);
    }

    /// Takes good news away that was there long enough; gives the time until the next one goes.
    pub fn tidy(&mut self, now: SystemTime) -> Option<Duration> {
        let age = |n: &Notice| now.duration_since(n.when).unwrap_or_default();
        self.open.retain(|n| n.level != Level::Good || age(n) < GOOD_NEWS);
        self.open.iter().filter(|n| n.level == Level::Good).map(|n| GOOD_NEWS.saturating_sub(age(n))).min()
    }

    /// All open notices as text.
    pub fn text(&self) -> String {
        self.open.iter().map(Notice::whole).collect::<Vec<_>>().join("\n")
    }
}

impl Notice {
    /// The sentence and its details.
    pub fn whole(&self) -> String {
        let mut text = self.text.clone();
        for line in &self.details {
            text.push('\n');
            text.push_str(line);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_news_goes_by_itself_and_errors_stay() {
        let mut notices = Notices::default();
        notices.good("Saved");
        notices.error("Cannot save");
        let later = SystemTime::now() + GOOD_NEWS * 2;
        assert!(notices.tidy(SystemTime::now()).is_some());
        assert_eq!(notices.tidy(later), None);
        assert_eq!(notices.open().iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["Cannot save"]);
        assert_eq!(notices.log().len(), 2);
        notices.dismiss(notices.open()[0].id);
        assert!(notices.open().is_empty());
    }

    #[test]
    fn the_same_trouble_is_one_notice() {
        let mut notices = Notices::default();
        notices.error("The disk is full");
        notices.error("The disk is full");
        assert_eq!(notices.open().len(), 1);
    }
}
