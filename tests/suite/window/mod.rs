//! The window without a screen: widgets are found by their label, clicked, typed into; files are dropped.

mod cars;
mod comfort;
mod compare;
mod desk;
mod drive;
mod export;
mod keyboard;
mod library;
mod map;
mod pictures;
mod prepare;
mod rough;
mod shell;
mod snapshots;
mod sureness;
mod table;
mod train;
mod undo;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, DroppedFile, Event, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};
use unravel::session::Session;

/// Frames without a job after which nothing more comes.
const CALM: usize = 4;
/// Longest time that a job may take in these tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// The window at its usual size, without files of the user's own.
pub fn window() -> Harness<'static, App> {
    start(Options::default(), [1280.0, 800.0])
}

/// A window of this size.
pub fn start(options: Options, size: [f32; 2]) -> Harness<'static, App> {
    Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Light)
        .build_eframe(move |context| App::new(&context.egui_ctx, options).expect("the window starts"))
}

/// A window with one of the samples open.
pub fn with_sample(name: &str) -> Harness<'static, App> {
    let mut harness = window();
    drop_files(&mut harness, &[sample(name)]);
    harness
}

/// Path of a sample.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").join(name)
}

/// The session of a window.
pub fn session<'a>(harness: &'a Harness<'_, App>) -> &'a Session {
    harness.state().session()
}

/// Draws frames until something holds; jobs run on threads of their own.
pub fn until(harness: &mut Harness<'_, App>, what: &str, holds: impl Fn(&Harness<'_, App>) -> bool) {
    let begun = Instant::now();
    loop {
        harness.step();
        if holds(harness) {
            return;
        }
        let notices = harness.state().notices_text();
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}; notices: {notices}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Draws frames until nothing runs any more.
pub fn settle(harness: &mut Harness<'_, App>) {
    // What a click asks for is granted at the end of a frame, and one job's end may begin the next.
    for _ in 0..CALM {
        until(harness, "the jobs are done", |h| !h.state().busy());
    }
    harness.run_ok();
    until(harness, "the jobs are done", |h| !h.state().busy());
}

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

/// Drops files into the window and waits until they are read.
pub fn drop_files(harness: &mut Harness<'_, App>, paths: &[PathBuf]) {
    for path in paths {
        harness.input_mut().dropped_files.push(Arc::new(File(path.clone())));
    }
    harness.step();
    settle(harness);
}

/// Clicks the widget with this label; it may come with a job that just ended.
pub fn click(harness: &mut Harness<'_, App>, label: &str) {
    if harness.query_all_by_label(label).count() != 1 {
        until(harness, &format!("there is one {label:?}"), |h| h.query_all_by_label(label).count() == 1);
    }
    harness.get_by_label(label).click();
    harness.run_ok();
}

/// Presses keys.
pub fn keys(harness: &mut Harness<'_, App>, modifiers: Modifiers, key: egui::Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_ok();
}

/// Types into the field that has the keyboard.
pub fn type_text(harness: &mut Harness<'_, App>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run_ok();
}

/// Chooses these methods, by their names, and no others.
pub fn choose_methods(harness: &mut Harness<'_, App>, names: &[&str]) {
    click(harness, "None");
    for name in names {
        click(harness, name);
    }
}
