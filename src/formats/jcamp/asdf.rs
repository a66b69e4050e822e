//! `(X++(Y..Y))` tables: AFFN, PAC, SQZ, DIF and DUP ordinates (JCAMP-DX 4.24, section 5).

use super::super::{FormatError, Input, Place};

/// A decoded table. Ordinates are as written, before YFACTOR.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub y: Vec<f64>,
    /// Where each line starts.
    pub starts: Vec<Start>,
    /// Lines whose check value does not repeat the ordinate before it: line, found, expected.
    pub failed_checks: Vec<(usize, f64, f64)>,
    /// Lines that hold nothing but a check value.
    pub lone_checks: usize,
}

/// The start of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Start {
    /// Index of the line's first ordinate of its own.
    pub index: usize,
    /// The abscissa before it, as written.
    pub x: f64,
    /// A check value, which repeats the point before, comes first.
    pub check: bool,
}

/// What the decoder remembers between ordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Value,
    Difference(f64),
    /// The check value at the start of a line; it is not a point of its own.
    Check,
}

/// One item of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Value(f64),
    Difference(f64),
    Repeat(f64),
    Missing,
}

/// Decodes the lines of a table. With `chained`, the line after a lone check value repeats it once more. `budget` bounds the points a file may expand to and is used up.
pub(super) fn decode<'t>(
    input: &Input,
    lines: impl Iterator<Item = (usize, &'t str)>,
    decimal_comma: bool,
    chained: bool,
    budget: &mut usize,
) -> Result<Table, FormatError> {
    let mut table = Table::default();
    let mut last = Last::Nothing;
    for (number, line) in lines {
        let malformed = |problem: String| input.malformed(Place::Line(number), problem);
        let mut scan = Scan { bytes: line.as_bytes(), at: 0, decimal_comma, abscissa: true };
        let Some(first) = scan.next_token().map_err(malformed)? else { continue };
        let Token::Value(abscissa) = first else {
            return Err(malformed("the line does not start with a position".into()));
        };
        scan.abscissa = false;
        let mut check = matches!(last, Last::Difference(_)) || chained && last == Last::Check;
        table.starts.push(Start { index: table.y.len(), x: abscissa, check });
        while let Some(token) = scan.next_token().map_err(malformed)? {
            let before = table.y.len();
            match token {
                Token::Value(value) if check => {
                    let expected = table.y.last().copied().unwrap_or(value);
                    if (value - expected).abs() > 1e-9 * value.abs().max(1.0) {
                        table.failed_checks.push((number, value, expected));
                        // Going on from the check keeps the damage to one line.
                        if let Some(end) = table.y.last_mut() {
                            *end = value;
                        }
                    }
                    last = Last::Check;
                }
                Token::Value(value) => {
                    table.y.push(value);
                    last = Last::Value;
                }
                Token::Missing => {
                    table.y.push(f64::NAN);
                    last = Last::Value;
                }
                Token::Difference(difference) => {
                    let Some(previous) = table.y.last().copied() else {
                        return Err(malformed("a difference stands before any value".into()));
                    };
                    table.y.push(previous + difference);
                    last = Last::Difference(difference);
                }
                Token::Repeat(times) => {
                    repeat(&mut table.y, last, times, *budget).map_err(malformed)?;
                    if last == Last::Check {
                        last = Last::Value;
                    }
                }
            }
            check = false;
            *budget = budget.checked_sub(table.y.len() - before).ok_or_else(|| {
                malformed("the table expands to more points than any instrument writes".into())
            })?;
        }
        if last == Last::Check {
            table.lone_checks += 1;
        }
    }
    Ok(table)
}

/// The item before occurs `times` times in all.
fn repeat(y: &mut Vec<f64>, last: Last, times: f64, budget: usize) -> Result<(), String> {
    let Some(previous) = y.last().copied().filter(|_| last != Last::Nothing) else {
        return Err("a repeat count stands before any value".into());
    };
    if times < 1.0 || times.fract() != 0.0 || times - 1.0 > budget as f64 {
        return Err(format!("a repeat count of {times} is not possible"));
    }
    let more = times as usize - 1;
    match last {
        Last::Difference(difference) => {
            let mut value = previous;
            y.extend(
                std::iter::repeat_with(|| {
                    value += difference;
                    value
                })
                .take(more),
            );
        }
        _ => y.resize(y.len() + more, previous),
    }
    Ok(())
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    decimal_comma: bool,
    /// The next number is the position at the start of the line.
    abscissa: bool,
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn next_token(&mut self) -> Result<Option<Token>, String> {
        while matches!(self.peek(0), b' ' | b'\t' | b';')
            || self.peek(0) == b',' && !(self.decimal_comma && self.peek(1).is_ascii_digit())
        {
            self.at += 1;
        }
        let Some(&lead) = self.bytes.get(self.at) else { return Ok(None) };
        let digit = |base: u8| f64::from(lead - base);
        let token = match lead {
            b'0'..=b'9' | b'+' | b'-' | b'.' | b',' => Token::Value(self.affn()?),
            b'@' => Token::Value(self.packed(0.0, 1.0)),
            b'A'..=b'I' => Token::Value(self.packed(digit(b'A' - 1), 1.0)),
            b'a'..=b'i' => Token::Value(self.packed(digit(b'a' - 1), -1.0)),
            b'%' => Token::Difference(self.packed(0.0, 1.0)),
            b'J'..=b'R' => Token::Difference(self.packed(digit(b'J' - 1), 1.0)),
            b'j'..=b'r' => Token::Difference(self.packed(digit(b'j' - 1), -1.0)),
            b'S'..=b'Z' => Token::Repeat(self.packed(digit(b'S' - 1), 1.0)),
            b's' => Token::Repeat(self.packed(9.0, 1.0)),
            b'?' => {
                self.at += 1;
                Token::Missing
            }
            b'$' if self.peek(1) == b'$' => return Ok(None),
            // DOS end of file, and what a text conversion makes of 0xFF.
            0x1A | 0xC3 => return Ok(None),
            _ => {
                let rest = String::from_utf8_lossy(self.bytes.get(self.at..).unwrap_or_default());
                let odd = rest.chars().next().unwrap_or(' ');
                return Err(format!("found '{odd}' in a table, expected a number or an ASDF code"));
            }
        };
        Ok(Some(token))
    }

    /// A digit that stands for the lead character, and the digits after it.
    fn packed(&mut self, lead: f64, sign: f64) -> f64 {
        self.at += 1;
        let mut value = lead;
        while self.peek(0).is_ascii_digit() {
            value = value * 10.0 + f64::from(self.peek(0) - b'0');
            self.at += 1;
        }
        if matches!(self.peek(0), b'.') || self.decimal_comma && self.peek(0) == b',' {
            self.at += 1;
            let mut place = 0.1;
            while self.peek(0).is_ascii_digit() {
                value += place * f64::from(self.peek(0) - b'0');
                place /= 10.0;
                self.at += 1;
            }
        }
        sign * value
    }

    /// A number as written. A sign starts a new number; `E` is an exponent before a sign and a digit, and in
    /// ordinates with a decimal point also before a digit (elsewhere it is the SQZ code of 5).
    fn affn(&mut self) -> Result<f64, String> {
        let start = self.at;
        if matches!(self.peek(0), b'+' | b'-') {
            self.at += 1;
        }
        let mut point = None;
        loop {
            match self.peek(0) {
                b'0'..=b'9' => self.at += 1,
                b'.' if point.is_none() => {
                    point = Some(self.at);
                    self.at += 1;
                }
                b',' if point.is_none() && self.decimal_comma && self.peek(1).is_ascii_digit() => {
                    point = Some(self.at);
                    self.at += 1;
                }
                _ => break,
            }
        }
        if matches!(self.peek(0), b'E' | b'e') {
            let signed = matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit();
            let plain = point.is_some() && !self.abscissa && self.peek(1).is_ascii_digit();
            if signed || plain {
                self.at += 2;
                while self.peek(0).is_ascii_digit() {
                    self.at += 1;
                }
            }
        }
        let written = self.bytes.get(start..self.at).unwrap_or_default();
        let parse = |bytes: &[u8]| {
            let bytes = bytes.strip_prefix(b"+").unwrap_or(bytes);
            fast_float2::parse::<f64, _>(bytes).ok().filter(|v| v.is_finite())
        };
        let value = match point {
            Some(at) if self.bytes.get(at) == Some(&b',') => {
                let mut dotted = written.to_vec();
                if let Some(mark) = dotted.get_mut(at - start) {
                    *mark = b'.';
                }
                parse(&dotted)
            }
            _ => parse(written),
        };
        value.ok_or_else(|| format!("'{}' is not a number", String::from_utf8_lossy(written)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Limits;
    use super::*;

    fn table(text: &str) -> Result<Table, FormatError> {
        let input = Input { name: "t.jdx", bytes: &[], limits: Limits::default(), format: "JCAMP-DX" };
        decode(&input, text.lines().enumerate().map(|(i, l)| (i + 1, l)), false, false, &mut 10_000)
    }

    fn ys(text: &str) -> Vec<f64> {
        table(text).unwrap().y
    }

    #[test]
    fn every_form_of_the_standards_example_gives_the_same_ordinates() {
        let expected = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0];
        assert_eq!(ys("1 1 2 3 3 2 1 0 -1 -2 -3"), expected);
        assert_eq!(ys("1+1+2+3+3+2+1+0-1-2-3"), expected);
        assert_eq!(ys("1 A B C C B A @ a b c"), expected);
        assert_eq!(ys("1ABCTBA@abc"), expected);
        assert_eq!(ys("1AJJ%jjjjjj"), expected);
        assert_eq!(ys("1AJT%jX"), expected);
    }

    #[test]
    fn the_check_value_is_dropped_and_a_repeat_may_follow_it() {
        assert_eq!(ys("0A0JJ\n3A2J\n4A3"), [10.0, 11.0, 12.0, 13.0]);
        // The check 12 occurs twice: one more point of that value.
        assert_eq!(ys("0A0JJ\n3A2TJ"), [10.0, 11.0, 12.0, 12.0, 13.0]);
        let failed = table("0A0JJ\n3A5J").unwrap();
        assert_eq!(failed.failed_checks, [(2, 15.0, 12.0)]);
    }

    #[test]
    fn exponents_comments_and_missing_points_are_understood() {
        assert_eq!(ys("1 2E+01 3.5e-1 1.5E2 $$ 9"), [20.0, 0.35, 150.0]);
        assert_eq!(ys("4.5E2"), [52.0]);
        assert!(ys("1 ? 2")[0].is_nan());
        assert!(ys("\x1a").is_empty());
    }

    #[test]
    fn alien_characters_and_impossible_repeats_are_errors_with_their_line() {
        for (text, line) in
            [("1A2\n2{3", "line 2"), ("1T", "line 1"), ("1J", "line 1"), ("1AZ99999999", "line 1")]
        {
            let error = table(text).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
