//! One CARS spectrum with its truth, as measured and as a network sees it.

use super::model::{Resonance, intensity, susceptibility};

/// One spectrum and what is behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct CarsSample {
    /// Rising positions, in cm-1 or without a unit.
    pub axis: Vec<f64>,
    /// What was measured: `factor * profile * |chi_R + chi_NR|^2` and noise.
    pub cars: Vec<f64>,
    /// `Im chi_R`: what is wanted.
    pub raman: Vec<f64>,
    /// `chi_NR`.
    pub background: Vec<f64>,
    /// The profile of the light source, where there is one.
    pub profile: Option<Vec<f64>>,
    /// 1, or 1/2 for the generators that divide by two.
    pub factor: f64,
    /// The resonances, amplitudes on the scale of `raman`.
    pub lines: Vec<Resonance>,
}

/// A spectrum in the unit of its own height (the network's).
#[derive(Debug, Clone, PartialEq)]
pub struct CarsScaled {
    /// `I / s`; its largest value is 1.
    pub input: Vec<f32>,
    /// `Im chi_R / sqrt(s)`, within 0 and 1.
    pub raman: Vec<f32>,
    /// `chi_NR / sqrt(s)`, within 0 and 1.
    pub background: Vec<f32>,
    /// `s`: the height of the intensity.
    pub scale: f64,
}

impl CarsSample {
    /// What would be measured without noise.
    #[must_use]
    pub fn clean(&self) -> Vec<f64> {
        let (re, im) = susceptibility(&self.axis, &self.lines);
        let mut clean: Vec<f64> =
            intensity(&re, &im, &self.background).iter().map(|i| self.factor * i).collect();
        if let Some(profile) = &self.profile {
            clean.iter_mut().zip(profile).for_each(|(i, p)| *i *= p);
        }
        clean
    }

    /// Intensity, answers and their unit: the intensity's largest value becomes 1, the susceptibilities are divided by
    /// its square root. Nothing is subtracted: the relation between them allows factors only.
    #[must_use]
    pub fn scaled(&self) -> CarsScaled {
        let scale = self.cars.iter().copied().fold(0.0, f64::max) / self.factor;
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let root = scale.sqrt();
        let answer = |chi: &[f64]| chi.iter().map(|v| (v / root).clamp(0.0, 1.0) as f32).collect();
        CarsScaled {
            input: self.cars.iter().map(|v| (v / self.factor / scale) as f32).collect(),
            raman: answer(&self.raman),
            background: answer(&self.background),
            scale,
        }
    }
}
