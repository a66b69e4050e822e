//! Mixtures made worse: noise, background, an error of the scale, a lower resolution; and something else added.

use std::sync::Arc;

use crate::bench::BenchError;
use crate::spectrum::{Axis, AxisKind, Spectrum};
use crate::synth::Rng;
use crate::synth::distort::broaden;

/// What is done to a mixture. Heights are relative to the mixture's own range of intensities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Nothing.
    None,
    /// White noise of this deviation.
    Noise(f64),
    /// A broad Gaussian (deviation 800 cm-1) of this height.
    Background(f64),
    /// The scale moved by so many cm-1.
    Shift(f64),
    /// A window of this width in cm-1.
    Resolution(f64),
}

impl Fault {
    /// Those of the table.
    pub const ALL: [Self; 11] = [
        Self::None,
        Self::Noise(0.005),
        Self::Noise(0.02),
        Self::Noise(0.05),
        Self::Background(1.0),
        Self::Background(10.0),
        Self::Shift(-5.0),
        Self::Shift(-2.0),
        Self::Shift(5.0),
        Self::Resolution(6.0),
        Self::Resolution(12.0),
    ];

    /// In words, for tables.
    pub fn words(self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Noise(v) => format!("noise {:.1} %", 100.0 * v),
            Self::Background(v) => format!("background x {v}"),
            Self::Shift(v) => format!("shift {v:+} cm-1"),
            Self::Resolution(v) => format!("resolution {v} cm-1"),
        }
    }

    /// The mixture with the fault; `k` is its number.
    pub fn done_to(self, mixture: &Spectrum, k: usize) -> Result<Spectrum, BenchError> {
        let wrong = |e: crate::spectrum::SpectrumError| BenchError::Asked(format!("{}: {e}", self.words()));
        let (x, mut y) = (mixture.axis().values().to_vec(), mixture.y().to_vec());
        let range = f64::from(
            y.iter().copied().fold(f32::MIN, f32::max) - y.iter().copied().fold(f32::MAX, f32::min),
        );
        let mut axis = Arc::clone(mixture.axis());
        match self {
            Self::None => {}
            Self::Noise(v) => {
                let mut rng = Rng::new(7, k as u64);
                for y in &mut y {
                    *y += (v * range * rng.normal()) as f32;
                }
            }
            Self::Background(v) => {
                let glow = |x: f64| libm::exp(-0.5 * ((x - 1250.0) / 800.0).powi(2));
                y.iter_mut().zip(&x).for_each(|(y, x)| *y += (v * range * glow(*x)) as f32);
            }
            Self::Shift(v) => {
                let moved = x.iter().map(|x| x + v).collect();
                axis = Arc::new(Axis::new(AxisKind::RamanShift, moved).map_err(wrong)?);
            }
            Self::Resolution(v) => y = broaden(&x, &y, v),
        }
        Spectrum::new(axis, y, mixture.meta.clone()).map_err(wrong)
    }
}

/// The mixture with a stranger that makes up this part of the whole by height; both without background.
pub fn with_stranger(
    mixture: &Spectrum,
    flat: &[f32],
    stranger: &[f32],
    part: f64,
) -> Result<Spectrum, BenchError> {
    let top = |y: &[f32]| f64::from(y.iter().copied().fold(f32::MIN_POSITIVE, f32::max));
    let factor = part / (1.0 - part) * top(flat) / top(stranger);
    let y: Vec<f32> = mixture
        .y()
        .iter()
        .zip(stranger)
        .map(|(y, s)| (f64::from(*y) + factor * f64::from(*s)) as f32)
        .collect();
    let wrong = |e: crate::spectrum::SpectrumError| BenchError::Asked(e.to_string());
    Spectrum::new(Arc::clone(mixture.axis()), y, mixture.meta.clone()).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::Metadata;

    fn mixture() -> Spectrum {
        let axis = Axis::even(AxisKind::RamanShift, 300.0, 1300.0, 501).unwrap();
        let y: Vec<f32> =
            axis.values().iter().map(|x| 100.0 * libm::exp(-((x - 800.0) / 8.0).powi(2)) as f32).collect();
        Spectrum::new(axis, y, Metadata::default()).unwrap()
    }

    #[test]
    fn faults_are_as_large_as_they_say() {
        let plain = mixture();
        let done = |fault: Fault| fault.done_to(&plain, 3).unwrap();
        assert_eq!(done(Fault::None).y(), plain.y());
        let noisy = done(Fault::Noise(0.02));
        let square: f64 =
            noisy.y().iter().zip(plain.y()).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 501.0;
        assert!((square.sqrt() - 2.0).abs() < 0.3, "{}", square.sqrt());
        let top = |s: &Spectrum| s.y().iter().copied().fold(f32::MIN, f32::max);
        assert!(top(&done(Fault::Background(10.0))) > 900.0);
        assert!((done(Fault::Shift(5.0)).axis().low() - 305.0).abs() < 1e-9);
        assert!(top(&done(Fault::Resolution(12.0))) < 80.0);
    }

    #[test]
    fn a_stranger_makes_up_its_part_by_height() {
        let plain = mixture();
        let stranger: Vec<f32> = (0..501).map(|i| if i == 10 { 4.0 } else { 0.0 }).collect();
        let both = with_stranger(&plain, plain.y(), &stranger, 0.3).unwrap();
        assert!((f64::from(both.y()[10]) / (100.0 + f64::from(both.y()[10])) - 0.3).abs() < 1e-4);
    }
}
