//! Asymmetric least squares: a smooth curve through or below another one.

use crate::process::PenalisedSystem;

/// Rounds until the weights repeat; curves that need more swing between two sets of points that differ by one.
const MOST_ROUNDS: usize = 50;
/// Most points of the windows that the stiffnesses in this folder were chosen for.
const USUAL_POINTS: f64 = 1024.0;

/// A stiffness chosen for windows of up to 1,024 points, for `points` over the same window.
#[must_use]
pub fn scaled_lambda(lambda: f64, points: usize) -> f64 {
    lambda * (points as f64 / USUAL_POINTS).powi(4).max(1.0)
}

/// The curve `z` that minimises `sum (y - z)^2 + lambda sum (second difference of z)^2`; `y` itself where it is too short
/// or its numbers leave no answer.
#[must_use]
pub fn smooth(y: &[f64], lambda: f64) -> Vec<f64> {
    PenalisedSystem::default()
        .solve(y, &vec![1.0; y.len()], lambda)
        .map_or_else(|| y.to_vec(), <[f64]>::to_vec)
}

/// The curve `z` that minimises `sum w (y - z)^2 + lambda sum (second difference of z)^2` with `w = p` where `y` lies above
/// it and `1 - p` elsewhere; `y` itself where it is too short or its numbers leave no answer.
#[must_use]
pub fn als(y: &[f64], lambda: f64, p: f64) -> Vec<f64> {
    let mut system = PenalisedSystem::default();
    let mut weights = vec![1.0; y.len()];
    let mut above: Vec<bool> = Vec::new();
    let mut z = y.to_vec();
    for _ in 0..MOST_ROUNDS {
        match system.solve(y, &weights, lambda) {
            Some(found) => z.copy_from_slice(found),
            None => return z,
        }
        let now: Vec<bool> = y.iter().zip(&z).map(|(y, z)| y > z).collect();
        if now == above {
            break;
        }
        for (weight, above) in weights.iter_mut().zip(&now) {
            *weight = if *above { p } else { 1.0 - p };
        }
        above = now;
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_below_lines_and_through_noise() {
        let y: Vec<f64> = (0..400)
            .map(|i| {
                let x = f64::from(i);
                1.0 + 0.002 * x + 5.0 / (1.0 + ((x - 200.0) / 5.0).powi(2))
            })
            .collect();
        let below = als(&y, 1e5, 1e-3);
        for (i, z) in below.iter().enumerate() {
            // The tails of the line lift it by a hundredth of the line.
            assert!((z - 1.0 - 0.002 * i as f64).abs() < 0.1, "{i} {z}");
        }
        let through = smooth(&y, 1e5);
        assert!(through[200] > below[200] + 0.3);
    }

    #[test]
    fn short_and_broken_curves_come_back_as_they_are() {
        assert_eq!(als(&[1.0, 2.0], 1e3, 0.5), [1.0, 2.0]);
        assert!(als(&[1.0, f64::NAN, 2.0, 3.0], 1e3, 0.5)[1].is_nan());
        assert!(als(&[], 1e3, 0.5).is_empty());
    }
}
