//! From a drop to all answers, in the window without a screen: `cargo bench --bench answer`.
//!
//! A fresh window, one sample dropped into it, every classical method with the default library. The first window pays for
//! what is made once in a process (the default library, threads); the others are what a working day looks like.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{DroppedFile, Key, Modifiers};
use egui_kittest::Harness;
use unravel::app::{App, Options};

#[derive(Debug)]
struct File(PathBuf);

impl DroppedFile for File {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// Draws frames until something holds, as a window would that is woken by its jobs.
fn until(window: &mut Harness<'_, App>, holds: impl Fn(&App) -> bool) {
    let begun = Instant::now();
    while !holds(window.state()) {
        window.step();
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", window.state().notices_text());
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Milliseconds until the spectrum is in the list, and until the last method has answered.
fn once(sample: &Path) -> (f64, f64) {
    let mut window = Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(|context| App::new(&context.egui_ctx, Options::default()).expect("the window starts"));
    window.run_ok();
    let begun = Instant::now();
    window.input_mut().dropped_files.push(Arc::new(File(sample.to_path_buf())));
    window.step();
    until(&mut window, |app| !app.session().document().items.is_empty());
    let opened = begun.elapsed();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    until(&mut window, |app| {
        app.session().document().comparisons.first().is_some_and(|comparison| {
            app.session().answers().of(comparison.id).count() == comparison.ask.methods.len()
        })
    });
    (opened.as_secs_f64() * 1e3, begun.elapsed().as_secs_f64() * 1e3)
}

fn main() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    println!("{:<30} {:>12} {:>14} {:>14}", "sample", "opened, ms", "answers, ms", "best of 5, ms");
    for name in ["calcite_quartz_mixture.csv", "pain_tablet.jdx", "unknown_powder.spc", "polystyrene.spc"] {
        let (opened, first) = once(&samples.join(name));
        let best = (0..5).map(|_| once(&samples.join(name)).1).fold(f64::INFINITY, f64::min);
        println!("{name:<30} {opened:>12.0} {first:>14.0} {best:>14.0}");
    }
}
