//! Long spectra in overlapping windows, cross-faded where they overlap.

use std::ops::Range;

/// Windows of at most `most` points over `points` points, neighbours sharing at least a quarter; one where they fit.
#[must_use]
pub fn windows(points: usize, most: usize) -> Vec<Range<usize>> {
    if points <= most || most < 8 {
        return std::iter::once(0..points).collect();
    }
    let step = most - most / 4;
    let count = (points - most).div_ceil(step) + 1;
    let start = |k: usize| (points - most) * k / (count - 1);
    (0..count).map(|k| start(k)..start(k) + most).collect()
}

/// One curve from the curves of its windows: straight weights from one to the next where two overlap.
#[must_use]
pub fn cross_fade(points: usize, windows: &[Range<usize>], curves: &[Vec<f64>]) -> Vec<f64> {
    let mut sum = vec![0.0; points];
    let mut weights = vec![0.0; points];
    for (k, (window, curve)) in windows.iter().zip(curves).enumerate() {
        let shared_before =
            k.checked_sub(1).and_then(|k| windows.get(k)).map_or(0, |w| w.end.saturating_sub(window.start));
        let shared_after = windows.get(k + 1).map_or(0, |w| window.end.saturating_sub(w.start));
        for (i, value) in curve.iter().enumerate().take(window.len()) {
            let rise = (i + 1) as f64 / (shared_before + 1) as f64;
            let fall = (window.len() - i) as f64 / (shared_after + 1) as f64;
            let weight = rise.min(fall).min(1.0);
            if let (Some(sum), Some(total)) =
                (sum.get_mut(window.start + i), weights.get_mut(window.start + i))
            {
                *sum += weight * value;
                *total += weight;
            }
        }
    }
    sum.iter().zip(&weights).map(|(s, w)| if *w > 0.0 { s / w } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_every_point_and_share_a_quarter() {
        for points in [10, 1024, 1025, 1700, 5000, 12_345] {
            let all = windows(points, 1024);
            assert_eq!((all[0].start, all[all.len() - 1].end), (0, points));
            assert!(all.iter().all(|w| w.len() == points.min(1024)));
            assert!(all.windows(2).all(|w| w[0].end - w[1].start >= 256), "{points}");
        }
    }

    #[test]
    fn one_curve_in_windows_is_the_curve() {
        let curve: Vec<f64> = (0..3000).map(|i| f64::from(i).sin()).collect();
        let all = windows(3000, 1024);
        let parts: Vec<Vec<f64>> = all.iter().map(|w| curve[w.clone()].to_vec()).collect();
        let back = cross_fade(3000, &all, &parts);
        assert!(back.iter().zip(&curve).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn different_levels_meet_without_a_step() {
        let all = windows(1700, 1024);
        let parts: Vec<Vec<f64>> = all.iter().enumerate().map(|(k, w)| vec![k as f64; w.len()]).collect();
        let back = cross_fade(1700, &all, &parts);
        assert!(back.windows(2).all(|w| w[1] - w[0] >= 0.0 && w[1] - w[0] < 0.01));
    }
}
