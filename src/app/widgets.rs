//! Small parts that several panels use.

use eframe::egui::{self, Button, FontFamily, Response, RichText, Role, Sense, Ui, WidgetInfo, WidgetText};

use super::actions::Action;
use super::theme::{BOLD, Theme};
use super::wish::Wishes;

/// Bold text of the body's size.
pub fn bold(text: impl Into<String>) -> RichText {
    RichText::new(text).family(FontFamily::Name(BOLD.into()))
}

/// Less important text.
pub fn weak(ui: &mut Ui, text: impl Into<String>) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.label(RichText::new(text).color(theme.weak))
}

/// Less important text that wraps, in small letters.
pub fn hint(ui: &mut Ui, text: impl Into<String>) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.add(egui::Label::new(RichText::new(text).small().color(theme.weak)).wrap())
}

/// Less important text on one line, cut where it does not fit; the whole text on hover.
pub fn small_line(ui: &mut Ui, text: impl Into<String>) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.add(egui::Label::new(RichText::new(text).small().color(theme.weak)).truncate())
}

/// The heading of a part of a panel.
pub fn section(ui: &mut Ui, text: &str) {
    ui.add_space(6.0);
    ui.label(bold(text));
}

/// One line of text, cut with an ellipsis where it does not fit; the whole text on hover.
pub fn one_line(ui: &mut Ui, text: impl Into<WidgetText>) -> Response {
    ui.add(egui::Label::new(text).truncate())
}

/// What an action does and its keys.
pub fn tooltip(ui: &Ui, action: Action) -> String {
    let ctx = ui.ctx().clone();
    action.info().tooltip(|shortcut| ctx.format_shortcut(shortcut))
}

/// A button for an action.
pub fn action_button(
    ui: &mut Ui,
    action: Action,
    label: &str,
    enabled: bool,
    wishes: &mut Wishes,
) -> Response {
    let tip = tooltip(ui, action);
    let response =
        ui.add_enabled(enabled, Button::new(label)).on_hover_text(&tip).on_disabled_hover_text(&tip);
    if response.clicked() {
        wishes.act(action);
    }
    response
}

/// The one button that matters here.
pub fn main_button(ui: &mut Ui, label: &str, enabled: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let text = bold(label).color(if enabled { theme.on_accent } else { theme.weak });
    let mut button = Button::new(text).min_size(egui::vec2(0.0, 26.0));
    if enabled {
        button = button.fill(theme.accent);
    }
    ui.add_enabled(enabled, button)
}

/// A button made of one sign, named for those who cannot see it.
pub fn sign_button(ui: &mut Ui, sign: &str, name: &str) -> Response {
    let response = ui.add(Button::new(sign).frame(false).min_size(egui::vec2(20.0, 20.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

/// A line of choices of which one holds; true when it changed.
pub fn choice<T: Copy + PartialEq>(ui: &mut Ui, value: &mut T, all: &[(T, &str)]) -> bool {
    let mut changed = false;
    for (this, name) in all {
        if ui.selectable_label(*value == *this, *name).clicked() && *value != *this {
            *value = *this;
            changed = true;
        }
    }
    changed
}

/// A field for words to look for, named for those who cannot see it.
pub fn search_field(ui: &mut Ui, text: &mut String, name: &str, width: f32) -> Response {
    let response = ui.add(egui::TextEdit::singleline(text).hint_text(name).desired_width(width));
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", &*text, name);
        info.label = Some(name.to_owned());
        info
    });
    response
}

/// A filled square in the colour of a curve.
pub fn swatch(ui: &mut Ui, colour: egui::Color32, sense: Sense) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), sense);
    ui.painter().rect_filled(rect, 2.0, colour);
    response
}

/// The middle of an empty panel: what belongs here and how it gets here.
pub fn empty(ui: &mut Ui, title: &str, advice: &str) {
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.3).clamp(8.0, 220.0));
        ui.label(bold(title).size(15.0));
        ui.set_max_width(ui.available_width().min(460.0));
        weak(ui, advice);
    });
}

/// A number as people read it: four digits that matter, no long tails.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{value:.3e}")
    } else if size >= 1_000.0 {
        format!("{value:.0}")
    } else {
        let digits = (3 - size.log10().floor() as i32).clamp(0, 6) as usize;
        format!("{value:.digits$}")
    }
}

/// A time as people read it.
pub fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1_000.0),
    }
}

/// A share as people read it.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `1 spectrum`, `5 spectra`.
pub fn spectra(count: usize) -> String {
    if count == 1 { "1 spectrum".to_owned() } else { format!("{count} spectra") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (12_345.678, "12346"),
            (1.234_56, "1.235"),
            (0.012_344, "0.01234"),
            (2.5e7, "2.500e7"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(milliseconds(3.21), "3.2 ms");
        assert_eq!(milliseconds(1_530.0), "1.5 s");
        assert_eq!(percent(0.482), "48.2 %");
    }
}
