//! The shell: opening, the list, undo, notices, palette, sessions, recovery.

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::*;
use unravel::app::Folders;
use unravel::library::Facts;
use unravel::session::{Command, LibraryId};

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
    drop_files(&mut window, std::slice::from_ref(&folder));
    let dropped: Vec<String> = session(&window).document().items.iter().map(|i| i.name.clone()).collect();
    assert_eq!(dropped.len(), 20);
    keys(&mut window, Modifiers::COMMAND, Key::L);
    type_text(&mut window, &folder.display().to_string());
    keys(&mut window, Modifiers::NONE, Key::Enter);
    settle(&mut window);
    let typed: Vec<String> =
        session(&window).document().items.iter().skip(dropped.len()).map(|i| i.name.clone()).collect();
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
fn keys_pressed_twice_while_one_frame_is_drawn_count_twice() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::NONE, Key::Delete);
    let undo = Event::Key {
        key: Key::Z,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND,
    };
    window.input_mut().events.extend([undo.clone(), undo]);
    window.step();
    assert!(session(&window).document().items.is_empty());
    assert!(session(&window).undo_label().is_none(), "both the deleting and the opening are undone");
    assert!(session(&window).redo_label().is_some());
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

#[test]
fn a_thousand_files_in_one_drop_load_and_the_bad_one_is_one_notice() {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..1_000 {
        let text = if i == 500 {
            "not a spectrum".to_owned()
        } else {
            (0..40).map(|x| format!("{x}\t{}\n", x % 7 + i)).collect()
        };
        std::fs::write(folder.path().join(format!("{i:04}.txt")), text).unwrap();
    }
    let mut window = window();
    drop_files(&mut window, &[folder.path().to_path_buf()]);
    assert_eq!(session(&window).document().items.len(), 999);
    assert_eq!(session(&window).document().items[998].name, "0999");
    keys(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(session(&window).document().items.is_empty(), "one drop is one step of undo");
}

/// A window that keeps its things in this folder.
fn keeping(folder: &Path) -> Harness<'static, App> {
    let folders = Folders { state: folder.join("state"), data: folder.join("data") };
    let mut window = start(Options { folders: Some(folders), ..Options::default() }, [1280.0, 800.0]);
    settle(&mut window);
    window
}

#[test]
fn work_of_a_window_that_was_killed_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = keeping(folder.path());
    drop_files(&mut first, &[sample("polystyrene.spc")]);
    let saved = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|e| e == "unravel");
    let state = folder.path().join("state");
    until(&mut first, "the autosave is written", |_| {
        std::fs::read_dir(&state).unwrap().any(|entry| saved(entry.unwrap()))
    });
    // A clean end takes the autosave away; a killed window cannot. Its state stays as it is: the files are copied.
    let killed = folder.path().join("killed");
    std::fs::create_dir_all(killed.join("state")).unwrap();
    for entry in std::fs::read_dir(&state).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, killed.join("state").join(path.file_name().unwrap())).unwrap();
    }
    let mut second = keeping(&killed);
    assert!(second.query_by_label("Recover unsaved work").is_some());
    click(&mut second, "Recover");
    settle(&mut second);
    assert_eq!(session(&second).document().items[0].name, session(&first).document().items[0].name);
    assert!(session(&second).unsaved());
}

#[test]
fn recent_files_and_my_library_outlive_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = keeping(folder.path());
    drop_files(&mut first, &[sample("polystyrene.spc")]);
    let spectrum = session(&first).document().items[0].raw.spectrum(None).unwrap();
    first.state_mut().wish_command(Command::AddToMine(Facts::named("My polystyrene"), spectrum));
    first.run_ok();
    settle(&mut first);
    drop(first);
    let second = keeping(folder.path());
    assert!(second.query_by_label("polystyrene.spc").is_some());
    let mine = session(&second).document().open_library(LibraryId::MINE).unwrap();
    assert_eq!(mine.library.entries()[0].facts.name, "My polystyrene");
}

#[test]
fn keys_that_can_do_nothing_now_say_what_is_missing() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::COMMAND, Key::E);
    let said = window.query_by_label_contains("needs a comparison");
    assert!(said.is_some(), "{}", window.state().notices_text());
}

#[test]
fn a_text_field_keeps_the_keys_of_its_text() {
    let mut window = with_sample("");
    let before = session(&window).selection().to_vec();
    session_select_one(&mut window);
    let one = session(&window).selection().to_vec();
    assert!(one.len() < before.len());
    window.get_by_label("Search spectra").focus();
    window.run_ok();
    keys(&mut window, Modifiers::COMMAND, Key::A);
    assert_eq!(session(&window).selection(), one);
}

/// Alt and the arrows leave one spectrum selected.
fn session_select_one(window: &mut Harness<'_, App>) {
    keys(window, Modifiers::ALT, Key::ArrowDown);
}
