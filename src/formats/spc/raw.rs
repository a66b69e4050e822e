//! Checked reading of SPC numbers in the three byte orders that exist.

use super::super::bytes::Bytes;
use super::super::{FormatError, Input, Place};

/// How multi-byte numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Version 0x4B.
    Little,
    /// Version 0x4C.
    Big,
    /// Version 0x4D: little-endian, except that 32-bit intensities have their two words exchanged.
    Old,
}

/// How the intensities of one subfile are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordinates {
    /// 32-bit floats.
    Float,
    /// 32-bit integers times `2^(exponent - 32)`.
    Long(i16),
    /// 16-bit integers times `2^(exponent - 16)`.
    Short(i16),
}

impl Ordinates {
    /// Bytes of one value.
    pub(super) fn width(self) -> u64 {
        match self {
            Self::Float | Self::Long(_) => 4,
            Self::Short(_) => 2,
        }
    }
}

/// The file's bytes with their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw<'a> {
    pub(super) input: &'a Input<'a>,
    bytes: Bytes<'a>,
    order: Order,
}

macro_rules! scalar {
    ($name:ident, $type:ty) => {
        pub(super) fn $name(&self, offset: u64, what: &str) -> Result<$type, FormatError> {
            let bytes = self.bytes.slice(offset, size_of::<$type>() as u64, what)?;
            let array = bytes.try_into().unwrap_or_default();
            Ok(match self.order {
                Order::Big => <$type>::from_be_bytes(array),
                Order::Little | Order::Old => <$type>::from_le_bytes(array),
            })
        }
    };
}

impl<'a> Raw<'a> {
    pub(super) fn new(input: &'a Input<'a>, order: Order) -> Self {
        Self { input, bytes: Bytes::new(input), order }
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes.len()
    }

    pub(super) fn order(&self) -> Order {
        self.order
    }

    pub(super) fn u8(&self, offset: u64, what: &str) -> Result<u8, FormatError> {
        self.bytes.u8(offset, what)
    }

    scalar!(u16, u16);
    scalar!(i16, i16);
    scalar!(u32, u32);
    scalar!(f32, f32);
    scalar!(f64, f64);

    pub(super) fn slice(&self, offset: u64, length: u64, what: &str) -> Result<&'a [u8], FormatError> {
        self.bytes.slice(offset, length, what)
    }

    /// Fixed-width text; empty when it holds anything but printable characters (vendors leave memory there).
    pub(super) fn text(&self, offset: u64, width: u64, what: &str) -> Result<String, FormatError> {
        Ok(printable(self.bytes.string(offset, width, what)?))
    }

    /// `count` positions stored as 32-bit floats.
    pub(super) fn positions(&self, offset: u64, count: u64) -> Result<Vec<f64>, FormatError> {
        let bytes = self.bytes.slice(offset, count.saturating_mul(4), "the block of x values")?;
        self.input.allowed(Place::Byte(offset), count, 8)?;
        let big = self.order == Order::Big;
        let value = |b: &[u8; 4]| if big { f32::from_be_bytes(*b) } else { f32::from_le_bytes(*b) };
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f64::from(value(b))).collect())
    }

    /// Appends `count` intensities. The caller has asked the memory limit for `out`.
    pub(super) fn ordinates(
        &self,
        offset: u64,
        count: u64,
        form: Ordinates,
        out: &mut Vec<f32>,
    ) -> Result<(), FormatError> {
        let bytes =
            self.bytes.slice(offset, count.saturating_mul(form.width()), "the block of intensities")?;
        let words = bytes.as_chunks::<4>().0.iter();
        match form {
            Ordinates::Float => {
                let big = self.order == Order::Big;
                out.extend(words.map(|b| if big { f32::from_be_bytes(*b) } else { f32::from_le_bytes(*b) }));
            }
            Ordinates::Long(exponent) => {
                let scale = f64::from(i32::from(exponent) - 32).exp2();
                let order = self.order;
                out.extend(words.map(|b| (f64::from(long(order, *b)) * scale) as f32));
            }
            Ordinates::Short(exponent) => {
                let scale = f64::from(i32::from(exponent) - 16).exp2();
                let big = self.order == Order::Big;
                let value = |b: &[u8; 2]| if big { i16::from_be_bytes(*b) } else { i16::from_le_bytes(*b) };
                out.extend(bytes.as_chunks::<2>().0.iter().map(|b| (f64::from(value(b)) * scale) as f32));
            }
        }
        Ok(())
    }
}

fn long(order: Order, b: [u8; 4]) -> i32 {
    match order {
        Order::Little => i32::from_le_bytes(b),
        Order::Big => i32::from_be_bytes(b),
        Order::Old => i32::from_be_bytes([b[1], b[0], b[3], b[2]]),
    }
}

/// The text, or nothing when it holds control characters or replacement marks.
pub(super) fn printable(text: String) -> String {
    let odd = |c: char| c.is_control() && !c.is_whitespace() || c == char::REPLACEMENT_CHARACTER;
    if text.contains(odd) { String::new() } else { text }
}
