//! Level 4: a 20-byte header, a name and a matrix, one after another.

use crate::formats::bytes::Bytes;
use crate::formats::number_form::NumberForm;
use crate::formats::{FormatError, Input, Place};

use super::{Budget, Matrix, Value};

const HEADER: u64 = 20;
/// MATLAB's own names have 63 characters; older ones 19.
const NAME_BYTES: u32 = 256;

/// The five numbers before each variable.
#[derive(Debug, Clone, Copy)]
struct Header {
    big: bool,
    /// Thousands byte order, tens number type, ones kind of matrix.
    form: u32,
    rows: u32,
    columns: u32,
    imaginary: u32,
    name_length: u32,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let words: Vec<[u8; 4]> = bytes.get(..HEADER as usize)?.as_chunks().0.to_vec();
        let [form, rows, columns, imaginary, name_length] = words[..] else { return None };
        let big = u32::from_le_bytes(form) > 9999;
        let value = |word: [u8; 4]| if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
        let header = Self {
            big,
            form: value(form),
            rows: value(rows),
            columns: value(columns),
            imaginary: value(imaginary),
            name_length: value(name_length),
        };
        header.plausible().then_some(header)
    }

    fn plausible(self) -> bool {
        let order = u32::from(self.big);
        self.form / 1000 == order
            && (self.form / 100).is_multiple_of(10)
            && self.form / 10 % 10 <= 5
            && self.form % 10 <= 2
            && self.imaginary <= 1
            && (2..=NAME_BYTES).contains(&self.name_length)
    }

    fn numbers(self) -> NumberForm {
        match self.form / 10 % 10 {
            0 => NumberForm::F64,
            1 => NumberForm::F32,
            2 => NumberForm::I32,
            3 => NumberForm::I16,
            4 => NumberForm::U16,
            _ => NumberForm::U8,
        }
    }

    fn count(self) -> u64 {
        u64::from(self.rows) * u64::from(self.columns)
    }

    fn data_bytes(self) -> u64 {
        self.count()
            .saturating_mul(self.numbers().size() as u64)
            .saturating_mul(1 + u64::from(self.imaginary))
    }
}

/// A plausible first header, a name that MATLAB allows and, in whole files, room for the data.
pub(super) fn looks_like(head: &[u8], file_len: u64) -> bool {
    let Some(header) = Header::read(head) else { return false };
    let end = HEADER + u64::from(header.name_length);
    let Some(name) = usize::try_from(end).ok().and_then(|end| head.get(HEADER as usize..end)) else {
        return false;
    };
    let Some((0, name)) = name.split_last() else { return false };
    let named = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    // The first variable may be an empty matrix.
    named && end < file_len
}

pub(super) fn variables(
    input: &Input,
    warnings: &mut Vec<String>,
) -> Result<Vec<(String, Value)>, FormatError> {
    let bytes = Bytes::new(input);
    let mut found = Vec::new();
    let mut budget = Budget { spent: 0 };
    let mut at = 0;
    while at < bytes.len() {
        let place = Place::Byte(at);
        let raw = bytes.slice(at, HEADER, "the header of a variable")?;
        let header = Header::read(raw).ok_or_else(|| {
            input.malformed(place, "the header of a level 4 variable was expected, other bytes were found")
        })?;
        let name = bytes.string(at + HEADER, header.name_length.into(), "the name of a variable")?;
        let start = at + HEADER + u64::from(header.name_length);
        let stored = bytes.slice(start, header.data_bytes(), &format!("variable {name}"))?;
        budget.spend(input, place, header.count(), 8)?;
        if header.imaginary == 1 {
            warnings.push(format!("Variable {name} is complex; only its real part was read."));
        }
        let numbers = header.numbers();
        let real = stored.chunks_exact(numbers.size()).take(usize::try_from(header.count()).unwrap_or(0));
        let data: Vec<f64> = real.map(|chunk| numbers.read(chunk, header.big)).collect();
        let value = match header.form % 10 {
            0 => Value::Numbers(Matrix { dims: vec![header.rows as usize, header.columns as usize], data }),
            1 => Value::Text(data.iter().filter_map(|c| char::from_u32(*c as u32)).collect()),
            _ => Value::Other,
        };
        found.push((name, value));
        at = start + header.data_bytes();
    }
    Ok(found)
}
