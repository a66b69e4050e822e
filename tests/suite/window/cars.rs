//! CARS spectra: offered, never decided; recovered by every method side by side.

use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::drive::{Window, opened};
use super::{sample, settle, until};

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
