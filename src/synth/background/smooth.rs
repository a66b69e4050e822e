//! Smooth random backgrounds that look like fluorescence: a few broad humps, low-order cosines, a spline, a walk.

use serde::{Deserialize, Serialize};

use super::super::Rng;

/// How a smooth background is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Three to five broad Gaussians over a slope: fluorescence of several dyes.
    Humps,
    /// The first seven cosines of the axis with falling amplitudes.
    Cosines,
    /// A cubic B-spline with eight random coefficients.
    Spline,
    /// A line plus a Brownian bridge cut after twelve sines: as wild as a drift may be.
    Bridge,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Humps, Self::Cosines, Self::Spline, Self::Bridge];
}

const HUMPS: usize = 5;
const COSINES: usize = 7;
const CONTROLS: usize = 8;
const SINES: usize = 12;

/// One smooth curve over `u`, 0 at the low end of the axis and 1 at the high end. Its height has no meaning before
/// [`Smooth::fill`] scales it.
#[derive(Debug, Clone, PartialEq)]
pub enum Smooth {
    /// Height, centre and width of each Gaussian (height 0 for those that are not there); slope.
    Humps([(f64, f64, f64); HUMPS], f64),
    /// Amplitudes of cos(pi k u), k = 1...
    Cosines([f64; COSINES]),
    /// B-spline coefficients.
    Spline([f64; CONTROLS]),
    /// Amplitudes of sin(pi k u), k = 1...; slope.
    Bridge([f64; SINES], f64),
}

impl Smooth {
    /// A random curve of this shape.
    #[must_use]
    pub fn draw(rng: &mut Rng, shape: Shape) -> Self {
        match shape {
            Shape::Humps => {
                let mut humps = [(0.0, 0.0, 1.0); HUMPS];
                let count = 3 + rng.below(HUMPS - 2);
                for hump in humps.iter_mut().take(count) {
                    *hump = (rng.unit(), rng.uniform(-0.3, 1.3), rng.uniform(0.25, 0.8));
                }
                Self::Humps(humps, rng.uniform(-0.5, 0.5))
            }
            Shape::Cosines => {
                let mut amplitudes = [0.0; COSINES];
                for (k, a) in amplitudes.iter_mut().enumerate() {
                    *a = rng.normal() / (k + 1) as f64;
                }
                Self::Cosines(amplitudes)
            }
            Shape::Spline => {
                let mut controls = [0.0; CONTROLS];
                for c in &mut controls {
                    *c = rng.unit();
                }
                Self::Spline(controls)
            }
            Shape::Bridge => {
                // Karhunen-Loeve expansion of the bridge: amplitudes sqrt(2) z / (pi k).
                let mut amplitudes = [0.0; SINES];
                for (k, a) in amplitudes.iter_mut().enumerate() {
                    *a = std::f64::consts::SQRT_2 * rng.normal() / (std::f64::consts::PI * (k + 1) as f64);
                }
                Self::Bridge(amplitudes, rng.normal())
            }
        }
    }

    /// Value at `u` in 0..=1.
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        match self {
            Self::Humps(humps, slope) => {
                let hump = |(height, centre, width): &(f64, f64, f64)| {
                    let z = (u - centre) / width;
                    if *height > 0.0 { height * libm::exp(-0.5 * z * z) } else { 0.0 }
                };
                humps.iter().map(hump).sum::<f64>() + slope * u
            }
            Self::Cosines(amplitudes) => {
                let twice = 2.0 * libm::cos(std::f64::consts::PI * u);
                series(amplitudes, twice, 1.0, 0.5 * twice)
            }
            Self::Spline(controls) => spline(controls, u),
            Self::Bridge(amplitudes, slope) => {
                let twice = 2.0 * libm::cos(std::f64::consts::PI * u);
                series(amplitudes, twice, 0.0, libm::sin(std::f64::consts::PI * u)) + slope * u
            }
        }
    }

    /// Writes the curve over `x`, scaled so that it runs from a tenth of `height` to `height`: fluorescence does not
    /// touch zero inside a spectrum. A curve that is flat to rounding is written as a tenth of `height` throughout.
    pub fn fill(&self, x: &[f64], height: f64, out: &mut [f64]) {
        let (Some(first), Some(last)) = (x.first(), x.last()) else { return };
        let (low, span) = (first.min(*last), (last - first).abs().max(f64::MIN_POSITIVE));
        let (mut least, mut most) = (f64::MAX, f64::MIN);
        for (v, x) in out.iter_mut().zip(x) {
            *v = self.at((x - low) / span);
            least = least.min(*v);
            most = most.max(*v);
        }
        let scale = 0.9 * height / (most - least).max(f64::MIN_POSITIVE);
        for v in out.iter_mut() {
            *v = 0.1 * height + scale * (*v - least);
        }
    }
}

/// `sum a_k f_k` where `f_(k+1) = 2 cos(pi u) f_k - f_(k-1)`, given the first two.
fn series(amplitudes: &[f64], twice: f64, before: f64, first: f64) -> f64 {
    let (mut before, mut here, mut sum) = (before, first, 0.0);
    for a in amplitudes {
        sum += a * here;
        (before, here) = (here, twice * here - before);
    }
    sum
}

/// Uniform cubic B-spline over 0..=1.
fn spline(controls: &[f64; CONTROLS], u: f64) -> f64 {
    let cells = (CONTROLS - 3) as f64;
    let position = (u * cells).clamp(0.0, cells);
    let cell = (position as usize).min(CONTROLS - 4);
    let t = position - cell as f64;
    let s = 1.0 - t;
    let (t2, t3) = (t * t, t * t * t);
    (s * s * s * controls[cell]
        + (3.0 * t3 - 6.0 * t2 + 4.0) * controls[cell + 1]
        + (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) * controls[cell + 2]
        + t3 * controls[cell + 3])
        / 6.0
}

/// A positive background of humps whose highest point is `height`.
#[must_use]
pub fn smooth(rng: &mut Rng, x: &[f64], height: f64) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    Smooth::draw(rng, Shape::Humps).fill(x, height, &mut y);
    y.into_iter().map(|v| v as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Vec<f64> {
        (0..400).map(|i| 200.0 + 4.0 * f64::from(i)).collect()
    }

    #[test]
    fn curves_run_from_a_tenth_of_the_height_to_the_height() {
        let x = axis();
        let mut y = vec![0.0; x.len()];
        for shape in Shape::ALL {
            for sample in 0..50 {
                Smooth::draw(&mut Rng::new(4, sample), shape).fill(&x, 3.0, &mut y);
                let (least, most) = y.iter().fold((f64::MAX, f64::MIN), |(l, m), v| (l.min(*v), m.max(*v)));
                assert!((least - 0.3).abs() < 1e-9 && (most - 3.0).abs() < 1e-9, "{shape:?} {least} {most}");
            }
        }
        let top = smooth(&mut Rng::new(4, 1), &x, 2.0).into_iter().fold(0.0_f32, f32::max);
        assert!((top - 2.0).abs() < 1e-6);
    }

    #[test]
    fn curves_hold_nothing_as_narrow_as_a_band() {
        let x = axis();
        let mut y = vec![0.0; x.len()];
        for shape in Shape::ALL {
            for sample in 0..50 {
                Smooth::draw(&mut Rng::new(5, sample), shape).fill(&x, 1.0, &mut y);
                // The fastest part is sin(12 pi u) on 400 points: one step turns it by 0.094, so bends stay below
                // 0.094^2 = 0.9 % of its amplitude; narrower things would bend more.
                let bend = y.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f64::max);
                assert!(bend < 0.01, "{shape:?} {bend}");
            }
        }
    }

    #[test]
    fn series_and_spline_follow_their_closed_forms() {
        let mut amplitudes = [0.0; COSINES];
        amplitudes[4] = 2.0;
        let mut sines = [0.0; SINES];
        sines[10] = 1.0;
        for i in 0..=20 {
            let u = f64::from(i) / 20.0;
            let angle = std::f64::consts::PI * u;
            // The recurrence loses about k^2 roundings.
            assert!((Smooth::Cosines(amplitudes).at(u) - 2.0 * (5.0 * angle).cos()).abs() < 1e-11);
            assert!((Smooth::Bridge(sines, 0.0).at(u) - (11.0 * angle).sin()).abs() < 1e-11);
            // Coefficients on a line give that line: knots i - 1 of 5 cells.
            let line: [f64; CONTROLS] = std::array::from_fn(|i| i as f64 - 1.0);
            assert!((Smooth::Spline(line).at(u) - 5.0 * u).abs() < 1e-12);
        }
    }

    #[test]
    fn the_bridge_has_the_variance_of_a_bridge() {
        let n = 4_000;
        let variance = (0..n)
            .map(|sample| {
                let Smooth::Bridge(sines, _) = Smooth::draw(&mut Rng::new(6, sample), Shape::Bridge) else {
                    return 0.0;
                };
                let middle = Smooth::Bridge(sines, 0.0).at(0.5);
                middle * middle
            })
            .sum::<f64>()
            / n as f64;
        // u (1 - u) = 1/4 less the tail after twelve sines, 2/pi^2 * sum 1/k^2 over odd k > 12: 0.0084. Five standard
        // errors of 0.24 sqrt(2 / 4000).
        assert!((variance - 0.2416).abs() < 0.027, "{variance}");
    }
}
