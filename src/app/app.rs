//! The window's state and the order in which a frame is drawn.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use eframe::egui::{self, CentralPanel, Frame, KeyboardShortcut, Margin, Panel, Ui};

use crate::jobs::Jobs;
use crate::session::Session;

use super::actions::{ACTIONS, Action, ActionInfo};
use super::derived::Derived;
use super::dialogs::Dialog;
use super::notices::Notices;
use super::panels::{self, bar, details, list, log, methods, spectra, status, welcome};
use super::screen::{Look, Screen, Side, Tab};
use super::theme::{self, Theme, size};
use super::view::View;
use super::wish::{Wish, Wishes};
use super::work::{Folders, Work};

/// Where the look of the window is kept.
const SCREEN_KEY: &str = "screen";

/// How the window is started.
#[derive(Debug, Default)]
pub struct Options {
    /// Files to open at once.
    pub files: Vec<PathBuf>,
    /// The look of the last run.
    pub screen: Option<String>,
    /// Where autosaves, recent files and the user's own library are kept; nowhere when `None`.
    pub folders: Option<Folders>,
    /// Whether a GPU is looked for at once, so that the first network need not wait for it.
    pub prepare_device: bool,
}

impl Options {
    /// As a user starts it.
    pub fn desktop(storage: Option<&dyn eframe::Storage>) -> Self {
        Self {
            files: Vec::new(),
            screen: storage.and_then(|s| s.get_string(SCREEN_KEY)),
            folders: Folders::of_the_user(),
            prepare_device: true,
        }
    }
}

/// The window.
pub struct App {
    pub(super) session: Session,
    pub(super) jobs: Jobs,
    pub(super) derived: Derived,
    pub(super) work: Work,
    pub(super) notices: Notices,
    pub(super) screen: Screen,
    pub(super) dialog: Option<Dialog>,
    pub(super) panels: panels::States,
    pub(super) recent: Vec<PathBuf>,
    pub(super) wishes: Wishes,
    /// The window may close: everything is safe or given up.
    pub(super) may_close: bool,
    /// Title of the window.
    title: String,
}

impl App {
    /// Sets fonts and colours and opens the files given.
    pub fn new(
        ctx: &egui::Context,
        options: Options,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        theme::install(ctx);
        let screen: Screen =
            options.screen.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        ctx.set_theme(preference(screen.look));
        let waker = ctx.clone();
        let jobs = Jobs::new(Arc::new(move || waker.request_repaint()))?;
        let mut app = Self {
            session: Session::new(),
            jobs,
            derived: Derived::default(),
            work: Work::new(),
            notices: Notices::default(),
            screen,
            dialog: None,
            panels: panels::States::default(),
            recent: Vec::new(),
            wishes: Wishes::default(),
            may_close: false,
            title: String::new(),
        };
        app.begin(options.files, options.folders);
        if options.prepare_device {
            app.prepare_device();
        }
        Ok(app)
    }

    /// The open document, for tests.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Open notices as text, for tests.
    pub fn notices_text(&self) -> String {
        self.notices.text()
    }

    /// Whether any job is queued or running.
    pub fn busy(&self) -> bool {
        !self.jobs.list().is_empty()
    }

    /// Names of the commands that the palette finds with these words now, in its order, for tests.
    pub fn commands_found(&self, typed: &str) -> Vec<&'static str> {
        let view = self.view();
        let found = ACTIONS.iter().filter(|info| view.enabled(info) && info.matches(typed));
        found.map(|info| info.name).collect()
    }

    /// Changes the document as a panel would.
    pub fn wish_command(&mut self, command: crate::session::Command) {
        self.wishes.step(command);
    }

    /// Selects a spectrum and puts it in the middle of attention, as a click in the list does.
    pub fn wish_activate(&mut self, subject: crate::session::Subject) {
        self.wishes.push(Wish::Select(vec![subject.item]));
        self.wishes.push(Wish::Activate(subject));
    }

    /// Writes the session into this file, as after its dialog.
    pub fn wish_save(&mut self, path: PathBuf) {
        self.wishes.push(Wish::SaveAs(path, None));
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            session: &self.session,
            document: self.session.document(),
            derived: &self.derived,
            work: &self.work,
            notices: &self.notices,
            recent: &self.recent,
            theme: Theme::get(self.panels.dark),
        }
    }

    /// Takes in what happened since the last frame.
    fn update(&mut self, ctx: &egui::Context) {
        self.panels.dark = ctx.theme() == egui::Theme::Dark;
        self.take_results(ctx);
        self.derived.refresh(&self.session, &self.jobs);
        self.work.list(&self.jobs, ctx);
        if let Some(wait) = self.notices.tidy(SystemTime::now()) {
            ctx.request_repaint_after(wait);
        }
        self.take_drops(ctx);
        self.entitle(ctx);
        if ctx.input(|i| i.viewport().close_requested()) && !self.may_close && self.session.unsaved() {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.wishes.act(Action::Quit);
        }
    }

    /// The name of the session in the title of the window, with a mark while something is unsaved.
    fn entitle(&mut self, ctx: &egui::Context) {
        let name = self.session.path().and_then(|path| path.file_stem()).map(|name| name.to_string_lossy());
        let mark = if self.session.unsaved() { "*" } else { "" };
        let title = match name {
            Some(name) => format!("{name}{mark} - Unravel"),
            None if self.session.document().items.is_empty() => "Unravel".to_owned(),
            None => format!("New session{mark} - Unravel"),
        };
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Files dropped anywhere in the window.
    fn take_drops(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> =
            ctx.input(|i| i.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect());
        if !dropped.is_empty() {
            self.wishes.push(Wish::Open(dropped));
        }
    }

    /// Shortcuts of actions. Keys without Ctrl or Alt belong to the field that has the keyboard.
    fn take_keys(&mut self, ui: &Ui) {
        let typing = ui.ctx().egui_wants_keyboard_input();
        let menu = egui::Popup::is_any_open(ui.ctx());
        // Shift first: to egui Ctrl+Shift+Z is Ctrl+Z as well.
        let shifted = |info: &&ActionInfo| info.shortcut.is_some_and(|keys| keys.modifiers.shift);
        let order = ACTIONS.iter().filter(shifted).chain(ACTIONS.iter().filter(|info| !shifted(info)));
        for info in order {
            let Some(shortcut) = info.shortcut else { continue };
            let bare = !shortcut.modifiers.command && !shortcut.modifiers.alt;
            if bare
                && (typing
                    || self.dialog.is_some()
                    || (ui.memory(|m| m.focused().is_some()) && info.action == Action::Show))
            {
                continue;
            }
            if self.dialog.is_some() && info.action != Action::Palette {
                continue;
            }
            // A text field has these keys for its own text.
            let of_text = matches!(info.action, Action::SelectAll | Action::Undo | Action::Redo);
            // Escape closes an open menu before it stops anything, and bare keys that do nothing now are left to others.
            let enabled = self.view().enabled(info);
            if (bare && (menu || !enabled)) || (of_text && ui.ctx().text_edit_focused()) {
                continue;
            }
            // A slow frame may hold several presses of the same keys: each counts.
            let KeyboardShortcut { modifiers, logical_key } = shortcut;
            let presses = ui.ctx().input_mut(|i| i.count_and_consume_key(modifiers, logical_key));
            if presses > 0 && !enabled {
                if let Some(sentence) = info.needs.sentence() {
                    self.notices.warning(sentence, Vec::new());
                }
            } else {
                (0..presses).for_each(|_| self.wishes.act(info.action));
            }
        }
    }

    fn draw(&mut self, ui: &mut Ui) {
        let theme = Theme::get(self.panels.dark);
        let bar_frame = Frame::new().fill(theme.panel).inner_margin(Margin::symmetric(8, 5));
        let side_frame = Frame::new().fill(theme.panel).inner_margin(Margin::same(8));
        let mut wishes = std::mem::take(&mut self.wishes);
        let mut screen = std::mem::take(&mut self.screen);
        let mut states = std::mem::take(&mut self.panels);
        states.spectra.behind = screen.side == Side::Prepare && states.prepare.behind;
        let view = self.view_with(theme);
        Panel::top("bar").frame(bar_frame).show(ui, |ui| bar::bar_ui(ui, &view, &screen, &mut wishes));
        Panel::bottom("status")
            .frame(bar_frame)
            .show(ui, |ui| status::status_ui(ui, &view, &screen, &mut wishes));
        if screen.log_open {
            Panel::bottom("log").frame(side_frame).resizable(true).default_size(150.0).show(ui, |ui| {
                log::log_ui(ui, &view, &mut wishes);
            });
        }
        if !screen.list_hidden {
            Panel::left("list")
                .frame(side_frame)
                .resizable(true)
                .default_size(size::LIST)
                .min_size(180.0)
                .show(ui, |ui| {
                    list::list_ui(ui, &view, &mut screen.list, &mut wishes);
                });
        }
        if !view.document.items.is_empty() && !screen.tools_hidden {
            Panel::right("tools")
                .frame(side_frame)
                .resizable(true)
                .default_size(size::TOOLS)
                .min_size(270.0)
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        super::widgets::choice(ui, &mut screen.side, &Side::ALL);
                    });
                    ui.separator();
                    match screen.side {
                        Side::Prepare => {
                            panels::prepare::prepare_ui(ui, &view, &mut states.prepare, &mut wishes);
                        }
                        Side::Library => {
                            panels::library::library_ui(ui, &view, &mut states.library, &mut wishes);
                        }
                        Side::Methods => methods::methods_ui(ui, &view, &mut screen.methods, &mut wishes),
                        Side::Details => details::details_ui(ui, &view),
                    }
                });
        }
        let middle = Frame::new().fill(theme.ground).inner_margin(Margin::same(8));
        let room = ui.available_rect_before_wrap();
        CentralPanel::no_frame().frame(middle).show(ui, |ui| {
            if view.document.items.is_empty() && screen.tab != Tab::Train {
                welcome::welcome_ui(ui, &view, &mut wishes);
                return;
            }
            match screen.tab {
                Tab::Spectra => {
                    panels::cars::offer_ui(ui, &view, &mut states.offer, &mut wishes);
                    spectra::spectra_ui(ui, &view, &mut screen.plot, &mut states.spectra, &mut wishes);
                }
                Tab::Map => panels::map::map_ui(ui, &view, &mut states.map, &mut wishes),
                Tab::Compare => {
                    panels::compare::compare_ui(ui, &view, &screen.plot, &mut states.compare, &mut wishes);
                }
                Tab::Table => panels::table::table_ui(ui, &view, &mut states.table, &mut wishes),
                Tab::Cars => {
                    let dark = states.dark;
                    panels::cars::cars_ui(ui, &view, &screen.plot, dark, &mut states.cars, &mut wishes);
                }
                Tab::Train => {
                    let (state, methods) = (&mut states.train, &mut screen.methods);
                    panels::train::train_ui(ui, &view, state, methods, &mut wishes);
                }
            }
        });
        panels::notices::notices_ui(ui, &view, room, &mut wishes);
        panels::dialogs::hover_ui(ui, &view);
        let mut dialog = self.dialog.clone();
        if let Some(dialog) = &mut dialog {
            panels::dialogs::dialog_ui(ui, &self.view_with(theme), dialog, &mut wishes);
        }
        self.dialog = dialog;
        self.wishes = wishes;
        self.screen = screen;
        self.panels = states;
    }

    fn view_with(&self, theme: &'static Theme) -> View<'_> {
        View { theme, ..self.view() }
    }
}

/// The look as egui calls it.
pub(super) fn preference(look: Look) -> egui::ThemePreference {
    match look {
        Look::System => egui::ThemePreference::System,
        Look::Light => egui::ThemePreference::Light,
        Look::Dark => egui::ThemePreference::Dark,
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.update(&ctx);
        self.take_keys(ui);
        self.draw(ui);
        let wishes = self.wishes.take();
        if !wishes.is_empty() {
            self.grant(wishes, &ctx);
            ctx.request_repaint();
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if let Ok(text) = serde_json::to_string(&self.screen) {
            storage.set_string(SCREEN_KEY, text);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.end_keeping();
    }

    fn auto_save_interval(&self) -> Duration {
        Duration::from_secs(30)
    }
}
