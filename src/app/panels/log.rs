//! What happened in this session, newest last.

use std::time::UNIX_EPOCH;

use eframe::egui::{self, RichText, ScrollArea, Ui};

use crate::app::notices::Level;
use crate::app::view::View;
use crate::app::widgets::bold;
use crate::app::wish::{Wish, Wishes};

/// Draws the log.
pub fn log_ui(ui: &mut Ui, view: &View, wishes: &mut Wishes) {
    let log = view.notices.log();
    ui.horizontal(|ui| {
        ui.label(bold("Log"));
        if ui.button("Copy").on_hover_text("Copy the whole log").clicked() {
            let text: Vec<String> =
                view.notices.log().map(|n| format!("{} {}", clock(n.when), n.whole())).collect();
            wishes.push(Wish::Copy(text.join("\n")));
        }
    });
    let height = ui.text_style_height(&egui::TextStyle::Body);
    let entries: Vec<_> = log.collect();
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show_rows(
        ui,
        height,
        entries.len(),
        |ui, range| {
            for notice in &entries[range] {
                let colour = match notice.level {
                    Level::Error => view.theme.error,
                    Level::Warning => view.theme.warning,
                    Level::Good => view.theme.good,
                    Level::Info => view.theme.text,
                };
                let more = match notice.details.len() {
                    0 => String::new(),
                    n => format!(" ({n} details)"),
                };
                let text =
                    RichText::new(format!("{}  {}{more}", clock(notice.when), notice.text)).color(colour);
                let label = ui.add(egui::Label::new(text).truncate());
                if !notice.details.is_empty() {
                    label.on_hover_text(
                        notice.details.iter().take(20).cloned().collect::<Vec<_>>().join("\n"),
                    );
                }
            }
        },
    );
}

/// Time of day, UTC.
fn clock(when: std::time::SystemTime) -> String {
    let seconds = when.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() % 86_400;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
