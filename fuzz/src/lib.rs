//! What every fuzz target does with its bytes: read, touch everything that came out, write it again.

use std::ops::ControlFlow;
use std::panic;
use std::sync::Once;

use unravel::formats::write::{WriteFormat, WriteOptions, encode};
use unravel::formats::{Decoded, FormatError, Input, Item, Limits, decode, formats, open};

/// Memory bounds under fuzzing: small, so that a reader that trusts a declared size is caught at once.
pub const LIMITS: Limits = Limits { file_bytes: 1 << 24, decoded_bytes: 1 << 24, entries: 1000 };

/// Name of the content in errors.
const NAME: &str = "fuzz.bin";
/// Largest number of spectra looked at one by one.
const LOOK_AT: usize = 200;
/// Numbers written again: writers see odd values with the first few spectra already.
const WRITE: usize = 20_000;

/// Panics inside the spreadsheet library are caught by our reader and become errors; libfuzzer would stop at them
/// before they are caught. All others stop the run.
fn let_guarded_panics_pass() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let stop = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !info.location().is_some_and(|place| place.file().contains("/calamine-")) {
                stop(info);
            }
        }));
    });
}

fn touch(decoded: &Decoded) {
    assert!(!decoded.items.is_empty(), "a reader that succeeds gives at least one spectrum");
    let mut sum = 0.0_f64;
    for spectrum in decoded.spectra().take(LOOK_AT) {
        assert_eq!(spectrum.x().len(), spectrum.y().len());
        sum += spectrum.y().iter().map(|v| f64::from(*v)).sum::<f64>();
        assert!(!spectrum.meta.display_name().is_empty());
    }
    for item in &decoded.items {
        if let Item::Set(set) = item {
            let positions = &set.positions;
            for list in [&positions.x, &positions.y, &positions.z, &positions.time] {
                assert!(list.is_empty() || list.len() == set.len(), "one position for each row");
            }
            assert!(set.labels.is_empty() || set.labels.len() == set.len(), "one label for each row");
        }
    }
    std::hint::black_box(sum);
    write(decoded);
}

/// A writer may refuse, or say what it left out; what it writes is read back by our own readers.
fn write(decoded: &Decoded) {
    let numbers: usize = decoded.items.iter().map(|i| i.len() * i.spectrum(0).map_or(0, |s| s.len())).sum();
    if numbers > WRITE {
        return;
    }
    for format in WriteFormat::ALL {
        let Ok(written) = encode(NAME, &decoded.items, format, WriteOptions::default()) else { continue };
        let (reader, again) = decode(&format!("{NAME}.{}", format.extension()), &written.bytes, LIMITS);
        let (id, reader) = (format.id(), reader.map(|r| r.id));
        let again = again.unwrap_or_else(|e| panic!("{id} read back as {reader:?}: {e}"));
        let told = !written.warnings.is_empty();
        assert!(told || again.count() == decoded.count(), "{id} read back as {reader:?}: another count");
    }
}

fn judge(result: &Result<Decoded, FormatError>) {
    match result {
        Ok(decoded) => touch(decoded),
        Err(error) => assert!(error.to_string().contains(NAME), "an error names its file: {error}"),
    }
}

/// Reads the bytes as the format `id`, whatever the sniffer would say.
pub fn read_as(id: &str, bytes: &[u8]) {
    let_guarded_panics_pass();
    let format = formats().iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no format {id}"));
    let input = Input { name: NAME, bytes, limits: LIMITS, format: format.name };
    judge(&(format.read)(&input));
}

/// Reads the bytes as whatever they look like.
pub fn sniff_and_read(bytes: &[u8]) {
    let_guarded_panics_pass();
    judge(&decode(NAME, bytes, LIMITS).1);
}

/// Opens the bytes as a file on disk: zip archives and gzipped files are entered.
pub fn open_container(bytes: &[u8]) {
    let_guarded_panics_pass();
    let path = std::env::temp_dir().join(format!("unravel-{}-{NAME}", std::process::id()));
    std::fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut inflated = 0;
    let limits = Limits { file_bytes: 1 << 20, entries: 64, ..LIMITS };
    let _all = open(&path, &limits, &mut |opened| {
        inflated += opened.bytes;
        judge(&opened.result);
        ControlFlow::Continue(())
    });
    // The file itself when it is no container, else four times the largest entry, see `formats::open`.
    assert!(inflated <= (4 * limits.file_bytes).max(bytes.len() as u64), "{inflated} bytes were inflated");
}
