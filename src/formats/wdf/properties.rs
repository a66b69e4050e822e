//! Property sets (`PSET`) inside the measurement (WXDM) and instrument (WXIS) blocks: typed values under number
//! keys, the names of the keys written beside them, sets inside sets.

use std::collections::BTreeMap;

use crate::spectrum::Metadata;

use super::super::Input;
use super::super::bytes::Bytes;
use super::super::text::lossy;
use super::blocks::{Block, Blocks};

/// Deepest nesting followed; real files have four levels.
const DEPTH: usize = 16;
/// Values kept from one block; real files have a few hundred.
const VALUES: usize = 20_000;

/// A value that metadata can use.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(f64),
    Text(String),
}

/// Named values in file order; a key's name is looked up in its own set first, then outwards.
#[derive(Debug, Default)]
struct Properties {
    values: Vec<(String, Value)>,
}

impl Properties {
    fn number(&self, name: &str) -> Option<f64> {
        self.values.iter().find_map(|(key, value)| match value {
            Value::Number(number) if key == name => Some(*number),
            _ => None,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.values.iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Adds exposure and instrument settings to the metadata. What cannot be read is left out: nothing of it is needed
/// for the spectra.
pub fn describe(input: &Input, blocks: &Blocks, meta: &mut Metadata) {
    let read = |id: [u8; 4]| blocks.get(id).map(|block| properties(input, block)).unwrap_or_default();
    let measurement = read(*b"WXDM");
    let exposure_ms = measurement.number("Exposure Time").filter(|ms| *ms > 0.0);
    meta.integration_time_s = exposure_ms.map(|ms| ms / 1000.0);
    let instrument = read(*b"WXIS");
    let model = instrument.text("Instrument type").unwrap_or_default();
    meta.instrument = Some(format!("Renishaw {model}").trim().to_owned());
    for name in ["Grating", "Objective", "Laser", "ND Transmission %", "Opening", "FocusMode"] {
        if let Some(text) = instrument.text(name) {
            meta.push(if name == "Opening" { "Slit opening" } else { name }, text);
        }
    }
}

fn properties(input: &Input, block: &Block) -> Properties {
    let bytes = Bytes::new(input);
    let mut found = Properties::default();
    let Ok(content) = bytes.slice(block.start, block.length, "a property set") else { return found };
    if !content.starts_with(b"PSET") {
        return found;
    }
    let size = content.get(4..8).and_then(number::<4>).map_or(0, u32::from_le_bytes) as usize;
    let rest = content.get(8..).unwrap_or_default();
    collect(&rest[..rest.len().min(size)], &mut Vec::new(), &mut found);
    found
}

fn number<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.get(..N)?.try_into().ok()
}

/// One item: type letter, flags, key, and where its content lies in the set.
struct Entry<'a> {
    letter: u8,
    flags: u8,
    key: u16,
    content: &'a [u8],
}

/// Splits the first item off a set; `None` at the end or where the rules are broken.
fn split(set: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let (&[letter, flags, low, high], rest) = set.split_first_chunk::<4>()?;
    let width = match letter {
        b'?' | b'c' => Some(1),
        b's' => Some(2),
        b'i' | b'r' => Some(4),
        b'w' | b'q' | b't' => Some(8),
        b'u' | b'p' | b'k' | b'b' => None,
        _ => return None,
    };
    let counted = |rest: &'_ [u8]| number::<4>(rest).map(|n| u32::from_le_bytes(n) as usize);
    let (skip, length) = match width {
        Some(width) if flags & 0x80 == 0 => (0, width),
        Some(width) => (4, counted(rest)?.checked_mul(width)?),
        None => (4, counted(rest)?),
    };
    let body = rest.get(skip..)?;
    let (content, after) = body.split_at_checked(length)?;
    Some((Entry { letter, flags, key: u16::from_le_bytes([low, high]), content }, after))
}

type Names<'a> = BTreeMap<u16, &'a [u8]>;

fn collect<'a>(set: &'a [u8], outer: &mut Vec<Names<'a>>, found: &mut Properties) {
    let mut names = Names::new();
    let mut rest = set;
    while let Some((entry, after)) = split(rest) {
        if entry.letter == b'k' {
            names.insert(entry.key, entry.content);
        }
        rest = after;
    }
    outer.push(names);
    let mut rest = set;
    while let Some((entry, after)) = split(rest) {
        rest = after;
        if found.values.len() >= VALUES {
            break;
        }
        if entry.letter == b'p' && outer.len() < DEPTH {
            collect(entry.content, outer, found);
        }
        let name = outer.iter().rev().find_map(|names| names.get(&entry.key));
        let name = name.map(|n| lossy(n).into_owned()).or_else(|| well_known(entry.key).map(str::to_owned));
        if let (Some(name), Some(value)) = (name, value(&entry)) {
            found.values.push((name, value));
        }
    }
    outer.pop();
}

/// Keys below 0x8000 are never named in the file; these meanings are plain from their values.
fn well_known(key: u16) -> Option<&'static str> {
    match key {
        1019 => Some("Laser"),
        1023 => Some("Objective"),
        _ => None,
    }
}

fn value(entry: &Entry) -> Option<Value> {
    let Entry { letter, flags, content, .. } = *entry;
    if flags != 0 {
        return None;
    }
    Some(match letter {
        b'i' => Value::Number(f64::from(i32::from_le_bytes(number(content)?))),
        b's' => Value::Number(f64::from(i16::from_le_bytes(number(content)?))),
        b'r' => Value::Number(f64::from(f32::from_le_bytes(number(content)?))),
        b'q' => Value::Number(f64::from_le_bytes(number(content)?)),
        b'u' => Value::Text(lossy(content).trim_end_matches('\0').trim().to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(letter: u8, key: u16, content: &[u8]) -> Vec<u8> {
        let mut out = vec![letter, 0];
        out.extend(key.to_le_bytes());
        if matches!(letter, b'u' | b'p' | b'k') {
            out.extend((content.len() as u32).to_le_bytes());
        }
        out.extend(content);
        out
    }

    #[test]
    fn a_name_outside_a_nested_set_is_found() {
        let inner = item(b'i', 0x8001, &5000_i32.to_le_bytes());
        let set = [item(b'p', 7, &inner), item(b'k', 0x8001, b"Exposure Time")].concat();
        let mut found = Properties::default();
        collect(&set, &mut Vec::new(), &mut found);
        assert_eq!(found.number("Exposure Time"), Some(5000.0));
    }

    #[test]
    fn broken_and_bottomless_sets_end() {
        let mut found = Properties::default();
        let mut set = item(b'i', 1, &[0; 4]);
        for _ in 0..40 {
            set = item(b'p', 1, &set);
        }
        collect(&set, &mut Vec::new(), &mut found);
        collect(&[b'u', 0, 1, 0, 255, 255, 255, 255], &mut Vec::new(), &mut found);
        collect(&[b'!', 0, 1, 0], &mut Vec::new(), &mut found);
        assert!(found.values.is_empty());
    }
}
