//! File names from names of spectra.

use std::collections::BTreeSet;

use crate::formats::write::safe_stem;

/// Longest stem in bytes: with the name of a method and an extension it stays far below the 255 bytes of most systems.
const STEM_BYTES: usize = 120;

/// A name as a file stem that every system accepts.
pub fn short_stem(name: &str) -> String {
    let mut stem = safe_stem(name);
    if stem.len() > STEM_BYTES {
        let end = (0..=STEM_BYTES).rev().find(|&at| stem.is_char_boundary(at)).unwrap_or(0);
        stem.truncate(end);
        stem.truncate(stem.trim_end_matches([' ', '.']).len());
    }
    // Devices of Windows, whatever the extension.
    let device = ["con", "prn", "aux", "nul"].contains(&stem.to_lowercase().as_str());
    if device { format!("{stem}_") } else { stem }
}

/// A stem for each name; none twice, not even where upper and lower case are one.
pub fn unique_stems<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut given = BTreeSet::new();
    let mut unique = |name| {
        let stem = short_stem(name);
        let mut candidate = stem.clone();
        let mut next = 2;
        while !given.insert(candidate.to_lowercase()) {
            candidate = format!("{stem}-{next}");
            next += 1;
        }
        candidate
    };
    names.map(&mut unique).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_file_names() {
        for (name, stem) in
            [("<b>", "_b_"), ("../x", "_x"), ("a\0b", "a_b"), ("", "spectrum"), ("NUL", "NUL_")]
        {
            assert_eq!(short_stem(name), stem, "{name:?}");
        }
        let long = "é".repeat(300);
        let stem = short_stem(&long);
        assert!(stem.len() <= STEM_BYTES && stem.starts_with('é') && long.starts_with(&stem));
    }

    #[test]
    fn no_stem_is_given_twice() {
        assert_eq!(unique_stems(["a", "A", "b", "a"].into_iter()), ["a", "A-2", "b", "a-3"]);
    }
}
