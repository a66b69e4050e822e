use std::time::{Duration, Instant};

use eframe::egui;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};

fn wait(h: &mut Harness<'_, App>, what: &str, ok: impl Fn(&Harness<'_, App>) -> bool) {
    let start = Instant::now();
    while !ok(h) {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} {}", h.state().notices_text());
        h.step();
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn picture(name: &str, file: &str, size: [f32; 2], dark: bool, with: impl Fn(&mut Harness<'_, App>)) {
    let screen = format!(r#"{{"tab":"Compare","look":"{}"}}"#, if dark { "Dark" } else { "Light" });
    let options = Options { files: vec![format!("sample_data/{file}").into()], screen: Some(screen), keeps: false };
    let mut h = Harness::builder().with_size(size).build_eframe(|cc| App::new(&cc.egui_ctx, options).unwrap());
    wait(&mut h, "open", |h| !h.state().session().document().items.is_empty());
    h.run_steps(3);
    h.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
    let done = |h: &Harness<'_, App>| {
        let s = h.state().session();
        s.document().comparisons.last().is_some_and(|c| c.ask.methods.iter().all(|m| s.answers().get(c.id, &m.id).is_some()))
    };
    let start = Instant::now();
    wait(&mut h, "answers", done);
    println!("{name} {:?}", start.elapsed());
    for _ in 0..60 { h.step(); std::thread::sleep(Duration::from_millis(10)); }
    with(&mut h);
    for _ in 0..40 { h.step(); std::thread::sleep(Duration::from_millis(10)); }
    h.render().unwrap().save(format!("/tmp/b4/compare_{name}.png")).unwrap();
}

#[test]
#[ignore]
fn pictures() {
    let none = |_: &mut Harness<'_, App>| {};
    picture("cq_light", "calcite_quartz_mixture.csv", [1280.0, 800.0], false, none);
    picture("cq_dark_big", "calcite_quartz_mixture.csv", [1920.0, 1080.0], true, none);
    picture("pain_dark", "pain_tablet.jdx", [1280.0, 800.0], true, |h| { h.hover_at(egui::pos2(420.0, 500.0)); });
    picture("pain_light_big", "pain_tablet.jdx", [1920.0, 1080.0], false, none);
    picture("cq_detail", "calcite_quartz_mixture.csv", [1280.0, 800.0], false, |h| {
        h.get_all_by_label_contains("Look closely at").next().unwrap().click();
        h.run_steps(5);
    });
}
