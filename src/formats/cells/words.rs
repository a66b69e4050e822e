//! Header lines: keys with values, the laser line, and what a column's label says it measures.

use crate::spectrum::AxisKind;

use super::{Decimal, number};

/// Laser lines outside this range (nm) are not looked for: powers, grooves and dates would be taken for them.
const LASER_NM: std::ops::RangeInclusive<f64> = 200.0..=1100.0;

/// Splits `key<separator>value`, `key=value` or `key: value`, whichever separator comes first in the line.
/// Comment marks before the key are dropped. `separator` is the table's own (tab or `;` as a rule).
#[must_use]
pub fn key_value(line: &str, separator: Option<char>) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches(['#', '%', ';']).trim_start_matches("//").trim();
    let cut = line.char_indices().find(|(at, c)| match c {
        '=' => true,
        // A time such as 12:30 and a drive such as C:\ have no blank behind the colon.
        ':' => line[at + 1..].chars().next().is_none_or(char::is_whitespace),
        c => Some(*c) == separator,
    });
    let (at, mark) = match cut {
        Some((at, mark)) => (at, mark),
        // Without a blank it is a key still when a number or a quote follows a word: `Laser:532`.
        None => line
            .find(':')
            .filter(|at| {
                let word = line[..*at].chars().any(char::is_alphabetic);
                word && !line[*at + 1..].starts_with(['\\', '/'])
            })
            .map(|at| (at, ':'))?,
    };
    let key = line[..at].trim().trim_matches('"').trim();
    let value = line[at + mark.len_utf8()..].trim_start_matches(['=', ':']);
    let value = value.trim().trim_end_matches([';', ',', '\t']).trim().trim_matches('"').trim();
    (key.chars().any(char::is_alphabetic) && !value.is_empty()).then_some((key, value))
}

/// The laser wavelength in nm, from the first key that names one.
#[must_use]
pub fn laser_nm<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<f64> {
    pairs.into_iter().find_map(|(key, value)| names_laser(key).then(|| laser_in_value(value)).flatten())
}

/// The laser wavelength in free text: a word for the laser and, in the same text, a number with `nm` behind it.
#[must_use]
pub fn laser_in_text(text: &str) -> Option<f64> {
    if !names_laser(text) {
        return None;
    }
    numbers(text)
        .into_iter()
        .find(|(value, unit)| unit.starts_with("nm") && LASER_NM.contains(value))
        .map(|n| n.0)
}

fn names_laser(key: &str) -> bool {
    let key = key.to_lowercase();
    let other = ["power", "mw", "%", "temp", "current", "time", "serial", "spot", "width", "shutter", "file"];
    let named = key.contains("laser")
        || key.contains("excit")
        || key.contains("anregung")
        || key.split(|c: char| !c.is_alphanumeric()).any(|word| word == "exc");
    named && !other.iter().any(|word| key.contains(word))
}

fn laser_in_value(value: &str) -> Option<f64> {
    let numbers = numbers(value);
    let fits = |n: &&(f64, String)| LASER_NM.contains(&n.0);
    let with_unit = numbers.iter().filter(fits).find(|(_, unit)| unit.starts_with("nm"));
    // A number with another unit is not a wavelength.
    let bare = || numbers.iter().filter(fits).find(|(_, unit)| !unit.starts_with(['m', '%', 'c', 'w', 's']));
    with_unit.or_else(bare).map(|(value, _)| *value)
}

/// Every number in the text with the lower-cased word that follows it.
fn numbers(text: &str) -> Vec<(f64, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[start..];
        let end = tail.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(tail.len());
        let digits = tail[..end].trim_end_matches(['.', ',']);
        let unit: String =
            tail[end..].trim_start().chars().take_while(|c| c.is_alphabetic() || *c == '%').collect();
        let value = number(digits, Decimal::Point).or_else(|| number(digits, Decimal::Comma));
        if let Some(value) = value {
            found.push((value, unit.to_lowercase()));
        }
        rest = &tail[end..];
    }
    found
}

/// A label in lower case, with superscripts, dashes and exotic blanks replaced by plain ones.
#[must_use]
pub fn normalised(label: &str) -> String {
    let plain = |c: char| match c {
        '\u{207b}' | '\u{2212}' | '\u{2013}' | '\u{2012}' | '\u{2010}' | '\u{2011}' | '\u{af}' => '-',
        '\u{b9}' => '1',
        '\u{2032}' | '\u{2019}' | '\u{b4}' | '`' => '\'',
        '\u{b5}' => '\u{3bc}',
        c if c.is_whitespace() || c == '_' => ' ',
        c => c,
    };
    label.trim().trim_matches('"').trim().chars().map(plain).flat_map(char::to_lowercase).collect()
}

/// What a column of this label measures; `None` when the label names no spectral axis.
///
/// A unit outranks a word ("Wavelength (cm-1)" is a shift). "Wavenumber" is a shift unless it says "absolute": that
/// is how Raman software uses the word.
#[must_use]
pub fn axis_kind(label: &str) -> Option<AxisKind> {
    let label = normalised(label);
    let label = label.trim_start_matches(['#', '%', '/', ' ']);
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if has(&["intens", "count", "cps", "signal", "absorb", "transmi", "reflect", "a.u."]) {
        return None;
    }
    let word = |wanted: &str| label.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|w| w == wanted);
    let per_cm =
        has(&["1/cm", "cm-1", "cm^-1", "cm^(-1)", "cm^{-1}", "cm**-1", "cm -1", "cm^ -1", "cm\u{207b}1"]);
    let absolute = has(&["absolute", "1/cm abs", "cm-1 abs", "abs."]) || word("abs");
    if per_cm {
        return Some(if absolute { AxisKind::Wavenumber } else { AxisKind::RamanShift });
    }
    if word("nm") || has(&["nanomet"]) {
        return Some(AxisKind::Wavelength);
    }
    if word("ev") || has(&["electron volt", "electronvolt"]) {
        return Some(AxisKind::Energy);
    }
    if has(&["\u{3bc}m", "micromet", "micron"]) || word("um") || word("mev") || word("ghz") || word("thz") {
        return None;
    }
    if has(&["raman", "wavenumber", "wave number", "wellenzahl", "nombre d'onde", "onda", "onde"])
        || word("shift")
    {
        let length = has(&["longueur", "longitud", "lunghezza", "comprimento"]);
        return Some(match (length, absolute) {
            (true, _) => AxisKind::Wavelength,
            (false, true) => AxisKind::Wavenumber,
            (false, false) => AxisKind::RamanShift,
        });
    }
    if has(&["wavelength", "wave length", "wellenl", "lambda", "\u{3bb}"]) || label == "wave" || label == "wl"
    {
        return Some(AxisKind::Wavelength);
    }
    if label.starts_with("pixel") || word("px") {
        return Some(AxisKind::Pixel);
    }
    None
}

/// The kind of an axis whose label or unit its format declares, as infrared formats do: 1/cm alone is the absolute
/// wavenumber unless the label or the file (`raman`) speaks of Raman; what names no spectral axis is kept as it is.
#[must_use]
pub fn declared_kind(label: &str, raman: bool) -> AxisKind {
    let words = normalised(label);
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    match axis_kind(label) {
        _ if has(&["chemical", "ppm"]) => AxisKind::Other(label.trim().to_owned()),
        Some(AxisKind::RamanShift) if !raman && !has(&["raman", "rel. 1/cm", "shift"]) => {
            AxisKind::Wavenumber
        }
        Some(AxisKind::Wavenumber) if raman => AxisKind::RamanShift,
        Some(kind) => kind,
        None if has(&["pixel", "channel", "diode"]) || words == "points" => AxisKind::Pixel,
        None => AxisKind::Other(label.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_split_from_values_at_the_first_mark() {
        let split = |line| key_value(line, Some('\t'));
        assert_eq!(split("# Laser wavelength (nm): 785.0"), Some(("Laser wavelength (nm)", "785.0")));
        assert_eq!(split("#Acq. time (s)=\t10"), Some(("Acq. time (s)", "10")));
        assert_eq!(split("Date:\t9/28/2012 3:47:08 PM"), Some(("Date", "9/28/2012 3:47:08 PM")));
        assert_eq!(split("model\tBTC 665"), Some(("model", "BTC 665")));
        assert_eq!(split("Laser:532"), Some(("Laser", "532")));
        assert_eq!(split("Title=A=B: c"), Some(("Title", "A=B: c")));
        assert_eq!(key_value("integration;100;", Some(';')), Some(("integration", "100")));
        for line in ["just words", "12:30", "key:", "C:\\data\\a.txt", "", "="] {
            assert_eq!(split(line), None, "{line}");
        }
    }

    #[test]
    fn the_laser_is_found_by_key_and_range() {
        let one = |key, value| laser_nm([(key, value)]);
        assert_eq!(one("Laser", "532nm_Edge"), Some(532.0));
        assert_eq!(one("Excitation wavelength", "784.896"), Some(784.896));
        assert_eq!(one("exc. (nm)", "632,8"), Some(632.8));
        assert_eq!(one("Laser", "300 mW, 633 nm"), Some(633.0));
        assert_eq!(one("Laser name", "HeNe2 633"), Some(633.0));
        assert_eq!(one("Laser power (mW)", "300"), None);
        assert_eq!(one("Laser", "300 mW"), None);
        assert_eq!(one("Grating", "600"), None);
        assert_eq!(one("Exceptions", "600"), None);
        assert_eq!(laser_in_text("# excited with a laser at 785 nm"), Some(785.0));
        assert_eq!(laser_in_text("made in 2012 with a laser"), None);
    }

    #[test]
    fn labels_in_several_languages_name_the_axis() {
        use AxisKind::{Energy, Pixel, RamanShift, Wavelength, Wavenumber};
        let shifts = [
            "Raman shift (cm\u{207b}\u{b9})",
            "Raman Shift",
            "wavenumber",
            "Wavenumbers",
            "cm-1",
            "rel. 1/cm",
            "1/cm",
            "Raman_shift_cm^-1",
            "Wellenzahl",
            "# Nombre d'onde (cm\u{af}\u{b9})",
            "Shift",
            "Wavelength (cm-1)",
            "N\u{fa}mero de onda",
        ];
        for label in shifts {
            assert_eq!(axis_kind(label), Some(RamanShift), "{label}");
        }
        for label in [
            "Wavelength (nm)",
            "nm",
            "Wellenl\u{e4}nge",
            "[nm]",
            "Wave",
            "Longueur d'onde",
            "Longitud de onda",
        ] {
            assert_eq!(axis_kind(label), Some(Wavelength), "{label}");
        }
        assert_eq!(axis_kind("Photon energy (eV)"), Some(Energy));
        assert_eq!(axis_kind("Pixel"), Some(Pixel));
        assert_eq!(axis_kind("Absolute wavenumber"), Some(Wavenumber));
        for label in
            ["Intensity", "Counts/nm", "angle", "", "Time (s)", "x (\u{b5}m)", "Raman intensity (a.u.)"]
        {
            assert_eq!(axis_kind(label), None, "{label}");
        }
    }
    #[test]
    fn declared_labels_say_what_they_measure() {
        let other = |label: &str| AxisKind::Other(label.into());
        for (label, expected) in [
            ("Raman Shift (cm-1)", AxisKind::RamanShift),
            ("rel. 1/cm", AxisKind::RamanShift),
            ("1/CM", AxisKind::Wavenumber),
            ("Wavenumber (cm\u{207b}\u{b9})", AxisKind::Wavenumber),
            ("NANOMETERS", AxisKind::Wavelength),
            ("Wavelength (nm)", AxisKind::Wavelength),
            ("Electron Volts", AxisKind::Energy),
            ("Diode number", AxisKind::Pixel),
            ("points", AxisKind::Pixel),
            ("MICROMETERS", other("MICROMETERS")),
            ("Wavelength (microns)", other("Wavelength (microns)")),
            ("Chemical shift (ppm)", other("Chemical shift (ppm)")),
            ("m/z", other("m/z")),
        ] {
            assert_eq!(declared_kind(label, false), expected, "{label}");
        }
        assert_eq!(declared_kind("1/CM", true), AxisKind::RamanShift);
        assert_eq!(declared_kind("NANOMETERS", true), AxisKind::Wavelength);
    }
}
