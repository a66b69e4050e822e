//! Notices over the lower right corner of the middle, clear of the tools' buttons: they stay until they are read.

use eframe::egui::{self, Align2, Area, Frame, Id, Margin, Order, Rect, ScrollArea, Stroke, Ui};

use crate::app::notices::Level;
use crate::app::view::View;
use crate::app::widgets::sign_button;
use crate::app::wish::{Wish, Wishes};

/// Notices shown at once; the others wait in the log.
const SHOWN: usize = 4;
/// Between the notices and the edges of the middle.
const EDGE: f32 = 10.0;
/// Widest notice without its frame.
const WIDTH: f32 = 406.0;

/// Draws the open notices into a corner of `middle`.
pub fn notices_ui(ui: &Ui, view: &View, middle: Rect, wishes: &mut Wishes) {
    let open = view.notices.open();
    if open.is_empty() {
        return;
    }
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(middle.right_bottom() - egui::vec2(EDGE, EDGE))
        .show(ui.ctx(), |ui| {
            let width = WIDTH.min(middle.width() - 2.0 * EDGE - 18.0).max(120.0);
            ui.set_max_width(width + 24.0);
            for notice in open.iter().rev().take(SHOWN).rev() {
                let (sign, colour) = match notice.level {
                    Level::Error => ("✗", view.theme.error),
                    Level::Warning => ("⚠", view.theme.warning),
                    Level::Good | Level::Info => ("✓", view.theme.good),
                };
                let frame =
                    Frame::popup(ui.style()).inner_margin(Margin::same(8)).stroke(Stroke::new(1.0, colour));
                frame.show(ui, |ui| {
                    ui.set_width(width);
                    ui.horizontal_top(|ui| {
                        ui.colored_label(colour, sign);
                        ui.vertical(|ui| {
                            ui.set_width(ui.available_width() - 26.0);
                            ui.add(egui::Label::new(&notice.text).wrap());
                            if notice.level == Level::Good {
                                return;
                            }
                            if !notice.details.is_empty() {
                                ScrollArea::vertical().id_salt(("notice", notice.id)).max_height(70.0).show(
                                    ui,
                                    |ui| {
                                        for line in notice.details.iter().take(50) {
                                            crate::app::widgets::hint(ui, line);
                                        }
                                    },
                                );
                            }
                            if ui.button("Copy details").clicked() {
                                wishes.push(Wish::Copy(notice.whole()));
                            }
                        });
                        if sign_button(ui, "×", "Close notice").clicked() {
                            wishes.push(Wish::Dismiss(notice.id));
                        }
                    });
                });
            }
            if open.len() > SHOWN {
                ui.label(format!("{} more in the log", open.len() - SHOWN));
            }
        });
}
