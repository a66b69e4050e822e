//! Backgrounds that do not resonate, and the same shapes as profiles of a light source.

use super::super::Rng;

/// A smooth positive curve over 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub enum CarsBackground {
    /// A rise and a fall: `1 / (1 + exp(-(u - c1) b1)) * 1 / (1 + exp((u - c2) b2))`.
    TwoSigmoids {
        /// Centre and slope of the rise.
        rise: (f64, f64),
        /// Centre and slope of the fall.
        fall: (f64, f64),
    },
    /// A rise or a fall.
    Sigmoid {
        /// Centre.
        centre: f64,
        /// Slope.
        slope: f64,
    },
    /// `sum c_i u^i`, stretched to 0 to 1.
    Polynomial {
        /// The constant first.
        coefficients: [f64; 5],
    },
    /// A Gaussian of height 1.
    Gaussian {
        /// Centre.
        centre: f64,
        /// Standard deviation.
        sigma: f64,
    },
    /// A straight line.
    Line {
        /// Value at the beginning and at the end.
        ends: (f64, f64),
    },
}

impl CarsBackground {
    /// Two sigmoids of the `SpecNet` generator.
    pub fn two_sigmoids(rng: &mut Rng) -> Self {
        let mut about = |mean: f64, deviation: f64| mean + deviation * rng.normal();
        Self::TwoSigmoids {
            rise: (about(0.2, 0.3), about(10.0, 5.0)),
            fall: (about(0.7, 0.3), about(10.0, 5.0)),
        }
    }

    /// One sigmoid of the LUT generator.
    pub fn sigmoid(rng: &mut Rng) -> Self {
        let centre = [-2.0, -1.0, 1.0, 2.0][rng.below(4)];
        let slope = (1 + rng.below(5)) as f64;
        Self::Sigmoid { centre, slope: if rng.unit() < 0.5 { -slope } else { slope } }
    }

    /// A polynomial of the LUT generator.
    pub fn polynomial(rng: &mut Rng) -> Self {
        let mut whole = || rng.below(20) as f64 - 10.0;
        let (c0, c1, c3) = (whole(), whole(), whole());
        let (c2, c4) = (rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0));
        Self::Polynomial { coefficients: [c0, c1, c2, c3, c4] }
    }

    /// One of the three above, each as often as the others.
    pub fn any(rng: &mut Rng) -> Self {
        match rng.below(3) {
            0 => Self::two_sigmoids(rng),
            1 => Self::sigmoid(rng),
            _ => Self::polynomial(rng),
        }
    }

    /// Values at positions within 0 to 1.
    pub fn over(&self, u: &[f64]) -> Vec<f64> {
        let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let at = |u: f64| match self {
            Self::TwoSigmoids { rise, fall } => {
                logistic((u - rise.0) * rise.1) * logistic((fall.0 - u) * fall.1)
            }
            Self::Sigmoid { centre, slope } => logistic((u - centre) * slope),
            Self::Polynomial { coefficients } => coefficients.iter().rev().fold(0.0, |sum, c| sum * u + c),
            Self::Gaussian { centre, sigma } => {
                let z = (u - centre) / sigma;
                libm::exp(-0.5 * z * z)
            }
            Self::Line { ends } => ends.0 + (ends.1 - ends.0) * u,
        };
        let mut values: Vec<f64> = u.iter().map(|u| at(*u)).collect();
        if matches!(self, Self::Polynomial { .. }) {
            stretch(&mut values, 0.0, 1.0);
        }
        values
    }
}

/// Maps the smallest value to `low` and the largest to `high`; a constant to `high`.
pub(super) fn stretch(values: &mut [f64], low: f64, high: f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = most - least;
    for v in values {
        *v = if span > 0.0 { low + (high - low) * ((*v - least) / span) } else { high };
    }
}
