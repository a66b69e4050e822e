//! First weights: seeded, the same on every machine and device; or none yet, for a network that a file fills.

use burn::module::{Param, ParamId};
use burn::tensor::{Device, Shape, Tensor};

use crate::synth::Rng;

/// Makes the weights of a network, layer after layer.
#[derive(Debug)]
pub struct Init<'a> {
    device: &'a Device,
    rng: Option<Rng>,
}

impl<'a> Init<'a> {
    /// Weights of this seed for this device.
    pub fn new(device: &'a Device, seed: u64) -> Self {
        Self { device, rng: Some(Rng::new(seed, 0)) }
    }

    /// Weights that have sizes and take no memory before they are read; then they are zeros.
    pub fn blank(device: &'a Device) -> Self {
        Self { device, rng: None }
    }

    /// Uniform within `1 / sqrt(fan_in)`, as PyTorch begins its convolutions and linear maps.
    pub fn uniform<const D: usize>(&mut self, shape: [usize; D], fan_in: usize) -> Param<Tensor<D>> {
        let Some(rng) = &mut self.rng else { return self.later(shape) };
        let bound = 1.0 / (fan_in.max(1) as f64).sqrt();
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| rng.uniform(-bound, bound) as f32).collect();
        let flat = Tensor::<1>::from_floats(values.as_slice(), self.device);
        Param::from_tensor(flat.reshape(shape))
    }

    /// One value everywhere.
    pub fn constant(&mut self, count: usize, value: f32) -> Param<Tensor<1>> {
        if self.rng.is_none() {
            return self.later([count]);
        }
        Param::from_tensor(Tensor::full([count], value, self.device))
    }

    /// Zeros.
    pub fn zeros<const D: usize>(&mut self, shape: [usize; D]) -> Param<Tensor<D>> {
        if self.rng.is_none() {
            return self.later(shape);
        }
        Param::from_tensor(Tensor::zeros(shape, self.device))
    }

    fn later<const D: usize>(&self, shape: [usize; D]) -> Param<Tensor<D>> {
        let zeros = move |device: &Device, grad: bool| Tensor::zeros(shape, device).set_require_grad(grad);
        Param::uninitialized(ParamId::new(), zeros, self.device.clone(), true, Shape::from(shape))
    }
}
