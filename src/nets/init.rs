//! First weights: seeded, the same on every machine and device.

use burn::module::Param;
use burn::tensor::{Device, Tensor};

use crate::synth::Rng;

/// Draws the first weights of a network, layer after layer.
#[derive(Debug)]
pub struct Init<'a> {
    device: &'a Device,
    rng: Rng,
}

impl<'a> Init<'a> {
    /// Weights of this seed for this device.
    pub fn new(device: &'a Device, seed: u64) -> Self {
        Self { device, rng: Rng::new(seed, 0) }
    }

    /// Uniform within `1 / sqrt(fan_in)`, as PyTorch begins its convolutions and linear maps.
    pub fn uniform<const D: usize>(&mut self, shape: [usize; D], fan_in: usize) -> Param<Tensor<D>> {
        let bound = 1.0 / (fan_in.max(1) as f64).sqrt();
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| self.rng.uniform(-bound, bound) as f32).collect();
        let flat = Tensor::<1>::from_floats(values.as_slice(), self.device);
        Param::from_tensor(flat.reshape(shape))
    }

    /// One value everywhere.
    pub fn constant(&mut self, count: usize, value: f32) -> Param<Tensor<1>> {
        Param::from_tensor(Tensor::full([count], value, self.device))
    }
}
