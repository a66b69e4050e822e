//! Halves the learning rate when validations stop getting better.

use serde::{Deserialize, Serialize};

/// What was seen so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// Factor on the learning rate.
    pub factor: f64,
    /// Best mean of a validation.
    pub best: Option<f64>,
    /// Validations since then, or since the last halving.
    pub since: u32,
}

impl Default for Plateau {
    fn default() -> Self {
        Self { factor: 1.0, best: None, since: 0 }
    }
}

impl Plateau {
    /// Takes a validation into account; says whether the rate was halved.
    pub fn take(&mut self, value: f64, patience: u32) -> bool {
        if self.best.is_none_or(|best| value > best) {
            self.best = Some(value);
            self.since = 0;
            return false;
        }
        self.since += 1;
        let halved = self.since >= patience;
        if halved {
            self.factor *= 0.5;
            self.since = 0;
        }
        halved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_halved_after_patience_without_a_better_value() {
        let mut plateau = Plateau::default();
        let halved: Vec<bool> =
            [1.0, 2.0, 2.0, 1.5, 3.0, 2.9, 2.9, 2.9, 3.0].iter().map(|v| plateau.take(*v, 2)).collect();
        assert_eq!(halved, [false, false, false, true, false, false, true, false, true]);
        assert!((plateau.factor - 0.125).abs() < 1e-12 && plateau.best == Some(3.0));
    }
}
