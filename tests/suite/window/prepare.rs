//! The pipeline editor.

use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use super::desk::Desk;

fn mixture() -> Desk {
    Desk::new("Prepare", &["calcite_quartz_mixture.csv"])
}

fn add(desk: &mut Desk, step: &str) {
    desk.click("Add step…");
    desk.click(step);
}

#[test]
fn steps_are_added_moved_and_removed_by_clicks_and_each_is_one_step_of_undo() {
    let mut desk = mixture();
    add(&mut desk, "Despike");
    add(&mut desk, "arPLS baseline");
    assert_eq!(desk.steps(), "despike|arpls");
    desk.click("Move step 2 up, arPLS baseline");
    assert_eq!(desk.steps(), "arpls|despike");
    desk.click("Remove step 1, arPLS baseline");
    assert_eq!(desk.steps(), "despike");
    for before in ["arpls|despike", "despike|arpls", "despike", ""] {
        desk.ctrl(Key::Z);
        assert_eq!(desk.steps(), before);
    }
}

#[test]
fn a_crop_begins_with_the_whole_range_of_the_axis() {
    let mut desk = mixture();
    add(&mut desk, "Crop");
    let axis = desk.active().raw.axis();
    assert_eq!(desk.steps(), format!("crop:{}-{}", axis.low().floor(), axis.high().ceil()));
}

#[test]
fn a_drag_of_a_slider_is_one_step_of_undo() {
    let mut desk = mixture();
    add(&mut desk, "Despike");
    desk.drag(Role::Slider, "Threshold", &[0.1, 0.2, 0.3, 0.4]);
    let once = desk.steps();
    assert_ne!(once, "despike");
    desk.drag(Role::Slider, "Threshold", &[0.4, 0.6, 0.8]);
    assert_ne!(desk.steps(), once);
    desk.ctrl(Key::Z);
    assert_eq!(desk.steps(), once, "the second drag alone is taken back");
    desk.ctrl(Key::Z);
    assert_eq!(desk.steps(), "despike");
}

#[test]
fn a_value_against_the_rules_is_told_beside_it_and_leaves_the_document_alone() {
    let mut desk = mixture();
    add(&mut desk, "SNIP baseline");
    let before = desk.window.state().session().revision();
    desk.window.get_by_role_and_label(Role::Slider, "Order").set_value_accesskit(3.0);
    desk.rest();
    assert!(desk.shows("Order is 3, expected 2, 4, 6 or 8"), "{}", desk.text());
    assert_eq!((desk.steps().as_str(), desk.window.state().session().revision()), ("snip", before));
    desk.window.get_by_role_and_label(Role::Slider, "Order").set_value_accesskit(4.0);
    desk.rest();
    assert!(!desk.shows("expected 2, 4, 6 or 8"));
    assert_eq!(desk.steps(), "snip:order=4");
}

#[test]
fn a_recipe_is_saved_and_applied_to_another_spectrum_and_the_raw_data_comes_back() {
    let mut desk = Desk::new("Prepare", &["calcite_quartz_mixture.csv", "quartz_rruff.txt"]);
    desk.click("Flatten fluorescence");
    assert_eq!(desk.steps(), "despike|arpls");
    desk.click("Save as…");
    desk.type_into("Name of the recipe", "My flat");
    desk.click_role(Role::Button, "Save recipe");
    assert_eq!(desk.document().recipes[0].name, "My flat");
    let first = desk.active().id;
    let other = desk.document().items.iter().find(|item| item.id != first).unwrap().name.clone();
    desk.choose(&other);
    assert_eq!((desk.active().name.clone(), desk.steps()), (other, String::new()));
    desk.click("Recipe, Saved recipes");
    desk.click_role(Role::Button, "My flat");
    assert_eq!(desk.steps(), "despike|arpls");
    desk.click("Remove all steps");
    assert_eq!(desk.steps(), "");
    let untouched = desk.document().item(first).unwrap();
    assert_eq!(untouched.steps.to_string(), "despike|arpls");
    desk.click("Recipe, Saved recipes");
    desk.click("Delete recipe My flat");
    assert!(desk.document().recipes.is_empty());
}

#[test]
fn a_change_reaches_all_spectra_when_all_are_meant() {
    let mut desk = Desk::new("Prepare", &["calcite_quartz_mixture.csv", "quartz_rruff.txt"]);
    desk.click("All (2)");
    desk.click("Remove cosmic rays");
    assert!(desk.document().items.iter().all(|item| item.steps.to_string() == "despike"));
    desk.click("Active");
    desk.click("Remove all steps");
    assert_eq!(desk.document().items.iter().filter(|item| item.steps.steps.is_empty()).count(), 1);
}

#[test]
fn a_pasted_pipeline_is_applied_and_one_that_cannot_be_read_is_explained() {
    let mut desk = mixture();
    desk.type_into("As text", "despike|arlps");
    assert!(desk.shows("did you mean 'arpls'"), "{}", desk.text());
    desk.window.key_press(Key::Enter);
    desk.rest();
    assert_eq!(desk.steps(), "");
    for _ in 0..3 {
        desk.window.get_by_role_and_label(Role::TextInput, "As text").focus();
        desk.rest();
        desk.window.key_press(Key::Backspace);
        desk.rest();
    }
    desk.type_into("As text", "pls:lam=1e6");
    desk.click_role(Role::Button, "Apply");
    assert_eq!(desk.steps(), "despike|arpls:lam=1e6");
}

#[test]
fn steps_that_cannot_be_done_say_why() {
    let mut desk = mixture();
    desk.type_into("As text", "crop:5000-6000");
    desk.window.key_press(Key::Enter);
    desk.wait("the error", |desk| desk.shows("crop: the range 5000 to 6000"));
}

#[test]
fn steps_are_copied_to_the_selected_spectra() {
    let mut desk = Desk::new("Prepare", &["calcite_quartz_mixture.csv", "quartz_rruff.txt"]);
    let first = desk.document().items[0].name.clone();
    desk.choose(&first);
    desk.click("Flatten fluorescence");
    let first = desk.active().id;
    let other = desk.document().items.iter().find(|item| item.id != first).unwrap();
    let (other, name) = (other.id, other.name.clone());
    desk.in_list(&name).click_modifiers(eframe::egui::Modifiers::COMMAND);
    desk.rest();
    assert_eq!((desk.active().id, desk.window.state().session().selection().len()), (first, 2));
    desk.click("Copy steps to selected");
    assert_eq!(desk.document().item(other).unwrap().steps.to_string(), "despike|arpls");
}

#[test]
fn the_raw_curve_and_the_baseline_are_drawn_beneath_and_can_be_hidden() {
    let mut desk = mixture();
    desk.click("Flatten fluorescence");
    desk.wait("the preview", |desk| desk.shows("Baseline"));
    let legend = |desk: &Desk, name: &str| desk.window.query_all_by_label(name).next().is_some();
    assert!(legend(&desk, "Raw") && legend(&desk, "Baseline"), "{}", desk.text());
    desk.click("Show raw curve");
    assert!(!legend(&desk, "Raw") && !legend(&desk, "Baseline"));
}
