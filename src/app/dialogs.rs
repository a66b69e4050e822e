//! The question that stands over the window, if any: one at a time.

use std::path::PathBuf;

use crate::library::Facts;
use crate::session::ItemId;

/// An open dialog with what the user has typed so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// The command palette.
    Palette {
        /// Typed words.
        typed: String,
        /// Place of the marked command in the list.
        marked: usize,
    },
    /// All commands and their keys.
    Help {
        /// Words to look for.
        typed: String,
    },
    /// Version, device, licences.
    About,
    /// A path to open.
    Path {
        /// Typed path.
        typed: String,
        /// Whether it is a library.
        library: bool,
    },
    /// Another name.
    Rename {
        /// Of what.
        id: ItemId,
        /// Typed name.
        typed: String,
    },
    /// A group for the selected spectra.
    Group {
        /// Which.
        ids: Vec<ItemId>,
        /// Typed name.
        typed: String,
    },
    /// True components of a mixture.
    Truths {
        /// The mixture.
        id: ItemId,
        /// Marked spectra.
        marked: Vec<ItemId>,
        /// Words to look for.
        typed: String,
    },
    /// A spectrum for the user's own library.
    AddToMine {
        /// Which.
        id: ItemId,
        /// What is known about it.
        facts: Facts,
    },
    /// A name for a recipe.
    SaveRecipe {
        /// Whose pipeline.
        id: ItemId,
        /// Typed name.
        typed: String,
    },
    /// What to export and where.
    Export(Box<super::export::ExportForm>),
    /// Work of windows that ended without saving.
    Recover,
    /// A path for the session.
    SaveAs {
        /// Typed path.
        typed: String,
        /// What happens once it is written.
        then: Option<Then>,
    },
    /// Unsaved work: save, throw away or stay.
    Unsaved {
        /// What was asked for.
        then: Then,
    },
}

/// What happens once unsaved work is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// The window closes.
    Quit,
    /// A new session begins.
    New,
    /// Another session is opened.
    Open(PathBuf),
}
