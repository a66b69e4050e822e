//! A Raman spectrum and a smooth background fitted to a CARS spectrum through the forward model.
//!
//! Minimises `mean w (I_fit - I)^2 + sparse mean Im + smooth mean (second difference of Im)^2` over `Im chi_R >= 0` and
//! `chi_NR >= 0`, a cubic spline of few pieces (times the amplitude of a reference where there is one). Causality ties the
//! real part to the imaginary one, so nothing but the background is free to be wrong; the weights leave out the ends of
//! the window, where lines outside it reach in.

use super::Hilbert;
use super::descent::descend;

/// Part of the window at each end over which the weights rise.
const TAPER: f64 = 0.03;
/// Weight of the very ends.
const LEAST_WEIGHT: f64 = 0.05;
/// Deviation of noise, of spectra with highest intensity 1, that the two penalties are stated for.
const USUAL_NOISE: f64 = 3e-3;
/// Least noise that is believed.
const LEAST_NOISE: f64 = 1e-4;
/// Turns the median absolute second difference of white noise into its deviation: 1 / (0.6745 sqrt(6)).
const BEND_TO_SIGMA: f64 = 0.605_28;
/// Brings the function near 1, where descents are well scaled.
const SCALE: f64 = 1e4;

/// How the fit is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitSettings {
    /// Pieces of the background's spline.
    pub pieces: usize,
    /// Weight of the sum of `Im chi_R`, at usual noise.
    pub sparse: f64,
    /// Weight of its second differences, at usual noise.
    pub smooth: f64,
    /// Most rounds.
    pub rounds: usize,
}

impl Default for FitSettings {
    /// Chosen on the first halves of development sets.
    fn default() -> Self {
        Self { pieces: 7, sparse: 5e-4, smooth: 0.03, rounds: 1000 }
    }
}

/// A fitted pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// `Im chi_R`, in units of the square root of the intensities.
    pub raman: Vec<f64>,
    /// `chi_NR`.
    pub background: Vec<f64>,
    /// Rounds it took.
    pub rounds: usize,
    /// Whether the last rounds gained nothing more.
    pub converged: bool,
}

/// Fits on from a first guess: that of another method or of a network. `reference` is the intensity of a non-resonant
/// reference; `go_on` is asked before each round.
#[must_use]
pub fn fit_forward(
    intensity: &[f64],
    reference: Option<&[f64]>,
    guess: (&[f64], &[f64]),
    settings: FitSettings,
    hilbert: &Hilbert,
    go_on: &dyn Fn(usize) -> bool,
) -> Fitted {
    let points = intensity.len();
    let highest = intensity.iter().fold(f64::MIN_POSITIVE, |a, v| a.max(*v));
    let unit = highest.sqrt();
    let target: Vec<f64> = intensity.iter().map(|v| v / highest).collect();
    let shape = reference.map(|reference| {
        let largest = reference.iter().fold(f64::MIN_POSITIVE, |a, v| a.max(*v));
        reference.iter().map(|v| (v / largest).max(0.0).sqrt()).collect::<Vec<f64>>()
    });
    let basis = Basis::new(points, settings.pieces.max(1), shape.as_deref());
    let noise = noise(&target);
    let sparse = settings.sparse * noise / USUAL_NOISE;
    let smooth = settings.smooth * (noise / USUAL_NOISE).powi(2);
    let weights = weights(points);
    let mut start = basis.fit(&guess.1.iter().map(|v| v / unit).collect::<Vec<f64>>());
    let knots = start.len();
    start.extend(guess.0.iter().map(|v| v / unit));
    let n = points as f64;
    let function = |at: &[f64], gradient: &mut [f64]| -> f64 {
        let (c, r) = at.split_at(knots.min(at.len()));
        let background = basis.curve(c);
        let hr = hilbert.matrix(r);
        let mut slopes = vec![0.0; points];
        let (mut error, mut sum) = (0.0, 0.0);
        let (to_c, to_r) = gradient.split_at_mut(knots);
        for i in 0..points {
            let real = background[i] - hr[i];
            let off = real * real + r[i] * r[i] - target[i];
            error += weights[i] * off * off;
            sum += r[i];
            let slope = 2.0 * weights[i] * off / n;
            slopes[i] = 2.0 * slope * real;
            to_r[i] = 2.0 * slope * r[i] + sparse / n;
        }
        // Re = chi_NR - M r, and the transposed matrix is -M.
        for (g, back) in to_r.iter_mut().zip(hilbert.matrix(&slopes)) {
            *g += back;
        }
        let mut bends = 0.0;
        if smooth > 0.0 {
            for i in 1..points.saturating_sub(1) {
                let bend = r[i - 1] - 2.0 * r[i] + r[i + 1];
                bends += bend * bend;
                let pull = 2.0 * smooth * bend / n;
                to_r[i - 1] += pull;
                to_r[i] -= 2.0 * pull;
                to_r[i + 1] += pull;
            }
        }
        basis.project(&slopes, to_c);
        for g in gradient.iter_mut() {
            *g *= SCALE;
        }
        SCALE * (error / n + sparse * sum / n + smooth * bends / n)
    };
    let end = descend(start, settings.rounds, 1e-6, go_on, function);
    let (c, r) = end.at.split_at(knots.min(end.at.len()));
    Fitted {
        raman: r.iter().map(|v| v * unit).collect(),
        background: basis.curve(c).iter().map(|v| v * unit).collect(),
        rounds: end.rounds,
        converged: end.converged,
    }
}

/// Deviation of the noise of one point.
fn noise(curve: &[f64]) -> f64 {
    let mut bends: Vec<f64> = curve.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).collect();
    if bends.is_empty() {
        return LEAST_NOISE;
    }
    let middle = bends.len() / 2;
    let (_, median, _) = bends.select_nth_unstable_by(middle, f64::total_cmp);
    (BEND_TO_SIGMA * *median).max(LEAST_NOISE)
}

fn weights(points: usize) -> Vec<f64> {
    let rise = ((TAPER * points as f64) as usize).max(1) as f64;
    (0..points)
        .map(|i| {
            let from_end = i.min(points - 1 - i) as f64;
            (LEAST_WEIGHT + (1.0 - LEAST_WEIGHT) * from_end / rise).min(1.0)
        })
        .collect()
}

/// Cubic B-splines over equal pieces of the window, each point under four of them.
struct Basis {
    /// First spline at each point and the values of it and the next three.
    at: Vec<(usize, [f64; 4])>,
    splines: usize,
}

impl Basis {
    fn new(points: usize, pieces: usize, shape: Option<&[f64]>) -> Self {
        let at = (0..points)
            .map(|i| {
                let place = i as f64 / points.saturating_sub(1).max(1) as f64 * pieces as f64;
                let piece = (place as usize).min(pieces - 1);
                let t = place - piece as f64;
                let s = 1.0 - t;
                let factor = shape.and_then(|shape| shape.get(i)).copied().unwrap_or(1.0) / 6.0;
                let values = [
                    s * s * s,
                    3.0 * t * t * t - 6.0 * t * t + 4.0,
                    3.0 * s * s * s - 6.0 * s * s + 4.0,
                    t * t * t,
                ];
                (piece, values.map(|v| v * factor))
            })
            .collect();
        Self { at, splines: pieces + 3 }
    }

    fn curve(&self, c: &[f64]) -> Vec<f64> {
        let at = |(first, values): &(usize, [f64; 4])| -> f64 {
            c.iter().skip(*first).zip(values).map(|(c, v)| c * v).sum()
        };
        self.at.iter().map(at).collect()
    }

    /// The transposed product.
    fn project(&self, curve: &[f64], into: &mut [f64]) {
        into.fill(0.0);
        for ((first, values), y) in self.at.iter().zip(curve) {
            for (slot, v) in into.iter_mut().skip(*first).zip(values) {
                *slot += v * y;
            }
        }
    }

    /// Weights of the curve nearest to this one: least squares by the descent itself.
    fn fit(&self, curve: &[f64]) -> Vec<f64> {
        let mean = curve.iter().sum::<f64>() / curve.len().max(1) as f64;
        let end = descend(vec![mean.max(0.0); self.splines], 100, 1e-9, &|_| true, |c, gradient| {
            let off: Vec<f64> = self.curve(c).iter().zip(curve).map(|(a, b)| a - b).collect();
            self.project(&off, gradient);
            0.5 * off.iter().map(|v| v * v).sum::<f64>()
        });
        end.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solvers::cars::{KkSettings, Phase, forward, kramers_kronig, score};
    use crate::spectrum::evenly;
    use crate::synth::cars::{Resonance, intensity, susceptibility};

    fn measured() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let axis = evenly(0.0, 1.0, 512);
        let line = |height: f64, centre, half_width| Resonance {
            amplitude: height * half_width,
            centre,
            half_width,
        };
        let (re, im) =
            susceptibility(&axis, &[line(0.5, 0.3, 0.008), line(0.3, 0.36, 0.006), line(0.6, 0.7, 0.01)]);
        let background: Vec<f64> = axis.iter().map(|x| 0.5 + 0.8 * x - 0.6 * x * x).collect();
        (intensity(&re, &im, &background), im, background)
    }

    #[test]
    fn splines_sum_to_one_and_follow_a_parabola() {
        let basis = Basis::new(200, 7, None);
        assert!(basis.curve(&[1.0; 10]).iter().all(|v| (v - 1.0).abs() < 1e-12));
        let parabola: Vec<f64> = evenly(0.0, 1.0, 200).iter().map(|x| 0.2 + x - 0.7 * x * x).collect();
        let found = basis.curve(&basis.fit(&parabola));
        assert!(found.iter().zip(&parabola).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn a_fit_is_nearer_to_the_truth_than_what_it_began_with() {
        let (cars, im, background) = measured();
        let hilbert = Hilbert::new(cars.len(), 1);
        let how = KkSettings { phase: Phase::BLIND, amplitude: false, scale: false, positive: true };
        let first = kramers_kronig(&cars, None, how, &hilbert);
        let fitted = fit_forward(
            &cars,
            None,
            (&first.raman, &first.background),
            FitSettings::default(),
            &hilbert,
            &|_| true,
        );
        let (before, after) = (score(&first.raman, &im), score(&fitted.raman, &im));
        assert!(after.mse < 0.5 * before.mse, "{before:?} {after:?}");
        assert!(after.r > 0.99, "{after:?}");
        assert!(score(&fitted.background, &background).mae < 0.05);
        let off = score(&forward(&fitted.raman, &fitted.background, &hilbert), &cars);
        assert!(off.r2 > 0.99, "{off:?}");
    }

    #[test]
    fn a_reference_with_ripples_is_followed() {
        let (cars, im, background) = measured();
        let ripple = |i: usize| 1.0 + 0.4 * (i as f64 / 9.0).sin();
        let seen: Vec<f64> = cars.iter().enumerate().map(|(i, v)| v * ripple(i)).collect();
        let glass: Vec<f64> = background.iter().enumerate().map(|(i, b)| b * b * ripple(i)).collect();
        let hilbert = Hilbert::new(cars.len(), 1);
        let how = KkSettings { phase: Phase::REFERENCED, amplitude: false, scale: false, positive: true };
        let first = kramers_kronig(&seen, Some(&glass), how, &hilbert);
        let guess = (first.raman.as_slice(), first.background.as_slice());
        let fitted = fit_forward(&seen, Some(&glass), guess, FitSettings::default(), &hilbert, &|_| true);
        assert!(score(&fitted.raman, &im).r > 0.9, "{:?}", score(&fitted.raman, &im));
    }

    #[test]
    fn nonsense_ends_in_numbers() {
        let hilbert = Hilbert::new(64, 0);
        for cars in [vec![0.0; 64], vec![1.0; 64], (0..64).map(|i| f64::from(i % 2)).collect()] {
            let fitted =
                fit_forward(&cars, None, (&[0.0; 64], &[0.0; 64]), FitSettings::default(), &hilbert, &|_| {
                    true
                });
            assert!(fitted.raman.iter().chain(&fitted.background).all(|v| v.is_finite() && *v >= 0.0));
        }
    }
}
