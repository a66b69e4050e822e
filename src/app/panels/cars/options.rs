//! How a recovery is done: methods, the reference, the dark signal.

use eframe::egui::{ComboBox, DragValue, Role, Ui, WidgetInfo};

use crate::app::view::View;
use crate::app::work::{CarsAsk, CarsDark};
use crate::methods::recovery::recoveries;
use crate::session::{ItemId, Subject};

/// Width of the lists of spectra.
const LIST: f32 = 180.0;

/// Draws the options for this spectrum.
pub fn options_ui(ui: &mut Ui, view: &View, subject: Subject, ask: &mut CarsAsk) {
    ask.keep_to(view.document);
    ui.horizontal_wrapped(|ui| {
        ui.label("Methods");
        for method in recoveries() {
            let (id, mut on) = (method.id(), ask.methods().any(|asked| asked.id() == method.id()));
            if ui.checkbox(&mut on, method.name()).on_hover_text(method.info().about).changed() {
                ask.without.retain(|without| without != id);
                if !on {
                    ask.without.push(id.to_owned());
                }
            }
        }
        ui.separator();
        ui.checkbox(&mut ask.refine, "Refine").on_hover_text(
            "Methods that can fit on from their own answer by physics alone, kept only where that is a clear gain. Slow, experimental",
        );
    });
    ui.horizontal_wrapped(|ui| {
        reference_ui(ui, view, subject, ask);
        ui.separator();
        dark_ui(ui, view, subject, ask);
    });
}

fn reference_ui(ui: &mut Ui, view: &View, subject: Subject, ask: &mut CarsAsk) {
    const TIP: &str = "A spectrum of glass or water measured with the same light: the shape of the light divides out. Maps count as their mean";
    ui.label("Reference").on_hover_text(TIP);
    let now = ask.reference.map_or_else(|| "None".to_owned(), |id| name(view, id));
    let combo = ComboBox::from_id_salt("cars reference").selected_text(&now).width(LIST).truncate();
    let response = combo
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut ask.reference, None, "None");
            for (id, name) in others(view, subject) {
                ui.selectable_value(&mut ask.reference, Some(id), name);
            }
        })
        .response
        .on_hover_text(TIP);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Reference, {now}")));
}

fn dark_ui(ui: &mut Ui, view: &View, subject: Subject, ask: &mut CarsAsk) {
    const TIP: &str = "What the detector shows without light; it is taken off the spectrum and the reference";
    ui.label("Dark signal").on_hover_text(TIP);
    let now = match ask.dark {
        CarsDark::None => "None".to_owned(),
        CarsDark::Constant(_) => "A number".to_owned(),
        CarsDark::Item(id) => name(view, id),
    };
    let combo = ComboBox::from_id_salt("cars dark").selected_text(&now).width(LIST).truncate();
    let response = combo
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut ask.dark, CarsDark::None, "None");
            let constant = matches!(ask.dark, CarsDark::Constant(_));
            if ui.selectable_label(constant, "A number").clicked() && !constant {
                ask.dark = CarsDark::Constant(0.0);
            }
            for (id, name) in others(view, subject) {
                ui.selectable_value(&mut ask.dark, CarsDark::Item(id), name);
            }
        })
        .response
        .on_hover_text(TIP);
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Dark signal, {now}")));
    if let CarsDark::Constant(value) = &mut ask.dark {
        let field = ui.add(DragValue::new(value).speed(1.0));
        field.widget_info(|| {
            WidgetInfo::labeled(Role::SpinButton, true, "Dark signal, in the unit of the intensities")
        });
    }
}

fn name(view: &View, id: ItemId) -> String {
    view.document.item(id).map(|item| item.name.clone()).unwrap_or_default()
}

/// The other entries of the list.
fn others(view: &View, subject: Subject) -> Vec<(ItemId, String)> {
    let items = view.document.items.iter().filter(|item| item.id != subject.item);
    items.map(|item| (item.id, item.name.clone())).collect()
}
