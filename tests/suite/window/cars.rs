//! CARS spectra: offered, never decided; recovered by every method side by side.

use std::process::Command;

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::drive::{Window, command, export_to, opened};
use super::{sample, session, settle, until};

fn window(file: &str) -> Window {
    opened(vec![sample(file)], &json!({ "look": "Light" }))
}

/// Waits until all methods have answered.
fn recovered(window: &mut Window) {
    until(window, "the last method's time", |w| {
        w.query_by_label_contains("Maximum entropy · ").is_some() && !w.state().busy()
    });
    settle(window);
}

#[test]
fn a_file_that_says_cars_is_offered_and_recovered_when_the_user_says_so() {
    let mut window = window("toluene_cars.csv");
    window.get_by_label("Its file says that this is a CARS spectrum");
    assert!(window.query_by_label_contains("Maximum entropy").is_none(), "nothing is done before");
    window.get_by_label("Recover its Raman spectrum").click();
    recovered(&mut window);
    // The columns that fit into this window.
    for method in ["RamPINN", "Forward fit"] {
        for row in ["CARS and forward fit", "Recovered Raman", "Background", "Residual"] {
            window.get_by_role_and_label(Role::Canvas, &format!("{row} by {method}"));
        }
    }
    let words = window.query_all_by_label_contains("Toluene").count();
    assert!(words >= 2, "{words} of two methods name it");
    let sure = window.query_all_by_label_contains("explains the measurement").count();
    assert!(sure >= 1);
    // Back and again: the view has its place in the bar now.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    window.run_steps(3);
    assert!(
        window.query_by_label("Recover its Raman spectrum").is_none(),
        "what is done is not offered again"
    );
    window.get_by_label("CARS").click();
    window.run_steps(3);
    window.get_by_role_and_label(Role::Canvas, "Residual by Forward fit");
}

#[test]
fn an_offer_can_be_declined() {
    let mut window = window("toluene_cars.csv");
    window.get_by_label("Do not offer this again").click();
    window.run_steps(3);
    assert!(window.query_by_label("Recover its Raman spectrum").is_none());
}

#[test]
fn a_raman_spectrum_is_offered_nothing_but_its_user_may_call_it_cars() {
    let mut window = window("calcite_quartz_mixture.csv");
    assert!(window.query_by_label("Recover its Raman spectrum").is_none());
    assert!(window.query_by_label("CARS").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    recovered(&mut window);
    window.get_by_role_and_label(Role::Canvas, "Recovered Raman by Forward fit");
}

#[test]
fn methods_are_chosen_and_their_answers_exported_with_the_bytes_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (mine, theirs) = (folder.path().join("window"), folder.path().join("command"));
    let reference = sample("unknown_powder.spc");
    let mut window = opened(vec![sample("toluene_cars.csv"), reference.clone()], &json!({ "look": "Light" }));
    let named = |window: &Window| -> Vec<String> {
        session(window).document().items.iter().map(|item| item.name.clone()).collect()
    };
    let of = session(&window).active().unwrap();
    assert_eq!(session(&window).document().subject_name(of), named(&window)[0]);
    command(&mut window, "Recover Raman from CARS");
    recovered(&mut window);
    for method in ["RamPINN", "Maximum entropy"] {
        window.get_by_role_and_label(Role::CheckBox, method).click();
        window.run_steps(2);
    }
    window.get_by_label_contains("What is chosen above differs");
    window.get_by_role_and_label(Role::ComboBox, "Reference, None").click();
    window.run_steps(3);
    let choice = named(&window)[1].clone();
    window.get_all_by_label(&choice).last().unwrap().click();
    window.run_steps(3);
    window.get_by_label("Recover again").click();
    until(&mut window, "both have answered", |w| {
        w.query_by_label_contains("Maximum entropy · ").is_none()
            && w.query_by_label_contains("Kramers-Kronig · ").is_some()
            && !w.state().busy()
    });
    settle(&mut window);
    assert!(window.query_by_label_contains("What is chosen above differs").is_none());

    command(&mut window, "Export components");
    window.get_by_label("Export recovered spectra");
    export_to(&mut window, "Folder for the files", &mine);
    until(&mut window, "the export is done", |w| w.state().notices_text().contains("Exported"));
    let done = Command::new(env!("CARGO_BIN_EXE_unravel"))
        .args(["recover", "--method", "fit,kk", "--top", "3", "--reference"])
        .arg(&reference)
        .arg("--out")
        .arg(&theirs)
        .arg(sample("toluene_cars.csv"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut files: Vec<String> = std::fs::read_dir(&mine)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files.len(), 4, "{files:?}");
    for method in ["fit", "kk"] {
        let name = files.iter().find(|name| name.ends_with(&format!("_{method}.csv"))).unwrap();
        let other = std::fs::read(theirs.join(format!("toluene_cars_{method}.csv"))).unwrap();
        assert!(std::fs::read(mine.join(name)).unwrap() == other, "{method}");
    }
    let text = |folder: &std::path::Path| std::fs::read_to_string(folder.join("lines.csv")).unwrap();
    assert_eq!(text(&mine), text(&theirs));
}

#[test]
fn recovered_spectra_become_spectra_of_the_list_that_are_not_taken_for_cars() {
    let mut window = window("toluene_cars.csv");
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    recovered(&mut window);
    command(&mut window, "Add recovered spectra to the list");
    settle(&mut window);
    let items: Vec<_> = session(&window).document().items.iter().map(|item| item.name.clone()).collect();
    assert_eq!(items.len(), 5, "{items:?}");
    assert!(items[1].ends_with(", Raman by RamPINN"), "{items:?}");
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    settle(&mut window);
    assert!(window.query_by_label("Recover its Raman spectrum").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run_steps(3);
    assert_eq!(session(&window).document().items.len(), 1);
}

#[test]
fn one_recovered_spectrum_alone_goes_into_the_list() {
    let mut window = window("toluene_cars.csv");
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    recovered(&mut window);
    window.get_all_by_label("To the list").next().unwrap().click();
    settle(&mut window);
    let items = &session(&window).document().items;
    assert!(items.len() == 2 && items[1].name.ends_with(", Raman by RamPINN"), "{}", items[1].name);
}
