//! Line tables as text: one header a substance, one row a line, fields separated by semicolons.
//!
//! ```text
//! # comment
//! substance;Quartz;SiO2;mineral;Quartz;514;118-1517;RRUFF R050125, fitted lines
//! 464.8;1000;9.12;0.71
//! ```
//!
//! The header gives name, formula, class, group (species), laser in nm, measured range in cm-1 and where the facts
//! come from; formula and laser may be empty. A row gives position in cm-1, height (strongest point of the substance
//! near 1000), full width at half maximum in cm-1 and Lorentzian share. Blank lines and lines with `#` are skipped.

use std::fmt::Write as _;

use super::Line;
use crate::formats::Place;
use crate::library::LibraryError;

/// A substance as a list of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Substance {
    /// Name for people.
    pub name: String,
    /// Plain chemical formula, empty when not certain.
    pub formula: String,
    /// `mineral`, `polymer`, `pigment`, `chemical`, or one of these with a part behind a slash.
    pub class: String,
    /// Species under which specimens are counted as the same thing.
    pub group: String,
    /// Laser wavelength of the measurement in nm.
    pub laser_nm: Option<f64>,
    /// Low end of the range in which the lines are complete, in cm-1.
    pub low_cm1: f64,
    /// High end of that range.
    pub high_cm1: f64,
    /// Where the facts come from.
    pub source: String,
    /// Lines by rising position.
    pub lines: Vec<Line>,
}

/// Height of the strongest point in a table.
pub const FULL_HEIGHT: f64 = 1000.0;

/// Reads a table; `file` is the name for errors.
pub fn parse(file: &str, text: &str) -> Result<Vec<Substance>, LibraryError> {
    let mut substances: Vec<Substance> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let bad = |problem: &str| LibraryError::Malformed {
            file: file.to_owned(),
            what: "line table",
            place: Place::Line(i + 1),
            problem: problem.to_owned(),
        };
        if let Some(header) = line.strip_prefix("substance;") {
            let expected = "expected substance;name;formula;class;group;laser;low-high;source";
            substances.push(parse_header(header).ok_or_else(|| bad(expected))?);
            continue;
        }
        let Some(substance) = substances.last_mut() else {
            return Err(bad("a line stands before the first substance"));
        };
        substance.lines.push(
            parse_row(line).ok_or_else(|| bad("expected position;height;width;shape as positive numbers"))?,
        );
    }
    Ok(substances)
}

fn parse_header(text: &str) -> Option<Substance> {
    let mut fields = text.splitn(7, ';').map(|field| field.trim().to_owned());
    let (name, formula, class, group) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let laser = fields.next()?;
    let laser_nm = if laser.is_empty() { None } else { Some(number(&laser)?) };
    let range = fields.next()?;
    let (low, high) = range.split_once('-')?;
    let (low_cm1, high_cm1) = (number(low)?, number(high)?);
    let source = fields.next()?;
    let sound = !name.is_empty() && !group.is_empty() && low_cm1 + 1.0 < high_cm1;
    sound.then_some(Substance {
        name,
        formula,
        class,
        group,
        laser_nm,
        low_cm1,
        high_cm1,
        source,
        lines: Vec::new(),
    })
}

fn parse_row(text: &str) -> Option<Line> {
    let mut fields = text.splitn(4, ';');
    let mut next = || number(fields.next()?);
    let line = Line { position_cm1: next()?, height: next()?, fwhm_cm1: next()?, shape: next()? };
    (line.fwhm_cm1 > 0.0 && line.shape <= 1.0).then_some(line)
}

/// A finite number that is not negative and no larger than any shift, height or width.
fn number(text: &str) -> Option<f64> {
    fast_float2::parse::<f64, _>(text.trim()).ok().filter(|v| (0.0..=1e6).contains(v))
}

/// Writes a table that [`parse`] reads.
#[must_use]
pub fn write(substances: &[Substance], comment: &str) -> String {
    let mut text = String::new();
    for line in comment.lines() {
        let _ = writeln!(text, "# {line}");
    }
    for s in substances {
        let laser = s.laser_nm.map(|nm| format!("{nm}")).unwrap_or_default();
        let (low, high) = (s.low_cm1, s.high_cm1);
        let _ = writeln!(
            text,
            "substance;{};{};{};{};{laser};{low:.0}-{high:.0};{}",
            plain(&s.name),
            plain(&s.formula),
            plain(&s.class),
            plain(&s.group),
            s.source.replace(['\n', '\r'], " ")
        );
        for line in &s.lines {
            let _ = writeln!(
                text,
                "{:.1};{};{};{:.2}",
                line.position_cm1,
                three_digits(line.height),
                three_digits(line.fwhm_cm1),
                line.shape
            );
        }
    }
    text
}

fn plain(field: &str) -> String {
    field.replace([';', '\n', '\r'], ",")
}

/// Three significant digits without an exponent.
fn three_digits(value: f64) -> String {
    let decimals = (2 - value.abs().max(0.01).log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# facts\n\nsubstance;Quartz;SiO2;mineral;Quartz;514;118-1517;RRUFF R050125; fitted lines\n\
                        128.1;105;7.5;0.66\n464.8;1000;9.12;0.71\n";

    #[test]
    fn a_table_reads_back_as_it_was_written() {
        let quartz = parse("t", TEXT).unwrap();
        assert_eq!(quartz[0].source, "RRUFF R050125; fitted lines");
        assert_eq!(quartz[0].lines.len(), 2);
        assert_eq!(parse("t", &write(&quartz, "facts\nmore")).unwrap(), quartz);
    }

    #[test]
    fn three_digits_are_enough() {
        let cases =
            [(1000.0, "1000"), (64.26, "64.3"), (9.125, "9.12"), (0.04, "0.04"), (5.0, "5"), (123.6, "124")];
        for (value, expected) in cases {
            assert_eq!(three_digits(value), expected);
        }
    }

    #[test]
    fn broken_tables_name_their_line() {
        for (broken, line) in [
            ("464;1000;9;0.7", "line 1"),
            ("substance;Quartz;SiO2;mineral;Quartz;514;118-1517", "line 1"),
            ("substance;;SiO2;mineral;Quartz;514;118-1517;x", "line 1"),
            ("substance;Q;SiO2;mineral;Q;514;1517-118;x", "line 1"),
            ("substance;Q;SiO2;mineral;Q;;118-1517;x\n464;1000;9", "line 2"),
            ("substance;Q;SiO2;mineral;Q;;118-1517;x\n464;NaN;9;1", "line 2"),
            ("substance;Q;SiO2;mineral;Q;;118-1517;x\n464;1;0;1", "line 2"),
            ("substance;Q;SiO2;mineral;Q;;118-1517;x\n464;1;5;1.2", "line 2"),
        ] {
            let error = parse("t", broken).unwrap_err().to_string();
            assert!(error.contains(line), "{broken}: {error}");
        }
    }
}
