//! Speed of the evidence search as it feeds the training of a network: `cargo bench --bench candidates`.
//!
//! Mixtures of two (and three) minerals by the paper's protocol, drawn from the rows `known` of the real RRUFF split where
//! the data folder is (`UNRAVEL_DATA`), about 2,000 rows of 1,024 points; each is searched with little effort in a library
//! without the specimens it was mixed of.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot begin should say so and stop")]

#[path = "../tests/suite/data.rs"]
mod data;
#[path = "../tests/suite/npy.rs"]
mod npy;

use std::hint::black_box;
use std::ops::RangeInclusive;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use unravel::solvers::evidence::{Effort, EvidenceLibrary, EvidenceSettings, search_batch};
use unravel::solvers::{Dictionary, Metric};
use unravel::synth::{Batch, Choice, Parts, Pures, Recipe, Stream};

/// Mixtures a call: as many as a training takes at once.
const MIXTURES: u64 = 64;
/// Least part of the axis that a row was measured over.
const COVERAGE: f64 = 0.9;

/// The rows that may be trained on.
struct Known {
    pures: Pures,
    rows: Vec<f32>,
    species: Vec<usize>,
    specimens: Vec<String>,
}

fn column(file: &Path, name: &str) -> Vec<String> {
    let mut table = csv::Reader::from_path(file).expect("a table");
    let at = table.headers().expect("a header").iter().position(|h| h == name).expect("the column");
    table.records().map(|record| record.expect("a row")[at].to_owned()).collect()
}

fn known() -> Option<Known> {
    let folder = data::folder("rruff")?;
    let (_, points, values) = npy::read_f32(&folder.join("grid1024.npy.gz"));
    let number = |text: &String| text.parse::<f64>().expect("a number");
    let axis: Vec<f64> =
        column(&folder.join("grid1024_axis.csv"), "wavenumber_cm1").iter().map(number).collect();
    let labels = folder.join("labels.csv");
    let split = column(&folder.join("splits.csv"), "split");
    let coverage: Vec<f64> = column(&labels, "grid_coverage").iter().map(number).collect();
    let (minerals, specimens) = (column(&labels, "mineral"), column(&labels, "rruff_id"));
    let keep: Vec<usize> =
        (0..split.len()).filter(|row| split[*row] == "known" && coverage[*row] >= COVERAGE).collect();
    let rows: Vec<f32> =
        keep.iter().flat_map(|row| &values[row * points..(row + 1) * points]).copied().collect();
    let minerals: Vec<&str> = keep.iter().map(|row| minerals[*row].as_str()).collect();
    let pures = Pures::named(axis, rows.clone(), &minerals).expect("spectra");
    let species = pures.groups().iter().map(|species| *species as usize).collect();
    Some(Known { pures, rows, species, specimens: keep.iter().map(|row| specimens[*row].clone()).collect() })
}

fn candidates(c: &mut Criterion) {
    let Some(known) = known() else { return };
    let (points, count) = (known.pures.points(), known.species.len());
    let dictionary = Dictionary::new(&known.rows, points, Metric::default()).expect("a dictionary");
    dictionary.gram();
    let (rows, species, axis) = (&known.rows[..], &known.species[..], known.pures.x());
    let library = EvidenceLibrary { rows, dictionary: &dictionary, species, axis };
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let mut group = c.benchmark_group(format!("candidates/rruff_{count}"));
    group.sample_size(10).throughput(Throughput::Elements(MIXTURES));
    for (name, sources, components, alone) in [
        ("of_two", 2, 2..=2, false),
        ("of_two_one_core", 2, 2..=2, true),
        ("one_to_three", 2, 1..=3, false),
        ("of_three", 3, 3..=3, false),
    ] as [(&str, usize, RangeInclusive<usize>, bool); 4]
    {
        let parts =
            Parts::Simplex { least: sources, most: sources, choice: Choice::Species, least_weight: 0.0 };
        let stream = Stream::new(known.pures.clone(), Recipe { parts, ..Recipe::rssnet() }, 6);
        let mut batch = Batch::default();
        stream.expect("mixtures").fill(0..MIXTURES, &mut batch);
        let own = |truth: &unravel::synth::Truth| {
            let mixed = |row: usize| truth.rows.iter().any(|r| known.specimens[*r] == known.specimens[row]);
            (0..count).map(mixed).collect::<Vec<bool>>()
        };
        let hidden: Vec<Vec<bool>> = batch.truths().iter().map(own).collect();
        let settings = EvidenceSettings { components, effort: Effort::Quick, ..EvidenceSettings::default() };
        let found =
            || search_batch(library, black_box(batch.mixtures()), &hidden, &settings).expect("answers");
        group.bench_function(name, |b| {
            b.iter(|| if alone { one_core.install(|| found().len()) } else { found().len() });
        });
    }
    group.finish();
}

criterion_group!(benches, candidates);
criterion_main!(benches);
