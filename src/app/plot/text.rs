//! Numbers and titles as they stand in a plot.

use crate::spectrum::AxisKind;

/// Title of the axis of positions, with the superscripts our font has.
#[must_use]
pub fn axis_title(kind: &AxisKind) -> String {
    kind.label().replace("cm-1", "cm⁻¹")
}

/// Unit of positions, with the superscripts our font has.
#[must_use]
pub fn unit_text(kind: &AxisKind) -> &str {
    match kind {
        AxisKind::RamanShift | AxisKind::Wavenumber => "cm⁻¹",
        other => other.unit(),
    }
}

/// A position with its unit, to about a tenth of a line's width.
#[must_use]
pub fn position_text(kind: &AxisKind, position: f64) -> String {
    match kind {
        AxisKind::RamanShift | AxisKind::Wavenumber => format!("{position:.1} cm⁻¹"),
        AxisKind::Wavelength => format!("{position:.2} nm"),
        AxisKind::Energy => format!("{position:.4} eV"),
        AxisKind::Pixel => format!("pixel {position:.0}"),
        AxisKind::Other(_) => significant(position),
    }
}

/// Decimals of a position that is written at a peak.
pub(super) fn peak_decimals(kind: &AxisKind) -> usize {
    match kind {
        AxisKind::Wavelength => 1,
        AxisKind::Energy => 3,
        _ => 0,
    }
}

/// Four significant digits without useless zeros: `0.01234`, `12.3`, `123500`.
#[must_use]
pub fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "no data".to_owned();
    }
    let size = value.abs();
    if size > 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let digits = if size > 0.0 { 3 - size.log10().floor() as i32 } else { 0 };
    let rounding = 10_f64.powi(digits);
    let text = format!("{:.*}", digits.max(0) as usize, (value * rounding).round() / rounding);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A name cut to `most` characters with an ellipsis.
#[must_use]
pub fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits_and_no_more() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (12.3, "12.3"),
            (0.012_345, "0.01235"),
            (123_456.0, "123500"),
            (-0.5, "-0.5"),
            (1e-9, "1.000e-9"),
            (f64::NAN, "no data"),
        ];
        for (value, want) in cases {
            assert_eq!(significant(value), want);
        }
    }

    #[test]
    fn titles_have_real_superscripts() {
        assert_eq!(axis_title(&AxisKind::RamanShift), "Raman shift (cm⁻¹)");
        assert_eq!(axis_title(&AxisKind::Wavelength), "Wavelength (nm)");
        assert_eq!(position_text(&AxisKind::RamanShift, 1001.34), "1001.3 cm⁻¹");
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(shortened("quartz", 10), "quartz");
        assert_eq!(shortened("a very long name", 7), "a very…");
    }
}
