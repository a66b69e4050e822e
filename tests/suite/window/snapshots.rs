//! Pictures of panel states, compared with those in `tests/snapshots`. After a wanted change of the look:
//! `UPDATE_SNAPSHOTS=1 cargo test --test suite snapshots`, and look at what changed.
//!
//! What is not the subject of a picture is masked: the device, times, and panels that have pictures of their own.

use std::panic::{catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::LazyLock;

use eframe::egui::{Event, Key, Modifiers, Rect, pos2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::wgpu::WgpuTestRenderer;
use egui_kittest::{SnapshotError, SnapshotOptions};
use serde_json::{Value, json};
use unravel::app::{Folders, Options};
use unravel::session::{Command, ItemId};

use super::drive::{Window, compare, opened, retype};
use super::{click, drop_files, sample, session, settle, start, until};

/// Two builds of Mesa may round the edge of a letter differently; the same one draws the same bytes. A pixel
/// may be off by what egui's own pictures allow between back ends, and a few at the ends of curves by more.
const COLOUR: f32 = 0.6;
const PIXELS: usize = 4;

const WHOLE: [f32; 2] = [1280.0, 800.0];
/// The list on the left.
const LIST: Rect = Rect { min: pos2(0.0, 36.0), max: pos2(250.0, 300.0) };
/// What stands in the middle between the list and the tools.
const MIDDLE: Rect = Rect { min: pos2(251.0, 36.0), max: pos2(949.0, 764.0) };
/// The tools on the right.
const TOOLS: Rect = Rect { min: pos2(950.0, 36.0), max: pos2(1280.0, 764.0) };

/// Whether anything can draw here; a machine without any graphics driver skips the pictures.
static DRAWS: LazyLock<bool> = LazyLock::new(|| {
    let Err(panic) = catch_unwind(|| drop(WgpuTestRenderer::new())) else { return true };
    let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    if !text.contains("No adapter found") && !text.contains("NoSuitableAdapter") {
        resume_unwind(panic);
    }
    println!("skipped: no graphics adapter, not even a software one (Mesa's lavapipe would do): {text}");
    false
});

/// The window in a state whose picture is wanted, or nothing where nothing draws.
fn opened_at(samples: &[&str], screen: &Value) -> Option<Window> {
    DRAWS.then(|| opened(samples.iter().map(|name| sample(name)).collect(), screen))
}

/// Compares this part of the window with its picture.
fn look(window: &mut Window, name: &str, part: Rect) {
    look_without(window, name, part, &[]);
}

/// Compares this part of the window with its picture, without these parts of it.
fn look_without(window: &mut Window, name: &str, part: Rect, without: &[Rect]) {
    settle(window);
    window.remove_cursor();
    // Tooltips and hovered widgets are gone, scroll bars faded, plots have found the room for their numbers.
    window.run_steps(12);
    let [width, height] = WHOLE;
    for rect in [
        Rect::from_min_max(pos2(0.0, 0.0), pos2(width, part.top())),
        Rect::from_min_max(pos2(0.0, part.bottom()), pos2(width, height)),
        Rect::from_min_max(pos2(0.0, part.top()), pos2(part.left(), part.bottom())),
        Rect::from_min_max(pos2(part.right(), part.top()), pos2(width, part.bottom())),
    ] {
        window.mask(rect);
    }
    for rect in without {
        window.mask(*rect);
    }
    let options = SnapshotOptions::new().threshold(COLOUR).max_failed_pixels(PIXELS);
    if let Err(error) = window.try_snapshot_options(name, &options) {
        panic!("{error}");
    }
}

fn light(tab: &str, side: &str) -> Value {
    json!({ "tab": tab, "side": side, "look": "Light" })
}

fn alt(window: &mut Window, key: Key) {
    window.key_press_modifiers(Modifiers::ALT, key);
    window.run_steps(2);
}

/// The upper part of a panel, down to this height.
fn upper(part: Rect, bottom: f32) -> Rect {
    Rect { max: pos2(part.max.x, bottom), ..part }
}

/// Closes the good news, which would go by themselves after some seconds.
fn quiet(window: &mut Window) {
    settle(window);
    for _ in 0..8 {
        let Some(notice) = window.query_all_by_label("Close notice").next() else { return };
        notice.click();
        window.run_steps(2);
    }
}

fn ids(window: &Window) -> Vec<ItemId> {
    session(window).document().items.iter().map(|item| item.id).collect()
}

/// A comparison by two quick methods.
fn compared() -> Option<Window> {
    let screen = json!({ "tab": "Compare", "side": "Methods", "look": "Light", "methods": { "chosen": ["nnomp", "nnls"] } });
    let mut window = opened_at(&["calcite_quartz_mixture.csv"], &screen)?;
    compare(&mut window);
    Some(window)
}

#[test]
fn the_empty_window_looks_as_it_did() {
    let Some(mut window) = opened_at(&[], &light("Spectra", "Methods")) else { return };
    look(&mut window, "empty", Rect::from_min_max(pos2(0.0, 0.0), pos2(1280.0, 480.0)));
}

#[test]
fn the_list_looks_as_it_did() {
    let names = ["polystyrene.spc", "paracetamol.jdx", "quartz_rruff.txt", "unknown_powder.spc"];
    let Some(mut window) = opened_at(&names, &light("Spectra", "Methods")) else { return };
    let ids = ids(&window);
    for change in [
        Command::Group(ids[2..].to_vec(), "Minerals".to_owned()),
        Command::Show(vec![ids[3]], false),
        Command::Rename(
            ids[1],
            "A name that is much too long for the list of spectra on the left".to_owned(),
        ),
    ] {
        window.state_mut().wish_command(change);
    }
    window.run_steps(2);
    alt(&mut window, Key::ArrowUp);
    look(&mut window, "list", LIST);
}

#[test]
fn curves_with_labels_and_legend_look_as_they_did() {
    for theme in ["Light", "Dark"] {
        let screen = json!({ "tab": "Spectra", "side": "Methods", "look": theme });
        let names = ["calcite_quartz_mixture.csv", "quartz_rruff.txt", "unknown_powder.spc"];
        let Some(mut window) = opened_at(&names, &screen) else { return };
        for key in [Key::N, Key::S, Key::P] {
            alt(&mut window, key);
        }
        look(&mut window, &format!("spectra_{}", theme.to_lowercase()), MIDDLE);
    }
}

#[test]
fn steps_of_preparation_look_as_they_did() {
    let Some(mut window) = opened_at(&["pain_tablet.jdx"], &light("Spectra", "Prepare")) else { return };
    click(&mut window, "Flatten and smooth");
    settle(&mut window);
    assert_eq!(session(&window).document().items[0].steps.steps.len(), 3);
    look(&mut window, "prepare", TOOLS);
}

#[test]
fn the_library_looks_as_it_did() {
    let names = ["calcite_quartz_mixture.csv"];
    let Some(mut window) = opened_at(&names, &light("Spectra", "Library")) else { return };
    look(&mut window, "library", upper(TOOLS, 420.0));
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.step();
    settle(&mut window);
    look(&mut window, "hits", upper(TOOLS, 420.0));
}

#[test]
fn the_methods_look_as_they_did() {
    let names = ["calcite_quartz_mixture.csv"];
    let Some(mut window) = opened_at(&names, &light("Spectra", "Methods")) else { return };
    look(&mut window, "methods", TOOLS);
}

#[test]
fn the_details_look_as_they_did() {
    let Some(mut window) = opened_at(&[], &light("Spectra", "Details")) else { return };
    click(&mut window, "A tablet of three drugs");
    // What wrote the sample, with its version.
    let row = window.get_by_label("ORIGIN").rect();
    let version = Rect::from_min_max(row.right_top(), pos2(TOOLS.right(), row.bottom()));
    look_without(&mut window, "details", upper(TOOLS, 640.0), &[version]);
}

/// Times and devices in the table of methods, which ends above this.
fn measured(window: &Window, end: f32) -> Rect {
    let head = window.get_by_label("Time").rect();
    Rect::from_min_max(pos2(head.left(), head.bottom()), pos2(MIDDLE.right(), end))
}

#[test]
fn a_comparison_and_a_component_of_it_look_as_they_did() {
    let Some(mut window) = compared() else { return };
    window.run_steps(10);
    let heads = window.get_by_label_contains("NNOMP · ").rect();
    let heads = Rect::from_x_y_ranges(MIDDLE.x_range(), heads.y_range());
    let without = [heads, measured(&window, heads.top())];
    look_without(&mut window, "comparison", upper(MIDDLE, 560.0), &without);
    click(&mut window, "Look closely at Calcite by NNOMP");
    window.run_steps(10);
    let top = window.get_by_label("← Back").rect().top() - 4.0;
    look(&mut window, "component", Rect { min: pos2(MIDDLE.left(), top), ..MIDDLE });
}

#[test]
fn a_map_and_the_shares_in_it_look_as_they_did() {
    let screen =
        json!({ "tab": "Map", "side": "Methods", "look": "Light", "methods": { "chosen": ["nnols"] } });
    let Some(mut window) = opened_at(&["polymer_map.txt"], &screen) else { return };
    look(&mut window, "map", MIDDLE);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    window.step();
    settle(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.run_steps(2);
    click(&mut window, "Shares of substances");
    quiet(&mut window);
    look(&mut window, "shares", upper(MIDDLE, 450.0));
}

#[test]
fn a_table_of_many_looks_as_it_did() {
    let screen = json!({ "tab": "Table", "side": "Methods", "look": "Light", "methods": { "chosen": ["nnomp", "nnls"] } });
    let Some(mut window) = opened_at(&["calcite_quartz_series.spc"], &screen) else { return };
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    window.step();
    settle(&mut window);
    quiet(&mut window);
    window.run_steps(10);
    let time = window.get_by_label("Sort by Time").rect();
    let times = Rect::from_min_max(time.left_bottom(), MIDDLE.max);
    look_without(&mut window, "table", upper(MIDDLE, 400.0), &[times]);
}

#[test]
fn the_export_dialog_looks_as_it_did() {
    let Some(mut window) = compared() else { return };
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    window.run_steps(3);
    retype(&mut window, "Folder for the files", "/nowhere/out");
    look(&mut window, "export", Rect::from_min_max(pos2(350.0, 250.0), pos2(930.0, 550.0)));
}

#[test]
fn the_palette_and_the_help_look_as_they_did() {
    let Some(mut window) = opened_at(&["polystyrene.spc"], &light("Spectra", "Methods")) else { return };
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run_steps(3);
    window.event(Event::Text("view".to_owned()));
    window.run_steps(3);
    look(&mut window, "palette", Rect::from_min_max(pos2(370.0, 66.0), pos2(910.0, 498.0)));
    window.key_press(Key::Escape);
    window.run_steps(2);
    window.key_press(Key::F1);
    window.run_steps(3);
    look(&mut window, "help", Rect::from_min_max(pos2(190.0, 30.0), pos2(1090.0, 400.0)));
}

#[test]
fn notices_look_as_they_did() {
    let Some(mut window) = opened_at(&[], &light("Spectra", "Methods")) else { return };
    drop_files(&mut window, &[PathBuf::from("/nowhere/one.spc")]);
    drop_files(&mut window, &[PathBuf::from("/nowhere/two.spc"), PathBuf::from("/nowhere/three.csv")]);
    look(&mut window, "notices", Rect::from_min_max(pos2(836.0, 592.0), pos2(1280.0, 800.0)));
}

#[test]
fn the_question_about_unsaved_work_looks_as_it_did() {
    if !*DRAWS {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let keeping = |name: &str| {
        let folder = folder.path().join(name);
        let folders = Folders { state: folder.join("state"), data: folder.join("data") };
        let mut window = start(Options { folders: Some(folders), ..Options::default() }, WHOLE);
        settle(&mut window);
        window
    };
    let mut first = keeping("first");
    drop_files(&mut first, &[sample("polystyrene.spc")]);
    let state = folder.path().join("first/state");
    until(&mut first, "the autosave is written", |_| {
        std::fs::read_dir(&state)
            .unwrap()
            .any(|entry| entry.unwrap().path().extension().is_some_and(|e| e == "unravel"))
    });
    // A lock is held on the file of a living window: a copy is what a killed one leaves behind.
    let killed = folder.path().join("second/state");
    std::fs::create_dir_all(&killed).unwrap();
    for entry in std::fs::read_dir(&state).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, killed.join(path.file_name().unwrap())).unwrap();
    }
    let mut second = keeping("second");
    look(&mut second, "recover", Rect::from_min_max(pos2(370.0, 318.0), pos2(910.0, 484.0)));
}

#[test]
fn a_changed_colour_is_seen() {
    let Some(mut window) = opened_at(&["polystyrene.spc"], &light("Spectra", "Methods")) else { return };
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        return println!("skipped: pictures are being replaced, not compared");
    }
    let before = window.render().unwrap();
    window.mask(Rect::from_min_max(pos2(400.0, 300.0), pos2(403.0, 302.0)));
    let folder = tempfile::tempdir().unwrap();
    before.save(folder.path().join("window.png")).unwrap();
    let options =
        SnapshotOptions::new().threshold(COLOUR).max_failed_pixels(PIXELS).output_path(folder.path());
    let after = window.try_snapshot_options("window", &options);
    assert!(matches!(after, Err(SnapshotError::Diff { diff: 6, .. })), "{after:?}");
}
