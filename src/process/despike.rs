//! Removing cosmic rays and dead pixels.
//!
//! Whitaker and Hayes, Chemometr. Intell. Lab. Syst. 179 (2018) 82: points whose first difference has a modified
//! z-score beyond a threshold are replaced from their neighbours. By itself that rule also flags the flanks of strong
//! bands; here a jump counts only when the signal comes back within `width` points and the slopes just outside are
//! small beside the spike. A band that an instrument resolves (three points or more at half height) has flanks.

use serde::{Deserialize, Serialize};

use super::ProcessError;
use super::info::{Param, ParamDefault, StepInfo};
use super::plan::{Prepared, Stage};
use super::step::StepBody;

/// Turns a median absolute deviation into a z-score: the 0.75 quantile of the normal distribution.
const MAD_TO_SIGMA: f64 = 0.6745;
/// The same for the mean absolute deviation, used when more than half of the differences are equal
/// (Iglewicz and Hoaglin 1993).
const MEAN_AD_TO_SIGMA: f64 = 1.253_314;
/// Slopes outside a spike are at most this part of its height. A Gaussian of 3 points at half height reaches 0.32.
const FLANK_SHARE: f64 = 0.25;
/// Slopes up to this z-score are noise, not flanks.
const NOISE_Z: f64 = 3.0;
/// Spikes hidden by larger ones come out in the next pass.
const MAX_PASSES: usize = 6;
/// Among overlapping candidates the narrower wins unless the wider stands out a fifth more.
const NARROW_FIRST: f64 = 0.8;
/// An end point beside a spike looks like a dip: the spike must win at any width.
const END_TRUST: f64 = 0.1;
/// Fewest points among which noise can be told from spikes.
const MIN_POINTS: usize = 8;

pub(super) static INFO: StepInfo = StepInfo {
    name: "despike",
    what: "Replaces cosmic rays and dead pixels by a line between their neighbours (Whitaker-Hayes).",
    bare: Some("threshold"),
    params: &[
        Param::number("threshold", "", "Modified z-score of a difference that counts as a jump")
            .range(2.0, 100.0)
            .default(ParamDefault::Number(7.0)),
        Param::whole("width", "points", "Widest spike").steps(1, 8).default(ParamDefault::Whole(3)),
        Param::whole("neighbours", "points", "Good points on each side that make the replacement")
            .steps(1, 20)
            .default(ParamDefault::Whole(2)),
    ],
};

/// Whitaker-Hayes despiking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Despike {
    /// Modified z-score of a difference that counts as a jump.
    pub threshold: f64,
    /// Widest spike in points.
    pub width: usize,
    /// Good points on each side that make the replacement.
    pub neighbours: usize,
}

impl Default for Despike {
    fn default() -> Self {
        Self { threshold: 7.0, width: 3, neighbours: 2 }
    }
}

impl StepBody for Despike {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError> {
        if stage.axis.len() < MIN_POINTS {
            return Err(ProcessError::TooShort {
                step: INFO.name,
                found: stage.axis.len(),
                needed: MIN_POINTS,
                why: "telling noise from spikes",
            });
        }
        let settings = self.clone();
        Ok(Prepared::same_axis(stage, move |row| {
            let [scratch, ..] = &mut row.scratch;
            let mut replaced = 0;
            for _ in 0..MAX_PASSES {
                let found = settings.pass(&mut row.y, scratch);
                replaced += found;
                if found == 0 {
                    break;
                }
            }
            row.note = Some(format!("{replaced} {}", if replaced == 1 { "point" } else { "points" }));
            Ok(())
        }))
    }
}

/// Median and spread of the differences of a row.
struct Differences {
    median: f64,
    sigma: f64,
}

impl Differences {
    fn of(y: &[f64], scratch: &mut Vec<f64>) -> Self {
        scratch.clear();
        scratch.extend(y.windows(2).map(|w| w[1] - w[0]));
        let median = median(scratch);
        for difference in scratch.iter_mut() {
            *difference = (*difference - median).abs();
        }
        let mean = scratch.iter().sum::<f64>() / scratch.len() as f64;
        let mad = self::median(scratch);
        let sigma = if mad > 0.0 { mad / MAD_TO_SIGMA } else { MEAN_AD_TO_SIGMA * mean };
        Self { median, sigma }
    }

    /// Difference from point `i` to `i + 1` less the ordinary one; 0 beyond the ends.
    fn jump(&self, y: &[f64], i: Option<usize>) -> f64 {
        match i.and_then(|i| Some((y.get(i)?, y.get(i + 1)?))) {
            Some((from, to)) => to - from - self.median,
            None => 0.0,
        }
    }
}

impl Despike {
    /// Repairs what can be seen now and returns the number of points replaced.
    fn pass(&self, y: &mut [f64], scratch: &mut Vec<f64>) -> usize {
        let differences = Differences::of(y, scratch);
        if differences.sigma <= 0.0 {
            return 0;
        }
        let mut found: Vec<(f64, usize, usize)> = Vec::new();
        for start in 0..y.len() {
            for width in 1..=self.width {
                if let Some(height) = self.spike_height(y, start, width, &differences) {
                    let at_end = start == 0 || start + width == y.len();
                    let trust = NARROW_FIRST.powi(width as i32) * if at_end { END_TRUST } else { 1.0 };
                    found.push((height * trust, start, start + width));
                }
            }
        }
        if found.is_empty() {
            return 0;
        }
        // The clearest first: its neighbours may only look like spikes because of it, and are judged again later.
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut bad = vec![false; y.len()];
        found.retain(|&(_, start, end)| {
            let free = !bad[start.saturating_sub(2)..(end + 2).min(y.len())].contains(&true);
            if free {
                bad[start..end].fill(true);
            }
            free
        });
        for &(_, start, end) in &found {
            repair(y, start, end, &bad, self.neighbours);
        }
        found.iter().map(|(_, start, end)| end - start).sum()
    }

    /// How far the `width` points from `start` stand out together, if they do.
    fn spike_height(&self, y: &[f64], start: usize, width: usize, differences: &Differences) -> Option<f64> {
        let end = start + width;
        let (has_left, has_right) = (start > 0, end < y.len());
        // At an end only one jump is seen; a single point is believed, more could be the edge of a filter.
        if end > y.len() || !(has_left || has_right) || (!(has_left && has_right) && width > 1) {
            return None;
        }
        let jump = |i: Option<usize>| differences.jump(y, i);
        let into = jump(start.checked_sub(1));
        let out_of = jump(Some(end - 1));
        let limit = self.threshold * differences.sigma;
        // The first and the last jump need not be the largest: charge bleeds into neighbours.
        let inner = (start..end.saturating_sub(1)).map(|i| jump(Some(i)));
        let (rise, fall) =
            inner.chain([into, out_of]).fold((0.0_f64, 0.0_f64), |(r, f), j| (r.max(j), f.min(j)));
        let both = rise > limit && -fall > limit;
        if !(both || (!(has_left && has_right) && rise.max(-fall) > limit)) {
            return None;
        }
        let left = if has_left { y[start - 1] } else { y[end.min(y.len() - 1)] };
        let right = if has_right { y[end] } else { left };
        let excess = |i: usize| {
            let share = (i + 1 - start) as f64 / (width + 1) as f64;
            y[i] - left - (right - left) * share
        };
        let first = excess(start);
        let same_side = (start..end).all(|i| excess(i) * first > 0.0);
        // Otherwise a good point beside the spike would be taken with it.
        let visible = first.abs().min(excess(end - 1).abs()) > NOISE_Z * differences.sigma;
        let height = (start..end).map(|i| excess(i).abs()).fold(0.0, f64::max);
        let outside = [start.checked_sub(2), start.checked_sub(3), Some(end), Some(end + 1)];
        let slope = outside.into_iter().map(|i| jump(i).abs()).fold(0.0, f64::max);
        let flat_outside = slope <= (FLANK_SHARE * height).max(NOISE_Z * differences.sigma);
        (same_side && visible && height > limit && flat_outside).then_some(height)
    }
}

/// A line between the means of the good points on both sides; the mean of one side at an end.
fn repair(y: &mut [f64], start: usize, end: usize, bad: &[bool], neighbours: usize) {
    let good = |i: &usize| bad.get(*i) == Some(&false);
    let left = (0..start).rev().take(neighbours).take_while(good).count();
    let right = (end..y.len()).take(neighbours).take_while(good).count();
    // Equal numbers on both sides where both exist, so that a slope leaves no bias.
    let reach = if left > 0 && right > 0 { left.min(right) } else { left.max(right) };
    let mean = |points: &[f64]| points.iter().sum::<f64>() / points.len() as f64;
    let before = (left > 0).then(|| mean(&y[start - reach..start]));
    let after = (right > 0).then(|| mean(&y[end..end + reach]));
    // The means stand at the middles of their points.
    let offset = f64::midpoint(reach as f64, 1.0);
    let distance = (end - start) as f64 - 1.0 + 2.0 * offset;
    for (i, y) in y[start..end].iter_mut().enumerate() {
        match (before, after) {
            (Some(y0), Some(y1)) => *y = y0 + (y1 - y0) * (i as f64 + offset) / distance,
            (Some(mean), None) | (None, Some(mean)) => *y = mean,
            (None, None) => {}
        }
    }
}

/// Median; leaves the values in another order.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if odd { upper } else { 0.5 * (upper + below.iter().copied().fold(f64::NEG_INFINITY, f64::max)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, measured_like, over_points, run};
    use super::*;

    #[test]
    fn medians_of_odd_and_even_counts() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]).to_bits(), 2.5_f64.to_bits());
    }

    #[test]
    fn the_number_of_points_is_in_the_history() {
        let mut y = measured_like(300, 3.0, 1);
        y[50] += 5000.0;
        let result = run("despike", &over_points(&y));
        assert_eq!(result.meta.history, ["despike:threshold=7,width=3,neighbours=2 (1 point)"]);
        assert!(error("despike", &over_points(&[1.0; 5])).contains("at least 8 points"));
    }

    #[test]
    fn a_sharp_resolved_line_without_noise_is_no_spike() {
        for fwhm in [3.0_f64, 4.0, 6.0] {
            for centre in [100.0, 100.3, 100.5] {
                let shapes: [fn(f64) -> f64; 2] =
                    [|u| (-4.0 * std::f64::consts::LN_2 * u * u).exp(), |u| 1.0 / (1.0 + 4.0 * u * u)];
                for shape in shapes {
                    let y: Vec<f32> =
                        (0..200).map(|i| (1000.0 * shape((f64::from(i) - centre) / fwhm)) as f32).collect();
                    assert_eq!(run("despike", &over_points(&y)).y(), y, "{fwhm} {centre}");
                }
            }
        }
    }

    #[test]
    fn a_dead_pixel_a_bleeding_ray_and_an_end_point_are_repaired() {
        let clean = measured_like(400, 2.0, 7);
        let mut y = clean.clone();
        y[150] = 0.0;
        (y[250], y[251], y[252]) = (y[250] + 800.0, y[251] + 4000.0, y[252] + 700.0);
        y[399] += 900.0;
        y[0] += 900.0;
        let result = run("despike", &over_points(&y));
        for i in [0, 150, 250, 251, 252, 399] {
            assert!((result.y()[i] - clean[i]).abs() < 12.0, "{i}: {} {}", result.y()[i], clean[i]);
        }
    }

    proptest! {
        #[test]
        fn a_planted_spike_goes_and_the_rest_stays(
            seed: u64, at in 3_usize..497, width in 1_usize..=3, height in 400.0_f32..1e5,
        ) {
            let clean = measured_like(500, 4.0, seed);
            let mut y = clean.clone();
            y[at..at + width].iter_mut().for_each(|v| *v += height);
            let result = run("despike", &over_points(&y));
            for (i, (found, clean)) in result.y().iter().zip(&clean).enumerate() {
                if (at..at + width).contains(&i) {
                    // A line across the top of the strongest band, 2.5 points to each side, lies
                    // 900 (1 - 1 / (1 + (2.5 / 8)^2)) = 80 too low; the rest is noise.
                    prop_assert!((found - clean).abs() < 100.0, "{i}: {found} {clean}");
                } else {
                    prop_assert_eq!(found.to_bits(), clean.to_bits(), "{}", i);
                }
            }
        }

        #[test]
        fn smooth_bands_are_left_untouched(seed: u64, noise in 0.5_f64..30.0) {
            let y = measured_like(800, noise, seed);
            let result = run("despike", &over_points(&y));
            prop_assert_eq!(result.y(), &y[..]);
        }
    }
}
