//! Dates to ISO 8601 where the written form leaves no doubt.

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `2019-12-16T09:57:06` from the forms instruments write, `None` when day and month (or the century) could be
/// meant otherwise. The time part is kept as given; zones other than `Z` and `+hh:mm` are dropped.
#[must_use]
pub fn iso_date(text: &str) -> Option<String> {
    let text = text.trim().trim_matches('"').trim();
    let (date, time) = split_time(text);
    let (year, month, day) = calendar_date(&date)?;
    let date = super::day(year, month, day)?;
    Some(match time {
        Some(time) => format!("{date}T{}", clock(&time)?),
        None => date,
    })
}

/// The date's words, and the time's with its half of the day and zone.
fn split_time(text: &str) -> (String, Option<String>) {
    let spaced = match text.find('T') {
        // 2019-12-16T09:57:06
        Some(at)
            if text[..at].ends_with(|c: char| c.is_ascii_digit())
                && text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            text.replacen('T', " ", 1)
        }
        _ => text.to_owned(),
    };
    let (mut date, mut time) = (Vec::new(), None::<String>);
    for word in spaced.split_whitespace() {
        let lower = word.to_lowercase();
        match &mut time {
            Some(time) if matches!(lower.as_str(), "am" | "pm") => time.push_str(&lower),
            None if word.contains(':') => time = Some(lower),
            _ => date.push(word),
        }
    }
    (date.join(" "), time)
}

fn calendar_date(text: &str) -> Option<(u32, u32, u32)> {
    let parts: Vec<&str> = text
        .split(|c: char| matches!(c, '-' | '/' | '.' | ',') || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .flat_map(split_at_letters)
        .collect();
    let month = parts.iter().find_map(|part| {
        let part = part.to_lowercase();
        let month = MONTHS.iter().position(|m| part.starts_with(m))?;
        Some(month as u32 + 1)
    });
    let numbers: Vec<&str> =
        parts.iter().copied().filter(|part| part.bytes().all(|b| b.is_ascii_digit())).collect();
    let value = |part: &str| part.parse::<u32>().ok();
    match (month, numbers.as_slice()) {
        (Some(month), [a, b]) if b.len() == 4 => Some((value(b)?, month, value(a)?)),
        (Some(month), [a, b]) if a.len() == 4 => Some((value(a)?, month, value(b)?)),
        (None, [y, m, d]) if y.len() == 4 => Some((value(y)?, value(m)?, value(d)?)),
        (None, [a, b, y]) if y.len() == 4 => {
            let (a, b, year) = (value(a)?, value(b)?, value(y)?);
            // With dots the day comes first everywhere; with slashes only a number above 12 tells.
            let dots = text.matches('.').count() == 2;
            match (dots || a > 12 || a == b, b > 12) {
                (true, _) => Some((year, b, a)),
                (false, true) => Some((year, a, b)),
                (false, false) => None,
            }
        }
        (None, [one]) if one.len() == 8 => {
            Some((value(one.get(..4)?)?, value(one.get(4..6)?)?, value(one.get(6..)?)?))
        }
        _ => None,
    }
}

/// `21Dec2006` to `21`, `Dec`, `2006`.
fn split_at_letters(part: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<bool> = None;
    for (at, c) in part.char_indices() {
        let digit = c.is_ascii_digit();
        if previous.is_some_and(|p| p != digit) {
            pieces.push(&part[start..at]);
            start = at;
        }
        previous = Some(digit);
    }
    pieces.push(&part[start..]);
    pieces
}

/// `3:47:08pm` to `15:47:08`; fractions, `Z` and `+hh:mm` stay.
fn clock(text: &str) -> Option<String> {
    let (text, half) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) => (rest, Some(12)),
        (_, Some(rest)) => (rest, Some(0)),
        _ => (text, None),
    };
    let zone_at = text.find(['z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone_at);
    let mut fields = time.split(':');
    let mut hour: u32 = fields.next()?.parse().ok()?;
    let minute: u32 = fields.next()?.parse().ok()?;
    if let Some(half) = half {
        hour = hour % 12 + half;
    }
    let second = fields.next().unwrap_or("00");
    let whole: u32 = second.split(['.', ',']).next()?.parse().ok()?;
    if hour > 23 || minute > 59 || whole > 60 {
        return None;
    }
    let zone = zone.to_uppercase();
    Some(format!("{hour:02}:{minute:02}:{second:0>2}{zone}").replace(',', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unambiguous_dates_become_iso() {
        for (text, expected) in [
            ("2019-12-16 09:57:06", "2019-12-16T09:57:06"),
            ("2026-04-06 11:15:25.957743", "2026-04-06T11:15:25.957743"),
            ("2019-12-16T09:57:06Z", "2019-12-16T09:57:06Z"),
            ("2019-12-16 09:57:06+00:00", "2019-12-16T09:57:06+00:00"),
            ("16.12.2019 9:57", "2019-12-16T09:57:00"),
            ("01.02.2019", "2019-02-01"),
            ("9/28/2012 3:47:08 PM", "2012-09-28T15:47:08"),
            ("28/09/2012 12:47:08 AM", "2012-09-28T00:47:08"),
            ("21Dec2006", "2006-12-21"),
            ("Wed Nov 14 16:48:22 CET 2012", "2012-11-14T16:48:22"),
            ("Thu Mar 09 09:19:21 2006", "2006-03-09T09:19:21"),
            ("26.01.2022 12:09:35", "2022-01-26T12:09:35"),
            ("16-Dec-2019", "2019-12-16"),
            ("December 16, 2019", "2019-12-16"),
            ("20191216", "2019-12-16"),
        ] {
            assert_eq!(iso_date(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn doubtful_or_impossible_dates_are_left_alone() {
        for text in [
            "01/02/2019",
            "16.12.19",
            "2019-13-01",
            "2019-02-29",
            "yesterday",
            "",
            "12",
            "12:30",
            "1.2.3.4",
            "99999999",
        ] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }
}
