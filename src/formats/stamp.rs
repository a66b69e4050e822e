//! Dates that only their format can tell, made ISO 8601: seconds since 1970, and month first.

use super::cells::iso_date;

/// Seconds since 1970 (UTC) as `2021-08-05T13:49:52Z`; `None` outside the years 1971 to 2200.
pub fn from_unix(seconds: i64) -> Option<String> {
    if !(31_536_000..7_258_118_400).contains(&seconds) {
        return None;
    }
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Days since 1970-01-01 to year, month, day of the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years are counted from March so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// An American date (`06/07/2022 18:17:03.5`: month first) as ISO 8601; as written when it is not of that form.
pub fn month_first(written: &str) -> String {
    let (date, time) = written.trim().split_once(' ').unwrap_or((written.trim(), ""));
    let parts: Vec<&str> = date.split('/').collect();
    let turned = match parts[..] {
        [month, day, year] => iso_date(format!("{year}-{month}-{day} {time}").trim()),
        _ => None,
    };
    turned.unwrap_or_else(|| written.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_since_1970_become_a_date() {
        assert_eq!(from_unix(1_628_171_392).unwrap(), "2021-08-05T13:49:52Z");
        assert_eq!(from_unix(1_709_164_800).unwrap(), "2024-02-29T00:00:00Z");
        assert_eq!(from_unix(0), None);
        assert_eq!(from_unix(i64::MAX), None);
    }

    #[test]
    fn american_dates_become_iso_or_stay_as_they_are() {
        assert_eq!(month_first("06/07/2022 18:17:03.5"), "2022-06-07T18:17:03.5");
        assert_eq!(month_first("10/21/2022"), "2022-10-21");
        assert_eq!(month_first("13/13/2022"), "13/13/2022");
        assert_eq!(month_first("yesterday"), "yesterday");
    }
}
