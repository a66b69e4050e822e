//! Whether stated intervals hold what they say: of the points inside a 90 % band, how many really are?

use std::fmt;

use serde::Serialize;

use super::stats::{bootstrap_mean, mean, percent, wilson_percent};
use super::text::{interval, rate};

/// Levels at which bands are tried; methods state the one of 90 %, the others follow from it for deviations with the tails
/// of a Laplace distribution.
const LEVELS: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];
/// Of those, the one that is stated.
const STATED: f64 = 0.9;

/// One component with its stated intervals against the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Part of the points whose truth lies in the band of each of the levels.
    points: [f64; LEVELS.len()],
    /// Whether the true share lies in its interval.
    share: bool,
}

impl Held {
    /// `curve` with its band against `truth`, both without their means: the level of a spectrum over a drifting background
    /// is not known.
    pub fn new(curve: &[f32], band: &[f32], truth: &[f64], share: (f64, f64), true_share: f64) -> Self {
        let count = curve.len().max(1) as f64;
        let offset = (curve.iter().map(|v| f64::from(*v)).sum::<f64>() - truth.iter().sum::<f64>()) / count;
        let held = |level: f64| {
            let factor = (1.0 - level).ln() / (1.0 - STATED).ln();
            let each = curve.iter().zip(band).zip(truth);
            let inside = each.filter(|((v, band), truth): &((&f32, &f32), &f64)| {
                (f64::from(**v) - *truth - offset).abs() <= factor * f64::from(**band)
            });
            inside.count() as f64 / count
        };
        Self { points: LEVELS.map(held), share: share.0 <= true_share && true_share <= share.1 }
    }
}

/// Stated intervals against what came true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Components that came with intervals.
    pub components: usize,
    /// Points inside their 90 % bands.
    pub band_percent: f64,
    /// 95 % interval of that (bootstrap over components).
    pub band_interval: Option<[f64; 2]>,
    /// True shares inside their 90 % intervals.
    pub share_percent: Option<f64>,
    /// 95 % interval of that (Wilson).
    pub share_interval: Option<[f64; 2]>,
    /// The bands scaled to other levels.
    pub levels: Vec<Level>,
}

/// Bands of one level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Level {
    /// Points that should be inside.
    pub stated_percent: f64,
    /// Points that are.
    pub held_percent: f64,
}

/// `None` when nothing came with intervals.
pub fn coverage(all: &[&Held]) -> Option<Coverage> {
    if all.is_empty() {
        return None;
    }
    let level = |at: usize| -> Vec<f64> { all.iter().map(|held| 100.0 * held.points[at]).collect() };
    let average = |at: usize| mean(&level(at)).unwrap_or_default();
    let stated = LEVELS.iter().position(|l| *l >= STATED).unwrap_or_default();
    let shares = all.iter().filter(|held| held.share).count();
    Some(Coverage {
        components: all.len(),
        band_percent: average(stated),
        band_interval: bootstrap_mean(&level(stated)),
        share_percent: percent(shares, all.len()),
        share_interval: wilson_percent(shares, all.len()),
        levels: LEVELS
            .iter()
            .enumerate()
            .map(|(at, l)| Level { stated_percent: 100.0 * l, held_percent: average(at) })
            .collect(),
    })
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let levels: Vec<String> =
            self.levels.iter().map(|l| format!("{:.0} % {:.1}", l.stated_percent, l.held_percent)).collect();
        writeln!(
            f,
            "90 % bands hold {} % of the points, 90 % intervals {} % of the shares ({} components); bands by level: {}",
            interval(Some(self.band_percent), self.band_interval),
            rate(self.share_percent, self.share_interval),
            self.components,
            levels.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_what_lies_in_it_whatever_the_offset() {
        let truth = [0.0, 1.0, 0.0, 1.0];
        let curve = [5.1_f32, 5.9, 5.1, 5.9];
        let wide = Held::new(&curve, &[0.2; 4], &truth, (0.2, 0.4), 0.3);
        assert!(wide.share && (wide.points[3] - 1.0).abs() < 1e-12);
        // At 50 % the band has 0.3 of its width.
        assert!(wide.points[0].abs() < 1e-12);
        let narrow = Held::new(&curve, &[0.05, 0.2, 0.05, 0.2], &truth, (0.2, 0.4), 0.5);
        assert!(!narrow.share && (narrow.points[3] - 0.5).abs() < 1e-12);
        let both = coverage(&[&wide, &narrow]).unwrap();
        assert!((both.band_percent - 75.0).abs() < 1e-9 && both.share_percent == Some(50.0));
        assert!(both.levels.windows(2).all(|l| l[0].held_percent <= l[1].held_percent));
        assert!(coverage(&[]).is_none() && both.to_string().contains("2 components"));
    }
}
