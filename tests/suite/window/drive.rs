//! What tests of exports and the pictures do again and again: opening with a look, comparing, typing into dialogs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::Value;
use unravel::app::{App, Options};
use unravel::methods::{Outcome, Uncertainty, Unlisted};
use unravel::session::{Answer, Session, file};

use super::{sample, session, settle, until};

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

/// A comparison whose one answer knows how sure it is: calcite with a band and an interval, and something that the library
/// does not hold. It comes out of a session file.
pub fn unsure(screen: &Value) -> Window {
    let mut window = opened(vec![sample("calcite_quartz_mixture.csv")], screen);
    compare(&mut window);
    let now = session(&window);
    let comparison = now.document().comparisons[0].id;
    let found = now.answers().get(comparison, "nnomp").and_then(Answer::outcome).expect("an answer");
    let answer = Answer::Done(Arc::new(unsure_of(found)));
    let (document, numbers) = (Arc::clone(now.document()), now.numbers());
    let mut changed = Session::restored(document.as_ref().clone(), now.answers_to_save(), numbers, None);
    changed.answer(comparison, "nnomp", answer);
    let bytes = file::to_bytes(&document, changed.answers(), numbers).expect("a session file");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("unsure.unravel");
    std::fs::write(&path, bytes).expect("a file");
    opened(vec![path], screen)
}

fn unsure_of(found: &Outcome) -> Outcome {
    let mut outcome = found.clone();
    outcome.components.truncate(2);
    let shares = [(0.62, (0.58, 0.66)), (0.38, (0.31, 0.45))];
    for (component, (share, interval)) in outcome.components.iter_mut().zip(shares) {
        let highest = component.spectrum.iter().copied().fold(0.0, f32::max);
        let half = |y: &f32| 0.03 * highest + 0.1 * y.abs();
        component.share = share;
        component.uncertainty =
            Some(Uncertainty { band: component.spectrum.iter().map(half).collect(), share: interval });
    }
    outcome.components[0].confidence = Some(0.99);
    let second = &mut outcome.components[1];
    let nearest = second.species.take();
    (second.name, second.confidence) = ("Not in the library".to_owned(), None);
    (second.entries, second.alternatives, second.library_part) = (Vec::new(), Vec::new(), None);
    second.unlisted = Some(Unlisted { probability: 0.91, peaks_cm1: vec![464.6, 206.2], nearest });
    outcome
}
