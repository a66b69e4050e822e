//! Everything that leaves the window: files, figures, the report, and what is said when they cannot be written.

use std::path::{Path, PathBuf};
use std::process::Command;

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::json;
use unravel::formats::{Limits, decode};

use super::drive::{Window, command, compare, export_to, opened, retype};
use super::{sample, session, settle, until};

/// The sample mixture taken apart by two quick methods.
fn compared() -> Window {
    let screen = json!({ "look": "Light", "methods": { "chosen": ["nnomp", "nnls"] } });
    let mut window = opened(vec![sample("calcite_quartz_mixture.csv")], &screen);
    compare(&mut window);
    window
}

fn exported(window: &mut Window) {
    until(window, "the export is done", |w| w.state().notices_text().contains("Exported"));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Lines of a CSV by column, without the columns that differ from run to run.
fn cells(path: &Path, without: &[&str]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let kept: Vec<usize> = (0..lines[0].len()).filter(|&i| !without.contains(&&lines[0][i])).collect();
    lines.iter().map(|line| kept.iter().map(|&i| line[i].to_owned()).collect()).collect()
}

#[test]
fn components_are_exported_with_the_bytes_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (mine, theirs) = (folder.path().join("new/window"), folder.path().join("command"));
    let mut window = compared();
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    window.run_steps(3);
    window.get_by_label("Export components");
    export_to(&mut window, "Folder for the files", &mine);
    exported(&mut window);
    assert!(window.state().notices_text().contains(&mine.display().to_string()), "the whole path is said");

    let done = Command::new(env!("CARGO_BIN_EXE_unravel"))
        .args(["unmix", "--method", "nnomp,nnls", "--out"])
        .arg(&theirs)
        .arg(sample("calcite_quartz_mixture.csv"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let made = names(&mine);
    assert_eq!(made.len(), 3, "{made:?}");
    for method in ["nnomp", "nnls"] {
        let tail = format!("_{method}.csv");
        let name = made.iter().find(|name| name.ends_with(&tail)).unwrap();
        let other = theirs.join(format!("calcite_quartz_mixture{tail}"));
        assert!(std::fs::read(mine.join(name)).unwrap() == std::fs::read(other).unwrap(), "{method}");
    }
    let without = ["ms", "file"];
    assert_eq!(cells(&mine.join("summary.csv"), &without), cells(&theirs.join("summary.csv"), &without));
    let named: Vec<String> =
        cells(&mine.join("summary.csv"), &[])[1..].iter().map(|line| line[16].clone()).collect();
    assert!(named.iter().all(|name| made.contains(name)), "{named:?}");
}

#[test]
fn one_method_can_be_exported_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = compared();
    command(&mut window, "Export components");
    window.get_all_by_label("NNLS").last().unwrap().click();
    window.run_steps(2);
    export_to(&mut window, "Folder for the files", folder.path());
    exported(&mut window);
    let made = names(folder.path());
    assert!(made.len() == 2 && made[0].ends_with("_nnls.csv") && made[1] == "summary.csv", "{made:?}");
}

#[test]
fn a_file_that_is_there_is_replaced_only_once_it_is_ticked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, "mine").unwrap();
    let mut window = compared();
    command(&mut window, "Export comparison table");
    export_to(&mut window, "File to write", &path);
    settle(&mut window);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    window.get_by_label("Replace table.csv").click();
    window.run_steps(2);
    window.get_by_label("Export").click();
    exported(&mut window);
    let lines = cells(&path, &[]);
    assert_eq!(lines[0][..4], ["spectrum", "method", "method_name", "component"]);
    let scored = |line: &Vec<String>| line[11].parse::<f64>().is_ok_and(|score| score > 0.5);
    assert!(lines.len() > 4 && lines[1..].iter().any(scored), "{lines:?}");
}

#[test]
fn enter_before_the_folder_was_looked_at_replaces_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.csv");
    std::fs::write(&path, "mine").unwrap();
    let mut window = compared();
    command(&mut window, "Export visible curves");
    retype(&mut window, "File to write", &path.display().to_string());
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    window.get_by_label("Replace curves.csv");
}

#[test]
fn figures_are_written_as_png_and_svg_of_the_size_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = compared();
    for (tab, stem) in [(Key::Num1, "spectra"), (Key::Num3, "comparison")] {
        window.key_press_modifiers(Modifiers::COMMAND, tab);
        window.run_steps(3);
        for extension in ["png", "svg"] {
            let path = folder.path().join(format!("{stem}.{extension}"));
            window.key_press_modifiers(Modifiers::COMMAND, Key::P);
            window.run_steps(3);
            export_to(&mut window, "File to write", &path);
            until(&mut window, "the figure is there", |_| path.exists());
            let bytes = std::fs::read(&path).unwrap();
            if extension == "png" {
                assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
                // 178 mm at 300 dpi.
                assert_eq!(u32::from_be_bytes(bytes[16..20].try_into().unwrap()), 2102);
            } else {
                let text = String::from_utf8(bytes).unwrap();
                let wanted = if stem == "spectra" {
                    &["Raman shift (cm"][..]
                } else {
                    &["Residual", "NNLS", "Calcite"]
                };
                assert!(roxmltree::Document::parse(&text).is_ok());
                assert!(wanted.iter().all(|word| text.contains(word)), "{stem}");
            }
        }
    }
}

#[test]
fn a_report_holds_names_and_figures_and_no_script() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let mut window = compared();
    command(&mut window, "Export report");
    export_to(&mut window, "File to write", &path);
    exported(&mut window);
    let page = std::fs::read_to_string(&path).unwrap();
    for word in ["Calcite", "Quartz", "NNOMP", "NNLS", "UTC", env!("CARGO_PKG_VERSION")] {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(page.matches("<svg").count(), 2, "the curves in view and the comparison");
    assert!(!page.contains("<script") && !page.contains("http-equiv") && !page.contains(" on"), "no script");
}

#[test]
fn spectra_with_hostile_names_become_files_with_safe_names() {
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let long = "long ".repeat(60);
    let mut files = Vec::new();
    for (number, title) in ["<b>", "../x", long.as_str(), "<b>"].into_iter().enumerate() {
        let path = from.path().join(format!("{number}.jdx"));
        let text = format!(
            "##TITLE={title}\n##JCAMP-DX=4.24\n##DATA TYPE=RAMAN SPECTRUM\n##XUNITS=1/CM\n##YUNITS=COUNTS\n##FIRSTX=100\n##LASTX=400\n##NPOINTS=4\n##XFACTOR=1\n##YFACTOR=1\n##XYDATA=(X++(Y..Y))\n100 1 5 2 {number}\n##END=\n"
        );
        std::fs::write(&path, text).unwrap();
        files.push(path);
    }
    let mut window = opened(files, &json!({ "look": "Light" }));
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    command(&mut window, "Export spectra");
    window.get_by_label("JCAMP-DX").click();
    window.run_steps(2);
    export_to(&mut window, "Folder for the files", into.path());
    exported(&mut window);
    let made = names(into.path());
    assert_eq!(made.len(), 4, "{made:?}");
    assert!(made.contains(&"_b_.jdx".to_owned()) && made.contains(&"_b_-2.jdx".to_owned()), "{made:?}");
    assert!(made.contains(&"_x.jdx".to_owned()) && made.iter().all(|name| name.len() < 140), "{made:?}");
    let bytes = std::fs::read(into.path().join("_x.jdx")).unwrap();
    let decoded = decode("_x.jdx", &bytes, Limits::default()).1.unwrap();
    assert_eq!(decoded.spectra().next().unwrap().meta.title.as_deref(), Some("../x"));
    let beside = into.path().parent().unwrap().join("x.jdx");
    assert!(!beside.exists(), "nothing leaves the folder");
}

#[test]
fn a_map_is_exported_with_all_its_spectra_and_as_a_figure_on_the_scale_of_the_stage() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(vec![sample("polymer_map.txt")], &json!({ "look": "Light" }));
    settle(&mut window);
    command(&mut window, "Export spectra");
    window.get_by_label("Galactic SPC").click();
    window.run_steps(2);
    let path = folder.path().join("map.spc");
    export_to(&mut window, "File to write", &path);
    exported(&mut window);
    let rows = session(&window).document().items[0].raw.len();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(decode("map.spc", &bytes, Limits::default()).1.unwrap().count(), rows);

    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.run_steps(3);
    settle(&mut window);
    let path = folder.path().join("map.svg");
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.run_steps(3);
    export_to(&mut window, "File to write", &path);
    until(&mut window, "the figure is there", |_| path.exists());
    let drawn = std::fs::read_to_string(&path).unwrap();
    assert!(
        drawn.contains("x (µm)") && drawn.contains("<image") && drawn.contains("Band "),
        "a map over its stage"
    );
}

#[test]
fn results_of_many_are_exported_as_they_are_filtered() {
    let folder = tempfile::tempdir().unwrap();
    let screen = json!({ "look": "Light", "methods": { "chosen": ["nnomp", "nnls"] } });
    let mut window = opened(vec![sample("calcite_quartz_series.spc")], &screen);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    let count = session(&window).document().items[0].raw.len();
    until(&mut window, "the table is full", |w| {
        let rows = session(w).answers().batches().map(|(_, table)| table.rows.len()).max();
        rows == Some(2 * count)
    });
    settle(&mut window);
    let path = folder.path().join("all.csv");
    command(&mut window, "Export results of many");
    export_to(&mut window, "File to write", &path);
    exported(&mut window);
    let lines = cells(&path, &[]);
    assert_eq!(lines[0][8], "method");
    let subjects: std::collections::BTreeSet<&String> = lines[1..].iter().map(|line| &line[0]).collect();
    assert_eq!(subjects.len(), count);
    assert!(
        lines[1..].iter().any(|line| line[8] == "nnls") && lines[1..].iter().any(|line| line[8] == "nnomp")
    );

    retype(&mut window, "Filter rows", "NNLS");
    settle(&mut window);
    let path = folder.path().join("filtered.csv");
    command(&mut window, "Export results of many");
    window.get_by_label("Semicolon, decimal comma").click();
    window.run_steps(2);
    export_to(&mut window, "File to write", &path);
    until(&mut window, "the export is done", |_| path.exists());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.lines().skip(1).all(|line| line.split(';').nth(8) == Some("nnls")), "{text}");
    assert!(text.lines().count() > count, "every spectrum has a row: {text}");
}

/// Places that cannot be written to: one that belongs to the system, and one below a file.
fn closed_places(folder: &Path) -> Vec<PathBuf> {
    let file = folder.join("a file");
    std::fs::write(&file, "x").unwrap();
    let mut places = vec![file.join("table.csv")];
    if cfg!(target_os = "linux") {
        // Closed even for the superuser, whom folders without write permission do not stop.
        places.push(PathBuf::from("/proc/version_of_nothing/table.csv"));
    }
    places
}

#[test]
fn a_place_that_cannot_be_written_to_is_a_sentence_and_the_window_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = compared();
    for path in closed_places(folder.path()) {
        command(&mut window, "Export comparison table");
        export_to(&mut window, "File to write", &path);
        let folder = path.parent().unwrap().display().to_string();
        until(&mut window, "the sentence stands there", |w| w.state().notices_text().contains(&folder));
        let text = window.state().notices_text();
        assert!(text.contains("choose another"), "{text}");
    }
    let good = folder.path().join("good.csv");
    command(&mut window, "Export comparison table");
    export_to(&mut window, "File to write", &good);
    exported(&mut window);
    assert!(good.exists());
}
