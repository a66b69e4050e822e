//! How much a component looks like the library spectrum it is matched with, and that spectrum scaled to lie over it.

use super::classic::DEFAULT_COSINES;
use super::signal::Smooth;
use super::{Component, References};
use crate::library::EntryId;
use crate::spectrum::metrics::norm;

/// A component's library spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matched {
    /// The entry.
    pub entry: EntryId,
    /// Cosine of the angle between both curves without their smooth background: 1 for the same shape.
    pub score: f64,
}

/// The library spectrum most like a component: among the entries it is made of, or those of its species where the method
/// names no entries. The references have to stand on the axis of the outcome.
pub fn best_match(component: &Component, references: &References) -> Option<Matched> {
    if component.spectrum.len() != references.axis().len() {
        return None;
    }
    let smooth = references.background(DEFAULT_COSINES);
    let curve = flattened(&component.spectrum, &smooth);
    let own = |id: EntryId| component.entries.iter().any(|entry| entry.id == id);
    let species = component.species.as_deref().and_then(|name| references.find_species(name));
    let candidates = references.entries().iter().enumerate().filter(|(_, entry)| {
        if component.entries.is_empty() { Some(entry.species) == species } else { own(entry.id) }
    });
    candidates
        .map(|(row, entry)| {
            let stored = flattened(references.row(row), &smooth);
            Matched { entry: entry.id, score: curve.iter().zip(&stored).map(|(a, b)| a * b).sum() }
        })
        .reduce(|best, next| if next.score > best.score { next } else { best })
}

/// The curve less its smooth background, of unit norm; zeros where nothing is left.
pub(super) fn flattened(curve: &[f32], smooth: &Smooth) -> Vec<f64> {
    // To norm 1 first: squares of very large or small intensities leave the range of numbers.
    let scale = norm(curve).max(f64::MIN_POSITIVE);
    let mut flat: Vec<f64> = curve.iter().map(|v| f64::from(*v) / scale).collect();
    smooth.remove(&mut flat);
    let left = flat.iter().map(|v| v * v).sum::<f64>().sqrt();
    // What rounding leaves of a smooth curve is no shape.
    let factor = if left > NOTHING_LEFT { 1.0 / left } else { 0.0 };
    flat.iter().map(|v| v * factor).collect()
}

/// Part of a curve of `f32` values that is rounding.
const NOTHING_LEFT: f64 = 1e-6;

/// A library row scaled by least squares to lie over a component; never upside down.
pub fn overlay(component: &[f32], row: &[f32]) -> Vec<f32> {
    let scale = norm(row);
    if scale <= 0.0 {
        return vec![0.0; row.len()];
    }
    let along: f64 = component.iter().zip(row).map(|(c, r)| f64::from(*c) * f64::from(*r) / scale).sum();
    let factor = along.max(0.0) / scale;
    row.iter().map(|r| (factor * f64::from(*r)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{axis, curve, mixed, outcome_of, references};
    use super::*;

    #[test]
    fn a_component_matches_the_library_spectrum_it_is_made_of() {
        let references = references();
        for id in ["evidence", "nnomp", "sunsal"] {
            let outcome = outcome_of(id, &mixed());
            for component in &outcome.components {
                let matched = best_match(component, &references).unwrap();
                assert!(matched.score > 0.99 && matched.score < 1.0 + 1e-9, "{id} {matched:?}");
            }
            let matched = best_match(&outcome.components[0], &references).unwrap();
            assert_eq!(matched.entry, outcome.components[0].entries[0].id, "{id}");
        }
    }

    #[test]
    fn background_under_either_does_not_count_and_another_shape_does() {
        let references = references();
        let mut component = outcome_of("nnomp", &mixed()).components.remove(0);
        let plain = best_match(&component, &references).unwrap().score;
        for (i, v) in component.spectrum.iter_mut().enumerate() {
            *v += 1000.0 + i as f32;
        }
        let lifted = best_match(&component, &references).unwrap().score;
        // Twelve cosines leave a thousandth of a slope.
        assert!((plain - lifted).abs() < 0.01, "{plain} {lifted}");
        component.spectrum = curve(&[550.0, 1010.0, 1175.0]);
        assert!(best_match(&component, &references).unwrap().score < 0.2);
        component.spectrum.fill(3.0);
        assert!(best_match(&component, &references).unwrap().score.abs() < 1e-6);
    }

    #[test]
    fn without_entries_the_species_decides_and_without_both_there_is_no_match() {
        let references = references();
        let mut component = outcome_of("nnomp", &mixed()).components.remove(1);
        assert_eq!(component.name, "Quartz");
        let entry = component.entries[0].id;
        component.entries.clear();
        assert_eq!(best_match(&component, &references).map(|m| m.entry), Some(entry));
        component.species = None;
        assert_eq!(best_match(&component, &references), None);
        component.species = Some("Quartz".into());
        component.spectrum.pop();
        assert_eq!(best_match(&component, &references), None, "another axis");
    }

    #[test]
    fn an_overlay_lies_over_the_component_and_never_upside_down() {
        let row = curve(&[282.0, 712.0]);
        let component: Vec<f32> = row.iter().map(|v| 40.0 * v).collect();
        for (found, wanted) in overlay(&component, &row).iter().zip(&component) {
            assert!((found - wanted).abs() < 1e-4);
        }
        let down: Vec<f32> = component.iter().map(|v| -v).collect();
        assert!(overlay(&down, &row).iter().all(|v| v.abs() <= 0.0));
        assert_eq!(overlay(&component, &[0.0; 3]), [0.0; 3]);
        let huge: Vec<f32> = row.iter().map(|v| 1e30 * v).collect();
        assert!(overlay(&huge, &row).iter().zip(&huge).all(|(a, b)| (a - b).abs() <= 1e24));
        assert_eq!(axis().len(), row.len());
    }
}
