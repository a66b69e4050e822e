//! Damaged content never panics, hangs or passes for something it is not: every real sample cut at every 64th byte, and
//! every one with stretches of its header overwritten.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use unravel::formats::{Limits, decode};

use crate::data;

/// Bytes between two cuts.
const STRIDE: usize = 64;
/// Bytes of a header that are overwritten one group at a time.
const HEADER: usize = 2048;
/// Small, so that a reader that trusts a lying count is refused instead of allocating.
const LIMITS: Limits = Limits { file_bytes: 1 << 28, decoded_bytes: 1 << 26, entries: 1000 };

fn samples(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for format in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        found.extend(fs::read_dir(format).unwrap().map(|e| e.unwrap().path()).filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            !name.contains(".expected.")
        }));
    }
    found.sort();
    found
}

/// Decodes one content; says what went wrong if it panicked, lied or said too little.
fn survive(name: &str, bytes: &[u8]) -> Result<(), String> {
    let result = catch_unwind(AssertUnwindSafe(|| decode(name, bytes, LIMITS).1)).map_err(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        format!(
            "panicked: {}",
            words.or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default()
        )
    })?;
    match result {
        Ok(decoded) if decoded.items.is_empty() => Err("succeeded without a spectrum".into()),
        Ok(_) => Ok(()),
        Err(error) if error.to_string().contains(name) => Ok(()),
        Err(error) => Err(format!("the error does not name the file: {error}")),
    }
}

fn over_samples(each: impl Fn(&str, &[u8]) -> Vec<String> + Sync) {
    let Some(folder) = data::folder("formats") else { return };
    let samples = samples(&folder);
    assert!(samples.len() > 100, "only {} samples", samples.len());
    let wrong: Vec<String> = samples
        .par_iter()
        .flat_map(|path| {
            let bytes = fs::read(path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            each(&name, &bytes)
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} failures, the first ones:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

#[test]
fn a_file_cut_anywhere_never_panics() {
    over_samples(|name, bytes| {
        (0..bytes.len().div_ceil(STRIDE))
            .into_par_iter()
            .map(|k| k * STRIDE)
            .filter_map(|cut| {
                survive(name, &bytes[..cut]).err().map(|e| format!("{name} cut at byte {cut}: {e}"))
            })
            .collect()
    });
}

#[test]
fn a_file_with_a_lying_header_never_panics() {
    over_samples(|name, bytes| {
        let mut wrong = Vec::new();
        for at in (0..bytes.len().min(HEADER)).step_by(4) {
            for fill in [0x00, 0x7F, 0xFF] {
                let mut altered = bytes.to_vec();
                let end = (at + 4).min(altered.len());
                altered[at..end].fill(fill);
                if let Err(e) = survive(name, &altered) {
                    wrong.push(format!("{name} with {fill:#04x} at byte {at}: {e}"));
                }
            }
        }
        wrong
    });
}
