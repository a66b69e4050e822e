//! Everything panels may read.

use std::sync::Arc;

use crate::session::{Document, Item, Session};
use crate::spectrum::Spectrum;

use super::derived::Derived;
use super::notices::Notices;
use super::theme::Theme;
use super::work::Work;

/// Everything panels may read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its document.
    pub document: &'a Document,
    /// Prepared spectra.
    pub derived: &'a Derived,
    /// What runs and what it found.
    pub work: &'a Work,
    /// Notices and log.
    pub notices: &'a Notices,
    /// Files opened before, newest first.
    pub recent: &'a [std::path::PathBuf],
    /// Colours.
    pub theme: &'static Theme,
}

impl View<'_> {
    /// The active item.
    pub fn active_item(&self) -> Option<&Arc<Item>> {
        self.document.item(self.session.active()?.item)
    }

    /// The active spectrum after its preparation, as far as it is ready.
    pub fn active_spectrum(&self) -> Option<Arc<Spectrum>> {
        self.derived.spectrum(self.document, self.session.active()?)
    }
}
