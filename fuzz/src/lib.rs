//! What every fuzz target does with its bytes: read, touch everything that came out, write it again.

use unravel::formats::{Decoded, Input, Limits, decode, formats};

/// Memory bounds under fuzzing: small, so that a reader that trusts a declared size is caught at once.
pub const LIMITS: Limits = Limits { file_bytes: 1 << 24, decoded_bytes: 1 << 24, entries: 1000 };

/// Largest number of spectra looked at one by one.
const LOOK_AT: usize = 200;

fn touch(decoded: &Decoded) {
    assert!(!decoded.items.is_empty(), "a reader that succeeds gives at least one spectrum");
    let mut sum = 0.0_f64;
    for spectrum in decoded.spectra().take(LOOK_AT) {
        assert_eq!(spectrum.x().len(), spectrum.y().len());
        sum += spectrum.y().iter().map(|v| f64::from(*v)).sum::<f64>();
        assert!(!spectrum.meta.display_name().is_empty());
    }
    std::hint::black_box(sum);
}

/// Reads the bytes as the format `id`, whatever the sniffer would say.
pub fn read_as(id: &str, bytes: &[u8]) {
    let format = formats().iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no format {id}"));
    let input = Input { name: "fuzz.bin", bytes, limits: LIMITS, format: format.name };
    match (format.read)(&input) {
        Ok(decoded) => touch(&decoded),
        Err(error) => assert!(error.to_string().contains("fuzz.bin"), "an error names its file: {error}"),
    }
}

/// Reads the bytes as whatever they look like.
pub fn sniff_and_read(bytes: &[u8]) {
    match decode("fuzz.bin", bytes, LIMITS).1 {
        Ok(decoded) => touch(&decoded),
        Err(error) => assert!(error.to_string().contains("fuzz.bin"), "an error names its file: {error}"),
    }
}
