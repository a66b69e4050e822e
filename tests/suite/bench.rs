//! `unravel bench` end to end on a made-up library: documented JSON, same seed same figures, sentences for bad inputs.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::script::json;

const POINTS: usize = 256;
const LOW: f64 = 150.0;
const HIGH: f64 = 1500.0;

fn unravel(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unravel")).args(args).env_remove("UNRAVEL_DATA").output().unwrap()
}

fn position(i: usize) -> f64 {
    LOW + (HIGH - LOW) * i as f64 / (POINTS - 1) as f64
}

/// Three lines that belong to the species, a little displaced from specimen to specimen.
fn curve(species: usize, specimen: usize) -> Vec<f32> {
    let line = |x: f64, at: f64| 1.0 / (1.0 + ((x - at) / 9.0).powi(2));
    let lines =
        [200.0 + 95.0 * species as f64, 480.0 + 70.0 * species as f64, 1400.0 - 110.0 * species as f64];
    let shift = 1.5 * specimen as f64;
    (0..POINTS)
        .map(|i| {
            lines
                .iter()
                .enumerate()
                .map(|(k, at)| line(position(i), at + shift) / (k + 1) as f64)
                .sum::<f64>()
        })
        .map(|v| v as f32)
        .collect()
}

fn npy(rows: &[Vec<f32>]) -> Vec<u8> {
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {POINTS}), }}", rows.len());
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(rows.iter().flatten().flat_map(|v| v.to_le_bytes()));
    bytes
}

/// `rruff` with seven known species of three specimens each, a further specimen of each, and two unknown species;
/// `mixtures/duo` with two pure spectra and their mixtures.
fn data() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rruff = folder.path().join("rruff");
    let duo = folder.path().join("mixtures/duo");
    std::fs::create_dir_all(&rruff).unwrap();
    std::fs::create_dir_all(&duo).unwrap();
    let (mut labels, mut splits, mut rows) =
        ("row,mineral,sample,representative\n".to_owned(), "row,split\n".to_owned(), Vec::new());
    for species in 0..9 {
        for specimen in 0..4 {
            let row = rows.len();
            let split = match (species, specimen) {
                (7.., _) => "unknown",
                (_, 3) => "resampled",
                _ => "known",
            };
            writeln!(labels, "{row},Mineral {species},S{species}-{specimen},{}", u8::from(specimen == 0))
                .unwrap();
            writeln!(splits, "{row},{split}").unwrap();
            rows.push(curve(species, specimen));
        }
    }
    // A row with nothing in it is left out.
    writeln!(labels, "{},Mineral 0,empty,0", rows.len()).unwrap();
    writeln!(splits, "{},known", rows.len()).unwrap();
    rows.push(vec![0.0; POINTS]);
    let axis: String = std::iter::once("wavenumber_cm1\n".to_owned())
        .chain((0..POINTS).map(|i| format!("{}\n", position(i))))
        .collect();
    std::fs::write(rruff.join("labels.csv"), labels).unwrap();
    std::fs::write(rruff.join("splits.csv"), splits).unwrap();
    std::fs::write(rruff.join("grid.npy"), npy(&rows)).unwrap();
    std::fs::write(rruff.join("grid_axis.csv"), axis).unwrap();

    let (one, two) = (curve(7, 0), curve(8, 0));
    let mix = |a: f32, b: f32| -> Vec<f32> {
        one.iter()
            .zip(&two)
            .enumerate()
            .map(|(i, (x, y))| a * x + b * y + 1e-4 * (i as f32 * 1.7).sin())
            .collect()
    };
    let table = |columns: &[(&str, Vec<f32>)]| -> String {
        let mut text = "wavenumber_cm1".to_owned();
        for (name, _) in columns {
            write!(text, ",{name}").unwrap();
        }
        for i in 0..POINTS {
            write!(text, "\n{}", position(i)).unwrap();
            for (_, values) in columns {
                write!(text, ",{}", values[i]).unwrap();
            }
        }
        text
    };
    std::fs::write(duo.join("pure.csv"), table(&[("first", one.clone()), ("second", two.clone())])).unwrap();
    let mixtures = [("m0", mix(0.25, 0.75)), ("m1", mix(0.5, 0.5)), ("m2", mix(0.9, 0.1))];
    std::fs::write(duo.join("mixtures.csv"), table(&mixtures)).unwrap();
    std::fs::write(duo.join("labels.csv"), "id,First,Second\nm0,0.25,0.75\nm1,0.5,0.5\nm2,0.9,0.1\n")
        .unwrap();
    folder
}

fn path(folder: &Path, part: &str) -> String {
    folder.join(part).display().to_string()
}

fn bench_unmix(folder: &Path, more: &[&str]) -> Output {
    let (library, splits) = (path(folder, "rruff"), path(folder, "rruff/splits.csv"));
    let mut args = vec!["bench", "unmix", "--library", &library, "--splits", &splits, "--points", "256"];
    args.extend(more);
    unravel(&args)
}

/// The same document without what a clock says.
fn without_times(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "ms" && !name.ends_with("_ms"));
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

#[test]
fn unmix_json_has_the_documented_keys_and_sensible_figures() {
    let folder = data();
    let more = ["--set", "known", "--n", "40", "--seed", "3", "--methods", "nnls", "--json"];
    let output = bench_unmix(folder.path(), &more);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((&report["set"], &report["n"], &report["seed"]), (&"known".into(), &40.into(), &3.into()));
    assert!(report["mean_input_si_snr_db"].is_number());
    // Seven species of three specimens; the empty row is left out.
    assert_eq!((&report["library_spectra"], &report["left_out_spectra"]), (&21.into(), &1.into()));
    let method = &report["methods"][0];
    assert_eq!(method["method"], "nnls");
    for key in [
        "right_pair_percent",
        "main_component_percent",
        "si_snr_db",
        "si_snri_db",
        "si_snri_capped_db",
        "si_snri_soft_db",
        "sid",
        "sad",
        "rmse",
        "ms",
    ] {
        assert!(method[key].is_number(), "{key}: {}", method[key]);
    }
    assert_eq!(method["failed"], 0);
    let bins = method["by_minor_fraction"].as_array().unwrap();
    assert_eq!(bins.iter().map(|b| b["n"].as_u64().unwrap()).sum::<u64>(), 40);
    // Well separated lines with at most 10 % noise power: nearly every main component must be named.
    assert!(method["main_component_percent"].as_f64().unwrap() > 90.0, "{method}");
    let gain = method["si_snri_capped_db"].as_f64().unwrap();
    assert!(gain > 10.0, "{method}");
    let within = method["intervals"]["si_snri_capped_db"].as_array().unwrap();
    assert!(within[0].as_f64().unwrap() <= gain && gain <= within[1].as_f64().unwrap());
}

#[test]
fn the_same_seed_gives_the_same_figures_on_any_number_of_threads() {
    let folder = data();
    let run = |seed: &str, threads: &str| {
        let more = [
            "--set",
            "resampled",
            "--n",
            "12",
            "--seed",
            seed,
            "--methods",
            "nnls",
            "--threads",
            threads,
            "--json",
        ];
        let mut report = without_times(json(&bench_unmix(folder.path(), &more)));
        report["threads"] = Value::Null;
        report
    };
    let first = run("5", "1");
    assert_eq!(first, run("5", "1"));
    assert_eq!(first, run("5", "2"));
    assert_ne!(first, run("6", "1"));
}

#[test]
fn unknown_substances_have_no_right_pair() {
    let folder = data();
    let data = folder.path().display().to_string();
    // The data folder alone names library and splits.
    let output = unravel(&[
        "bench",
        "unmix",
        "--data",
        &data,
        "--set",
        "unknown",
        "--n",
        "5",
        "--methods",
        "nnls",
        "--points",
        "256",
        "--json",
    ]);
    let report = json(&output);
    let method = &report["methods"][0];
    assert_eq!(
        (&method["right_pair_percent"], &method["main_component_percent"]),
        (&Value::Null, &Value::Null)
    );
    assert!(method["unexplained_percent"].is_number() && method["si_snri_db"].is_number());
}

#[test]
fn bad_questions_are_answered_with_a_sentence() {
    let folder = data();
    let splits = folder.path().join("rruff/splits.csv");
    let good = std::fs::read_to_string(&splits).unwrap();
    let said = |more: &[&str]| {
        let output = bench_unmix(folder.path(), more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let no_set = said(&["--set", "secret"]);
    assert!(no_set.contains("\"secret\"") && no_set.contains("resampled (7 rows)"), "{no_set}");
    assert!(said(&["--n", "0"]).contains("at least one mixture"));
    assert!(said(&["--methods", "nnlz"]).contains("nnlz"));
    assert!(said(&["--methods", "nnls:metric"]).contains("name=value"));
    assert!(said(&["--range", "1500-150"]).contains("150-1500"));
    assert!(said(&["--range", "3000-4000"]).contains("3000 to 4000"));
    std::fs::write(&splits, "row,split\n0,known\n1,known\n").unwrap();
    let few = said(&[]);
    assert!(few.contains("2 rows are split") && few.contains("has 37"), "{few}");
    std::fs::write(&splits, good.replace("known", "other")).unwrap();
    assert!(said(&["--set", "resampled"]).contains("\"known\" has no row"));
    std::fs::write(&splits, good.replace("row,split", "row,part")).unwrap();
    assert!(said(&[]).contains("no column \"split\""));
    std::fs::write(&splits, "row,split\n").unwrap();
    assert!(said(&[]).contains("0 rows are split"));
    let missing = unravel(&["bench", "unmix", "--library", &path(folder.path(), "nothing"), "--json"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("labels.csv"));
    assert!(String::from_utf8_lossy(&unravel(&["bench", "unmix"]).stderr).contains("--library"));
}

#[test]
fn real_mixture_sets_are_scored_with_their_own_spectra_and_among_distractors() {
    let folder = data();
    let data = folder.path().display().to_string();
    let more = ["--methods", "nnls", "--distractors", "9", "--process", "none"];
    let args = [&["bench", "mixtures", "--data", &data, "--json"], &more[..]].concat();
    let output = unravel(&args);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0));
    let rows = report["rows"].as_array().unwrap();
    let libraries: Vec<&str> = rows.iter().map(|r| r["library"].as_str().unwrap()).collect();
    assert_eq!(libraries, ["own", "distractors"]);
    for row in rows {
        assert_eq!((&row["set"], &row["method"]), (&"duo".into(), &"nnls".into()));
        assert_eq!(
            (&row["mixtures"], &row["components"], &row["process"]),
            (&3.into(), &"2".into(), &"none".into())
        );
    }
    assert_eq!((&rows[0]["library_spectra"], &rows[1]["library_spectra"]), (&2.into(), &11.into()));
    // Nearly noiseless mixtures of the two stored spectra.
    assert!(rows[0]["share_mae"].as_f64().unwrap() < 0.01, "{}", rows[0]);
    assert!(rows[0]["share_mae_equal"].as_f64().unwrap() > 0.2);
    assert_eq!(rows[0]["foreign_signal"], 0.0);
    assert_eq!(without_times(report.clone()), without_times(json(&unravel(&args))));
    let said = |args: &[&str]| String::from_utf8_lossy(&unravel(args).stderr).into_owned();
    assert!(said(&["bench", "mixtures"]).contains("--data"));
    let absent = said(&["bench", "mixtures", "--data", &data, "--sets", "trio"]);
    assert!(absent.contains("\"trio\"") && absent.contains("duo"), "{absent}");
}

#[test]
fn tables_are_printed_without_json() {
    let folder = data();
    let output = bench_unmix(folder.path(), &["--n", "4", "--methods", "nnls"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in ["mean input SI-SNR", "right pair %", "nnls", "0.2-0.5"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn networks_are_scored_by_their_own_components_whatever_the_axis() {
    let folder = data();
    let output = bench_unmix(folder.path(), &["--n", "3", "--methods", "rssnet", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let method = &json(&output)["methods"][0];
    // No library part stands in for what the network found.
    assert_eq!(method["si_snri_capped_db"], method["si_snri_soft_capped_db"]);
    assert!(method["ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn noise_curves_come_as_table_and_figure_for_mixtures_that_get_cleaner() {
    let folder = data();
    let data = folder.path().display().to_string();
    let out = path(folder.path(), "curves");
    let args = [
        "bench",
        "noise",
        "--data",
        &data,
        "--points",
        "256",
        "--n",
        "6",
        "--methods",
        "nnls,rssnet",
        "--out",
        &out,
        "--json",
    ];
    let output = unravel(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 14);
    let of = |method: &'static str, key: &'static str| -> Vec<f64> {
        rows.iter().filter(|r| r["method"] == method).map(|r| r[key].as_f64().unwrap()).collect()
    };
    assert_eq!(of("nnls", "noise_db"), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
    let inputs = of("rssnet", "input_si_snr_db");
    assert!(inputs.windows(2).all(|w| w[0] < w[1]), "{inputs:?}");
    assert_eq!(inputs, of("nnls", "input_si_snr_db"));
    let found = of("nnls", "si_snr_db");
    assert!(found[6] >= found[0], "{found:?}");
    let text = std::fs::read_to_string(format!("{out}/noise.csv")).unwrap();
    assert_eq!(text.lines().count(), 15);
    let figure = std::fs::read_to_string(format!("{out}/noise.svg")).unwrap();
    assert!(figure.contains("Signal over noise") && figure.contains("rssnet"));
    let again = unravel(&args);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--overwrite"));
}

#[test]
fn the_tables_of_the_paper_stand_beside_its_figures() {
    let folder = data();
    let data = folder.path().display().to_string();
    let common = ["bench", "paper", "--data", &data, "--points", "256", "--n", "3", "--methods", "nnomp"];
    let output = unravel(&[&common[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    assert_eq!((&rows[0]["kind"], &rows[1]["kind"]), (&"rssnet".into(), &"library".into()));
    assert_eq!((&rows[0]["paper_si_snri_db"], &rows[1]["paper_failed"]), (&22.5.into(), &true.into()));
    assert!(rows[0]["parameters"].as_u64().unwrap() > 1000);
    for key in ["si_snr_db", "si_snri_db", "si_snri_capped_db", "sad", "sid", "rmse", "ms"] {
        assert!(rows.iter().all(|row| row[key].is_number()), "{key}");
    }
    let absent = report["not_here"].as_array().unwrap();
    assert!(
        absent.iter().any(|row| row["method"] == "DPRNN")
            && absent.iter().all(|row| row["method"] != "RSSNet")
    );
    let words = unravel(&common);
    let text = String::from_utf8_lossy(&words.stdout).into_owned();
    for part in ["not public", "mean input SI-SNR", "-1.37", "as Table II", "as Table III", "22.50", "failed"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let none = unravel(&[&common[..], &["--model", "no/such.json"]].concat());
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("no/such.json"));
}

/// `unravel train` of a very small network on the known rows, for a few steps.
fn train(folder: &Path, network: &str, out: &str, more: &[&str]) -> Output {
    let (library, out) = (path(folder, "rruff"), path(folder, out));
    let mut args = vec!["train", network, "--data", &library, "--out", &out, "--device", "cpu"];
    args.extend(more);
    unravel(&args)
}

const SHORT: [&str; 12] = [
    "--preset",
    "tiny",
    "--batch",
    "2",
    "--validation",
    "2",
    "--validate-every",
    "2",
    "--points",
    "64",
    "--hold-out",
    "0.2",
];

#[test]
fn every_network_is_trained_and_scored_by_the_same_commands() {
    let folder = data();
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let mut cards = Vec::new();
    for network in ["rssnet", "conv-tasnet", "dprnn", "afrcnn", "tdanet"] {
        let output = train(folder.path(), network, network, &[&SHORT[..], &["--steps", "2"]].concat());
        assert_eq!(output.status.code(), Some(0), "{network}: {}", said(&output));
        cards.push(path(folder.path(), &format!("{network}/model.json")));
    }
    let data = folder.path().display().to_string();
    let mut args = vec!["bench", "paper", "--data", &data, "--n", "2", "--points", "64", "--methods", "nnls"];
    args.extend(["--device", "cpu", "--json", "--model"]);
    args.extend(cards.iter().map(String::as_str));
    let output = unravel(&args);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    for (row, kind) in rows.iter().zip(["rssnet", "conv-tasnet", "dprnn", "afrcnn", "tdanet", "library"]) {
        assert_eq!((&row["kind"], &row["failed"]), (&kind.into(), &0.into()), "{row}");
        assert!(row["si_snri_db"].is_number(), "{row}");
        assert_eq!(row["model"]["sha256"].as_str().map(str::len), (kind != "library").then_some(64), "{row}");
        assert_eq!(row["paper_si_snri_db"].is_number(), kind != "library", "{row}");
    }
}

#[test]
fn a_run_ends_with_its_learning_curve_and_where_it_leads() {
    let folder = data();
    let output = train(folder.path(), "rssnet", "run", &[&SHORT[..], &["--steps", "5"]].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("samples   minutes     known dB  held out dB"), "{said}");
    assert!(said.contains("per doubling of the samples, from"), "{said}");
    assert!(said.contains("22.5 dB known"), "{said}");
    let again = train(folder.path(), "rssnet", "run", &["--resume", "--minutes", "0", "--goal", "-50"]);
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(said.contains("-50 dB known are reached"), "{said}");
    let curve = std::fs::read_to_string(folder.path().join("run/curve.svg")).unwrap();
    assert!(curve.contains("stroke-dasharray"));
}

#[test]
fn results_get_into_the_card_of_their_network_and_into_no_other() {
    let folder = data();
    for (network, out) in [("rssnet", "one"), ("tdanet", "two")] {
        let output = train(folder.path(), network, out, &[&SHORT[..], &["--steps", "1"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let [one, two] = ["one/model.json", "two/model.json"].map(|card| path(folder.path(), card));
    let method = format!("rssnet:model={one}");
    let output = bench_unmix(folder.path(), &["--n", "2", "--methods", &format!("nnls,{method}"), "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let known = path(folder.path(), "known.json");
    std::fs::write(&known, &output.stdout).unwrap();
    let card =
        |path: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let before = card(&one);

    let done = unravel(&["model", &one, "--bench", &known, "--licence", "as you like"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let words = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(words.contains("unmix known: SI-SNRi") && words.contains("as you like"), "{words}");
    let mut after = card(&one);
    let results = after["bench"].as_array().unwrap();
    assert_eq!((results.len(), results[0]["methods"].as_array().unwrap().len()), (1, 1));
    assert_eq!(results[0]["methods"][0]["model"]["sha256"], before["weights"]["sha256"]);
    after.as_object_mut().unwrap().remove("bench");
    after["data"]["licence"] = "".into();
    assert_eq!(after, before);

    let untouched = std::fs::read(&two).unwrap();
    let refused = unravel(&["model", &two, "--bench", &known]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("the network in it is rssnet-tiny with SHA-256"), "{said}");
    let taken = unravel(&["model", &one, "--licence", "another"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("has a licence already"));
    assert_eq!(std::fs::read(&two).unwrap(), untouched);
}
