//! A measured spectrum made ready for fitting: ascending, not finer than needed, slow background taken away.

use crate::process::{Arpls, Step};
use crate::spectrum::resample::{self, Interpolation};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::super::LibraryError;

/// Below this shift stand the laser line and the edge of its filter, no lines of the substance.
const LOWEST_CM1: f64 = 60.0;
/// Finer sampling than this is averaged: fitted lines are 2.5 cm-1 wide at least.
const FINEST_STEP_CM1: f64 = 1.0;
/// Features longer than about six times this length count as background (arPLS stiffness is its fourth power, a point).
const BACKGROUND_LENGTH_CM1: f64 = 60.0;
/// Fewest points that are worth fitting.
const FEWEST_POINTS: usize = 40;

/// Intensities over ascending shifts, background removed, highest point 1.
#[derive(Debug, Clone)]
pub struct Curve {
    /// Raman shifts in cm-1, ascending, about evenly spaced.
    pub x: Vec<f64>,
    /// Intensity without the background, highest value 1.
    pub y: Vec<f64>,
    /// Standard deviation of the noise, in units of the highest point.
    pub noise: f64,
    /// Highest background, in units of the highest point above it.
    pub background: f64,
}

impl Curve {
    /// Prepares one spectrum. The background is arPLS of the spectrum alone, so it does not depend on any line.
    pub fn new(spectrum: &Spectrum) -> Result<Self, LibraryError> {
        let useless =
            |why: String| LibraryError::NotFitted { name: spectrum.meta.display_name().into(), why };
        let shifts = spectrum
            .converted(&AxisKind::RamanShift)
            .map_err(|source| useless(source.to_string()))?
            .ascending();
        let shifts = cropped(&shifts).and_then(|s| binned(&s)).map_err(|e| useless(e.to_string()))?;
        if shifts.len() < FEWEST_POINTS {
            return Err(useless(format!("{} points above {LOWEST_CM1} cm-1 are too few", shifts.len())));
        }
        let lambda = (BACKGROUND_LENGTH_CM1 / shifts.axis().mean_step()).powi(4);
        let step = Step::Arpls(Arpls { lambda, ..Arpls::default() });
        let split = step.split(&shifts).map_err(|source| useless(source.to_string()))?;
        let y: Vec<f64> = split.corrected.y().iter().map(|v| f64::from(*v)).collect();
        let top = y.iter().copied().fold(0.0, f64::max);
        if top <= 0.0 {
            return Err(useless("nothing rises above the background".into()));
        }
        let y: Vec<f64> = y.into_iter().map(|v| v / top).collect();
        let (low, high) = split
            .baseline
            .y()
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(f64::from(*v)), h.max(f64::from(*v))));
        let noise = noise(&y);
        Ok(Self { x: shifts.x().to_vec(), y, noise, background: (high - low.min(0.0)) / top })
    }

    /// Mean distance between points.
    #[must_use]
    pub fn step(&self) -> f64 {
        match (self.x.first(), self.x.last()) {
            (Some(first), Some(last)) => (last - first) / (self.x.len() - 1) as f64,
            _ => 1.0,
        }
    }
}

fn cropped(spectrum: &Spectrum) -> Result<Spectrum, crate::spectrum::SpectrumError> {
    let range = spectrum.axis().range(LOWEST_CM1, f64::MAX);
    let axis = Axis::new(AxisKind::RamanShift, spectrum.x()[range.clone()].to_vec())?;
    Spectrum::new(axis, &spectrum.y()[range], Metadata::default())
}

fn binned(spectrum: &Spectrum) -> Result<Spectrum, crate::spectrum::SpectrumError> {
    let axis = spectrum.axis();
    let even = axis.is_even(0.5) && axis.mean_step() >= 0.8 * FINEST_STEP_CM1;
    if even {
        return Ok(spectrum.clone());
    }
    let step = axis.mean_step().max(FINEST_STEP_CM1);
    let points = ((axis.high() - axis.low()) / step).floor() as usize + 1;
    let to = Axis::even(AxisKind::RamanShift, axis.low(), axis.low() + step * (points - 1) as f64, points)?;
    let y = resample::resample(axis, spectrum.y(), &to, Interpolation::Area, 0.0);
    Spectrum::new(to, y, Metadata::default())
}

/// Standard deviation of the noise from second differences: median, so that lines do not count.
fn noise(y: &[f64]) -> f64 {
    let mut differences: Vec<f64> = y.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).collect();
    differences.sort_by(f64::total_cmp);
    let median = differences.get(differences.len() / 2).copied().unwrap_or(0.0);
    // Median to standard deviation of a Gaussian; the second difference has variance 6.
    1.4826 * median / 6.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fine_sampling_is_averaged_and_the_background_goes() {
        let axis = Axis::even(AxisKind::RamanShift, 10.0, 1510.0, 5001).unwrap();
        let y: Vec<f32> = axis
            .values()
            .iter()
            .map(|x| (500.0 + 0.3 * x + 100.0 / (1.0 + ((x - 800.0) / 5.0).powi(2))) as f32)
            .collect();
        let curve = Curve::new(&Spectrum::new(axis, y, Metadata::default()).unwrap()).unwrap();
        assert!((curve.step() - 1.0).abs() < 1e-3);
        assert!(curve.x[0] >= LOWEST_CM1);
        let top = curve.y.iter().position(|v| *v >= 1.0).unwrap();
        assert!((curve.x[top] - 800.0).abs() < 1.0);
        assert!(curve.y[20].abs() < 0.05);
        assert!(curve.background > 5.0);
    }

    #[test]
    fn a_flat_spectrum_is_refused_with_its_reason() {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 200.0, 20).unwrap();
        let flat = Spectrum::new(axis, vec![1.0; 20], Metadata::titled("dark")).unwrap();
        assert!(Curve::new(&flat).unwrap_err().to_string().contains("dark"));
    }
}
