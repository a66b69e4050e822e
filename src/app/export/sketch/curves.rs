//! The main plot as a figure: the same curves, scaled and stacked alike, over the same range.

use crate::app::plot::{CurveItem, PlotView, Shown, Stacking, Still, axis_title, value_title};
use crate::figure::{Curve, Dash, Figure, LegendPlace, Panel, PeakLabel};

use super::{Print, rgb};

/// Width of an ordinary line in pt, for the width it has on the screen.
const PT_PER_POINT: f64 = 0.6;

/// The curves of the main plot.
pub struct CurvesSketch {
    /// The curves, in the colours of the light theme.
    pub shown: Vec<Shown>,
    /// How they are shown.
    pub view: PlotView,
    /// Ranges of positions and intensities on the screen, if it was drawn.
    pub seen: Option<[[f64; 2]; 2]>,
}

impl CurvesSketch {
    /// The figure.
    pub fn figure(&self, print: &Print) -> Figure {
        let still = Still::of(&self.shown, &self.view);
        let stacked = self.view.stacking != Stacking::Overlay;
        let y_title = value_title(self.view.normalise, &self.shown);
        let y_title = if stacked { format!("{y_title}, curves offset") } else { y_title };
        let curves = still.curves.iter().map(curve).collect();
        let mut panel = Panel::curves(&axis_title(&still.kind), &y_title, curves);
        panel.x_reversed = self.view.reversed;
        // Between offset curves the numbers have no meaning.
        panel.y_numbers = !stacked;
        if let (Some(seen), Some(all)) = (self.seen, still.bounds())
            && !covers(seen, all)
        {
            panel.x_range = Some((seen[0][0], seen[0][1]));
            panel.y_range = Some((seen[1][0], seen[1][1]));
        }
        let inside = |range: Option<(f64, f64)>, v: f64| range.is_none_or(|(lo, hi)| v >= lo && v <= hi);
        let peaks = still.peaks.into_iter();
        panel.peaks = peaks
            .filter(|peak| inside(panel.x_range, peak.x) && inside(panel.y_range, peak.y))
            .map(|peak| PeakLabel { x: peak.x, y: peak.y, text: peak.text })
            .collect();
        let legend = if self.view.legend { LegendPlace::Panel } else { LegendPlace::Hidden };
        Figure { legend, panels: vec![panel], ..print.figure() }
    }
}

/// Whether all of the curves can be seen: then the paper chooses its own margins.
fn covers(seen: [[f64; 2]; 2], all: [[f64; 2]; 2]) -> bool {
    let one = |seen: [f64; 2], all: [f64; 2]| {
        let (width, slack) = (all[1] - all[0], 1e-3 * (all[1] - all[0]).abs());
        seen[0] <= all[0] + slack && seen[1] >= all[1] - slack && seen[1] - seen[0] < 1.5 * width
    };
    one(seen[0], all[0]) && one(seen[1], all[1])
}

fn curve(item: &CurveItem) -> Curve {
    let x: Vec<f64> = item.axis.values().iter().map(|x| x + item.x_offset).collect();
    let scaled = |v: &f32| (item.y_scale * f64::from(*v) + item.y_offset) as f32;
    let y: Vec<f32> = item.spectrum.y().iter().map(scaled).collect();
    Curve {
        width_pt: PT_PER_POINT * f64::from(item.width),
        dash: if item.dashed { Dash::Dashed } else { Dash::Solid },
        band: item
            .band
            .as_ref()
            .map(|band| band.half.iter().map(|v| (item.y_scale * f64::from(*v)) as f32).collect()),
        ..Curve::new(&item.name, x, y, rgb(item.colour))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use eframe::egui::Color32;

    use super::*;
    use crate::app::plot::{PeakLabels, Role};
    use crate::figure::Content;
    use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

    fn sketch() -> CurvesSketch {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 299.0, 200).unwrap();
        let y: Vec<f32> = (0..200).map(|i| if i == 50 || i == 150 { 10.0 } else { 0.0 }).collect();
        let spectrum = Arc::new(Spectrum::new(axis, y, Metadata::default()).unwrap());
        let shown = |id: u64, role| Shown {
            id,
            name: "a".into(),
            spectrum: Arc::clone(&spectrum),
            colour: Color32::from_rgb(1, 2, 3),
            version: 1,
            role,
            band: None,
        };
        CurvesSketch {
            shown: vec![shown(1, Role::Measured), shown(2, Role::Library)],
            view: PlotView {
                reversed: true,
                peaks: PeakLabels { shown: true, prominence: 0.1 },
                stacking: Stacking::Offset { spacing: 0.5 },
                ..PlotView::default()
            },
            seen: None,
        }
    }

    fn panel(sketch: &CurvesSketch) -> Panel {
        sketch.figure(&Print { width_mm: 85.0, height_mm: 60.0, font_pt: 8.0 }).panels.remove(0)
    }

    #[test]
    fn the_figure_shows_what_the_screen_shows() {
        let mut sketch = sketch();
        let all = panel(&sketch);
        assert!(all.x_reversed && !all.y_numbers && all.x_range.is_none());
        assert_eq!(all.x_label, "Raman shift (cm⁻¹)");
        assert_eq!(all.peaks.len(), 4);
        let Content::Curves(curves) = &all.content else { panic!("curves") };
        assert_eq!(curves[1].dash, Dash::Dashed);
        assert_eq!(curves[0].color, [1, 2, 3]);
        assert!((curves[1].y[0] - 5.0).abs() < 1e-6, "the second one is offset");
        sketch.seen = Some([[200.0, 260.0], [-1.0, 16.0]]);
        let part = panel(&sketch);
        assert_eq!((part.x_range, part.y_range), (Some((200.0, 260.0)), Some((-1.0, 16.0))));
        assert_eq!(part.peaks.len(), 2);
        sketch.seen = Some([[99.0, 300.0], [-1.0, 16.5]]);
        assert_eq!(panel(&sketch).x_range, None, "everything is seen");
    }
}
