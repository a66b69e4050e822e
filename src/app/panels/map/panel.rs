//! The map panel from top to bottom.

use std::collections::BTreeMap;

use eframe::egui::{Id, Ui};

use super::band::{default_band, spectrum_ui};
use super::controls::{Kind, Scale, Shows, controls_ui, shows_ui};
use super::curve::{SeriesCurve, series_ui};
use super::picture::picture_ui;
use super::places::{image_shape, set_of};
use super::shares::{ShareState, has_shares, shares_ui};
use crate::app::plot::{MapCache, PlotCache};
use crate::app::view::View;
use crate::app::widgets::{empty, hint, spectra};
use crate::app::wish::{Wish, Wishes};
use crate::app::work::ImageKey;
use crate::session::{Item, ItemId, Subject};
use crate::spectrum::{Band, SpectrumSet};

/// Share of the height that the spectrum takes.
const SPECTRUM: f32 = 0.36;

/// What the panel remembers.
#[derive(Default)]
pub struct MapState {
    pub(super) looks: BTreeMap<ItemId, MapLook>,
    /// Curves of the plots.
    pub(super) plots: PlotCache,
    /// Pictures of maps.
    pub(super) pictures: MapCache,
    /// The values of a series.
    pub(super) series: SeriesCurve,
    /// Images of shares.
    pub(super) shares: ShareState,
}

/// How one map is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapLook {
    /// Which images are shown.
    pub shows: Shows,
    /// What is measured.
    pub kind: Kind,
    /// The band.
    pub band: Band,
    /// The band below the line of a ratio.
    pub over: Band,
    /// After the steps of the map instead of as measured.
    pub prepared: bool,
    /// Values of the darkest and the brightest colour.
    pub scale: Scale,
}

/// Draws the panel.
pub fn map_ui(ui: &mut Ui, view: &View, state: &mut MapState, wishes: &mut Wishes) {
    let Some(item) = view.active_item() else { return no_map_ui(ui, view, wishes) };
    let Some(set) = set_of(item) else { return no_map_ui(ui, view, wishes) };
    let Some(mut look) = look(view, item, state) else {
        ui.spinner();
        return;
    };
    let batches = has_shares(view, item.id);
    if !batches {
        look.shows = Shows::Band;
    }
    shows_ui(ui, &mut look, batches);
    match look.shows {
        Shows::Band => band_ui(ui, view, item, set, &mut look, state, wishes),
        Shows::Shares => shares_ui(ui, view, item, set, state, wishes),
    }
    state.looks.insert(item.id, look);
}

/// How the map was looked at last; the first time at its strongest band.
fn look(view: &View, item: &Item, state: &MapState) -> Option<MapLook> {
    if let Some(look) = state.looks.get(&item.id) {
        return Some(*look);
    }
    let mean = view.derived.raw(Subject { item: item.id, row: None })?;
    let [band, over] = default_band(&mean);
    let (shows, kind, scale) = (Shows::Band, Kind::Area, Scale::Most);
    Some(MapLook { shows, kind, band, over, prepared: false, scale })
}

fn band_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    look: &mut MapLook,
    state: &mut MapState,
    wishes: &mut Wishes,
) {
    let image = view.work.maps.image(item.id);
    controls_ui(ui, item, set, look, image);
    let height = (ui.available_height() * SPECTRUM).max(crate::app::theme::size::PLOT);
    spectrum_ui(ui, view, item, look, &mut state.plots, height);
    let key = ImageKey {
        item: item.id,
        version: (look.prepared && !item.steps.steps.is_empty()).then_some(item.version),
        band: look.band,
        measure: look.kind.measure(look.over),
    };
    if !view.work.maps.knows(&key) {
        wishes.push(Wish::Image(key));
    }
    if let Some(why) = view.work.maps.failure(&key) {
        ui.colored_label(view.theme.warning, format!("⚠ {why}"));
        return;
    }
    let Some(image) = image else {
        ui.horizontal(|ui| {
            ui.spinner();
            hint(ui, if view.work.maps.preparing(item.id) { "Preparing the map…" } else { "Measuring…" });
        });
        return;
    };
    if let Some(shape) = image_shape(set) {
        picture_ui(ui, view, item, set, shape, image, look, &mut state.pictures, wishes);
    } else {
        let id = Id::unique(("series", item.id));
        series_ui(ui, view, item, set, id, image, look, &mut state.series, &mut state.plots, wishes);
    }
}

/// Nothing to draw: what a map is, and which spectra of the list are maps.
fn no_map_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let maps: Vec<_> = view.document.items.iter().filter(|item| item.is_set()).collect();
    let name = view.active_item().map_or("", |item| item.name.as_str());
    if maps.is_empty() {
        empty(
            ui,
            "No map is open",
            "Drop a map or series (WiRE, LabSpec, WITec, SPC multifile and others) into the window, or begin with the sample map.",
        );
        ui.vertical_centered(|ui| {
            if ui.button("Open the sample map").clicked() {
                wishes.push(Wish::OpenSample(Some("polymer_map.txt")));
            }
        });
        return;
    }
    let advice = format!("{name} is a single spectrum. Maps and series in the list");
    empty(ui, "The active spectrum is no map", &advice);
    ui.vertical_centered(|ui| {
        for item in maps.iter().take(12) {
            let label = format!("{}, {}", item.name, spectra(item.raw.len()));
            if ui.button(label).clicked() {
                wishes.push(Wish::Activate(Subject { item: item.id, row: None }));
            }
        }
        if maps.len() > 12 {
            hint(ui, format!("and {} more", maps.len() - 12));
        }
    });
}
