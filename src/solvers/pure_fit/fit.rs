//! The fit.

use super::flat::Flat;
use crate::solvers::{SmallWorkspace, SolverError, nnls_small};
use crate::spectrum::metrics::dot;
use crate::synth::distort::shift_and_stretch;

/// Largest error of a scale that is looked for, and the finest step, in cm-1.
const REACH_CM1: f64 = 6.0;
const STEP_CM1: f64 = 0.5;
/// Steps from one place of the search to the next, the first over everything, the others around the best.
const STRIDES: [usize; 3] = [4, 2, 1];
/// Fewest points.
const LEAST: usize = 8;
/// Turns a median absolute deviation into a standard deviation (normal distribution).
const MAD_TO_SIGMA: f64 = 1.482_6;
/// A window over five points, and by how much it lowers the variance of white noise.
const WINDOW: [f64; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];
const WINDOW_POWER: f64 = 70.0 / 256.0;

/// Where the fit is as high as this part of its top, what is left over counts half: bands of measured spectra differ from
/// those of the pure ones in shape, and by more the higher they are.
const HALF_TRUST: f64 = 0.3;
/// The height around a position is that of the highest point so near, in cm-1.
const NEAR_CM1: f64 = 10.0;

/// Pure spectra made ready. All curves stand on the same even axis.
#[derive(Debug, Clone)]
pub struct PureFit {
    x: Vec<f64>,
    /// As they were given. `[class, point]`, flat.
    pures: Vec<f32>,
    flat: Flat,
    /// One for every error of the scale, from the lowest to the highest.
    places: Vec<Shifted>,
    classes: usize,
}

/// The pure spectra at one error of the scale.
#[derive(Debug, Clone)]
struct Shifted {
    shift_cm1: f64,
    /// `[class, point]`, flat.
    atoms: Vec<f32>,
    /// `[class, class]`.
    gram: Vec<f64>,
}

/// A mixture as the pure spectra explain it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The mixture without its smooth part, on the pure spectra's own scale, mean square 1.
    pub input: Vec<f32>,
    /// Error of the mixture's scale in cm-1.
    pub shift_cm1: f64,
    /// Amount of every pure spectrum, in the mixture's units over theirs.
    pub weights: Vec<f64>,
    /// Standard deviation of each, as far as the residual tells.
    pub sigma: Vec<f64>,
    /// Standard deviation of the noise of one point.
    pub noise: f64,
    /// What is left over and is no noise, against what is there and is no noise: 0 to 1.
    pub excess: f64,
    /// What stands out above the fit and is no noise, where the pure spectra that were found have little, against what is
    /// there and is no noise: 0 to 1.
    pub strange: f64,
    /// What the fit leaves of the mixture without its smooth part, on the mixture's scale and in its units, noise
    /// smoothed away; two points short at either end.
    pub rest: Vec<f64>,
}

impl PureFit {
    /// Of rows of `points` values each over an even axis from `first` to `last` cm-1.
    pub fn new(first_cm1: f64, last_cm1: f64, points: usize, pures: &[f32]) -> Result<Self, SolverError> {
        let classes = pures.len() / points.max(1);
        if points < LEAST || classes == 0 {
            return Err(SolverError::Empty { count: classes, length: points });
        }
        if pures.len() != classes * points {
            return Err(SolverError::Ragged { found: pures.len(), length: points });
        }
        let step = (last_cm1 - first_cm1) / (points - 1) as f64;
        let x: Vec<f64> = (0..points).map(|i| first_cm1 + step * i as f64).collect();
        let flat = Flat::new(points, last_cm1 - first_cm1);
        let reach = (REACH_CM1 / STEP_CM1) as i32;
        let place = |k: i32| {
            let shift_cm1 = STEP_CM1 * f64::from(k);
            let mut atoms = Vec::with_capacity(pures.len());
            for row in pures.chunks_exact(points) {
                let mut moved = shift_and_stretch(&x, row, shift_cm1, 0.0);
                flat.remove(&mut moved);
                atoms.extend(moved);
            }
            let rows = || atoms.chunks_exact(points);
            let gram = rows().flat_map(|a| rows().map(|b| f64::from(dot(a, b)))).collect();
            Shifted { shift_cm1, atoms, gram }
        };
        let places = (-reach..=reach).map(place).collect();
        Ok(Self { x, pures: pures.to_vec(), flat, places, classes })
    }

    /// Points of the axis.
    pub fn points(&self) -> usize {
        self.x.len()
    }

    /// The fit of a mixture over the axis; what is not finite counts as zero.
    pub fn fit(&self, y: &[f32]) -> Fitted {
        let points = self.points();
        // Own units: squares of very bright or dim spectra leave the range of f32.
        let top = y.iter().filter(|v| v.is_finite()).fold(0.0_f32, |top, v| top.max(v.abs()));
        let scale = if top > 0.0 { top } else { 1.0 };
        let mut raw: Vec<f32> = y.iter().map(|v| if v.is_finite() { v / scale } else { 0.0 }).collect();
        raw.resize(points, 0.0);
        let mut flat = raw.clone();
        self.flat.remove(&mut flat);
        let mut workspace = SmallWorkspace::with_capacity(self.classes);
        let best = self.best_place(&flat, &mut workspace);
        let place = &self.places[best];
        self.energy(place, &flat, &mut workspace);
        let weights = workspace.weights().to_vec();
        let mut residual: Vec<f64> = flat.iter().map(|v| f64::from(*v)).collect();
        for (weight, atom) in weights.iter().zip(place.atoms.chunks_exact(points)) {
            if *weight > 0.0 {
                residual.iter_mut().zip(atom).for_each(|(r, a)| *r -= weight * f64::from(*a));
            }
        }
        let noise = noise_of(&flat);
        let rest = mean_square(&residual);
        let there = mean_square(&smoothed(&flat.iter().map(|v| f64::from(*v)).collect::<Vec<_>>()));
        let quiet = WINDOW_POWER * noise * noise;
        let residual = smoothed(&residual);
        let left = mean_square(&residual);
        let strange = self.strange(&weights, place.shift_cm1, &residual, quiet);
        let strange = (strange / (there - quiet).max(1e-12)).sqrt().min(1.0);
        let excess = ((left - quiet).max(0.0) / (there - quiet).max(1e-12)).sqrt().min(1.0);
        let deviation = rest.max(noise * noise).sqrt();
        let sigma = inverse_diagonal(&place.gram, self.classes)
            .iter()
            .map(|d| deviation * d.sqrt())
            .collect::<Vec<_>>();
        let mut input = if place.shift_cm1 == 0.0 { flat } else { self.aligned(&raw, place.shift_cm1) };
        let size = (f64::from(dot(&input, &input)) / points as f64).sqrt();
        if size > 1e-12 {
            for v in &mut input {
                *v = (f64::from(*v) / size) as f32;
            }
        }
        let units = f64::from(scale);
        Fitted {
            input,
            shift_cm1: place.shift_cm1,
            weights: weights.iter().map(|w| w * units).collect(),
            sigma: sigma.iter().map(|s| s * units).collect(),
            noise: noise * units,
            excess,
            strange,
            rest: residual.iter().map(|r| r * units).collect(),
        }
    }

    /// Mean square of what a smoothed residual has above zero and above its noise, weighted by how little the fit has there.
    fn strange(&self, weights: &[f64], shift_cm1: f64, residual: &[f64], quiet: f64) -> f64 {
        let points = self.points();
        let mut fit = vec![0.0_f64; points];
        for (weight, pure) in weights.iter().zip(self.pures.chunks_exact(points)) {
            if *weight > 0.0 {
                fit.iter_mut().zip(pure).for_each(|(f, p)| *f += weight * f64::from(*p));
            }
        }
        let top = fit.iter().copied().fold(0.0, f64::max);
        let step = (self.x[points - 1] - self.x[0]) / (points - 1) as f64;
        let near = ((NEAR_CM1 + shift_cm1.abs()) / step).ceil() as usize;
        // The window of the residual takes two points at either end.
        let trust = |i: usize| {
            let around = &fit[(i + 2).saturating_sub(near)..(i + 3 + near).min(points)];
            let height = around.iter().copied().fold(0.0, f64::max);
            if top > 0.0 { 1.0 / (1.0 + (height / (HALF_TRUST * top)).powi(2)) } else { 1.0 }
        };
        // Noise stands above zero in half of all places.
        let each = |(i, r): (usize, &f64)| trust(i) * (r.max(0.0).powi(2) - 0.5 * quiet);
        let sum: f64 = residual.iter().enumerate().map(each).sum();
        sum.max(0.0) / residual.len().max(1) as f64
    }

    fn aligned(&self, raw: &[f32], shift_cm1: f64) -> Vec<f32> {
        let mut moved = shift_and_stretch(&self.x, raw, -shift_cm1, 0.0);
        self.flat.remove(&mut moved);
        moved
    }

    /// The place whose fit explains most.
    fn best_place(&self, flat: &[f32], workspace: &mut SmallWorkspace) -> usize {
        let middle = self.places.len() / 2;
        let mut best = (middle, self.energy(&self.places[middle], flat, workspace));
        let [coarse, fine @ ..] = STRIDES;
        let all: Vec<usize> =
            (0..self.places.len()).filter(|k| k.abs_diff(middle).is_multiple_of(coarse)).collect();
        let mut tried = |ks: &[usize], best: &mut (usize, f64)| {
            for k in ks.iter().filter(|k| **k != middle) {
                let Some(place) = self.places.get(*k) else { continue };
                let energy = self.energy(place, flat, workspace);
                if energy > best.1 {
                    *best = (*k, energy);
                }
            }
        };
        tried(&all, &mut best);
        for stride in fine {
            let around = best.0;
            tried(&[around.wrapping_sub(stride), around + stride], &mut best);
        }
        best.0
    }

    /// How much of the mixture's energy the fit at one place explains.
    fn energy(&self, place: &Shifted, flat: &[f32], workspace: &mut SmallWorkspace) -> f64 {
        let b: Vec<f64> =
            place.atoms.chunks_exact(self.points()).map(|atom| f64::from(dot(atom, flat))).collect();
        nnls_small(workspace, &place.gram, &b, 0).energy
    }
}

fn mean_square(y: &[f64]) -> f64 {
    y.iter().map(|v| v * v).sum::<f64>() / y.len().max(1) as f64
}

fn smoothed(y: &[f64]) -> Vec<f64> {
    y.windows(5).map(|w| w.iter().zip(WINDOW).map(|(v, f)| v * f).sum()).collect()
}

/// From second differences: curves vary slowly from point to point.
fn noise_of(y: &[f32]) -> f64 {
    let mut bends: Vec<f32> = y.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).collect();
    if bends.is_empty() {
        return 0.0;
    }
    let middle = bends.len() / 2;
    let median = *bends.select_nth_unstable_by(middle, f32::total_cmp).1;
    MAD_TO_SIGMA * f64::from(median) / 6.0_f64.sqrt()
}

/// Diagonal of the inverse of a small symmetric matrix, a little lifted so that equal spectra do not make it infinite.
fn inverse_diagonal(gram: &[f64], n: usize) -> Vec<f64> {
    let lift = 1e-6 * (0..n).map(|i| gram[i * n + i]).fold(f64::MIN_POSITIVE, f64::max);
    let mut a: Vec<f64> = gram.to_vec();
    (0..n).for_each(|i| a[i * n + i] += lift);
    let mut inverse = vec![0.0; n * n];
    (0..n).for_each(|i| inverse[i * n + i] = 1.0);
    // Gauss and Jordan; the matrix is positive definite, so pivots on the diagonal do.
    for p in 0..n {
        let pivot = a[p * n + p];
        for j in 0..n {
            a[p * n + j] /= pivot;
            inverse[p * n + j] /= pivot;
        }
        for i in (0..n).filter(|i| *i != p) {
            let factor = a[i * n + p];
            for j in 0..n {
                a[i * n + j] -= factor * a[p * n + j];
                inverse[i * n + j] -= factor * inverse[p * n + j];
            }
        }
    }
    (0..n).map(|i| inverse[i * n + i].max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Rng;

    const POINTS: usize = 800;

    fn band(at: f64) -> impl Fn(f64) -> f32 {
        move |x| libm::exp(-((x - at) / 8.0).powi(2)) as f32
    }

    fn curve(lines: &[f64], shift: f64) -> Vec<f32> {
        (0..POINTS).map(|i| lines.iter().map(|at| band(at + shift)(200.0 + 2.0 * i as f64)).sum()).collect()
    }

    fn fit() -> PureFit {
        let pures = [curve(&[500.0, 900.0], 0.0), curve(&[700.0, 1300.0], 0.0), curve(&[520.0, 1500.0], 0.0)];
        PureFit::new(200.0, 200.0 + 2.0 * (POINTS - 1) as f64, POINTS, &pures.concat()).unwrap()
    }

    fn mixture(shift: f64, other: f32, noise: f64) -> Vec<f32> {
        let mut rng = Rng::new(3, 0);
        let (a, b, c) =
            (curve(&[500.0, 900.0], shift), curve(&[700.0, 1300.0], shift), curve(&[1100.0], 0.0));
        (0..POINTS)
            .map(|i| {
                let back = 3.0 + (i as f32 / 300.0).sin();
                1000.0 * (a[i] + 0.4 * b[i] + other * c[i] + back + (noise * rng.normal()) as f32)
            })
            .collect()
    }

    #[test]
    fn amounts_and_the_error_of_the_scale_are_found_under_a_background() {
        for shift in [0.0, 2.0, -4.5] {
            let found = fit().fit(&mixture(shift, 0.0, 0.01));
            assert!((found.shift_cm1 - shift).abs() <= 0.5, "{shift}: {}", found.shift_cm1);
            let [a, b, c] = found.weights[..] else { panic!() };
            assert!(
                (a - 1000.0).abs() < 30.0 && (b - 400.0).abs() < 30.0 && c < 30.0,
                "{shift}: {a} {b} {c}"
            );
            assert!((found.noise / 10.0 - 1.0).abs() < 0.2, "{}", found.noise);
            assert!(
                found.excess < 0.12 && found.sigma.iter().all(|s| *s > 0.0 && *s < 30.0),
                "{}",
                found.excess
            );
            let power = found.input.iter().map(|v| v * v).sum::<f32>() / POINTS as f32;
            assert!((power - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn what_the_pure_spectra_lack_is_left_over() {
        assert!(fit().fit(&mixture(0.0, 0.5, 0.01)).excess > 0.25);
        // A third of the mixture's height, far from its bands, and noise alone.
        let strange = |other: f32, noise: f64| fit().fit(&mixture(0.0, other, noise)).strange;
        assert!(strange(0.5, 0.01) > 0.2 && strange(0.0, 0.01) < 0.05 && strange(0.0, 0.1) < 0.2);
        // Noise is no other substance.
        assert!(fit().fit(&mixture(0.0, 0.0, 0.1)).excess < 0.2);
    }

    #[test]
    fn bands_of_another_shape_are_not_strange() {
        // The same bands, a third wider: left over are their flanks and, below zero, their tops.
        let wide = |at: f64| move |x: f64| libm::exp(-((x - at) / 10.6).powi(2)) as f32;
        let y: Vec<f32> = (0..POINTS)
            .map(|i| [500.0, 900.0].iter().map(|at| wide(*at)(200.0 + 2.0 * i as f64)).sum())
            .collect();
        let found = fit().fit(&y);
        assert!(
            found.excess > 0.12 && found.strange < 0.5 * found.excess,
            "{} {}",
            found.excess,
            found.strange
        );
    }

    #[test]
    fn brightness_does_not_matter_and_bad_numbers_do_no_harm() {
        let plain = mixture(1.0, 0.0, 0.01);
        let bright: Vec<f32> = plain.iter().map(|v| v * 1e30).collect();
        let (a, b) = (fit().fit(&plain), fit().fit(&bright));
        assert!(
            (b.weights[0] / a.weights[0] / 1e30 - 1.0).abs() < 1e-3 && (a.excess - b.excess).abs() < 1e-3
        );
        let mut broken = plain;
        broken[10] = f32::NAN;
        broken[20] = f32::INFINITY;
        for y in [broken.as_slice(), &[0.0; POINTS], &[], &[f32::NAN; 3]] {
            let found = fit().fit(y);
            assert!(found.input.iter().all(|v| v.is_finite()) && found.excess.is_finite());
            assert!((0.0..=1.0).contains(&found.strange));
            assert!(found.weights.iter().chain(&found.sigma).all(|v| v.is_finite()));
        }
    }

    #[test]
    fn rows_that_do_not_fit_the_axis_are_refused() {
        assert!(PureFit::new(0.0, 1.0, 100, &[0.0; 150]).is_err());
        assert!(PureFit::new(0.0, 1.0, 100, &[]).is_err());
        // Equal spectra, and one that is zero, are no disaster.
        let twice = [curve(&[500.0], 0.0), curve(&[500.0], 0.0), vec![0.0; POINTS]].concat();
        let found = PureFit::new(200.0, 1798.0, POINTS, &twice).unwrap().fit(&curve(&[500.0], 0.0));
        assert!((found.weights[0] + found.weights[1] - 1.0).abs() < 0.01, "{:?}", found.weights);
        assert!(found.sigma.iter().all(|s| s.is_finite()));
    }
}
