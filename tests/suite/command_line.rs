//! The program as scripts use it: exit codes, documented JSON, files written and read again.

use std::path::Path;

use serde_json::Value;

use super::script::{json, sample, samples, unravel};

#[test]
fn every_sample_file_is_read_and_says_that_it_is_synthetic() {
    let folder = samples().display().to_string();
    let output = unravel(&["info", "--json", &folder]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&output);
    let files = report["files"].as_array().unwrap();
    assert!(files.len() >= 10);
    for file in files {
        assert_eq!(file["error"], Value::Null, "{file}");
        assert!(file["count"].as_u64().unwrap() > 0);
        assert!(file.to_string().to_lowercase().contains("synthetic"), "{}", file["path"]);
    }
    let readers: Vec<&str> = files.iter().filter_map(|f| f["reader"].as_str()).collect();
    for reader in ["spc", "jcamp", "rruff", "labspec_txt", "unravel_csv", "text_table"] {
        assert!(readers.contains(&reader), "no sample for {reader}");
    }
}

#[test]
fn info_json_has_the_documented_fields() {
    let output = unravel(&["info", "--json", &sample("polystyrene.spc")]);
    let report = json(&output);
    let file = &report["files"][0];
    assert_eq!(file["reader"], "spc");
    assert_eq!(file["format"], "Galactic SPC");
    assert_eq!(file["warnings"], Value::Array(vec![]));
    let spectrum = &file["spectra"][0];
    assert_eq!(spectrum["count"], 1);
    assert_eq!(spectrum["points"], 1100);
    assert_eq!(spectrum["axis"]["kind"], "raman_shift");
    assert_eq!(spectrum["axis"]["unit"], "cm-1");
    assert!((spectrum["axis"]["first"].as_f64().unwrap() - 150.0).abs() < 1e-3);
    assert!((spectrum["axis"]["last"].as_f64().unwrap() - 1800.0).abs() < 1e-3);
    assert!(spectrum["title"].as_str().unwrap().contains("polystyrene"));
}

#[test]
fn a_bad_file_is_reported_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("prose.txt");
    std::fs::write(&bad, "Dear diary, no numbers today.\n").unwrap();
    let output = unravel(&["info", "--json", &bad.display().to_string(), &sample("paracetamol.jdx")]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert!(report["files"][0]["error"].as_str().unwrap().contains("prose.txt"));
    assert_eq!(report["files"][1]["error"], Value::Null);
}

#[test]
fn wrong_command_lines_end_with_code_2() {
    for args in
        [&["convert"][..], &["nonsense"], &["process", "x.txt", "--steps", "frobnicate", "--out", "o"]]
    {
        let output = unravel(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(unravel(&["--help"]).status.code(), Some(0));
}

#[test]
fn what_convert_writes_is_read_again_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for to in ["csv", "csv-table", "jcamp", "spc"] {
        let out = folder.path().join(to).display().to_string();
        let series = sample("calcite_quartz_series.spc");
        let written = unravel(&["convert", &series, "--to", to, "--out", &out, "--json"]);
        assert_eq!(written.status.code(), Some(0), "{}", String::from_utf8_lossy(&written.stderr));
        let expected = if to == "csv" { 11 } else { 1 };
        assert_eq!(json(&written)["files"][0]["written"].as_array().unwrap().len(), expected);
        let report = json(&unravel(&["info", "--json", &out]));
        let count: u64 =
            report["files"].as_array().unwrap().iter().map(|f| f["count"].as_u64().unwrap()).sum();
        assert_eq!(count, 11, "{to}");
        // A second run must not overwrite unasked.
        assert_eq!(unravel(&["convert", &series, "--to", to, "--out", &out]).status.code(), Some(1));
        assert_eq!(
            unravel(&["convert", &series, "--to", to, "--out", &out, "--overwrite"]).status.code(),
            Some(0)
        );
    }
}

#[test]
fn two_inputs_of_one_name_do_not_overwrite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::copy(sample("polystyrene.spc"), other.join("polystyrene.spc")).unwrap();
    let out = folder.path().join("out");
    let args = [sample("polystyrene.spc"), other.join("polystyrene.spc").display().to_string()];
    let output = unravel(&["convert", &args[0], &args[1], "--out", &out.display().to_string()]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 2);
}

#[test]
fn a_prepared_mixture_finds_its_main_component_in_the_default_library() {
    let mixture = sample("calcite_quartz_mixture.csv");
    let output = unravel(&["library", "search", &mixture, "--process", "despike|arpls", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&output);
    assert_eq!(report["queries"][0]["hits"][0]["group"], "Calcite");
    assert!(report["queries"][0]["margin"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_library_is_built_saved_and_searched() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.unravel-lib").display().to_string();
    let inputs = [sample("quartz_rruff.txt"), sample("polystyrene.spc"), sample("paracetamol.jdx")];
    let built = unravel(&["library", "build", &inputs[0], &inputs[1], &inputs[2], "--out", &file, "--json"]);
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    assert_eq!(json(&built)["entries"].as_array().unwrap().len(), 3);
    let found = json(&unravel(&["library", "search", &inputs[1], "--library", &file, "--json"]));
    assert!(found["queries"][0]["hits"][0]["name"].as_str().unwrap().contains("polystyrene"));
    // An altered library is refused with a sentence.
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let refused = unravel(&["library", "info", &file]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("mine.unravel-lib"));
}

#[test]
fn the_sample_data_is_what_its_recipe_makes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    assert_eq!(unravel(&["library", "samples", "--out", &out]).status.code(), Some(0));
    for made in std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()) {
        let name = made.file_name().unwrap().to_string_lossy().into_owned();
        let shipped = std::fs::read(samples().join(&name)).unwrap_or_default();
        assert!(std::fs::read(&made).unwrap() == shipped, "{name} differs from its recipe");
    }
}

#[test]
fn the_readme_lists_every_format() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let formats = json(&unravel(&["formats", "--json"]));
    for format in formats.as_array().unwrap() {
        let row =
            format!("| {} | `{}` |", format["format"].as_str().unwrap(), format["reader"].as_str().unwrap());
        assert!(readme.contains(&row), "the README has no row {row}");
    }
}

#[test]
fn devices_lists_the_cpu_and_says_what_networks_run_on() {
    for (wish, chosen) in [("auto", 1), ("CPU", 1)] {
        let output = unravel(&["devices", "--json", "--device", wish]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let report = json(&output);
        let devices = report["devices"].as_array().unwrap();
        assert_eq!(devices[0]["kind"], "cpu");
        assert!(devices[0]["name"].as_str().unwrap().starts_with("CPU, "));
        assert_eq!(devices.iter().filter(|d| d["chosen"] == true).count(), chosen, "{report}");
        assert!(devices.iter().all(|d| (d["chosen"] == true) == d["reason"].is_null()), "{report}");
        assert!(devices.iter().all(|d| d["kind"] != "software" || d["chosen"] == false), "{report}");
        assert_eq!(report["check"], Value::Null);
    }
    let words = unravel(&["devices"]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("networks run on this"));
}

#[test]
fn the_check_of_devices_opens_what_networks_run_on_and_the_cpu_needs_none() {
    let output = unravel(&["devices", "--check", "--json", "--device", "cpu"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let check = &json(&output)["check"];
    assert_eq!((check["gpu"].as_bool(), check["fallback"].is_null()), (Some(false), true));
    let wrong = unravel(&["devices", "--device", "abacus"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("auto, gpu, cpu"));
}
