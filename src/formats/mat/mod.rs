//! MATLAB files of level 4 and level 5 (also compressed): any variables; the pair of axis and intensities is found
//! by names and lengths. Level 7.3 is HDF5 and refused with advice.

mod choose;
mod v4;
mod v5;

use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// MATLAB.
pub const FORMAT: Format = Format { id: "mat", name: "MATLAB MAT-file", extensions: &["mat"], sniff, read };

/// A variable, field or cell.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// Numbers of any stored type.
    Numbers(Matrix),
    /// Characters.
    Text(String),
    /// One struct.
    Fields(Vec<(String, Value)>),
    /// A cell array, or an array of structs.
    List(Vec<Value>),
    /// Sparse arrays, objects, functions.
    Other,
}

/// Numbers column after column, as MATLAB keeps them.
#[derive(Debug, Clone, PartialEq)]
struct Matrix {
    /// At least two sizes.
    dims: Vec<usize>,
    data: Vec<f64>,
}

/// Checks every block against the one limit for the whole file before it is made.
#[derive(Debug)]
struct Budget {
    spent: u64,
}

impl Budget {
    fn spend(&mut self, input: &Input, place: Place, count: u64, size: u64) -> Result<(), FormatError> {
        self.spent = self.spent.saturating_add(count.saturating_mul(size));
        input.allowed(place, self.spent, 1).map(|_count| ())
    }
}

fn sniff(head: &Head) -> Sniff {
    let level5 = v5::looks_like(head.bytes) || head.starts_with(b"MATLAB 7.3 MAT-file");
    if level5 || v4::looks_like(head.bytes, head.file_len) {
        return Sniff::Sure;
    }
    if head.starts_with(b"MATLAB 5.0 MAT-file") { Sniff::Maybe } else { Sniff::No }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let hdf5 = input.bytes.get(512..516) == Some(b"\x89HDF");
    if hdf5 || input.bytes.starts_with(b"MATLAB 7.3 MAT-file") {
        return Err(input.unsupported(
            "MATLAB 7.3 files are HDF5 and are not read; in MATLAB use save(name, vars, '-v7'), or export as text",
        ));
    }
    let mut warnings = Vec::new();
    let variables = if v5::looks_like(input.bytes) || input.bytes.starts_with(b"MATLAB 5.0") {
        v5::variables(input, &mut warnings)?
    } else {
        v4::variables(input, &mut warnings)?
    };
    let mut decoded = choose::spectra(input, variables)?;
    decoded.warnings.splice(0..0, warnings);
    Ok(decoded)
}

#[cfg(test)]
mod tests;
