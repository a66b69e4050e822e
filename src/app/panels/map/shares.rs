//! Images of what methods found on a map: one substance an image, shares in percent.

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{self, Id, Role as WidgetRole, ScrollArea, Ui, WidgetInfo, vec2};

use super::curve::{Run, run_ui};
use super::panel::MapState;
use super::picture::place_ui;
use super::places::{image_shape, place_size};
use crate::app::export::Layer;
use crate::app::panels::table::batch_title;
use crate::app::plot::{MapImage, MapOptions, Role, Shown, map_image_ui};
use crate::app::view::View;
use crate::app::widgets::{bold, hint};
use crate::app::wish::Wishes;
use crate::app::work::Running;
use crate::methods::find;
use crate::session::{Batch, BatchId, BatchRow, Item, ItemId};
use crate::spectrum::{MapShape, SpectrumSet};

/// Substances shown at first.
const FEW: usize = 6;
/// Substances with an image of their own at most.
const MOST: usize = 48;
/// Least width of a small image, in points.
const SMALL: f32 = 200.0;
/// Least height of a small image with its title, in points.
const CELL: f32 = 170.0;

/// What is chosen, and the images made of it.
#[derive(Default)]
pub struct ShareState {
    batch: Option<BatchId>,
    method: Option<String>,
    /// Whether the rare substances are shown as well.
    all: bool,
    /// The substance that fills the panel.
    large: Option<Arc<str>>,
    kept: Option<(Key, Vec<Share>)>,
    numbers: u64,
}

/// What the images were made of.
#[derive(PartialEq)]
struct Key {
    item: ItemId,
    batch: BatchId,
    method: String,
    revision: u64,
}

/// One substance over the rows of a map.
pub struct Share {
    name: Arc<str>,
    /// Shares in percent; not a number where the method has no answer.
    values: Arc<[f32]>,
    mean: f64,
    number: u64,
    run: Option<Run>,
}

impl ShareState {
    /// The images that are shown of this map.
    pub fn layers(&self, item: ItemId) -> Vec<Layer> {
        let Some((_, shares)) = self.kept.as_ref().filter(|(key, _)| key.item == item) else {
            return Vec::new();
        };
        let large = self.large.as_ref().filter(|name| shares.iter().any(|share| share.name == **name));
        let shown = shares.iter().filter(|share| large.is_none_or(|name| share.name == *name));
        let layer = |share: &Share| Layer {
            heading: format!("{}, mean {:.1} %", share.name, share.mean),
            unit: "Share (%)".to_owned(),
            values: Arc::clone(&share.values),
            range: Some((0.0, 100.0)),
        };
        shown.map(layer).collect()
    }
}

/// Whether there is a comparison over rows of this map.
pub fn has_shares(view: &View, item: ItemId) -> bool {
    view.document.batches.iter().any(|batch| over(batch, item))
}

fn over(batch: &Batch, item: ItemId) -> bool {
    batch.subjects.iter().any(|(subject, _)| subject.item == item && subject.row.is_some())
}

/// The shares of every substance found by one method, largest mean first.
fn shares_of(rows: &[BatchRow], item: ItemId, method: &str, count: usize) -> Vec<(String, Vec<f32>, f64)> {
    let own = || rows.iter().filter(|row| row.of.item == item && row.method == method && row.error.is_none());
    let answered: Vec<usize> = own().filter_map(|row| row.of.row).filter(|row| *row < count).collect();
    let mut found: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for row in own() {
        let Some(place) = row.of.row.filter(|row| *row < count) else { continue };
        for share in &row.shares {
            let values = found.entry(&share.name).or_insert_with(|| {
                let mut values = vec![f32::NAN; count];
                for row in &answered {
                    values[*row] = 0.0;
                }
                values
            });
            values[place] += (100.0 * share.share) as f32;
        }
    }
    let mean = |values: &[f32]| {
        values.iter().filter(|v| v.is_finite()).map(|v| f64::from(*v)).sum::<f64>()
            / answered.len().max(1) as f64
    };
    let mut all: Vec<(String, Vec<f32>, f64)> = found
        .into_iter()
        .map(|(name, values)| {
            let mean = mean(&values);
            (name.to_owned(), values, mean)
        })
        .collect();
    all.sort_by(|a, b| b.2.total_cmp(&a.2));
    all
}

/// Draws the images of shares.
pub fn shares_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    state: &mut MapState,
    wishes: &mut Wishes,
) {
    let batches: Vec<&Arc<Batch>> = view.document.batches.iter().rev().filter(|b| over(b, item.id)).collect();
    let chosen = state.shares.batch.and_then(|id| batches.iter().find(|b| b.id == id)).or(batches.first());
    let Some(batch) = chosen.copied() else { return };
    let method = choices_ui(ui, view, set, &batches, batch, &mut state.shares);
    refresh(view, item, set, batch, &method, &mut state.shares);
    let Some(all) = state.shares.kept.take() else { return };
    if all.1.is_empty() {
        hint(
            ui,
            match view.work.running_many(batch.id) {
                Running::Yes { words, .. } => format!("The first answers are on their way, {words}."),
                Running::No => "This method found nothing on this map; another one may have.".to_owned(),
            },
        );
    } else if let Some(shape) = image_shape(set) {
        images_ui(ui, view, item, set, shape, &all.1, state, wishes);
    } else {
        curves_ui(ui, view, item, &all.1, state, wishes);
    }
    state.shares.kept = Some(all);
}

/// Which table, which method; gives the method.
fn choices_ui(
    ui: &mut Ui,
    view: &View,
    set: &SpectrumSet,
    batches: &[&Arc<Batch>],
    batch: &Batch,
    state: &mut ShareState,
) -> String {
    let ids: Vec<&str> = batch.ask.methods.iter().map(|m| m.id.as_str()).collect();
    let kept = state.method.as_deref().filter(|m| ids.contains(m));
    let mut method = kept.or(ids.first().copied()).unwrap_or_default().to_owned();
    ui.horizontal(|ui| {
        if batches.len() > 1 {
            let now = batch_title(view, batch);
            let combo =
                egui::ComboBox::from_id_salt("share batch").selected_text(&now).width(220.0).truncate();
            let response = combo
                .show_ui(ui, |ui| {
                    for one in batches {
                        if ui.selectable_label(one.id == batch.id, batch_title(view, one)).clicked() {
                            state.batch = Some(one.id);
                        }
                    }
                })
                .response;
            response
                .widget_info(|| WidgetInfo::labeled(WidgetRole::ComboBox, true, format!("Results, {now}")));
        }
        let now = method_name(&method);
        let combo = egui::ComboBox::from_id_salt("share method").selected_text(&now).width(170.0);
        let response = combo
            .show_ui(ui, |ui| {
                for id in ids {
                    if ui.selectable_label(id == method, method_name(id)).clicked() {
                        id.clone_into(&mut method);
                        state.method = Some(method.clone());
                    }
                }
            })
            .response;
        response.widget_info(|| WidgetInfo::labeled(WidgetRole::ComboBox, true, format!("Method, {now}")));
        let large = state.large.clone().filter(|_| image_shape(set).is_some());
        if let Some(large) = large {
            if ui.button("All substances").on_hover_text("Back to one image per substance").clicked() {
                state.large = None;
            }
            ui.add(egui::Label::new(bold(&*large)).truncate());
        }
    });
    method
}

/// Name of a method for people.
fn method_name(id: &str) -> String {
    find(id).map_or_else(|_| id.to_owned(), |method| method.name().to_owned())
}

fn refresh(view: &View, item: &Item, set: &SpectrumSet, batch: &Batch, method: &str, state: &mut ShareState) {
    let revision = view.session.revision();
    let key = Key { item: item.id, batch: batch.id, method: method.to_owned(), revision };
    if state.kept.as_ref().is_some_and(|(kept, _)| *kept == key) {
        return;
    }
    let rows = view.session.answers().batch(batch.id).map(|table| table.rows.as_slice()).unwrap_or_default();
    let found = shares_of(rows, item.id, method, set.len());
    let series = image_shape(set).is_none();
    let shares = found.into_iter().take(MOST).map(|(name, values, mean)| {
        state.numbers += 1;
        let run = if series { Run::new(set, &values) } else { None };
        Share { name: name.into(), values: values.into(), mean, number: state.numbers, run }
    });
    let shares: Vec<Share> = shares.collect();
    state.kept = Some((key, shares));
}

#[expect(clippy::too_many_arguments, reason = "what a panel gets, and what is drawn")]
fn images_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    shape: MapShape,
    shares: &[Share],
    state: &mut MapState,
    wishes: &mut Wishes,
) {
    let large = state.shares.large.as_ref().and_then(|name| shares.iter().find(|s| s.name == *name));
    if let Some(share) = large {
        let map = image(share, shape, "Share (%)");
        let id = Id::unique(("share", item.id, &*share.name));
        place_ui(ui, view, item, set, shape, id, &map, Some([0.0, 100.0]), &mut state.pictures, wishes);
        return;
    }
    let aspect = place_size(set, shape).map(|[across, down]| (across / down) as f32);
    let columns = ((ui.available_width() / SMALL) as usize).clamp(1, shares.len());
    let width = ui.available_width() / columns as f32 - ui.spacing().item_spacing.x - 4.0;
    let shown = if state.shares.all { shares } else { &shares[..shares.len().min(FEW)] };
    ui.horizontal(|ui| {
        hint(ui, "Relative signal of each substance in %. Click an image to enlarge it.");
        if shares.len() > FEW {
            let name =
                if state.shares.all { "Show fewer".to_owned() } else { format!("Show all {}", shares.len()) };
            if ui.small_button(name).clicked() {
                state.shares.all = !state.shares.all;
            }
        }
    });
    let lines = shown.len().div_ceil(columns).clamp(1, 2) as f32;
    let cell = (ui.available_height() / lines - 8.0).max(CELL);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for line in shown.chunks(columns) {
            ui.horizontal_top(|ui| {
                for share in line {
                    ui.allocate_ui(vec2(width, cell), |ui| {
                        ui.set_width(width);
                        ui.vertical(|ui| {
                            if small_ui(ui, item, share, shape, aspect, cell, &mut state.pictures) {
                                state.shares.large = Some(Arc::clone(&share.name));
                            }
                        });
                    });
                }
            });
        }
    });
}

/// One small image; true when it shall be enlarged.
fn small_ui(
    ui: &mut Ui,
    item: &Item,
    share: &Share,
    shape: MapShape,
    aspect: Option<f32>,
    cell: f32,
    pictures: &mut crate::app::plot::MapCache,
) -> bool {
    let title = format!("{}, mean {:.1} %", share.name, share.mean);
    let button = ui.add(egui::Button::new(bold(&title)).frame(false).truncate());
    button.widget_info(|| WidgetInfo::labeled(WidgetRole::Button, true, format!("Enlarge {}", share.name)));
    let map = image(share, shape, "");
    let id = Id::unique(("small share", item.id, &*share.name));
    let options = MapOptions { range: Some([0.0, 100.0]), marked: None, aspect };
    let room = vec2(ui.available_width(), cell - 44.0);
    let clicked = ui.allocate_ui(room, |ui| map_image_ui(ui, id, &map, pictures, &options)).inner.clicked;
    button.on_hover_text(title).clicked() || clicked.is_some()
}

fn image<'a>(share: &'a Share, shape: MapShape, label: &'a str) -> MapImage<'a> {
    MapImage { values: &share.values, width: shape.width, height: shape.height, version: share.number, label }
}

fn curves_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    shares: &[Share],
    state: &mut MapState,
    wishes: &mut Wishes,
) {
    let with_run = || shares.iter().filter_map(|share| Some((share, share.run.as_ref()?)));
    let shown: Vec<Shown> = with_run()
        .enumerate()
        .map(|(slot, (share, run))| Shown {
            id: slot as u64,
            name: Arc::clone(&share.name),
            spectrum: Arc::clone(&run.spectrum),
            colour: view.theme.curve(slot),
            version: share.number,
            role: Role::Measured,
            band: None,
        })
        .collect();
    let Some((_, run)) = with_run().next() else {
        hint(ui, "Fewer than two spectra have an answer so far.");
        return;
    };
    let id = Id::unique(("share series", item.id));
    run_ui(ui, view, item, id, &shown, run, "Share (%)".to_owned(), &mut state.plots, wishes);
    hint(ui, "Relative signal of each substance. Click for the spectrum at that place.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{BatchShare, Subject};

    fn row(of: usize, method: &str, shares: &[(&str, f64)]) -> BatchRow {
        let share = |(name, share): &(&str, f64)| BatchShare {
            name: (*name).to_owned(),
            share: *share,
            confidence: None,
        };
        BatchRow {
            subject: of,
            of: Subject { item: ItemId(1), row: Some(of) },
            method: method.to_owned(),
            shares: shares.iter().map(share).collect(),
            residual_over_noise: None,
            elapsed_ms: 1.0,
            error: None,
        }
    }

    #[test]
    fn a_substance_is_zero_where_it_was_not_found_and_missing_where_nothing_was_asked() {
        let failed = BatchRow { error: Some("no".to_owned()), ..row(2, "nnls", &[]) };
        let rows = [row(0, "nnls", &[("Quartz", 0.75), ("Calcite", 0.25)]), row(0, "fcls", &[("Talc", 1.0)])];
        let rows: Vec<BatchRow> =
            rows.into_iter().chain([row(1, "nnls", &[("Quartz", 1.0)]), failed]).collect();
        let found = shares_of(&rows, ItemId(1), "nnls", 4);
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["Quartz", "Calcite"]);
        assert_eq!(found[1].1[..2], [25.0, 0.0]);
        assert!(found[1].1[2..].iter().all(|v| v.is_nan()));
        assert!((found[0].2 - 87.5).abs() < 1e-9);
    }
}
