//! Demo instrument: `DEMO`, u32 count, then pairs of f32 (Raman shift, counts).

use super::bytes::Bytes;
use super::settle::Settler;
use super::{Decoded, Format, FormatError, Head, Input, Sniff};
use crate::spectrum::{AxisKind, Metadata, Spectrum};

/// The demo instrument.
pub const FORMAT: Format = Format { id: "demo", name: "Demo instrument", extensions: &["dmo"], sniff, read };

fn sniff(head: &Head) -> Sniff {
    head.starts_with(b"DEMO").into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let bytes = Bytes::new(input);
    let count = u64::from(bytes.u32(4, "the point count")?);
    // Checks that the file has room for all of it, and the memory limit, before anything is allocated.
    let pairs = bytes.f32s(8, count.saturating_mul(2), "the data")?;
    let (x, y): (Vec<f64>, Vec<f32>) = pairs.chunks_exact(2).map(|p| (f64::from(p[0]), p[1])).unzip();
    // Leaves out what is not finite, sorts, and remembers what to warn about.
    let mut settler = Settler::default();
    let (axis, y) = settler.pairs(AxisKind::RamanShift, x, y).map_err(input.spectrum_error())?;
    let spectrum =
        Spectrum::new(axis, y, Metadata::titled(input.file_stem())).map_err(input.spectrum_error())?;
    let mut decoded = Decoded::one(spectrum);
    decoded.warnings.extend(settler.warnings());
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

    fn file(count: u32, numbers: &[f32]) -> Vec<u8> {
        let numbers: Vec<u8> = numbers.iter().flat_map(|v| v.to_le_bytes()).collect();
        [&b"DEMO"[..], &count.to_le_bytes(), &numbers].concat()
    }

    fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
        read(&Input { name: "powder.dmo", bytes, limits: Limits::default(), format: FORMAT.name })
    }

    #[test]
    fn pairs_become_a_spectrum_with_the_name_of_the_file() {
        let decoded = decode(&file(2, &[200.0, 5.0, 201.0, 6.0])).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.axis().values(), [200.0, 201.0]);
        assert_eq!((spectrum.y(), spectrum.meta.display_name()), (&[5.0, 6.0][..], "powder"));
    }

    #[test]
    fn a_file_that_was_cut_short_is_refused_with_a_sentence() {
        let problem = decode(&file(3, &[200.0, 5.0])).unwrap_err().to_string();
        assert!(problem.contains("powder.dmo") && problem.contains("the data"), "{problem}");
        assert!(decode(&file(u32::MAX, &[])).is_err());
    }
}
