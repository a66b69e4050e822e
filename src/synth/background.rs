//! Fluorescence-like backgrounds: the four families of the mixture-network papers and smooth random ones.

use super::Rng;

/// One background curve over positions in cm-1.
#[derive(Debug, Clone, PartialEq)]
pub enum Background {
    /// `A exp(-(x - mu)^2 / (2 sigma^2))`.
    Gaussian {
        /// Height.
        height: f64,
        /// Centre in cm-1.
        centre_cm1: f64,
        /// Standard deviation in cm-1.
        sigma_cm1: f64,
    },
    /// `A / (1 + exp(-s (x - c)))`.
    Sigmoid {
        /// Height.
        height: f64,
        /// Centre in cm-1.
        centre_cm1: f64,
        /// Slope per cm-1.
        slope: f64,
    },
    /// `A exp(-s x)`.
    Exponential {
        /// Height at zero shift.
        height: f64,
        /// Decay per cm-1.
        decay: f64,
    },
    /// `sum a_i u^i`, i = 1..n, `u = -2.5 + 5 (x - 300) / 2200`.
    Polynomial {
        /// Coefficients of u, u^2, ...
        coefficients: Vec<f64>,
    },
}

impl Background {
    /// One of the four families, drawn uniformly, with the papers' ranges (relative to a spectrum of height 1). The
    /// Gaussian is a broad one (sigma 800 cm-1): read literally the paper's variance of 800 cm-2 imitates a band.
    #[must_use]
    pub fn draw(rng: &mut Rng) -> Self {
        match rng.below(4) {
            0 => Self::Gaussian {
                height: rng.uniform(0.0, 0.3),
                centre_cm1: rng.uniform(1000.0, 1500.0),
                sigma_cm1: 800.0,
            },
            1 => Self::Sigmoid {
                height: rng.uniform(0.0, 0.5),
                centre_cm1: rng.uniform(100.0, 2400.0),
                slope: rng.uniform(0.001, 0.03),
            },
            2 => Self::Exponential { height: rng.uniform(0.0, 1.0), decay: rng.uniform(0.001, 0.009) },
            _ => {
                let order = 2 + rng.below(4);
                let height = rng.uniform(0.0, 0.5);
                let draw = |i: usize, r: &mut Rng| {
                    height * r.uniform(-1.0, 1.0) / (libm::pow(2.5, i as f64) * order as f64)
                };
                Self::Polynomial { coefficients: (1..=order).map(|i| draw(i, rng)).collect() }
            }
        }
    }

    /// Value at a position in cm-1.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        match self {
            Self::Gaussian { height, centre_cm1, sigma_cm1 } => {
                height * libm::exp(-0.5 * ((x - centre_cm1) / sigma_cm1).powi(2))
            }
            Self::Sigmoid { height, centre_cm1, slope } => {
                height / (1.0 + libm::exp(-slope * (x - centre_cm1)))
            }
            Self::Exponential { height, decay } => height * libm::exp(-decay * x),
            Self::Polynomial { coefficients } => {
                let u = -2.5 + 5.0 * (x - 300.0) / 2200.0;
                coefficients.iter().rev().fold(0.0, |sum, a| (sum + a) * u)
            }
        }
    }
}

/// A smooth positive background of the given height: a few broad Gaussians over a slope, scaled to max 1 x `height`.
#[must_use]
pub fn smooth(rng: &mut Rng, x: &[f64], height: f64) -> Vec<f32> {
    let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    let span = (high - low).max(f64::MIN_POSITIVE);
    let humps: Vec<(f64, f64, f64)> = (0..3 + rng.below(3))
        .map(|_| {
            (rng.unit(), rng.uniform(low - 0.3 * span, high + 0.3 * span), span * rng.uniform(0.25, 0.8))
        })
        .collect();
    let slope = rng.uniform(-0.5, 0.5);
    let raw: Vec<f64> = x
        .iter()
        .map(|x| {
            let sum: f64 = humps.iter().map(|(a, c, s)| a * libm::exp(-0.5 * ((x - c) / s).powi(2))).sum();
            sum + slope * (x - low) / span
        })
        .collect();
    let (least, most) = raw.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    // A floor of a tenth: fluorescence never touches zero inside a spectrum.
    let scale = 0.9 / (most - least).max(f64::MIN_POSITIVE);
    raw.iter().map(|v| (height * (0.1 + scale * (v - least))) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_pass_through_their_closed_forms() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(Background::Gaussian { height: 0.2, centre_cm1: 1200.0, sigma_cm1: 800.0 }.at(1200.0), 0.2);
        close(Background::Sigmoid { height: 0.4, centre_cm1: 900.0, slope: 0.01 }.at(900.0), 0.2);
        let decay = Background::Exponential { height: 1.0, decay: 0.004 };
        close(decay.at(501.0) / decay.at(500.0), (-0.004_f64).exp());
        let line = Background::Polynomial { coefficients: vec![1.0] };
        close(line.at(300.0), -2.5);
        close(line.at(2500.0), 2.5);
        close(Background::Polynomial { coefficients: vec![0.0, 2.0] }.at(2500.0), 12.5);
    }

    #[test]
    fn smooth_backgrounds_are_positive_and_as_high_as_asked() {
        let x: Vec<f64> = (0..400).map(|i| 200.0 + 4.0 * f64::from(i)).collect();
        for sample in 0..20 {
            let y = smooth(&mut Rng::new(4, sample), &x, 3.0);
            let top = y.iter().fold(0.0_f32, |m, v| m.max(*v));
            assert!((top - 3.0).abs() < 1e-4 && y.iter().all(|v| *v > 0.0));
        }
    }
}
