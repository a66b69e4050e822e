//! Level 5: tagged elements of either byte order, nested for structs and cells, each variable possibly compressed.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::formats::number_form::NumberForm;
use crate::formats::{FormatError, Input, Place, text};

use super::{Budget, Matrix, Value};

const HEADER: usize = 128;
/// Structs inside structs inside cells: real files have three or four levels.
const DEPTH: u32 = 32;
/// Memory of one nested value besides its numbers.
const VALUE_BYTES: u64 = 64;
/// Longest name kept; MATLAB allows 63.
const NAME_BYTES: usize = 128;
/// Longest text kept.
const TEXT_BYTES: usize = 64 << 10;

mod kind {
    pub const INT8: u32 = 1;
    pub const UINT8: u32 = 2;
    pub const UINT16: u32 = 4;
    pub const INT32: u32 = 5;
    pub const UINT32: u32 = 6;
    pub const MATRIX: u32 = 14;
    pub const COMPRESSED: u32 = 15;
    pub const UTF8: u32 = 16;
    pub const UTF16: u32 = 17;
}

/// The byte order mark and version behind the header text, whatever that text says.
pub(super) fn looks_like(head: &[u8]) -> bool {
    matches!(head.get(124..128), Some([0, 1, b'I', b'M'] | [1, 0, b'M', b'I'])) && !head.starts_with(&[0; 4])
}

pub(super) fn variables(
    input: &Input,
    warnings: &mut Vec<String>,
) -> Result<Vec<(String, Value)>, FormatError> {
    let big = match input.bytes.get(126..128) {
        Some(b"IM") => false,
        Some(b"MI") => true,
        Some(other) => {
            let problem = format!("{other:?} was found where the byte order (IM or MI) was expected");
            return Err(input.malformed(Place::Byte(126), problem));
        }
        None => {
            let found = input.bytes.len();
            return Err(input.malformed(
                Place::Byte(found as u64),
                format!("a header of {HEADER} bytes was expected, the file ends here"),
            ));
        }
    };
    let mut parser = Parser { input, big, budget: Budget { spent: 0 }, warnings };
    let file = Block { bytes: input.bytes, start: 0, inflated: false };
    let mut found = Vec::new();
    let mut at = HEADER;
    while at < input.bytes.len() {
        let element = parser.element(file, at)?;
        // Compressed elements are the only ones without padding.
        at = if element.kind == kind::COMPRESSED { element.end } else { element.padded_end };
        let variable = match element.kind {
            kind::MATRIX => parser.matrix(element.block, 0)?,
            kind::COMPRESSED => {
                let place = element.block.place(0);
                let inflated = parser.inflate(place, element.block.bytes)?;
                let block = Block { bytes: &inflated, start: element.block.start, inflated: true };
                let inner = parser.element(block, 0)?;
                if inner.kind == kind::MATRIX { parser.matrix(inner.block, 0)? } else { None }
            }
            _ => None,
        };
        // The nameless variable at the end holds the insides of objects.
        found.extend(variable.filter(|(name, _)| !name.is_empty()));
    }
    Ok(found)
}

/// Bytes with what is needed to name a place in them.
#[derive(Debug, Clone, Copy)]
struct Block<'a> {
    bytes: &'a [u8],
    /// Where in the file the bytes, or the compressed data they came from, begin.
    start: u64,
    inflated: bool,
}

impl Block<'_> {
    /// Byte of the file; inside compressed data every place is that of the compressed block.
    fn place(&self, at: usize) -> Place {
        Place::Byte(if self.inflated { self.start } else { self.start.saturating_add(at as u64) })
    }
}

/// One tagged element.
#[derive(Debug, Clone, Copy)]
struct Element<'a> {
    kind: u32,
    block: Block<'a>,
    /// Byte behind the data, and behind the padding, in the surrounding block.
    end: usize,
    padded_end: usize,
}

struct Parser<'i, 'b> {
    input: &'i Input<'i>,
    big: bool,
    budget: Budget,
    warnings: &'b mut Vec<String>,
}

impl Parser<'_, '_> {
    fn u32(&self, bytes: &[u8], at: usize) -> Option<u32> {
        let word: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) })
    }

    fn element<'a>(&self, block: Block<'a>, at: usize) -> Result<Element<'a>, FormatError> {
        let cut = |needed: usize| {
            let follow = block.bytes.len().saturating_sub(at);
            let problem = format!("an element of {needed} bytes starts here but only {follow} bytes follow");
            self.input.malformed(block.place(at), problem)
        };
        let tag = self.u32(block.bytes, at).ok_or_else(|| cut(8))?;
        // Up to four bytes are packed into the tag itself, their number in its upper half.
        let (kind, size, start) = if tag >> 16 == 0 {
            let size = at.checked_add(4).and_then(|at| self.u32(block.bytes, at)).ok_or_else(|| cut(8))?;
            (tag, size as usize, at + 8)
        } else {
            (tag & 0xFFFF, (tag >> 16) as usize, at + 4)
        };
        let packed = start == at + 4;
        if packed && size > 4 {
            let problem = format!("a packed element of {size} bytes was found, at most 4 are possible");
            return Err(self.input.malformed(block.place(at), problem));
        }
        let end = start.saturating_add(size);
        let bytes = block.bytes.get(start..end).ok_or_else(|| cut(size.saturating_add(8)))?;
        let padded_end =
            if packed { at + 8 } else { start.saturating_add(size.div_ceil(8).saturating_mul(8)) };
        let inner = if block.inflated { block.start } else { block.start.saturating_add(start as u64) };
        let block = Block { bytes, start: inner, inflated: block.inflated };
        Ok(Element { kind, block, end, padded_end })
    }

    /// The variable's own tag announces its size: no more than that is inflated, and no more than the limit.
    fn inflate(&mut self, place: Place, compressed: &[u8]) -> Result<Vec<u8>, FormatError> {
        let damaged = |error: &std::io::Error| {
            self.input.malformed(place, format!("the compressed variable is damaged or cut short: {error}"))
        };
        let mut stream = ZlibDecoder::new(compressed);
        let mut inflated = vec![0_u8; 8];
        stream.read_exact(&mut inflated).map_err(|e| damaged(&e))?;
        let size = u64::from(self.u32(&inflated, 4).unwrap_or(0));
        // Deflate cannot make more than 1032 bytes of one.
        let possible = (compressed.len() as u64).saturating_mul(1032);
        if size > possible {
            let problem = format!("{} bytes cannot hold the {size} bytes announced", compressed.len());
            return Err(self.input.malformed(place, problem));
        }
        self.budget.spend(self.input, place, size, 1)?;
        stream.by_ref().take(size).read_to_end(&mut inflated).map_err(|e| damaged(&e))?;
        Ok(inflated)
    }

    /// The elements of a matrix: flags, sizes, name, and then what its class asks for.
    fn matrix(&mut self, block: Block, depth: u32) -> Result<Option<(String, Value)>, FormatError> {
        let place = block.place(0);
        if block.bytes.is_empty() {
            return Ok(Some((String::new(), Value::Other)));
        }
        if depth > DEPTH {
            return Err(self
                .input
                .malformed(place, format!("more than {DEPTH} values stand inside each other")));
        }
        self.budget.spend(self.input, place, 1, VALUE_BYTES)?;
        let flags = self.element(block, 0)?;
        let (Some(word), kind::UINT32) = (self.u32(flags.block.bytes, 0), flags.kind) else {
            return Err(self.input.malformed(place, "the flags of an array were expected"));
        };
        let class = word & 0xFF;
        // Objects of newer classes have no sizes.
        if class == 17 {
            return Ok(None);
        }
        let sizes = self.element(block, flags.padded_end)?;
        let dims = self.dims(sizes)?;
        let name = self.element(block, sizes.padded_end)?;
        let label = label(name.block.bytes);
        let at = name.padded_end;
        let value = match class {
            1 => self.cells(block, at, &dims, depth)?,
            2 | 3 => self.structs(block, at, class == 3, &dims, depth)?,
            4 => self.characters(block, at)?,
            6..=15 => {
                if word & 0x0800 != 0 {
                    self.warnings.push(format!("Variable {label} is complex; only its real part was read."));
                }
                self.numbers(block, at, dims)?
            }
            _ => Value::Other,
        };
        Ok(Some((label, value)))
    }

    fn dims(&self, sizes: Element) -> Result<Vec<usize>, FormatError> {
        let words = sizes.block.bytes.len() / 4;
        if sizes.kind != kind::INT32 || !(2..=16).contains(&words) {
            return Err(self.input.malformed(sizes.block.place(0), "the sizes of an array were expected"));
        }
        Ok((0..words).map(|i| self.u32(sizes.block.bytes, i * 4).unwrap_or(0) as usize).collect())
    }

    fn numbers(&mut self, block: Block, at: usize, dims: Vec<usize>) -> Result<Value, FormatError> {
        let stored = self.element(block, at)?;
        let place = stored.block.place(0);
        let Some(form) = number_form(stored.kind) else {
            return Err(self
                .input
                .malformed(place, format!("element type {} does not hold numbers", stored.kind)));
        };
        let found = stored.block.bytes.len() / form.size();
        let announced = dims.iter().try_fold(1_usize, |product, d| product.checked_mul(*d));
        if announced != Some(found) {
            let problem = format!("an array of sizes {dims:?} was announced, {found} numbers were found");
            return Err(self.input.malformed(place, problem));
        }
        self.budget.spend(self.input, place, found as u64, 8)?;
        let convert = |chunk: &[u8]| form.read(chunk, self.big);
        let data = stored.block.bytes.chunks_exact(form.size()).map(convert).collect();
        Ok(Value::Numbers(Matrix { dims, data }))
    }

    fn characters(&self, block: Block, at: usize) -> Result<Value, FormatError> {
        let stored = self.element(block, at)?;
        let bytes = stored.block.bytes.get(..stored.block.bytes.len().min(TEXT_BYTES)).unwrap_or_default();
        let text = match stored.kind {
            kind::UINT16 | kind::UTF16 => {
                let units = bytes.as_chunks::<2>().0.iter();
                let unit =
                    |b: &[u8; 2]| if self.big { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) };
                String::from_utf16_lossy(&units.map(unit).collect::<Vec<_>>())
            }
            kind::UTF8 | kind::INT8 | kind::UINT8 => text::lossy(bytes).into_owned(),
            _ => String::new(),
        };
        Ok(Value::Text(text.trim_matches(['\0', ' ']).to_owned()))
    }

    fn cells(&mut self, block: Block, at: usize, dims: &[usize], depth: u32) -> Result<Value, FormatError> {
        let count = self.room_for(block, at, dims)?;
        let mut list = Vec::new();
        let mut at = at;
        for _ in 0..count {
            let element = self.element(block, at)?;
            at = element.padded_end;
            list.push(self.matrix(element.block, depth + 1)?.map_or(Value::Other, |(_, value)| value));
        }
        Ok(Value::List(list))
    }

    /// Field names of equal width, then the fields of one struct after another. Objects have a class name first.
    fn structs(
        &mut self,
        block: Block,
        at: usize,
        object: bool,
        dims: &[usize],
        depth: u32,
    ) -> Result<Value, FormatError> {
        let mut at = at;
        if object {
            at = self.element(block, at)?.padded_end;
        }
        let width = self.element(block, at)?;
        let names = self.element(block, width.padded_end)?;
        at = names.padded_end;
        let width = self.u32(width.block.bytes, 0).unwrap_or(0) as usize;
        if width == 0 {
            return Err(self.input.malformed(names.block.place(0), "field names of 0 bytes were found"));
        }
        let names: Vec<String> = names.block.bytes.chunks_exact(width).map(label).collect();
        let count = if names.is_empty() { 0 } else { self.room_for(block, at, dims)? };
        let mut list = Vec::new();
        for _ in 0..count {
            let mut fields = Vec::new();
            for name in &names {
                let element = self.element(block, at)?;
                at = element.padded_end;
                self.budget.spend(self.input, element.block.place(0), name.len() as u64, 1)?;
                let value = self.matrix(element.block, depth + 1)?;
                fields.push((name.clone(), value.map_or(Value::Other, |(_, value)| value)));
            }
            list.push(Value::Fields(fields));
        }
        Ok(match list.len() {
            1 => list.remove(0),
            _ => Value::List(list),
        })
    }

    /// Number of values announced, after checking that each could have at least its tag.
    fn room_for(&self, block: Block, at: usize, dims: &[usize]) -> Result<usize, FormatError> {
        let room = block.bytes.len().saturating_sub(at) / 8;
        let announced = dims.iter().try_fold(1_usize, |product, d| product.checked_mul(*d));
        announced.filter(|count| *count <= room).ok_or_else(|| {
            let problem =
                format!("an array of sizes {dims:?} was announced, there is room for {room} values");
            self.input.malformed(block.place(at), problem)
        })
    }
}

fn label(bytes: &[u8]) -> String {
    let name = bytes.split(|b| *b == 0).next().unwrap_or_default();
    text::lossy(name.get(..name.len().min(NAME_BYTES)).unwrap_or_default()).into_owned()
}

fn number_form(kind: u32) -> Option<NumberForm> {
    Some(match kind {
        1 => NumberForm::I8,
        2 => NumberForm::U8,
        3 => NumberForm::I16,
        4 => NumberForm::U16,
        5 => NumberForm::I32,
        6 => NumberForm::U32,
        7 => NumberForm::F32,
        9 => NumberForm::F64,
        12 => NumberForm::I64,
        13 => NumberForm::U64,
        _ => return None,
    })
}
