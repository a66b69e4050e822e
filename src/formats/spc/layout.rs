//! What reader and writer agree on: flags, lengths, unit codes by name, and the log keys that only we write.

use super::codes;

pub(in super::super) use super::header::{LABELS, MULTI, NEW_LEN, ORDERED_Z, OWN_X, STORED_X};

/// Length of the log block's own header.
pub(in super::super) const LOG_HEADER: u32 = 64;
/// The whole title (the header's comment holds 129 bytes).
pub(in super::super) const LOG_TITLE: &str = "UNRAVEL TITLE";
/// The whole instrument name (the header holds 8 bytes).
pub(in super::super) const LOG_INSTRUMENT: &str = "UNRAVEL INSTRUMENT";
/// The date with its seconds.
pub(in super::super) const LOG_DATE: &str = "UNRAVEL DATE";
/// The file that the spectrum came from.
pub(in super::super) const LOG_SOURCE: &str = "UNRAVEL SOURCE";
/// One step of the history.
pub(in super::super) const LOG_HISTORY: &str = "UNRAVEL HISTORY";
/// Title of a subfile; its number follows.
pub(in super::super) const LOG_SUBFILE: &str = "UNRAVEL SUBFILE";

/// Code of an x or z unit by its text.
pub(in super::super) fn unit_code(text: &str) -> Option<u8> {
    if text.is_empty() { None } else { (1..=codes::LAST_UNIT).find(|c| codes::unit(*c) == text) }
}

/// Code of a y unit by its text; arbitrary for none, `None` for one that needs a label.
pub(in super::super) fn ordinate_code(text: &str) -> Option<u8> {
    if text.is_empty() { Some(0) } else { (1..=131).find(|c| codes::ordinate(*c) == text) }
}
