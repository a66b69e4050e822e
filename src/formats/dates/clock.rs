//! Instrument clocks to ISO 8601: seconds since 1970, Windows FILETIME, seconds since 1899-12-31, OLE days.

/// FILETIME ticks (100 ns since 1601-01-01 UTC) at 1970-01-01.
const FILETIME_UNIX: u64 = 116_444_736_000_000_000;
/// FILETIME ticks in a second.
const TICKS: u64 = 10_000_000;
/// Seconds from 1899-12-31 to 1970-01-01.
const FROM_1899: i64 = 25_568 * 86_400;
/// Days from 1899-12-30 to 1970-01-01.
const OLE_UNIX: f64 = 25_569.0;
/// Seconds in the year 1970: a clock that shows it was never set.
const FIRST_YEAR: i64 = 365 * 86_400;

/// `2021-10-01T11:20:48Z` of seconds since 1970-01-01 UTC; `None` outside the years 1971 to 2200.
#[must_use]
pub fn from_unix(seconds: i64) -> Option<String> {
    if seconds < FIRST_YEAR { None } else { instant(seconds) }
}

/// As [`from_unix`] for clocks that may show any year from 1900 on; beyond 2200 a counter is not a date.
fn instant(seconds: i64) -> Option<String> {
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    (1900..=2200).contains(&year).then(|| {
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    })
}

/// ISO 8601 of a Windows FILETIME.
#[must_use]
pub fn from_filetime(ticks: u64) -> Option<String> {
    let seconds = ticks.checked_sub(FILETIME_UNIX)? / TICKS;
    instant(i64::try_from(seconds).ok()?)
}

/// ISO 8601 of seconds since 1899-12-31 UTC; 0 means that no time was stored.
#[must_use]
pub fn from_1899(seconds: u32) -> Option<String> {
    if seconds == 0 {
        return None;
    }
    instant(i64::from(seconds) - FROM_1899)
}

/// ISO 8601 of an OLE date: local time in days since 1899-12-30.
#[must_use]
pub fn from_ole(days: f64) -> Option<String> {
    if !days.is_finite() {
        return None;
    }
    let seconds = ((days - OLE_UNIX) * 86_400.0).round();
    Some(instant(seconds as i64)?.trim_end_matches('Z').to_owned())
}

/// Seconds from one FILETIME to another.
#[must_use]
pub fn filetime_seconds(from: u64, to: u64) -> f64 {
    to.wrapping_sub(from) as i64 as f64 / TICKS as f64
}

/// Year, month and day of a day number counted from 1970-01-01 (proleptic Gregorian calendar, counted in 400-year
/// cycles that begin on 1 March).
fn civil(days: i64) -> (i64, i64, i64) {
    let from_0000_march = days + 719_468;
    let cycle = from_0000_march.div_euclid(146_097);
    let day_of_cycle = from_0000_march.rem_euclid(146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants_are_written_right() {
        assert_eq!(instant(0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(instant(951_827_696).as_deref(), Some("2000-02-29T12:34:56Z"));
        assert_eq!(from_unix(1_628_171_392).as_deref(), Some("2021-08-05T13:49:52Z"));
        assert_eq!(from_unix(1_709_164_800).as_deref(), Some("2024-02-29T00:00:00Z"));
        assert_eq!(from_ole(44_518.25).as_deref(), Some("2021-11-18T06:00:00"));
        assert_eq!(instant(-1).as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(from_filetime(FILETIME_UNIX + 15 * TICKS).as_deref(), Some("1970-01-01T00:00:15Z"));
        assert_eq!(from_1899(86_400).as_deref(), Some("1900-01-01T00:00:00Z"));
    }

    #[test]
    fn counters_that_are_no_dates_give_none() {
        assert_eq!(from_filetime(0), None);
        assert_eq!(from_filetime(u64::MAX), None);
        assert_eq!(from_1899(0), None);
        assert_eq!(instant(i64::MAX / 2), None);
        assert_eq!(from_unix(0), None);
        assert_eq!(from_unix(i64::MAX), None);
        assert_eq!(from_ole(f64::NAN), None);
        assert_eq!(from_ole(f64::INFINITY), None);
    }
}
