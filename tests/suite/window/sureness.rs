//! Answers that know how sure they are: intervals, bands, substances that the library does not hold.

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::{Value, json};

use super::drive::{Window, compare, export_to, opened, unsure};
use super::{click, sample, session, settle, until};

fn screen() -> Value {
    json!({ "tab": "Compare", "look": "Light", "methods": { "chosen": ["nnomp"] } })
}

fn bands(window: &Window) -> Option<Toggled> {
    window.get_by_label("Error bands").accesskit_node().toggled()
}

#[test]
fn shares_have_intervals_and_names_say_how_sure_they_are() {
    let window = unsure(&screen());
    window.get_by_label("Calcite by NNOMP, 62 % (58–66) · 99 % sure");
    window.get_by_label("Not in the library by NNOMP, 38 % (31–45) · 91 % sure");
    window.get_by_label_contains("nearest Quartz, peaks 465, 206 cm⁻¹");
}

#[test]
fn what_the_library_lacks_is_told_by_its_peaks_and_its_nearest_species() {
    let mut window = unsure(&screen());
    click(&mut window, "Look closely at Not in the library by NNOMP");
    window.run_steps(10);
    for words in
        ["38 % (31–45)", "Probability of that", "91 %", "Nearest species", "464.6 cm⁻¹", "206.2 cm⁻¹"]
    {
        assert!(window.query_all_by_label(words).count() > 0, "{words}");
    }
    window.get_by_label_contains("No spectrum of the library explains this part");
    assert!(window.query_by_label_contains("Accept ").is_none(), "there is no species to accept");
    click(&mut window, "← Back");
    click(&mut window, "Look closely at Calcite by NNOMP");
    assert!(window.query_by_label("Nearest species").is_none());
    window.get_by_label("62 % (58–66)");
}

#[test]
fn bands_are_hidden_and_shown_without_moving_anything() {
    let mut window = unsure(&screen());
    window.run_steps(10);
    let places = |w: &Window| {
        let labels = ["Mixture by NNOMP", "Calcite by NNOMP", "Look closely at Calcite by NNOMP"];
        labels.map(|label| w.get_by_label(label).rect())
    };
    let before = places(&window);
    assert_eq!(bands(&window), Some(Toggled::True));
    click(&mut window, "Error bands");
    window.run_steps(10);
    assert_eq!((bands(&window), places(&window)), (Some(Toggled::False), before));
    window.key_press_modifiers(Modifiers::ALT, Key::B);
    window.run_steps(10);
    assert_eq!((bands(&window), places(&window)), (Some(Toggled::True), before));
    assert_eq!(session(&window).document().comparisons.len(), 1);
}

#[test]
fn methods_without_bands_have_no_switch_for_them() {
    let mut window = opened(vec![sample("calcite_quartz_mixture.csv")], &screen());
    compare(&mut window);
    window.get_by_label("Look closely at Calcite by NNOMP");
    assert!(window.query_by_label("Error bands").is_none());
}

#[test]
fn bands_and_intervals_leave_with_figures_and_components() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = unsure(&screen());
    let figure = |window: &mut Window, name: &str| {
        let path = folder.path().join(name);
        window.key_press_modifiers(Modifiers::COMMAND, Key::P);
        window.run_steps(3);
        export_to(window, "File to write", &path);
        until(window, "the figure is there", |_| path.exists());
        settle(window);
        std::fs::read_to_string(&path).unwrap()
    };
    let with = figure(&mut window, "with.svg");
    assert!(with.contains("Calcite 62.0 % (58–66)") && with.contains("Not in the library 38.0 % (31–45)"));
    assert_eq!(with.matches("<polygon").count(), 2);
    window.key_press_modifiers(Modifiers::ALT, Key::B);
    window.run_steps(3);
    assert_eq!(figure(&mut window, "without.svg").matches("<polygon").count(), 0);
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    window.run_steps(3);
    export_to(&mut window, "Folder for the files", folder.path());
    let summary = folder.path().join("summary.csv");
    until(&mut window, "the components are there", |_| summary.exists());
    settle(&mut window);
    let mut files = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path());
    let table = files.find(|path| path.to_string_lossy().ends_with("_nnomp.csv")).unwrap();
    let head = std::fs::read_to_string(table).unwrap().lines().next().unwrap().to_owned();
    assert!(
        head.contains(",Calcite lower 90 % limit (") && head.contains(",Calcite upper 90 % limit ("),
        "{head}"
    );
    assert!(std::fs::read_to_string(summary).unwrap().contains(",0.58,0.66,"));
}
