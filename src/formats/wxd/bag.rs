//! Property bags and data lists as `WiRE` writes them: names and texts in UTF-16 behind their length in bytes, values
//! behind an OLE variant type, lists closed by a marker.

/// OLE variant types.
const I2: u16 = 2;
const I4: u16 = 3;
const R8: u16 = 5;
const DATE: u16 = 7;
const BSTR: u16 = 8;
const OBJECT: u16 = 13;
const UI4: u16 = 19;
const INT: u16 = 22;
/// Bytes at the end of a list.
const MARKER: [u8; 4] = [0xc0, 0xff, 0xee, 0x01];
/// Longest text taken, in bytes.
const TEXT_BYTES: usize = 4096;

/// A property bag, searched by name: objects nest in it whose own layouts differ, so it is never walked.
#[derive(Debug, Clone, Copy)]
pub struct Bag<'a> {
    bytes: &'a [u8],
}

impl<'a> Bag<'a> {
    /// Looks at an unpacked bag.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The first property of this name whose type and content `read` takes; a text may happen to look like a name.
    fn find<T>(&self, name: &str, read: impl Fn(u16, &'a [u8]) -> Option<T>) -> Option<T> {
        let mut wanted: Vec<u8> = ((name.encode_utf16().count() as u32 + 1) * 2).to_le_bytes().to_vec();
        wanted.extend(name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
        memchr::memmem::find_iter(self.bytes, &wanted).find_map(|at| {
            let (kind, content) = self.bytes.get(at + wanted.len()..)?.split_first_chunk::<2>()?;
            read(u16::from_le_bytes(*kind), content)
        })
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i32> {
        self.find(name, |kind, content| match kind {
            I4 | INT | UI4 => Some(i32::from_le_bytes(*content.first_chunk()?)),
            I2 => Some(i16::from_le_bytes(*content.first_chunk()?).into()),
            _ => None,
        })
    }

    /// A number or a date.
    pub fn number(&self, name: &str) -> Option<f64> {
        let number = self.find(name, |kind, content| match kind {
            R8 | DATE => Some(f64::from_le_bytes(*content.first_chunk()?)),
            _ => None,
        });
        number.or_else(|| self.integer(name).map(f64::from))
    }

    /// A text that is not blank.
    pub fn text(&self, name: &str) -> Option<String> {
        let content = self.find(name, |kind, content| (kind == BSTR).then_some(content))?;
        let (length, rest) = content.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let units = rest.get(..length.min(TEXT_BYTES))?.as_chunks::<2>().0.iter();
        let units = units.map(|u| u16::from_le_bytes(*u)).take_while(|u| *u != 0);
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Some(text.trim().to_owned()).filter(|t| !t.is_empty())
    }

    /// A list of numbers kept as an object: 16 bytes of class id stand before it.
    pub fn list(&self, name: &str) -> Option<Vec<f64>> {
        self.find(name, |kind, content| (kind == OBJECT).then(|| list(content.get(16..)?))?)
    }
}

/// A list: count, zero, then a type and a 64-bit number each, then the marker.
pub fn list(bytes: &[u8]) -> Option<Vec<f64>> {
    let (count, rest) = bytes.split_first_chunk::<4>()?;
    let (zero, rest) = rest.split_first_chunk::<4>()?;
    let length = (u32::from_le_bytes(*count) as usize).checked_mul(10)?;
    let (items, rest) = rest.split_at_checked(length)?;
    if *zero != [0; 4] || !rest.starts_with(&MARKER) {
        return None;
    }
    let number = |item: &[u8; 10]| {
        let (kind, value) = item.split_first_chunk::<2>()?;
        (u16::from_le_bytes(*kind) == R8).then(|| value.first_chunk().map(|v| f64::from_le_bytes(*v)))?
    };
    items.as_chunks::<10>().0.iter().map(number).collect()
}
