//! Reference spectra: which library is used, what is in it, and which of its entries a spectrum is most like.
//!
//! `panel` puts the parts together, `choose` is the library in use, `browse` the list of entries, `hits` the answer to a
//! search and `options` how it is asked, `peek` one entry with its curve. `rows` draws the lines of both lists.

mod browse;
mod choose;
mod hits;
mod options;
mod panel;
mod peek;
mod rows;

pub use panel::{LibraryState, library_ui};
pub use rows::{DraggedEntry, overlay};
