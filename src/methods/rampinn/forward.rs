//! Spectra of height 1 through the network, on whatever device there is.

use burn::tensor::Device;

use super::super::device::{finite, on_some_device};
use super::super::model::Model;
use super::super::{MethodError, Watch};
use super::method::INFO;
use crate::compute::Stop;
use crate::nets::{CarsAnswer, CarsInput, Rampinn, RampinnConfig};

/// Spectra in one pass: few enough for the memory of small GPUs.
const AT_ONCE: usize = 16;

/// Both curves of one spectrum.
pub(super) type Pair = (Vec<f32>, Vec<f32>);

/// What the network made of some spectra.
#[derive(Debug)]
pub(super) struct Forwarded {
    /// `Im chi_R` and `chi_NR` on the scale of the input, neither below 0.
    pub pairs: Vec<Pair>,
    /// Name of the device.
    pub device: String,
    /// Says so where a device failed.
    pub notice: Option<String>,
}

/// Spectra over the model's points through the network.
pub(super) fn forward(
    model: &Model<RampinnConfig>,
    inputs: &[Vec<f32>],
    watch: &dyn Watch,
) -> Result<Forwarded, MethodError> {
    let ran = on_some_device(&INFO, watch, |turn| {
        let net = model.net(turn).map_err(|e| Stop::Job(numbers(&e)))?;
        let mut pairs = Vec::with_capacity(inputs.len());
        for (done, some) in inputs.chunks(AT_ONCE).enumerate() {
            watch.go_on().map_err(Stop::Job)?;
            if inputs.len() > AT_ONCE {
                let part = (done * AT_ONCE) as f32 / inputs.len() as f32;
                watch.progress(0.1 + 0.85 * part, "recovering");
            }
            let found = on_device(&net, &model.card.architecture, some, &turn.device)?;
            for (raman, background) in &found {
                finite(&INFO, turn, raman)?;
                finite(&INFO, turn, background)?;
            }
            pairs.extend(found);
        }
        Ok(pairs)
    })?;
    Ok(Forwarded { pairs: ran.value, device: ran.device, notice: ran.notice })
}

/// Both curves of each spectrum.
pub(super) fn on_device(
    net: &Rampinn,
    config: &RampinnConfig,
    inputs: &[Vec<f32>],
    device: &Device,
) -> Result<Vec<Pair>, Stop<MethodError>> {
    let spectra: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    pairs(net.forward(&CarsInput::of(config, &spectra, device)))
}

/// The curves of an answer, spectrum by spectrum.
pub(super) fn pairs(answer: CarsAnswer) -> Result<Vec<Pair>, Stop<MethodError>> {
    let [_, points] = answer.raman.dims();
    let raman = answer.raman.clamp_min(0.0).try_into_vec_as::<f32>()?;
    let background = answer.background.clamp_min(0.0).try_into_vec_as::<f32>()?;
    let rows = |values: Vec<f32>| -> Vec<Vec<f32>> { values.chunks(points).map(<[f32]>::to_vec).collect() };
    Ok(rows(raman).into_iter().zip(rows(background)).collect())
}

pub(super) fn numbers(problem: &dyn std::fmt::Display) -> MethodError {
    MethodError::Numbers { method: INFO.id, problem: problem.to_string() }
}
