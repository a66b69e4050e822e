//! The comparison: methods side by side, verdicts, references chosen by hand.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};
use unravel::methods::Outcome;
use unravel::session::{Answer, Comparison};

use super::{click, sample, start, until};

/// The window with these files and methods, the comparison in the middle.
fn opened(files: Vec<PathBuf>, methods: &[&str]) -> Harness<'static, App> {
    let count = files.len();
    let screen = serde_json::json!({ "tab": "Compare", "look": "Light", "methods": { "chosen": methods } });
    let options = Options { files, screen: Some(screen.to_string()), ..Options::default() };
    let mut window = start(options, [1280.0, 800.0]);
    until(&mut window, "the files are open", |w| w.state().session().document().items.len() == count);
    window.run_steps(2);
    window
}

/// The sample of two minerals.
fn mixture(methods: &[&str]) -> Harness<'static, App> {
    opened(vec![sample("calcite_quartz_mixture.csv")], methods)
}

fn newest(window: &Harness<'_, App>) -> Arc<Comparison> {
    Arc::clone(window.state().session().document().comparisons.last().expect("a comparison"))
}

fn answer(window: &Harness<'_, App>, method: &str) -> Option<Answer> {
    let comparison = newest(window);
    window.state().session().answers().get(comparison.id, method).cloned()
}

fn outcome(window: &Harness<'_, App>, method: &str) -> Arc<Outcome> {
    answer(window, method).and_then(|a| a.outcome().cloned()).expect("an answer")
}

fn found(window: &Harness<'_, App>, method: &str) -> Vec<String> {
    outcome(window, method).components.iter().filter_map(|c| c.species.clone()).collect()
}

fn answered(window: &mut Harness<'_, App>, comparisons: usize, methods: &[&str]) {
    until(window, "an answer of every method", |w| {
        w.state().session().document().comparisons.len() == comparisons
            && methods.iter().all(|method| answer(w, method).is_some())
    });
}

#[test]
fn two_methods_stand_side_by_side_and_a_substance_has_one_row() {
    let methods = ["nnomp", "sunsal"];
    let mut window = mixture(&methods);
    window.get_by_label("No comparison yet");
    compare(&mut window);
    answered(&mut window, 1, &methods);
    // A new plot finds the room for its numbers within a few frames.
    window.run_steps(10);
    for method in methods {
        assert!(found(&window, method).iter().any(|s| s == "Calcite"), "{:?}", found(&window, method));
    }
    let rect = |label: &str| window.get_by_label(label).rect();
    let (first, second) =
        (rect("Look closely at Calcite by NNOMP"), rect("Look closely at Calcite by SUnSAL"));
    assert!((first.top() - second.top()).abs() < 1.0, "{first:?} {second:?}");
    assert!(second.left() - first.left() > 250.0);
    let (first, second) = (rect("Mixture by NNOMP"), rect("Mixture by SUnSAL"));
    assert!((first.width() - second.width()).abs() < 1.0, "{first:?} {second:?}");
}

fn click_part(window: &mut Harness<'_, App>, part: &str) {
    window.get_by_label_contains(part).click();
    window.run_steps(3);
}

/// Presses the button of the empty comparison, not the one in the bar.
fn compare(window: &mut Harness<'_, App>) {
    window.get_all_by_label("Compare methods").last().expect("a button").click();
    window.run_steps(3);
}

/// Runs these methods on the sample of two minerals.
fn compared(methods: &[&str]) -> Harness<'static, App> {
    let mut window = mixture(methods);
    compare(&mut window);
    answered(&mut window, 1, methods);
    window
}

#[test]
fn what_was_accepted_is_fixed_in_the_next_run_and_what_was_rejected_left_out() {
    let methods = ["nnomp", "sunsal"];
    let mut window = compared(&methods);
    // One that only the other method found, so that the next answer shows whether it was fixed.
    let (first, second) = (found(&window, "nnomp"), found(&window, "sunsal"));
    let wanted =
        second.iter().find(|s| !first.contains(s)).expect("a species that only SUnSAL finds").clone();
    let unwanted = first.iter().find(|s| *s == "Quartz").expect("quartz").clone();
    click_part(&mut window, &format!("{wanted} by SUnSAL, "));
    click(&mut window, &format!("Accept {wanted} of SUnSAL"));
    click(&mut window, "← Back");
    click_part(&mut window, &format!("{unwanted} by NNOMP, "));
    click(&mut window, &format!("Reject {unwanted} of NNOMP"));
    assert_eq!(newest(&window).verdicts.len(), 2);
    click(&mut window, "Run again with what was accepted and rejected");
    answered(&mut window, 2, &methods);
    let ask = newest(&window).ask.clone();
    assert_eq!((ask.fixed, ask.excluded), (vec![wanted.clone()], vec![unwanted.clone()]));
    assert!(found(&window, "nnomp").contains(&wanted), "{:?}", found(&window, "nnomp"));
    for method in methods {
        assert!(!found(&window, method).contains(&unwanted), "{method} {:?}", found(&window, method));
    }
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    window.run_steps(3);
    assert_eq!(window.state().session().document().comparisons.len(), 1);
    assert_eq!(newest(&window).verdicts.len(), 2);
    window.get_by_label_contains("1 of 1 · 2 methods");
}

#[test]
fn a_verdict_is_taken_back_by_a_second_click() {
    let mut window = compared(&["nnomp"]);
    click(&mut window, "Accept Calcite of NNOMP");
    assert_eq!(newest(&window).verdicts.len(), 1);
    click(&mut window, "Accept Calcite of NNOMP");
    assert!(newest(&window).verdicts.is_empty());
    assert!(window.query_by_label("Run again with what was accepted and rejected").is_none());
}

#[test]
fn a_reference_is_chosen_by_hand_and_given_up_again() {
    let mut window = compared(&["nnomp"]);
    click(&mut window, "Look closely at Quartz by NNOMP");
    window.get_by_label("The component over its reference");
    until(&mut window, "a match score", |w| w.query_by_label("Match score").is_some());
    click(&mut window, "Compare with…");
    let field = window.get_by_role_and_label(Role::TextInput, "Reference");
    field.focus();
    window.run_steps(2);
    window.get_by_role_and_label(Role::TextInput, "Reference").type_text("anatase");
    window.run_steps(3);
    window.get_all_by_label_contains("Compare with Anatase").next().expect("anatase in the list").click();
    window.run_steps(3);
    let pins = newest(&window).pins.clone();
    let (key, pin) = pins.iter().next().expect("a pin");
    assert_eq!(key.method, "nnomp");
    let document = Arc::clone(window.state().session().document());
    assert_eq!(document.pinned(*pin).expect("the entry").facts.group, "Anatase");
    // Quartz does not look like anatase.
    until(&mut window, "the score of the chosen reference", |w| w.query_by_label("0.000").is_some());
    click(&mut window, "Back to the method's own reference");
    assert!(newest(&window).pins.is_empty());
    click(&mut window, "← Back");
    window.get_by_label("Mixture by NNOMP");
}

#[test]
fn scores_against_true_components_appear_when_those_are_known() {
    let files = ["calcite_quartz_mixture.csv", "quartz_rruff.txt"].map(sample).to_vec();
    let mut window = opened(files, &["nnomp"]);
    let items = window.state().session().document().items.clone();
    let (mixed, pure): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.name.contains("mixture"));
    window.get_by_role_and_label(Role::Button, &mixed[0].name).click();
    window.run_steps(3);
    compare(&mut window);
    answered(&mut window, 1, &["nnomp"]);
    assert!(window.query_by_label("SI-SNR").is_none());
    click(&mut window, "Edit");
    click_part(&mut window, "Assign true components");
    window.get_by_role_and_label(Role::CheckBox, &pure[0].name).click();
    window.run_steps(3);
    click(&mut window, "Assign");
    until(&mut window, "a score", |w| w.query_by_label("SI-SNR").is_some());
    window.get_by_label("SAD");
}

#[test]
fn a_method_that_cannot_answer_says_why() {
    let folder = std::env::temp_dir().join(format!("unravel-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let far = folder.join("far.csv");
    let rows: Vec<String> = (0..400).map(|i| format!("{},{}", 6000 + i, 100 + (i * i) % 37)).collect();
    std::fs::write(&far, format!("Raman shift (cm-1),Intensity\n{}\n", rows.join("\n"))).expect("a file");
    let mut window = opened(vec![far], &["nnomp", "nnls"]);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    compare(&mut window);
    answered(&mut window, 1, &["nnomp", "nnls"]);
    let Some(Answer::Failed(sentence)) = answer(&window, "nnomp") else { panic!("it should fail") };
    assert!(sentence.contains("cm-1"), "{sentence}");
    assert!(window.get_all_by_label(&sentence).count() >= 2, "in the table and in the column: {sentence}");
    window.get_by_label("NNLS · no answer");
}

#[test]
fn a_spectrum_that_is_removed_while_methods_run_does_no_harm() {
    let methods = ["sunsal", "nnls"];
    let mut window = mixture(&methods);
    compare(&mut window);
    until(&mut window, "the comparison", |w| w.state().session().document().comparisons.len() == 1);
    window.key_press(egui::Key::Delete);
    until(&mut window, "the removal", |w| w.state().session().document().items.is_empty());
    assert!(window.state().session().document().comparisons.is_empty());
    window.run_steps(5);
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    until(&mut window, "the way back", |w| w.state().session().document().items.len() == 1);
    answered(&mut window, 1, &methods);
    assert!(methods.iter().all(|method| answer(&window, method).is_some()));
}

#[test]
fn earlier_comparisons_are_a_choice_away_and_can_be_removed() {
    let mut window = compared(&["nnomp"]);
    let first = newest(&window).id;
    click(&mut window, "Compare again");
    answered(&mut window, 2, &["nnomp"]);
    click_part(&mut window, "Comparison 2 of 2");
    window.get_by_label_contains("1 of 2 · ").click();
    window.run_steps(3);
    window.get_by_label_contains("Comparison 1 of 2");
    click(&mut window, "Remove comparison");
    let left = Arc::clone(window.state().session().document());
    assert_eq!(left.comparisons.len(), 1);
    assert_ne!(left.comparisons[0].id, first);
    window.get_by_label_contains("Comparison 1 of 1");
}

#[test]
fn heads_of_columns_stay_while_the_grid_scrolls_under_the_wheel() {
    let mut window = compared(&["nnomp", "sunsal"]);
    let head = |w: &Harness<'_, App>| w.get_by_label_contains("NNOMP · ").rect();
    let calcite = |w: &Harness<'_, App>| w.get_by_label("Look closely at Calcite by NNOMP").rect();
    let (head_before, calcite_before) = (head(&window), calcite(&window));
    let inside = window.get_by_label("Mixture by NNOMP").rect().center();
    window.hover_at(inside);
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -60.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: egui::Modifiers::NONE,
    });
    window.run_steps(30);
    assert_eq!(head(&window), head_before);
    assert!(calcite(&window).top() < calcite_before.top() - 30.0, "{:?}", calcite(&window));
}

#[test]
fn a_comparison_says_when_the_spectrum_was_prepared_differently_since() {
    let mut window = compared(&["nnomp"]);
    let sentence = "⚠ The spectrum was prepared differently since";
    assert!(window.query_by_label(sentence).is_none());
    for label in ["Prepare", "Add step…", "Despike"] {
        click(&mut window, label);
    }
    window.get_by_label(sentence);
    click(&mut window, "Run again");
    answered(&mut window, 2, &["nnomp"]);
    window.run_steps(2);
    assert!(window.query_by_label(sentence).is_none());
}
