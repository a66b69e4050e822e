//! `(XY..XY)` tables and their relatives with more columns: `(XYA)`, `(XYW)`, `(XYM)`.

use super::super::{FormatError, Input, Place};
use super::records::without_comment;

/// Reads pairs as written, before the factors. `wide` tables hold groups whose first two numbers count.
pub(super) fn decode<'t>(
    input: &Input,
    lines: impl Iterator<Item = (usize, &'t str)>,
    decimal_comma: bool,
    wide: bool,
) -> Result<(Vec<f64>, Vec<f64>), FormatError> {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let mut numbers: Vec<f64> = Vec::new();
    for (number, line) in lines {
        let line =
            without_comment(line).trim_matches(|c: char| c.is_whitespace() || matches!(c, '\x1a' | 'ÿ'));
        if line.is_empty() {
            continue;
        }
        let malformed = |problem: String| input.malformed(Place::Line(number), problem);
        if wide {
            for group in line.split([';', '(', ')']) {
                numbers.clear();
                let group = group.split('<').next().unwrap_or(group);
                let found = split(group, decimal_comma, &mut numbers);
                match numbers.as_slice() {
                    [a, b, ..] => {
                        x.push(*a);
                        y.push(*b);
                    }
                    [] => {}
                    _ => {
                        return Err(malformed(
                            found.err().unwrap_or_else(|| "a group needs two numbers".into()),
                        ));
                    }
                }
            }
            continue;
        }
        numbers.clear();
        split(line, decimal_comma, &mut numbers).map_err(malformed)?;
        if !numbers.len().is_multiple_of(2) {
            let found = numbers.len();
            return Err(malformed(format!(
                "found {found} numbers, expected pairs of position and intensity"
            )));
        }
        for pair in numbers.as_chunks::<2>().0 {
            x.push(pair[0]);
            y.push(pair[1]);
        }
    }
    Ok((x, y))
}

/// Numbers of a line separated by blanks, commas and semicolons. With decimal commas, a comma with digits on both
/// sides belongs to a number; the separating comma then has a blank after it.
fn split(line: &str, decimal_comma: bool, out: &mut Vec<f64>) -> Result<(), String> {
    let bytes = line.as_bytes();
    let inside = |i: usize| {
        decimal_comma
            && i > 0
            && bytes.get(i - 1).is_some_and(u8::is_ascii_digit)
            && bytes.get(i + 1).is_some_and(u8::is_ascii_digit)
    };
    let mut at = 0;
    while at < bytes.len() {
        let separator = |i: usize| match bytes.get(i) {
            Some(b' ' | b'\t' | b';') => true,
            Some(b',') => !inside(i),
            _ => false,
        };
        if separator(at) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && !separator(at) {
            at += 1;
        }
        let token = line.get(start..at).unwrap_or_default();
        out.push(number(token).ok_or_else(|| format!("'{token}' is not a number"))?);
    }
    Ok(())
}

/// A number with `.` or `,` as decimal mark; `?` and `NaN` are missing points.
pub(super) fn number(token: &str) -> Option<f64> {
    let plain = token.strip_prefix('+').unwrap_or(token);
    if matches!(plain, "?" | "??" | "-") || plain.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let parsed = if plain.contains([',', 'D', 'd']) {
        fast_float2::parse::<f64, _>(plain.replacen(',', ".", 1).replace(['D', 'd'], "E"))
    } else {
        fast_float2::parse::<f64, _>(plain)
    };
    parsed.ok().filter(|v| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::super::Limits;
    use super::*;

    fn read(text: &str, comma: bool, wide: bool) -> Result<(Vec<f64>, Vec<f64>), FormatError> {
        let input = Input { name: "t.jdx", bytes: &[], limits: Limits::default(), format: "JCAMP-DX" };
        decode(&input, text.lines().enumerate().map(|(i, l)| (i + 1, l)), comma, wide)
    }

    #[test]
    fn every_way_to_write_pairs_is_read() {
        let expected = (vec![1.0, 2.5], vec![10.0, 20.0]);
        for text in ["1,10 2.5,20", "1, 10;  2.5, 20; ", "1 10\n2.5 20", "1.0,10\t2.5,20 $$ x\n\x1a"] {
            assert_eq!(read(text, false, false).unwrap(), expected, "{text}");
        }
        assert_eq!(read("1,0, 10\n2,5, 20,0", true, false).unwrap(), expected);
        assert_eq!((number("2.5D-3"), number("-1,5")), (Some(2.5e-3), Some(-1.5)));
        assert_eq!(read("(1, 10, 3)\n(2.5, 20, <a (b>)", false, true).unwrap(), expected);
        assert!(read("1 2\n3", false, false).unwrap_err().to_string().contains("line 2"));
        assert!(read("1 x", false, false).is_err());
    }
}
