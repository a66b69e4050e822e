//! Where the peaks of one curve are: local maxima with their topographic prominence and the noise around them.

use super::Axis;
use super::metrics::median;

/// Median absolute second difference of white noise of deviation 1, inverted: 1 / (0.6745 sqrt(6)).
const BEND_TO_SIGMA: f64 = 0.605_28;
/// Second differences a local noise estimate is the median of.
const NOISE_BLOCK: usize = 64;

/// One local maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Index of the highest point.
    pub index: usize,
    /// Position of the top between the points, in the unit of the axis (parabola through three points).
    pub position: f64,
    /// Intensity at `index`.
    pub height: f64,
    /// How far one has to go down before one can go higher, or the edge is reached.
    pub prominence: f64,
    /// Standard deviation of the noise around the peak.
    pub noise: f64,
}

/// What a local maximum must have to count. Both limits hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakLimits {
    /// Least prominence, in units of the intensities.
    pub prominence: f64,
    /// Least prominence in standard deviations of the local noise.
    pub significance: f64,
}

/// All maxima of `y` over `axis` that pass the limits, in the order of the axis. Linear in the number of points; not a
/// number counts as low. The two ends are no peaks.
#[must_use]
pub fn find_peaks(axis: &Axis, y: &[f32], limits: PeakLimits) -> Vec<Peak> {
    let points = y.len().min(axis.len());
    let y = &y[..points];
    let tops = local_maxima(y);
    if tops.is_empty() {
        return Vec::new();
    }
    let prominences = prominences(y, &tops);
    let noise = block_noise(y);
    let passing = tops.iter().zip(prominences).filter(|(_, p)| *p > 0.0 && *p >= limits.prominence);
    passing
        .map(|(&index, prominence)| Peak {
            index,
            position: apex(axis.values(), y, index),
            height: f64::from(y[index]),
            prominence,
            noise: noise_at(&noise, index),
        })
        .filter(|peak| peak.prominence >= limits.significance * peak.noise)
        .collect()
}

/// Points higher than both neighbours; the middle of a flat top.
fn local_maxima(y: &[f32]) -> Vec<usize> {
    let mut tops = Vec::new();
    let mut rise = None;
    for i in 1..y.len() {
        if y[i] > y[i - 1] {
            rise = Some(i);
        } else if y[i] < y[i - 1] {
            if let Some(start) = rise.take() {
                tops.push(start.midpoint(i - 1));
            }
        } else if y[i].is_nan() || y[i - 1].is_nan() {
            rise = None;
        }
    }
    tops
}

fn prominences(y: &[f32], tops: &[usize]) -> Vec<f64> {
    // Lowest point before the first top, between neighbouring tops, and after the last one.
    let lowest = |range: &[f32]| range.iter().copied().fold(f32::INFINITY, f32::min);
    let mut valleys = Vec::with_capacity(tops.len() + 1);
    let mut start = 0;
    for &top in tops {
        valleys.push(lowest(&y[start..=top]));
        start = top;
    }
    valleys.push(lowest(&y[start..]));
    let left = bases(y, tops.iter().copied().zip(valleys.iter().copied()));
    let mut right = bases(y, tops.iter().copied().rev().zip(valleys.iter().copied().rev()));
    right.reverse();
    let pairs = left.iter().zip(&right);
    tops.iter().zip(pairs).map(|(&top, (l, r))| f64::from(y[top]) - f64::from(l.max(*r))).collect()
}

/// For each top, the lowest point on the way back to the nearest higher top (or the edge). `walk` gives each top with
/// the lowest point since the top before it.
fn bases(y: &[f32], walk: impl Iterator<Item = (usize, f32)>) -> Vec<f32> {
    let mut higher: Vec<(f32, f32)> = Vec::new();
    walk.map(|(top, mut base)| {
        while let Some(&(height, before)) = higher.last()
            && height <= y[top]
        {
            base = base.min(before);
            higher.pop();
        }
        higher.push((y[top], base));
        base
    })
    .collect()
}

/// Deviation of the noise in each block of points: curves vary slowly from point to point, noise does not.
fn block_noise(y: &[f32]) -> Vec<f64> {
    let bends: Vec<f64> = y
        .windows(3)
        .map(|w| (f64::from(w[0]) - 2.0 * f64::from(w[1]) + f64::from(w[2])).abs())
        .filter(|bend| bend.is_finite())
        .collect();
    bends.chunks(NOISE_BLOCK).map(|block| BEND_TO_SIGMA * median(block.to_vec())).collect()
}

/// Median of the block of this point and its neighbours, so that a block full of peak does not count as noise.
fn noise_at(blocks: &[f64], index: usize) -> f64 {
    let block = (index / NOISE_BLOCK).min(blocks.len().saturating_sub(1));
    let around = block.saturating_sub(1)..(block + 2).min(blocks.len());
    median(blocks[around].to_vec())
}

fn apex(x: &[f64], y: &[f32], i: usize) -> f64 {
    if i == 0 || i + 1 >= y.len() {
        return x[i];
    }
    let (a, b, c) = (f64::from(y[i - 1]), f64::from(y[i]), f64::from(y[i + 1]));
    let bend = a - 2.0 * b + c;
    if bend >= 0.0 || !bend.is_finite() {
        return x[i];
    }
    let shift = (0.5 * (a - c) / bend).clamp(-0.5, 0.5);
    let neighbour = if shift < 0.0 { x[i - 1] } else { x[i + 1] };
    x[i] + shift.abs() * (neighbour - x[i])
}

#[cfg(test)]
mod tests {
    use super::super::AxisKind;
    use super::*;

    const ANY: PeakLimits = PeakLimits { prominence: 0.0, significance: 0.0 };

    fn axis(points: usize) -> Axis {
        Axis::even(AxisKind::RamanShift, 100.0, 100.0 + (points - 1) as f64, points).unwrap()
    }

    fn band(points: usize, at: f64, height: f64, width: f64) -> Vec<f32> {
        (0..points).map(|i| (height / (1.0 + ((100.0 + i as f64 - at) / width).powi(2))) as f32).collect()
    }

    fn add(a: &[f32], b: &[f32]) -> Vec<f32> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    fn noise(points: usize) -> Vec<f32> {
        let mut state = 7_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 24) as f32
        };
        (0..points).map(|_| (0..12).map(|_| uniform()).sum::<f32>() - 6.0).collect()
    }

    #[test]
    fn a_top_between_two_points_is_placed_between_them() {
        let peaks = find_peaks(&axis(200), &band(200, 150.3, 10.0, 6.0), ANY);
        assert_eq!(peaks.len(), 1);
        assert!((peaks[0].position - 150.3).abs() < 0.05, "{:?}", peaks[0]);
        let descending = Axis::new(AxisKind::RamanShift, axis(200).values().iter().rev().copied().collect());
        let mirrored: Vec<f32> = band(200, 150.3, 10.0, 6.0).into_iter().rev().collect();
        let turned = find_peaks(&descending.unwrap(), &mirrored, ANY);
        assert!((turned[0].position - peaks[0].position).abs() < 1e-6);
    }

    #[test]
    fn prominence_is_measured_from_the_higher_saddle() {
        let y = [0.0, 10.0, 4.0, 6.0, 1.0, 8.0, 0.0];
        let peaks = find_peaks(&axis(7), &y, ANY);
        let found: Vec<(usize, f64)> = peaks.iter().map(|p| (p.index, p.prominence)).collect();
        assert_eq!(found, [(1, 10.0), (3, 2.0), (5, 7.0)]);
    }

    #[test]
    fn a_flat_top_is_one_peak_in_its_middle() {
        let found = find_peaks(&axis(7), &[0.0, 1.0, 5.0, 5.0, 5.0, 1.0, 0.0], ANY);
        assert_eq!(found.iter().map(|p| p.index).collect::<Vec<_>>(), [3]);
        assert!(find_peaks(&axis(4), &[1.0, 1.0, 1.0, 1.0], ANY).is_empty());
        assert!(find_peaks(&axis(3), &[3.0, 2.0, 1.0], ANY).is_empty());
    }

    #[test]
    fn noise_alone_has_no_peaks_and_bands_in_noise_are_found() {
        let limits = PeakLimits { prominence: 0.0, significance: 8.0 };
        let points = 1024;
        assert!(find_peaks(&axis(points), &noise(points), limits).is_empty());
        let y = add(&noise(points), &add(&band(points, 400.0, 40.0, 8.0), &band(points, 900.0, 60.0, 5.0)));
        let found = find_peaks(&axis(points), &y, limits);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].position - 400.0).abs() < 4.0 && (found[1].position - 900.0).abs() < 4.0);
        assert!((found[0].noise - 1.0).abs() < 0.4, "{}", found[0].noise);
    }

    #[test]
    fn gaps_are_no_peaks() {
        let y = [0.0, f32::NAN, 2.0, f32::NAN, 0.0, 1.0, 0.0];
        let found = find_peaks(&axis(7), &y, ANY);
        assert_eq!(found.iter().map(|p| p.index).collect::<Vec<_>>(), [5]);
    }
}
