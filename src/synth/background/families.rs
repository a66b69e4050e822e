//! The four background families of the `RaMixNet` paper, with its ranges.

use serde::{Deserialize, Serialize};

use super::super::Rng;

/// Highest power in a polynomial background.
const MAX_ORDER: usize = 5;

/// Which of the papers' families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// A broad Gaussian, standard deviation 800 cm-1.
    Gaussian,
    /// The paper's Gaussian read literally: variance 800 cm-2, which imitates a Raman band.
    NarrowGaussian,
    /// A sigmoid.
    Sigmoid,
    /// An exponential decay.
    Exponential,
    /// A polynomial without a constant term.
    Polynomial,
}

impl Family {
    /// The four that the paper draws from, the Gaussian taken as a broad one.
    pub const PAPER: [Self; 4] = [Self::Gaussian, Self::Sigmoid, Self::Exponential, Self::Polynomial];
}

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
        /// Coefficients of u, u^2, ..., zero beyond the order.
        coefficients: [f64; MAX_ORDER],
    },
}

impl Background {
    /// A curve of this family with the papers' ranges (relative to a spectrum of height 1).
    #[must_use]
    pub fn draw(rng: &mut Rng, family: Family) -> Self {
        match family {
            Family::Gaussian | Family::NarrowGaussian => Self::Gaussian {
                height: rng.uniform(0.0, 0.3),
                centre_cm1: rng.uniform(1000.0, 1500.0),
                sigma_cm1: if family == Family::Gaussian { 800.0 } else { 800.0_f64.sqrt() },
            },
            Family::Sigmoid => Self::Sigmoid {
                height: rng.uniform(0.0, 0.5),
                centre_cm1: rng.uniform(100.0, 2400.0),
                slope: rng.uniform(0.001, 0.03),
            },
            Family::Exponential => {
                Self::Exponential { height: rng.uniform(0.0, 1.0), decay: rng.uniform(0.001, 0.009) }
            }
            Family::Polynomial => {
                // Degree 2 to 5 as in the paper's text (its table says 1 to 5).
                let order = 2 + rng.below(MAX_ORDER - 1);
                let height = rng.uniform(0.0, 0.5);
                let mut coefficients = [0.0; MAX_ORDER];
                let mut reach = order as f64;
                for a in coefficients.iter_mut().take(order) {
                    reach *= 2.5;
                    *a = height * rng.uniform(-1.0, 1.0) / reach;
                }
                Self::Polynomial { coefficients }
            }
        }
    }

    /// Value at a position in cm-1.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        match self {
            Self::Gaussian { height, centre_cm1, sigma_cm1 } => {
                let z = (x - centre_cm1) / sigma_cm1;
                height * libm::exp(-0.5 * z * z)
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
        let line = Background::Polynomial { coefficients: [1.0, 0.0, 0.0, 0.0, 0.0] };
        close(line.at(300.0), -2.5);
        close(line.at(2500.0), 2.5);
        close(Background::Polynomial { coefficients: [0.0, 2.0, 0.0, 0.0, 0.0] }.at(2500.0), 12.5);
    }

    #[test]
    fn drawn_curves_stay_within_the_papers_ranges() {
        let highest = [0.3, 0.3, 0.5, 1.0, 0.5];
        let families = [
            Family::Gaussian,
            Family::NarrowGaussian,
            Family::Sigmoid,
            Family::Exponential,
            Family::Polynomial,
        ];
        for (family, highest) in families.into_iter().zip(highest) {
            let mut top = 0.0_f64;
            for sample in 0..300 {
                let curve = Background::draw(&mut Rng::new(8, sample), family);
                let most = (300..=2500).map(|x| curve.at(f64::from(x)).abs()).fold(0.0, f64::max);
                assert!(most <= highest, "{family:?} {most}");
                top = top.max(most);
            }
            // 300 draws come near the largest height, the polynomial (a sum of random signs) not so near.
            assert!(top > 0.5 * highest, "{family:?} {top}");
        }
    }

    #[test]
    fn the_literal_gaussian_is_as_narrow_as_a_band() {
        let curve = Background::draw(&mut Rng::new(8, 0), Family::NarrowGaussian);
        let Background::Gaussian { height, centre_cm1, .. } = curve else { panic!("{curve:?}") };
        // Full width at half maximum 66.6 cm-1.
        assert!((curve.at(centre_cm1 + 33.3) / height - 0.5).abs() < 1e-3);
    }
}
