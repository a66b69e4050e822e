//! What makes the window pleasant: panels that fold away, keys that close things, nothing that moves under the pointer.

use eframe::egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::drive::{Window, command, compare, opened, sized};
use super::*;

fn place(window: &Window, label: &str) -> Rect {
    window.get_by_label(label).rect()
}

fn methods(ids: &[&str]) -> serde_json::Value {
    json!({ "methods": { "chosen": ids } })
}

#[test]
fn escape_closes_a_menu() {
    let mut window = window();
    window.run_ok();
    click(&mut window, "View");
    assert!(window.query_by_label_contains("Reset zoom").is_some());
    keys(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label_contains("Reset zoom").is_none());
}

#[test]
fn the_tools_and_the_list_give_their_room_to_the_middle() {
    let mut window = with_sample("paracetamol.jdx");
    assert!(window.query_by_label("Prepare").is_some() && window.query_by_label("Search spectra").is_some());
    keys(&mut window, Modifiers::COMMAND, Key::T);
    keys(&mut window, Modifiers::COMMAND, Key::B);
    assert!(window.query_by_label("Prepare").is_none() && window.query_by_label("Search spectra").is_none());
    // Whoever asks for a tool gets it.
    keys(&mut window, Modifiers::ALT, Key::Num2);
    assert!(window.query_by_label("Search hits").is_some());
    click(&mut window, "List");
    assert!(window.query_by_label("Search spectra").is_some());
}

#[test]
fn a_notice_covers_no_button_of_the_tools() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("broken.spc");
    std::fs::write(&bad, b"\x00\x4b nothing of a spectrum").unwrap();
    let mut window = window();
    drop_files(&mut window, &[bad, sample("polystyrene.spc")]);
    window.run_ok();
    let notice = place(&window, "Close notice");
    assert!(notice.right() < place(&window, "On all selected").left(), "{notice}");
    assert!(notice.left() > place(&window, "Search spectra").right(), "{notice}");
}

#[test]
fn the_number_of_spectra_leaves_the_button_beside_it_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..1_000)
        .map(|n| {
            let path = folder.path().join(format!("{n}.csv"));
            let rows: String = (0..20).map(|i| format!("{},{}\n", 200 + i, n + i)).collect();
            std::fs::write(&path, rows).unwrap();
            path
        })
        .collect();
    let mut window = window();
    drop_files(&mut window, &files);
    window.run_ok();
    let count = place(&window, "1000 spectra, 1000 selected");
    assert!(count.right() < place(&window, "Remove").left(), "{count}");
}

#[test]
fn buttons_over_the_plot_keep_their_places() {
    let mut window = with_sample("paracetamol.jdx");
    window.run_ok();
    let before = place(&window, "Reset");
    keys(&mut window, Modifiers::ALT, Key::S);
    keys(&mut window, Modifiers::ALT, Key::P);
    window.run_ok();
    assert!(window.query_by_label("Distance of stacked curves").is_some());
    assert_eq!(place(&window, "Reset"), before);
}

#[test]
fn the_first_verdict_moves_nothing() {
    let mut window = opened(vec![sample("calcite_quartz_mixture.csv")], &methods(&["nnomp"]));
    compare(&mut window);
    let label = "Accept Calcite of NNOMP";
    let before = place(&window, label);
    click(&mut window, label);
    window.run_ok();
    assert_eq!(window.state().session().document().comparisons[0].verdicts.len(), 1);
    assert!((place(&window, label).top() - before.top()).abs() < 0.5, "{}", place(&window, label));
}

#[test]
fn escape_leaves_a_component() {
    let mut window = opened(vec![sample("calcite_quartz_mixture.csv")], &methods(&["nnomp"]));
    compare(&mut window);
    click(&mut window, "Look closely at Quartz by NNOMP");
    assert!(window.query_by_label("← Back").is_some());
    // Escape first frees the field or button that has the keyboard.
    keys(&mut window, Modifiers::NONE, Key::Escape);
    keys(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("← Back").is_none());
}

#[test]
fn a_comparison_in_a_small_window_can_be_repeated_and_read() {
    let mut window = sized([900.0, 600.0], vec![sample("calcite_quartz_mixture.csv")], &methods(&["nnomp"]));
    compare(&mut window);
    let tools = place(&window, "Prepare").left();
    for label in ["Compare again", "Match"] {
        assert!(place(&window, label).right() < tools, "{label} at {}", place(&window, label));
    }
}

#[test]
fn enter_closes_what_only_informs() {
    let mut window = window();
    window.run_ok();
    command(&mut window, "About Unravel");
    assert!(window.query_by_label("About Unravel").is_some());
    keys(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_by_label("About Unravel").is_none());
}
