//! What tests of exports and the pictures do again and again: opening with a look, comparing, typing into dialogs.

use std::path::{Path, PathBuf};

use eframe::egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::Value;
use unravel::app::{App, Options};

use super::{session, settle, until};

pub type Window = Harness<'static, App>;

/// The window of this size with these files open. `screen` is the look as it is saved.
pub fn sized(size: [f32; 2], files: Vec<PathBuf>, screen: &Value) -> Window {
    let wanted = files.len();
    let options = Options { files, screen: Some(screen.to_string()), ..Options::default() };
    let theme = if screen["look"] == "Dark" { Theme::Dark } else { Theme::Light };
    let mut window = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .build_eframe(move |context| App::new(&context.egui_ctx, options).expect("the window starts"));
    until(&mut window, "the files are open", |w| session(w).document().items.len() >= wanted);
    settle(&mut window);
    window
}

/// The window of the usual size.
pub fn opened(files: Vec<PathBuf>, screen: &Value) -> Window {
    sized([1280.0, 800.0], files, screen)
}

/// Runs the chosen methods on the active spectrum and waits for all answers.
pub fn compare(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    until(window, "all methods have answered", |w| {
        let session = session(w);
        session
            .document()
            .comparisons
            .last()
            .is_some_and(|c| c.ask.methods.iter().all(|m| session.answers().get(c.id, &m.id).is_some()))
    });
    settle(window);
}

/// Replaces the text of a field.
pub fn retype(window: &mut Window, label: &str, text: &str) {
    window.get_by_label(label).focus();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.step();
    window.get_by_label(label).type_text(text);
    window.run_steps(2);
}

/// Types a path into the open dialog and presses Enter once the window has looked there.
pub fn export_to(window: &mut Window, label: &str, path: &Path) {
    retype(window, label, &path.display().to_string());
    settle(window);
    window.key_press(Key::Enter);
    window.run_steps(2);
}

/// Does what the command of this name does, by the palette.
pub fn command(window: &mut Window, name: &str) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_steps(3);
    // The palette has the keyboard.
    window.event(Event::Text(name.to_owned()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
}
