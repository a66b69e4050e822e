//! A substance that is none of the known ones.

use super::super::Rng;

/// Share that are lines drawn at random; the others are a known substance with its axis turned round or moved far.
const LINES: f64 = 0.5;
/// Share of the moved ones that are turned round as well.
const TURNED: f64 = 0.5;
/// Lines of a drawn substance.
const LEAST: usize = 1;
const MOST: usize = 14;
/// Half widths of drawn lines in cm-1.
const WIDTHS: (f64, f64) = (2.0, 15.0);
/// How far a known substance is moved, in cm-1.
const FAR: (f64, f64) = (40.0, 300.0);

/// A curve of height 1.
pub fn foreign(rng: &mut Rng, x: &[f64], known: &[f32]) -> Vec<f32> {
    let (Some(first), Some(last)) = (x.first(), x.last()) else { return Vec::new() };
    let mut y: Vec<f32> = if rng.unit() < LINES {
        let count = LEAST + rng.below(MOST - LEAST + 1);
        let lines: Vec<(f64, f64, f64)> = (0..count)
            .map(|_| {
                let width = WIDTHS.0 * libm::pow(WIDTHS.1 / WIDTHS.0, rng.unit());
                (rng.uniform(*first, *last), width, libm::pow(10.0, -rng.unit()))
            })
            .collect();
        let at =
            |x: &f64| lines.iter().map(|(c, w, h)| h / (1.0 + ((x - c) / w).powi(2))).sum::<f64>() as f32;
        x.iter().map(at).collect()
    } else {
        let points = x.len();
        let step = ((last - first) / (points - 1).max(1) as f64).max(f64::MIN_POSITIVE);
        let far = (rng.uniform(FAR.0, FAR.1) / step) as usize % points.max(1);
        let turned = rng.unit() < TURNED;
        (0..points)
            .map(|i| {
                let from = (i + far) % points;
                known[if turned { points - 1 - from } else { from }]
            })
            .collect()
    };
    let top = y.iter().fold(f32::MIN_POSITIVE, |m, v| m.max(*v));
    for v in &mut y {
        *v /= top;
    }
    y
}
