//! How far a trained network is to be believed, found on the validation's mixtures, all sets alike: how wide stated
//! uncertainties have to be to hold nine of ten truths, which candidates are left alone, how much of a correction is made.

use burn::tensor::{Device, Tensor};

use super::super::{Crew, TrainError};
use super::example::{Example, inputs, places, targets, truths};
use super::naming::{Named, naming};
use super::task::Guidance;
use crate::nets::{
    Array, CardCalibration, CardNaming, Design as _, Form, Guided, GuidedConfig, Judged, Terms, with_arrays,
};
use crate::spectrum::metrics::si_snr_db;

/// Part of the truths that an interval shall hold.
const HELD: f64 = 0.9;
/// Scenes that pass the network at once.
const AT_ONCE: usize = 8;
/// Steps of the probability that a species is there, and the parts of a correction that are tried for each.
const STEPS: usize = 5;
const PARTS: [f32; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// Log odds that are tried as the limit above which a candidate is left alone.
const KEEP: [f32; 9] = [-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0];
/// Slots that a standing needs for widths of its own.
const ENOUGH: usize = 40;
/// Single figures lie within these, as those of the benchmark do.
const LIMITS_DB: (f64, f64) = (-30.0, 60.0);

/// One slot that stands for a truth, and what the network says about it.
struct Seen {
    likely: Vec<f32>,
    correction: Vec<f32>,
    wanted: Vec<f32>,
    log_spread: Vec<f32>,
    log_level: f32,
    exact: f32,
    there: f32,
    listed: f32,
    lacking: bool,
    /// SI-SNR with each of the parts of its correction.
    gains: [f64; PARTS.len()],
}

impl Guidance {
    /// The calibration of these weights; nothing for a network that states no uncertainty.
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
        let all: Vec<&Example> = self.checks().collect();
        let (mut seen, mut named) = (Vec::new(), Vec::new());
        for examples in all.chunks(AT_ONCE) {
            seen.extend(self.seen(&net, examples, device, &mut named)?);
        }
        let (keep, trust) = belief(&seen);
        let naming = naming(&named).unwrap_or_default();
        let mut found = CardCalibration { keep, trust, naming, ..CardCalibration::default() };
        found.band = width(&seen.iter().collect::<Vec<_>>(), &found);
        found.level = quantile(seen.iter().map(|slot| slot.size_off(&found)).collect());
        let of = |standing: usize| {
            let slots: Vec<&Seen> = seen.iter().filter(|slot| slot.standing(&found) == standing).collect();
            if slots.len() < ENOUGH { found.band } else { width(&slots, &found) }
        };
        found.standings = (0..CardCalibration::STANDINGS).map(of).collect();
        Ok(Some(found))
    }

    fn seen(
        &self,
        net: &Guided,
        examples: &[&Example],
        device: &Device,
        named: &mut Vec<Named>,
    ) -> Result<Vec<Seen>, TrainError> {
        let points = self.pures().points();
        let (x, sizes, likely) = inputs(examples, points, device);
        let refined = net.forward(x, sizes);
        let truths = truths(examples, points, device);
        let terms = Terms::new(&(likely.clone() + refined.corrections.clone()), &truths);
        let targets = targets(examples, truths, &read(terms.shape)?, device);
        let Some(judged) = refined.judged else { return Ok(Vec::new()) };
        let wanted = read(targets.chosen.clone().matmul(targets.truths))?;
        let (likely, corrections) = (read(likely)?, read(refined.corrections)?);
        let (spread, level) = (read(judged.log_spread)?, read(judged.log_level)?);
        let (odds, idle) = (read(judged.odds)?, read(targets.idle)?);
        let mut all = Vec::new();
        for (example, rows, _) in places(examples) {
            // Stored spectra are told by their fit; names are doubtful where other specimens or none are stored.
            let doubtful = |(slot, _): &(usize, usize)| !example.lacking[*slot] && !example.stored;
            for (slot, row) in rows.clone().enumerate().filter(doubtful) {
                let said = [0, 1, 2].map(|question| odds[Judged::QUESTIONS * row + question]);
                let evidence = CardNaming::evidence(f64::from(example.confidence[slot]), said);
                let listed = example.listed.iter().all(|listed| *listed);
                named.push(Named { evidence, listed, right: example.same[slot].is_some() });
            }
            for (slot, row) in rows.enumerate().filter(|(_, row)| idle[*row] <= 0.0) {
                let of = row * points..(row + 1) * points;
                let mut seen = Seen {
                    likely: likely[of.clone()].to_vec(),
                    correction: corrections[of.clone()].to_vec(),
                    wanted: wanted[of.clone()].to_vec(),
                    log_spread: spread[of].to_vec(),
                    log_level: level[row],
                    exact: odds[Judged::QUESTIONS * row],
                    there: odds[Judged::QUESTIONS * row + 1],
                    listed: odds[Judged::QUESTIONS * row + 2],
                    lacking: example.lacking[slot],
                    gains: [0.0; PARTS.len()],
                };
                let gain = |part| si_snr_db(&seen.component(part), &seen.wanted);
                seen.gains = PARTS.map(|part| gain(part).clamp(LIMITS_DB.0, LIMITS_DB.1));
                all.push(seen);
            }
        }
        Ok(all)
    }
}

impl Seen {
    fn component(&self, part: f32) -> Vec<f32> {
        self.likely.iter().zip(&self.correction).map(|(a, b)| a + part * b).collect()
    }

    fn standing(&self, calibration: &CardCalibration) -> usize {
        calibration.standing(self.lacking, self.exact, self.listed)
    }

    /// How far the logarithm of its size is off, over what was stated.
    fn size_off(&self, calibration: &CardCalibration) -> f64 {
        let component = self.component(self.part(calibration));
        let off = (power(&self.wanted) / power(&component).max(1e-12)).ln().abs() / 2.0;
        off / f64::from(self.log_level).exp()
    }

    /// The part of its correction that is made.
    fn part(&self, calibration: &CardCalibration) -> f32 {
        match self.lacking {
            true => 1.0,
            false if self.exact > calibration.keep => 0.0,
            false => calibration.trust_at(self.there),
        }
    }
}

/// What stated deviations of points have to be multiplied by to hold nine of ten truths of these.
fn width(slots: &[&Seen], calibration: &CardCalibration) -> f64 {
    let of = |slot: &&Seen| {
        let component = slot.component(slot.part(calibration));
        ratios(&component, &slot.wanted, &slot.log_spread).collect::<Vec<_>>()
    };
    quantile(slots.iter().flat_map(of).collect())
}

/// The limit above which candidates are left alone and the parts of corrections with which the mean SI-SNR is highest.
fn belief(seen: &[Seen]) -> (f32, Vec<f32>) {
    let step = |slot: &Seen| {
        let probability = 1.0 / (1.0 + (-slot.there).exp());
        ((probability * STEPS as f32) as usize).min(STEPS - 1)
    };
    let tried = KEEP.map(|keep| {
        let (mut sum, mut trust) = (0.0, Vec::with_capacity(STEPS));
        for at in 0..STEPS {
            let slots: Vec<&Seen> = seen.iter().filter(|slot| !slot.lacking && step(slot) == at).collect();
            let with = |part: usize| -> f64 {
                slots.iter().map(|slot| slot.gains[if slot.exact > keep { 0 } else { part }]).sum()
            };
            let best = (0..PARTS.len()).max_by(|a, b| with(*a).total_cmp(&with(*b))).unwrap_or_default();
            sum += with(best);
            trust.push(PARTS[best]);
        }
        (sum, keep, trust)
    });
    let best = tried.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or((0.0, vec![1.0]), |(_, keep, trust)| (keep, trust))
}

fn read<const D: usize>(x: Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let values = x.try_into_data().ok().and_then(|data| data.try_to_vec::<f32>().ok());
    values.ok_or_else(|| TrainError::Stopped { samples: 0, problem: "the answers cannot be read".into() })
}

/// Deviations over what was stated, point by point, both curves without their means.
fn ratios<'a>(
    found: &'a [f32],
    wanted: &'a [f32],
    log_spread: &'a [f32],
) -> impl Iterator<Item = f64> + use<'a> {
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

    fn seen(exact: f32, there: f32, gains: [f64; PARTS.len()]) -> Seen {
        let curve = vec![1.0, 2.0];
        Seen {
            likely: curve.clone(),
            correction: curve.clone(),
            wanted: curve,
            log_spread: vec![0.0; 2],
            log_level: 0.0,
            exact,
            there,
            listed: 1.0,
            lacking: false,
            gains,
        }
    }

    #[test]
    fn corrections_are_made_as_far_as_they_help() {
        let rising = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0];
        let falling = [60.0, 30.0, 28.0, 25.0, 22.0, 20.0];
        let all = [
            seen(-2.5, -5.0, rising),
            seen(1.5, 5.0, falling),
            seen(-2.5, 5.0, [9.0, 9.5, 9.2, 8.0, 7.0, 6.0]),
        ];
        let (keep, trust) = belief(&all);
        assert!((-2.5..1.5).contains(&keep), "{keep}");
        assert!((trust[0] - 1.0).abs() < 1e-6 && (trust[STEPS - 1] - 0.2).abs() < 1e-6, "{trust:?}");
        let calibration = CardCalibration { keep, trust, ..CardCalibration::default() };
        assert!(all[1].part(&calibration).abs() < 1e-6 && (all[0].part(&calibration) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn every_standing_has_a_width_of_its_own() {
        // Off by 1 and by 3 where a deviation of 1 is stated.
        let one = |off: f32, listed: f32| Seen {
            wanted: vec![1.0 + off, 2.0 - off],
            listed,
            correction: vec![0.0; 2],
            ..seen(-9.0, 5.0, [0.0; PARTS.len()])
        };
        let (known, other) = (one(1.0, 1.0), one(3.0, -1.0));
        let plain = CardCalibration::default();
        assert_eq!((known.standing(&plain), other.standing(&plain)), (1, 2));
        assert!((width(&[&known], &plain) - 1.0).abs() < 1e-6);
        assert!((width(&[&other], &plain) - 3.0).abs() < 1e-6);
        let told = CardCalibration { standings: vec![1.0, 2.0, 3.0], ..plain.clone() };
        for (found, expected) in [(told.width(1), 2.0), (told.width(2), 3.0), (plain.width(2), 1.0)] {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        assert_eq!((told.standing(true, 9.0, 9.0), told.standing(false, 9.0, -9.0)), (2, 0));
    }

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
