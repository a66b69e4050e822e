//! Dropout from a seeded generator of our own, so that a run that is taken up again repeats it exactly.

use burn::tensor::{Device, Tensor};

use crate::synth::Rng;

/// What is dropped in one forward pass.
#[derive(Debug)]
pub struct Dropout {
    rate: f64,
    rng: Rng,
}

impl Dropout {
    /// Nothing is dropped, as in every use but training.
    pub fn none() -> Self {
        Self { rate: 0.0, rng: Rng::new(0, 0) }
    }

    /// Numbers are dropped with this probability; the rest grows so that the mean stays.
    pub fn new(rate: f64, rng: Rng) -> Self {
        Self { rate, rng }
    }

    /// Factors for a tensor of this shape; `None` where nothing is dropped.
    pub fn mask<const D: usize>(&mut self, shape: [usize; D], device: &Device) -> Option<Tensor<D>> {
        if self.rate <= 0.0 {
            return None;
        }
        let kept = (1.0 / (1.0 - self.rate)) as f32;
        let count: usize = shape.iter().product();
        let draw = |_| if self.rng.unit() < self.rate { 0.0 } else { kept };
        let values: Vec<f32> = (0..count).map(draw).collect();
        Some(Tensor::<1>::from_floats(values.as_slice(), device).reshape(shape))
    }

    /// The tensor with numbers dropped.
    pub fn apply<const D: usize>(&mut self, x: Tensor<D>) -> Tensor<D> {
        match self.mask(x.dims(), &x.device()) {
            Some(mask) => x * mask,
            None => x,
        }
    }
}
