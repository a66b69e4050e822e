//! The autosave of this process: when it is due, and what becomes of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::file::{EXTENSION, FileError};
use super::left::Recoverable;
use super::lock::Lock;

/// Time between two autosaves while there is something new: with the time that writing takes, less than 30 s are lost.
pub(super) const EVERY: Duration = Duration::from_secs(20);

/// The autosave file of this process. It is written elsewhere (`file::to_bytes` and `file::write` on a worker): this
/// says when and where, and keeps account.
#[derive(Debug)]
pub struct Autosave {
    path: PathBuf,
    lock: Lock,
    /// Revision that is safe, here or in a session file.
    kept: u64,
    /// When the last attempt began.
    begun: Option<Instant>,
    writing: Option<Writing>,
    recovered: Vec<Recoverable>,
}

/// An attempt under way.
#[derive(Debug, Clone, Copy)]
struct Writing {
    revision: u64,
    /// The session was saved or left meanwhile: the file is of no use when it is there.
    wanted: bool,
}

impl Autosave {
    /// A place for the autosaves of this process in the state folder, which is made if need be.
    pub fn start(folder: &Path) -> Result<Self, FileError> {
        let failed = |problem: String| FileError::NotSaved { file: folder.display().to_string(), problem };
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        for number in 0..10_000 {
            let name = format!("autosave-{}-{number}.{EXTENSION}", std::process::id());
            let path = folder.join(name);
            if path.symlink_metadata().is_ok() {
                continue;
            }
            if let Some(lock) = Lock::create(&path).map_err(|error| failed(error.to_string()))? {
                let (begun, writing, recovered) = (None, None, Vec::new());
                return Ok(Self { path, lock, kept: 0, begun, writing, recovered });
            }
        }
        Err(failed("no name for an autosave is free".to_owned()))
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long until something new is to be written: nothing is being written, and the last attempt began `EVERY` ago.
    /// None where nothing is new or is being written.
    pub fn wait(&self, now: Instant, revision: u64) -> Option<Duration> {
        let rested = self.begun.map_or(EVERY, |begun| now.saturating_duration_since(begun));
        (revision != self.kept && self.writing.is_none()).then(|| EVERY.saturating_sub(rested))
    }

    /// Whether to write now.
    pub fn due(&self, now: Instant, revision: u64) -> bool {
        self.wait(now, revision) == Some(Duration::ZERO)
    }

    /// Writing of this revision begins; [`Autosave::written`] or [`Autosave::failed`] follows.
    pub fn begin(&mut self, now: Instant, revision: u64) {
        self.begun = Some(now);
        self.writing = Some(Writing { revision, wanted: true });
    }

    /// The revision begun last is whole on the disk. What was recovered is in it.
    pub fn written(&mut self) {
        match self.writing.take() {
            Some(Writing { wanted: false, .. }) => self.delete(),
            Some(Writing { revision, .. }) => {
                self.kept = revision;
                self.recovered.drain(..).for_each(Recoverable::forget);
            }
            None => {}
        }
    }

    /// The attempt begun last came to nothing; the file before it is still there. The next attempt is due in 20 s.
    pub fn failed(&mut self) {
        self.writing = None;
    }

    /// This revision needs no autosave: it is in a session file, or the user left it for another session.
    pub fn settled(&mut self, revision: u64) {
        self.kept = revision;
        self.recovered.drain(..).for_each(Recoverable::forget);
        match &mut self.writing {
            Some(writing) => writing.wanted = false,
            None => self.delete(),
        }
    }

    /// The session now holds what this autosave of a dead process held; its file goes as soon as a newer one is whole.
    pub fn recovered(&mut self, from: Recoverable) {
        self.recovered.push(from);
    }

    /// A clean end: nothing is left behind.
    pub fn remove(self) {
        self.delete();
        self.recovered.into_iter().for_each(Recoverable::forget);
        self.lock.remove();
    }

    fn delete(&self) {
        // Usually there is none.
        let _gone = std::fs::remove_file(&self.path);
    }
}
