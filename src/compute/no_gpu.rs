//! The build without the feature `gpu`: there is only the CPU.

use super::adapter::Adapter;
use super::owner::{Missing, Opener};

const WHY: &str = "this build has no GPU support (it was built without the feature `gpu`)";

/// Every adapter: none.
pub(super) fn list() -> Result<Vec<Adapter>, String> {
    Err(WHY.to_owned())
}

/// Opens nothing.
pub(super) fn opener() -> Opener {
    Box::new(|| Err(Missing::Absent(WHY.to_owned())))
}
