//! Both forms behind one forward pass.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::batch_norm::Pull;
use super::features::{Retrieved, Retriever};
use super::paper::{PaperNet, answers};
use super::{RampinnConfig, RampinnForm};
use crate::nets::init::Init;
use crate::nets::unet::{Unet, UnetConfig};

/// Curves that the body of our own form draws: factors of the bases, a correction, the background.
const DRAWN: usize = 4;
/// Weight of the pull on stored statistics: Adam makes steps of the same size however small it is, and the gradient's
/// norm hardly knows of it.
const PULL: f64 = 1e-4;

/// The network.
#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "one a process")]
pub enum Rampinn {
    /// As published.
    Paper(PaperNet),
    /// Ours.
    Retrieval(Unet),
}

/// Spectra as the network sees them.
#[derive(Debug, Clone)]
pub struct CarsInput {
    /// Intensities of height 1. `[batch, point]`
    pub spectra: Tensor<2>,
    /// What our own form begins with.
    begun: Option<Begun>,
}

#[derive(Debug, Clone)]
struct Begun {
    /// `[batch, point, channel]`
    channels: Tensor<3>,
    /// `[batch, point]` each.
    bases: [Tensor<2>; 3],
    /// `[batch, 1]`
    units: Tensor<2>,
}

/// What the network says, on the scale of its input.
#[derive(Debug, Clone)]
pub struct CarsAnswer {
    /// `Im chi_R`. `[batch, point]`
    pub raman: Tensor<2>,
    /// `chi_NR`. `[batch, point]`
    pub background: Tensor<2>,
}

impl CarsInput {
    /// Of spectra of height 1 with the same number of points; `retrieved` are [`Retriever::of`] of each, wanted by
    /// [`RampinnForm::Retrieval`] only.
    pub fn new(spectra: &[&[f32]], retrieved: &[&Retrieved], device: &Device) -> Self {
        let batch = spectra.len();
        let points = spectra.first().map_or(0, |x| x.len());
        let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, device);
        let rows = |each: &dyn Fn(&Retrieved) -> &[f32]| -> Tensor<1> {
            tensor(&retrieved.iter().flat_map(|r| each(r).iter().copied()).collect::<Vec<f32>>())
        };
        let begun = (retrieved.len() == batch && batch > 0).then(|| {
            let base = |k: usize| rows(&|r: &Retrieved| r.bases[k].as_slice()).reshape([batch, points]);
            let units: Vec<f32> = retrieved.iter().map(|r| r.unit).collect();
            Begun {
                channels: rows(&|r: &Retrieved| &r.channels).reshape([batch, points, Retriever::CHANNELS]),
                bases: [base(0), base(1), base(2)],
                units: tensor(&units).reshape([batch, 1]),
            }
        });
        Self { spectra: tensor(&spectra.concat()).reshape([batch, points]), begun }
    }

    /// Of spectra of height 1, for a network of this kind.
    pub fn of(config: &RampinnConfig, spectra: &[&[f32]], device: &Device) -> Self {
        if config.form == RampinnForm::Paper {
            return Self::new(spectra, &[], device);
        }
        let retriever = Retriever::new(spectra.first().map_or(0, |x| x.len()));
        let retrieved: Vec<Retrieved> = spectra.iter().map(|x| retriever.of(x)).collect();
        Self::new(spectra, &retrieved.iter().collect::<Vec<_>>(), device)
    }
}

impl Rampinn {
    /// First weights of this seed. The sizes must pass [`RampinnConfig::check`].
    pub fn new(config: &RampinnConfig, seed: u64, device: &Device) -> Self {
        Self::drawn(config, &mut Init::new(device, seed))
    }

    /// To be filled: no weight takes memory before it is.
    pub(in crate::nets) fn blank(config: &RampinnConfig, device: &Device) -> Self {
        Self::drawn(config, &mut Init::blank(device))
    }

    fn drawn(config: &RampinnConfig, init: &mut Init) -> Self {
        match config.form {
            RampinnForm::Paper => Self::Paper(PaperNet::drawn(config, init)),
            RampinnForm::Retrieval => {
                let body = UnetConfig {
                    ends: (Retriever::CHANNELS, DRAWN),
                    widths: config.widths.clone(),
                    taps: config.taps,
                    groups: 1,
                    heads: config.heads,
                };
                Self::Retrieval(Unet::drawn(&body, init))
            }
        }
    }

    /// The answers; stored statistics count.
    pub fn forward(&self, input: &CarsInput) -> CarsAnswer {
        match (self, &input.begun) {
            (Self::Retrieval(body), Some(begun)) => corrected(body, begun),
            (Self::Paper(net), _) => plain(net, input, None),
            (Self::Retrieval(_), None) => unreachable!("the input was made for another form"),
        }
    }

    /// The answers in training, and what is to be added to the loss.
    pub fn forward_training(&self, input: &CarsInput) -> (CarsAnswer, Option<Tensor<1>>) {
        let Self::Paper(net) = self else { return (self.forward(input), None) };
        let mut pull = Pull::default();
        let answer = plain(net, input, Some(&mut pull));
        (answer, pull.sum().map(|sum| sum * PULL))
    }
}

fn plain(net: &PaperNet, input: &CarsInput, pull: Option<&mut Pull>) -> CarsAnswer {
    let (raman, background) = answers(net.forward(input.spectra.clone().unsqueeze_dim(2), pull));
    CarsAnswer { raman, background }
}

/// Slow factors of sine and cosine, a correction in the unit of the lines, and the background over its reference.
fn corrected(body: &Unet, begun: &Begun) -> CarsAnswer {
    let drawn = body.forward(begun.channels.clone());
    let [batch, points, _] = drawn.dims();
    let curve = |k: usize| drawn.clone().narrow(2, k, 1).reshape([batch, points]);
    let [sine, cosine, reference] = begun.bases.clone();
    let units = begun.units.clone();
    let raman = sine.clone() + sine * curve(0) + (cosine * curve(1) + curve(2)) * units.clone();
    CarsAnswer { raman, background: reference + curve(3) * units }
}
