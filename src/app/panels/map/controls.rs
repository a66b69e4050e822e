//! The lines of choices above an image.

use eframe::egui::{self, DragValue, Role, Ui, WidgetInfo};

use super::panel::MapLook;
use super::places::image_shape;
use crate::app::plot::{significant, unit_text};
use crate::app::widgets::{choice, hint};
use crate::app::work::BandImage;
use crate::session::Item;
use crate::spectrum::{Axis, Band, Measure, SpectrumSet};

/// Which images of a map are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// A band.
    Band,
    /// What methods found.
    Shares,
}

/// What is measured in a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Area over a baseline.
    Area,
    /// Height over a baseline.
    Height,
    /// Mean intensity.
    Mean,
    /// Place of the top.
    Position,
    /// Ratio of two areas.
    Ratio,
}

/// Values of the darkest and the brightest colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// From 1 % to 99 % of the values.
    Most,
    /// From the smallest to the largest.
    Whole,
    /// As the user says.
    Fixed([f32; 2]),
}

const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Area, "Area over baseline", "Area between the curve and a straight line from edge to edge"),
    (Kind::Height, "Height over baseline", "Highest point over a straight line from edge to edge"),
    (Kind::Mean, "Mean intensity", "Mean of the intensities in the band, no baseline"),
    (
        Kind::Position,
        "Position of the top",
        "Where the band is highest over a straight line from edge to edge",
    ),
    (
        Kind::Ratio,
        "Ratio of two bands",
        "Area over baseline of the first band, divided by that of the second",
    ),
];

impl Kind {
    /// The measure itself.
    pub fn measure(self, over: Band) -> Measure {
        match self {
            Self::Area => Measure::Area,
            Self::Height => Measure::Height,
            Self::Mean => Measure::Mean,
            Self::Position => Measure::Position,
            Self::Ratio => Measure::Ratio(over),
        }
    }

    /// What the values are, with their unit.
    pub fn title(self, set: &SpectrumSet) -> String {
        let unit = set.meta.intensity_unit.as_deref().map(str::trim).filter(|unit| !unit.is_empty());
        let (unit, along) = (unit.unwrap_or("a.u."), unit_text(set.axis().kind()));
        match self {
            Self::Area => format!("Area ({unit} · {along})"),
            Self::Height => format!("Height ({unit})"),
            Self::Mean => format!("Mean intensity ({unit})"),
            Self::Position => format!("Position ({along})"),
            Self::Ratio => "Ratio of areas".to_owned(),
        }
    }
}

impl Scale {
    /// The values for an image.
    pub fn range(self, image: &BandImage) -> [f32; 2] {
        match self {
            Self::Most => image.most,
            Self::Whole => image.whole,
            Self::Fixed(range) => range,
        }
    }
}

/// Band or shares; only where there are shares.
pub fn shows_ui(ui: &mut Ui, look: &mut MapLook, batches: bool) {
    if batches {
        ui.horizontal(|ui| {
            choice(
                ui,
                &mut look.shows,
                &[(Shows::Band, "Image of a band"), (Shows::Shares, "Shares of substances")],
            );
        });
    }
}

/// Measure, band, preparation, scale of colours.
pub fn controls_ui(
    ui: &mut Ui,
    item: &Item,
    set: &SpectrumSet,
    look: &mut MapLook,
    image: Option<&BandImage>,
) {
    ui.horizontal_wrapped(|ui| {
        measure_ui(ui, look);
        band_fields_ui(ui, "Band", set.axis(), &mut look.band);
        if look.kind == Kind::Ratio {
            ui.label("over");
            band_fields_ui(ui, "Second band", set.axis(), &mut look.over);
        }
    });
    ui.horizontal_wrapped(|ui| {
        let steps = item.steps.steps.len();
        let prepared = ui.add_enabled(steps > 0, egui::Checkbox::new(&mut look.prepared, "Prepared"));
        prepared
            .on_hover_text("Measure the spectra after the steps under Prepare")
            .on_disabled_hover_text("This map has no steps; add some under Prepare");
        if let Some(image) = image.filter(|_| image_shape(set).is_some()) {
            ui.separator();
            scale_ui(ui, look, image);
        }
    });
}

fn measure_ui(ui: &mut Ui, look: &mut MapLook) {
    let now = KINDS.iter().find(|(kind, ..)| *kind == look.kind).map_or("", |(_, name, _)| *name);
    let combo = egui::ComboBox::from_id_salt("measure").selected_text(now).width(150.0);
    let response = combo
        .show_ui(ui, |ui| {
            for (kind, name, what) in KINDS {
                if ui.selectable_label(look.kind == kind, name).on_hover_text(what).clicked()
                    && look.kind != kind
                {
                    look.kind = kind;
                    // Values of another measure have another size.
                    if matches!(look.scale, Scale::Fixed(_)) {
                        look.scale = Scale::Most;
                    }
                }
            }
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Measure, {now}")));
    response.on_hover_text("What each pixel shows");
}

/// The two edges of a band as numbers.
fn band_fields_ui(ui: &mut Ui, name: &str, axis: &Axis, band: &mut Band) {
    let unit = unit_text(axis.kind());
    let (mut low, mut high) = (band.low(), band.high());
    let range = axis.low()..=axis.high();
    let digits = if axis.mean_step() < 0.05 { 3 } else { 1 };
    let mut changed = false;
    for (value, edge) in [(&mut low, "from"), (&mut high, "to")] {
        let field = DragValue::new(value).speed(axis.mean_step()).range(range.clone()).max_decimals(digits);
        let field = ui.add(field);
        field
            .widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("{name} {edge}, in {unit}")));
        changed |= field.on_hover_text(format!("{name} {edge}")).changed();
        if edge == "from" {
            ui.label("to");
        }
    }
    ui.label(unit);
    if changed {
        *band = Band::new(low, high);
    }
}

fn scale_ui(ui: &mut Ui, look: &mut MapLook, image: &BandImage) {
    ui.label("Colours");
    choice(ui, &mut look.scale, &[(Scale::Most, "1 to 99 %"), (Scale::Whole, "All values")]);
    let mut range = look.scale.range(image);
    let speed = f64::from((range[1] - range[0]).abs()).max(1e-6) / 200.0;
    let mut changed = false;
    for (value, name) in range.iter_mut().zip(["Darkest value", "Brightest value"]) {
        let shown = |v: f64, _: std::ops::RangeInclusive<usize>| significant(v);
        let field = ui.add(DragValue::new(value).speed(speed).custom_formatter(shown));
        field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
        changed |= field.on_hover_text(name).changed();
    }
    if changed && range[0] < range[1] {
        look.scale = Scale::Fixed(range);
    }
    let missing = image.values.iter().filter(|v| !v.is_finite()).count();
    if missing > 0 {
        hint(ui, format!("{missing} without a value"));
    }
}
