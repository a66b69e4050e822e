//! Files chosen in the dialogs of the system. They belong to jobs: the window never waits for them.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::app::app::App;
use crate::app::dialogs::{Dialog, Then};
use crate::jobs::{Handle, Lane};
use crate::session::file::EXTENSION;

/// A dialog of the system that answers faster than a hand can has not been shown.
const NO_DIALOG: Duration = Duration::from_millis(600);

/// What a chosen path is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// Files with spectra.
    Files,
    /// A folder with spectra.
    Folder,
    /// A library.
    Library,
    /// Where an export goes.
    Place {
        /// A folder instead of a file.
        folder: bool,
        /// The path as it stands.
        now: PathBuf,
    },
    /// The file for the session, and what happens once it is written.
    SaveSession(Option<Then>),
}

/// The dialog of the system, if one is open.
#[derive(Default)]
pub struct Files {
    choosing: Option<(Choice, Handle<Infallible, Picked>)>,
}

/// What a dialog of the system gave.
struct Picked {
    /// None when it was cancelled, or never shown.
    paths: Vec<PathBuf>,
    /// Whether somebody can have seen it.
    shown: bool,
}

/// Asks, and takes the time of the dialog alone: how long the job waited for its turn says nothing about it.
fn pick(ask: impl FnOnce() -> Vec<PathBuf>) -> Picked {
    let since = Instant::now();
    let paths = ask();
    Picked { shown: !paths.is_empty() || since.elapsed() > NO_DIALOG, paths }
}

/// Opens the dialog for a choice, and waits for it.
fn ask(choice: Choice) -> Vec<PathBuf> {
    let dialog = rfd::FileDialog::new();
    match choice {
        Choice::Files => dialog.set_title("Open spectra").pick_files().unwrap_or_default(),
        Choice::Folder => dialog.set_title("Open a folder of spectra").pick_folder().into_iter().collect(),
        Choice::Library => dialog.set_title("Open a library").pick_file().into_iter().collect(),
        Choice::Place { folder, now } => {
            let dialog = now.parent().map_or(dialog.clone(), |parent| dialog.set_directory(parent));
            let name = now.file_name().unwrap_or_default().to_string_lossy();
            let picked = if folder {
                dialog.set_title("Folder for the files").pick_folder()
            } else {
                dialog.set_title("Export").set_file_name(name).save_file()
            };
            picked.into_iter().collect()
        }
        Choice::SaveSession(_) => {
            let dialog = dialog.set_title("Save session").add_filter("Unravel session", &[EXTENSION]);
            dialog.set_file_name(format!("session.{EXTENSION}")).save_file().into_iter().collect()
        }
    }
}

impl App {
    /// Opens a dialog of the system; one at a time.
    pub(in crate::app) fn choose(&mut self, choice: Choice) {
        if self.work.files.choosing.is_some() {
            self.notices.warning("A file dialog is open already; it may be behind this window", Vec::new());
            return;
        }
        let asked = choice.clone();
        let handle =
            self.jobs.submit("Waiting for a file dialog", Lane::Quick, move |_| Ok(pick(|| ask(asked))));
        self.work.files.choosing = Some((choice, handle));
    }

    /// Takes the user's choice in.
    pub(in crate::app) fn take_choice(&mut self) {
        let Some((_, handle)) = &mut self.work.files.choosing else { return };
        let Some(end) = handle.ended() else { return };
        let Some((choice, _)) = self.work.files.choosing.take() else { return };
        match end {
            Ok(Picked { shown: false, .. }) => {
                self.notices.info(
                    "This desktop has no file dialog (no XDG portal answers); a path can be typed instead",
                );
                self.dialog = Some(match choice {
                    // Its dialog is open and has a field for the path.
                    Choice::Place { .. } => return,
                    Choice::SaveSession(then) => Dialog::SaveAs { typed: self.place_for_session(), then },
                    Choice::Library => Dialog::Path { typed: String::new(), library: true },
                    Choice::Files | Choice::Folder => Dialog::Path { typed: String::new(), library: false },
                });
            }
            Ok(Picked { paths, .. }) => match choice {
                Choice::Files | Choice::Folder => self.load(paths),
                Choice::Library => paths.into_iter().for_each(|path| self.load_library(path)),
                Choice::Place { .. } => self.place_chosen(&paths),
                Choice::SaveSession(then) => {
                    if let Some(path) = paths.into_iter().next() {
                        self.save_session_as(path, then);
                    }
                }
            },
            Err(failure) => self.notices.error(failure.to_string()),
        }
    }

    /// Where the session would go: where it is, or else the home folder.
    fn place_for_session(&self) -> String {
        let home = || std::env::home_dir().map(|home| home.join(format!("session.{EXTENSION}")));
        let place = self.session.path().map(std::path::Path::to_path_buf).or_else(home);
        place.map(|path| path.display().to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_that_answers_at_once_was_not_shown_whatever_the_job_waited_for() {
        assert!(!pick(Vec::new).shown);
        assert!(pick(|| vec!["a.spc".into()]).shown);
        let slow = || {
            std::thread::sleep(NO_DIALOG + Duration::from_millis(50));
            Vec::new()
        };
        assert!(pick(slow).shown);
    }
}
