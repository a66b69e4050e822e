//! Opening the window, waiting for its jobs, typing into its dialogs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};

/// Longest wait for a job, in a test build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub type Window = Harness<'static, App>;

pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").join(name)
}

/// The window of this size with these files open. `screen` is the look as it is saved.
pub fn sized(size: [f32; 2], files: Vec<PathBuf>, screen: &serde_json::Value) -> Window {
    let wanted = files.len();
    let options = Options { files, screen: Some(screen.to_string()), keeps: false };
    let mut window = Harness::builder()
        .with_size(size)
        .build_eframe(|cc| App::new(&cc.egui_ctx, options).expect("the window opens"));
    wait(&mut window, "opening", |w| w.state().session().document().items.len() >= wanted);
    window
}

/// The window of the usual size.
pub fn opened(files: Vec<PathBuf>, screen: &serde_json::Value) -> Window {
    sized([1280.0, 800.0], files, screen)
}

/// Steps until something is so.
pub fn wait(window: &mut Window, what: &str, until: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !until(window) {
        assert!(start.elapsed() < PATIENCE, "{what}: notices {}", window.state().notices_text());
        window.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    window.run_steps(2);
}

/// Steps for a while: what runs in the background and tells nobody comes to rest.
pub fn rest(window: &mut Window) {
    for _ in 0..40 {
        window.step();
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs the chosen methods on the active spectrum and waits for all answers.
pub fn compare(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait(window, "the comparison", |w| {
        let session = w.state().session();
        session.document().comparisons.last().is_some_and(|c| {
            c.ask.methods.iter().all(|m| session.answers().get(c.id, &m.id).is_some())
        })
    });
}

/// Replaces the text of the field with the keyboard.
pub fn retype(window: &mut Window, label: &str, text: &str) {
    window.get_by_label(label).focus();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.step();
    window.get_by_label(label).type_text(text);
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
