//! Whether a recovered pair explains what was measured.

use serde::{Deserialize, Serialize};

/// Below it an answer is green (spec of the recovery, section 8).
const GREEN: f64 = 0.1;
/// Below it an answer is amber.
const AMBER: f64 = 0.3;

/// The colour of a consistency figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The pair explains the measurement.
    Green,
    /// It does so with visible deviations.
    Amber,
    /// It does not.
    Red,
}

impl Verdict {
    /// Word for people and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// How far the forward reconstruction of a recovered pair is from what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Consistency {
    /// Root mean square of the deviation over that of the measurement around its mean; 0 is a perfect fit, 1 no better
    /// than a constant.
    pub ratio: f64,
    /// Its colour.
    pub verdict: Verdict,
}

impl Consistency {
    /// Of a reconstruction beside the measurement. A measurement without any structure, or numbers that are not finite,
    /// are red.
    #[must_use]
    pub fn of(forward: &[f64], measured: &[f64]) -> Self {
        let points = measured.len().max(1) as f64;
        let mean = measured.iter().sum::<f64>() / points;
        let off: f64 = forward.iter().zip(measured).map(|(f, m)| (f - m) * (f - m)).sum();
        let around: f64 = measured.iter().map(|m| (m - mean) * (m - mean)).sum();
        let ratio = if around > 0.0 { (off / around).sqrt() } else { f64::INFINITY };
        let ratio = if ratio.is_finite() { ratio } else { f64::from(f32::MAX) };
        let verdict = match ratio {
            r if r < GREEN => Verdict::Green,
            r if r < AMBER => Verdict::Amber,
            _ => Verdict::Red,
        };
        Self { ratio, verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_ratio() {
        let measured: Vec<f64> = (0..100).map(f64::from).collect();
        let scaled = |by: f64| -> Vec<f64> { measured.iter().map(|m| 49.5 + (m - 49.5) * by).collect() };
        for (by, verdict) in [(0.95, Verdict::Green), (0.8, Verdict::Amber), (0.5, Verdict::Red)] {
            let found = Consistency::of(&scaled(by), &measured);
            assert!((found.ratio - (1.0 - by)).abs() < 1e-12);
            assert_eq!(found.verdict, verdict);
        }
    }

    #[test]
    fn flat_measurements_and_broken_numbers_are_red() {
        assert_eq!(Consistency::of(&[1.0; 5], &[1.0; 5]).verdict, Verdict::Red);
        let broken = Consistency::of(&[f64::NAN; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!(broken.verdict == Verdict::Red && broken.ratio.is_finite());
    }
}
