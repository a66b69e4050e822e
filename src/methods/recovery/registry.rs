//! Every recovery method there is. Nothing else names them.

use super::super::MethodError;
use super::super::rampinn::Rampinn;
use super::Recovery;
use super::fit::Fit;
use super::kk::Kk;
use super::mem::Mem;
use crate::process::suggestion;

/// In the order of menus; the first is the default.
static RECOVERIES: &[&dyn Recovery] = &[&Rampinn, &Fit, &Kk, &Mem];

/// All recovery methods in the order of menus; the first is what a user gets who names none.
pub fn recoveries() -> &'static [&'static dyn Recovery] {
    RECOVERIES
}

/// The recovery method of this id, or an error that names the nearest and all of them.
pub fn find_recovery(id: &str) -> Result<&'static dyn Recovery, MethodError> {
    let wanted = id.trim();
    RECOVERIES.iter().copied().find(|m| m.id().eq_ignore_ascii_case(wanted)).ok_or_else(|| {
        let ids: Vec<&str> = RECOVERIES.iter().map(|m| m.id()).collect();
        MethodError::UnknownMethod {
            found: wanted.to_owned(),
            suggestion: suggestion(wanted, ids.iter().copied()),
            known: ids.join(", "),
        }
    })
}
