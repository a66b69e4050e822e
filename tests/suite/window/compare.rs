//! The comparison: methods side by side, verdicts, references chosen by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};
use unravel::methods::Outcome;
use unravel::session::{Answer, Comparison};

/// Longest wait for a job, in a test build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn wait(window: &mut Harness<'_, App>, what: &str, until: impl Fn(&Harness<'_, App>) -> bool) {
    let start = Instant::now();
    while !until(window) {
        assert!(
            start.elapsed() < PATIENCE,
            "{what} did not happen; notices: {}",
            window.state().notices_text()
        );
        window.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    window.run_steps(2);
}

/// The window with these files and methods, the comparison in the middle.
fn opened(files: Vec<PathBuf>, methods: &[&str]) -> Harness<'static, App> {
    let count = files.len();
    let screen = serde_json::json!({ "tab": "Compare", "look": "Light", "methods": { "chosen": methods } });
    let options = Options { files, screen: Some(screen.to_string()), ..Options::default() };
    let mut window = Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(|cc| App::new(&cc.egui_ctx, options).expect("the window opens"));
    wait(&mut window, "opening", |w| w.state().session().document().items.len() == count);
    window
}

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_data").join(name)
}

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
    wait(window, "an answer of every method", |w| {
        w.state().session().document().comparisons.len() == comparisons
            && methods.iter().all(|method| answer(w, method).is_some())
    });
}

#[test]
fn two_methods_stand_side_by_side_and_a_substance_has_one_row() {
    let methods = ["nnomp", "sunsal"];
    let mut window = mixture(&methods);
    window.get_by_label("No comparison yet");
    window.get_by_label("Compare methods").click();
    answered(&mut window, 1, &methods);
    for method in methods {
        assert!(found(&window, method).iter().any(|s| s == "Calcite"), "{:?}", found(&window, method));
    }
    let rect = |label: &str| window.get_by_label(label).rect();
    let (first, second) =
        (rect("Look closely at Calcite by NNOMP"), rect("Look closely at Calcite by SUnSAL"));
    assert!((first.top() - second.top()).abs() < 1.0, "{first:?} {second:?}");
    assert!(second.left() - first.left() > 250.0);
    let (first, second) = (rect("Mixture by NNOMP"), rect("Mixture by SUnSAL"));
    assert!((first.width() - second.width()).abs() < 1.0);
}
