//! The training that runs, and the one that ended last.

use eframe::egui::{Grid, ProgressBar, RichText, Ui};

use super::losses::losses_ui;
use crate::app::view::View;
use crate::app::widgets::{hint, section};
use crate::app::wish::{Wish, Wishes};
use crate::app::work::{Ended, Now};
use crate::jobs::{Failure, TrainCourse, TrainStage};
use crate::nets::CardPanelScores;

/// F1 below which the user is told what may be the matter.
const POOR: f64 = 0.9;

/// Draws a training that runs.
pub fn now_ui(ui: &mut Ui, view: &View, now: &Now, wishes: &mut Wishes) {
    section(ui, &format!("Training {}", now.name));
    ui.horizontal(|ui| {
        let bar = ProgressBar::new(now.course.fraction().unwrap_or(0.0)).desired_width(220.0);
        let bar = if now.course.fraction().is_none() { bar.animate(true) } else { bar };
        ui.scope(|ui| {
            ui.visuals_mut().extreme_bg_color = view.theme.line;
            ui.add(bar);
        });
        if ui
            .button("Cancel")
            .on_hover_text("Stop; what was reached is kept, to go on with or to use")
            .clicked()
        {
            wishes.push(Wish::Cancel(now.job));
        }
        ui.label(words(&now.course));
    });
    figures_ui(ui, &now.course);
    losses_ui(ui, view.theme, now.name, &now.course);
}

/// Draws a training that ended.
pub fn ended_ui(ui: &mut Ui, view: &View, ended: &Ended) {
    match &ended.result {
        Ok(model) => {
            section(ui, &format!("{} is trained", ended.name));
            let card = &model.card;
            let minutes = card.panel.as_ref().and_then(|p| p.curve.last()).map_or(0.0, |step| step.minutes);
            let mut line = format!("{} mixtures in {minutes:.1} min", card.training.samples);
            if let Some(why) = &ended.course.ended {
                line.push_str(&format!("; ended early: {why}"));
            }
            ui.label(line);
            if let Some(panel) = &card.panel {
                scores_ui(ui, &panel.scores);
            }
        }
        Err(Failure::Cancelled) => {
            section(ui, &format!("{} was stopped", ended.name));
            ui.label("What was reached is kept: go on, or use it as it is, below.");
        }
        Err(failure) => {
            section(ui, &format!("{} was not trained", ended.name));
            ui.label(RichText::new(failure.to_string()).color(view.theme.error));
        }
    }
    figures_ui(ui, &ended.course);
    if !ended.course.points.is_empty() {
        losses_ui(ui, view.theme, &ended.name, &ended.course);
    }
}

/// What it does, and how long still.
fn words(course: &TrainCourse) -> String {
    match course.stage {
        TrainStage::Preparing => "preparing the spectra".to_owned(),
        TrainStage::Training => match course.left_s {
            Some(left) => format!("about {} left", time(left)),
            None => "training".to_owned(),
        },
        TrainStage::Finishing => "calibrating and scoring, less than a minute as a rule".to_owned(),
    }
}

fn figures_ui(ui: &mut Ui, course: &TrainCourse) {
    if course.samples == 0 {
        return;
    }
    let mut parts = vec![format!("{} of {} mixtures seen", course.samples, course.all)];
    parts.extend(
        course.speed.filter(|_| course.stage == TrainStage::Training).map(|v| format!("{v:.0} a second")),
    );
    parts.extend(course.best().map(|best| format!("best validation loss {best:.3}")));
    hint(ui, parts.join(" · "));
}

/// `40 s`, `3 min`.
fn time(seconds: f64) -> String {
    if seconds < 90.0 { format!("{:.0} s", seconds.max(1.0)) } else { format!("{:.0} min", seconds / 60.0) }
}

/// What a model is worth on mixtures that it has not seen.
fn scores_ui(ui: &mut Ui, scores: &CardPanelScores) {
    let mut rows = vec![
        ("F1 of the substances named", format!("{:.3}", scores.f1), "1 when all are named and none besides"),
        (
            "Precision, recall",
            format!("{:.3}, {:.3}", scores.precision, scores.recall),
            "Part of the named that is there; part of what is there that is named",
        ),
        ("Mixtures with every name right", format!("{:.1} %", scores.exact_percent), ""),
    ];
    rows.extend(scores.dosage_mae.map(|v| {
        let what = "A dosage is the height of a substance relative to the strongest one, 0 to 1";
        ("Mean absolute error of a dosage", format!("{v:.3}"), what)
    }));
    rows.extend(
        scores.interval_percent.map(|v| ("Dosages inside their 90 % interval", format!("{v:.1} %"), "")),
    );
    let flags = format!("{:.1} %, {:.1} %", scores.flagged_percent, scores.false_flags_percent);
    let what = "How often it says so where a strange substance makes 30 % of the mixture, which should be often, and where there is none, which should be seldom";
    rows.push(("Something else flagged at 30 %, and without any", flags, what));
    Grid::new("scores").num_columns(2).spacing([18.0, 2.0]).show(ui, |ui| {
        for (name, value, what) in rows {
            let name = ui.label(name);
            if !what.is_empty() {
                name.on_hover_text(what);
            }
            ui.label(value);
            ui.end_row();
        }
    });
    if scores.f1 < POOR {
        hint(
            ui,
            "F1 below 0.9: some substances look alike, or their pure spectra are noisy. Measure longer, or leave one of two twins out.",
        );
    }
    hint(
        ui,
        format!(
            "On {} simulated mixtures that were used neither for its training nor for its thresholds.",
            scores.mixtures
        ),
    );
}
