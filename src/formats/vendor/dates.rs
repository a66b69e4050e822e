//! Dates as instruments write them, to ISO 8601. A text that is not surely a date gives `None` and stays as it is.

/// How a purely numeric date without a four-digit year in front is to be read when its numbers allow several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 31/12/16
    DayFirst,
    /// 12/31/16
    MonthFirst,
    /// 16/12/31
    YearFirst,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Parts found so far.
#[derive(Debug, Default)]
struct Parts<'a> {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<(u32, u32, Option<&'a str>)>,
    zulu: bool,
}

/// `2016-08-19T13:19:52` from any of `2016-08-19 13:19:52`, `19.08.2016 13:19:52`, `Fri Aug 19 13:19:52 CDT 2016`,
/// `08-19-2016, 13:19:52`, `8/19/16 1:19:52 PM`. Fractions of seconds are kept, names of time zones other than GMT,
/// UTC and Z are dropped, since their offset is not known.
#[must_use]
pub fn iso(text: &str, order: Order) -> Option<String> {
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let mut parts = Parts::default();
    let mut afternoon = None;
    let lower = text.to_ascii_lowercase();
    // Whoever writes hours with am and pm writes the month first.
    let order = if lower.ends_with(" am") || lower.ends_with(" pm") { Order::MonthFirst } else { order };
    for token in text.split([' ', ',', '\t']).flat_map(split_t).filter(|t| !t.is_empty()) {
        let lower = token.to_ascii_lowercase();
        if let Some(time) = clock(token) {
            parts.time = Some(time);
        } else if let Some((a, b, c)) = triple(token) {
            numeric(&mut parts, [a, b, c], order)?;
        } else if lower == "am" || lower == "pm" {
            afternoon = Some(lower == "pm");
        } else if lower == "gmt" || lower == "utc" || lower == "z" {
            parts.zulu = true;
        } else if let Some(month) = named(&MONTHS, &lower) {
            parts.month = Some(month + 1);
        } else if let Ok(number) = token.parse::<u32>() {
            if token.len() == 4 {
                parts.year = Some(number);
            } else if token.len() <= 2 && parts.day.is_none() {
                parts.day = Some(number);
            } else {
                return None;
            }
        } else if named(&WEEKDAYS, &lower).is_none()
            && !(token.len() <= 5 && token.bytes().all(|b| b.is_ascii_uppercase()))
        {
            return None;
        }
    }
    compose(&parts, afternoon)
}

/// `2016-08-19T13:19:52Z` into date, time and zone; other tokens unchanged.
fn split_t(token: &str) -> impl Iterator<Item = &str> {
    let bare = token.strip_suffix('Z').filter(|t| t.contains(':'));
    let zone = bare.map(|_| "Z");
    let token = bare.unwrap_or(token);
    let halves = token.split_once('T').filter(|(d, t)| triple(d).is_some() && clock(t).is_some());
    let (first, second) = halves.map_or((token, None), |(date, time)| (date, Some(time)));
    std::iter::once(first).chain(second).chain(zone)
}

fn named(list: &[&str], lower: &str) -> Option<u32> {
    let word = lower.trim_end_matches('.');
    let found = list.iter().position(|name| word.len() >= 3 && word.starts_with(name))?;
    word.bytes().all(|b| b.is_ascii_lowercase()).then_some(found as u32)
}

/// Hour, minute and the seconds as written.
fn clock(token: &str) -> Option<(u32, u32, Option<&str>)> {
    let mark = if token.contains(':') {
        ':'
    } else if token.matches('_').count() == 2 {
        '_'
    } else {
        return None;
    };
    let mut fields = token.splitn(3, mark);
    let (hour, minute) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let second = fields.next();
    let fits = |s: &str| s.parse::<f64>().is_ok_and(|v| (0.0..61.0).contains(&v));
    (hour < 24 && minute < 60 && second.is_none_or(fits)).then_some((hour, minute, second))
}

/// Three numbers with the same mark between them, each with its width.
type Field = (u32, usize);

fn triple(token: &str) -> Option<(Field, Field, Field)> {
    let mark = token.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let mut fields = token.split(mark).map(|f| f.parse().ok().map(|v| (v, f.len())));
    let found = (fields.next()??, fields.next()??, fields.next()??);
    fields.next().is_none().then_some(found)
}

fn numeric(parts: &mut Parts, fields: [Field; 3], order: Order) -> Option<()> {
    let [(a, width_a), (b, _), (c, width_c)] = fields;
    let (year, month, day) = if width_a == 4 {
        (a, b, c)
    } else if width_c == 4 || order != Order::YearFirst {
        // A number above 12 cannot be the month, whatever the usual order.
        let month_first = (order == Order::MonthFirst || b > 12) && a <= 12;
        let (month, day) = if month_first { (a, b) } else { (b, a) };
        (if width_c == 4 { c } else { century(c) }, month, day)
    } else {
        (century(a), b, c)
    };
    (parts.year, parts.month, parts.day) = (Some(year), Some(month), Some(day));
    Some(())
}

fn century(year: u32) -> u32 {
    match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        _ => year,
    }
}

fn compose(parts: &Parts, afternoon: Option<bool>) -> Option<String> {
    let (year, month, day) = (parts.year?, parts.month?, parts.day?);
    if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some((hour, minute, second)) = parts.time else { return Some(date) };
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let zone = if parts.zulu { "Z" } else { "" };
    let second =
        second.map(|s| if s.find('.').unwrap_or(s.len()) < 2 { format!(":0{s}") } else { format!(":{s}") });
    Some(format!("{date}T{hour:02}:{minute:02}{}{zone}", second.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_seen_in_instrument_files_are_read() {
        let cases = [
            ("16.12.2019 09:57:07", Order::DayFirst, "2019-12-16T09:57:07"),
            ("16.12.2019 09:57", Order::DayFirst, "2019-12-16T09:57"),
            ("01/05/16 11:27:14", Order::DayFirst, "2016-05-01T11:27:14"),
            ("Fri Aug 19 13:19:52 CDT 2016", Order::MonthFirst, "2016-08-19T13:19:52"),
            ("Mon Jan 14 17:36:35 GMT 2008", Order::MonthFirst, "2008-01-14T17:36:35Z"),
            ("Mon Aug 29 16:23:13 2011", Order::MonthFirst, "2011-08-29T16:23:13"),
            ("04-30-2009, 15:12:11", Order::MonthFirst, "2009-04-30T15:12:11"),
            ("2026-04-06 11:15:25.957743", Order::DayFirst, "2026-04-06T11:15:25.957743"),
            ("2016-09-30 10_52_42.509", Order::DayFirst, "2016-09-30T10:52:42.509"),
            ("8/19/2016 1:09:5 PM", Order::MonthFirst, "2016-08-19T13:09:05"),
            ("8/9/2016 1:09:05 PM", Order::DayFirst, "2016-08-09T13:09:05"),
            ("31/12/2021 16:32:14", Order::MonthFirst, "2021-12-31T16:32:14"),
            ("07/12/10 13:48:37.00", Order::YearFirst, "2007-12-10T13:48:37.00"),
            ("2020-02-03T04:05:06Z", Order::DayFirst, "2020-02-03T04:05:06Z"),
            ("2022-08-19", Order::DayFirst, "2022-08-19"),
        ];
        for (text, order, expected) in cases {
            assert_eq!(iso(text, order).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_surely_a_date_stays_as_it_is() {
        for text in [
            "",
            "yesterday",
            "12",
            "09:14.9",
            "99/99/99",
            "2016-13-40",
            "1.2.3.4",
            "vendredi 19 août 2016",
            "-/-/-",
        ] {
            assert_eq!(iso(text, Order::DayFirst), None, "{text}");
        }
    }
}
