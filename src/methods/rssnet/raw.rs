//! Spectra as instruments write them: fluorescence is taken away before the network looks, by the recipe of its card.

use super::super::MethodError;
use super::method::INFO;
use crate::process::{Pipeline, ProcessError, References};
use crate::spectrum::Spectrum;
use crate::spectrum::metrics::norm;

/// Part of a spectrum's norm from which its smooth background counts as fluorescence. Of 400 mixtures as networks are
/// trained with (known rows, 10 to 20 dB of noise that is half drift), 99 in 100 stay below 0.66, half of them below 0.27;
/// lines on a pedestal a fifth as high as the highest of them have 0.8.
const RAW: f64 = 0.65;

/// A mixture as the network gets it.
#[derive(Debug)]
pub(super) struct Prepared {
    /// What the network looks at.
    pub input: Vec<f32>,
    /// What components are fitted to: the mixture less its baseline.
    pub signal: Vec<f32>,
    /// What was taken away; zeros where nothing was.
    pub baseline: Vec<f32>,
    /// What was done, where something was.
    pub note: Option<String>,
}

/// Applies the recipe: `how` is always, never, or auto, which is when the spectrum looks raw.
pub(super) fn prepared(mixture: &Spectrum, how: &str, recipe: &str) -> Result<Prepared, MethodError> {
    let as_it_is = || Prepared {
        input: mixture.y().to_vec(),
        signal: mixture.y().to_vec(),
        baseline: vec![0.0; mixture.len()],
        note: None,
    };
    if how == "never" || recipe.trim().is_empty() {
        return Ok(as_it_is());
    }
    let wrong = |problem: String| {
        let words = format!("the steps '{recipe}' of the model's card cannot be applied: {problem}");
        MethodError::numbers(&INFO, words)
    };
    let steps: Pipeline = recipe.parse().map_err(|e: ProcessError| wrong(e.to_string()))?;
    let split = steps.split(mixture, &References::default()).map_err(|e| wrong(e.to_string()))?;
    if split.corrected.axis() != mixture.axis() {
        return Err(wrong("they change the axis".to_owned()));
    }
    let baseline = split.baseline.y().to_vec();
    if how == "auto" && norm(&baseline) < RAW * norm(mixture.y()) {
        return Ok(as_it_is());
    }
    Ok(Prepared {
        input: split.corrected.y().to_vec(),
        signal: mixture.y().iter().zip(&baseline).map(|(y, b)| y - b).collect(),
        baseline,
        note: Some(format!(
            "prepared for the network with '{recipe}': it was trained on spectra without fluorescence"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{LINES, axis, curve, mixed};
    use super::*;
    use crate::spectrum::Metadata;

    const RECIPE: &str = "despike|arpls";

    #[test]
    fn fluorescence_is_taken_away_and_lines_stay() {
        let raw = prepared(&mixed(), "auto", RECIPE).unwrap();
        assert!(raw.note.is_some());
        // 500 to 700 counts of background under lines of 600, noise of 3.
        assert!(raw.baseline.iter().all(|b| (400.0..800.0).contains(b)));
        let highest = raw.input.iter().copied().fold(0.0, f32::max);
        assert!((560.0..640.0).contains(&highest), "{highest}");
        for ((y, s), b) in mixed().y().iter().zip(&raw.signal).zip(&raw.baseline) {
            assert!((y - s - b).abs() < 1e-3);
        }
    }

    #[test]
    fn spectra_without_fluorescence_are_left_alone_unless_told() {
        let flat = Spectrum::new(axis(), curve(LINES[0].2), Metadata::default()).unwrap();
        let auto = prepared(&flat, "auto", RECIPE).unwrap();
        assert_eq!((auto.input.as_slice(), auto.note.is_none()), (flat.y(), true));
        assert!(prepared(&flat, "always", RECIPE).unwrap().note.is_some());
        assert_eq!(prepared(&mixed(), "never", RECIPE).unwrap().input, mixed().y());
        assert_eq!(prepared(&mixed(), "always", " ").unwrap().input, mixed().y());
    }

    #[test]
    fn steps_that_are_none_or_change_the_axis_are_refused_with_a_sentence() {
        for (recipe, word) in [("arppls", "arppls"), ("despike", "baseline"), ("crop:200-900|arpls", "axis")]
        {
            let said = prepared(&mixed(), "always", recipe).unwrap_err().to_string();
            assert!(said.contains(word) && said.contains("card"), "{said}");
        }
    }
}
