//! A network of dense convolutions over several scales, for spectra that become spectra of the same length.
//!
//! ```text
//! x -stem-> [32] ------------------------------> join -block-> [32] -head-> y
//!             \ shrink, block                    / grow
//!            [64] -------------------> join -block-> [64]
//!               \                     / ...
//! ```

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::dropout::Dropout;
use super::init::Init;
use super::layers::{Conv, GlobalAttention, Linear, Norm, Spread};

/// Taps and stride between scales.
const BETWEEN: (usize, usize) = (4, 2);

/// Sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct UnetConfig {
    /// Channels that come in and go out.
    pub ends: (usize, usize),
    /// Channels of every scale, the finest first.
    pub widths: Vec<usize>,
    /// Taps of the convolutions in a block, odd.
    pub taps: usize,
    /// Groups of channels that are normalised together.
    pub groups: usize,
    /// Heads of the attention among the points of the coarsest scale; 0 for none.
    pub heads: usize,
}

/// The network; points must be a multiple of two for every scale but the first.
#[derive(Module, Debug)]
pub struct Unet {
    stem: Conv,
    first: Block,
    shrink: Vec<Conv>,
    down: Vec<Block>,
    middle: Option<GlobalAttention>,
    grow: Vec<Spread>,
    up: Vec<Block>,
    head: Linear,
}

impl Unet {
    /// First weights.
    pub fn new(config: &UnetConfig, seed: u64, device: &Device) -> Self {
        Self::drawn(config, &mut Init::new(device, seed))
    }

    pub(super) fn drawn(config: &UnetConfig, init: &mut Init) -> Self {
        let (taps, groups) = (config.taps, config.groups);
        let first = config.widths.first().copied().unwrap_or(1);
        let last = config.widths.last().copied().unwrap_or(1);
        let pairs: Vec<(usize, usize)> = config.widths.windows(2).map(|w| (w[0], w[1])).collect();
        Self {
            stem: Conv::new(init, config.ends.0, first, taps, 1),
            first: Block::new(init, first, first, taps, groups),
            shrink: pairs.iter().map(|(a, _)| Conv::new(init, *a, *a, BETWEEN.0, BETWEEN.1)).collect(),
            down: pairs.iter().map(|(a, b)| Block::new(init, *a, *b, taps, groups)).collect(),
            middle: (config.heads > 0).then(|| GlobalAttention::new(init, last, config.heads)),
            grow: pairs.iter().map(|(a, b)| Spread::new(init, *b, *a, BETWEEN.0, BETWEEN.1)).collect(),
            up: pairs.iter().map(|(a, _)| Block::new(init, 2 * a, *a, taps, groups)).collect(),
            head: Linear::new(init, first, config.ends.1),
        }
    }

    /// `[batch, point, channel]` to the same with the outer channels.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.forward_both(x).0
    }

    /// The same, and what the coarsest scale holds.
    pub fn forward_both(&self, x: Tensor<3>) -> (Tensor<3>, Tensor<3>) {
        let mut x = self.first.forward(self.stem.forward(x));
        let mut kept = Vec::with_capacity(self.down.len());
        for (shrink, block) in self.shrink.iter().zip(&self.down) {
            kept.push(x.clone());
            x = block.forward(shrink.forward(x));
        }
        if let Some(middle) = &self.middle {
            x = middle.forward(x, &mut Dropout::none());
        }
        let coarse = x.clone();
        for ((grow, block), finer) in self.grow.iter().zip(&self.up).rev().zip(kept.into_iter().rev()) {
            x = block.forward(Tensor::cat(vec![grow.forward(x), finer], 2));
        }
        (self.head.forward(x), coarse)
    }
}

/// Two normalised convolutions with a branch around them.
#[derive(Module, Debug)]
struct Block {
    first: Conv,
    first_norm: Norm,
    second: Conv,
    second_norm: Norm,
    side: Option<Linear>,
    groups: usize,
}

impl Block {
    fn new(init: &mut Init, inputs: usize, outputs: usize, taps: usize, groups: usize) -> Self {
        Self {
            first: Conv::new(init, inputs, outputs, taps, 1),
            first_norm: Norm::new(init, outputs),
            second: Conv::new(init, outputs, outputs, taps, 1),
            second_norm: Norm::new(init, outputs),
            side: (inputs != outputs).then(|| Linear::new(init, inputs, outputs)),
            groups,
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let y = self.first_norm.forward_relu(self.first.forward(x.clone()), self.groups);
        let y = self.second_norm.forward_relu(self.second.forward(y), self.groups);
        match &self.side {
            Some(side) => side.forward_plus(x, y),
            None => x + y,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::optim::{AdamConfig, GradientsParams};

    use super::*;

    fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f32> {
        x.into_data().try_to_vec::<f32>().unwrap()
    }

    #[test]
    fn the_usual_sizes_have_the_parameters_of_the_reference() {
        let config =
            UnetConfig { ends: (1, 1), widths: vec![32, 64, 128, 256], taps: 5, groups: 8, heads: 0 };
        assert_eq!(Unet::new(&config, 1, &Device::flex()).num_params(), 1_327_553);
    }

    #[test]
    fn a_shift_by_the_coarsest_step_moves_the_answer_with_it() {
        let config = UnetConfig { ends: (1, 1), widths: vec![4, 8, 8], taps: 3, groups: 2, heads: 0 };
        let net = Unet::new(&config, 3, &Device::flex());
        let run = |at: usize| {
            let values: Vec<f32> = (0..128).map(|i| if i == at { 1.0 } else { 0.0 }).collect();
            let x = Tensor::<1>::from_floats(values.as_slice(), &Device::flex()).reshape([1, 128, 1]);
            numbers(net.forward(x))
        };
        let (here, there) = (run(60), run(64));
        assert_eq!(here.len(), 128);
        let inner = 30..90;
        let off = inner.map(|i| (here[i] - there[i + 4]).abs()).fold(0.0, f32::max);
        assert!(off < 1e-4, "{off}");
    }

    #[test]
    fn every_parameter_has_a_gradient_and_one_curve_is_learned() {
        let device = Device::flex().autodiff();
        let config = UnetConfig { ends: (1, 1), widths: vec![8, 16], taps: 5, groups: 2, heads: 2 };
        let mut net = Unet::new(&config, 5, &device);
        let mut optimiser = AdamConfig::new().init();
        let curve = |f: fn(f32) -> f32| -> Tensor<3> {
            let values: Vec<f32> = (0..64).map(|i| f(i as f32 / 10.0)).collect();
            Tensor::<1>::from_floats(values.as_slice(), &device).reshape([1, 64, 1])
        };
        let (x, y) = (curve(f32::sin), curve(|t| (2.0 * t).cos()));
        let mut losses = Vec::new();
        for _ in 0..150 {
            let rest = net.forward(x.clone()) - y.clone();
            let loss = (rest.clone() * rest).mean();
            losses.push(numbers(loss.clone().inner())[0]);
            let gradients = GradientsParams::from_grads(loss.backward(), &net);
            assert_eq!(gradients.len(), crate::nets::arrays_of(&net).unwrap().len());
            net = optimiser.step(3e-3, net, gradients);
        }
        assert!(losses[149] < 0.02 * losses[0], "{} {}", losses[0], losses[149]);
    }
}
