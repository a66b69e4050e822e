//! What every solver gives back.

use super::dictionary::Dictionary;

/// Weights found by a solver, and how far they can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Rows of the dictionary with weight, ascending.
    pub support: Vec<usize>,
    /// Their weights, for the rows as they were stored (not whitened, not normalised).
    pub weights: Vec<f64>,
    /// Norm of what is left of the spectrum, in the dictionary's metric.
    pub residual_norm: f64,
    /// Steps of the solver's main loop.
    pub iterations: usize,
    /// Whether the stopping rule was met. When false the weights are the best found, not the answer.
    pub converged: bool,
    /// Largest violation of the optimality conditions (gradient on the support, wrong sign of the gradient off it),
    /// divided by the norm of the spectrum in the metric (of the residual, where that is larger). Greedy methods answer for their support only.
    pub kkt: f64,
}

impl Solution {
    /// Nothing found, which is the right answer for a zero spectrum.
    pub(super) fn empty(residual_norm: f64, iterations: usize) -> Self {
        Self {
            support: Vec::new(),
            weights: Vec::new(),
            residual_norm,
            iterations,
            converged: true,
            kkt: 0.0,
        }
    }

    /// Row and weight for the unit row of `dictionary`, for warm starts.
    pub(super) fn unit_weights<'a>(
        &'a self,
        dictionary: &'a Dictionary,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let scale = |j: &usize| dictionary.scales().get(*j).copied().unwrap_or(0.0);
        self.support.iter().zip(&self.weights).map(move |(j, w)| (*j, w * scale(j)))
    }

    /// Weight of one row, 0 outside the support.
    pub fn weight(&self, row: usize) -> f64 {
        self.support.binary_search(&row).ok().and_then(|at| self.weights.get(at)).copied().unwrap_or(0.0)
    }
}
