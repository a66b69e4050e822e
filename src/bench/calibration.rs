//! Whether a stated confidence means what it says: of the components given 90 %, how many are right?

use std::fmt;

use serde::Serialize;

use super::stats::{mean, percent, wilson_percent};
use super::text::{number, rate};

/// Borders of the bins of stated confidence.
const EDGES: [f64; 7] = [0.0, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0];
/// From here on a component counts as given confidently.
pub const CONFIDENT: f64 = 0.9;

/// A component as its method stated it, and whether it is really there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// Stated probability that the component is right.
    pub confidence: f64,
    /// Whether it is.
    pub right: bool,
}

/// Stated confidences against what came true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Components that came with a confidence.
    pub components: usize,
    /// Of those, given at least 0.9.
    pub confident: usize,
    /// Of the confident ones, right.
    pub confident_right: usize,
    /// The same in percent.
    pub confident_right_percent: Option<f64>,
    /// 95 % interval of it (Wilson).
    pub confident_right_interval: Option<[f64; 2]>,
    /// Mean of (stated - true)^2, 0 at best (Brier's score).
    pub brier: f64,
    /// The reliability table.
    pub bins: Vec<Bin>,
}

/// Components whose stated confidence lies in `low..high` (the last bin includes its upper end).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Lower border.
    pub low: f64,
    /// Upper border.
    pub high: f64,
    /// Components in it.
    pub count: usize,
    /// Of those, right.
    pub right: usize,
    /// What was stated on average, in percent.
    pub stated_percent: Option<f64>,
    /// What came true, in percent.
    pub right_percent: Option<f64>,
}

/// `None` when nothing came with a confidence.
pub fn calibration(claims: &[Claim]) -> Option<Calibration> {
    if claims.is_empty() {
        return None;
    }
    let count = |of: &dyn Fn(&Claim) -> bool| claims.iter().filter(|claim| of(claim)).count();
    let confident = count(&|c| c.confidence >= CONFIDENT);
    let confident_right = count(&|c| c.confidence >= CONFIDENT && c.right);
    let bins = EDGES.windows(2).map(|edge| {
        let last = edge[1] >= 1.0;
        let inside: Vec<&Claim> = claims
            .iter()
            .filter(|c| {
                c.confidence >= edge[0] && (c.confidence < edge[1] || (last && c.confidence <= edge[1]))
            })
            .collect();
        let right = inside.iter().filter(|c| c.right).count();
        let stated: Vec<f64> = inside.iter().map(|c| 100.0 * c.confidence).collect();
        Bin {
            low: edge[0],
            high: edge[1],
            count: inside.len(),
            right,
            stated_percent: mean(&stated),
            right_percent: percent(right, inside.len()),
        }
    });
    let misses: Vec<f64> =
        claims.iter().map(|c| (c.confidence - f64::from(u8::from(c.right))).powi(2)).collect();
    Some(Calibration {
        components: claims.len(),
        confident,
        confident_right,
        confident_right_percent: percent(confident_right, confident),
        confident_right_interval: wilson_percent(confident_right, confident),
        brier: mean(&misses).unwrap_or_default(),
        bins: bins.collect(),
    })
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "of {} components given 90 % or more, {} are right: {} (of {} with a confidence; Brier {:.3})",
            self.confident,
            self.confident_right,
            rate(self.confident_right_percent, self.confident_right_interval),
            self.components,
            self.brier
        )?;
        for bin in self.bins.iter().filter(|bin| bin.count > 0) {
            writeln!(
                f,
                "  given {:>3.0}-{:<3.0} %: {:>4} of {:>4} right, {:>3} % where {:>3} % were stated",
                100.0 * bin.low,
                100.0 * bin.high,
                bin.right,
                bin.count,
                number(bin.right_percent, 0),
                number(bin.stated_percent, 0)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(confidence: f64, right: bool) -> Claim {
        Claim { confidence, right }
    }

    #[test]
    fn confident_components_are_counted_apart_and_every_one_falls_into_one_bin() {
        let claims =
            [claim(0.9, true), claim(0.95, false), claim(1.0, true), claim(0.5, true), claim(0.0, false)];
        let c = calibration(&claims).unwrap();
        assert_eq!((c.components, c.confident, c.confident_right), (5, 3, 2));
        assert!((c.confident_right_percent.unwrap() - 200.0 / 3.0).abs() < 1e-12);
        let counts: Vec<(usize, usize)> = c.bins.iter().map(|b| (b.count, b.right)).collect();
        assert_eq!(counts, [(1, 0), (0, 0), (1, 1), (0, 0), (2, 1), (1, 1)]);
        assert!((c.bins[4].stated_percent.unwrap() - 92.5).abs() < 1e-9);
        // (0.01 + 0.9025 + 0 + 0.25 + 0) / 5
        assert!((c.brier - 0.2325).abs() < 1e-12);
    }

    #[test]
    fn without_confidences_there_is_no_calibration() {
        assert_eq!(calibration(&[]), None);
        let unsure = calibration(&[claim(0.3, true)]).unwrap();
        assert_eq!((unsure.confident, unsure.confident_right_percent), (0, None));
    }
}
