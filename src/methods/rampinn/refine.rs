//! Fitting the network to one spectrum: a few steps along the losses that need no label, kept only where the answer became
//! clearly more consistent.

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Tensor;

use super::super::device::{finite, on_some_device};
use super::super::model::Model;
use super::super::{MethodError, Watch};
use super::forward::{Pair, numbers, pairs};
use super::method::INFO;
use crate::compute::Stop;
use crate::nets::{CarsInput, Physics, RampinnConfig, Smoothness, roughness};

/// Learning rate (specification section 4: that of self-supervised training).
const RATE: f64 = 1e-4;
/// Weight of the background's roughness beside the inconsistency.
const SMOOTH: f64 = 10.0;
/// Part of the inconsistency that must go for the result to be kept.
const LEAST_GAIN: f64 = 0.2;

/// What became of one spectrum.
#[derive(Debug, Clone)]
pub(super) struct Refined {
    /// The curves, where they were kept.
    pub pair: Option<Pair>,
    /// Inconsistency before and after.
    pub before: f64,
    /// See `before`.
    pub after: f64,
}

/// So many steps on one spectrum of height 1.
pub(super) fn refine(
    model: &Model<RampinnConfig>,
    input: &[f32],
    steps: usize,
    watch: &dyn Watch,
) -> Result<Refined, MethodError> {
    let ran = on_some_device(&INFO, watch, |turn| {
        let device = turn.device.clone().autodiff();
        let mut net = model.on(&device).map_err(|e| Stop::Job(numbers(&e)))?;
        let seen = CarsInput::of(&model.card.architecture, &[input], &device);
        let physics = Physics::new(input.len(), &device);
        let mut optimiser = AdamConfig::new().init();
        let mut before = None;
        for step in 0..steps {
            watch.go_on().map_err(Stop::Job)?;
            watch.progress(0.2 + 0.75 * step as f32 / steps as f32, "fitting this spectrum");
            // Stored statistics count here, too: one spectrum has none of its own.
            let answer = net.forward(&seen);
            let off = physics.inconsistency(&answer, &seen.spectra).mean();
            if before.is_none() {
                before = Some(number(off.clone())?);
            }
            let loss = off + roughness(&answer.background, Smoothness::Curvature) * SMOOTH;
            let gradients = GradientsParams::from_grads(loss.backward(), &net);
            net = optimiser.step(RATE, net, gradients);
        }
        let answer = net.forward(&seen);
        let after = number(physics.inconsistency(&answer, &seen.spectra).mean())?;
        let before = before.unwrap_or(after);
        let pair = pairs(answer)?.pop().filter(|_| after <= (1.0 - LEAST_GAIN) * before);
        if let Some((raman, background)) = &pair {
            finite(&INFO, turn, raman)?;
            finite(&INFO, turn, background)?;
        }
        Ok(Refined { pair, before, after })
    })?;
    Ok(ran.value)
}

fn number(x: Tensor<1>) -> Result<f64, Stop<MethodError>> {
    Ok(x.try_into_vec_as::<f32>()?.first().map_or(f64::NAN, |v| f64::from(*v)))
}
