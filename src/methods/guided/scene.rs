//! The search's explanation as the network wants to see it: over its axis, slot by slot.

use super::super::evidence::Explained;
use super::super::grid::Grid;
use crate::nets::{Scene, Slot};

/// The scene of an explained mixture, and the level that was taken off it.
pub(super) fn scene(explained: &Explained, mixture: &[f32], grid: &Grid) -> Scene {
    let refit = &explained.refit;
    let level = mixture.iter().map(|v| f64::from(*v)).sum::<f64>() / mixture.len().max(1) as f64;
    let over = |curve: &mut dyn Iterator<Item = f64>| -> Vec<f32> {
        let narrow: Vec<f32> = curve.map(|v| v as f32).collect();
        grid.to_model(&narrow)
    };
    let parts = explained.parts.iter().zip(&refit.fits).zip(&refit.weights);
    let mut slots: Vec<Slot> = parts
        .map(|((part, fit), weights)| Slot {
            likely: over(&mut fit.iter().copied()),
            stored: over(&mut part.stored(weights, mixture.len()).into_iter()),
            // What the user settled is not to be doubted.
            confidence: part.confidence.unwrap_or(1.0) as f32,
            lacking: false,
        })
        .collect();
    slots.push(Slot::lacking(grid.points()));
    Scene {
        mixture: over(&mut mixture.iter().map(|v| f64::from(*v) - level)),
        background: over(&mut refit.background.iter().map(|b| b - level)),
        slots,
        exact: explained.found.ranked.first().is_some_and(|best| best.exact),
        noise: explained.found.deviation.noise.sqrt(),
    }
}
