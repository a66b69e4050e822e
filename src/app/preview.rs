//! What the steps of an item make of a spectrum, and what is drawn beneath it while they are edited.

use std::sync::Arc;

use crate::jobs::Failure;
use crate::process::{Pipeline, References, Split, Step};
use crate::spectrum::Spectrum;

/// A prepared spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// After all steps.
    pub prepared: Arc<Spectrum>,
    /// What it was made from.
    pub behind: Behind,
}

/// What is drawn beneath a prepared spectrum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Behind {
    /// As measured, where both share the kind of axis.
    pub raw: Option<Arc<Spectrum>>,
    /// What the first baseline step took away.
    pub baseline: Option<Arc<Spectrum>>,
    /// Both were moved onto the heights of the prepared spectrum: a step gave it a scale of its own.
    pub scaled: bool,
}

/// Runs the steps one by one, which gives what the pipeline gives as a whole; between them `go_on` may stop it.
pub fn preview(
    raw: &Arc<Spectrum>,
    steps: &Pipeline,
    references: &References,
    go_on: impl Fn() -> Result<(), Failure>,
) -> Result<Preview, Failure> {
    let mut now = Spectrum::clone(raw);
    let mut baseline = None;
    let mut scaled = false;
    for step in &steps.steps {
        go_on()?;
        if step.is_baseline() && baseline.is_none() && !scaled {
            let Split { corrected, baseline: taken } = step.split(&now)?;
            (now, baseline) = (corrected, Some(taken));
        } else {
            now = step.run(&now, references)?;
        }
        scaled |= matches!(step, Step::Normalize(_) | Step::Derivative(_));
    }
    let like = |spectrum: &Spectrum| spectrum.axis().kind() == now.axis().kind();
    let mut behind = Behind {
        raw: Some(Arc::clone(raw)).filter(|raw| like(raw)),
        baseline: baseline.filter(like).map(Arc::new),
        scaled,
    };
    if scaled {
        let ([from, to], [low, high]) = (span(raw), span(&now));
        let factor = if to > from { (high - low) / (to - from) } else { 1.0 };
        let moved = |spectrum: Arc<Spectrum>| {
            let y: Vec<f32> = spectrum.y().iter().map(|v| low + factor * (v - from)).collect();
            Spectrum::new(Arc::clone(spectrum.axis()), y, spectrum.meta.clone()).ok().map(Arc::new)
        };
        behind.raw = behind.raw.and_then(moved);
        behind.baseline = behind.baseline.and_then(moved);
    }
    Ok(Preview { prepared: Arc::new(now), behind })
}

fn span(spectrum: &Spectrum) -> [f32; 2] {
    let fold = |start, pick: fn(f32, f32) -> f32| spectrum.y().iter().copied().fold(start, pick);
    [fold(f32::INFINITY, f32::min), fold(f32::NEG_INFINITY, f32::max)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn raw() -> Arc<Spectrum> {
        let axis = Axis::even(AxisKind::RamanShift, 200.0, 998.0, 400).unwrap();
        let line = |i: f32, at: f32| 300.0 * (-((i - at) / 4.0).powi(2)).exp();
        let y: Vec<f32> = (0..400_u16)
            .map(f32::from)
            .map(|i| 1_000.0 + 2.0 * i + line(i, 120.0) + line(i, 260.0) + (i * 12.9).sin())
            .collect();
        Arc::new(Spectrum::new(axis, y, Metadata::default()).unwrap())
    }

    fn of(text: &str) -> Preview {
        preview(&raw(), &text.parse().unwrap(), &References::none(), || Ok(())).unwrap()
    }

    #[test]
    fn step_by_step_gives_what_the_pipeline_gives() {
        for text in ["despike|arpls|savgol|normalize:max", "crop:300-800|snip|imodpoly", "derivative|arpls"] {
            let steps: Pipeline = text.parse().unwrap();
            assert_eq!(*of(text).prepared, steps.run(&raw(), &References::none()).unwrap(), "{text}");
        }
    }

    #[test]
    fn baseline_and_result_add_up_to_the_raw_curve() {
        let found = of("arpls");
        let baseline = found.behind.baseline.unwrap();
        assert!(!found.behind.scaled);
        for ((raw, below), kept) in raw().y().iter().zip(baseline.y()).zip(found.prepared.y()) {
            assert!((raw - below - kept).abs() < 1e-2, "{raw} {below} {kept}");
        }
    }

    #[test]
    fn a_normalised_curve_has_the_raw_one_moved_onto_its_heights() {
        let found = of("arpls|normalize:max");
        let behind = found.behind.raw.unwrap();
        assert!(found.behind.scaled);
        for (a, b) in span(&behind).into_iter().zip(span(&found.prepared)) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
        assert_eq!(of("normalize:max|arpls").behind.baseline, None, "it belongs to another scale");
    }

    #[test]
    fn a_stopped_preview_has_no_result() {
        let stopped =
            preview(&raw(), &"arpls".parse().unwrap(), &References::none(), || Err(Failure::Cancelled));
        assert_eq!(stopped, Err(Failure::Cancelled));
    }
}
