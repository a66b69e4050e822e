//! A measured spectrum over the axis of a model.

use super::super::{MIN_POINTS, MethodError};
use crate::spectrum::resample::on_axis;
use crate::spectrum::{Axis, Spectrum};

/// Part of the model's range below which missing data is worth a note.
const NEARLY_ALL: f64 = 0.98;
/// Part below which an answer is not to be trusted.
const ENOUGH: f64 = 0.8;

/// The spectrum as the fit takes it.
#[derive(Debug, Clone)]
pub struct Look {
    /// Over the model's axis; the nearest value where nothing was measured.
    pub y: Vec<f32>,
    /// Part of the range that was measured.
    pub coverage: f64,
    /// Sentences about it.
    pub notes: Vec<String>,
}

/// Of a spectrum over Raman shift, low to high.
pub fn look(spectrum: &Spectrum, model: &Axis) -> Result<Look, MethodError> {
    let measured = spectrum.axis();
    let inside = measured.range(model.low(), model.high());
    if inside.len() < MIN_POINTS {
        return Err(MethodError::OutsideModel {
            model_low_cm1: model.low(),
            model_high_cm1: model.high(),
            low_cm1: measured.low(),
            high_cm1: measured.high(),
            found: inside.len(),
            needed: MIN_POINTS,
        });
    }
    let mut y = on_axis(measured, spectrum.y(), model);
    let there = model.range(measured.low(), measured.high());
    if let (Some(first), Some(last)) =
        (y.get(there.start).copied(), there.end.checked_sub(1).and_then(|i| y.get(i).copied()))
    {
        y[..there.start].fill(first);
        y[there.end..].fill(last);
    }
    let coverage =
        (model.high().min(measured.high()) - model.low().max(measured.low())) / (model.high() - model.low());
    let mut notes = Vec::new();
    if coverage < NEARLY_ALL {
        let trust = if coverage < ENOUGH { ": the answer is not to be relied on" } else { "" };
        notes.push(format!(
            "the model looks at {:.0} to {:.0} cm-1, of which {:.0} % were measured{trust}",
            model.low(),
            model.high(),
            100.0 * coverage
        ));
    }
    Ok(Look { y, coverage, notes })
}
