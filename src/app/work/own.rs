//! What outlives every session: the user's own library and the list of recent files.

use std::path::PathBuf;
use std::sync::Arc;

use super::keep::refused;
use crate::app::app::App;
use crate::jobs::Lane;
use crate::library::Library;
use crate::session::LibraryId;
use crate::session::mine::{self, Mine};
use crate::session::recent::Recent;

impl App {
    pub(super) fn notices_of_mine(&mut self, mine: Mine) {
        if let Some(notice) = mine.notice {
            self.notices.error(notice);
        }
        self.session.set_mine(Arc::clone(&mine.library));
        self.work.keep.mine = Some(mine.library);
    }

    /// Writes the user's own library when it changed.
    pub(super) fn keep_mine(&mut self) {
        if let Some((saved, handle)) = &mut self.work.keep.saving_mine {
            let Some(end) = handle.ended() else { return };
            let saved = Arc::clone(saved);
            self.work.keep.saving_mine = None;
            match end {
                Ok(there) => {
                    if self.my_library().is_some_and(|now| Arc::ptr_eq(&now, &saved))
                        && !Arc::ptr_eq(&there, &saved)
                    {
                        self.session.set_mine(Arc::clone(&there));
                    }
                    self.work.keep.mine = Some(there);
                }
                Err(failure) => {
                    self.notices.error(format!("My library could not be kept on disk: {failure}"));
                    self.work.keep.mine = Some(saved);
                }
            }
        }
        let (Some(now), Some(before)) = (self.my_library(), self.work.keep.mine.clone()) else { return };
        let Some(folder) = self.work.keep.folders.as_ref().map(|f| f.data.clone()) else { return };
        if Arc::ptr_eq(&now, &before) {
            return;
        }
        let library = Arc::clone(&now);
        let handle = self.jobs.submit("Keeping my library", Lane::Quick, move |_| {
            mine::save(&folder, &library, &before).map_err(|e| refused(&e))
        });
        self.work.keep.saving_mine = Some((now, handle));
    }

    fn my_library(&self) -> Option<Arc<Library>> {
        self.session.document().open_library(LibraryId::MINE).map(|open| Arc::clone(&open.library))
    }

    /// Notes files for the list of recent ones.
    pub(in crate::app) fn remember(&mut self, paths: &[PathBuf]) {
        let Some(folder) = self.work.keep.folders.as_ref().map(|f| f.state.clone()) else { return };
        let paths: Vec<PathBuf> =
            paths.iter().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone())).collect();
        self.work.keep.remembering.push(self.jobs.submit("Noting recent files", Lane::Quick, move |_| {
            Recent::remember(&folder, &paths).map_err(|e| refused(&e))
        }));
    }

    pub(super) fn take_remembered(&mut self) {
        let mut handles = std::mem::take(&mut self.work.keep.remembering);
        handles.retain_mut(|handle| match handle.ended() {
            None => true,
            Some(Ok(recent)) => {
                self.recent = recent.paths().to_vec();
                false
            }
            Some(Err(failure)) => {
                self.notices.info(format!("The list of recent files could not be kept: {failure}"));
                false
            }
        });
        self.work.keep.remembering.append(&mut handles);
    }
}
