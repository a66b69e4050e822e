//! What leaves the window.
//!
//! An [`ExportForm`] is what the user sets up in the dialog, an [`Order`] where it goes, a [`Parcel`] what it is made of:
//! shared data only, so that a job can make the files ([`deliver()`]). `sketch` turns what is on the screen into figures.

mod compared;
mod deliver;
mod form;
mod order;
mod parcel;
mod recovered;
mod report;
mod settings;
mod sketch;
mod stem;

pub use compared::Compared;
pub use deliver::{Delivered, deliver};
pub use form::{ExportForm, What};
pub use order::{Order, Places};
pub use parcel::{Parcel, Piece};
pub use recovered::RecoveredParcel;
pub use report::ReportParcel;
pub use settings::{ExportSettings, FigureFormat, FileFormat};
pub use sketch::{CurvesSketch, Layer, MapSketch, Print, Sketch};
pub use stem::{short_stem, unique_stems};
