//! A series has no image: its values are a curve over time, depth, distance or number.

use std::sync::Arc;

use eframe::egui::{Color32, Id, Key, Memory, Stroke, Ui, pos2};

use super::panel::MapLook;
use super::places::{along, place_text};
use crate::app::plot::{
    PlotCache, PlotOptions, PlotOutput, PlotView, Role, Shown, significant, spectra_plot_ui,
};
use crate::app::view::View;
use crate::app::widgets::hint;
use crate::app::wish::{Wish, Wishes};
use crate::app::work::BandImage;
use crate::session::{Item, Subject};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, SpectrumSet};

/// Room for the reading.
const FOOT: f32 = 22.0;

/// The curve of the last image, made again when that changes.
#[derive(Default)]
pub struct SeriesCurve {
    kept: Option<(u64, Option<Run>)>,
}

/// Values over the rows that have one.
#[derive(Clone)]
pub struct Run {
    /// The curve.
    pub spectrum: Arc<Spectrum>,
    /// Where each row of the series stands, the rows without a value too.
    pub places: Arc<[f64]>,
}

impl Run {
    /// A curve of the values that are numbers; `None` for fewer than two.
    pub fn new(set: &SpectrumSet, values: &[f32]) -> Option<Self> {
        let (title, places) = along(set);
        let pairs: Vec<(f64, f32)> =
            places.iter().copied().zip(values.iter().copied()).filter(|(_, v)| v.is_finite()).collect();
        let axis = Axis::new(AxisKind::Other(title), pairs.iter().map(|(x, _)| *x).collect()).ok()?;
        let y: Vec<f32> = pairs.iter().map(|(_, y)| *y).collect();
        let spectrum = Spectrum::new(axis, y, Metadata::default()).ok()?;
        Some(Self { spectrum: Arc::new(spectrum), places: places.into() })
    }

    /// The row nearest to a position.
    fn row(&self, position: f64) -> Option<usize> {
        let distance = |row: &usize| (self.places[*row] - position).abs();
        (0..self.places.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

/// Draws the values of a series.
#[expect(clippy::too_many_arguments, reason = "what a panel gets, and what is drawn")]
pub fn series_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    id: Id,
    image: &BandImage,
    look: &MapLook,
    series: &mut SeriesCurve,
    plots: &mut PlotCache,
    wishes: &mut Wishes,
) {
    if series.kept.as_ref().is_none_or(|(number, _)| *number != image.number) {
        series.kept = Some((image.number, Run::new(set, &image.values)));
    }
    let Some((_, Some(run))) = &series.kept else {
        hint(ui, "Fewer than two spectra have a value here.");
        return;
    };
    let title = look.kind.title(set);
    let shown = [Shown {
        id: item.id.0,
        name: title.as_str().into(),
        spectrum: Arc::clone(&run.spectrum),
        colour: view.theme.accent,
        version: image.number,
        role: Role::Measured,
        band: None,
    }];
    let active = run_ui(ui, view, item, id, &shown, run, title, plots, wishes);
    let text = match active.and_then(|row| Some((row, *image.values.get(row)?))) {
        Some((row, value)) => format!("{} · {}", place_text(set, row), significant(f64::from(value))),
        None => {
            "Click into the curve for the spectrum at that place; the arrow keys go on from there.".to_owned()
        }
    };
    hint(ui, text);
}

/// Draws curves over the rows of a series, in which a row can be picked; the row that is active now.
#[expect(clippy::too_many_arguments, reason = "what a panel gets, and what is drawn")]
pub fn run_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    id: Id,
    shown: &[Shown],
    run: &Run,
    title: String,
    plots: &mut PlotCache,
    wishes: &mut Wishes,
) -> Option<usize> {
    let options = PlotOptions {
        height: Some((ui.available_height() - FOOT).max(crate::app::theme::size::PLOT)),
        y_label: Some(title),
        ..PlotOptions::default()
    };
    let look = PlotView { legend: shown.len() > 1, ..PlotView::default() };
    let output = spectra_plot_ui(ui, id, shown, &look, plots, &options);
    let active = view.session.active().filter(|s| s.item == item.id).and_then(|s| s.row);
    if let [one] = shown {
        points_ui(ui, &output, &one.spectrum, one.colour);
    }
    if let Some(place) = active.and_then(|row| run.places.get(row)) {
        let x = output.transform.position_from_point_x(*place);
        let line = [pos2(x, output.rect.top()), pos2(x, output.rect.bottom())];
        ui.painter().with_clip_rect(output.rect).line_segment(line, Stroke::new(1.5, view.theme.mixture));
    }
    let last = run.places.len() - 1;
    let arrow = if ui.memory(Memory::focused).is_none() {
        ui.input(|i| i64::from(i.key_pressed(Key::ArrowRight)) - i64::from(i.key_pressed(Key::ArrowLeft)))
    } else {
        0
    };
    let stepped = active.map_or(0, |row| (row as i64 + arrow).clamp(0, last as i64) as usize);
    let clicked = output.clicked.as_ref().and_then(|reading| run.row(reading.position));
    let picked = clicked.or((arrow != 0).then_some(stepped));
    if let Some(row) = picked.filter(|row| Some(*row) != active) {
        wishes.push(Wish::Activate(Subject { item: item.id, row: Some(row) }));
    }
    active
}

/// A dot for each measured point, while they are few.
fn points_ui(ui: &Ui, output: &PlotOutput, spectrum: &Spectrum, colour: Color32) {
    if spectrum.len() > 200 {
        return;
    }
    let painter = ui.painter().with_clip_rect(output.rect);
    for (x, y) in spectrum.x().iter().zip(spectrum.y()) {
        let at = output.transform.position_from_point(&egui_plot::PlotPoint::new(*x, f64::from(*y)));
        painter.circle_filled(at, 3.0, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_are_left_out_and_still_found() {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 1.0, 2).unwrap();
        let set = SpectrumSet::new(axis, vec![0.0; 8], 4, Metadata::default()).unwrap();
        let run = Run::new(&set, &[1.0, f32::NAN, 3.0, 4.0]).unwrap();
        assert_eq!(run.spectrum.x(), [1.0, 3.0, 4.0]);
        assert_eq!((run.row(2.1), run.row(-5.0), run.row(9.0)), (Some(1), Some(0), Some(3)));
        assert!(Run::new(&set, &[1.0, f32::NAN, f32::NAN, f32::NAN]).is_none());
    }
}
