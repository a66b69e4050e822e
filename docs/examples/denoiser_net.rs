//! A denoiser: a spectrum with noise in, the spectrum without it out.

use burn::module::Module;
use burn::tensor::{Device, Tensor, activation};
use serde::{Deserialize, Serialize};

use super::Design;
use super::init::Init;
use super::layers::Conv;

/// Sizes, as they stand on the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DenoiserConfig {
    /// Channels between the convolutions.
    pub width: usize,
    /// Taps of each convolution, odd.
    pub taps: usize,
}

/// Two convolutions that say what is noise.
#[derive(Module, Debug)]
pub struct Denoiser {
    first: Conv,
    last: Conv,
}

impl Denoiser {
    fn drawn(config: &DenoiserConfig, init: &mut Init) -> Self {
        Self {
            first: Conv::new(init, 1, config.width, config.taps, 1),
            last: Conv::new(init, config.width, 1, config.taps, 1),
        }
    }

    /// `[batch, point]` to the same without noise.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [batch, points] = x.dims();
        let hidden = activation::relu(self.first.forward(x.clone().reshape([batch, points, 1])));
        x - self.last.forward(hidden).reshape([batch, points])
    }
}

impl Design for DenoiserConfig {
    type Net = Denoiser;

    fn check(&self) -> Result<(), String> {
        if self.width == 0 || self.width > 1024 {
            return Err(format!("width is {}: 1 to 1024 channels", self.width));
        }
        if self.taps.is_multiple_of(2) || self.taps > 255 {
            return Err(format!("taps is {}: an odd number up to 255", self.taps));
        }
        Ok(())
    }

    fn name(&self) -> &'static str {
        "denoiser"
    }

    fn first(&self, seed: u64, device: &Device) -> Denoiser {
        Denoiser::drawn(self, &mut Init::new(device, seed))
    }

    fn blank(&self, device: &Device) -> Denoiser {
        Denoiser::drawn(self, &mut Init::blank(device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_cannot_be_built_are_refused_and_weights_are_a_function_of_the_seed() {
        let config = DenoiserConfig { width: 4, taps: 5 };
        assert!(DenoiserConfig { taps: 4, ..config.clone() }.check().unwrap_err().contains("odd"));
        let answer = |seed| {
            let device = Device::flex();
            let x = Tensor::<1>::from_floats([1.0, 2.0, 4.0, 2.0, 1.0, 0.0], &device).reshape([2, 3]);
            let y = config.first(seed, &device).forward(x);
            assert_eq!(y.dims(), [2, 3]);
            y.into_data().try_to_vec::<f32>().unwrap()
        };
        assert_eq!(answer(1), answer(1));
        assert_ne!(answer(1), answer(2));
    }
}
