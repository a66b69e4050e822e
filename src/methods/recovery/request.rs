//! A user's CARS spectrum, and what becomes of it before a method sees it.

use std::sync::Arc;

use super::super::{MIN_POINTS, MethodError, Settings};
use super::Measured;
use crate::process::{Pipeline, References};
use crate::spectrum::resample::{Interpolation, overlap, resample};
use crate::spectrum::{Axis, AxisKind, Spectrum};

/// Most points of the grid that methods see; longer spectra are averaged in bins.
pub const MOST_POINTS: usize = 8192;
/// An axis whose positions are off an even grid by no more than this part of a step counts as even: what rounding of
/// positions in files does.
const EVEN: f64 = 0.02;
/// Part of the spectrum that a reference must cover.
const COVERED: f64 = 0.98;

/// What the detector shows without light.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Dark {
    /// Nothing is taken off.
    #[default]
    None,
    /// A constant.
    Constant(f64),
    /// A measured spectrum.
    Spectrum(Box<Spectrum>),
}

/// One CARS spectrum and what shall be done with it.
#[derive(Debug, Clone)]
pub struct CarsRequest<'a> {
    /// The measurement, as it was opened.
    pub spectrum: &'a Spectrum,
    /// A non-resonant reference (glass, water) measured with the same light.
    pub reference: Option<&'a Spectrum>,
    /// Dark signal, taken off measurement and reference.
    pub dark: Dark,
    /// Whether cosmic rays are taken out first.
    pub despike: bool,
    /// Settings of the method that differ from the defaults.
    pub settings: Settings,
}

impl<'a> CarsRequest<'a> {
    /// A request without reference, dark signal or despiking, all settings at their defaults.
    #[must_use]
    pub fn new(spectrum: &'a Spectrum) -> Self {
        Self { spectrum, reference: None, dark: Dark::None, despike: false, settings: Settings::default() }
    }

    /// The same request with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The measurement on its own points (over wavenumbers, dark signal off, no negative intensities), the same on the
    /// grid that methods take, and sentences that say what was done.
    pub fn measured(&self) -> Result<(Spectrum, Measured, Vec<String>), MethodError> {
        let mut notes = Vec::new();
        let own = self.cleaned(self.spectrum, "the CARS spectrum", &mut notes)?;
        let grid = grid(own.axis(), &mut notes)?;
        let on_grid = |spectrum: &Spectrum| -> Vec<f64> {
            onto(spectrum, &grid).into_iter().map(|v| f64::from(v).max(0.0)).collect()
        };
        let reference = match self.reference {
            None => None,
            Some(reference) => {
                let cleaned = self.cleaned(reference, "the reference", &mut notes)?;
                covers(&cleaned, &own)?;
                Some(on_grid(&cleaned))
            }
        };
        let measured = Measured::new(Arc::clone(&grid), on_grid(&own), reference);
        Ok((own, measured, notes))
    }

    fn cleaned(
        &self,
        spectrum: &Spectrum,
        what: &str,
        notes: &mut Vec<String>,
    ) -> Result<Spectrum, MethodError> {
        let mut spectrum = over_wavenumbers(spectrum, notes)?;
        if self.despike {
            let step = "despike".parse::<Pipeline>().map_err(|e| refused(what, &e.to_string()))?;
            spectrum =
                step.run(&spectrum, &References::default()).map_err(|e| refused(what, &e.to_string()))?;
        }
        let dark = self.dark_on(&spectrum, notes)?;
        let mut below = 0;
        let y: Vec<f32> = spectrum
            .y()
            .iter()
            .zip(dark)
            .map(|(v, dark)| {
                let left = v - dark;
                below += usize::from(left < 0.0);
                left.max(0.0)
            })
            .collect();
        let (points, first) = (y.len(), y.first().copied().unwrap_or_default());
        if points < MIN_POINTS {
            return Err(MethodError::TooFewPoints {
                found: points,
                needed: MIN_POINTS,
                low_cm1: spectrum.axis().low(),
                high_cm1: spectrum.axis().high(),
            });
        }
        if y.iter().all(|v| *v <= 0.0) {
            let problem = "no intensity is above zero once the dark signal is off: CARS intensities are positive, and no baseline may be subtracted from them";
            return Err(refused(what, problem));
        }
        if y.iter().all(|v| v.total_cmp(&first).is_eq()) {
            return Err(MethodError::Flat { points, value: first });
        }
        if below > 0 {
            notes.push(format!(
                "{what} is below zero at {below} of {points} points; those count as zero. CARS is positive: was a baseline subtracted, or is the dark value too high?"
            ));
        }
        spectrum.derive(Arc::clone(spectrum.axis()), y, "dark signal off, not below zero").map_err(Into::into)
    }

    fn dark_on(&self, spectrum: &Spectrum, notes: &mut Vec<String>) -> Result<Vec<f32>, MethodError> {
        let axis = spectrum.axis();
        match &self.dark {
            Dark::None => Ok(vec![0.0; axis.len()]),
            Dark::Constant(value) if value.is_finite() => Ok(vec![*value as f32; axis.len()]),
            Dark::Constant(value) => Err(refused("the dark value", &format!("{value} is not a number"))),
            Dark::Spectrum(dark) => {
                let dark = over_wavenumbers(dark, notes)?;
                covers(&dark, spectrum)
                    .map_err(|_elsewhere| refused("the dark spectrum", &span(&dark, spectrum)))?;
                Ok(onto_held(&dark, axis))
            }
        }
    }
}

/// What a spectrum looks like that has no place here.
fn refused(what: &str, problem: &str) -> MethodError {
    MethodError::Measurement { what: what.to_owned(), problem: problem.to_owned() }
}

/// Over Raman shift where that can be had: the other kinds rise with the frequency or are taken as they stand.
fn over_wavenumbers(spectrum: &Spectrum, notes: &mut Vec<String>) -> Result<Spectrum, MethodError> {
    match spectrum.axis().kind() {
        AxisKind::RamanShift => Ok(spectrum.clone()),
        AxisKind::Pixel | AxisKind::Other(_) => {
            notes.push(format!(
                "the axis ({}) is taken to rise with the wavenumber; lines have no position in cm-1, and no library can be searched",
                spectrum.axis().kind().label()
            ));
            Ok(spectrum.clone())
        }
        kind => {
            let label = kind.label();
            let Some(laser) = spectrum.meta.laser_nm else {
                return Err(MethodError::NoRamanShift {
                    found: label,
                    advice:
                        "add the step raman_shift with the wavelength of the pump in nm (under Prepare, or --process 'raman_shift:laser=785')"
                            .into(),
                });
            };
            let shifted = spectrum.converted(&AxisKind::RamanShift)?;
            let (low, high) = (shifted.axis().low(), shifted.axis().high());
            let laser = (100.0 * laser).round() / 100.0;
            notes.push(format!("the axis ({label}) was converted with a laser of {laser} nm"));
            if low.abs() <= high.abs() {
                return Ok(shifted);
            }
            notes.push("it lies on the anti-Stokes side; shifts are told without their sign".into());
            let turned = Axis::new(AxisKind::RamanShift, shifted.x().iter().map(|v| -v).collect())?;
            Ok(shifted.derive(turned, shifted.y(), "anti-Stokes shifts without their sign")?)
        }
    }
}

/// An even, rising grid over the axis: the axis itself where it is even.
fn grid(axis: &Arc<Axis>, notes: &mut Vec<String>) -> Result<Arc<Axis>, MethodError> {
    let rising = axis.ascending();
    if rising.len() > MOST_POINTS {
        notes.push(format!("{} points were averaged to {MOST_POINTS} for the recovery", rising.len()));
    } else if rising.is_even(EVEN) {
        return Ok(Arc::new(rising));
    }
    let points = rising.len().min(MOST_POINTS);
    Ok(Arc::new(Axis::even(rising.kind().clone(), rising.low(), rising.high(), points)?))
}

/// A spectrum on the grid: its own numbers where the grid is its axis, in bins where the grid is coarser.
fn onto(spectrum: &Spectrum, grid: &Axis) -> Vec<f32> {
    let rising = spectrum.ascending();
    if rising.axis().as_ref() == grid {
        return rising.y().to_vec();
    }
    if rising.len() > 2 * grid.len() {
        return resample(rising.axis(), rising.y(), grid, Interpolation::Area, 0.0);
    }
    onto_held(&rising, grid)
}

/// A cubic spline through a spectrum; beyond its ends the values at its ends.
fn onto_held(spectrum: &Spectrum, to: &Axis) -> Vec<f32> {
    let rising = spectrum.ascending();
    let (x, y) = (rising.axis(), rising.y());
    let mut out = resample(x, y, to, Interpolation::Cubic, f32::NAN);
    let (first, last) = (y.first().copied().unwrap_or_default(), y.last().copied().unwrap_or_default());
    for (value, at) in out.iter_mut().zip(to.values()) {
        if value.is_nan() {
            *value = if *at < x.low() { first } else { last };
        }
    }
    out
}

/// An error unless `second` has data nearly everywhere that `first` has.
fn covers(second: &Spectrum, first: &Spectrum) -> Result<(), MethodError> {
    let wrong = || refused("the reference", &span(second, first));
    if second.axis().kind() != first.axis().kind() {
        return Err(wrong());
    }
    let (low, high) = overlap(first.axis(), second.axis()).map_err(|_apart| wrong())?;
    if high - low < COVERED * (first.axis().high() - first.axis().low()) { Err(wrong()) } else { Ok(()) }
}

fn span(second: &Spectrum, first: &Spectrum) -> String {
    let (a, b) = (second.axis(), first.axis());
    format!(
        "it lies over {} from {:.1} to {:.1}, and the CARS spectrum over {} from {:.1} to {:.1}: measure both over the same range",
        a.kind().label(),
        a.low(),
        a.high(),
        b.kind().label(),
        b.low(),
        b.high()
    )
}
