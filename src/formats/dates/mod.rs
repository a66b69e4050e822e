//! Dates to ISO 8601: clocks that count seconds or ticks, written dates whose form leaves no doubt, and those whose
//! order of day and month only the format can tell.

mod clock;
mod order;
mod text;

pub use clock::{filetime_seconds, from_1899, from_filetime, from_ole, from_unix};
pub use order::{Order, iso};
pub use text::iso_date;

/// `2019-12-16`, or `None` when the calendar has no such day or the year is none that spectra come from.
#[must_use]
pub fn day(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let exists = (1..=12).contains(&month) && (1..=days).contains(&day) && (1900..=2200).contains(&year);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}
