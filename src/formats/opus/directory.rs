//! The block list at the start of an OPUS file, and which blocks belong together.

use std::cmp::Reverse;

use super::super::bytes::Bytes;
use super::super::{FormatError, Input, Place};
use super::params::Params;

/// Blocks listed at most; OPUS itself makes room for 40 to a few hundred.
const BLOCKS: u64 = 1024;
/// Bits of a type that say what the data are; without the parameter kind (4-9) and the bookkeeping bits (22 up).
const SAME_DATA: u32 = 0x003f_fc0f;
/// The parameter kind inside a type.
const PARAMETER: u32 = 0x0000_03f0;

/// How a data block stores its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One run of values.
    Plain,
    /// Many runs, each followed by its own facts.
    Series,
    /// Facts first, the values at the end.
    Compact,
    /// Reports, history, pictures.
    Other,
}

/// One line of the block list.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    kind: u32,
    /// Bytes from the start of the file.
    pub offset: u64,
    /// Bytes of content.
    pub size: u64,
    index: usize,
}

impl Block {
    fn end(&self) -> u64 {
        self.offset + self.size
    }

    fn parameter(&self) -> u32 {
        self.kind >> 4 & 63
    }

    fn role(&self) -> u32 {
        self.kind >> 2 & 3
    }

    fn data(&self) -> u32 {
        self.kind >> 10 & 31
    }

    /// How the values are stored.
    pub fn form(&self) -> Form {
        match self.kind >> 19 & 7 {
            0 => Form::Plain,
            2 => Form::Series,
            4 => Form::Compact,
            _ => Form::Other,
        }
    }

    /// True for a measured or computed curve of any kind.
    fn is_data(&self) -> bool {
        self.parameter() == 0 && !matches!(self.data(), 0 | 13) && self.form() != Form::Other
    }

    /// True for a curve that is a spectrum: no interferogram, phase or library match.
    fn is_spectrum(&self) -> bool {
        self.is_data() && !matches!(self.data(), 2 | 3 | 8 | 22)
    }

    /// True for Raman intensities.
    pub fn is_raman(&self) -> bool {
        self.data() == 10
    }

    /// True for what was measured on the reference.
    pub fn is_reference(&self) -> bool {
        self.role() == 2
    }

    /// Results before sample before reference, Raman first among results.
    fn rank(&self) -> u8 {
        match self.role() {
            1 => 2,
            2 => 3,
            _ if self.is_raman() => 0,
            _ => 1,
        }
    }

    /// Name for people.
    pub fn label(&self) -> String {
        let data = match self.data() {
            1 => match self.role() {
                1 => "Sample spectrum",
                2 => "Reference spectrum",
                _ => "Single-channel spectrum",
            },
            4 => "Absorbance",
            5 => "Transmittance",
            6 => "Kubelka-Munk",
            7 => "Trace",
            9 => "Series",
            10 => "Raman",
            11 => "Emission",
            12 => "Reflectance",
            14 => "Power spectrum",
            15 => "Log reflectance",
            16 => "ATR",
            17 => "Photoacoustic",
            18 => "Arithmetic result (transmittance)",
            19 => "Arithmetic result (absorbance)",
            _ => "Spectrum",
        };
        let mut label = data.to_owned();
        let channel = self.kind >> 15 & 3;
        if channel > 0 {
            label = format!("{label}, channel {}", channel + 1);
        }
        match self.kind >> 17 & 3 {
            0 => {}
            3 => label.push_str(", higher derivative"),
            n => label = format!("{label}, derivative {n}"),
        }
        if self.kind & 3 == 2 {
            label.push_str(", imaginary part");
        }
        label
    }

    /// Unit of the intensities where the data kind says it.
    pub fn intensity_unit(&self) -> Option<&'static str> {
        Some(match self.data() {
            1 => "single channel",
            4 | 19 => "absorbance",
            5 | 18 => "transmittance",
            6 => "Kubelka-Munk",
            10 => "Raman intensity",
            12 => "reflectance",
            15 => "log reflectance",
            16 => "ATR",
            17 => "photoacoustic",
            _ => return None,
        })
    }
}

/// Which status blocks are given away, and how many bytes may still be searched for extremes.
#[derive(Debug)]
pub struct Pairing {
    used: Vec<bool>,
    search: u64,
}

impl Pairing {
    /// Nothing given away yet.
    pub fn new(input: &Input) -> Self {
        // Eight times the file is more than honest blocks, which do not overlap, ask for.
        Self { used: vec![false; BLOCKS as usize], search: Bytes::new(input).len().saturating_mul(8) }
    }
}

/// The block list.
#[derive(Debug)]
pub struct Directory {
    blocks: Vec<Block>,
    /// Where the list stands.
    pub at: u64,
}

impl Directory {
    /// Reads the list up to its first empty line.
    pub fn read(input: &Input) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        let place = Place::Byte(12);
        let at = bytes.i32(12, "the directory offset")?;
        let slots = bytes.i32(16, "the directory length")?;
        let (Ok(at), Ok(slots)) = (u64::try_from(at), u64::try_from(slots)) else {
            return Err(input.malformed(place, format!("a directory of {slots} blocks at byte {at}")));
        };
        if at < 24 || at >= bytes.len() {
            return Err(input.malformed(
                place,
                format!("the directory should stand at byte {at}, the file has {} bytes", bytes.len()),
            ));
        }
        let mut blocks = Vec::new();
        for index in 0..slots.min(BLOCKS) {
            let line = at + index * 12;
            let kind = bytes.u32(line, "a line of the directory")?;
            let words = bytes.i32(line + 4, "a line of the directory")?;
            let offset = bytes.i32(line + 8, "a line of the directory")?;
            if offset <= 0 {
                break;
            }
            let (Ok(words), Ok(offset)) = (u64::try_from(words), u64::try_from(offset)) else { continue };
            blocks.push(Block { kind, offset, size: words * 4, index: index as usize });
        }
        Ok(Self { blocks, at })
    }

    /// The spectra in the order in which they are given out.
    pub fn spectra(&self) -> Vec<Block> {
        let mut found: Vec<Block> = self.blocks.iter().filter(|b| b.is_spectrum()).copied().collect();
        found.sort_by_key(|b| (b.rank(), Reverse(b.offset)));
        found
    }

    /// Blocks that do not lie inside the file, and all there are.
    pub fn cut_off(&self, input: &Input) -> (usize, usize) {
        let len = Bytes::new(input).len();
        (self.blocks.iter().filter(|b| b.end() > len).count(), self.blocks.len())
    }

    /// True when there are curves, if no spectra.
    pub fn holds_interferograms(&self) -> bool {
        self.blocks.iter().any(Block::is_data)
    }

    /// Parameter blocks of the measurement (not the data status blocks).
    pub fn parameters(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|b| b.parameter() > 1 && b.data() == 0)
    }

    /// The data status block of a data block. Of several with the same type, the one whose extremes are those of the
    /// data, else one not yet given away, else the nearest in the list.
    pub fn status_of(&self, input: &Input, block: &Block, pairing: &mut Pairing) -> Option<Params> {
        let len = Bytes::new(input).len();
        let twins = self.blocks.iter().filter(|b| {
            // A status block that is cut may have lost its scale: worse than none.
            b.end() <= len
                && b.parameter() == 1
                && (b.kind & SAME_DATA & !PARAMETER) == (block.kind & SAME_DATA & !PARAMETER)
        });
        let mut twins: Vec<&Block> = twins.collect();
        let exact = |b: &Block| b.kind & !PARAMETER == block.kind & !PARAMETER;
        let used = |b: &Block| pairing.used.get(b.index).copied().unwrap_or(true);
        twins.sort_by_key(|b| (used(b), !exact(b), b.index.abs_diff(block.index)));
        // A handful at most in real files; more would only cost time.
        twins.truncate(8);
        let read = |b: &Block| Params::read(input, b.offset, b.size);
        let mut fits = |b: &Block| {
            let params = read(b);
            let points = u64::try_from(params.integer("NPT").unwrap_or(0)).unwrap_or(0);
            let Some(rest) = pairing.search.checked_sub(points * 4) else { return false };
            pairing.search = rest;
            extremes(input, block, points).is_some_and(|found| params.has_extremes(found))
        };
        let chosen = if twins.len() > 1 { twins.iter().find(|b| fits(b)) } else { None };
        let chosen = chosen.or(twins.first())?;
        if let Some(used) = pairing.used.get_mut(chosen.index) {
            *used = true;
        }
        Some(read(chosen)).filter(|params| !params.is_empty())
    }
}

/// Smallest and largest of the first values of a block of floats.
fn extremes(input: &Input, block: &Block, points: u64) -> Option<(f32, f32)> {
    let bytes = Bytes::new(input).slice(block.offset, points * 4, "a spectrum").ok()?;
    let values = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
    Some(values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v))))
}
