//! Nothing is lost: sessions on disk, autosaves, the user's own library, recent files. Disks belong to jobs.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;

use crate::app::app::App;
use crate::app::dialogs::{Dialog, Then};
use crate::formats::Limits;
use crate::jobs::{Failure, Handle, Lane};
use crate::library::Library;
use crate::session::autosave::{Autosave, Recoverable, recoverable};
use crate::session::file::{EXTENSION, FileError, Stored, load, to_bytes, write};
use crate::session::mine::{self, Mine};
use crate::session::recent::Recent;
use crate::session::{Session, data_folder, state_folder};

/// What is on its way to or from the disk.
#[derive(Default)]
pub struct Keep {
    pub(super) folders: Option<Folders>,
    starting: Option<Handle<Infallible, Started>>,
    saving: Option<Saving>,
    opening: Option<(Opened, Handle<Infallible, Stored>)>,
    autosave: Option<Autosave>,
    autosaving: Option<Handle<Infallible, ()>>,
    /// Autosaves left behind by windows that ended without saving.
    pub found: Vec<Recoverable>,
    /// The user's own library as it lies on disk.
    pub(super) mine: Option<Arc<Library>>,
    pub(super) saving_mine: Option<SavingMine>,
    pub(super) remembering: Vec<Handle<Infallible, Recent>>,
}

/// The user's own folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Autosaves and recent files.
    pub state: PathBuf,
    /// The user's own library.
    pub data: PathBuf,
}

impl Folders {
    /// As the system wants them; `None` where it names no home.
    pub fn of_the_user() -> Option<Self> {
        Some(Self { state: state_folder()?, data: data_folder()? })
    }
}

/// What the user's own folders held at the start.
struct Started {
    autosave: Result<Autosave, FileError>,
    found: Vec<Recoverable>,
    mine: Mine,
    recent: Recent,
}

struct Saving {
    path: PathBuf,
    revision: u64,
    then: Option<Then>,
    handle: Handle<Infallible, ()>,
}

/// The user's own library on its way to the disk, and what is there then.
pub(super) type SavingMine = (Arc<Library>, Handle<Infallible, Arc<Library>>);

/// Where a session that is being opened comes from.
enum Opened {
    File(PathBuf),
    Autosave(Recoverable),
}

pub(super) fn refused(error: &FileError) -> Failure {
    Failure::Refused(error.to_string())
}

/// Whether a path is meant to be a session.
pub fn is_session_path(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(EXTENSION))
}

impl App {
    /// Reads the user's own folders.
    pub(in crate::app) fn start_keeping(&mut self, folders: Option<Folders>) {
        self.work.keep.folders.clone_from(&folders);
        let Some(Folders { state, data }) = folders else { return };
        self.work.keep.starting =
            Some(self.jobs.submit("Looking for unsaved work", Lane::Quick, move |_| {
                let autosave = Autosave::start(&state);
                Ok(Started {
                    autosave,
                    found: recoverable(&state, Limits::default()),
                    mine: mine::load(&data, Limits::default()),
                    recent: Recent::load(&state),
                })
            }));
    }

    /// Takes in what came from the disk and begins what is due.
    pub(in crate::app) fn keep(&mut self, ctx: &egui::Context) {
        self.take_start();
        self.take_saved(ctx);
        self.take_opened();
        self.take_autosaved();
        self.keep_mine();
        self.take_remembered();
        self.autosave(ctx);
    }

    fn take_start(&mut self) {
        let Some(end) = self.work.keep.starting.as_mut().and_then(Handle::ended) else { return };
        self.work.keep.starting = None;
        match end {
            Ok(started) => {
                match started.autosave {
                    Ok(autosave) => self.work.keep.autosave = Some(autosave),
                    Err(error) => {
                        self.notices.error(format!("There are no autosaves in this session: {error}"));
                    }
                }
                self.notices_of_mine(started.mine);
                self.recent = started.recent.paths().to_vec();
                self.work.keep.found = started.found;
                if !self.work.keep.found.is_empty() {
                    self.dialog = Some(Dialog::Recover);
                }
            }
            Err(failure) => self.notices.error(failure.to_string()),
        }
    }

    /// Writes the session into its file, or asks for one.
    pub(in crate::app) fn save_session(&mut self, then: Option<Then>) {
        match self.session.path() {
            Some(path) => self.save_session_as(path.to_path_buf(), then),
            None => self.choose(super::Choice::SaveSession(then)),
        }
    }

    /// Writes the session into this file.
    pub(in crate::app) fn save_session_as(&mut self, path: PathBuf, then: Option<Then>) {
        let path = if is_session_path(&path) { path } else { with_extension(&path) };
        if self.work.keep.saving.is_some() {
            self.notices.warning("The session is being saved already", Vec::new());
            return;
        }
        let (document, numbers) = (Arc::clone(self.session.document()), self.session.numbers());
        let (answers, revision) = (self.session.answers_to_save(), self.session.revision());
        let to = path.clone();
        let handle = self.jobs.submit("Saving the session", Lane::Quick, move |_| {
            let bytes = to_bytes(&document, &answers, numbers).map_err(|e| refused(&e))?;
            write(&to, &bytes).map_err(|e| refused(&e))
        });
        self.work.keep.saving = Some(Saving { path, revision, then, handle });
    }

    fn take_saved(&mut self, ctx: &egui::Context) {
        let Some(end) = self.work.keep.saving.as_mut().and_then(|saving| saving.handle.ended()) else {
            return;
        };
        let Some(Saving { path, revision, then, .. }) = self.work.keep.saving.take() else { return };
        match end {
            Ok(()) => {
                self.notices.good(format!("Session saved as {}", path.display()));
                self.remember(std::slice::from_ref(&path));
                self.session.saved_as(path, revision);
                if self.session.revision() == revision {
                    if let Some(autosave) = &mut self.work.keep.autosave {
                        autosave.settled(revision);
                    }
                    if let Some(then) = then {
                        self.left(then, ctx);
                    }
                } else if then.is_some() {
                    self.notices.warning(
                        "Something changed while the session was being saved; it was not closed",
                        Vec::new(),
                    );
                }
            }
            Err(failure) => self.notices.error(failure.to_string()),
        }
    }

    /// Opens a session in the place of this one; unsaved work is asked about.
    pub(in crate::app) fn open_session(&mut self, path: PathBuf, ctx: &egui::Context) {
        if self.session.unsaved() && !self.session.document().items.is_empty() {
            self.dialog = Some(Dialog::Unsaved { then: Then::Open(path) });
        } else {
            self.left(Then::Open(path), ctx);
        }
    }

    pub(in crate::app) fn read_session(&mut self, path: PathBuf) {
        let from = path.clone();
        let handle = self.jobs.submit("Opening the session", Lane::Quick, move |_| {
            load(&from, Limits::default()).map_err(|e| refused(&e))
        });
        self.work.keep.opening = Some((Opened::File(path), handle));
    }

    /// Brings back the work of a window that ended without saving.
    pub(in crate::app) fn recover(&mut self, number: usize) {
        if number >= self.work.keep.found.len() {
            return;
        }
        let found = self.work.keep.found.remove(number);
        let path = found.path().to_path_buf();
        let handle = self.jobs.submit("Recovering the session", Lane::Quick, move |_| {
            load(&path, Limits::default()).map_err(|e| refused(&e))
        });
        self.work.keep.opening = Some((Opened::Autosave(found), handle));
        self.dialog = None;
    }

    /// Throws an autosave away, or puts a damaged one aside.
    pub(in crate::app) fn forget_recoverable(&mut self, number: usize) {
        if number >= self.work.keep.found.len() {
            return;
        }
        let found = self.work.keep.found.remove(number);
        if found.spectra().is_ok() {
            found.forget();
        } else {
            match found.keep_aside() {
                Ok(path) => self.notices.good(format!("The damaged file was kept as {}", path.display())),
                Err(error) => self.notices.error(error.to_string()),
            }
        }
        if self.work.keep.found.is_empty() {
            self.dialog = None;
        }
    }

    fn take_opened(&mut self) {
        let Some(end) = self.work.keep.opening.as_mut().and_then(|(_, handle)| handle.ended()) else {
            return;
        };
        let Some((from, _)) = self.work.keep.opening.take() else { return };
        let stored = match end {
            Ok(stored) => stored,
            Err(failure) => {
                self.notices.error(failure.to_string());
                if let Opened::Autosave(found) = from {
                    self.work.keep.found.push(found);
                }
                return;
            }
        };
        let warnings = stored.warnings.clone();
        let stored = match &self.work.keep.mine {
            Some(mine) => stored.with_mine(Arc::clone(mine)),
            None => stored,
        };
        self.forget_work();
        let Stored { document, answers, numbers, .. } = stored;
        let count = crate::app::widgets::spectra(document.items.len());
        match from {
            Opened::File(path) => {
                self.notices.good(format!("Session with {count} is open"));
                self.session = Session::restored(document, answers, numbers, Some(path.clone()));
                self.settle();
                self.remember(&[path]);
            }
            Opened::Autosave(found) => {
                self.notices.good(format!("{count} recovered; save the session to keep them"));
                self.session = Session::restored(document, answers, numbers, None);
                self.settle();
                self.session.mark_unsaved();
                if let Some(autosave) = &mut self.work.keep.autosave {
                    autosave.recovered(found);
                }
            }
        }
        if !warnings.is_empty() {
            self.notices.warning("Some parts of the session could not be read as they were", warnings);
        }
    }

    /// An autosave that is due, and the frame in which the next one will be.
    fn autosave(&mut self, ctx: &egui::Context) {
        let Some(autosave) = &mut self.work.keep.autosave else { return };
        let (now, revision) = (Instant::now(), self.session.revision());
        let worth = self.session.unsaved() && !self.session.document().items.is_empty();
        if !worth || self.work.keep.autosaving.is_some() {
            return;
        }
        match autosave.wait(now, revision) {
            Some(Duration::ZERO) => {}
            // Nothing else may wake an idle window in time.
            wait => return wait.into_iter().for_each(|wait| ctx.request_repaint_after(wait)),
        }
        autosave.begin(now, revision);
        let (document, answers, numbers) =
            (Arc::clone(self.session.document()), self.session.answers_to_save(), self.session.numbers());
        let path = autosave.path().to_path_buf();
        self.work.keep.autosaving = Some(self.jobs.submit("Autosave", Lane::Quick, move |_| {
            let bytes = to_bytes(&document, &answers, numbers).map_err(|e| refused(&e))?;
            write(&path, &bytes).map_err(|e| refused(&e))
        }));
    }

    fn take_autosaved(&mut self) {
        let Some(end) = self.work.keep.autosaving.as_mut().and_then(Handle::ended) else { return };
        self.work.keep.autosaving = None;
        let Some(autosave) = &mut self.work.keep.autosave else { return };
        match end {
            Ok(()) => autosave.written(),
            Err(failure) => {
                autosave.failed();
                self.notices.error(format!("The autosave failed, save the session yourself: {failure}"));
            }
        }
    }

    /// A clean end leaves no autosave behind.
    pub(in crate::app) fn end_keeping(&mut self) {
        if let Some(autosave) = self.work.keep.autosave.take() {
            autosave.remove();
        }
    }

    /// The unsaved work was given up or is safe: its autosave is of no use.
    pub(in crate::app) fn settle(&mut self) {
        let revision = self.session.revision();
        if let Some(autosave) = &mut self.work.keep.autosave {
            autosave.settled(revision);
        }
    }
}

/// `a` becomes `a.unravel`, `a.b` becomes `a.b.unravel`.
fn with_extension(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(EXTENSION);
    PathBuf::from(name)
}
