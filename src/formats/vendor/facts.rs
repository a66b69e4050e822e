//! Values of header keys that many vendors share: laser wavelengths inside names, numbers with a unit behind them.

use crate::formats::cells::{self, Decimal, number};

/// The first number in a text, whatever stands around it; either decimal mark.
#[must_use]
pub fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let digits = rest.get(..end)?.trim_end_matches(['.', ',']);
    let signed = text.get(..start).is_some_and(|before| before.ends_with('-'));
    let value = whole_number(digits)?;
    Some(if signed { -value } else { value })
}

/// A number that is the whole text, with either decimal mark.
#[must_use]
pub fn whole_number(text: &str) -> Option<f64> {
    let decimal = if text.contains(',') && !text.contains('.') { Decimal::Comma } else { Decimal::Point };
    number(text, decimal)
}

/// A laser wavelength in nm out of `532nm_Edge`, `784,82`, `HeNe 632.8 nm`; `None` for 0 and for what no Raman laser
/// has.
#[must_use]
pub fn laser_nm(text: &str) -> Option<f64> {
    cells::laser_nm([("laser", text)])
}

/// The text unless it is empty.
#[must_use]
pub fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Text for an error message, not longer than a glance.
#[must_use]
pub fn clip(text: &str) -> String {
    text.trim().chars().take(30).collect()
}

/// A positive count (`20 scans`, `1 (USB4A00428)`).
#[must_use]
pub fn count(text: &str) -> Option<u32> {
    let value = first_number(text)?;
    (value >= 1.0 && value <= f64::from(u32::MAX)).then_some(value as u32)
}

/// Seconds from a number and the unit that stands with it (`usec`, `ms`, `sec`, `us`); `None` for other units.
#[must_use]
pub fn seconds(value: f64, unit: &str) -> Option<f64> {
    let parts = match unit.trim().trim_end_matches('.').to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" | "seg" => 1.0,
        "ms" | "msec" | "millisec" | "milliseconds" | "mseg" => 1e3,
        "us" | "usec" | "\u{b5}s" | "\u{3bc}s" | "microsec" | "\u{b5}sec" | "microseconds" | "useg" => 1e6,
        "min" | "minutes" => 1.0 / 60.0,
        _ => return None,
    };
    (value > 0.0).then_some(value / parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_words() {
        assert_eq!(first_number("150,50 ms"), Some(150.5));
        assert_eq!(first_number("T = -60.1 C"), Some(-60.1));
        assert_eq!(first_number("none"), None);
        assert_eq!(count("50 (USB4A00428)"), Some(50));
        assert_eq!(count("0"), None);
    }

    #[test]
    fn lasers_are_found_in_names() {
        assert_eq!(laser_nm("532nm_Edge"), Some(532.0));
        assert_eq!(laser_nm("784,82"), Some(784.82));
        assert_eq!(laser_nm("Laser 2: 632.8 nm"), Some(632.8));
        for none in ["0.0", "", "Off", "10642", "Laser 2"] {
            assert_eq!(laser_nm(none), None, "{none}");
        }
    }

    #[test]
    fn times_are_seconds_only_with_a_known_unit() {
        assert_eq!(seconds(2000.0, "ms"), Some(2.0));
        assert_eq!(seconds(70_000.0, "usec"), Some(0.07));
        assert_eq!(seconds(3.0, "frames"), None);
        assert_eq!(seconds(0.0, "s"), None);
    }
}
