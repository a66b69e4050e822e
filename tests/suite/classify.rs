//! The model that ships on the paper's six test mixtures, and the commands around it.

use std::path::Path;

use unravel::spectrum::peaks::{PeakLimits, find_peaks};
use unravel::spectrum::{Axis, AxisKind};

use super::script::{json, sample, unravel};

/// Truth of S1 to S6 (paper, Table 5) in the order aniline, o-xylene, pyridine, toluene.
const TRUTH: [[f64; 4]; 6] = [
    [0.0, 1.0, 0.0, 1.0],
    [1.0, 0.0, 1.0, 0.0],
    [1.0, 1.0, 0.0, 0.0],
    [0.0, 1.0, 1.0, 0.0],
    [0.0, 1.0, 1.0, 1.0],
    [1.0, 0.0, 0.0, 1.0],
];

#[test]
fn the_six_test_mixtures_are_named_and_dosed_better_than_in_the_paper() {
    let files: Vec<String> = (1..=6).map(|k| sample(&format!("ramixnet_s{k}.csv"))).collect();
    let mut args = vec!["classify", "--json", "--device", "cpu"];
    args.extend(files.iter().map(String::as_str));
    let output = unravel(&args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = json(&output);
    let (mut off, mut square) = (0.0, 0.0);
    for (row, truth) in report["spectra"].as_array().unwrap().iter().zip(TRUTH) {
        let verdict = &row["verdict"];
        let found = verdict["substances"].as_array().unwrap();
        let names: Vec<&str> = found.iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["aniline", "o-xylene", "pyridine", "toluene"]);
        for (found, truth) in found.iter().zip(truth) {
            assert_eq!(found["present"], truth > 0.0, "{row}");
            assert_eq!(found["dosage"].is_null(), truth == 0.0);
            let error = found["raw_dosage"].as_f64().unwrap() - truth;
            off += error.abs();
            square += error * error;
        }
        assert_eq!(verdict["other"], false, "{row}");
    }
    // Paper: 0.185 and 0.759. The squared deviations of the truth from its mean 13/24 sum to 13 * 11 / 24.
    let (mae, r2) = (off / 24.0, 1.0 - square / (13.0 * 11.0 / 24.0));
    assert!(mae <= 0.05 && r2 >= 0.95, "mean absolute error {mae}, R2 {r2}");
}

#[test]
fn classify_writes_a_table_and_goes_on_after_a_bad_file() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("out.csv").display().to_string();
    let bad = folder.path().join("bad.spc");
    std::fs::write(&bad, b"nothing").unwrap();
    let (good, bad) = (sample("ramixnet_s1.csv"), bad.display().to_string());
    let args = ["classify", &good, &bad, "--csv", &table, "--device", "cpu"];
    let output = unravel(&args);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text.lines().count(), 1 + 4 + 1, "{text}");
    assert_eq!(unravel(&args).status.code(), Some(2), "a table that is there is not written over");
    let wrong = unravel(&["classify", &good, "--model", "/nowhere/model.json"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("/nowhere/model.json"));
}

/// The positions of the samples are published ones. Of toluene there is a measured spectrum beside the checkout.
#[test]
fn lines_of_the_toluene_sample_lie_where_toluene_was_measured() {
    let Some(folder) = crate::data::folder("mixtures/solvents13") else { return };
    let read = |path: &Path, column: usize| -> (Vec<f64>, Vec<f32>) {
        let text = std::fs::read_to_string(path).unwrap();
        let cells = text.lines().filter_map(|line| {
            let mut cells = line.split(',');
            let x: f64 = cells.next()?.trim().parse().ok()?;
            Some((x, cells.nth(column - 1)?.trim().parse::<f32>().ok()?))
        });
        cells.unzip()
    };
    let peaks = |(x, y): (Vec<f64>, Vec<f32>)| -> Vec<f64> {
        let axis = Axis::new(AxisKind::RamanShift, x).unwrap();
        let height = f64::from(y.iter().copied().fold(0.0, f32::max));
        let found = find_peaks(&axis, &y, PeakLimits { prominence: 0.05 * height, significance: 0.0 });
        found.iter().map(|peak| peak.position).filter(|at| (350.0..1700.0).contains(at)).collect()
    };
    let ours = peaks(read(Path::new(&sample("pure_toluene.csv")), 1));
    let measured = peaks(read(&folder.join("pure.csv"), 1));
    for at in &measured {
        let off = ours.iter().map(|o| (o - at).abs()).fold(f64::MAX, f64::min);
        assert!(off < 4.0, "{at}: the nearest of {ours:?} is {off} away");
    }
    assert!(measured.len() >= 6, "{measured:?}");
}

#[test]
fn the_card_of_the_model_names_its_substances() {
    let card = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ramixnet.json").display().to_string();
    let output = unravel(&["model", &card]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("aniline, o-xylene, pyridine, toluene"));
}
