//! The chain of blocks: four letters, a number, a size that includes this 16-byte head, then the content.

use super::super::bytes::Bytes;
use super::super::{FormatError, Input, Place};

/// Bytes of a block's head.
const HEAD: u64 = 16;
/// Blocks that are read; the others (previews, checksums, instrument tables) are stepped over.
const WANTED: [[u8; 4]; 8] = [*b"WDF1", *b"DATA", *b"XLST", *b"ORGN", *b"WMAP", *b"TEXT", *b"WXDM", *b"WXIS"];

/// Where a block's content lies.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// Offset of the content.
    pub start: u64,
    /// Bytes of content inside the file.
    pub length: u64,
    /// Bytes of content that the block claims.
    pub declared: u64,
}

/// Where and why the walk ended early.
#[derive(Debug, Clone)]
pub struct Damage {
    /// Offset of the bad block.
    pub at: u64,
    /// What is wrong there.
    pub problem: String,
}

impl Damage {
    /// The place for error sentences.
    pub fn place(&self) -> Place {
        Place::Byte(self.at)
    }
}

/// The first block of each wanted name.
#[derive(Debug)]
pub struct Blocks {
    found: Vec<([u8; 4], Block)>,
    /// Set when the chain does not end where the file ends.
    pub damage: Option<Damage>,
}

impl Blocks {
    /// Steps from block to block until the file ends or a size is impossible.
    pub fn walk(input: &Input) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        let mut blocks = Self { found: Vec::new(), damage: None };
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.len() - at;
            if rest < HEAD {
                let problem = format!("{rest} bytes follow the last block, too few for another");
                blocks.damage = Some(Damage { at, problem });
                break;
            }
            let id: [u8; 4] = bytes.slice(at, 4, "a block's name")?.try_into().unwrap_or_default();
            let size = bytes.u64(at + 8, "a block's size")?;
            let name = id.escape_ascii();
            if size < HEAD {
                let problem = format!("block {name} says it is {size} bytes long, less than its own head");
                blocks.damage = Some(Damage { at, problem });
                break;
            }
            let declared = size - HEAD;
            let length = declared.min(rest - HEAD);
            if WANTED.contains(&id) && blocks.get(id).is_none() {
                blocks.found.push((id, Block { start: at + HEAD, length, declared }));
            }
            if size > rest {
                let problem =
                    format!("block {name} says it is {size} bytes long but the file has {rest} left");
                blocks.damage = Some(Damage { at, problem });
                break;
            }
            at += size;
        }
        Ok(blocks)
    }

    /// A block by name.
    pub fn get(&self, id: [u8; 4]) -> Option<&Block> {
        self.found.iter().find(|(found, _)| *found == id).map(|(_, block)| block)
    }

    /// A block without which there are no spectra.
    pub fn need(&self, input: &Input, id: [u8; 4]) -> Result<&Block, FormatError> {
        self.get(id).ok_or_else(|| {
            let name = id.escape_ascii();
            match &self.damage {
                Some(damage) => input.malformed(
                    damage.place(),
                    format!("{}, and no {name} block stands before it", damage.problem),
                ),
                None => input.malformed(Place::Whole, format!("there is no {name} block")),
            }
        })
    }
}
