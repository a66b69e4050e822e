//! A mixture model of the user's own: chosen in the list, trained, stopped, taken up, asked, found again.

use std::path::{Path, PathBuf};
use std::process::Command;

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::{Value, json};
use unravel::app::{Folders, Options};
use unravel::methods::Outcome;
use unravel::session::{Answer, Subject};

use super::drive::{Window, compare, retype};
use super::{click, session, settle, start, until};

/// Few: seconds are enough for a test.
const MIXTURES: u64 = 512;

/// A folder with pure spectra, a mixture, and room for the window's own files.
struct Lab(tempfile::TempDir);

impl Lab {
    fn new() -> Self {
        let lab = Self(tempfile::tempdir().unwrap());
        lab.measure("salt_1", &[(420.0, 1.0), (760.0, 0.6)], 300.0, 1);
        lab.measure("salt_2", &[(420.0, 0.95), (760.0, 0.65)], 300.0, 2);
        lab.measure("sugar", &[(560.0, 1.0), (900.0, 0.8)], 300.0, 3);
        lab.measure("mixed", &[(420.0, 0.5), (760.0, 0.3), (560.0, 0.5), (900.0, 0.4)], 300.0, 4);
        lab
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("{name}.csv"))
    }

    /// Lines over a slope, with a ripple in place of noise.
    fn measure(&self, name: &str, lines: &[(f64, f64)], low: f64, seed: usize) {
        let mut text = String::from("raman_shift_cm-1,counts\n");
        for i in 0..141 {
            let x = low + 5.0 * f64::from(i);
            let bands: f64 =
                lines.iter().map(|(at, h)| h * (-((x - low + 300.0 - at) / 14.0).powi(2)).exp()).sum();
            let ripple = ((i as usize * 7919 + seed * 104_729) % 17) as f64 - 8.0;
            text.push_str(&format!("{x},{:.3}\n", 500.0 * bands + 200.0 + 0.05 * x + 0.3 * ripple));
        }
        std::fs::write(self.path(name), text).unwrap();
    }

    fn models(&self) -> PathBuf {
        self.0.path().join("data/models")
    }

    /// The window with these files open and selected.
    fn window(&self, names: &[&str]) -> Window {
        let folders = Folders { state: self.0.path().join("state"), data: self.0.path().join("data") };
        let options = Options {
            files: names.iter().map(|name| self.path(name)).collect(),
            screen: Some(json!({ "look": "Light", "side": "Methods" }).to_string()),
            folders: Some(folders),
            ..Options::default()
        };
        let mut window = start(options, [1280.0, 1000.0]);
        until(&mut window, "the files are open", |w| session(w).document().items.len() >= names.len());
        settle(&mut window);
        window.run_steps(3);
        // A window before this one that was not closed but dropped may have left an autosave.
        if window.query_by_label("Later").is_some() {
            click(&mut window, "Later");
        }
        window
    }
}

/// Opens the view of models with what is selected.
fn ask(window: &mut Window, name: &str, mixtures: u64) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::M);
    window.run_steps(3);
    retype(window, "Name of the model", name);
    click(window, "This many");
    window.get_by_role_and_label(Role::SpinButton, "Number of mixtures").set_value_accesskit(mixtures as f64);
    window.run_steps(3);
}

fn trained(window: &mut Window, name: &str) {
    let done = format!("{name} is trained");
    until(window, &done, |w| w.query_by_label(&done).is_some());
    settle(window);
}

/// Selects one spectrum by its name and makes it the active one.
fn choose(window: &mut Window, name: &str) {
    let item = session(window).document().items.iter().find(|item| item.name == name).unwrap().id;
    window.state_mut().wish_activate(Subject { item, row: None });
    window.run_steps(3);
}

fn answer(window: &Window, id: &str) -> Outcome {
    let session = session(window);
    let comparison = session.document().comparisons.last().unwrap();
    match session.answers().get(comparison.id, id).unwrap() {
        Answer::Done(outcome) => outcome.as_ref().clone(),
        Answer::Failed(why) => panic!("{why}"),
    }
}

fn unravel(data: &Path, args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_unravel"))
        .args(args)
        .env("UNRAVEL_DATA_DIR", data)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_selected_pure_spectra_become_a_method_with_the_numbers_of_the_command_line() {
    let lab = Lab::new();
    let mut window = lab.window(&["salt_1", "salt_2", "sugar"]);
    ask(&mut window, "Kitchen", MIXTURES);
    window.get_by_label("2 spectra");
    window.get_by_label("1 spectrum");
    click(&mut window, "Train");
    trained(&mut window, "Kitchen");
    window.get_by_label("F1 of the substances named");
    window.get_by_label("Mean absolute error of a dosage");
    window.get_by_role_and_label(Role::Canvas, "Losses of Kitchen");

    // It is among the methods and chosen already.
    super::drop_files(&mut window, &[lab.path("mixed")]);
    choose(&mut window, "mixed");
    // Beside the curves there is one list with its name.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    window.run_steps(3);
    click(&mut window, "None");
    window.get_by_role_and_label(Role::CheckBox, "Kitchen").click();
    window.run_steps(2);
    // `unravel classify` takes spectra as they are.
    click(&mut window, "Remove cosmic rays first");
    compare(&mut window);
    let found = answer(&window, "ramixnet:kitchen");
    assert_eq!((found.method.as_str(), found.method_name.as_str()), ("ramixnet:kitchen", "Kitchen"));
    let judged = found.judged();
    assert_eq!(judged.iter().map(|j| j.name.as_str()).collect::<Vec<_>>(), ["salt", "sugar"]);
    let dosed = window.query_all_by_label_contains("dosage ").count();
    assert!(dosed > 0, "the cells say how much there is");

    // The command line, given the same files and seeds.
    let out = lab.0.path().join("run").display().to_string();
    let files = ["salt_1", "salt_2", "sugar", "mixed"].map(|name| lab.path(name).display().to_string());
    let (mixtures, data) = (MIXTURES.to_string(), lab.0.path().join("data"));
    let mut args =
        vec!["train", "ramixnet", "--device", "cpu", "--samples", &mixtures, "--out", &out, "--pure"];
    args.extend(files[..3].iter().map(String::as_str));
    unravel(&data, &args);
    let card = format!("{out}/model.json");
    let said = |model: &str| -> Value {
        let args = ["classify", &files[3], "--model", model, "--json", "--device", "cpu"];
        serde_json::from_str(&unravel(&data, &args).0).unwrap()
    };
    let (theirs, ours) = (said(&card), said("ramixnet:kitchen"));
    assert_eq!(theirs["sha256"], ours["sha256"], "the same seeds give the same weights");
    let verdict = &theirs["spectra"][0]["verdict"];
    assert_eq!(*verdict, ours["spectra"][0]["verdict"]);
    for (judged, row) in judged.iter().zip(verdict["substances"].as_array().unwrap()) {
        assert_eq!(row["probability"], judged.probability, "{row}");
        assert_eq!(row["present"], judged.present);
        assert_eq!(row["raw_dosage"].as_f64(), judged.dosage);
        let (low, high) = judged.interval.unwrap();
        assert_eq!(row["interval"], json!([low, high]));
    }
    assert_eq!(verdict["other"], found.flagged());
    let methods = unravel(&data, &["methods"]).0;
    assert!(methods.contains("ramixnet:kitchen (Kitchen)"), "{methods}");

    // After a restart it is there; deleted, it is gone.
    drop(window);
    let mut window = lab.window(&["mixed"]);
    window.get_by_role_and_label(Role::CheckBox, "Kitchen");
    click(&mut window, "Models");
    window.get_by_label("Your models");
    click(&mut window, "Delete…");
    click(&mut window, "Delete Kitchen");
    settle(&mut window);
    window.run_steps(3);
    assert!(window.query_by_label("Your models").is_none());
    assert!(window.query_by_role_and_label(Role::CheckBox, "Kitchen").is_none());
    assert!(!lab.models().join("kitchen").exists());
}

#[test]
fn a_training_is_stopped_and_gone_on_with_while_everything_else_is_used() {
    let lab = Lab::new();
    let mut window = lab.window(&["salt_1", "sugar"]);
    ask(&mut window, "Slow", 2_000_000);
    click(&mut window, "Train");
    until(&mut window, "some mixtures were seen", |w| w.query_by_label_contains("mixtures seen").is_some());
    // Nothing is blocked: a comparison answers while the training runs.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    window.run_steps(2);
    click(&mut window, "None");
    click(&mut window, "NNLS");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    until(&mut window, "the comparison has its answer", |w| {
        let session = session(w);
        let comparison = session.document().comparisons.last();
        comparison.is_some_and(|c| session.answers().get(c.id, "nnls").is_some())
    });
    assert!(window.state().busy(), "the training goes on");
    click(&mut window, "Models");
    window.get_by_label_contains("One model is trained at a time");
    click(&mut window, "Cancel");
    until(&mut window, "it stopped", |w| w.query_by_label("Go on").is_some());
    settle(&mut window);
    window.get_by_label("Slow was stopped");
    click(&mut window, "Go on");
    until(&mut window, "it goes on", |w| w.query_by_label_contains("a second").is_some());
    click(&mut window, "Cancel");
    until(&mut window, "it stopped again", |w| w.query_by_label("Use what there is").is_some());
    settle(&mut window);
    click(&mut window, "Use what there is");
    trained(&mut window, "Slow");
    assert!(window.query_by_label("Interrupted trainings").is_none());
    assert!(lab.models().join("slow/model.json").is_file());
}

#[test]
fn a_window_that_is_closed_while_it_trains_leaves_what_the_next_one_goes_on_with() {
    let lab = Lab::new();
    let mut window = lab.window(&["salt_1", "sugar"]);
    ask(&mut window, "Left", 2_000_000);
    click(&mut window, "Train");
    until(&mut window, "some mixtures were seen", |w| w.query_by_label_contains("mixtures seen").is_some());
    drop(window);
    let mut window = lab.window(&["salt_1"]);
    until(&mut window, "it is told", |w| {
        w.state().notices_text().contains("The training of Left was interrupted")
    });
    click(&mut window, "Models");
    window.get_by_label("Go on");
    click(&mut window, "Throw away");
    settle(&mut window);
    window.run_steps(3);
    assert!(window.query_by_label("Interrupted trainings").is_none() && !lab.models().join("left").exists());
}

#[test]
fn what_hinders_a_training_is_said_before_it_begins() {
    let lab = Lab::new();
    lab.measure("far", &[(420.0, 1.0)], 2500.0, 5);
    for (names, sentence) in [
        (vec!["salt_1", "salt_2"], "at least 2 substances are needed, found salt"),
        (vec!["salt_1", "far"], "far"),
    ] {
        let mut window = lab.window(&names);
        window.key_press_modifiers(Modifiers::COMMAND, Key::M);
        window.run_steps(3);
        let warnings: Vec<String> =
            window.query_all_by_label_contains("⚠ ").filter_map(|n| n.accesskit_node().value()).collect();
        assert!(warnings.iter().any(|w| w.contains(sentence)), "{names:?}: {warnings:?}");
        window.get_by_label("Train").click();
        window.run_steps(3);
        assert!(!lab.models().exists(), "a button that is grey does nothing");
    }
    let mut window = lab.window(&[]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::M);
    window.run_steps(3);
    window.get_by_label_contains("Select the pure spectra of at least two substances");
}

/// A value that is no number is left out where the file is read, and said; the rest can be trained with.
#[test]
fn a_gap_in_a_file_is_said_and_does_not_hinder() {
    let lab = Lab::new();
    let text = std::fs::read_to_string(lab.path("sugar")).unwrap();
    let cut = |(i, line): (usize, &str)| if i == 40 { "495,NaN".to_owned() } else { line.to_owned() };
    let holed: Vec<String> = text.lines().enumerate().map(cut).collect();
    std::fs::write(lab.path("sugar"), holed.join("\n")).unwrap();
    let mut window = lab.window(&["salt_1", "sugar"]);
    let notices = window.state().notices_text();
    assert!(notices.contains("sugar"), "{notices}");
    ask(&mut window, "Gap", MIXTURES);
    click(&mut window, "Train");
    trained(&mut window, "Gap");
}

#[test]
fn the_substances_that_were_guessed_can_be_corrected() {
    let lab = Lab::new();
    let mut window = lab.window(&["salt_1", "salt_2", "sugar"]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::M);
    window.run_steps(3);
    // The second spectrum of salt is another salt after all.
    click(&mut window, "Spectra of salt");
    retype(&mut window, "Substance of salt_2", "potash");
    window.key_press(Key::Enter);
    window.run_steps(3);
    assert_eq!(window.query_all_by_label("1 spectrum").count(), 3);
    // And sugar is left out by calling it salt.
    retype(&mut window, "Name of substance 3", "salt");
    window.key_press(Key::Enter);
    window.run_steps(3);
    window.get_by_label("2 spectra");
    click(&mut window, "Train with sugar");
    assert_eq!(window.query_all_by_label("1 spectrum").count(), 2);
}
