//! Spectra through the network, on whatever device there is.

use burn::tensor::{Device, Tensor};

use super::super::device::{finite, on_some_device};
use super::super::model::Model;
use super::super::{MethodError, Watch};
use super::method::INFO;
use crate::compute::Stop;
use crate::nets::{Dropout, Separator, SeparatorConfig};
use crate::spectrum::metrics::norm;

/// Spectra in one pass: few enough for the memory of small GPUs.
const AT_ONCE: usize = 16;

/// What the network made of some spectra.
#[derive(Debug)]
pub(super) struct Forwarded {
    /// Its outputs, without scale, sign and offset. By spectrum, source and point.
    pub outputs: Vec<Vec<Vec<f32>>>,
    /// Name of the device.
    pub device: String,
    /// Says so where a device failed.
    pub notice: Option<String>,
}

/// Spectra over the model's axis, through the network, each brought to norm 1 first.
pub(super) fn forward(
    model: &Model<SeparatorConfig>,
    spectra: &[Vec<f32>],
    watch: &dyn Watch,
) -> Result<Forwarded, MethodError> {
    let inputs: Vec<Vec<f32>> = spectra.iter().map(|y| unit(y)).collect();
    let points = model.card.axis.points;
    let ran = on_some_device(&INFO, watch, |turn| {
        let net = model.net(turn).map_err(|e| Stop::Job(MethodError::numbers(&INFO, e)))?;
        let mut outputs = Vec::with_capacity(inputs.len());
        for some in inputs.chunks(AT_ONCE) {
            watch.go_on().map_err(Stop::Job)?;
            let values = on_device(&net, some, &turn.device)?;
            finite(&INFO, turn, &values)?;
            let each = values.len() / some.len().max(1);
            outputs.extend(
                values.chunks(each.max(1)).map(|one| one.chunks(points).map(<[f32]>::to_vec).collect()),
            );
        }
        Ok(outputs)
    })?;
    Ok(Forwarded { outputs: ran.value, device: ran.device, notice: ran.notice })
}

/// All outputs one after the other. // [spectrum, source, point]
pub(super) fn on_device(
    net: &Separator,
    inputs: &[Vec<f32>],
    device: &Device,
) -> Result<Vec<f32>, Stop<MethodError>> {
    let points = inputs.first().map_or(0, Vec::len);
    let flat = inputs.concat();
    let batch = Tensor::<1>::from_floats(flat.as_slice(), device).reshape([inputs.len(), points]);
    let out = net.forward(batch, &mut Dropout::none());
    Ok(out.try_into_vec_as::<f32>()?)
}

fn unit(y: &[f32]) -> Vec<f32> {
    let size = norm(y).max(f64::MIN_POSITIVE);
    y.iter().map(|v| (f64::from(*v) / size) as f32).collect()
}
