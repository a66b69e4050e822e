//! The library that ships inside the program: line tables of facts, made into spectra at first use.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;

use super::peaks::{Substance, rebuild, table};
use super::{Facts, Library};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

/// Tables fitted by `unravel library peaks`, and one written by hand from the literature.
const TABLES: [(&str, &str); 5] = [
    ("minerals.csv", include_str!("../../assets/library/minerals.csv")),
    ("polymers.csv", include_str!("../../assets/library/polymers.csv")),
    ("pigments.csv", include_str!("../../assets/library/pigments.csv")),
    ("chemicals.csv", include_str!("../../assets/library/chemicals.csv")),
    ("published.csv", include_str!("../../assets/library/published.csv")),
];

/// Name of the default library.
const NAME: &str = "Unravel default library";
/// Said of every entry.
const LICENCE: &str = "facts (line positions, heights, widths); no measured spectrum is included";
/// Distance between the points of a rebuilt spectrum in cm-1. The narrowest stored line is 2.5 cm-1 wide.
const STEP_CM1: f64 = 1.0;

/// Substances of the default library with their lines, in the order of the tables.
pub fn default_substances() -> &'static [Substance] {
    // A broken table is found by the tests below, so that here it can only be missing.
    static SUBSTANCES: LazyLock<Vec<Substance>> = LazyLock::new(|| {
        TABLES.iter().flat_map(|(file, text)| table::parse(file, text).unwrap_or_default()).collect()
    });
    &SUBSTANCES
}

/// The default library as spectra, each over its own range in steps of 1 cm-1. Built at first use.
pub fn default_library() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| build(default_substances()));
    &LIBRARY
}

fn build(substances: &[Substance]) -> Library {
    let mut axes: BTreeMap<(u64, u64), Arc<Axis>> = BTreeMap::new();
    let placed: Vec<(&Substance, Arc<Axis>)> = substances
        .iter()
        .filter_map(|s| {
            let key = (s.low_cm1.to_bits(), s.high_cm1.to_bits());
            if let Some(axis) = axes.get(&key) {
                return Some((s, Arc::clone(axis)));
            }
            let points = ((s.high_cm1 - s.low_cm1) / STEP_CM1).floor() as usize + 1;
            let last = s.low_cm1 + STEP_CM1 * (points - 1) as f64;
            let axis = Arc::new(Axis::even(AxisKind::RamanShift, s.low_cm1, last, points).ok()?);
            axes.insert(key, Arc::clone(&axis));
            Some((s, axis))
        })
        .collect();
    let spectra: Vec<Option<(Facts, Spectrum)>> =
        placed.into_par_iter().map(|(s, axis)| entry(s, &axis)).collect();
    let mut library = Library::new(NAME);
    for (facts, spectrum) in spectra.into_iter().flatten() {
        library.add(facts, spectrum);
    }
    library
}

fn entry(substance: &Substance, axis: &Arc<Axis>) -> Option<(Facts, Spectrum)> {
    let meta = Metadata {
        title: Some(substance.name.clone()),
        laser_nm: substance.laser_nm,
        history: vec![format!("rebuilt from {} lines", substance.lines.len())],
        ..Metadata::default()
    };
    let y = rebuild(&substance.lines, axis.values());
    let facts = Facts {
        name: substance.name.clone(),
        group: substance.group.clone(),
        formula: substance.formula.clone(),
        source: substance.source.clone(),
        licence: LICENCE.to_owned(),
        kind: substance.class.clone(),
        notes: String::new(),
    };
    Some((facts, Spectrum::new(Arc::clone(axis), y, meta).ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_is_sound_and_no_name_stands_twice() {
        let mut names = BTreeSet::new();
        for (file, text) in TABLES {
            for s in table::parse(file, text).unwrap() {
                assert!(names.insert(s.name.clone()), "{} stands twice ({file})", s.name);
                assert!(s.lines.len() >= 2, "{} has {} lines", s.name, s.lines.len());
                assert!(!s.source.is_empty(), "{} has no source", s.name);
                let top = s.lines.iter().map(|l| l.height).fold(0.0, f64::max);
                assert!((100.0..1500.0).contains(&top), "{}: highest line {top}", s.name);
                for line in &s.lines {
                    // Ranges are stored in whole cm-1.
                    assert!(
                        (s.low_cm1 - 1.0..=s.high_cm1 + 1.0).contains(&line.position_cm1),
                        "{}: {line:?}",
                        s.name
                    );
                    assert!((2.0..=400.0).contains(&line.fwhm_cm1), "{}: {line:?}", s.name);
                }
                let sorted = s.lines.windows(2).all(|w| w[0].position_cm1 <= w[1].position_cm1);
                assert!(sorted, "{}: lines are not sorted", s.name);
            }
        }
    }

    #[test]
    fn the_library_is_as_large_as_promised() {
        let of = |class: &str| default_substances().iter().filter(|s| s.class.starts_with(class)).count();
        assert!(of("mineral") >= 190, "{} minerals", of("mineral"));
        assert!(of("polymer") + of("pigment") + of("chemical") >= 80);
        assert_eq!(default_library().len(), default_substances().len());
        let bytes: usize = TABLES.iter().map(|(_, text)| text.len()).sum();
        assert!(bytes < 3_000_000);
    }

    #[test]
    fn rebuilt_spectra_are_finite_and_not_negative() {
        for entry in default_library().entries() {
            assert!(entry.spectrum.y().iter().all(|v| v.is_finite() && *v >= 0.0), "{}", entry.facts.name);
        }
    }
}
