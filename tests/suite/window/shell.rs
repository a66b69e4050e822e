//! The shell: opening, the list, undo, notices, palette, sessions, recovery.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::*;
use unravel::session::Command;

#[test]
fn an_empty_window_says_what_to_do() {
    let mut window = window();
    window.run_ok();
    for label in ["Drop spectra here", "Open files…", "Try a sample", "Recent files", "27 formats are read"]
    {
        assert!(window.query_by_label(label).is_some(), "{label}");
    }
}

#[test]
fn a_sample_opens_by_one_click() {
    let mut window = window();
    window.run_ok();
    click(&mut window, "A tablet of three drugs");
    settle(&mut window);
    assert_eq!(session(&window).document().items.len(), 1);
    assert!(window.query_all_by_label("pain tablet (synthetic)").next().is_some());
}

#[test]
fn dropped_files_and_typed_paths_are_equal() {
    let mut window = window();
    let folder = sample("");
    drop_files(&mut window, &[folder.clone()]);
    let dropped: Vec<String> = session(&window).document().items.iter().map(|i| i.name.clone()).collect();
    assert_eq!(dropped.len(), 10);
    keys(&mut window, Modifiers::COMMAND, Key::L);
    type_text(&mut window, &folder.display().to_string());
    keys(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    let typed: Vec<String> =
        session(&window).document().items.iter().skip(10).map(|i| i.name.clone()).collect();
    assert_eq!(typed, dropped);
}

#[test]
fn one_bad_file_is_one_notice_and_the_others_load() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("broken.spc");
    std::fs::write(&bad, b"\x00\x4b nothing of a spectrum").unwrap();
    let mut window = window();
    drop_files(&mut window, &[bad, sample("polystyrene.spc"), sample("paracetamol.jdx")]);
    assert_eq!(session(&window).document().items.len(), 2);
    let notices = window.state().notices_text();
    assert!(notices.contains("broken.spc"), "{notices}");
    assert_eq!(notices.lines().count(), 1, "{notices}");
    assert!(window.query_by_label("Copy details").is_some());
    click(&mut window, "Close notice");
    assert_eq!(window.state().notices_text(), "");
}

#[test]
fn undo_and_redo_go_through_everything() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::NONE, Key::Delete);
    assert!(session(&window).document().items.is_empty());
    keys(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(session(&window).document().items.len(), 1);
    keys(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert!(session(&window).document().items.is_empty());
    keys(&mut window, Modifiers::COMMAND, Key::Z);
    keys(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(session(&window).document().items.is_empty());
    assert!(session(&window).undo_label().is_none());
}

#[test]
fn the_palette_finds_and_runs_a_command_from_the_keyboard() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::COMMAND, Key::K);
    assert!(window.query_by_label("Search commands").is_some());
    type_text(&mut window, "hide show");
    keys(&mut window, Modifiers::NONE, Key::Enter);
    assert!(!session(&window).document().items[0].visible);
    assert!(window.query_by_label("Search commands").is_none());
}

#[test]
fn renaming_takes_typed_text_and_refuses_an_empty_name() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::NONE, Key::F2);
    keys(&mut window, Modifiers::COMMAND, Key::A);
    type_text(&mut window, "PS pellet");
    keys(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(session(&window).document().items[0].name, "PS pellet");
}

#[test]
fn a_session_is_saved_closed_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.unravel");
    let mut window = with_sample("polystyrene.spc");
    let id = session(&window).document().items[0].id;
    window.state_mut().wish_command(Command::Rename(id, "kept".to_owned()));
    window.run_ok();
    assert!(session(&window).unsaved());
    window.state_mut().wish_save(file.clone());
    window.step();
    settle(&mut window);
    assert!(!session(&window).unsaved(), "{}", window.state().notices_text());
    let mut other = super::window();
    drop_files(&mut other, &[file]);
    assert_eq!(session(&other).document().items[0].name, "kept");
    assert!(!session(&other).unsaved());
}

#[test]
fn help_lists_every_command() {
    let mut window = window();
    keys(&mut window, Modifiers::NONE, Key::F1);
    for label in ["Compare methods", "Export components (CSV)…", "Peak labels"] {
        assert!(window.query_all_by_label(label).next().is_some(), "{label}");
    }
    keys(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Search help").is_none());
}

#[test]
fn unsaved_work_is_asked_about() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::COMMAND, Key::N);
    assert!(window.query_by_label("Unsaved work").is_some());
    click(&mut window, "Cancel");
    assert_eq!(session(&window).document().items.len(), 1);
    keys(&mut window, Modifiers::COMMAND, Key::N);
    click(&mut window, "Do not save");
    assert!(session(&window).document().items.is_empty());
}
