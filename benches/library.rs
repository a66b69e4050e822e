//! Library search and packed loading: `cargo bench --bench library`.
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use unravel::formats::Limits;
use unravel::library::{Facts, Index, Library, Metric, SearchOptions, Window};
use unravel::spectrum::{Axis, AxisKind, Metadata, Spectrum};

const POINTS: usize = 1024;

/// Next number of a multiplicative generator, 0 to 1.
fn next(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as f64 / f64::from(1_u32 << 31)
}

/// Entries of twelve random lines, ten specimens a species, over one axis.
fn library(entries: usize) -> Library {
    let axis = Arc::new(Axis::even(AxisKind::RamanShift, 150.0, 1500.0, POINTS).unwrap());
    let mut state = 7;
    let mut library = Library::new("benchmark");
    for number in 0..entries {
        let mut y = vec![0.0_f32; POINTS];
        for _line in 0..12 {
            let (at, height) = (next(&mut state) * POINTS as f64, next(&mut state));
            let (first, last) = ((at - 60.0).max(0.0) as usize, (at + 60.0).min(POINTS as f64) as usize);
            for (i, v) in y.iter_mut().enumerate().take(last).skip(first) {
                *v += (height / (1.0 + ((i as f64 - at) / 4.0).powi(2))) as f32;
            }
        }
        let spectrum = Spectrum::new(Arc::clone(&axis), y, Metadata::titled(format!("s{number}"))).unwrap();
        library.add(Facts { group: format!("species {}", number / 10), ..Facts::default() }, spectrum);
    }
    library
}

/// A part of an entry's range, so that no sum is known beforehand.
fn cropped(spectrum: &Spectrum) -> Spectrum {
    let axis = Axis::new(AxisKind::RamanShift, spectrum.x()[50..POINTS - 50].to_vec()).unwrap();
    Spectrum::new(axis, &spectrum.y()[50..POINTS - 50], Metadata::default()).unwrap()
}

fn search(c: &mut Criterion) {
    let library = library(4000);
    let index = Index::new(&library).unwrap();
    let spectra: Vec<Spectrum> =
        library.entries().iter().step_by(31).take(64).map(|e| e.spectrum.clone()).collect();
    let mut single = c.benchmark_group("search_one_of_4000x1024");
    for metric in Metric::ALL {
        let options = SearchOptions { metric, ..SearchOptions::default() };
        single.bench_function(BenchmarkId::from_parameter(metric.id()), |b| {
            b.iter(|| index.search(black_box(&spectra[0]), &options).unwrap());
        });
    }
    let part = cropped(&spectra[0]);
    single.bench_function("pearson_part_of_range", |b| {
        b.iter(|| index.search(black_box(&part), &SearchOptions::default()).unwrap());
    });
    let window = |low_cm1, high_cm1, weight| Window { low_cm1, high_cm1, weight };
    let windows = vec![window(200.0, 800.0, 1.0), window(900.0, 1400.0, 0.5)];
    let options = SearchOptions { windows, ..SearchOptions::default() };
    single.bench_function("pearson_two_windows", |b| {
        b.iter(|| index.search(black_box(&spectra[0]), &options).unwrap());
    });
    single.finish();
    let mut batch = c.benchmark_group("search_64_of_4000x1024");
    batch.throughput(Throughput::Elements(spectra.len() as u64)).sample_size(20);
    for metric in Metric::ALL {
        let options = SearchOptions { metric, ..SearchOptions::default() };
        batch.bench_function(BenchmarkId::from_parameter(metric.id()), |b| {
            b.iter(|| index.search_all(black_box(&spectra), &options));
        });
    }
    batch.finish();
    c.bench_function("index_4000x1024", |b| b.iter(|| Index::new(black_box(&library)).unwrap()));
}

fn packed(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.unravel-lib");
    library(5000).save(&path).unwrap();
    let mut group = c.benchmark_group("packed_5000x1024");
    group.sample_size(20);
    group.bench_function("load", |b| {
        b.iter(|| Library::load_packed(black_box(&path), Limits::default()).unwrap());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(std::time::Duration::from_secs(3));
    targets = search, packed
}
criterion_main!(benches);
