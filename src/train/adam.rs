//! Adam with bias correction as PyTorch computes it, gradients clipped by their global norm, and averaged weights.
//!
//! Weights and moments are flat, so that a step is a dozen operations however many layers there are.

use burn::tensor::Tensor;

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
/// As `torch.nn.utils.clip_grad_norm_` guards its quotient.
const NORM_GUARD: f64 = 1e-6;

/// Flat weights with what the optimiser remembers of them.
#[derive(Debug, Clone)]
pub struct Adam {
    /// The weights that are trained.
    pub weights: Tensor<1>,
    /// Running mean of the gradients.
    pub first: Tensor<1>,
    /// Running mean of their squares.
    pub second: Tensor<1>,
    /// Running mean of the weights: what is validated and exported.
    pub average: Tensor<1>,
}

/// One step's numbers.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Learning rate.
    pub rate: f64,
    /// Largest norm of the gradient.
    pub clip: f64,
    /// Share of the old average kept.
    pub average: f64,
    /// Steps done before this one.
    pub step: u64,
}

impl Adam {
    /// First weights, nothing remembered.
    pub fn new(weights: Tensor<1>) -> Self {
        let zero = weights.zeros_like();
        Self { first: zero.clone(), second: zero, average: weights.clone(), weights }
    }

    /// One step along this gradient, whose length must be a multiple of `row`.
    pub fn step(self, gradient: Tensor<1>, row: usize, rates: Rates) -> Self {
        let gradient = clipped(gradient, row, rates.clip);
        let t = (rates.step + 1).min(i32::MAX as u64) as i32;
        let first = self.first * BETA1 + gradient.clone() * (1.0 - BETA1);
        let second = self.second * BETA2 + gradient.square() * (1.0 - BETA2);
        let (bias1, bias2) = (1.0 - BETA1.powi(t), 1.0 - BETA2.powi(t));
        let width = second.clone().sqrt() * (1.0 / bias2.sqrt()) + EPSILON;
        let weights = self.weights - first.clone() * (rates.rate / bias1) / width;
        // Early averages would be held back by the first weights.
        let kept = rates.average.min(f64::from(t) / (f64::from(t) + 9.0));
        let average = self.average * kept + weights.clone() * (1.0 - kept);
        Self { weights, first, second, average }
    }
}

/// The gradient, shortened to `clip` where it is longer. The sum runs in two stages: one long sum is inexact, and wrong
/// on some drivers.
fn clipped(gradient: Tensor<1>, row: usize, clip: f64) -> Tensor<1> {
    let rows = gradient.dims()[0] / row;
    let norm = gradient.clone().square().reshape([rows, row]).sum_dim(1).sum().sqrt();
    let factor = (norm + NORM_GUARD).recip().mul_scalar(clip).clamp_max(1.0);
    gradient * factor
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn rates(step: u64) -> Rates {
        Rates { rate: 1e-3, clip: 5.0, average: 0.5, step }
    }

    fn values(tensor: &Tensor<1>) -> Vec<f32> {
        tensor.clone().try_into_data().unwrap().try_to_vec().unwrap()
    }

    /// `torch.optim.Adam` and `clip_grad_norm_` in f64.
    fn reference(weights: &mut [f64], moments: &mut [(f64, f64)], gradient: &[f64], step: i32) {
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let factor = (5.0 / (norm + 1e-6)).min(1.0);
        for ((w, (m, v)), g) in weights.iter_mut().zip(moments).zip(gradient) {
            let g = g * factor;
            *m = 0.9 * *m + 0.1 * g;
            *v = 0.999 * *v + 0.001 * g * g;
            let (m, v) = (*m / (1.0 - 0.9_f64.powi(step)), *v / (1.0 - 0.999_f64.powi(step)));
            *w -= 1e-3 * m / (v.sqrt() + 1e-8);
        }
    }

    #[test]
    fn steps_are_those_of_pytorch() {
        let device = Device::flex();
        let tensor = |values: &[f64]| {
            Tensor::<1>::from_floats(values.iter().map(|v| *v as f32).collect::<Vec<_>>().as_slice(), &device)
        };
        let mut weights = [0.5, -1.0, 2.0, 0.0];
        let mut moments = [(0.0, 0.0); 4];
        let mut adam = Adam::new(tensor(&weights));
        // The second gradient is longer than 5 and is clipped.
        let gradients = [[0.1, -0.2, 0.3, 0.0], [30.0, 40.0, -1.0, 0.5], [1e-4, 2.0, 0.0, -0.5]];
        for (k, gradient) in gradients.iter().enumerate() {
            adam = adam.step(tensor(gradient), 2, rates(k as u64));
            reference(&mut weights, &mut moments, gradient, k as i32 + 1);
            for (found, expected) in values(&adam.weights).iter().zip(weights) {
                // Rounding of f32 in weights near 2.
                assert!((f64::from(*found) - expected).abs() < 5e-7, "{k}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_average_follows_the_weights() {
        let weights = Tensor::<1>::from_floats([1.0, 1.0], &Device::flex());
        let before = Adam::new(weights);
        let after = before.step(Tensor::from_floats([1.0, 0.0], &Device::flex()), 2, rates(100));
        let (average, weights) = (values(&after.average), values(&after.weights));
        assert!((average[0] - f32::midpoint(1.0, weights[0])).abs() < 1e-6 && weights[0] < 1.0);
        assert!((average[1] - 1.0).abs() < 1e-7);
    }
}
