//! Line finding by residual: add the strongest peaks that remain, refine all lines together, stop when enough is
//! explained or lines stop helping.

use super::refine::{Bounds, refine, residual};
use super::{Curve, Line};

/// When to stop and what counts as a line.
#[derive(Debug, Clone, Copy)]
pub struct FitSettings {
    /// Correlation with the measured curve that is good enough.
    pub enough: f64,
    /// Most lines of one substance.
    pub most_lines: usize,
    /// A line rises this many standard deviations of the noise (after smoothing over its width) out of the residual.
    pub significance: f64,
    /// Lowest line, as a part of the highest point.
    pub lowest: f64,
    /// Narrowest line in cm-1 (resolution of the instruments: a point or two of their detectors).
    pub narrowest_cm1: f64,
    /// Widest line in cm-1; what is wider is left to the background.
    pub widest_cm1: f64,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self {
            enough: 0.9997,
            most_lines: 64,
            significance: 4.0,
            lowest: 0.004,
            narrowest_cm1: 2.5,
            widest_cm1: 160.0,
        }
    }
}

/// Lines of one substance and how well they rebuild it.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Lines by rising position; heights in units of the curve's highest point.
    pub lines: Vec<Line>,
    /// Pearson correlation of the rebuilt curve with the measured one, background removed, over its whole range.
    pub correlation: f64,
}

/// New peaks of one round stand apart by at least this many of their widths, so that each is seen unspoilt.
const APART: f64 = 1.5;
/// Peaks lower than this part of the round's strongest wait for the next round.
const ROUND: f64 = 0.25;
/// Most peaks added in one round.
const ROUND_LINES: usize = 6;
/// Refinement steps after each round, and at the end.
const ROUND_STEPS: usize = 8;
const LAST_STEPS: usize = 60;
/// Lines of at least this part of the strongest show the instrument's resolution.
const STRONG: f64 = 0.25;
/// Rise of the correlation a line below which more lines do not help.
const HELP: f64 = 2e-6;

/// Fits one prepared curve. Deterministic.
#[must_use]
pub fn fit(curve: &Curve, settings: &FitSettings) -> Fit {
    let (x, y) = (curve.x.as_slice(), curve.y.as_slice());
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else {
        return Fit { lines: Vec::new(), correlation: 0.0 };
    };
    let mut bounds = Bounds {
        position_cm1: (first, last),
        width_cm1: (
            settings.narrowest_cm1.max(1.2 * curve.step()),
            settings.widest_cm1.min((last - first) / 4.0),
        ),
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut reached = 0.0;
    while lines.len() < settings.most_lines {
        let room = (settings.most_lines - lines.len()).min(ROUND_LINES);
        let new = peaks(curve, &residual(x, y, &lines), settings, &bounds, room);
        if new.is_empty() {
            break;
        }
        let (before, added) = (lines.clone(), new.len());
        lines.extend(new);
        refine(x, y, &mut lines, &bounds, ROUND_STEPS);
        lines.retain(|line| line.height > 0.2 * settings.lowest);
        let correlation = correlation(curve, &lines);
        if correlation - reached < HELP * added as f64 {
            if correlation <= reached {
                lines = before;
            }
            break;
        }
        reached = correlation;
        if reached >= settings.enough {
            break;
        }
    }
    refine(x, y, &mut lines, &bounds, LAST_STEPS);
    prune(curve, &mut lines, settings);
    bounds.width_cm1.0 = bounds.width_cm1.0.max(resolution(&lines));
    refine(x, y, &mut lines, &bounds, LAST_STEPS);
    lines.sort_by(|a, b| a.position_cm1.total_cmp(&b.position_cm1));
    let correlation = correlation(curve, &lines);
    Fit { lines, correlation }
}

/// Pearson correlation of the sum of lines with the curve.
#[must_use]
pub fn correlation(curve: &Curve, lines: &[Line]) -> f64 {
    let mut model = vec![0.0; curve.x.len()];
    for line in lines {
        line.add_to(&curve.x, &mut model);
    }
    let n = model.len().max(1) as f64;
    let (mean_m, mean_y) = (model.iter().sum::<f64>() / n, curve.y.iter().sum::<f64>() / n);
    let (mut cross, mut power_m, mut power_y) = (0.0, 0.0, 0.0);
    for (m, y) in model.iter().zip(&curve.y) {
        cross += (m - mean_m) * (y - mean_y);
        power_m += (m - mean_m).powi(2);
        power_y += (y - mean_y).powi(2);
    }
    let norm = (power_m * power_y).sqrt();
    if norm > 0.0 { cross / norm } else { 0.0 }
}

/// The strongest separate maxima of the residual, each as a first guess of a line.
fn peaks(curve: &Curve, residual: &[f64], settings: &FitSettings, bounds: &Bounds, room: usize) -> Vec<Line> {
    let step = curve.step();
    let mut found: Vec<(f64, Line)> = Vec::new();
    // Narrow and wide structures: the residual smoothed over more and more points.
    for half in [1_usize, 4, 12] {
        let smooth = smoothed(residual, half);
        // A triangle of 2 half + 1 points lowers white noise by about this factor.
        let noise = curve.noise * (2.0 / (3.0 * half as f64)).sqrt();
        let threshold = (settings.significance * noise).max(settings.lowest);
        for i in 1..smooth.len().saturating_sub(1) {
            let height = smooth[i];
            if height < threshold || height < smooth[i - 1] || height <= smooth[i + 1] {
                continue;
            }
            let width = (width_at_half(&smooth, i) * step).clamp(bounds.width_cm1.0, bounds.width_cm1.1);
            let line = Line { position_cm1: curve.x[i], height, fwhm_cm1: width, shape: 0.5 };
            // What the line is expected to take from the sum of squares.
            found.push((height * height * width, line));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.position_cm1.total_cmp(&b.1.position_cm1)));
    let mut taken: Vec<Line> = Vec::new();
    let strongest = found.first().map_or(0.0, |f| f.0);
    for (gain, line) in found {
        if taken.len() == room || gain < ROUND * ROUND * strongest {
            break;
        }
        let apart = |other: &Line| {
            (other.position_cm1 - line.position_cm1).abs() > APART * (other.fwhm_cm1.max(line.fwhm_cm1))
        };
        if taken.iter().all(apart) {
            taken.push(line);
        }
    }
    taken
}

/// Triangle-weighted mean over `2 half + 1` points.
fn smoothed(values: &[f64], half: usize) -> Vec<f64> {
    let n = values.len();
    let half = half as isize;
    (0..n as isize)
        .map(|i| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for d in -half..=half {
                if let Some(v) = usize::try_from(i + d).ok().and_then(|at| values.get(at)) {
                    let w = (half + 1 - d.abs()) as f64;
                    sum += w * v;
                    weight += w;
                }
            }
            sum / weight
        })
        .collect()
}

/// Twice the distance, in points, to the nearer side where the curve has fallen to half of `values[i]`.
fn width_at_half(values: &[f64], i: usize) -> f64 {
    let half = 0.5 * values[i];
    let crossing = |indices: &mut dyn Iterator<Item = usize>| -> Option<f64> {
        let mut before = values[i];
        for at in indices {
            let here = values[at];
            if here <= half {
                let distance = at.abs_diff(i) as f64;
                return Some(distance - (half - here) / (before - here).max(f64::MIN_POSITIVE));
            }
            before = here;
        }
        None
    };
    let left = crossing(&mut (0..i).rev());
    let right = crossing(&mut (i + 1..values.len()));
    match (left, right) {
        (Some(l), Some(r)) => 2.0 * l.min(r),
        (Some(one), None) | (None, Some(one)) => 2.0 * one,
        (None, None) => values.len() as f64,
    }
}

/// Half the width of the narrowest strong line, at most 4 cm-1: what is narrower is a cosmic ray or noise, because an
/// instrument widens all lines alike.
fn resolution(lines: &[Line]) -> f64 {
    let top = lines.iter().map(|line| line.height).fold(0.0, f64::max);
    let strong = lines.iter().filter(|line| line.height >= STRONG * top).map(|line| line.fwhm_cm1);
    (0.5 * strong.fold(f64::MAX, f64::min)).min(4.0)
}

/// Drops lines that are lower than the settings ask, narrower than the instrument makes them, or that the noise
/// explains as well.
fn prune(curve: &Curve, lines: &mut Vec<Line>, settings: &FitSettings) {
    let (step, resolution) = (curve.step(), resolution(lines));
    lines.retain(|line| {
        let points = (line.fwhm_cm1 / step).max(1.0);
        line.height >= settings.lowest
            && line.fwhm_cm1 >= resolution
            && line.height >= 0.5 * settings.significance * curve.noise / points.sqrt()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(truth: &[Line], noise: f64) -> Curve {
        let x: Vec<f64> = (0..1000).map(|i| 100.0 + f64::from(i)).collect();
        let mut y = vec![0.0; 1000];
        for line in truth {
            line.add_to(&x, &mut y);
        }
        let mut state = 1_u64;
        for v in &mut y {
            let mut sum = 0.0;
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                sum += (state >> 40) as f64 / (1_u64 << 24) as f64;
            }
            *v += noise * (sum - 6.0);
        }
        Curve { x, y, noise, background: 0.0 }
    }

    fn truth() -> Vec<Line> {
        [(205.0, 0.3, 12.0), (465.0, 1.0, 9.0), (480.0, 0.2, 8.0), (800.0, 0.15, 30.0), (1080.0, 0.05, 10.0)]
            .map(|(position_cm1, height, fwhm_cm1)| Line { position_cm1, height, fwhm_cm1, shape: 0.6 })
            .to_vec()
    }

    #[test]
    fn every_line_of_a_clean_spectrum_is_found() {
        let fit = fit(&noisy(&truth(), 1e-4), &FitSettings { enough: 0.999_999, ..FitSettings::default() });
        assert!(fit.correlation > 0.9999, "{}", fit.correlation);
        for line in truth() {
            let near = |l: &Line| {
                (l.position_cm1 - line.position_cm1).abs() < 0.5 && (l.height / line.height - 1.0).abs() < 0.1
            };
            assert!(fit.lines.iter().any(near), "{line:?} is missing from {:?}", fit.lines);
        }
        assert!(fit.lines.len() < 10, "{:?}", fit.lines);
    }

    #[test]
    fn noise_is_not_fitted() {
        let fit = fit(&noisy(&truth(), 0.02), &FitSettings::default());
        assert!(fit.lines.len() < 12, "{:?}", fit.lines);
        assert!(fit.correlation > 0.95);
    }
}
