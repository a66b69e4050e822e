//! Does what menu entries, buttons and shortcuts stand for.

use eframe::egui;

use crate::library::Facts;
use crate::session::{Command, ItemId, Subject};

use super::actions::{Action, ActionInfo, Needs};
use super::app::{App, preference};
use super::dialogs::{Dialog, Then};
use super::export::What;
use super::panels::palette::open_palette;
use super::plot::{Ruler, Stacking, ViewNorm, ViewUnit};
use super::screen::{Look, Side, Tab};
use super::view::View;
use super::work::Choice;

/// Steps of text size.
const ZOOM: f32 = 1.1;

impl View<'_> {
    /// Whether an action makes sense now.
    pub fn enabled(&self, info: &ActionInfo) -> bool {
        match info.needs {
            Needs::Nothing => true,
            Needs::Spectra => !self.document.items.is_empty(),
            Needs::Selection => self.session.active().is_some(),
            Needs::Comparison => {
                self.session.active().is_some_and(|s| self.document.comparison_of(s).is_some())
            }
            Needs::Answers => {
                let active = self.session.active();
                active.is_some_and(|s| self.document.comparison_of(s).is_some() || self.work.cars.answered(s))
            }
            Needs::Table => !self.document.batches.is_empty(),
            Needs::Recovered => self.session.active().is_some_and(|s| self.work.cars.answered(s)),
            Needs::Undo => self.session.undo_label().is_some(),
            Needs::Redo => self.session.redo_label().is_some(),
            Needs::Job => self.work.busy(),
        }
    }
}

impl App {
    /// Does what a menu entry, button or shortcut stands for.
    pub(super) fn act(&mut self, action: Action, ctx: &egui::Context) {
        if let Some(tab) = action.tab() {
            self.screen.tab = tab;
            return;
        }
        if let Some(side) = action.side() {
            self.screen.side = side;
            self.screen.tools_hidden = false;
            return;
        }
        let selection = self.session.selection().to_vec();
        let active = self.session.active();
        match action {
            Action::Open => self.choose(Choice::Files),
            Action::OpenFolder => self.choose(Choice::Folder),
            Action::OpenLibrary => self.choose(Choice::Library),
            Action::OpenPath => self.dialog = Some(Dialog::Path { typed: String::new(), library: false }),
            Action::OpenSamples => self.load_samples(None),
            Action::NewSession => self.leave(Then::New, ctx),
            Action::Quit => self.leave(Then::Quit, ctx),
            Action::SaveSession => self.save_session(None),
            Action::SaveSessionAs => self.choose(Choice::SaveSession(None)),
            Action::ExportComponents => {
                let compared = active.is_some_and(|s| self.session.document().comparison_of(s).is_some());
                let recovered = self.screen.tab == Tab::Cars || !compared;
                self.ask_export(if recovered { What::Recovered } else { What::Components });
            }
            Action::ExportCurves => self.ask_export(What::Curves),
            Action::ExportSpectrum => self.ask_export(What::Spectra),
            Action::ExportTable => self.ask_export(What::Table),
            Action::ExportBatch => self.ask_export(What::Batch),
            Action::ExportFigure => self.ask_export(What::Figure),
            Action::ExportReport => self.ask_export(What::Report),
            Action::Undo => {
                if let Some(label) = self.session.undo() {
                    self.notices.info(format!("Undone, {label}"));
                }
            }
            Action::Redo => {
                if let Some(label) = self.session.redo() {
                    self.notices.info(format!("Done again, {label}"));
                }
            }
            Action::SelectAll => {
                let all: Vec<_> = self.session.document().items.iter().map(|item| item.id).collect();
                self.session.select(&all);
            }
            Action::Next => self.step_through(1),
            Action::Previous => self.step_through(-1),
            Action::Remove => self.end(&Command::Remove(selection)),
            Action::Show => {
                let document = self.session.document();
                let hidden = selection.iter().any(|id| document.item(*id).is_some_and(|item| !item.visible));
                self.end(&Command::Show(selection, hidden));
            }
            Action::ShowOnly => self.end(&Command::ShowOnly(selection)),
            Action::ShowAll => {
                let all = self.session.document().items.iter().map(|item| item.id).collect();
                self.end(&Command::Show(all, true));
            }
            Action::Group => self.dialog = Some(Dialog::Group { ids: selection, typed: String::new() }),
            Action::Rename | Action::Truths | Action::AddToMine => self.ask_about(action, active),
            Action::Compare
            | Action::CompareMany
            | Action::SearchLibrary
            | Action::RecoverCars
            | Action::KeepRecovered
            | Action::TrainModel => self.analyse(action, active, &selection),
            Action::CancelJobs => self.jobs.cancel_all(),
            Action::Palette => self.dialog = Some(open_palette()),
            Action::Help => self.dialog = Some(Dialog::Help { typed: String::new() }),
            Action::About => self.dialog = Some(Dialog::About),
            Action::Notices => ctx.copy_text(self.notices.text()),
            _ => self.look(action, ctx),
        }
    }

    /// What methods and libraries are asked.
    fn analyse(&mut self, action: Action, active: Option<Subject>, selection: &[ItemId]) {
        match action {
            Action::Compare => {
                if let Some(subject) = active {
                    let ask = self
                        .screen
                        .methods
                        .ask(self.session.document().library, &self.work.train.shelf.models);
                    self.compare(subject, ask);
                }
            }
            Action::CompareMany => {
                let ask =
                    self.screen.methods.ask(self.session.document().library, &self.work.train.shelf.models);
                let subjects = self.many_subjects();
                self.compare_many(subjects, ask);
            }
            Action::SearchLibrary => {
                self.screen.side = Side::Library;
                self.screen.tools_hidden = false;
                if let Some(subject) = active {
                    let options = self.panels.library.options.clone();
                    self.search(subject, options);
                }
            }
            Action::RecoverCars => {
                if let Some(subject) = active {
                    self.recover_cars(subject);
                }
            }
            Action::KeepRecovered => {
                if let Some(subject) = active {
                    self.keep_recovered(subject, None);
                }
            }
            Action::TrainModel => {
                self.screen.tab = Tab::Train;
                self.panels.train.take(self.session.document(), selection);
            }
            _ => {}
        }
    }

    /// How things are shown.
    fn look(&mut self, action: Action, ctx: &egui::Context) {
        let plot = &mut self.screen.plot;
        match action {
            Action::ResetView => self.panels.spectra.reset = true,
            Action::Normalise => {
                plot.normalise = match plot.normalise {
                    ViewNorm::None => ViewNorm::Max,
                    _ => ViewNorm::None,
                };
            }
            Action::Stack => {
                plot.stacking = match plot.stacking {
                    Stacking::Overlay => Stacking::Offset { spacing: 0.6 },
                    Stacking::Offset { .. } => Stacking::Waterfall { spacing: 0.15, slant: 0.02 },
                    Stacking::Waterfall { .. } => Stacking::Overlay,
                };
            }
            Action::Reverse => plot.reversed = !plot.reversed,
            Action::Unit => {
                plot.unit = match plot.unit {
                    ViewUnit::AsMeasured => ViewUnit::Shift { laser_nm: None },
                    ViewUnit::Shift { laser_nm } => ViewUnit::Wavelength { laser_nm },
                    ViewUnit::Wavelength { .. } => ViewUnit::AsMeasured,
                };
            }
            Action::Crosshair => plot.crosshair = !plot.crosshair,
            Action::Bands => plot.bands = plot.bands.turned(),
            Action::Peaks => plot.peaks.shown = !plot.peaks.shown,
            Action::Ruler => {
                plot.ruler = match plot.ruler {
                    Ruler::Off => Ruler::Ready,
                    _ => Ruler::Off,
                };
            }
            Action::ToggleTools => self.screen.tools_hidden = !self.screen.tools_hidden,
            Action::ToggleList => self.screen.list_hidden = !self.screen.list_hidden,
            Action::ToggleLog => self.screen.log_open = !self.screen.log_open,
            Action::ToggleTheme => {
                self.screen.look = if self.panels.dark { Look::Light } else { Look::Dark };
                ctx.set_theme(preference(self.screen.look));
            }
            Action::ZoomIn => ctx.set_zoom_factor((ctx.zoom_factor() * ZOOM).min(3.0)),
            Action::ZoomOut => ctx.set_zoom_factor((ctx.zoom_factor() / ZOOM).max(0.6)),
            _ => {}
        }
        if matches!(
            action,
            Action::Normalise
                | Action::Stack
                | Action::Reverse
                | Action::Unit
                | Action::Peaks
                | Action::Ruler
        ) {
            self.screen.tab = Tab::Spectra;
        }
    }

    fn step_through(&mut self, by: i64) {
        let items = &self.session.document().items;
        let Some(active) = self.session.active() else { return };
        let Some(at) = items.iter().position(|item| item.id == active.item) else { return };
        let next = (at as i64 + by).clamp(0, items.len() as i64 - 1) as usize;
        let id = items[next].id;
        self.session.select(&[id]);
        self.session.activate(Subject { item: id, row: None });
    }

    /// Every selected spectrum; a map that is selected alone stands for all its rows.
    fn many_subjects(&self) -> Vec<Subject> {
        let document = self.session.document();
        let mut subjects = Vec::new();
        for id in self.session.selection() {
            let Some(item) = document.item(*id) else { continue };
            if item.is_set() {
                subjects.extend((0..item.raw.len()).map(|row| Subject { item: *id, row: Some(row) }));
            } else {
                subjects.push(Subject { item: *id, row: None });
            }
        }
        subjects
    }

    fn ask_about(&mut self, action: Action, active: Option<Subject>) {
        let document = self.session.document();
        let Some(item) = active.and_then(|subject| document.item(subject.item)) else { return };
        let id = item.id;
        self.dialog = Some(match action {
            Action::Rename => Dialog::Rename { id, typed: item.name.clone() },
            Action::Truths => Dialog::Truths { id, marked: item.truths.clone(), typed: String::new() },
            _ => Dialog::AddToMine { id, facts: Facts::named(item.name.clone()) },
        });
    }
}
