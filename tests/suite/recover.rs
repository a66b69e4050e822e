//! `unravel recover` and `unravel bench cars` as scripts use them.

use std::path::Path;

use serde_json::Value;

use super::script::{json, said, sample, unravel};

const CLASSICAL: &str = "fit,kk,mem";

/// `recover` into a fresh folder, which must end with this code.
fn recover(folder: &Path, args: &[&str], code: i32) -> Value {
    let out = folder.display().to_string();
    let output = unravel(&[&["recover", "--json", "--out", &out], args].concat());
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    json(&output)
}

/// A CARS spectrum with lines at 800 and 1200 over a falling background.
fn cars(x: f64) -> f64 {
    let (mut re, mut im) = (1.1 - 0.0002 * x, 0.0);
    for (height, centre) in [(0.6, 800.0), (0.4, 1200.0)] {
        let (d, g) = (centre - x, 9.0);
        let scale: f64 = height * g / (d * d + g * g);
        re += scale * d;
        im += scale * g;
    }
    re * re + im * im
}

fn write(path: &Path, lines: impl Iterator<Item = (f64, f64)>) -> String {
    let text: String = lines.map(|(x, y)| format!("{x},{y}\n")).collect();
    std::fs::write(path, format!("Raman shift (cm-1),Intensity\n{text}")).unwrap();
    path.display().to_string()
}

fn positions(points: usize) -> impl DoubleEndedIterator<Item = f64> + ExactSizeIterator {
    (0..points).map(move |i| 500.0 + 1000.0 * i as f64 / (points - 1) as f64)
}

#[test]
fn the_sample_cars_spectrum_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let report =
        recover(folder.path(), &[&sample("toluene_cars.csv"), "--method", CLASSICAL, "--dark", "300"], 0);
    let rows = report["results"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(row["hits"][0]["species"], "Toluene", "{row}");
        let lines: Vec<f64> =
            row["lines"].as_array().unwrap().iter().map(|line| line["position"].as_f64().unwrap()).collect();
        assert!(lines.iter().any(|at| (at - 1004.0).abs() < 4.0), "{lines:?}");
        assert!(
            row["consistency"]["verdict"] == "green" || row["consistency"]["verdict"] == "amber",
            "{row}"
        );
    }
    let text = std::fs::read_to_string(folder.path().join("toluene_cars_kk.csv")).unwrap();
    let head = "raman_shift_cm-1,cars,recovered_raman,background,background_amplitude,forward_fit,residual";
    assert_eq!(text.lines().next(), Some(head));
    for line in text.lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        // Single precision of numbers up to 20,000.
        assert!((cells[1] - cells[5] - cells[6]).abs() < 0.02, "{line}");
    }
    let saved: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("summary.json")).unwrap()).unwrap();
    assert_eq!(saved, report);
    let table = std::fs::read_to_string(folder.path().join("lines.csv")).unwrap();
    let lines: usize = rows.iter().map(|row| row["lines"].as_array().unwrap().len()).sum();
    assert_eq!(table.lines().count(), 1 + lines);
    assert_eq!(std::fs::read_to_string(folder.path().join("summary.csv")).unwrap().lines().count(), 4);
}

#[test]
fn any_axis_and_length_gives_the_lines_on_the_users_own_points() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let files = [
        write(&at("falling.csv"), positions(700).rev().map(|x| (x, cars(x)))),
        write(&at("few.csv"), positions(160).map(|x| (x, cars(x)))),
        write(&at("many.csv"), positions(9000).map(|x| (x, cars(x)))),
        write(&at("uneven.csv"), positions(700).map(|x| x + 0.5 * (x / 7.0).sin()).map(|x| (x, cars(x)))),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let out = at("out");
    let report = recover(&out, &[&files[..], &["--method", "kk,mem", "--top", "0"]].concat(), 0);
    let rows = report["results"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    assert!(report["library"].is_null());
    for row in rows {
        let mut lines: Vec<&Value> = row["lines"].as_array().unwrap().iter().collect();
        lines.sort_by(|a, b| b["height"].as_f64().unwrap().total_cmp(&a["height"].as_f64().unwrap()));
        for (line, expected) in lines.iter().zip([800.0, 1200.0]) {
            assert!((line["position"].as_f64().unwrap() - expected).abs() < 3.0, "{row}");
            assert!((line["width"].as_f64().unwrap() - 18.0).abs() < 6.0, "{row}");
        }
    }
    for (name, points) in [("falling", 700), ("few", 160), ("many", 9000)] {
        let text = std::fs::read_to_string(out.join(format!("{name}_kk.csv"))).unwrap();
        assert_eq!(text.lines().count(), points + 1, "{name}");
    }
    let falling = std::fs::read_to_string(out.join("falling_kk.csv")).unwrap();
    assert!(falling.lines().nth(1).unwrap().starts_with("1500,"), "the user's own order");
}

#[test]
fn a_reference_a_dark_spectrum_and_a_range_are_used() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let light = |x: f64| 1.0 + 0.7 * (x / 120.0).sin();
    let measured = write(&at("m.csv"), positions(800).map(|x| (x, 40.0 + 1000.0 * light(x) * cars(x))));
    let glass = write(
        &at("glass.csv"),
        positions(800).map(|x| (x, 40.0 + 1000.0 * light(x) * (1.1 - 0.0002 * x).powi(2))),
    );
    let dark = write(&at("dark.csv"), positions(800).map(|x| (x, 40.0 + 1e-6 * x)));
    let out = at("out");
    let args = [
        &measured,
        "--method",
        "kk",
        "--reference",
        &glass,
        "--dark",
        &dark,
        "--range",
        "600-1400",
        "--top",
        "0",
    ];
    let report = recover(&out, &args, 0);
    let lines = report["results"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, expected) in lines.iter().zip([800.0, 1200.0]) {
        assert!((line["position"].as_f64().unwrap() - expected).abs() < 2.0, "{line}");
    }
    let text = std::fs::read_to_string(out.join("m_kk.csv")).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("600"), "cut to the range");
}

#[test]
fn what_cannot_be_done_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let good = sample("toluene_cars.csv");
    let nowhere = at("no").display().to_string();
    for (args, sentence) in [
        (&["--method", "kkk"][..], "did you mean 'kk'"),
        (&["--setting", "mem.poles=3", "--method", "mem"], "from 0.01 to 0.95"),
        (&["--setting", "mem.poles=0.3", "--method", "kk"], "not among the methods"),
        (&["--setting", "poles"], "method.setting=value"),
        (&["--dark", "bright"], "a number or a file"),
        (&["--reference", "no/such.csv"], "no/such.csv"),
        (&["--range", "wide"], "lo-hi"),
        (&["--method", "kk", "--refine"], "--refine"),
    ] {
        let output = unravel(&[&["recover", &good, "--out", &nowhere], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(sentence), "{args:?}: {}", said(&output));
        assert!(!Path::new(&nowhere).exists(), "nothing was begun");
    }
    let negative = write(&at("negative.csv"), positions(200).map(|x| (x, -cars(x))));
    let flat = write(&at("flat.csv"), positions(200).map(|x| (x, 1.0)));
    let short = write(&at("short.csv"), positions(5).map(|x| (x, cars(x))));
    std::fs::write(at("noise.csv"), b"\x00\x01\x02 nothing").unwrap();
    let noise = at("noise.csv").display().to_string();
    let report = recover(
        &at("out"),
        &[&negative, &flat, &short, &noise, "no/such.csv", &good, "--method", "kk,mem"],
        1,
    );
    let rows = report["results"].as_array().unwrap();
    for (file, sentence) in [(&negative, "no intensity is above zero"), (&flat, "flat"), (&short, "too few")]
    {
        let row = rows.iter().find(|row| row["path"].as_str() == Some(file.as_str())).unwrap();
        assert!(row["error"].as_str().unwrap().contains(sentence), "{row}");
    }
    assert!(rows.iter().filter(|row| row["error"].is_null()).count() == 2, "the good file was done");
    let again = unravel(&["recover", &good, "--out", &at("out").display().to_string(), "--method", "kk"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("--overwrite"), "{}", said(&again));
}

#[test]
fn recovery_methods_are_listed_beside_the_unmixing_ones() {
    let output = unravel(&["methods", "--json"]);
    let all = json(&output);
    let of = |command: &str| -> Vec<&str> {
        let list = all.as_array().unwrap().iter();
        list.filter(|m| m["command"] == command).map(|m| m["id"].as_str().unwrap()).collect()
    };
    assert!(of("recover").contains(&"kk") && of("recover").contains(&"mem"));
    assert!(of("unmix").contains(&"nnomp"));
}

#[test]
fn the_benchmark_prints_every_field_that_scripts_read() {
    let folder = tempfile::tempdir().unwrap();
    let valid = folder.path().join("cars/vector_valid");
    std::fs::create_dir_all(&valid).unwrap();
    let row = |f: &dyn Fn(f64) -> f64| positions(400).map(|x| f(x).to_string()).collect::<Vec<_>>().join(",");
    let half = |x: f64| 0.5 * cars(x);
    let line =
        |x: f64| 0.6 * 81.0 / ((800.0 - x).powi(2) + 81.0) + 0.4 * 81.0 / ((1200.0 - x).powi(2) + 81.0);
    std::fs::write(valid.join("9z_cars.csv"), format!("{0}\n{0}\n", row(&half))).unwrap();
    std::fs::write(valid.join("9z_raman.csv"), format!("{0}\n{0}\n", row(&line))).unwrap();
    let data = folder.path().display().to_string();
    let output = unravel(&["bench", "cars", "--data", &data, "--methods", "kk,mem,zero", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        for field in
            ["set", "method", "psnr_raw", "psnr_minmax", "r", "r2_median", "ssim_raw", "peak_f1", "ms"]
        {
            assert!(!row[field].is_null(), "{field}: {row}");
        }
    }
    assert!(rows[0]["r"].as_f64().unwrap() > 0.9, "{}", rows[0]);
    let nothing = unravel(&["bench", "cars", "--data", "no/such/folder"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(said(&nothing).contains("no CARS data"), "{}", said(&nothing));
}
