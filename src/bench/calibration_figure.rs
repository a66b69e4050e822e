//! What methods state against what came true, as a figure: on the diagonal a statement means what it says.

use super::colours::COLOURS;
use super::unmix_report::UnmixReport;
use crate::figure::{Curve, Dash, Figure, LegendPlace, Panel, svg};

/// Fewest components in a bin that is drawn.
const LEAST: usize = 5;

impl UnmixReport {
    /// Confidences of names (solid) and bands of points (dashed) of every method that states any.
    pub fn calibration_svg(&self) -> String {
        let ends = [0.0, 100.0];
        let mut curves = vec![Curve {
            dash: Dash::Dotted,
            ..Curve::new("ideal", ends.to_vec(), ends.map(|v| v as f32).to_vec(), [0, 0, 0])
        }];
        for (k, method) in self.methods.iter().enumerate() {
            let colour = COLOURS[k % COLOURS.len()];
            if let Some(calibration) = &method.calibration {
                let bins = calibration.bins.iter().filter(|bin| bin.count >= LEAST);
                let (x, y): (Vec<f64>, Vec<f32>) =
                    bins.filter_map(|bin| Some((bin.stated_percent?, bin.right_percent? as f32))).unzip();
                curves.push(Curve::new(&format!("{}: names", method.method), x, y, colour));
            }
            if let Some(coverage) = &method.coverage {
                let levels = coverage.levels.iter();
                let (x, y): (Vec<f64>, Vec<f32>) =
                    levels.map(|level| (level.stated_percent, level.held_percent as f32)).unzip();
                let curve = Curve::new(&format!("{}: bands", method.method), x, y, colour);
                curves.push(Curve { dash: Dash::Dashed, ..curve });
            }
        }
        let mut figure = Figure::new(110.0, 100.0);
        figure.title = format!("Mixtures of {}, set {}, {} of them", self.components, self.set, self.n);
        figure.legend = LegendPlace::Below;
        figure.panels.push(Panel::curves("Stated (%)", "Came true (%)", curves));
        svg(&figure)
    }
}
