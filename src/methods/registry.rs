//! Every method there is. Nothing else names them.

use crate::process::suggestion;

use super::evidence::Evidence;
use super::fcls::Fcls;
use super::guided::Guided;
use super::nnls::Nnls;
use super::nnols::Nnols;
use super::nnomp::Nnomp;
use super::ramixnet::{Ramixnet, is_trained, of_trained};
use super::rssnet::Rssnet;
use super::sunsal::Sunsal;
use super::{Method, MethodError};

/// In the order of menus; the first is the default.
static METHODS: &[&dyn Method] =
    &[&Evidence, &Guided, &Rssnet, &Nnomp, &Nnols, &Sunsal, &Nnls, &Fcls, &Ramixnet];

/// All methods that ship with the program in the order of menus; the first is what a user gets who names none. Models that
/// the user trained come besides: [`super::trained`].
pub fn methods() -> &'static [&'static dyn Method] {
    METHODS
}

/// The method of this id, or an error that names the nearest and all of them.
pub fn find(id: &str) -> Result<&'static dyn Method, MethodError> {
    let wanted = id.trim();
    if is_trained(wanted) {
        let model = of_trained(wanted)?;
        return Ok(model);
    }
    if let Some(found) = METHODS.iter().find(|m| m.id().eq_ignore_ascii_case(wanted)) {
        return Ok(*found);
    }
    let ids: Vec<&str> = METHODS.iter().map(|m| m.id()).collect();
    Err(MethodError::UnknownMethod {
        found: wanted.to_owned(),
        suggestion: suggestion(wanted, ids.iter().copied()),
        known: ids.join(", "),
    })
}
