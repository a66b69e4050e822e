//! Every method there is. Nothing else names them.

use crate::process::suggestion;

use super::evidence::Evidence;
use super::fcls::Fcls;
use super::guided::Guided;
use super::nnls::Nnls;
use super::nnols::Nnols;
use super::nnomp::Nnomp;
use super::ramixnet::Ramixnet;
use super::rssnet::Rssnet;
use super::sunsal::Sunsal;
use super::{Method, MethodError};

/// In the order of menus; the first is the default.
static METHODS: &[&dyn Method] =
    &[&Evidence, &Guided, &Rssnet, &Nnomp, &Nnols, &Sunsal, &Nnls, &Fcls, &Ramixnet];

/// All methods in the order of menus; the first is what a user gets who names none.
pub fn methods() -> &'static [&'static dyn Method] {
    METHODS
}

/// The method of this id, or an error that names the nearest and all of them.
pub fn find(id: &str) -> Result<&'static dyn Method, MethodError> {
    let wanted = id.trim();
    METHODS.iter().copied().find(|m| m.id().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
        let ids: Vec<&str> = METHODS.iter().map(|m| m.id()).collect();
        MethodError::UnknownMethod {
            found: wanted.to_owned(),
            suggestion: suggestion(wanted, ids.iter().copied()),
            known: ids.join(", "),
        }
    })
}
