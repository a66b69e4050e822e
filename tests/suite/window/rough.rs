//! Rough handling: drops that go wrong, names nobody should give, windows and spectra of odd sizes.

use std::path::{Path, PathBuf};

use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use unravel::app::{App, Options};
use unravel::process::Pipeline;
use unravel::session::{Command, Data, NewItem, Source};
use unravel::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::drive::{Window, command, compare};
use super::{drop_files, keys, sample, session, settle, until, window, with_sample};

/// A table of two columns that any reader takes.
fn write_curve(path: &Path, offset: usize) {
    let text: String = (0..60).map(|x| format!("{}\t{}\n", 200 + 10 * x, x % 7 + offset)).collect();
    std::fs::write(path, text).unwrap();
}

fn count(window: &Window) -> usize {
    session(window).document().items.len()
}

#[test]
fn a_file_that_is_gone_before_it_is_read_is_one_notice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gone.csv");
    write_curve(&file, 0);
    let mut window = window();
    window.run_ok();
    std::fs::remove_file(&file).unwrap();
    drop_files(&mut window, &[file, sample("polystyrene.spc")]);
    assert_eq!(count(&window), 1);
    let notices = window.state().notices_text();
    assert!(notices.contains("gone.csv") && notices.lines().count() == 1, "{notices}");
}

#[test]
fn an_empty_file_is_a_notice_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nothing.spc");
    std::fs::write(&file, b"").unwrap();
    let mut window = window();
    drop_files(&mut window, &[file]);
    assert_eq!(count(&window), 0);
    let notices = window.state().notices_text();
    assert!(notices.contains("nothing.spc") && notices.contains("empty"), "{notices}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_into_itself_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    write_curve(&inner.join("curve.txt"), 0);
    std::os::unix::fs::symlink(folder.path(), inner.join("back")).unwrap();
    std::os::unix::fs::symlink(inner.join("itself"), inner.join("itself")).unwrap();
    let mut window = window();
    drop_files(&mut window, &[folder.path().to_path_buf()]);
    assert_eq!(count(&window), 1, "{}", window.state().notices_text());
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_a_notice_and_the_others_load() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let shut = folder.path().join("shut");
    std::fs::create_dir(&shut).unwrap();
    write_curve(&shut.join("inside.txt"), 0);
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&shut).is_ok() {
        println!("skipped: this user may read every folder");
        return;
    }
    let mut window = window();
    drop_files(&mut window, &[shut.clone(), sample("polystyrene.spc")]);
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(count(&window), 1);
    assert!(window.state().notices_text().contains("shut"), "{}", window.state().notices_text());
}

#[test]
fn half_a_session_is_a_notice_and_the_open_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, half) = (folder.path().join("whole.unravel"), folder.path().join("half.unravel"));
    let mut window = with_sample("polystyrene.spc");
    window.state_mut().wish_save(whole.clone());
    window.step();
    settle(&mut window);
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let before = session(&window).document().clone();
    window.state_mut().wish_command(Command::Rename(before.items[0].id, "changed".to_owned()));
    window.run_ok();
    let before = session(&window).document().clone();
    drop_files(&mut window, &[half]);
    if window.query_by_label("Do not save").is_some() {
        super::click(&mut window, "Do not save");
        settle(&mut window);
    }
    let notices = window.state().notices_text();
    assert!(notices.contains("half.unravel"), "{notices}");
    assert_eq!(*session(&window).document(), before, "the open session stays");
    assert!(session(&window).unsaved(), "what is unsaved is still known to be");
    assert_eq!(session(&window).path(), Some(whole.as_path()));
    keys(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(session(&window).document().items.len(), 1, "undo goes on");
}

#[test]
fn a_drop_under_an_open_dialog_is_opened_and_the_dialog_stays() {
    let mut window = with_sample("polystyrene.spc");
    keys(&mut window, Modifiers::NONE, Key::F2);
    assert!(window.query_by_label("Name").is_some());
    drop_files(&mut window, &[sample("paracetamol.jdx")]);
    assert_eq!(count(&window), 2);
    assert!(window.query_by_label("Name").is_some(), "the dialog is still there");
    super::type_text(&mut window, "PS");
    keys(&mut window, Modifiers::NONE, Key::Enter);
    let names: Vec<&str> = session(&window).document().items.iter().map(|i| i.name.as_str()).collect();
    assert!(names[0].contains("PS") && !names[1].contains("PS"), "{names:?}");
}

#[test]
fn a_file_dropped_twice_is_there_twice_and_told_apart_by_its_id() {
    let mut window = window();
    let file = sample("polystyrene.spc");
    drop_files(&mut window, std::slice::from_ref(&file));
    drop_files(&mut window, &[file]);
    let items = &session(&window).document().items;
    assert_eq!(items.len(), 2);
    assert_ne!(items[0].id, items[1].id);
    assert_ne!(items[0].colour, items[1].colour);
}

#[test]
fn three_drops_before_the_first_is_read_all_arrive_and_each_is_a_step_of_undo() {
    let folder = tempfile::tempdir().unwrap();
    let mut drops: Vec<PathBuf> = Vec::new();
    for drop in 0..3 {
        let inside = folder.path().join(format!("drop{drop}"));
        std::fs::create_dir(&inside).unwrap();
        (0..40).for_each(|i| write_curve(&inside.join(format!("{drop}_{i:02}.txt")), i));
        drops.push(inside);
    }
    let mut window = window();
    for drop in &drops {
        let file = super::File(drop.clone());
        window.input_mut().dropped_files.push(std::sync::Arc::new(file));
        window.step();
    }
    settle(&mut window);
    assert_eq!(count(&window), 120, "{}", window.state().notices_text());
    let names = session(&window).document().items.iter().map(|item| item.name.clone());
    let names: std::collections::BTreeSet<String> = names.collect();
    assert_eq!(names.len(), 120);
    for left in [80, 40, 0] {
        keys(&mut window, Modifiers::COMMAND, Key::Z);
        assert_eq!(count(&window), left);
    }
    for _ in 0..3 {
        keys(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    assert_eq!(count(&window), 120);
}

/// A window that draws boxes for characters of which no font knows a picture, as it does for a user.
fn any_letters() -> Window {
    Harness::builder()
        .with_size([1280.0, 800.0])
        .with_theme(Theme::Light)
        .allow_missing_glyphs()
        .build_eframe(|context| App::new(&context.egui_ctx, Options::default()).expect("the window starts"))
}

fn add(window: &mut Window, named: &[(&str, Spectrum)]) {
    let items = named.iter().map(|(name, spectrum)| NewItem {
        name: (*name).to_owned(),
        raw: Data::Curve(spectrum.clone()),
        source: Source { path: format!("{name}.csv"), number: 1, format: "CSV".to_owned() },
        warnings: Vec::new(),
        group: (*name).to_owned(),
    });
    window.state_mut().wish_command(Command::Add(items.collect()));
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    settle(window);
}

fn curve(points: usize, value: impl Fn(usize) -> f32) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, 200.0, 1_800.0, points).unwrap();
    let y: Vec<f32> = (0..points).map(value).collect();
    Spectrum::new(axis, y, Metadata::titled("made here")).unwrap()
}

/// Shows every tab with every tool.
fn everywhere(window: &mut Window) {
    for tab in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.key_press_modifiers(Modifiers::COMMAND, tab);
        window.run_steps(2);
    }
    for side in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.key_press_modifiers(Modifiers::ALT, side);
        window.run_steps(2);
    }
}

#[test]
fn names_of_ten_thousand_letters_control_characters_and_other_scripts_are_drawn_everywhere() {
    let long = "long ".repeat(2_000) + "end";
    let odd = [
        "tab\tbreak\nbell\u{7}null\0",
        "\u{202e}تحليل طيف رامان",
        "拉曼光谱 ラマン 라만",
        "👩‍🔬é\u{301}\u{200b}",
    ];
    let mut window = any_letters();
    let one = curve(50, |i| (i % 9) as f32);
    let mut named = vec![(long.as_str(), one.clone())];
    named.extend(odd.iter().map(|name| (*name, one.clone())));
    add(&mut window, &named);
    everywhere(&mut window);
    for name in
        ["Rename…", "Group…", "Assign true components…", "Export visible curves (CSV)…", "Peak labels"]
    {
        command(&mut window, name);
        window.key_press(Key::Escape);
        window.run_steps(2);
    }
    compare_with_nnls(&mut window);
    everywhere(&mut window);
    for item in &session(&window).document().items {
        assert!(
            item.name.chars().count() <= 300 && !item.name.chars().any(char::is_control),
            "{}",
            item.name
        );
    }
    assert_eq!(session(&window).document().items[3].name, odd[2]);
}

#[test]
fn a_file_with_a_name_in_another_script_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = any_letters();
    let files: Vec<PathBuf> = ["拉曼 光谱.txt", "\u{202e}طيف.txt", "new\nline.txt"]
        .iter()
        .map(|name| folder.path().join(name))
        .collect();
    for file in &files {
        write_curve(file, 1);
    }
    drop_files(&mut window, &files);
    assert_eq!(count(&window), 3, "{}", window.state().notices_text());
    everywhere(&mut window);
}

/// Compares by one quick method, chosen in the panel as a user would.
fn compare_with_nnls(window: &mut Window) {
    window.key_press_modifiers(Modifiers::ALT, Key::Num3);
    window.run_steps(3);
    super::choose_methods(window, &["NNLS"]);
    compare(window);
}

#[test]
fn every_tab_survives_a_window_of_a_stamp_and_one_of_a_wall() {
    let mut window = with_sample("polymer_map.txt");
    drop_files(&mut window, &[sample("calcite_quartz_mixture.csv")]);
    compare_with_nnls(&mut window);
    for size in [vec2(200.0, 150.0), vec2(4_000.0, 3_000.0), vec2(1.0, 1.0), vec2(1280.0, 800.0)] {
        window.set_size(size);
        everywhere(&mut window);
        for name in ["Help", "Export figure (PNG, SVG)…", "Log"] {
            command(&mut window, name);
            window.key_press(Key::Escape);
            window.run_steps(2);
        }
    }
    assert_eq!(count(&window), 2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    window.run_steps(3);
    window.get_by_label("Search spectra");
}

/// Compares, searches, prepares and shows these spectra in every way.
fn put_through(spectra: &[(&str, Spectrum)]) {
    let mut window = window();
    add(&mut window, spectra);
    everywhere(&mut window);
    for item in session(&window).document().items.clone() {
        for steps in ["despike", "arpls|normalize:max", "crop:300-900", "savgol"] {
            let Ok(pipeline) = steps.parse() else { panic!("{steps} is no pipeline") };
            window.state_mut().wish_command(Command::Prepare(vec![item.id], pipeline));
            window.run_steps(2);
            settle(&mut window);
        }
        window.state_mut().wish_command(Command::Prepare(vec![item.id], Pipeline::default()));
        window.run_steps(2);
    }
    for _ in spectra {
        compare_with_nnls(&mut window);
        everywhere(&mut window);
        command(&mut window, "Search library");
        settle(&mut window);
        window.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
        window.run_steps(2);
    }
    for name in
        ["Normalise for view", "Stack", "Stack", "Reverse axis", "Axis in cm⁻¹ or nm", "Peak labels", "Ruler"]
    {
        command(&mut window, name);
        window.run_steps(2);
        settle(&mut window);
    }
    assert_eq!(count(&window), spectra.len());
}

#[test]
fn spectra_of_two_points_constant_ones_and_huge_values_go_through_everything() {
    put_through(&[
        ("two points", curve(2, |i| i as f32)),
        ("constant", curve(200, |_| 5.0)),
        ("zero", curve(200, |_| 0.0)),
        ("huge", curve(200, |i| if i % 20 == 0 { 3.0e38 } else { -3.0e38 })),
        ("tiny", curve(200, |i| if i % 20 == 0 { 1.0e-42 } else { 0.0 })),
    ]);
}

/// Slow because a baseline and a comparison of a million points are computed in the dev profile.
#[test]
fn a_spectrum_of_a_million_points_goes_through_everything() {
    let mut window = window();
    add(&mut window, &[("million", curve(1_000_000, |i| (i % 1_000) as f32))]);
    everywhere(&mut window);
    for name in
        ["Normalise for view", "Stack", "Reverse axis", "Axis in cm⁻¹ or nm", "Peak labels", "Search library"]
    {
        command(&mut window, name);
        until(&mut window, "the jobs are done", |w| !w.state().busy());
    }
    // The library over a million positions takes its time; what matters is that it can be stopped.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run_steps(5);
    command(&mut window, "Cancel running jobs");
    until(&mut window, "the comparison is cancelled", |w| !w.state().busy());
    everywhere(&mut window);
    assert_eq!(count(&window), 1);
}
