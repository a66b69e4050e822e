//! The line at the bottom: what the program runs on, what is running, what waits to be read.

use eframe::egui::{self, ProgressBar, Ui};

use crate::app::actions::Action;
use crate::app::notices::Level;
use crate::app::screen::Screen;
use crate::app::view::View;
use crate::app::widgets::{one_line, sign_button, weak};
use crate::app::wish::{Wish, Wishes};
use crate::jobs::Run;

/// Jobs that are shown one by one.
const SHOWN: usize = 2;

/// Draws the status bar.
pub fn status_ui(ui: &mut Ui, view: &View, screen: &Screen, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        one_line(ui, &view.work.device.words).on_hover_text("What methods run on");
        ui.separator();
        let jobs = &view.work.listed;
        for job in jobs.iter().take(SHOWN) {
            let (fraction, words) = match &job.run {
                _ if job.cancelled => (None, "stopping"),
                Run::Running { fraction, words, .. } => (*fraction, words.as_str()),
                Run::Queued | Run::Ended => (Some(0.0), "waiting"),
            };
            let text = if words.is_empty() { job.title.clone() } else { format!("{}, {words}", job.title) };
            let bar = ProgressBar::new(fraction.unwrap_or(0.0)).desired_width(110.0).desired_height(12.0);
            let bar = if fraction.is_none() { bar.animate(true) } else { bar };
            ui.add(bar).on_hover_text(&text);
            ui.allocate_ui(egui::vec2(240.0_f32.min(ui.available_width() * 0.4), 18.0), |ui| {
                one_line(ui, &text)
            });
            if sign_button(ui, "×", &format!("Cancel {}", job.title)).clicked() {
                wishes.push(Wish::Cancel(job.id));
            }
        }
        if jobs.len() > SHOWN {
            weak(ui, format!("and {} more", jobs.len() - SHOWN));
            if ui.button("Cancel all").clicked() {
                wishes.act(Action::CancelJobs);
            }
        }
        if jobs.is_empty() {
            weak(
                ui,
                if view.document.items.is_empty() { "Drop files into the window to begin" } else { "Ready" },
            );
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .selectable_label(screen.log_open, "Log")
                .on_hover_text(Action::ToggleLog.info().what)
                .clicked()
            {
                wishes.act(Action::ToggleLog);
            }
            let unread = view.notices.open().iter().filter(|n| n.level != Level::Good).count();
            if unread > 0 {
                let text = if unread == 1 { "1 notice".to_owned() } else { format!("{unread} notices") };
                ui.colored_label(view.theme.warning, format!("⚠ {text}"));
            }
            ui.separator();
            let name =
                view.session.path().and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
            let saved = if view.session.unsaved() { "unsaved changes" } else { "saved" };
            if !view.document.items.is_empty() {
                weak(ui, format!("{}, {saved}", name.as_deref().unwrap_or("Session without a file")));
            }
        });
    });
}
