//! Steps against pybaselines and scipy, on a synthetic spectrum (always) and on real ones (where the data folder is).
//!
//! The references are made by `tests/fixtures/make_process_fixtures.py`. Agreement is demanded to 1e-4 of the
//! reference curve's largest value; the worst case of each step is printed.

#![allow(clippy::expect_used, reason = "a test")]

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use unravel::process::{References, Step};
use unravel::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use crate::{data, npy};

/// Relative agreement that the issue demands.
const TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Fixture {
    synthetic: Synthetic,
    real: Vec<Real>,
}

#[derive(Deserialize)]
struct Synthetic {
    first: f64,
    step: f64,
    y: Vec<f32>,
    curves: BTreeMap<String, Curve>,
}

#[derive(Deserialize)]
struct Real {
    place: Place,
    points: usize,
    at: Vec<usize>,
    curves: BTreeMap<String, Curve>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Place {
    Row { file: String, row: usize, first: f64, step: f64 },
    Xy { file: String, offset: usize, n: usize },
    Column { file: String, column: String },
}

#[derive(Deserialize)]
struct Curve {
    what: What,
    scale: Option<f64>,
    values: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Baseline,
    Result,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/process_reference.json")).expect("the fixture")
}

fn spectrum(x: Vec<f64>, y: Vec<f32>) -> Spectrum {
    Spectrum::new(Axis::new(AxisKind::RamanShift, x).expect("an axis"), y, Metadata::default())
        .expect("a spectrum")
}

/// Our curve where the reference gives the baseline or the result.
fn ours(step: &str, what: &What, spectrum: &Spectrum) -> Vec<f32> {
    let step: Step = step.parse().unwrap_or_else(|e| panic!("{e}"));
    let curve = match what {
        What::Baseline => step.split(spectrum).map(|split| split.baseline),
        What::Result => step.run(spectrum, &References::none()),
    };
    curve.unwrap_or_else(|e| panic!("{e}")).y().to_vec()
}

/// Largest difference relative to the scale.
fn worst(found: impl Iterator<Item = f32>, expected: &[f64], scale: f64) -> f64 {
    found.zip(expected).map(|(a, b)| (f64::from(a) - b).abs() / scale).fold(0.0, f64::max)
}

fn report(title: &str, worst_of: &BTreeMap<String, f64>) {
    println!("{title}");
    for (step, error) in worst_of {
        println!("  {step:<36} {error:.1e}");
    }
    let failed: Vec<_> = worst_of.iter().filter(|(_, error)| **error > TOLERANCE).collect();
    assert!(failed.is_empty(), "beyond {TOLERANCE:e} of the curve's largest value: {failed:?}");
}

#[test]
fn synthetic_spectrum_agrees_with_the_references_everywhere() {
    let Synthetic { first, step, y, curves } = fixture().synthetic;
    let x = (0..y.len()).map(|i| first + step * i as f64).collect();
    let spectrum = spectrum(x, y);
    let mut errors = BTreeMap::new();
    for (step, curve) in curves {
        let scale = curve.values.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        assert_eq!(curve.values.len(), spectrum.len());
        errors.insert(
            step.clone(),
            worst(ours(&step, &curve.what, &spectrum).into_iter(), &curve.values, scale),
        );
    }
    report("synthetic spectrum, worst relative difference", &errors);
}

#[test]
fn real_spectra_agree_with_the_references_where_sampled() {
    let Some(root) = data::folder("") else { return };
    let mut arrays = BTreeMap::new();
    let mut errors: BTreeMap<String, f64> = BTreeMap::new();
    for real in fixture().real {
        let spectrum = load(&root, &real.place, &mut arrays);
        assert_eq!(spectrum.len(), real.points, "the data folder holds another edition");
        for (step, curve) in &real.curves {
            let found = ours(step, &curve.what, &spectrum);
            let sampled = real.at.iter().map(|i| found[*i]);
            let error = worst(sampled, &curve.values, curve.scale.expect("a scale"));
            let entry = errors.entry(step.clone()).or_default();
            *entry = entry.max(error);
        }
    }
    report("real spectra, worst relative difference", &errors);
}

type Arrays = BTreeMap<String, (usize, usize, Vec<f32>)>;

fn load(root: &Path, place: &Place, arrays: &mut Arrays) -> Spectrum {
    let mut array =
        |file: &String| arrays.entry(file.clone()).or_insert_with(|| npy::read_f32(&root.join(file))).clone();
    match place {
        Place::Row { file, row, first, step } => {
            let (_, columns, values) = array(file);
            let x = (0..columns).map(|i| first + step * i as f64).collect();
            spectrum(x, values[row * columns..(row + 1) * columns].to_vec())
        }
        Place::Xy { file, offset, n } => {
            let (_, _, values) = array(file);
            let pairs = values[2 * offset..2 * (offset + n)].chunks_exact(2);
            let (x, y) = pairs.map(|pair| (f64::from(pair[0]), pair[1])).unzip();
            spectrum(x, y)
        }
        Place::Column { file, column } => {
            let mut table = csv::Reader::from_path(root.join(file)).expect("a table");
            let headers = table.headers().expect("headers").clone();
            let at = headers.iter().position(|name| name == column).expect("the column");
            let (x, y) = table
                .records()
                .map(|record| {
                    let record = record.expect("a record");
                    let number = |i: usize| record[i].parse::<f64>().expect("a number");
                    (number(0), number(at) as f32)
                })
                .unzip();
            spectrum(x, y)
        }
    }
}
