//! The curves of a plot laid out once, for files and figures.

use std::sync::Arc;

use super::arrange::{Arranged, FactCache, Shown, arrange};
use super::curve::CurveItem;
use super::labels::MOST_CURVES;
use super::text::peak_decimals;
use super::view::PlotView;
use crate::spectrum::AxisKind;

/// What a plot of these curves shows, without a screen.
pub struct Still {
    /// The curves in their order, moved and scaled as in the plot.
    pub curves: Vec<CurveItem>,
    /// Unit of the positions.
    pub kind: AxisKind,
    /// Names of curves that cannot be shown in the unit asked for.
    pub left_out: Vec<Arc<str>>,
    /// Labels at the peaks, as far as the view wants them.
    pub peaks: Vec<StillPeak>,
}

/// A label at a peak, where the plot draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct StillPeak {
    /// Position of the top.
    pub x: f64,
    /// Height of the top.
    pub y: f64,
    /// What is written.
    pub text: String,
}

impl Still {
    /// Lays everything out; takes as long as the first frame of a plot of the same curves.
    #[must_use]
    pub fn of(shown: &[Shown], view: &PlotView) -> Self {
        let mut facts = FactCache::default();
        let Arranged { curves, kind, left_out } = arrange(shown, view, &mut facts);
        let mut peaks = Vec::new();
        if view.peaks.shown && curves.len() <= MOST_CURVES {
            let decimals = peak_decimals(&kind);
            for curve in &curves {
                let own_axis = Arc::ptr_eq(&curve.axis, curve.spectrum.axis());
                let found = facts.peaks(curve, view.peaks.prominence);
                peaks.extend(found.iter().filter_map(|peak| {
                    let top = curve.drawn(peak.index)?;
                    let position =
                        if own_axis { peak.position } else { *curve.axis.values().get(peak.index)? };
                    Some(StillPeak { x: top.x, y: top.y, text: format!("{position:.decimals$}") })
                }));
            }
        }
        Self { curves, kind, left_out, peaks }
    }

    /// Lowest and highest position and intensity of all curves; `None` without a curve.
    #[must_use]
    pub fn bounds(&self) -> Option<[[f64; 2]; 2]> {
        let mut all = self.curves.first()?.bounds();
        for curve in &self.curves {
            all.merge(&curve.bounds());
        }
        let (low, high) = (all.min(), all.max());
        Some([[low[0], high[0]], [low[1], high[1]]])
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Color32;

    use super::super::arrange::Role;
    use super::super::view::{PeakLabels, Stacking};
    use super::*;
    use crate::spectrum::{Axis, Metadata, Spectrum};

    #[test]
    fn a_still_has_the_offsets_and_the_labels_of_the_plot() {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 299.0, 200).unwrap();
        let y: Vec<f32> = (0..200).map(|i| if i == 50 { 10.0 } else { 0.0 }).collect();
        let spectrum = Arc::new(Spectrum::new(axis, y, Metadata::default()).unwrap());
        let shown: Vec<Shown> = (0..2)
            .map(|id| Shown {
                id,
                name: "a".into(),
                spectrum: Arc::clone(&spectrum),
                colour: Color32::WHITE,
                version: 1,
                role: Role::Measured,
                band: None,
            })
            .collect();
        let view = PlotView {
            stacking: Stacking::Offset { spacing: 0.5 },
            peaks: PeakLabels { shown: true, prominence: 0.1 },
            ..PlotView::default()
        };
        let still = Still::of(&shown, &view);
        assert_eq!(still.bounds(), Some([[100.0, 299.0], [0.0, 15.0]]));
        assert_eq!(still.peaks.iter().map(|p| p.y).collect::<Vec<_>>(), [10.0, 15.0]);
        assert_eq!(still.peaks[0].text, "150");
        assert!(Still::of(&shown, &PlotView::default()).peaks.is_empty());
        assert!(Still::of(&[], &view).bounds().is_none());
    }
}
