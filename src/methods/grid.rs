//! The axis of the network and that of the measurement: there and back.

use std::ops::Range;

use super::{MIN_POINTS, MethodError};
use crate::nets::CardAxis;
use crate::spectrum::resample::{Interpolation, on_axis, resample};
use crate::spectrum::{Axis, AxisKind, AxisOrder};

/// Part of the network's axis below which missing data is worth a note.
const NEARLY_ALL: f64 = 0.98;
/// Part of the network's axis below which its answer is not to be relied on.
const LITTLE: f64 = 0.8;
/// Data beyond the network's axis that is not worth a note, in cm-1.
const NOT_WORTH_A_NOTE: f64 = 5.0;

/// Distance from an end of the network's axis in cm-1 over which it comes to be trusted.
const FADING_CM1: f64 = 30.0;

/// Both axes and what they share.
#[derive(Debug)]
pub(super) struct Grid {
    model: Axis,
    measured: Axis,
    /// The measured points that the network knows.
    pub inside: Range<usize>,
    /// Those alone.
    pub here: Axis,
    /// Part of the network's axis that was measured.
    pub coverage: f64,
}

impl Grid {
    /// Refuses an axis that is no rising Raman shift, or of which the network knows too little.
    pub fn new(card: CardAxis, measured: &Axis) -> Result<Self, MethodError> {
        if measured.kind() != &AxisKind::RamanShift || measured.order() == AxisOrder::Descending {
            let advice = "convert the spectrum first, low to high".to_owned();
            return Err(MethodError::NoRamanShift { found: measured.kind().label(), advice });
        }
        let model = Axis::even(AxisKind::RamanShift, card.first_cm1, card.last_cm1, card.points)?;
        let inside = measured.range(model.low(), model.high());
        let values = measured.values().get(inside.clone()).unwrap_or_default();
        if values.len() < MIN_POINTS {
            return Err(MethodError::OutsideModel {
                model_low_cm1: model.low(),
                model_high_cm1: model.high(),
                low_cm1: measured.low(),
                high_cm1: measured.high(),
                found: values.len(),
                needed: MIN_POINTS,
            });
        }
        let here = Axis::new(AxisKind::RamanShift, values.to_vec())?;
        let coverage = ((here.high() - here.low()) / (model.high() - model.low())).clamp(0.0, 1.0);
        Ok(Self { model, measured: measured.clone(), inside, here, coverage })
    }

    /// Points of the network's axis.
    pub fn points(&self) -> usize {
        self.model.len()
    }

    /// A measured curve over the network's axis: straight lines between the points, zero where nothing was measured.
    pub fn to_model(&self, y: &[f32]) -> Vec<f32> {
        resample(&self.measured, y, &self.model, Interpolation::Linear, 0.0)
    }

    /// A curve of the network over the measured points that it knows.
    pub fn to_here(&self, curve: &[f32]) -> Vec<f32> {
        on_axis(&self.model, curve, &self.here)
    }

    /// How far a curve of the network counts at the measured points that it knows: less and less towards an end of its axis
    /// beyond which was measured, so that nothing jumps there.
    pub fn trust(&self) -> Vec<f32> {
        let (low, high) = (self.here.low(), self.here.high());
        let beyond = (self.inside.start > 0, self.inside.end < self.measured.len());
        let rising = |distance: f64, beyond: bool| {
            let t = if beyond { (distance / FADING_CM1).min(1.0) } else { 1.0 };
            t * t * (3.0 - 2.0 * t)
        };
        let at = |x: &f64| (rising(x - low, beyond.0) * rising(high - x, beyond.1)) as f32;
        self.here.values().iter().map(at).collect()
    }

    /// What differs between the two axes, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let (low, high) = (self.model.low(), self.model.high());
        let mut notes = Vec::new();
        if self.coverage < NEARLY_ALL {
            let little = if self.coverage < LITTLE { ", and its answer is not to be relied on" } else { "" };
            notes.push(format!(
                "the network looks at {low:.0} to {high:.0} cm-1, of which {:.0} % were measured; it was given zeros for the rest{little}",
                100.0 * self.coverage
            ));
        }
        let (below, above) = (low - self.measured.low(), self.measured.high() - high);
        if below > NOT_WORTH_A_NOTE || above > NOT_WORTH_A_NOTE {
            notes.push(format!(
                "only {:.0} to {:.0} cm-1 of {:.0} to {:.0} was taken apart: the network was trained on {low:.0} to {high:.0}",
                self.here.low(),
                self.here.high(),
                self.measured.low(),
                self.measured.high()
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: CardAxis = CardAxis { first_cm1: 150.0, last_cm1: 1500.0, points: 1024 };

    fn axis(low: f64, high: f64, points: usize) -> Axis {
        Axis::even(AxisKind::RamanShift, low, high, points).unwrap()
    }

    fn line(axis: &Axis) -> Vec<f32> {
        axis.values().iter().map(|x| libm::exp(-((x - 700.0) / 15.0).powi(2)) as f32).collect()
    }

    #[test]
    fn a_curve_comes_back_from_the_network_as_it_went() {
        // A finer axis is binned on the way back and a coarser one interpolated twice: a few percent of a line.
        for (points, off) in [(1024, 1e-6), (900, 0.01), (3000, 0.02), (400, 0.06)] {
            let axis = axis(150.0, 1500.0, points);
            let grid = Grid::new(CARD, &axis).unwrap();
            let back = grid.to_here(&grid.to_model(&line(&axis)));
            let worst = back.iter().zip(line(&axis)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < off, "{points}: {worst}");
            assert!(grid.notes().is_empty());
        }
    }

    #[test]
    fn trust_fades_only_towards_ends_beyond_which_was_measured() {
        let trust = |low, high| {
            let axis = axis(low, high, 1000);
            let grid = Grid::new(CARD, &axis).unwrap();
            let trust = grid.trust();
            assert_eq!(trust.len(), grid.here.len());
            [trust[0], trust[trust.len() / 2], trust[trust.len() - 1]]
        };
        assert!(trust(200.0, 1400.0).iter().all(|t| *t > 0.999));
        let [first, middle, last] = trust(200.0, 2000.0);
        assert!(first > 0.999 && middle > 0.999 && last < 0.01);
        let [first, _, last] = trust(100.0, 1500.0);
        assert!(first < 0.01 && last > 0.999);
    }

    #[test]
    fn missing_and_surplus_ranges_are_said() {
        let grid = Grid::new(CARD, &axis(600.0, 2000.0, 1400)).unwrap();
        assert!((grid.coverage - 2.0 / 3.0).abs() < 0.01);
        let there = grid.to_model(&vec![1.0; 1400]);
        assert!(there.iter().take(300).all(|v| v.abs() <= 0.0) && (there[700] - 1.0).abs() < 1e-6);
        let notes = grid.notes();
        assert!(notes[0].contains("67 %") && notes[1].contains("600 to 2000"), "{notes:?}");
        assert_eq!(grid.here.len(), grid.inside.len());
    }

    #[test]
    fn what_the_network_does_not_know_is_refused() {
        let far = Grid::new(CARD, &axis(2000.0, 3000.0, 500)).unwrap_err().to_string();
        assert!(far.contains("150 to 1500") && far.contains("2000 to 3000"), "{far}");
        let turned = axis(1500.0, 150.0, 500);
        assert!(Grid::new(CARD, &turned).unwrap_err().to_string().contains("low to high"));
    }
}
