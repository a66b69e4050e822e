//! The tagged tree. A node's head has 24 bytes; small values stand in the head itself, larger ones behind the heads
//! of all its siblings, each in the order of the heads, lists depth first:
//!
//! ```text
//! u8 kind | u8 flags (0x10: value outside) | u16 | u32 serial | u32 id | u32 | 8 bytes value, or u32 address, u32 count
//! ```
//! Values that `LabSpec` kept at one address in memory are written only once.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::bytes::Bytes;
use super::super::text::lossy;
use super::super::{FormatError, Input, Place};

/// Offset of the root's head.
const ROOT: u64 = 0x4c;
/// Bytes of a head.
const HEAD: u64 = 24;
/// Nodes read; real files have a few hundred.
const NODES: u32 = 200_000;
/// Deepest nesting; real files have seven levels.
const DEPTH: u32 = 32;
const OUTSIDE: u8 = 0x10;
/// A list that `LabSpec` names but does not write.
const UNWRITTEN: u32 = 0x786d_6574;

const INTEGER: u8 = 4;
const DOUBLE: u8 = 5;
const FLOAT: u8 = 6;
const CHARS: u8 = 7;
const WIDE: u8 = 8;
const LIST: u8 = 9;

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing that is read.
    None,
    /// A number.
    Number(f64),
    /// A text.
    Text(Rc<str>),
    /// 32-bit floats in the file.
    Floats {
        /// Where they start.
        offset: u64,
        /// How many there are.
        count: u64,
    },
    /// Nodes.
    List(Vec<Node>),
}

/// A node of the tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is; the same ids as in the XML export.
    pub id: u32,
    /// What it holds.
    pub value: Value,
}

impl Node {
    /// The nodes in a list.
    pub fn children(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => &[],
        }
    }

    /// The first node of this id in a list.
    pub fn child(&self, id: u32) -> Option<&Node> {
        find(self.children(), id)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Text or number as people read it.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }
}

/// The first node of this id.
pub fn find(nodes: &[Node], id: u32) -> Option<&Node> {
    nodes.iter().find(|n| n.id == id)
}

/// Reads the whole tree and gives the nodes of its root.
pub fn read(input: &Input) -> Result<Vec<Node>, FormatError> {
    let bytes = Bytes::new(input);
    let head = Head::read(bytes, ROOT)?;
    if head.kind != LIST || head.flags & OUTSIDE == 0 {
        return Err(input.malformed(Place::Byte(ROOT), "the tree does not begin with a list"));
    }
    let mut reader = Reader { input, bytes, at: ROOT + HEAD, left: NODES, shared: HashMap::new() };
    reader.list(ROOT, head.count, DEPTH)
}

#[derive(Debug, Clone, Copy)]
struct Head {
    kind: u8,
    flags: u8,
    id: u32,
    address: u32,
    count: u32,
    at: u64,
}

impl Head {
    fn read(bytes: Bytes, at: u64) -> Result<Self, FormatError> {
        bytes.slice(at, HEAD, "a node")?;
        Ok(Self {
            kind: bytes.u8(at, "a node")?,
            flags: bytes.u8(at + 1, "a node")?,
            id: bytes.u32(at + 8, "a node")?,
            address: bytes.u32(at + 16, "a node")?,
            count: bytes.u32(at + 20, "a node")?,
            at,
        })
    }

    /// Bytes of one value of this kind.
    fn width(&self) -> Option<u64> {
        Some(match self.kind {
            1 | CHARS => 1,
            2 | WIDE => 2,
            3 | INTEGER | FLOAT => 4,
            DOUBLE => 8,
            _ => return None,
        })
    }
}

struct Reader<'a> {
    input: &'a Input<'a>,
    bytes: Bytes<'a>,
    at: u64,
    left: u32,
    shared: HashMap<(u32, u32, u8), Value>,
}

impl Reader<'_> {
    fn list(&mut self, named_at: u64, count: u32, depth: u32) -> Result<Vec<Node>, FormatError> {
        let first = self.at;
        self.bytes.slice(first, u64::from(count) * HEAD, "a list of nodes")?;
        self.left = match self.left.checked_sub(count) {
            Some(left) if depth > 0 => left,
            _ => {
                return Err(self.input.malformed(Place::Byte(named_at), "the tree is too deep or too large"));
            }
        };
        self.at += u64::from(count) * HEAD;
        let mut nodes = Vec::with_capacity(count as usize);
        for head in (0..u64::from(count)).map(|k| first + k * HEAD) {
            let head = Head::read(self.bytes, head)?;
            let value = self.value(&head, depth)?;
            nodes.push(Node { id: head.id, value });
        }
        Ok(nodes)
    }

    fn value(&mut self, head: &Head, depth: u32) -> Result<Value, FormatError> {
        if head.flags & OUTSIDE == 0 {
            let offset = head.at + 16;
            return Ok(match head.kind {
                INTEGER => Value::Number(self.bytes.i32(offset, "a number")?.into()),
                DOUBLE => Value::Number(self.bytes.f64(offset, "a number")?),
                FLOAT => Value::Number(self.bytes.f32(offset, "a number")?.into()),
                CHARS => Value::Text(self.bytes.string(offset, 8, "a text")?.into()),
                WIDE => Value::Text(wide(self.bytes.slice(offset, 8, "a text")?).into()),
                _ => Value::None,
            });
        }
        if head.id == UNWRITTEN && head.kind == LIST {
            return Ok(Value::None);
        }
        let key = (head.address, head.count, head.kind);
        if let Some(value) = self.shared.get(&key) {
            return Ok(value.clone());
        }
        if head.kind == LIST {
            // Marked before it is read: a list inside itself would otherwise never end.
            self.shared.insert(key, Value::None);
            return Ok(Value::List(self.list(head.at, head.count, depth - 1)?));
        }
        let Some(width) = head.width() else {
            return Err(self.input.malformed(
                Place::Byte(head.at),
                format!("a value of kind {} is not known; export the file from LabSpec as text", head.kind),
            ));
        };
        let (offset, length) = (self.at, u64::from(head.count) * width);
        let content = self.bytes.slice(offset, length, "a value")?;
        self.at += length;
        let value = match head.kind {
            FLOAT => Value::Floats { offset, count: head.count.into() },
            CHARS => {
                let end = memchr::memchr(0, content).unwrap_or(content.len());
                Value::Text(lossy(&content[..end]).into())
            }
            WIDE => Value::Text(wide(content).into()),
            _ => Value::None,
        };
        self.shared.insert(key, value.clone());
        Ok(value)
    }
}

/// UTF-16 text up to its first NUL.
fn wide(content: &[u8]) -> String {
    let units = content.as_chunks::<2>().0.iter().map(|u| u16::from_le_bytes(*u)).take_while(|u| *u != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A writer of trees for the tests.
#[cfg(test)]
pub mod testing {
    use super::*;

    /// A node to be written: kind, id, value in the head, value outside, children.
    pub struct Sketch {
        kind: u8,
        id: u32,
        inside: [u8; 8],
        outside: Vec<u8>,
        count: u32,
        children: Option<Vec<Sketch>>,
    }

    fn sketch(kind: u8, id: u32, count: usize, outside: Vec<u8>) -> Sketch {
        Sketch { kind, id, inside: [0; 8], outside, count: count as u32, children: None }
    }

    pub fn list(id: u32, children: Vec<Sketch>) -> Sketch {
        Sketch { children: Some(children), ..sketch(LIST, id, 0, Vec::new()) }
    }

    pub fn short(id: u32, words: &str) -> Sketch {
        let mut inside = [0; 8];
        inside[..words.len()].copy_from_slice(words.as_bytes());
        Sketch { inside, ..sketch(CHARS, id, 0, Vec::new()) }
    }

    pub fn number(id: u32, value: f64) -> Sketch {
        Sketch { inside: value.to_le_bytes(), ..sketch(DOUBLE, id, 0, Vec::new()) }
    }

    pub fn text(id: u32, words: &str) -> Sketch {
        sketch(CHARS, id, words.len() + 1, [words.as_bytes(), &[0]].concat())
    }

    pub fn wide(id: u32, words: &str) -> Sketch {
        let units: Vec<u16> = words.encode_utf16().chain([0]).collect();
        sketch(WIDE, id, units.len(), units.iter().flat_map(|u| u.to_le_bytes()).collect())
    }

    pub fn floats(id: u32, values: &[f32]) -> Sketch {
        sketch(FLOAT, id, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    fn head(sketch: &Sketch, serial: &mut u32, out: &mut Vec<u8>) {
        *serial += 1;
        let outside = sketch.children.is_some() || !sketch.outside.is_empty();
        out.extend([sketch.kind, if outside { OUTSIDE } else { 0 }, 0, 0]);
        out.extend(serial.to_le_bytes());
        out.extend(sketch.id.to_le_bytes());
        out.extend([0; 4]);
        if outside {
            let count = sketch.children.as_ref().map_or(sketch.count, |c| c.len() as u32);
            out.extend(serial.to_le_bytes());
            out.extend(count.to_le_bytes());
        } else {
            out.extend(sketch.inside);
        }
    }

    fn body(children: &[Sketch], serial: &mut u32, out: &mut Vec<u8>) {
        for child in children {
            head(child, serial, out);
        }
        for child in children {
            out.extend(&child.outside);
            body(child.children.as_deref().unwrap_or_default(), serial, out);
        }
    }

    pub fn file(children: Vec<Sketch>) -> Vec<u8> {
        let mut out = b"LabSpec6".to_vec();
        out.resize(ROOT as usize, 0);
        let (root, mut serial) = (list(0x3a14, children), 0);
        head(&root, &mut serial, &mut out);
        body(root.children.as_deref().unwrap_or_default(), &mut serial, &mut out);
        out
    }

    #[test]
    fn a_value_at_one_address_is_written_once() {
        let mut bytes = file(vec![text(1, "Syncerity"), text(2, "")]);
        let second = ROOT as usize + 24 * 2;
        let first_payload: Vec<u8> = bytes[second - 24 + 16..second - 24 + 24].to_vec();
        bytes[second + 16..second + 24].copy_from_slice(&first_payload);
        bytes.pop();
        let input =
            Input { name: "a", bytes: &bytes, limits: super::super::super::Limits::default(), format: "t" };
        let nodes = read(&input).unwrap();
        assert_eq!(nodes[1].text(), Some("Syncerity"));
    }

    #[test]
    fn a_tree_without_bottom_ends() {
        let mut node = list(1, Vec::new());
        for _ in 0..60 {
            node = list(1, vec![node]);
        }
        let bytes = file(vec![node]);
        let input =
            Input { name: "a", bytes: &bytes, limits: super::super::super::Limits::default(), format: "t" };
        assert!(read(&input).unwrap_err().to_string().contains("too deep"));
    }
}
