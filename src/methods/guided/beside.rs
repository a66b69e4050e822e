//! What stands beside the library's spectra where these were measured as the mixture was: then they fit as they are, and
//! bands that are left over belong to a substance that the library lacks.

use super::super::evidence::Explained;
use super::super::{Components, Request, Selection};
use super::settle::Settled;
use crate::solvers::{Fitted, PureFit};
use crate::spectrum::metrics::norm;
use crate::spectrum::resample::on_axis;
use crate::spectrum::{Axis, AxisKind};
use crate::synth::distort::shift_and_stretch;

/// Fewest and most spectra of the mixture's own instrument: a collection of an institute is no list of what may be there.
const OWN: std::ops::RangeInclusive<usize> = 2..=64;
/// Root mean square of what is left over where the library has little, against that of the lines, from which it is a
/// substance.
const LIMIT: f64 = 0.075;
/// Least norm of a component against the largest.
const LEAST: f64 = 0.01;
/// Standard deviations of the noise below which nothing of what is left over is shown.
const SHOWN: f64 = 2.0;
/// What the fit's smoothing leaves of white noise.
const SMOOTHED: f64 = 0.523;

/// A substance beside those of the library.
#[derive(Debug)]
pub(super) struct Beside {
    /// Probability that the library lacks it.
    probability: f64,
    /// Stored spectra of the search's candidates as they are, then what stands beside them. All over the mixture.
    curves: Vec<Vec<f32>>,
}

/// Looks for it when the number of components is open and a few spectra stand on the mixture's own points.
pub(super) fn beside(
    request: &Request,
    references: &Selection<'_>,
    explained: &Explained<'_>,
) -> Option<Beside> {
    let is_own = |row: &usize| references.entries().get(*row).is_some_and(|e| e.same_points);
    let own = (0..references.len()).filter(is_own).count();
    if request.components != Components::Auto || !OWN.contains(&own) {
        return None;
    }
    let found: Vec<usize> = explained.parts.iter().map(|part| part.species).collect();
    let used = |row: &usize| is_own(row) || references.species_of(*row).is_some_and(|s| found.contains(&s));
    let rows: Vec<usize> = (0..references.len()).filter(used).collect();
    let axis = request.mixture.axis();
    let even = Axis::even(AxisKind::RamanShift, axis.low(), axis.high(), axis.len()).ok()?;
    let pures: Vec<f32> = rows.iter().flat_map(|row| on_axis(axis, references.row(*row), &even)).collect();
    let fit = PureFit::new(even.low(), even.high(), even.len(), &pures).ok()?;
    let fitted = fit.fit(&on_axis(axis, request.mixture.y(), &even));
    if fitted.strange < LIMIT {
        return None;
    }
    let stored = |species: &usize| {
        let mut sum = vec![0.0_f32; axis.len()];
        let own = rows
            .iter()
            .zip(&fitted.weights)
            .filter(|(row, _)| references.species_of(**row) == Some(*species));
        for (row, weight) in own.filter(|(_, weight)| **weight > 0.0) {
            let moved = shift_and_stretch(axis.values(), references.row(*row), fitted.shift_cm1, 0.0);
            sum.iter_mut().zip(moved).for_each(|(s, v)| *s += (weight * f64::from(v)) as f32);
        }
        sum
    };
    let mut curves: Vec<Vec<f32>> = found.iter().map(stored).collect();
    curves.push(on_axis(&even, &left_over(&fitted, even.len()), axis));
    let odds = (fitted.strange / LIMIT).powi(2);
    Some(Beside { probability: odds / (1.0 + odds), curves })
}

/// What stands above the fit and its noise.
fn left_over(fitted: &Fitted, points: usize) -> Vec<f32> {
    let least = SHOWN * SMOOTHED * fitted.noise;
    let ends = (points - fitted.rest.len()) / 2;
    let mut curve = vec![0.0; points];
    for (v, rest) in curve.iter_mut().skip(ends).zip(&fitted.rest) {
        *v = if *rest > least { *rest as f32 } else { 0.0 };
    }
    curve
}

impl Beside {
    /// The curve of a slot.
    pub fn curve(&self, slot: usize) -> Vec<f32> {
        self.curves.get(slot).cloned().unwrap_or_default()
    }

    /// The answer: candidates with any weight by their names, of these probabilities, and what stands beside them.
    pub fn settled(&self, names: &[f64]) -> Vec<Settled> {
        let largest = self.curves.iter().map(|c| norm(c)).fold(0.0, f64::max);
        let one = |(slot, curve): (usize, &Vec<f32>)| {
            let name = names.get(slot);
            (name.is_none() || norm(curve) >= LEAST * largest).then(|| Settled {
                slot,
                correction: None,
                band: Vec::new(),
                level: 0.0,
                name: (name.copied().unwrap_or_default(), name.is_some()),
                listed: if name.is_some() { 1.0 } else { 1.0 - self.probability },
            })
        };
        self.curves.iter().enumerate().filter_map(one).collect()
    }
}
