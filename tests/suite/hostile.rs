//! Damaged content never panics, hangs or passes for something it is not: every real sample cut at every 64th byte, and
//! every one with stretches of its header overwritten.
//!
//! A reader looks at all of a cut file, so the work grows with the square of the file's length: three samples above
//! half a megabyte would take five times as long as the 240 others together. Those are cut at every 64th byte of their
//! first and last 64 KiB and at some hundred places between, drawn with a fixed seed. With `UNRAVEL_ALL_CUTS=1` they
//! too are cut at every 64th byte: `UNRAVEL_ALL_CUTS=1 cargo test --release --test suite hostile`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use unravel::formats::{Limits, decode};

use crate::data;

/// Bytes between two cuts.
const STRIDE: usize = 64;
/// Files up to this length are cut at every stride.
const WHOLE: usize = 512 << 10;
/// Beginning and end of a longer file that are cut at every stride.
const EDGE: usize = 64 << 10;
/// Cuts between the edges of a longer file.
const BETWEEN: usize = 400;
/// Bytes of a header that are overwritten one group at a time.
const HEADER: usize = 2048;
/// Bytes overwritten at once.
const GROUP: usize = 4;
/// Files up to this length are overwritten at every group, longer ones at every eighth: what their headers declare is
/// declared in those of short files too.
const SHORT: usize = 128 << 10;
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

/// Where a file of this length is cut: multiples of the stride.
fn cuts(length: usize, all: bool) -> Vec<usize> {
    let strides = length.div_ceil(STRIDE);
    if all || length <= WHOLE {
        return (0..strides).map(|k| k * STRIDE).collect();
    }
    let edge = EDGE / STRIDE;
    let between = strides - 2 * edge;
    // A linear congruential generator with Knuth's numbers: its upper bits spread the cuts well enough.
    let mut state = length as u64;
    let drawn = (0..BETWEEN).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        edge + (state >> 33) as usize % between
    });
    (0..edge).chain(drawn).chain(strides - edge..strides).map(|k| k * STRIDE).collect()
}

#[test]
fn a_file_cut_anywhere_never_panics() {
    let all = std::env::var_os("UNRAVEL_ALL_CUTS").is_some();
    over_samples(|name, bytes| {
        cuts(bytes.len(), all)
            .into_par_iter()
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
        let mut altered = bytes.to_vec();
        let step = if bytes.len() > SHORT { 8 * GROUP } else { GROUP };
        for at in (0..bytes.len().min(HEADER)).step_by(step) {
            let group = at..(at + GROUP).min(bytes.len());
            for fill in [0x00, 0x7F, 0xFF] {
                altered[group.clone()].fill(fill);
                if let Err(e) = survive(name, &altered) {
                    wrong.push(format!("{name} with {fill:#04x} at byte {at}: {e}"));
                }
            }
            altered[group.clone()].copy_from_slice(&bytes[group]);
        }
        wrong
    });
}

/// Megabytes of the same bytes again and again behind a beginning that a reader knows: what a reader does for each line,
/// tag or block must not grow with the length of the file.
#[test]
fn a_stretch_repeated_without_end_does_not_hang() {
    const LENGTH: usize = 2 << 20;
    over_samples(|name, bytes| {
        let mut wrong = Vec::new();
        for head in [0, 128] {
            for stretch in [1, 16, 61, 250] {
                let end = (head + stretch).min(bytes.len());
                let Some(again) = bytes.get(head..end).filter(|a| !a.is_empty()) else { continue };
                let body = again.iter().copied().cycle().take(LENGTH);
                let stretched: Vec<u8> = bytes[..head].iter().copied().chain(body).collect();
                if let Err(e) = survive(name, &stretched) {
                    wrong.push(format!("{name} with bytes {head} to {end} repeated: {e}"));
                }
            }
        }
        wrong
    });
}
