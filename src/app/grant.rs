//! Fulfils what panels asked for: the one place where wishes change anything.

use std::path::PathBuf;

use eframe::egui;

use crate::session::{Command, Made, Session};
use crate::spectrum::Spectrum;

use super::app::App;
use super::dialogs::{Dialog, Then};
use super::screen::Tab;
use super::start::drops_arrive;
use super::wish::Wish;
use super::work::{Choice, Folders, is_session_path};

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

    /// Closes the session for something else; unsaved work is asked about.
    pub(super) fn leave(&mut self, then: Then, ctx: &egui::Context) {
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
