//! Whether a spectrum may be CARS: what its file says, else its shape. A suggestion to the user, never a decision.

use std::sync::Arc;

use super::Measured;
use super::recovered::RECOVERED;
use crate::solvers::cars::{Hilbert, Pad, floored, scaled_lambda, smooth};
use crate::spectrum::{Axis, Spectrum};

/// Fewest points whose shape is looked at.
const MIN_POINTS: usize = 64;
/// Stiffness of what counts as background, at 1,024 points.
const STIFFNESS: f64 = 1e5;
/// Part of the points at each end that is left out: transforms ring there.
const END: f64 = 0.05;
/// Least skewness of the phase, and how far it must be above that of the spectrum itself. Of 400 Raman spectra of
/// minerals on a background 2 pass a 1 here, of CARS spectra with weak lines nineteen of twenty.
const SKEWED: f64 = 1.2;

/// Why a spectrum may be CARS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggestion {
    /// Its file says so.
    Stated,
    /// Its lines are dispersive, and the phase of its logarithm looks like a Raman spectrum.
    Shape,
}

impl Suggestion {
    /// For people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Stated => "Its file says that this is a CARS spectrum",
            Self::Shape => "The shape of its lines looks like CARS",
        }
    }
}

/// Whether the spectrum may be CARS, and why.
#[must_use]
pub fn suggestion(spectrum: &Spectrum) -> Option<Suggestion> {
    // What was recovered keeps the title and the remarks of its measurement.
    if spectrum.meta.history.iter().any(|step| step.starts_with(RECOVERED)) {
        return None;
    }
    if stated(spectrum) {
        return Some(Suggestion::Stated);
    }
    shaped(spectrum).then_some(Suggestion::Shape)
}

/// The word CARS, in capitals, where files describe their measurement: `cars` is also English.
fn stated(spectrum: &Spectrum) -> bool {
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "CARS");
    let meta = &spectrum.meta;
    let fixed = [&meta.title, &meta.sample, &meta.instrument];
    fixed.into_iter().flatten().any(|text| word(text))
        || meta.extra.iter().any(|(key, value)| word(key) || word(value))
}

fn shaped(spectrum: &Spectrum) -> bool {
    let rising = spectrum.ascending();
    if rising.len() < MIN_POINTS || rising.y().iter().any(|v| *v < 0.0) {
        return false;
    }
    let axis = rising.axis();
    let Ok(grid) = Axis::even(axis.kind().clone(), axis.low(), axis.high(), rising.len().min(2048)) else {
        return false;
    };
    let values = crate::spectrum::resample::on_axis(axis, rising.y(), &grid);
    let values: Vec<f64> = values.into_iter().map(f64::from).collect();
    let Some(measured) = Measured::from_grid(Arc::new(grid), &values) else { return false };
    let logarithm: Vec<f64> =
        floored(measured.intensity(), measured.intensity()).into_iter().map(|i| 0.5 * i.ln()).collect();
    let phase = Hilbert::new(logarithm.len(), 1).fourier(&logarithm, Pad::Edge);
    let of_spectrum = skewness(&flat(&logarithm));
    let of_phase = skewness(&flat(&phase));
    of_phase > SKEWED && of_phase - of_spectrum > SKEWED
}

/// The curve without its background and its ends.
fn flat(curve: &[f64]) -> Vec<f64> {
    let slow = smooth(curve, scaled_lambda(STIFFNESS, curve.len()));
    let end = (END * curve.len() as f64) as usize;
    let rest: Vec<f64> = curve.iter().zip(slow).map(|(c, s)| c - s).collect();
    rest.get(end..rest.len() - end).unwrap_or(&rest).to_vec()
}

/// Third moment over the 3/2 power of the second; 0 for a constant.
fn skewness(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let moment = |power: i32| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
    let spread = moment(2).powf(1.5);
    if spread > 0.0 { moment(3) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{AxisKind, Metadata};
    use crate::synth::cars::{Resonance, intensity, susceptibility};

    fn spectrum(y: Vec<f32>) -> Spectrum {
        let axis = Axis::even(AxisKind::RamanShift, 500.0, 1500.0, y.len()).unwrap();
        Spectrum::new(axis, y, Metadata::default()).unwrap()
    }

    fn lines() -> (Vec<f64>, Vec<f64>) {
        let x: Vec<f64> = (0..800).map(|i| 500.0 + 1.25 * f64::from(i)).collect();
        let line = |height: f64, centre| Resonance { amplitude: 8.0 * height, centre, half_width: 8.0 };
        susceptibility(&x, &[line(0.2, 650.0), line(0.1, 820.0), line(0.3, 1100.0), line(0.15, 1300.0)])
    }

    #[test]
    fn dispersive_lines_on_a_background_look_like_cars_and_raman_lines_do_not() {
        let (re, im) = lines();
        let cars = intensity(&re, &im, &vec![1.0; 800]);
        assert_eq!(suggestion(&spectrum(cars.iter().map(|v| *v as f32).collect())), Some(Suggestion::Shape));
        let raman = spectrum(im.iter().map(|v| (v + 1.0) as f32).collect());
        assert_eq!(suggestion(&raman), None);
        let bare = spectrum(im.iter().map(|v| *v as f32).collect());
        assert_eq!(suggestion(&bare), None);
    }

    #[test]
    fn the_word_in_capitals_says_it_and_others_do_not() {
        let (_, im) = lines();
        let mut raman = spectrum(im.iter().map(|v| *v as f32).collect());
        raman.meta.title = Some("paint of cars".to_owned());
        assert_eq!(suggestion(&raman), None);
        raman.meta.push("measurement", "broadband CARS (BCARS)");
        assert_eq!(suggestion(&raman), Some(Suggestion::Stated));
    }

    #[test]
    fn short_flat_and_negative_spectra_suggest_nothing() {
        assert_eq!(suggestion(&spectrum(vec![1.0; 10])), None);
        assert_eq!(suggestion(&spectrum(vec![1.0; 500])), None);
        assert_eq!(suggestion(&spectrum(vec![0.0; 500])), None);
        assert_eq!(suggestion(&spectrum((0..500).map(|i| i as f32 - 250.0).collect())), None);
    }
}
