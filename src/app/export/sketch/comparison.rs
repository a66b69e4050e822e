//! Methods side by side as a figure: a column a method, a row a substance.

use std::sync::Arc;

use crate::app::plot::{Bands, PlotView, axis_title};
use crate::app::theme::Theme;
use crate::app::widgets::percent;
use crate::figure::{Curve, Dash, Figure, LegendPlace, Panel};
use crate::methods::{Component, Outcome, share_range};
use crate::session::{Substance, align};
use crate::spectrum::AxisKind;

use super::super::compared::{Compared, Known};
use super::{Print, rgb};

/// Rows of substances on one page.
const MOST_SUBSTANCES: usize = 10;
/// The residual has nothing to read but whether it is flat.
const RESIDUAL_WEIGHT: f64 = 0.7;
/// Widths of lines in pt; what lies behind is wider, so that it can be seen.
const WIDE_PT: f64 = 1.1;
const LINE_PT: f64 = 0.7;
const THIN_PT: f64 = 0.5;

fn substances(compared: &Compared) -> Vec<Substance> {
    let done = compared.done();
    let outcomes: Vec<(&str, &Outcome)> = done.iter().map(|(id, outcome)| (*id, outcome.as_ref())).collect();
    let mut substances = align(&outcomes);
    substances.truncate(MOST_SUBSTANCES);
    substances
}

/// Rows of the grid.
pub fn rows(compared: &Compared) -> usize {
    substances(compared).len() + 2
}

/// One method.
struct Column<'a> {
    method: &'a str,
    outcome: &'a Outcome,
    x: Arc<[f64]>,
}

impl Column<'_> {
    fn line(&self, label: &str, y: &[f32], colour: [u8; 3]) -> Curve {
        Curve { width_pt: LINE_PT, ..Curve::new(label, Arc::clone(&self.x), y, colour) }
    }
}

/// `Calcite 62.0 % (58–66)`.
fn heading(component: &Component) -> String {
    let interval = component.share_interval().map(|share| format!(" ({})", share_range(share, '–')));
    format!("{} {}{}", component.name, percent(component.share), interval.unwrap_or_default())
}

/// The grid. Colours of substances are those of the screen.
pub fn comparison_figure(compared: &Compared, known: &Known, view: &PlotView, print: &Print) -> Figure {
    let theme = Theme::get(false);
    let substances = substances(compared);
    let done = compared.done();
    let columns: Vec<Column> = done
        .iter()
        .map(|(method, outcome)| Column { method, outcome, x: outcome.axis().values().into() })
        .collect();
    let unit = columns.first().and_then(|c| c.outcome.mixture.meta.intensity_unit.clone());
    let intensity = format!("Intensity ({})", unit.as_deref().unwrap_or("a.u."));
    let x_label = axis_title(columns.first().map_or(&AxisKind::RamanShift, |c| c.outcome.axis().kind()));
    let panel = |curves: Vec<Curve>, heading: String| Panel {
        heading,
        x_reversed: view.reversed,
        ..Panel::curves(&x_label, &intensity, curves)
    };
    let mut panels = Vec::new();
    for column in &columns {
        let mixture = column.line("Mixture", column.outcome.mixture.y(), rgb(theme.mixture));
        let mut curves = vec![Curve { width_pt: WIDE_PT, ..mixture }];
        if column.outcome.background.iter().any(|v| v.abs() > 0.0) {
            let background = column.line("Background", &column.outcome.background, rgb(theme.weak));
            curves.push(Curve { width_pt: THIN_PT, ..background });
        }
        let colour = rgb(theme.reconstruction);
        curves.push(column.line("Reconstruction", &column.outcome.reconstruction, colour));
        panels.push(panel(curves, "Mixture".to_owned()));
    }
    for (slot, substance) in substances.iter().enumerate() {
        for column in &columns {
            let found = substance.component_of(column.method);
            let found = found.and_then(|at| Some((at, column.outcome.components.get(at)?)));
            let Some((at, component)) = found else {
                panels.push(panel(Vec::new(), format!("{}, not found", substance.name)));
                continue;
            };
            let mut curves = Vec::new();
            let finding = known.get(column.method).and_then(|finding| finding.components.get(at));
            if let Some(matched) = finding.and_then(|found| found.matched.as_ref()) {
                let library = column.line("Library", matched.spectrum.y(), rgb(theme.library));
                curves.push(Curve { dash: Dash::Dashed, width_pt: WIDE_PT, ..library });
            }
            let line = column.line(&substance.name, &component.spectrum, rgb(theme.curve(slot)));
            curves.push(Curve {
                band: component.band().filter(|_| view.bands == Bands::Shown).map(Arc::from),
                ..line
            });
            panels.push(panel(curves, heading(component)));
        }
    }
    for column in &columns {
        let residual = column.line("Residual", &column.outcome.residual, rgb(theme.residual));
        // The row is too low for more words than the unit.
        let y_label = unit.clone().unwrap_or_else(|| "a.u.".to_owned());
        let curves = vec![Curve { width_pt: THIN_PT, ..residual }];
        panels.push(Panel { y_label, ..panel(curves, "Residual".to_owned()) });
    }
    let mut row_weights = vec![1.0; substances.len() + 1];
    row_weights.push(RESIDUAL_WEIGHT);
    Figure {
        columns: columns.len().max(1),
        column_headings: columns.iter().map(|c| c.outcome.method_name.clone()).collect(),
        row_weights,
        share_x: true,
        share_y: true,
        legend: LegendPlace::Below,
        panels,
        ..print.figure()
    }
}
