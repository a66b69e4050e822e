//! What an answer is judged by in training, and how far it is consistent with physics.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::hilbert::Hilbert;
use super::network::CarsAnswer;

/// Part of the window at each end over which the consistency's weight falls to 0: lines there, and beyond, are unknown.
const TAPER: f64 = 0.03;
/// Factor of [`Smoothness::Curvature`] that makes it comparable with the other terms.
const CURVATURE: f64 = 1e3;
/// Squared errors relative to the peak below which decibels no longer count.
const ENOUGH: f64 = 1e-5;
/// The same of the background, and how much its decibels count.
const ENOUGH_BACKGROUND: f64 = 1e-5;
const BACKGROUND: f64 = 0.1;
/// What errors relative to the variance of the truth are multiplied by before one is added and the logarithm taken: bad
/// answers, whose decibels change little, count by it. The variance's floor is a part of the squared peak.
const UNEXPLAINED: f64 = 30.0;
const LEAST_VARIANCE: f64 = 0.005;
/// Least peak that errors are told relative to.
const LEAST_PEAK: f64 = 0.005;

/// What keeps the background smooth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothness {
    /// Mean square of first differences.
    First,
    /// Mean square of second differences, times 1000.
    Curvature,
}

/// What the Raman answer is held against to be consistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consistency {
    /// The spectrum itself, through the forward model: needs no label.
    Forward,
    /// The Hilbert transform of the true Raman spectrum.
    Label,
}

/// How errors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataTerm {
    /// Mean squares.
    Squares,
    /// Logarithms of every spectrum's mean square relative to its highest line, and the part of its variance that is not
    /// explained: weak spectra count like strong ones.
    Decibels,
}

/// The parts of the loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RampinnLoss {
    /// Weight of the errors against the truth.
    pub data: f64,
    /// Weight of the background's roughness.
    pub smooth: f64,
    /// Weight of the inconsistency.
    pub consistent: f64,
    /// How errors count.
    pub term: DataTerm,
    /// What roughness is.
    pub smoothness: Smoothness,
    /// What inconsistency is.
    pub consistency: Consistency,
}

impl RampinnLoss {
    /// The published weights.
    pub fn supervised() -> Self {
        Self {
            data: 10.0,
            smooth: 10.0,
            consistent: 1.0,
            term: DataTerm::Squares,
            smoothness: Smoothness::First,
            consistency: Consistency::Forward,
        }
    }

    /// No label anywhere.
    pub fn self_supervised() -> Self {
        Self { data: 0.0, smoothness: Smoothness::Curvature, ..Self::supervised() }
    }

    /// Labels only.
    pub fn data_only() -> Self {
        Self { smooth: 0.0, consistent: 0.0, ..Self::supervised() }
    }

    /// Ours: as supervised, with errors in decibels.
    pub fn decibels() -> Self {
        Self { data: 1.0, term: DataTerm::Decibels, ..Self::supervised() }
    }
}

/// What should have been said.
#[derive(Debug, Clone)]
pub struct CarsTruth {
    /// `[batch, point]`
    pub raman: Tensor<2>,
    /// `[batch, point]`
    pub background: Tensor<2>,
    /// Factor on the squared errors of the Raman answer. `[batch, 1]`
    pub weight: Tensor<2>,
}

/// The transform and weights that consistency needs, for one number of points.
#[derive(Debug, Clone)]
pub struct Physics {
    hilbert: Tensor<2>,
    /// 1 inside, 0 at the ends. `[1, point]`
    taper: Tensor<2>,
}

impl Physics {
    /// On a device.
    pub fn new(points: usize, device: &Device) -> Self {
        let rise = (TAPER * points as f64).max(1.0);
        let weight = |i: usize| (i.min(points - 1 - i) as f64 / rise).min(1.0) as f32;
        let taper: Vec<f32> = (0..points).map(weight).collect();
        Self {
            hilbert: Hilbert::new(points).matrix(device),
            taper: Tensor::<1>::from_floats(taper.as_slice(), device).reshape([1, points]),
        }
    }

    /// The intensity that an answer would be measured as.
    pub fn measured(&self, answer: &CarsAnswer) -> Tensor<2> {
        let raman = answer.raman.clone();
        let real = answer.background.clone() - raman.clone().matmul(self.hilbert.clone());
        real.clone() * real + raman.clone() * raman
    }

    /// Mean square of what the forward model leaves of each spectrum, tapered. `[batch, 1]`
    pub fn inconsistency(&self, answer: &CarsAnswer, spectra: &Tensor<2>) -> Tensor<2> {
        let off = self.measured(answer) - spectra.clone();
        (off.clone() * off * self.taper.clone()).mean_dim(1)
    }

    /// The same of the real parts that answer and truth imply.
    fn dispersion(&self, answer: &CarsAnswer, raman: &Tensor<2>) -> Tensor<2> {
        let off = (answer.raman.clone() - raman.clone()).matmul(self.hilbert.clone());
        (off.clone() * off * self.taper.clone()).mean_dim(1)
    }
}

/// Mean loss of a batch.
pub fn rampinn_loss(
    answer: &CarsAnswer,
    spectra: &Tensor<2>,
    truth: &CarsTruth,
    physics: &Physics,
    parts: &RampinnLoss,
) -> Tensor<1> {
    let square = |a: &Tensor<2>, b: &Tensor<2>| {
        let off = a.clone() - b.clone();
        (off.clone() * off).mean_dim(1)
    };
    let mut loss = Tensor::zeros([1], &spectra.device());
    if parts.data > 0.0 {
        let raman = square(&answer.raman, &truth.raman);
        let background = square(&answer.background, &truth.background);
        let errors = match parts.term {
            DataTerm::Squares => raman * truth.weight.clone() + background,
            DataTerm::Decibels => {
                let peak = truth.raman.clone().max_dim(1).clamp_min(LEAST_PEAK);
                let height = peak.clone() * peak;
                let centred = truth.raman.clone() - truth.raman.clone().mean_dim(1);
                let variance = (centred.clone() * centred).mean_dim(1) + height.clone() * LEAST_VARIANCE;
                (raman.clone() / height + ENOUGH).log()
                    + (raman / variance * UNEXPLAINED + 1.0).log()
                    + (background + ENOUGH_BACKGROUND).log() * BACKGROUND
            }
        };
        loss = loss + errors.mean() * parts.data;
    }
    if parts.smooth > 0.0 {
        loss = loss + roughness(&answer.background, parts.smoothness) * parts.smooth;
    }
    if parts.consistent > 0.0 {
        let off = match parts.consistency {
            Consistency::Forward => physics.inconsistency(answer, spectra),
            Consistency::Label => physics.dispersion(answer, &truth.raman),
        };
        loss = loss + off.mean() * parts.consistent;
    }
    loss
}

/// Mean roughness of backgrounds.
pub fn roughness(background: &Tensor<2>, smoothness: Smoothness) -> Tensor<1> {
    let step = |x: Tensor<2>| {
        let points = x.dims()[1];
        x.clone().narrow(1, 1, points - 1) - x.narrow(1, 0, points - 1)
    };
    let first = step(background.clone());
    match smoothness {
        Smoothness::First => (first.clone() * first).mean(),
        Smoothness::Curvature => {
            let second = step(first);
            (second.clone() * second).mean() * CURVATURE
        }
    }
}
