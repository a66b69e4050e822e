//! What the active spectrum is most like: ranked hits, walked through by click or by the arrow keys.

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align2, EventFilter, FontFamily, FontId, Id, Key, Label, Modifiers, Rect, Response, RichText, Role,
    ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

use super::options::metric_name;
use super::panel::Marked;
use super::peek::plain_formula;
use super::rows::{entry_line, overlay};
use crate::app::actions::Action;
use crate::app::theme::{BOLD, Theme};
use crate::app::view::View;
use crate::app::widgets::{empty, hint, percent};
use crate::app::wish::Wishes;
use crate::app::work::Searched;
use crate::library::{Entry, Hit, Ranking};

/// Height of a hit.
const ROW: f32 = 40.0;
/// Width of the bar of the score.
const BAR: f32 = 56.0;

/// Draws the answer to the last search in this height.
pub fn hits_ui(
    ui: &mut Ui,
    view: &View,
    marked: &mut Option<Marked>,
    came: bool,
    height: f32,
    wishes: &mut Wishes,
) {
    let bottom = ui.cursor().top() + height;
    if view.work.search.running() {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label("Searching…");
        });
    }
    let Some(found) = &view.work.search.found else {
        if !view.work.search.running() {
            empty(
                ui,
                "No search yet",
                "Search ranks the references of the library by their likeness to the active spectrum.",
            );
        }
        return;
    };
    about_ui(ui, view, found, wishes);
    match &found.result {
        Err(sentence) => {
            let sentence = RichText::new(format!("✗ {sentence}")).color(view.theme.error);
            ui.add(Label::new(sentence).wrap());
        }
        Ok(ranking) if ranking.hits.is_empty() => {
            empty(ui, "No hit", "No entry of the library shares enough range with this spectrum.");
        }
        Ok(ranking) => {
            let height = (bottom - ui.cursor().top()).max(2.0 * ROW);
            list_ui(ui, view, found, ranking, marked, came, height, wishes);
        }
    }
}

/// Whose hits these are.
fn about_ui(ui: &mut Ui, view: &View, found: &Searched, wishes: &mut Wishes) {
    let library = view.document.open_library(found.library).map_or("a closed library", |o| &o.library.name);
    let mut text = format!("{} in {library}", found.name);
    if let Ok(ranking) = &found.result {
        text =
            format!("{text}, {}, {} compared", metric_name(ranking.metric).to_lowercase(), ranking.compared);
        if ranking.left_out > 0 {
            text = format!("{text}, {} share too little range", ranking.left_out);
        }
    }
    hint(ui, text);
    let why = if view.session.active() != Some(found.subject) {
        "These hits belong to another spectrum than the active one."
    } else if found.library != view.document.library {
        "These hits are from another library than the one in use."
    } else {
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(format!("⚠ {why}")).color(view.theme.warning));
        if ui.button("Search again").clicked() {
            wishes.act(Action::SearchLibrary);
        }
    });
}

#[expect(clippy::too_many_arguments, reason = "all parts of one list")]
fn list_ui(
    ui: &mut Ui,
    view: &View,
    found: &Searched,
    ranking: &Ranking,
    marked: &mut Option<Marked>,
    came: bool,
    height: f32,
    wishes: &mut Wishes,
) {
    let library = view.document.open_library(found.library).map(|open| &open.library);
    let entry = |hit: &Hit| library.and_then(|library| library.get(hit.entry));
    let mark = |hit: &Hit| Marked { library: found.library, entry: hit.entry };
    let id = |rank: usize| Id::unique(("hit", rank));
    let focused = (0..ranking.hits.len()).find(|rank| ui.memory(|m| m.has_focus(id(*rank))));
    let mut go_to = None;
    if let Some(rank) = focused {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(id(rank), filter));
        let key = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let here = ranking.hits.get(rank).is_some_and(|hit| *marked == Some(mark(hit)));
        if key(Key::ArrowDown) {
            go_to = Some(if here { (rank + 1).min(ranking.hits.len() - 1) } else { rank });
        } else if key(Key::ArrowUp) {
            go_to = Some(rank.saturating_sub(1));
        }
    } else if came && ui.memory(|m| m.focused().is_none()) {
        ui.memory_mut(|m| m.request_focus(id(0)));
    }
    if let Some(rank) = go_to
        && let Some(hit) = ranking.hits.get(rank)
    {
        ui.memory_mut(|m| m.request_focus(id(rank)));
        *marked = Some(mark(hit));
        if let Some(entry) = entry(hit) {
            wishes.push(overlay(entry, false));
        }
    }
    let area = ScrollArea::vertical().id_salt("hits").auto_shrink(false).max_height(height);
    area.show(ui, |ui| {
        for (rank, hit) in ranking.hits.iter().enumerate() {
            let this = mark(hit);
            let entry = entry(hit);
            let response = row_ui(ui, view.theme, id(rank), rank, hit, entry, *marked == Some(this));
            if go_to == Some(rank) {
                response.scroll_to_me(None);
            }
            let Some(entry) = entry else {
                response.on_hover_text("This entry is not open any more.");
                continue;
            };
            if entry_line(ui, &response, view.theme, found.library, entry, wishes) {
                *marked = Some(this);
                ui.memory_mut(|m| m.request_focus(id(rank)));
            }
        }
    });
}

fn row_ui(
    ui: &mut Ui,
    theme: &Theme,
    id: Id,
    rank: usize,
    hit: &Hit,
    entry: Option<&Entry>,
    marked: bool,
) -> Response {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW - ui.spacing().item_spacing.y));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let label = format!("{}. {}, score {:.3}", rank + 1, hit.name, hit.score);
    response.widget_info(|| WidgetInfo::selected(Role::Button, entry.is_some(), marked, &label));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = if marked {
        theme.selected
    } else if response.hovered() {
        theme.line.gamma_multiply(0.5)
    } else {
        eframe::egui::Color32::TRANSPARENT
    };
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 4.0, fill);
    if response.has_focus() {
        let stroke = eframe::egui::Stroke::new(1.0, theme.accent);
        painter.rect_stroke(rect.shrink(0.5), 4.0, stroke, eframe::egui::StrokeKind::Inside);
    }
    let (top, low) = (rect.top() + 10.0, rect.bottom() - 9.0);
    let (left, right) = (rect.left() + 30.0, rect.right() - 8.0 - BAR);
    let plain = FontId::proportional(13.0);
    let small = FontId::proportional(11.0);
    painter.text(
        pos2(rect.left() + 23.0, top),
        Align2::RIGHT_CENTER,
        (rank + 1).to_string(),
        plain.clone(),
        theme.weak,
    );
    let text = |x: f32, y: f32, width: f32, text: &str, font: &FontId, colour| {
        let mut job = LayoutJob::simple_singleline(text.to_owned(), font.clone(), colour);
        job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width);
        let galley = painter.layout_job(job);
        painter.galley(pos2(x, y - 0.5 * galley.size().y), galley, colour);
    };
    let bold = FontId::new(13.0, FontFamily::Name(BOLD.into()));
    text(left, top, right - left - 6.0, &hit.name, &bold, theme.text);
    let formula = entry.map(|e| plain_formula(&e.facts.formula)).unwrap_or_default();
    let (remark, colour) = remark(hit, theme);
    let between = if formula.is_empty() || remark.is_empty() { "" } else { " · " };
    text(left, low, rect.right() - left - 6.0, &format!("{formula}{between}{remark}"), &small, colour);
    // The score with its bar.
    let bar = Rect::from_min_size(pos2(right, top + 7.5), vec2(BAR, 3.0));
    let score = format!("{:.3}", hit.score);
    painter.text(pos2(bar.right(), top), Align2::RIGHT_CENTER, score, plain, theme.text);
    painter.rect_filled(bar, 1.5, theme.line);
    let part = vec2(BAR * hit.score.clamp(0.0, 1.0) as f32, bar.height());
    painter.rect_filled(Rect::from_min_size(bar.min, part), 1.5, theme.accent);
    response
}

/// What else is worth knowing about a hit, and how urgent it is.
fn remark(hit: &Hit, theme: &Theme) -> (String, eframe::egui::Color32) {
    if !hit.enough_overlap {
        return (format!("⚠ only {} of the range compared", percent(hit.overlap)), theme.warning);
    }
    let mut parts = Vec::new();
    if let Some(margin) = hit.margin {
        parts.push(format!("{margin:.3} ahead of the next"));
    }
    if !hit.folded.is_empty() {
        let names: Vec<&str> = hit.folded.iter().map(|f| &*f.species).collect();
        parts.push(format!("same curve as {}", names.join(", ")));
    }
    (parts.join(" · "), theme.weak)
}
