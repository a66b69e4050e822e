//! Floor 2: bytes to spectra and back.
//!
//! [`decode`] recognises a content and reads it; [`formats`] lists what can be read. One file per instrument format,
//! each exporting one [`Format`]; `registry` names them all and nothing else knows them. `bytes` and `text` are the
//! only ways in which readers touch content, so nothing that came from outside can panic.

mod avantes;
mod bwtek;
mod bytes;
mod cells;
mod dates;
mod decoded;
#[cfg(test)]
#[path = "../../docs/examples/demo_format.rs"]
mod demo_format;
mod error;
mod excel;
mod header_meta;
mod input;
mod jcamp;
mod l6s;
mod labspec_txt;
mod labspec_xml;
mod mat;
mod npy;
mod number_form;
mod ocean;
mod omnic;
mod open;
mod opus;
mod own_csv;
mod perkin_sp;
mod perkin_txt;
mod registry;
mod rruff;
mod settle;
mod sif;
mod spc;
mod spe;
mod table;
mod text;
mod text_table;
mod trivista;
mod vendor;
mod wasatch;
mod wdf;
mod wire_txt;
mod witec_txt;
pub mod write;
mod wxd;
mod xml;

pub(crate) use dates::from_unix;
pub use decoded::{Decoded, Item};
pub use error::{FormatError, Place};
pub use input::{Input, Limits};
pub use open::{Batch, Opened, Progress, count_files, open, open_all, open_batches};
use registry::recognise;
pub use registry::{Format, Head, Sniff, decode, formats};
