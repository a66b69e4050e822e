//! The fast way through rows of plain numbers. Stops before the first line that is in any way odd; the careful way
//! then reads that line. Both ways give the same numbers (`body` tests it).

use crate::formats::cells::{Decimal, exact_power, scan};

use super::dialect::{Dialect, Separator};

/// What the row parser has to know about the dialect, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    mark: u8,
    separator: u8,
    runs: bool,
    tabs: bool,
}

impl Plan {
    /// `None` when the dialect is too rare to be worth a fast way.
    #[must_use]
    pub fn new(dialect: Dialect) -> Option<Self> {
        let separator = match dialect.separator {
            Separator::Tab => b'\t',
            Separator::Semicolon => b';',
            Separator::Comma => b',',
            Separator::Spaces | Separator::Blanks => b' ',
            Separator::CommaBlank => return None,
        };
        let (runs, tabs) = (dialect.separator.runs(), dialect.separator == Separator::Blanks);
        (separator != dialect.decimal.byte()).then_some(Self {
            mark: dialect.decimal.byte(),
            separator,
            runs,
            tabs,
        })
    }

    #[inline]
    fn skip_blanks(self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(byte) = bytes.get(at) {
            if *byte == b' ' || (self.tabs && *byte == b'\t') {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// Steps over what stands between two cells.
    #[inline]
    fn next_cell(self, bytes: &[u8], at: usize) -> Option<usize> {
        let after = self.skip_blanks(bytes, at);
        if self.runs {
            return (after > at).then_some(after);
        }
        (bytes.get(after) == Some(&self.separator)).then(|| self.skip_blanks(bytes, after + 1))
    }

    /// Steps over separators without cells and the line break behind a row.
    #[inline]
    fn end_of_row(self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            match bytes.get(at) {
                None => return Some(at),
                Some(b'\n') => return Some(at + 1),
                Some(b'\r') => return (bytes.get(at + 1) == Some(&b'\n')).then_some(at + 2),
                Some(b' ') => at += 1,
                Some(byte) if *byte == self.separator || (self.tabs && *byte == b'\t') => at += 1,
                Some(_) => return None,
            }
        }
    }

    #[inline]
    fn number(self, bytes: &[u8], at: usize) -> Option<(f64, usize)> {
        if let Some(found) = swift(bytes, at, self.mark) {
            return Some(found);
        }
        let rest = bytes.get(at..)?;
        let (value, used) =
            if self.mark == Decimal::Point.byte() { scan::<b'.'>(rest) } else { scan::<b','>(rest) }?;
        value.is_finite().then_some((value, at + used))
    }
}

/// Reads rows of two numbers from byte `at`; gives the byte at which it stopped.
#[inline(never)]
pub fn pairs(bytes: &[u8], mut at: usize, plan: Plan, x: &mut Vec<f64>, y: &mut Vec<f32>) -> usize {
    let row = |at: usize| -> Option<(f64, f64, usize)> {
        let (first, at) = plan.number(bytes, plan.skip_blanks(bytes, at))?;
        let (second, at) = plan.number(bytes, plan.next_cell(bytes, at)?)?;
        Some((first, second, plan.end_of_row(bytes, at)?))
    };
    while at < bytes.len() {
        let Some((first, second, next)) = row(at) else { break };
        x.push(first);
        y.push(second as f32);
        at = next;
    }
    at
}

/// Reads rows of `width` numbers from byte `at` into a flat block; gives the byte at which it stopped.
#[inline(never)]
pub fn rows(bytes: &[u8], mut at: usize, plan: Plan, width: usize, values: &mut Vec<f64>) -> usize {
    while at < bytes.len() {
        let kept = values.len();
        let Some(next) = row(bytes, at, plan, width, values) else {
            values.truncate(kept);
            break;
        };
        at = next;
    }
    at
}

#[inline]
fn row(bytes: &[u8], at: usize, plan: Plan, width: usize, values: &mut Vec<f64>) -> Option<usize> {
    let mut at = plan.skip_blanks(bytes, at);
    for column in 0..width {
        if column > 0 {
            at = plan.next_cell(bytes, at)?;
        }
        let (value, after) = plan.number(bytes, at)?;
        values.push(value);
        at = after;
    }
    plan.end_of_row(bytes, at)
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Digits at the start of eight bytes: how many, and the number they make.
#[inline]
fn digits(bytes: &[u8], at: usize) -> Option<(u32, u64)> {
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk::<8>()?);
    // The lowest byte that is no digit sets its top bit in one of the two terms; bytes below it neither carry nor
    // borrow, so it is found exactly.
    let values = word.wrapping_sub(ONES * 0x30);
    let others = (word.wrapping_add(ONES * 0x46) | values) & (ONES * 0x80);
    let count = others.trailing_zeros() / 8;
    if count == 0 {
        return Some((0, 0));
    }
    // Leading zeros fill up to eight digits, then pairs, fours and eights are joined.
    let v = values << (64 - 8 * count);
    let v = v.wrapping_mul(10).wrapping_add(v >> 8);
    let low = (v & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    let high = ((v >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    Some((count, low.wrapping_add(high) >> 32))
}

/// Whole powers of ten up to eight digits.
const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// A plain number of few digits without an exponent, eight bytes at a time; `None` for every other.
#[inline]
fn swift(bytes: &[u8], at: usize, mark: u8) -> Option<(f64, usize)> {
    let first = *bytes.get(at)?;
    let negative = first == b'-';
    let mut at = at + usize::from(negative || first == b'+');
    let (count, mut mantissa) = digits(bytes, at)?;
    if count == 8 {
        return None;
    }
    at += count as usize;
    let mut fraction = 0;
    if bytes.get(at) == Some(&mark) {
        let (more, value) = digits(bytes, at + 1)?;
        at += 1 + more as usize;
        mantissa = mantissa * TENS.get(more as usize)? + value;
        fraction = more;
        if more == 8 {
            let (more, value) = digits(bytes, at)?;
            // 7 + 8 + 4 digits always fit into 64 bits; longer ones go the careful way.
            if more > 4 {
                return None;
            }
            at += more as usize;
            mantissa = mantissa * TENS.get(more as usize)? + value;
            fraction += more;
        }
    }
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E' | b'd' | b'D'));
    if exponent || count + fraction == 0 || mantissa > 1 << 53 {
        return None;
    }
    let value = mantissa as f64 / exact_power(fraction)?;
    Some((if negative { -value } else { value }, at))
}
