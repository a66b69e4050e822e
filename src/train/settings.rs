//! How a training runs and when it ends.

use serde::{Deserialize, Serialize};

/// What decides the course of a training, besides the task and its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoopSettings {
    /// Samples in one step.
    pub batch: usize,
    /// Samples that pass the network at once on one thread; 0 for what suits the device: one on a CPU, all on a GPU.
    pub at_once: usize,
    /// Learning rate of Adam. Paper: 1e-3.
    pub rate: f64,
    /// Steps over which the rate rises from 0.
    pub warm_up: u64,
    /// Samples over which the rate falls to 0, counted back from `cool_to`; 0 for none.
    pub cool_down: u64,
    /// Samples at which the rate has fallen to 0.
    pub cool_to: u64,
    /// Largest norm of a gradient. Paper: 5.
    pub clip: f64,
    /// Share of the old average kept in each step.
    pub average: f64,
    /// Validations without a better one after which the rate is halved.
    pub patience: u32,
    /// Samples from one validation to the next.
    pub validate_every: u64,
}

impl Default for LoopSettings {
    fn default() -> Self {
        Self {
            batch: 8,
            at_once: 0,
            rate: 1e-3,
            warm_up: 0,
            cool_down: 0,
            cool_to: 0,
            clip: 5.0,
            average: 0.999,
            patience: 5,
            validate_every: 5000,
        }
    }
}

impl LoopSettings {
    /// What is wrong with the settings, if anything.
    pub fn check(&self) -> Result<(), String> {
        if self.batch == 0 || self.batch > 65_536 {
            return Err(format!("a batch of {} samples: 1 to 65536 can be trained", self.batch));
        }
        if !(self.rate > 0.0 && self.rate <= 1.0) {
            return Err(format!("a learning rate of {}: it must be above 0 and at most 1", self.rate));
        }
        if !(self.clip > 0.0 && self.clip.is_finite()) {
            return Err(format!("gradients clipped to {}: it must be above 0", self.clip));
        }
        if !(0.0..1.0).contains(&self.average) {
            return Err(format!("an average that keeps {}: 0 to below 1", self.average));
        }
        if self.patience == 0 || self.validate_every == 0 {
            return Err("a patience of 0 or a validation every 0 samples: both must be at least 1".into());
        }
        if self.cool_down > self.cool_to {
            return Err(format!(
                "the rate cannot fall over {} samples before sample {}",
                self.cool_down, self.cool_to
            ));
        }
        Ok(())
    }

    /// Factor on the rate at this step and sample, before the plateau's.
    pub(super) fn schedule(&self, step: u64, samples: u64) -> f64 {
        let rise = if step < self.warm_up { (step + 1) as f64 / self.warm_up as f64 } else { 1.0 };
        let left = self.cool_to.saturating_sub(samples);
        let fall = if left < self.cool_down { left as f64 / self.cool_down as f64 } else { 1.0 };
        rise * fall
    }
}

/// When a training stops by itself; the first limit that is reached counts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Minutes of this run.
    pub minutes: Option<f64>,
    /// Samples seen since the first beginning.
    pub samples: Option<u64>,
    /// Steps since the first beginning.
    pub steps: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls_as_asked() {
        let settings = LoopSettings { warm_up: 4, cool_down: 100, cool_to: 1000, ..LoopSettings::default() };
        let at = |step, samples| (settings.schedule(step, samples) * 100.0).round() as i32;
        assert_eq!([at(0, 0), at(1, 8), at(4, 32)], [25, 50, 100]);
        assert_eq!([at(99, 900), at(99, 950), at(99, 1000), at(99, 2000)], [100, 50, 0, 0]);
        assert!((LoopSettings::default().schedule(0, u64::MAX) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn settings_that_cannot_train_are_refused() {
        let base = LoopSettings::default();
        assert_eq!(base.check(), Ok(()));
        for wrong in [
            LoopSettings { batch: 0, ..base.clone() },
            LoopSettings { rate: f64::NAN, ..base.clone() },
            LoopSettings { clip: 0.0, ..base.clone() },
            LoopSettings { average: 1.0, ..base.clone() },
            LoopSettings { validate_every: 0, ..base.clone() },
            LoopSettings { cool_down: 5, cool_to: 4, ..base.clone() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
