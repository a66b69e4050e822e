//! Bringing the entries of a library to an axis.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::MethodError;
use super::kept::Kept;
use super::table::{LeftOut, Reference, References};
use crate::library::{Entry, Library, species_key};
use crate::spectrum::resample::on_axis;
use crate::spectrum::{Axis, AxisKind};

/// Least part of the axis that an entry must cover. Half a range without data looks like half a range without lines.
pub const MIN_COVERAGE: f64 = 0.3;
/// Part of a step by which equal points may differ.
const SAME_POINT: f64 = 0.01;

impl References {
    /// Prepares a library for an axis over Raman shift, low to high ([`crate::methods::prepare`] gives spectra over such axes).
    pub fn new(library: &Library, axis: &Arc<Axis>) -> Result<Self, MethodError> {
        if axis.kind() != &AxisKind::RamanShift {
            let advice = "convert the spectrum first".to_owned();
            return Err(MethodError::NoRamanShift { found: axis.kind().label(), advice });
        }
        if library.is_empty() {
            return Err(MethodError::EmptyLibrary { library: library.name.clone() });
        }
        let mut prepared = Self {
            library: library.name.clone(),
            axis: Arc::clone(axis),
            rows: Vec::new(),
            entries: Vec::new(),
            species: Vec::new(),
            rows_of_species: Vec::new(),
            left_out: Vec::new(),
            kept: Kept::default(),
        };
        let mut places = HashMap::new();
        // One after the other: this runs inside locks that other workers of a pool may be waiting for.
        for entry in library.entries() {
            match row(entry, axis) {
                Err(why) => {
                    let species = species_key(&entry.facts.group);
                    let name = entry.facts.name.clone();
                    prepared.left_out.push(LeftOut { id: entry.id, name, species, why });
                }
                Ok((row, same_points)) => {
                    let species =
                        *places.entry(species_key(&entry.facts.group)).or_insert(prepared.species.len());
                    if species == prepared.species.len() {
                        prepared.species.push(Arc::from(entry.facts.group.trim()));
                        prepared.rows_of_species.push(Vec::new());
                    }
                    prepared.rows_of_species[species].push(prepared.entries.len());
                    prepared.rows.extend(row);
                    let name = Arc::from(entry.facts.name.trim());
                    prepared.entries.push(Reference { id: entry.id, name, species, same_points });
                }
            }
        }
        if prepared.entries.is_empty() { Err(prepared.why_none(library)) } else { Ok(prepared) }
    }

    /// Lowest and highest position at which any entry of a library has data, in cm-1.
    #[must_use]
    pub fn covered(library: &Library) -> Option<(f64, f64)> {
        let axes = library.entries().iter().filter_map(|e| {
            let laser = e.spectrum.meta.laser_nm;
            e.spectrum.axis().converted(&AxisKind::RamanShift, laser).ok()
        });
        axes.map(|a| (a.low(), a.high())).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn why_none(&self, library: &Library) -> MethodError {
        match Self::covered(library) {
            Some((library_low_cm1, library_high_cm1)) => MethodError::NoCoverage {
                library: self.library.clone(),
                low_cm1: self.axis.low(),
                high_cm1: self.axis.high(),
                library_low_cm1,
                library_high_cm1,
            },
            None => MethodError::NoUsableEntry {
                library: self.library.clone(),
                why: self.left_out.first().map(|l| format!("{}: {}", l.name, l.why)).unwrap_or_default(),
            },
        }
    }
}

/// An entry on the axis and whether it was measured at its points, or why it cannot be used there.
fn row(entry: &Entry, axis: &Axis) -> Result<(Vec<f32>, bool), String> {
    let spectrum = entry.spectrum.converted(&AxisKind::RamanShift).map_err(|e| e.to_string())?;
    let own = spectrum.axis();
    let shared = own.high().min(axis.high()) - own.low().max(axis.low());
    let coverage = (shared / (axis.high() - axis.low())).max(0.0);
    if coverage < MIN_COVERAGE {
        return Err(format!(
            "it covers {:.0} to {:.0} cm-1, which is {:.0} % of {:.0} to {:.0} ({:.0} % are needed)",
            own.low(),
            own.high(),
            100.0 * coverage,
            axis.low(),
            axis.high(),
            100.0 * MIN_COVERAGE
        ));
    }
    let row = on_axis(own, spectrum.y(), axis);
    let first = row.first().copied().unwrap_or_default();
    if !row.iter().all(|v| v.is_finite()) {
        return Err("its intensities are too large to be resampled".into());
    }
    if row.iter().all(|v| v.total_cmp(&first).is_eq()) {
        return Err("it is flat on this range".into());
    }
    Ok((row, has_points(own, axis)))
}

/// Whether all points of `axis` follow each other in `own`, to a hundredth of a step.
fn has_points(own: &Axis, axis: &Axis) -> bool {
    let near = SAME_POINT * axis.mean_step();
    let wanted = axis.values();
    let Some(first) = wanted.first() else { return false };
    let start = own.values().partition_point(|v| *v < first - near);
    let there = own.values().get(start..start + wanted.len());
    there.is_some_and(|there| there.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= near))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Facts;
    use crate::spectrum::{Metadata, Spectrum};

    /// A line at 500 cm-1, 20 cm-1 wide, on its own axis.
    fn entry(group: &str, low: f64, high: f64, step: f64) -> (Facts, Spectrum) {
        let points = ((high - low) / step).round() as usize + 1;
        let axis = Axis::even(AxisKind::RamanShift, low, high, points).unwrap();
        let y: Vec<f32> =
            axis.values().iter().map(|x| libm::exp(-((x - 500.0) / 20.0).powi(2)) as f32).collect();
        (Facts::named(group), Spectrum::new(axis, y, Metadata::titled(group)).unwrap())
    }

    fn library(entries: &[(&str, f64, f64, f64)]) -> Library {
        let mut library = Library::new("test");
        for (group, low, high, step) in entries {
            let (facts, spectrum) = entry(group, *low, *high, *step);
            library.add(facts, spectrum);
        }
        library
    }

    fn axis(low: f64, high: f64, points: usize) -> Arc<Axis> {
        Arc::new(Axis::even(AxisKind::RamanShift, low, high, points).unwrap())
    }

    #[test]
    fn rows_follow_the_measurement_whatever_axis_the_entry_has() {
        let library = library(&[
            ("fine", 100.0, 1000.0, 0.5),
            ("coarse", 1000.0, 100.0, -7.0),
            ("same", 200.0, 900.0, 7.0),
        ]);
        let axis = axis(200.0, 900.0, 101);
        let references = References::new(&library, &axis).unwrap();
        assert_eq!((references.len(), references.species().len()), (3, 3));
        for row in 0..3 {
            for (x, v) in axis.values().iter().zip(references.row(row)) {
                // Cells 7 cm-1 wide average a line with a curvature of 2 / 20^2: at most 7^2/24 * 2/400 = 0.010.
                assert!(
                    (libm::exp(-((x - 500.0) / 20.0).powi(2)) as f32 - v).abs() < 0.011,
                    "row {row} at {x}"
                );
            }
        }
        assert_eq!(references.row(2), library.entries()[2].spectrum.y());
        assert_eq!(
            references.entries().iter().map(|e| e.same_points).collect::<Vec<_>>(),
            [false, false, true]
        );
        let part = Arc::new(Axis::even(AxisKind::RamanShift, 207.0, 550.0, 50).unwrap());
        assert!(References::new(&library, &part).unwrap().entries()[2].same_points);
        assert!(references.row(3).is_empty());
    }

    #[test]
    fn outside_an_entry_is_zero_and_entries_that_cover_too_little_are_named() {
        let library = library(&[
            ("short", 450.0, 900.0, 1.0),
            ("tiny", 480.0, 520.0, 1.0),
            ("far", 2000.0, 3000.0, 1.0),
        ]);
        let references = References::new(&library, &axis(100.0, 1100.0, 501)).unwrap();
        assert_eq!(references.len(), 1);
        assert!(references.row(0)[..175].iter().all(|v| *v == 0.0));
        let names: Vec<&str> = references.left_out().iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["tiny", "far"]);
        let note = references.note().unwrap();
        assert!(note.contains("2 of 3") && note.contains("tiny"), "{note}");
    }

    #[test]
    fn species_are_grouped_whatever_their_case() {
        let library = library(&[
            ("Quartz", 100.0, 900.0, 1.0),
            ("Calcite", 100.0, 900.0, 1.0),
            ("quartz ", 100.0, 900.0, 1.0),
        ]);
        let references = References::new(&library, &axis(200.0, 800.0, 201)).unwrap();
        assert_eq!(references.rows_of(0), [0, 2]);
        assert_eq!((references.species_of(1), references.species_of(9)), (Some(1), None));
        assert_eq!(&*references.species()[0], "Quartz");
    }

    #[test]
    fn no_overlap_says_where_the_library_lies() {
        let library = library(&[("far", 2000.0, 3000.0, 1.0)]);
        let refused = References::new(&library, &axis(100.0, 1100.0, 501)).unwrap_err().to_string();
        assert!(refused.contains("100 to 1100") && refused.contains("2000 to 3000"), "{refused}");
        let refused = References::new(&Library::new("none"), &axis(100.0, 1100.0, 501)).unwrap_err();
        assert_eq!(refused, MethodError::EmptyLibrary { library: "none".into() });
    }
}
