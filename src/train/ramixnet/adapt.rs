//! How far mixtures have to vary for these substances: as far as their own spectra do.

use super::Substances;
use crate::solvers::PureFit;
use crate::synth::Ranges;
use crate::train::TrainError;

/// Most that is believed of a few spectra.
const MOST_RESPONSE: f64 = 0.25;
const MOST_NOISE: f64 = 0.3;
const MOST_SHIFT_CM1: f64 = 3.0;

/// The usual ranges, wider where repeated spectra of a substance differ more than those.
pub fn adapted(substances: &Substances) -> Result<Ranges, TrainError> {
    let mut ranges = Ranges::default();
    let (low, high) = substances.range_cm1;
    for (spectra, mean) in substances.spectra.iter().zip(&substances.means) {
        let fit = PureFit::new(low, high, substances.points, mean)
            .map_err(|e| TrainError::Asked(format!("the pure spectra cannot be fitted: {e}")))?;
        let (mut response, mut noise, mut shifts) = (0.0_f64, 0.0_f64, Vec::new());
        for row in spectra {
            let found = fit.fit(row);
            response = response.max(found.excess);
            noise = noise.max(found.noise);
            shifts.push(found.shift_cm1);
        }
        ranges.noise.1 = ranges.noise.1.max((2.0 * noise).min(MOST_NOISE));
        if spectra.len() < 2 {
            continue;
        }
        let middle = shifts.iter().sum::<f64>() / shifts.len() as f64;
        let spread = shifts.iter().map(|s| (s - middle).powi(2)).sum::<f64>() / (shifts.len() - 1) as f64;
        ranges.own_shift_cm1 = ranges.own_shift_cm1.max(spread.sqrt().min(MOST_SHIFT_CM1));
        ranges.own_response = ranges.own_response.max(response.min(MOST_RESPONSE));
    }
    ranges.check()?;
    Ok(ranges)
}
