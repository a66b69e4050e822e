//! One cell to a number, independent of the locale.

/// The character between the whole and the broken part of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decimal {
    /// `12.5`
    Point,
    /// `12,5`
    Comma,
}

impl Decimal {
    /// The mark as a byte.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }

    /// The character that may group thousands beside this decimal mark.
    fn group(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A finite number.
    Number(f64),
    /// Nothing, or a word for nothing (`NaN`, `N/A`, `-`), or a number too large for `f64`.
    Missing,
    /// Anything else.
    Text,
}

impl Cell {
    /// The number, NaN for a missing one, `None` for text.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            Self::Missing => Some(f64::NAN),
            Self::Text => None,
        }
    }
}

/// Words that stand for a value that is not there, lower case (MSVC's, R's, Excel's and Python's spellings).
const MISSING: [&str; 28] = [
    "nan",
    "-nan",
    "+nan",
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "#na",
    "-",
    "--",
    "---",
    "null",
    "none",
    "inf",
    "+inf",
    "-inf",
    "infinity",
    "-infinity",
    "#div/0!",
    "#value!",
    "#num!",
    "#ref!",
    "nan(ind)",
    "-nan(ind)",
    "1.#qnan",
    "1.#inf",
    "-1.#inf",
    "-1.#ind",
];
/// Longest of [`MISSING`], so that prose is not lower-cased.
const MISSING_LEN: usize = 9;

/// Reads one cell: blanks and quotes around it do not count, `E e D d` start an exponent, U+2212 is a minus.
#[must_use]
pub fn cell(text: &str, decimal: Decimal) -> Cell {
    let text = bare(text);
    if text.is_empty() {
        return Cell::Missing;
    }
    if let Some(value) = plain(text.as_bytes(), decimal) {
        return finite(value);
    }
    if text.len() <= MISSING_LEN && MISSING.contains(&text.to_ascii_lowercase().as_str()) {
        return Cell::Missing;
    }
    if text.contains(|c| c == decimal.group() || MINUS.contains(&c) || GROUPS.contains(&c)) {
        let text = text.replace(MINUS, "-");
        if let Some(value) = plain(text.as_bytes(), decimal).or_else(|| grouped(&text, decimal)) {
            return finite(value);
        }
    }
    Cell::Text
}

/// The number in `text` if it is one.
#[must_use]
pub fn number(text: &str, decimal: Decimal) -> Option<f64> {
    match cell(text, decimal) {
        Cell::Number(value) => Some(value),
        Cell::Missing | Cell::Text => None,
    }
}

/// True when `text` is a number only because thousands are grouped in it.
#[must_use]
pub fn is_grouped(text: &str, decimal: Decimal) -> bool {
    let text = bare(text);
    plain(text.as_bytes(), decimal).is_none() && grouped(&text.replace(MINUS, "-"), decimal).is_some()
}

/// Characters that word processors and spreadsheets put in place of the minus: minus sign, figure and en dash,
/// hyphens, full-width hyphen.
const MINUS: [char; 6] = ['\u{2212}', '\u{2012}', '\u{2013}', '\u{2010}', '\u{2011}', '\u{ff0d}'];

/// Marks that group thousands whatever the decimal mark is.
const GROUPS: [char; 6] = [' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}', '\u{2009}'];

fn bare(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with(['"', '\'']) || text.ends_with(['"', '\'']) {
        text.trim_matches(['"', '\'']).trim()
    } else {
        text
    }
}

fn finite(value: f64) -> Cell {
    if value.is_finite() { Cell::Number(value) } else { Cell::Missing }
}

fn plain(bytes: &[u8], decimal: Decimal) -> Option<f64> {
    let (value, used) = match decimal {
        Decimal::Point => scan::<b'.'>(bytes),
        Decimal::Comma => scan::<b','>(bytes),
    }?;
    (used == bytes.len()).then_some(value)
}

/// `1,234,567.8`: one kind of mark, one to three digits before it, exactly three after each.
fn grouped(text: &str, decimal: Decimal) -> Option<f64> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let whole = unsigned.split([char::from(decimal.byte()), 'e', 'E', 'd', 'D']).next()?;
    let mark = whole.chars().find(|c| !c.is_ascii_digit())?;
    if mark != decimal.group() && !GROUPS.contains(&mark) {
        return None;
    }
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let well_formed = matches!(first.len(), 1..=3)
        && digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && digits(group));
    if !well_formed {
        return None;
    }
    let ungrouped: String = text.chars().filter(|c| *c != mark).collect();
    plain(ungrouped.as_bytes(), decimal)
}

/// Powers of ten that `f64` holds exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// Whole numbers up to here are exact in `f64`.
const MANTISSA: u64 = 1 << 53;

/// Reads the number at the start of `bytes` and says how many bytes it took; correctly rounded.
///
/// `[+-] digits [mark digits] [E|e|D|d [+-] digits]`, with at least one digit before or after the mark.
#[inline]
#[must_use]
pub fn scan<const MARK: u8>(bytes: &[u8]) -> Option<(f64, usize)> {
    let mut at = 0;
    let negative = match bytes.first() {
        Some(b'-') => {
            at = 1;
            true
        }
        Some(b'+') => {
            at = 1;
            false
        }
        _ => false,
    };
    let start = at;
    let mut mantissa = 0_u64;
    while let Some(digit) = digit(bytes, at) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
        at += 1;
    }
    let mut digits = at - start;
    let mut exponent = 0_i64;
    if bytes.get(at) == Some(&MARK) {
        at += 1;
        let fraction = at;
        while let Some(digit) = digit(bytes, at) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            at += 1;
        }
        digits += at - fraction;
        exponent = -((at - fraction) as i64);
    }
    if digits == 0 {
        return None;
    }
    let end = at;
    if let Some((power, after)) = exponent_at(bytes, at) {
        exponent += power;
        at = after;
    }
    let value = if digits <= 19 && mantissa <= MANTISSA { scaled(mantissa, exponent) } else { None };
    let value =
        value.map_or_else(|| careful::<MARK>(bytes.get(start..end)?, exponent_of(bytes, end)), Some)?;
    Some((if negative { -value } else { value }, at))
}

#[inline]
fn digit(bytes: &[u8], at: usize) -> Option<u64> {
    let digit = bytes.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

/// `10^exponent` while `f64` holds it exactly.
#[inline]
#[must_use]
pub fn exact_power(exponent: u32) -> Option<f64> {
    EXACT.get(exponent as usize).copied()
}

/// Exact while both factors are: Clinger's fast path.
#[inline]
fn scaled(mantissa: u64, exponent: i64) -> Option<f64> {
    let power = exact_power(u32::try_from(exponent.unsigned_abs()).ok()?)?;
    Some(if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power })
}

/// Exponent and the place behind it, when there is one at `at`.
#[inline]
fn exponent_at(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    if !matches!(bytes.get(at)?, b'e' | b'E' | b'd' | b'D') {
        return None;
    }
    let (sign, first) = match bytes.get(at + 1)? {
        b'-' => (-1, at + 2),
        b'+' => (1, at + 2),
        _ => (1, at + 1),
    };
    let mut after = first;
    let mut value = 0_i64;
    while let Some(digit) = digit(bytes, after) {
        // No exponent beyond this changes the result, so longer ones cannot overflow.
        value = (value * 10 + digit as i64).min(100_000);
        after += 1;
    }
    (after > first).then_some((sign * value, after))
}

fn exponent_of(bytes: &[u8], at: usize) -> i64 {
    exponent_at(bytes, at).map_or(0, |(power, _)| power)
}

/// Many digits or a large exponent: hands a tidy copy to a correctly rounding parser.
#[cold]
fn careful<const MARK: u8>(unsigned: &[u8], exponent: i64) -> Option<f64> {
    let mut text: Vec<u8> = unsigned.iter().map(|b| if *b == MARK { b'.' } else { *b }).collect();
    text.extend_from_slice(format!("e{exponent}").as_bytes());
    fast_float2::parse(&text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_read() {
        let point = |text| number(text, Decimal::Point);
        assert_eq!(point("1.682160D+02"), Some(168.216));
        assert_eq!(point("3.991926e+002"), Some(399.1926));
        assert_eq!(point(" \"2152.87\" "), Some(2152.87));
        assert_eq!(point("+5"), Some(5.0));
        assert_eq!(point("\u{2212}5.5"), Some(-5.5));
        assert_eq!((point("\u{2013}5"), point("1e\u{2212}3")), (Some(-5.0), Some(1e-3)));
        assert_eq!(point("-.5"), Some(-0.5));
        assert_eq!(point("5."), Some(5.0));
        assert_eq!(point("1,234.5"), Some(1234.5));
        assert_eq!(point("1'234'567"), Some(1_234_567.0));
        let comma = |text| number(text, Decimal::Comma);
        assert_eq!(comma("-12,"), Some(-12.0));
        assert_eq!(comma(",8"), Some(0.8));
        assert_eq!(comma("1.234,56"), Some(1234.56));
        assert_eq!(comma("41110,0001736"), "41110.0001736".parse().ok());
        assert_eq!(comma("1\u{a0}234,5"), Some(1234.5));
    }

    #[test]
    fn what_is_not_there_is_missing_and_what_overflows_too() {
        for text in
            ["", "  ", "NaN", "nan", "NA", "N/A", "#N/A", "-", "inf", "1e999", "-1e999", "\"\"", "1.#QNAN"]
        {
            assert_eq!(cell(text, Decimal::Point), Cell::Missing, "{text}");
        }
    }

    #[test]
    fn words_broken_numbers_and_wrong_groups_are_text() {
        for text in [
            "abc", "1.2.3", "12 34", "1e", "e5", ".", "+", "1,23", "0,123", "12,3456", "1,234,5", "0x10",
            "5 nm", "1-2",
        ] {
            assert_eq!(cell(text, Decimal::Point), Cell::Text, "{text}");
        }
        assert_eq!(cell("1.23", Decimal::Comma), Cell::Text);
        assert!(is_grouped("1,234", Decimal::Point) && !is_grouped("1,234", Decimal::Comma));
    }

    #[test]
    fn long_mantissas_and_exponents_are_rounded_correctly() {
        for text in [
            "0.1",
            "1e22",
            "1e23",
            "9007199254740993",
            "123456789012345678901234567890",
            "2.2250738585072014e-308",
            "4.9e-324",
            "1e-400",
            "1.7976931348623157e308",
            "-0.0",
            "00000000000000000000000001.5",
            "0.000000000000000000000000000001234",
            "179769313486231570000e288",
        ] {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(number(text, Decimal::Point).unwrap().to_bits(), expected.to_bits(), "{text}");
        }
        assert_eq!(number("1e-99999999999999999999", Decimal::Point), Some(0.0));
        assert_eq!(cell("1e99999999999999999999", Decimal::Point), Cell::Missing);
    }

    proptest! {
        #[test]
        fn any_decimal_text_gives_what_the_standard_library_gives(
            text in "[+-]?[0-9]{1,25}(\\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?"
        ) {
            let expected: f64 = text.parse().unwrap();
            let found = cell(&text, Decimal::Point);
            if expected.is_finite() {
                prop_assert_eq!(found.value().unwrap().to_bits(), expected.to_bits());
            } else {
                prop_assert_eq!(found, Cell::Missing);
            }
        }

        #[test]
        fn any_finite_number_survives_writing_and_reading(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            for text in [format!("{value}"), format!("{value:e}")] {
                prop_assert_eq!(number(&text, Decimal::Point).unwrap().to_bits(), value.to_bits());
                let comma = text.replace('.', ",");
                prop_assert_eq!(number(&comma, Decimal::Comma).unwrap().to_bits(), value.to_bits());
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = (cell(&text, Decimal::Point), cell(&text, Decimal::Comma), is_grouped(&text, Decimal::Comma));
        }
    }
}
