//! Floor 3: reference libraries.
//!
//! A [`Library`] holds [`Entry`]s, each a spectrum on its own axis with its [`Facts`]; several entries may be
//! specimens of one species (`Facts::group`). [`Library::load`] reads folders, archives and single files of spectra,
//! label tables with `.npy` arrays, and the packed `.unravel-lib` file that [`Library::save`] writes. An [`Index`]
//! answers which species a spectrum is most like.

mod catalogue;
mod default;
mod duplicates;
mod entry;
mod error;
mod load;
mod onto;
mod pack;
pub mod peaks;
mod search;
#[cfg(test)]
mod testing;

pub use catalogue::{Duplicates, Library, Merged};
pub use default::{default_library, default_substances};
pub use duplicates::DUPLICATE_CORRELATION;
pub use entry::{Entry, EntryId, Facts, species_key};
pub use error::LibraryError;
pub use load::{Layout, LoadOptions, Loaded, RowFilter};
pub use onto::{LEAST_COVERAGE, Onto, check_splits};
pub use pack::EXTENSION;
pub(crate) use pack::{AxisPool, Frame, FrameError, StoredAxis, StoredMeta};
pub use search::{Folded, Grid, Hit, Index, Metric, Ranking, SearchOptions, Window};
