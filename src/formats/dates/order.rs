//! Dates whose order of day, month and year only the format tells: `01/05/16` is May in LabSpec's files.

use super::iso_date;

/// What stands first in a numeric date whose numbers allow several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 31/12/16
    Day,
    /// 12/31/16
    Month,
    /// 16/12/31
    Year,
}

/// ISO 8601 from any form that [`iso_date`] reads, and from numeric dates by their usual `order`; `None` for the rest.
#[must_use]
pub fn iso(text: &str, order: Order) -> Option<String> {
    let text = text.trim().replace('_', ":");
    iso_date(&text).or_else(|| {
        let end = text.find([' ', ',']).unwrap_or(text.len());
        let (date, time) = text.split_at_checked(end)?;
        let mark = date.chars().find(|c| !c.is_ascii_digit())?;
        let mut fields = date.split(mark).map(str::parse::<u32>);
        let (a, b, c) = (fields.next()?.ok()?, fields.next()?.ok()?, fields.next()?.ok()?);
        if fields.next().is_some() || !matches!(mark, '/' | '-' | '.') {
            return None;
        }
        let lower = time.to_ascii_lowercase();
        // Whoever writes hours with am and pm writes the month first.
        let american = lower.ends_with("am") || lower.ends_with("pm");
        let (year, month, day) = match order {
            Order::Year => (a, b, c),
            _ if b > 12 => (c, a, b),
            Order::Month if a <= 12 => (c, a, b),
            Order::Day if a <= 12 && american => (c, a, b),
            _ => (c, b, a),
        };
        // A field in front of the time keeps excess digits out of the date.
        let time = time.trim_start_matches([',', ' ']);
        iso_date(format!("{:04}-{month:02}-{day:02} {time}", century(year)).trim())
    })
}

fn century(year: u32) -> u32 {
    match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        _ => year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubtful_orders_follow_the_vendor() {
        let cases = [
            ("16.12.2019 09:57:07", Order::Day, "2019-12-16T09:57:07"),
            ("01/05/16 11:27:14", Order::Day, "2016-05-01T11:27:14"),
            ("8/9/2016 1:09:05 PM", Order::Day, "2016-08-09T13:09:05"),
            ("04-03-2009, 15:12:11", Order::Month, "2009-04-03T15:12:11"),
            ("31/12/2021 16:32:14", Order::Month, "2021-12-31T16:32:14"),
            ("12/31/21 16:32:14", Order::Day, "2021-12-31T16:32:14"),
            ("07/12/10 13:48:37.00", Order::Year, "2007-12-10T13:48:37.00"),
            ("2016-09-30 10_52_42.509", Order::Month, "2016-09-30T10:52:42.509"),
            ("Fri Aug 19 13:19:52 CDT 2016", Order::Month, "2016-08-19T13:19:52"),
            ("06/07/2022 18:17:03.5", Order::Month, "2022-06-07T18:17:03.5"),
            ("10/21/2022", Order::Month, "2022-10-21"),
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
            "1/2",
            "-/-/-",
            "13/13/2022",
        ] {
            assert_eq!(iso(text, Order::Day), None, "{text}");
        }
    }
}
