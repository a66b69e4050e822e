//! The lock that says which autosaves belong to running processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A held lock. Dropping it lets go; the file stays.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Kept open: the lock lives as long as the file is.
    _file: Option<File>,
}

/// The lock file that belongs to an autosave.
fn lock_path(autosave: &Path) -> PathBuf {
    autosave.with_extension("lock")
}

/// The process that an autosave's name speaks of.
fn process_of(autosave: &Path) -> Option<u32> {
    autosave.file_stem()?.to_str()?.strip_prefix("autosave-")?.split('-').next()?.parse().ok()
}

/// Whether a process runs, where the system shows it; unknown counts as running.
fn runs(process: Option<u32>) -> bool {
    let shown = Path::new("/proc/self").exists();
    !shown || process.is_none_or(|id| Path::new("/proc").join(id.to_string()).exists())
}

impl Lock {
    /// A new lock for an autosave of this process; `None` when the name is taken.
    pub fn create(autosave: &Path) -> io::Result<Option<Self>> {
        let path = lock_path(autosave);
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: the process id in the name has to do.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        writeln!(file, "{}", std::process::id())?;
        // Between making and locking it another process may have taken it for one left behind.
        Ok(path.exists().then_some(Self { path, _file: Some(file) }))
    }

    /// The lock of an autosave whose process is gone; `None` while it runs.
    pub fn left_behind(autosave: &Path) -> Option<Self> {
        let path = lock_path(autosave);
        let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else {
            let gone = !runs(process_of(autosave));
            return gone.then_some(Self { path, _file: None });
        };
        match file.try_lock() {
            Ok(()) => Some(Self { path, _file: Some(file) }),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(_)) => {
                (!runs(process_of(autosave))).then_some(Self { path, _file: Some(file) })
            }
        }
    }

    /// Takes the lock file away.
    pub fn remove(self) {
        // Nothing is lost when it stays: it is found unlocked later.
        let _gone = std::fs::remove_file(&self.path);
    }
}
