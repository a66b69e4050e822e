//! Panics of drivers and of burn become sentences.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use super::error::one_line;

/// Runs `work`; a panic in it becomes a sentence. What it had half changed must not be looked at again.
pub(super) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| said(&*payload))
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    match text.or_else(|| payload.downcast_ref::<&str>().copied()) {
        Some(text) if !text.trim().is_empty() => one_line(text),
        _ => "a fault without a reason".to_owned(),
    }
}
