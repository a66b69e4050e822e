//! Floor 6: the open document and everything that changes it.
//!
//! A [`Document`] holds spectra and maps ([`Item`]), libraries, recipes, comparisons and batches; its heavy parts are
//! shared, so a whole copy costs a few microseconds. A [`Session`] owns the document of the moment, its past and future
//! (undo), what is selected and the answers of methods. Panels read it and hand back [`Command`]s;
//! [`Session::apply`] is the only way to change a document. The inverse of a command is the document before it, which
//! makes undo right by construction. Nothing here knows the screen or threads.

mod answers;
mod apply;
pub mod autosave;
mod command;
mod comparison;
mod document;
mod error;
pub mod export;
pub mod file;
mod history;
mod ids;
mod item;
mod libraries;
pub mod mine;
mod places;
pub mod recent;
#[expect(
    clippy::module_inception,
    reason = "the floor is named after the type that everything passes around"
)]
mod session;
mod substances;
#[cfg(test)]
mod tests;

pub use answers::{Answer, Answers, BatchRow, BatchShare, BatchTable};
pub use apply::Made;
pub use command::{Command, NewItem};
pub use comparison::{Ask, Batch, Chosen, Comparison, Pin, PinKey, Subject, Verdict};
pub use document::{Document, Recipe};
pub use error::SessionError;
pub use history::UNDO_STEPS;
pub use ids::{BatchId, ComparisonId, ItemId, LibraryId, Version};
pub use item::{Colour, Data, Item, Source};
pub use libraries::OpenLibrary;
pub use places::{data_folder, state_folder};
pub use session::Session;
pub use substances::{Substance, align};
