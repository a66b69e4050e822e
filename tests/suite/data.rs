//! Where the real data lies, and what to do where it does not.

use std::path::PathBuf;

/// The data folder, or `None` with a printed notice when this machine has none.
pub fn folder(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("UNRAVEL_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = root.join(part);
    if folder.exists() {
        return Some(folder);
    }
    println!(
        "skipped: no {} on this machine (set UNRAVEL_DATA to the folder with the real spectra)",
        folder.display()
    );
    None
}
