//! Fulfils what panels asked for: the one place where wishes change anything.

use std::path::PathBuf;

use eframe::egui;

use crate::library::Facts;
use crate::session::{Command, ItemId, Made, Session, Subject};
use crate::spectrum::Spectrum;

use super::actions::{Action, ActionInfo, Needs};
use super::app::{App, preference};
use super::dialogs::{Dialog, Then};
use super::export::What;
use super::panels::palette::open_palette;
use super::plot::{Ruler, Stacking, ViewNorm, ViewUnit};
use super::screen::{Look, Side, Tab};
use super::start::drops_arrive;
use super::view::View;
use super::wish::Wish;
use super::work::{Choice, Folders, is_session_path};

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
    /// What is done once, when the window opens.
    pub(super) fn begin(&mut self, files: Vec<PathBuf>, folders: Option<Folders>) {
        if !drops_arrive() {
            self.notices.warning(
                "Files cannot be dropped into this window: this desktop speaks Wayland only. Use Open or type a path; with Xwayland installed drops work",
                Vec::new(),
            );
        }
        self.start_keeping(folders);
        self.look_for_models(None);
        let (sessions, files): (Vec<PathBuf>, Vec<PathBuf>) =
            files.into_iter().partition(|path| is_session_path(path));
        if let Some(session) = sessions.into_iter().next() {
            self.read_session(session);
        }
        self.load(files);
    }

    /// Takes in what jobs have finished.
    pub(super) fn take_results(&mut self, ctx: &egui::Context) {
        if self.take_loads() {
            ctx.request_repaint();
        }
        self.take_device();
        self.take_libraries();
        self.take_choice();
        self.take_search();
        self.take_comparisons();
        self.take_many();
        self.take_exports();
        self.take_findings();
        self.take_maps();
        self.take_cars();
        self.take_training();
        self.keep(ctx);
    }

    /// Opens files; a session takes the place of the one that is open.
    fn open(&mut self, paths: Vec<PathBuf>, ctx: &egui::Context) {
        let (sessions, files): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().partition(|path| is_session_path(path));
        match sessions.as_slice() {
            [] => self.load(files),
            [one] if files.is_empty() => self.open_session(one.clone(), ctx),
            _ => self.notices.error(
                "A session is opened alone: it takes the place of the one that is open. Drop it by itself",
            ),
        }
    }

    /// Changes the document and says so; a refusal is a notice.
    pub(super) fn command(&mut self, command: &Command) -> Option<Made> {
        match self.session.apply(command) {
            Ok(made) => Some(made),
            Err(error) => {
                self.notices.error(error.to_string());
                None
            }
        }
    }

    /// Fulfils wishes in their order.
    pub(super) fn grant(&mut self, wishes: Vec<Wish>, ctx: &egui::Context) {
        for wish in wishes {
            match wish {
                Wish::Do(command) => {
                    self.command(&command);
                }
                Wish::EndGesture => self.session.end_gesture(),
                Wish::Act(action) => self.act(action, ctx),
                Wish::Select(ids) => self.session.select(&ids),
                Wish::Activate(subject) => self.session.activate(subject),
                Wish::Open(paths) => self.open(paths, ctx),
                Wish::OpenSample(name) => self.load_samples(name),
                Wish::OpenLibrary(path) => self.load_library(path),
                Wish::Compare(subject, ask) => self.compare(subject, ask),
                Wish::CancelMany(id) => self.work.cancel_many(id),
                Wish::ContinueMany(id) => self.continue_many(id),
                Wish::RepeatMany(id) => self.repeat_many(id),
                Wish::RecoverCars(subject) => self.recover_cars(subject),
                Wish::KeepRecovered(subject, method) => self.keep_recovered(subject, Some(&method)),
                Wish::Train(order) => self.train_model(&order),
                Wish::GoOnTraining(folder, as_it_is) => self.go_on_training(&folder, as_it_is),
                Wish::RemoveModel(folder) => self.look_for_models(Some(folder)),
                Wish::Image(key) => self.want_image(key),
                Wish::Export(form) => self.export(*form),
                Wish::ChoosePlace { folder, now } => self.choose(Choice::Place { folder, now }),
                Wish::Overlay { name, spectrum, stays } => self.overlay(&name, spectrum, stays),
                Wish::Cancel(id) => self.jobs.cancel(id),
                Wish::Save(then) => self.save_session(then),
                Wish::SaveAs(path, then) => self.save_session_as(path, then),
                Wish::Leave(then) => self.left(then, ctx),
                Wish::Recover(number) => self.recover(number),
                Wish::ForgetRecoverable(number) => self.forget_recoverable(number),
                Wish::Copy(text) => ctx.copy_text(text),
                Wish::Dismiss(id) => self.notices.dismiss(id),
                Wish::Tab(tab) => self.screen.tab = tab,
                Wish::Ask(dialog) => self.dialog = Some(dialog),
                Wish::CloseDialog => self.dialog = None,
            }
        }
    }

    /// Does what a menu entry, button or shortcut stands for.
    fn act(&mut self, action: Action, ctx: &egui::Context) {
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

    /// Lays a reference over the main plot and shows that.
    fn overlay(&mut self, name: &str, spectrum: Spectrum, stays: bool) {
        match self.panels.spectra.references.lay(name, spectrum, stays) {
            Ok(()) => self.screen.tab = Tab::Spectra,
            Err(error) => self
                .notices
                .error(format!("{name} cannot be drawn over the axis of the active spectrum: {error}")),
        }
    }

    /// A change that is a step of undo of its own.
    pub(super) fn end(&mut self, command: &Command) {
        self.command(command);
        self.session.end_gesture();
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

    /// Closes the session for something else; unsaved work is asked about.
    fn leave(&mut self, then: Then, ctx: &egui::Context) {
        if self.session.unsaved() && !self.session.document().items.is_empty() {
            self.dialog = Some(Dialog::Unsaved { then });
        } else {
            self.left(then, ctx);
        }
    }

    /// Nothing is lost any more.
    pub(super) fn left(&mut self, then: Then, ctx: &egui::Context) {
        self.settle();
        match then {
            Then::Quit => {
                self.jobs.cancel_all();
                self.may_close = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            Then::New => {
                self.forget_work();
                let mine = self.session.document().open_library(crate::session::LibraryId::MINE).cloned();
                self.session = Session::new();
                self.panels.spectra.references.clear();
                if let Some(mine) = mine {
                    self.session.set_mine(mine.library);
                }
            }
            Then::Open(path) => self.read_session(path),
        }
    }

    /// Another document is coming: what runs for this one is of no use.
    pub(super) fn forget_work(&mut self) {
        self.work.forget();
        self.derived = super::derived::Derived::default();
        self.panels = super::panels::States { dark: self.panels.dark, ..Default::default() };
    }
}
