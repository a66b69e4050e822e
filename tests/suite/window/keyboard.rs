//! Everything can be done without a mouse, and every command can be run in every state that allows it.

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::json;

use super::drive::{Window, compare, export_to, opened};
use super::{keys, sample, session, settle, start, type_text, until};
use unravel::app::Options;

/// Commands that open a dialog of the desktop: a test must not wait for a hand.
const OF_THE_DESKTOP: &[&str] = &["Open files…", "Open folder…", "Open library…", "Save session as…"];
/// Commands after which there is another document or another active spectrum; they come last, in this order.
const ENDS: &[&str] = &["Remove", "Open sample data", "New session", "Quit"];
/// More widgets than any state of the window has.
const MOST_TABS: usize = 300;

/// What has the keyboard.
fn focused(window: &Window) -> Option<String> {
    let mut nodes = window.root().children_recursive();
    nodes.find(|node| node.accesskit_node().is_focused()).and_then(|node| node.accesskit_node().label())
}

/// Presses Tab until this has the keyboard.
fn tab_to(window: &mut Window, label: &str) {
    let mut passed = Vec::new();
    for _ in 0..MOST_TABS {
        window.key_press(Key::Tab);
        window.run_steps(1);
        let now = focused(window);
        if now.as_deref() == Some(label) {
            return;
        }
        passed.push(now.unwrap_or_default());
    }
    panic!("Tab does not come to {label}, only to {passed:?}");
}

#[test]
fn a_sample_is_opened_prepared_compared_exported_and_saved_without_a_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("work.unravel"), folder.path().join("out"));
    let screen = json!({ "look": "Light", "methods": { "chosen": ["nnomp"] } }).to_string();
    let options = Options { screen: Some(screen), ..Options::default() };
    let mut window = start(options, [1280.0, 800.0]);
    keys(&mut window, Modifiers::COMMAND, Key::L);
    type_text(&mut window, &sample("").display().to_string());
    keys(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    assert_eq!(session(&window).document().items.len(), 20);
    // A session without a file would ask the desktop where it shall go.
    window.state_mut().wish_save(file.clone());
    window.step();
    settle(&mut window);

    keys(&mut window, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(session(&window).selection().len(), 1);
    let active = session(&window).active().unwrap().item;
    assert_eq!(active, session(&window).document().items[1].id);
    keys(&mut window, Modifiers::ALT, Key::ArrowUp);
    let active = session(&window).active().unwrap().item;
    assert_eq!(active, session(&window).document().items[0].id);

    keys(&mut window, Modifiers::ALT, Key::Num1);
    tab_to(&mut window, "Flatten and smooth");
    for (key, steps) in [(Key::Enter, 3), (Key::Space, 3)] {
        keys(&mut window, Modifiers::NONE, key);
        let item = session(&window).document().item(active).cloned().unwrap();
        assert_eq!(item.steps.steps.len(), steps, "{key:?}");
        assert!(item.visible, "the key belongs to the button");
        assert_eq!(focused(&window).as_deref(), Some("Flatten and smooth"), "the keyboard stays where it is");
        keys(&mut window, Modifiers::COMMAND, Key::Z);
        assert!(session(&window).document().item(active).unwrap().steps.steps.is_empty());
    }
    keys(&mut window, Modifiers::NONE, Key::Enter);

    compare(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    window.run_steps(3);
    export_to(&mut window, "Folder for the files", &out);
    until(&mut window, "the export is done", |w| w.state().notices_text().contains("Exported"));
    assert!(std::fs::read_dir(&out).unwrap().count() >= 2);

    assert!(session(&window).unsaved());
    keys(&mut window, Modifiers::COMMAND, Key::S);
    settle(&mut window);
    assert!(!session(&window).unsaved(), "{}", window.state().notices_text());
    let mut again = super::window();
    super::drop_files(&mut again, &[file]);
    assert_eq!(session(&again).document().comparisons.len(), 1);
    assert_eq!(session(&again).document().item(active).unwrap().steps.steps.len(), 3);
}

/// Runs a command from the palette.
fn run(window: &mut Window, name: &str) {
    let at = window.state().commands_found(name).iter().position(|found| *found == name).unwrap();
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_steps(2);
    window.event(Event::Text(name.to_owned()));
    window.step();
    for _ in 0..at {
        window.key_press(Key::ArrowDown);
        window.step();
    }
    window.key_press(Key::Enter);
    window.run_steps(2);
    let open = window.query_by_label("Search commands").is_some();
    assert_eq!(open, name == "Search commands…", "{name} closes the palette");
}

/// Runs every command that is possible here; gives the names.
fn run_all(window: &mut Window) -> Vec<&'static str> {
    let all = window.state().commands_found("");
    let allowed = |name: &&str| !OF_THE_DESKTOP.contains(name);
    let others = all.into_iter().filter(allowed).filter(|name| !ENDS.contains(name));
    let mut done = Vec::new();
    for name in others.chain(ENDS.iter().copied()) {
        if name == "Save session" && session(window).path().is_none() {
            continue;
        }
        // What came before may have taken it away: after Undo there may be nothing to undo.
        if !window.state().commands_found("").contains(&name) {
            continue;
        }
        run(window, name);
        window.key_press(Key::Escape);
        window.run_steps(2);
        done.push(name);
        // What went away comes back for the commands that follow.
        let back = match name {
            "Undo" => "Redo",
            "Remove" => "Undo",
            _ => continue,
        };
        run(window, back);
        done.push(back);
    }
    settle(window);
    done
}

const SCREEN: &str = r#"{ "look": "Light", "methods": { "chosen": ["nnols"] } }"#;

fn window_with(samples: &[&str]) -> Window {
    let screen = serde_json::from_str(SCREEN).unwrap();
    opened(samples.iter().map(|name| sample(name)).collect(), &screen)
}

#[test]
fn every_command_runs_from_the_palette_of_an_empty_window() {
    let mut window = window_with(&[]);
    let done = run_all(&mut window);
    assert!(done.len() >= 25 && done.contains(&"Open sample data"), "{done:?}");
}

#[test]
fn every_command_runs_from_the_palette_with_spectra() {
    let mut window = window_with(&["polystyrene.spc", "solvents_785nm.txt"]);
    let done = run_all(&mut window);
    assert!(done.len() >= 45 && done.contains(&"Search library") && done.contains(&"Undo"), "{done:?}");
}

#[test]
fn every_command_runs_from_the_palette_with_a_comparison_and_a_saved_session() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window_with(&["calcite_quartz_mixture.csv"]);
    compare(&mut window);
    window.state_mut().wish_save(folder.path().join("work.unravel"));
    window.step();
    settle(&mut window);
    let done = run_all(&mut window);
    for name in [
        "Export components (CSV)…",
        "Export comparison table (CSV)…",
        "Save session",
        "Export report (HTML)…",
    ] {
        assert!(done.contains(&name), "{name} is not in {done:?}");
    }
}

#[test]
fn every_command_runs_from_the_palette_with_a_map_and_a_table() {
    let mut window = window_with(&["polymer_map.txt"]);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    window.step();
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.run_steps(2);
    let done = run_all(&mut window);
    assert!(done.contains(&"Export results of many (CSV)…"), "{done:?}");
}
