//! `unravel unmix` and `unravel methods` as scripts use them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::script::{json, said, sample, unravel};

const METHODS: [&str; 5] = ["nnomp", "nnols", "sunsal", "nnls", "fcls"];

/// Every line of a CSV file as its cells.
fn table(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// `unmix` into a fresh folder, which must go well.
fn unmix(folder: &Path, args: &[&str]) -> Value {
    let out = folder.display().to_string();
    let output = unravel(&[&["unmix", "--json", "--out", &out], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    json(&output)
}

fn species(row: &Value) -> Vec<&str> {
    row["components"].as_array().unwrap().iter().map(|c| c["species"].as_str().unwrap_or("?")).collect()
}

#[test]
fn every_method_names_the_components_of_the_sample_mixtures() {
    let folder = tempfile::tempdir().unwrap();
    for (file, count, expected) in [
        ("calcite_quartz_mixture.csv", "2", &["Calcite", "Quartz"][..]),
        ("pain_tablet.jdx", "3", &["Paracetamol", "Aspirin", "Caffeine"]),
        ("solvents_785nm.txt", "2", &["Toluene", "Acetonitrile"]),
    ] {
        let out = folder.path().join(file);
        let report = unmix(&out, &[&sample(file), "--method", &METHODS.join(","), "--components", count]);
        for (row, method) in report["results"].as_array().unwrap().iter().zip(METHODS) {
            // FCLS forces the weights to a sum that Raman intensities do not have, and pays with other species.
            let looked_at = if method == "fcls" { 1 } else { expected.len() };
            let right = &expected[..looked_at];
            assert_eq!(row["method"], method);
            assert_eq!(&species(row)[..looked_at], right, "{file} {method}");
        }
    }
}

#[test]
fn what_is_known_to_be_there_or_not_is_part_of_every_answer_or_of_none() {
    let folder = tempfile::tempdir().unwrap();
    let mixture = sample("calcite_quartz_mixture.csv");
    let all = "evidence,rssnet,nnomp,nnols,sunsal,nnls,fcls";
    let report = unmix(
        &folder.path().join("known"),
        &[&mixture, "--method", all, "--with", "gypsum", "--without", " QUARTZ "],
    );
    let rows = report["results"].as_array().unwrap();
    assert_eq!(rows.len(), 7);
    for row in rows {
        assert!(!species(row).contains(&"Quartz"), "{row}");
        let notes = row["notes"].to_string();
        assert!(notes.contains("excluded as asked: Quartz"), "{notes}");
        let held = species(row).contains(&"Gypsum");
        let said = if held { "fixed as asked: Gypsum" } else { "no positive amount of it fits" };
        assert!(notes.contains(said), "{notes}");
    }
    let out = folder.path().join("never").display().to_string();
    for (wishes, sentence) in [
        (&["--with", "Quarz"][..], "did you mean 'Quartz'"),
        (&["--without", "nothing like it"], "no such species"),
        (&["--with", "Quartz", "--without", "quartz"], "choose one of the two"),
    ] {
        let output = unravel(&[&["unmix", &mixture, "--out", &out], wishes].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(sentence), "{}", said(&output));
        assert!(!Path::new(&out).exists(), "nothing was begun");
    }
}

#[test]
fn json_and_both_summaries_hold_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mixture = sample("calcite_quartz_mixture.csv");
    let truth = sample("quartz_rruff.txt");
    let printed = unmix(folder.path(), &[&mixture, "--method", "nnomp,nnls", "--truth", &truth]);
    let saved = std::fs::read(folder.path().join("summary.json")).unwrap();
    assert_eq!(printed, serde_json::from_slice::<Value>(&saved).unwrap());
    let lines = table(&folder.path().join("summary.csv"));
    let header = &lines[0];
    let mut next = lines[1..].iter();
    for row in printed["results"].as_array().unwrap() {
        for component in row["components"].as_array().unwrap() {
            let line: BTreeMap<&str, &str> = header
                .iter()
                .map(String::as_str)
                .zip(next.next().unwrap().iter().map(String::as_str))
                .collect();
            assert_eq!(line["component"], component["name"].as_str().unwrap());
            for (key, value) in [
                ("share", &component["share"]),
                ("confidence", &component["confidence"]),
                ("si_snr_db", &component["si_snr_db"]),
                ("residual_rms", &row["residual_rms"]),
                ("noise", &row["noise"]),
                ("residual_over_noise", &row["residual_over_noise"]),
                ("ms", &row["ms"]),
                ("spectrum", &row["spectrum"]),
            ] {
                match value.as_f64() {
                    None => assert_eq!(line[key], "", "{key}"),
                    Some(value) => {
                        // JSON numbers are read with an error of one unit in the last place.
                        let found: f64 = line[key].parse().unwrap();
                        assert!((found - value).abs() <= 1e-15 * value.abs(), "{key}: {found} {value}");
                    }
                }
            }
            for key in ["file", "method", "device", "path"] {
                assert_eq!(line[key], row[key].as_str().unwrap(), "{key}");
            }
        }
    }
    assert!(next.next().is_none());
    // One pure spectrum: it belongs to the component that is most like it, and the others have none.
    for row in printed["results"].as_array().unwrap() {
        for component in row["components"].as_array().unwrap() {
            let is_quartz = component["species"] == "Quartz";
            assert_eq!(component["si_snr_db"].as_f64().is_some(), is_quartz, "{component}");
            assert!(!is_quartz || component["si_snr_db"].as_f64().unwrap() > 10.0, "{component}");
        }
    }
}

#[test]
fn the_curves_of_a_result_add_up_and_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let report = unmix(folder.path(), &[&sample("pain_tablet.jdx"), "--range", "300-1700"]);
    let row = &report["results"][0];
    let file = folder.path().join(row["file"].as_str().unwrap());
    let lines = table(&file);
    assert_eq!(lines[0][..5], ["raman_shift_cm-1", "mixture", "reconstruction", "background", "residual"]);
    assert_eq!(lines[0][5..], species(row));
    for line in &lines[1..] {
        let cells: Vec<f64> = line.iter().map(|c| c.parse().unwrap()).collect();
        assert!((300.0..=1700.0).contains(&cells[0]));
        let sum: f64 = cells[3..].iter().sum();
        // Counts up to 30,000 as f32.
        assert!((sum - cells[1]).abs() < 0.05 && (cells[2] + cells[4] - cells[1]).abs() < 0.05, "{line:?}");
    }
    let info = json(&unravel(&["info", "--json", &file.display().to_string()]));
    assert_eq!(info["files"][0]["error"], Value::Null);
    assert_eq!(info["files"][0]["spectra"][0]["axis"]["kind"], "raman_shift");
}

/// Names and contents of all files of a folder; times are blanked.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let untimed = |line: &str| {
        if line.trim_start().starts_with("\"ms\":") { "ms".to_owned() } else { line.to_owned() }
    };
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let text = if name == "summary.csv" {
            let column = table(&path)[0].iter().position(|c| c == "ms").unwrap();
            let rows = table(&path).into_iter().map(|mut row| {
                row.remove(column);
                row.join("|")
            });
            rows.collect::<Vec<_>>().join("\n")
        } else {
            text.lines().map(untimed).collect::<Vec<_>>().join("\n")
        };
        (name, text)
    };
    std::fs::read_dir(folder).unwrap().map(|e| read(e.unwrap().path())).collect()
}

#[test]
fn two_runs_write_the_same_bytes_apart_from_the_time_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let series = sample("calcite_quartz_series.spc");
    let run = |name: &str, threads: &str| {
        let out = folder.path().join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_unravel"))
            .args(["unmix", &series, "--method", "nnomp,sunsal", "--out", &out.display().to_string()])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        contents(&out)
    };
    let first = run("one", "1");
    assert!(first == run("two", "4"));
    // Eleven spectra by two methods, and the two summaries.
    assert_eq!(first.len(), 24);
    assert!(first.contains_key("calcite_quartz_series_01_nnomp.csv"));
    let order: Vec<&str> = first["summary.csv"].lines().filter_map(|l| l.split('|').nth(1)).collect();
    let mut numbers: Vec<u32> = order[1..].iter().map(|n| n.parse().unwrap()).collect();
    numbers.dedup();
    assert_eq!(numbers, (1..=11).collect::<Vec<u32>>());
}

#[test]
fn a_bad_file_is_reported_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("prose.txt");
    std::fs::write(&bad, "Dear diary, no numbers today.\n").unwrap();
    let short = folder.path().join("short.csv");
    std::fs::write(
        &short,
        "raman_shift_cm-1,intensity\n100,1\n200,2\n300,5\n400,3\n500,2\n600,2\n700,3\n800,2\n900,1\n",
    )
    .unwrap();
    let out = folder.path().join("out");
    let output = unravel(&[
        "unmix",
        &bad.display().to_string(),
        &short.display().to_string(),
        &sample("polystyrene.spc"),
        "--method",
        "nnomp",
        "--json",
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    let error = |at: usize| report["results"][at]["error"].as_str().unwrap_or_default();
    assert!(error(0).contains("prose.txt"), "{}", error(0));
    assert!(error(1).contains("short.csv") && error(1).contains("at least 32"), "{}", error(1));
    assert_eq!(species(&report["results"][2]), ["Polystyrene"]);
    assert_eq!(table(&out.join("summary.csv")).len(), 4);
}

#[test]
fn what_keeps_a_spectrum_from_all_methods_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let flat = folder.path().join("flat.csv");
    let rows: String = (0..100).map(|i| format!("{},7\n", 200 + 10 * i)).collect();
    std::fs::write(&flat, format!("raman_shift_cm-1,intensity\n{rows}")).unwrap();
    let out = folder.path().join("out");
    let output = unravel(&[
        "unmix",
        &flat.display().to_string(),
        "--method",
        "nnomp,nnls",
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(said(&output).matches("is flat").count(), 1, "{}", said(&output));
    assert!(said(&output).contains("flat.csv spectrum 1"));
    // The account has a row for each method all the same.
    assert_eq!(table(&out.join("summary.csv")).len(), 3);
}

#[test]
fn names_with_commas_quotes_and_slashes_go_through_library_truth_and_results() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["1,2-dichloroethane", "so-called \"quartz\"", "Bl\u{e4}ulich/Gr\u{fc}n", "../up"];
    let lines = [300.0, 464.0, 711.0, 1086.0];
    let curve =
        |x: f64, at: f64| libm::exp(-((x - at) / 8.0).powi(2)) + libm::exp(-((x - at - 90.0) / 8.0).powi(2));
    let axis: Vec<f64> = (0..500).map(|i| 200.0 + 2.0 * f64::from(i)).collect();
    let library = folder.path().join("pure.csv");
    let mut writer = csv::Writer::from_path(&library).unwrap();
    writer.write_record(std::iter::once("raman_shift_cm-1").chain(names)).unwrap();
    for x in &axis {
        let values = lines.iter().map(|at| curve(*x, *at).to_string());
        writer.write_record(std::iter::once(x.to_string()).chain(values)).unwrap();
    }
    writer.flush().unwrap();
    let mixture = folder.path().join("mixture.csv");
    // A bright and a dim one, and a ripple of a hundredth.
    let y = |x: f64| 100.0 * curve(x, lines[0]) + 60.0 * curve(x, lines[2]) + libm::sin(x * x);
    let rows: String = axis.iter().map(|x| format!("{x},{}\n", y(*x))).collect();
    std::fs::write(&mixture, format!("raman_shift_cm-1,intensity\n{rows}")).unwrap();
    let (library, mixture) = (library.display().to_string(), mixture.display().to_string());
    let out = folder.path().join("out");
    let report = unmix(&out, &[&mixture, "--method", "nnomp", "--library", &library, "--truth", &library]);
    let row = &report["results"][0];
    assert_eq!(species(row), [names[0], names[2]]);
    for component in row["components"].as_array().unwrap() {
        assert_eq!(component["truth"], component["species"]);
        assert!(component["si_snr_db"].as_f64().unwrap() > 25.0, "{component}");
    }
    assert_eq!(table(&out.join(row["file"].as_str().unwrap()))[0][5..], [names[0], names[2]]);
    let summary = table(&out.join("summary.csv"));
    assert_eq!((summary[1][4].as_str(), summary[2][4].as_str()), (names[0], names[2]));
}

#[test]
fn wrong_command_lines_say_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    let mixture = sample("pain_tablet.jdx");
    for (args, expected) in [
        (&["--method", "nnonp"][..], "did you mean 'nnomp'"),
        (&["--components", "two"], "auto"),
        (&["--range", "1800-200"], "200-1800"),
        (&["--method", "nnomp", "--setting", "nnomp.cosinus=8"], "did you mean 'cosines'"),
        (&["--method", "nnomp", "--setting", "nnomp.cosines=0"], "from 1 to 64"),
        (&["--setting", "nnls.cosines=8"], "not among"),
        (&["--library", "no/such/library"], "no/such/library"),
        (&["--truth", "no/such/file.txt"], "no/such/file.txt"),
    ] {
        let output = unravel(&[&["unmix", &mixture, "--out", &out], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(expected), "{args:?}: {}", said(&output));
    }
    assert!(!Path::new(&out).exists(), "nothing was asked for that could be done");
}

#[test]
fn results_are_not_overwritten_unasked_and_a_folder_must_be_writable() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    let quartz = sample("quartz_rruff.txt");
    assert_eq!(unravel(&["unmix", &quartz, "--out", &out]).status.code(), Some(0));
    let again = unravel(&["unmix", &quartz, "--out", &out]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("--overwrite"));
    assert_eq!(unravel(&["unmix", &quartz, "--out", &out, "--overwrite"]).status.code(), Some(0));
    let below_a_file = format!("{out}/summary.csv/deeper");
    let refused = unravel(&["unmix", &quartz, "--out", &below_a_file]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("summary.csv"), "{}", said(&refused));
}

#[test]
fn a_library_elsewhere_on_the_axis_is_refused_with_both_ranges() {
    let folder = tempfile::tempdir().unwrap();
    let far = folder.path().join("far.csv");
    let rows: String = (0..200).map(|i| format!("{},{}\n", 3000 + i, (i % 17) * (i % 5))).collect();
    std::fs::write(&far, format!("raman_shift_cm-1,intensity\n{rows}")).unwrap();
    let out = folder.path().join("out").display().to_string();
    let far = far.display().to_string();
    let output = unravel(&["unmix", &sample("pain_tablet.jdx"), "--library", &far, "--out", &out, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    let error = report["results"][0]["error"].as_str().unwrap();
    assert!(error.contains("pain_tablet.jdx") && error.contains("3000 to 3199"), "{error}");
}

#[test]
fn a_network_works_without_the_library_and_says_which_model_and_device() {
    let folder = tempfile::tempdir().unwrap();
    let far = folder.path().join("far.csv");
    let rows: String = (0..200).map(|i| format!("{},{}\n", 3000 + i, (i % 17) * (i % 5))).collect();
    std::fs::write(&far, format!("raman_shift_cm-1,intensity\n{rows}")).unwrap();
    let far = far.display().to_string();
    let mixture = sample("calcite_quartz_mixture.csv");
    let out = folder.path().join("out");
    let report = unmix(&out, &[&mixture, "--method", "rssnet", "--library", &far, "--components", "2"]);
    let row = &report["results"][0];
    let notes = row["notes"].to_string();
    assert!(notes.contains("model: ") && notes.contains("nothing was named"), "{notes}");
    assert!(row["components"].as_array().unwrap().iter().all(|c| c["species"].is_null()), "{row}");
    let nowhere = folder.path().join("no").display().to_string();
    let missing = ["--setting", "rssnet.model=no/such.json"];
    let args = [&["unmix", &mixture, "--method", "rssnet", "--out", &nowhere][..], &missing].concat();
    let output = unravel(&args);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("no/such.json"), "{}", said(&output));
}

#[test]
fn methods_are_listed_with_their_settings() {
    let output = unravel(&["methods", "--json"]);
    let listed = json(&output);
    let ids: Vec<&str> = listed.as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert!(METHODS.iter().all(|m| ids.contains(m)), "{ids:?}");
    assert!(listed[0]["settings"][0]["name"].is_string());
    let words = unravel(&["methods"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("SUnSAL"));
}
