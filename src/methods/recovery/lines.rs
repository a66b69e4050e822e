//! The lines of a recovered Raman spectrum: position, height, width.

use serde::{Deserialize, Serialize};

use super::Recovered;
use crate::spectrum::Axis;
use crate::spectrum::peaks::{PeakLimits, find_peaks};

/// Least prominence of a line as a part of the highest one.
const PROMINENCE: f64 = 0.03;
/// Least prominence in standard deviations of the noise around it.
const SIGNIFICANCE: f64 = 5.0;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Position in the unit of the axis, between points.
    pub position: f64,
    /// Height of the recovered spectrum there.
    pub height: f64,
    /// Full width at half of that height; null where a neighbour or the end of the spectrum comes first on both sides.
    /// Where it comes first on one side, twice the half on the other.
    pub width: Option<f64>,
    /// Whether it stands where the end of the window disturbs it.
    pub at_edge: bool,
}

impl Recovered {
    /// The lines of the recovered spectrum in the order of the axis, those that stand out of the noise.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let highest = self.raman.iter().fold(0.0_f32, |a, v| a.max(*v));
        let limits = PeakLimits { prominence: PROMINENCE * f64::from(highest), significance: SIGNIFICANCE };
        let axis = self.axis();
        let line = |peak: crate::spectrum::peaks::Peak| Line {
            position: peak.position,
            height: peak.height,
            width: width(axis, &self.raman, peak.index),
            at_edge: peak.position < self.inner.0 || peak.position > self.inner.1,
        };
        find_peaks(axis, &self.raman, limits).into_iter().map(line).collect()
    }
}

fn width(axis: &Axis, y: &[f32], top: usize) -> Option<f64> {
    let x = axis.values();
    let half = 0.5 * f64::from(*y.get(top)?);
    let centre = *x.get(top)?;
    let crossing = |steps: &mut dyn Iterator<Item = usize>| -> Option<f64> {
        let mut before = top;
        for i in steps {
            let (high, low) = (f64::from(*y.get(before)?), f64::from(*y.get(i)?));
            if low <= half {
                let part = if high > low { (high - half) / (high - low) } else { 0.0 };
                return Some((x.get(before)? + part * (x.get(i)? - x.get(before)?) - centre).abs());
            }
            if low > f64::from(*y.get(top)?) {
                return None;
            }
            before = i;
        }
        None
    };
    let left = crossing(&mut (0..top).rev());
    let right = crossing(&mut (top + 1..y.len()));
    match (left, right) {
        (Some(l), Some(r)) => Some(l + r),
        (Some(one), None) | (None, Some(one)) => Some(2.0 * one),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::recovered;

    fn lorentz(points: usize, lines: &[(f64, f64, f64)]) -> Vec<f32> {
        let at = |x: f64| {
            lines.iter().map(|(c, h, w)| h / (1.0 + (2.0 * (x - c) / w).powi(2))).sum::<f64>() as f32
        };
        (0..points).map(|i| at(500.0 + i as f64)).collect()
    }

    #[test]
    fn positions_heights_and_widths_are_those_of_the_lines() {
        let found = recovered(500.0, lorentz(600, &[(650.3, 2.0, 12.0), (900.0, 1.0, 20.0)])).lines();
        assert_eq!(found.len(), 2);
        for (line, (centre, height, width)) in found.iter().zip([(650.3, 2.0, 12.0), (900.0, 1.0, 20.0)]) {
            assert!((line.position - centre).abs() < 0.1, "{line:?}");
            assert!((line.height / height - 1.0).abs() < 0.02, "{line:?}");
            assert!((line.width.unwrap() - width).abs() < 0.6, "{line:?}");
            assert!(!line.at_edge);
        }
    }

    #[test]
    fn a_shoulder_and_a_line_at_the_end_have_a_width_from_their_free_side() {
        let y = lorentz(600, &[(700.0, 2.0, 12.0), (711.0, 1.6, 12.0), (1095.0, 1.0, 20.0)]);
        let found = recovered(500.0, y).lines();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|line| line.width.is_some()));
        assert!(found[2].at_edge && (found[2].width.unwrap() - 20.0).abs() < 2.0);
        assert!(recovered(500.0, vec![0.0; 600]).lines().is_empty());
    }
}
