//! The dialog of every export: where to, how, and what will be written.

use std::path::Path;

use eframe::egui::{DragValue, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::dialogs::{buttons, focus_first, modal, typed_path};
use crate::app::export::{ExportForm, FigureFormat, FileFormat, Order, Places, What};
use crate::app::view::View;
use crate::app::widgets::{choice, hint, one_line, section};
use crate::app::wish::{Wish, Wishes};

const WIDTH: f32 = 560.0;
/// Room for the button beside the path.
const CHOOSE: f32 = 84.0;
/// Room for the list of files.
const LIST: f32 = 110.0;
/// Files that are listed by name.
const MOST_NAMES: usize = 200;
const MM_PER_INCH: f64 = 25.4;

/// Draws the dialog.
pub fn export_ui(ui: &Ui, view: &View, form: &mut ExportForm, wishes: &mut Wishes) {
    modal(ui, form.what.title(), WIDTH, wishes, |ui, wishes| {
        let enter = path_ui(ui, form, wishes);
        options_ui(ui, form);
        let order = form.order();
        let known = view.work.exports.places(&order);
        let allowed = files_ui(ui, form, &order, known);
        let ready = order.complete() && allowed;
        if (buttons(ui, "Export", ready, wishes) || enter) && ready {
            wishes.push(Wish::CloseDialog);
            wishes.push(Wish::Export(Box::new(form.clone())));
        }
    });
}

/// True when Enter was pressed.
fn path_ui(ui: &mut Ui, form: &mut ExportForm, wishes: &mut Wishes) -> bool {
    let label = if form.several() { "Folder for the files" } else { "File to write" };
    let name = ui.label(label).id;
    ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut form.path).desired_width(ui.available_width() - CHOOSE);
        let response = ui.add(field).labelled_by(name);
        let enter = focus_first(ui, "export path", &response);
        if response.changed() {
            form.typed();
            form.replace.clear();
        }
        if ui.button("Choose…").on_hover_text("Choose in the dialog of the system").clicked() {
            wishes.push(Wish::ChoosePlace { folder: form.several(), now: typed_path(&form.path) });
        }
        enter
    })
    .inner
}

fn options_ui(ui: &mut Ui, form: &mut ExportForm) {
    match form.what {
        What::Components => {
            methods_ui(ui, form);
            hint(
                ui,
                "Mixture, reconstruction, background, residual and each component as columns, as unravel unmix writes them.",
            );
        }
        What::Recovered => {
            methods_ui(ui, form);
            hint(
                ui,
                "CARS spectrum, recovered Raman spectrum, background, forward fit and residual as columns, and the lines of all, as unravel recover writes them.",
            );
        }
        What::Curves => {
            separator_ui(ui, form);
            ui.checkbox(&mut form.settings.normalised, "Normalised as in the plot");
            hint(
                ui,
                "The curves in the plot after their preparation, over the positions shown, without the offsets of a stack.",
            );
        }
        What::Spectra => spectra_ui(ui, form),
        What::Table | What::Batch => separator_ui(ui, form),
        What::Figure => figure_ui(ui, form),
        What::Report => {
            hint(
                ui,
                "One page that needs no other file: figures, tables, the processing of every spectrum, versions, libraries and methods.",
            );
        }
    }
}

fn methods_ui(ui: &mut Ui, form: &mut ExportForm) {
    if form.methods.is_empty() {
        hint(ui, "No method has answered yet.");
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label("Methods");
        let mut all = vec![(None, format!("All {}", form.methods.len()))];
        all.extend(form.methods.iter().map(|(id, name)| (Some(id.clone()), name.clone())));
        for (id, name) in all {
            if ui.selectable_label(form.method == id, name).clicked() {
                form.method = id;
                form.replace.clear();
            }
        }
    });
}

fn separator_ui(ui: &mut Ui, form: &mut ExportForm) {
    ui.horizontal(|ui| {
        ui.label("Cells");
        let all = [(false, "Comma, decimal point"), (true, "Semicolon, decimal comma")];
        choice(ui, &mut form.settings.decimal_comma, &all);
    });
}

fn spectra_ui(ui: &mut Ui, form: &mut ExportForm) {
    if form.row.is_some() {
        ui.horizontal(|ui| {
            ui.label("Spectra");
            let mut only = form.only_row;
            if choice(ui, &mut only, &[(true, "Active place of the map"), (false, "All selected")]) {
                form.follow(|form| form.only_row = only);
            }
        });
    }
    ui.horizontal(|ui| {
        ui.label("Format");
        let mut format = form.settings.format;
        if choice(ui, &mut format, &FileFormat::ALL) {
            form.follow(|form| form.settings.format = format);
        }
    });
    if form.settings.format == FileFormat::Csv {
        separator_ui(ui, form);
        ui.checkbox(&mut form.settings.metadata, "Begin with what is known about the measurement")
            .on_hover_text("Lines with # in front; without them the file begins with the column names");
    }
    hint(ui, "The selected spectra after their preparation. A map goes into one file with all its spectra.");
}

fn figure_ui(ui: &mut Ui, form: &mut ExportForm) {
    ui.horizontal(|ui| {
        ui.label("Format");
        let mut format = form.settings.figure;
        if choice(ui, &mut format, &FigureFormat::ALL) {
            form.follow(|form| form.settings.figure = format);
        }
    });
    let mut size = form.picture.size_mm(&form.settings);
    ui.horizontal(|ui| {
        ui.label("Size");
        let mut changed = false;
        for (value, name, sign) in [(0, "Width in mm", "×"), (1, "Height in mm", "")] {
            let field = ui.add(
                DragValue::new(&mut size[value]).speed(1.0).range(30.0..=500.0).suffix(" mm").max_decimals(1),
            );
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
            changed |= field.changed();
            ui.label(sign);
        }
        for (width, name) in [(85.0, "One column"), (178.0, "Page wide")] {
            if ui.button(name).on_hover_text(format!("{width} mm wide, as most journals want it")).clicked() {
                size = [width, size[1]];
                changed = true;
            }
        }
        if ui.button("Usual").on_hover_text("The size that suits this figure").clicked() {
            size = form.picture.usual_mm();
            changed = true;
        }
        if changed {
            form.picture.set_size_mm(&mut form.settings, size);
        }
    });
    ui.horizontal(|ui| {
        ui.label("Letters");
        let font = &mut form.settings.font_pt;
        let field = ui.add(DragValue::new(font).speed(0.1).range(4.0..=24.0).suffix(" pt").max_decimals(1));
        field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Size of letters in pt"));
        if form.settings.figure == FigureFormat::Png {
            ui.separator();
            ui.label("Resolution");
            let dpi = &mut form.settings.dpi;
            let field = ui.add(DragValue::new(dpi).speed(1.0).range(30..=1_200).suffix(" dpi"));
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Resolution in dots per inch"));
            let pixels = size.map(|mm| (mm / MM_PER_INCH * f64::from(*dpi)).round());
            hint(ui, format!("{} × {} pixels", pixels[0], pixels[1]));
        }
    });
    hint(ui, "Drawn for white paper, whatever the theme of the window, over the range that is shown.");
}

/// What will be written; false while a file is there that the user has not given up.
fn files_ui(ui: &mut Ui, form: &mut ExportForm, order: &Order, known: Option<(&Places, bool)>) -> bool {
    section(ui, "Will be written");
    let names = order.names();
    let (places, current) = known.unzip();
    let existing: Vec<String> =
        places.map_or(&[][..], |places| &places.existing).iter().map(|file| name_of(file)).collect();
    let warning = ui.visuals().warn_fg_color;
    ScrollArea::vertical().id_salt("files").max_height(LIST).auto_shrink([false, true]).show(ui, |ui| {
        for name in names.iter().take(MOST_NAMES) {
            if existing.contains(name) {
                let text = format!("{name} · is there already");
                one_line(ui, RichText::new(&text).color(warning)).on_hover_text(text);
            } else {
                one_line(ui, name).on_hover_text(name);
            }
        }
        match names.len() {
            0 => hint(ui, "Nothing yet."),
            many if many > MOST_NAMES => hint(ui, format!("and {} more", many - MOST_NAMES)),
            _ => return,
        };
    });
    let Some(places) = places else { return true };
    let folder = places.folder.display().to_string();
    let text = if places.new_folder {
        format!("Into the folder {folder}, which will be made")
    } else {
        format!("Into the folder {folder}")
    };
    let small = RichText::new(&text).small().color(ui.visuals().weak_text_color());
    one_line(ui, small).on_hover_text(text);
    if existing.is_empty() {
        return true;
    }
    let mut given_up = places.existing.iter().all(|file| form.replace.contains(file));
    let label = match existing.as_slice() {
        [one] => format!("Replace {one}"),
        several => format!("Replace {} files that are there already", several.len()),
    };
    if ui.checkbox(&mut given_up, RichText::new(label).color(warning)).changed() {
        form.replace = if given_up { places.existing.clone() } else { Vec::new() };
    }
    given_up || current == Some(false)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
