//! How wide stated uncertainties have to be to hold nine of ten truths.

use burn::tensor::Tensor;

use super::super::{Crew, TrainError};
use super::example::{Example, inputs, places, targets, truths};
use super::task::Guidance;
use crate::nets::{Array, CardCalibration, Design as _, Form, GuidedConfig, Terms, with_arrays};

/// Part of the truths that an interval shall hold.
const HELD: f64 = 0.9;
/// Scenes that pass the network at once.
const AT_ONCE: usize = 8;

impl Guidance {
    /// Found on the validation's mixtures, all sets alike; nothing for a network that states no uncertainty.
    pub fn calibration(
        &self,
        config: &GuidedConfig,
        weights: &[Array],
        crew: &Crew,
    ) -> Result<Option<CardCalibration>, TrainError> {
        if config.form == Form::Plain {
            return Ok(None);
        }
        let device = crew.device();
        let net = with_arrays(config.blank(device), weights)?;
        let points = self.pures().points();
        let (mut bands, mut levels) = (Vec::new(), Vec::new());
        let all: Vec<&Example> = self.checks().collect();
        for examples in all.chunks(AT_ONCE) {
            let (x, sizes, likely) = inputs(examples, points, device);
            let refined = net.forward(x, sizes);
            let components = likely + refined.corrections;
            let truths = truths(examples, points, device);
            let terms = Terms::new(&components, &truths);
            let table = read(terms.shape)?;
            let targets = targets(examples, truths, &table, device);
            let Some(judged) = refined.judged else { return Ok(None) };
            let wanted = read(targets.chosen.clone().matmul(targets.truths))?;
            let (found, spread) = (read(components)?, read(judged.log_spread)?);
            let (level, idle) = (read(judged.log_level)?, read(targets.idle)?);
            for (_, rows, _) in places(examples) {
                for row in rows.filter(|row| idle[*row] <= 0.0) {
                    let of = row * points..(row + 1) * points;
                    bands.extend(ratios(&found[of.clone()], &wanted[of.clone()], &spread[of]));
                    let of = row * points..(row + 1) * points;
                    let off = (power(&wanted[of.clone()]) / power(&found[of]).max(1e-12)).ln().abs() / 2.0;
                    levels.push(off / f64::from(level[row]).exp());
                }
            }
        }
        Ok(Some(CardCalibration { band: quantile(bands), level: quantile(levels) }))
    }
}

fn read<const D: usize>(x: Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let values = x.try_into_data().ok().and_then(|data| data.try_to_vec::<f32>().ok());
    values.ok_or_else(|| TrainError::Stopped { samples: 0, problem: "the answers cannot be read".into() })
}

/// Deviations over what was stated, point by point, both curves without their means.
fn ratios<'a>(found: &'a [f32], wanted: &'a [f32], log_spread: &'a [f32]) -> impl Iterator<Item = f64> + 'a {
    let mean = |y: &[f32]| y.iter().map(|v| f64::from(*v)).sum::<f64>() / y.len().max(1) as f64;
    let offset = mean(found) - mean(wanted);
    let off = found.iter().zip(wanted).map(move |(a, b)| (f64::from(a - b) - offset).abs());
    off.zip(log_spread).map(|(off, spread)| off / f64::from(*spread).exp())
}

fn power(y: &[f32]) -> f64 {
    y.iter().map(|v| f64::from(*v).powi(2)).sum()
}

/// The value that so many of these do not exceed; 1 without any.
fn quantile(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 1.0;
    }
    let at = ((HELD * values.len() as f64).ceil() as usize).clamp(1, values.len()) - 1;
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_holds_nine_of_ten() {
        assert!((quantile((1..=10).map(f64::from).collect()) - 9.0).abs() < 1e-12);
        assert!((quantile(vec![3.0]) - 3.0).abs() < 1e-12);
        assert!((quantile(Vec::new()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_offset_is_no_deviation() {
        let found: Vec<f64> = ratios(&[1.0, 3.0], &[0.0, 1.0], &[0.0, 0.0]).collect();
        assert!(found.iter().all(|r| (r - 0.5).abs() < 1e-6), "{found:?}");
    }
}
