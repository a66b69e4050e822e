//! Speed of the preparing steps on 1,024 points: `cargo bench --bench process`.
//!
//! `benches/peers.py` times pybaselines and scipy on the same spectrum and prints the ratios.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot begin should say so and stop")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use unravel::process::{Pipeline, References, Row, ignore_progress};
use unravel::spectrum::{Axis, AxisKind, Metadata, SpectrumSet};

const POINTS: usize = 1024;

/// The steps that `peers.py` knows too.
const STEPS: [&str; 12] = [
    "arpls",
    "arpls:lam=1e7",
    "asls",
    "airpls",
    "imodpoly",
    "snip",
    "rubberband",
    "savgol",
    "whittaker",
    "derivative",
    "despike",
    "normalize:vector",
];

/// Lorentzian bands on fluorescence with noise; the same numbers as in `peers.py`.
fn spectrum(seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..POINTS)
        .map(|i| {
            let x = i as f64;
            let bands = [(200.0, 400.0, 5.0), (430.0, 900.0, 8.0), (460.0, 300.0, 6.0), (820.0, 150.0, 12.0)];
            let signal: f64 =
                bands.iter().map(|(at, h, w)| h / (1.0 + ((x - at) / w) * ((x - at) / w))).sum();
            let noise = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let u = x / POINTS as f64;
            (signal + 500.0 + 800.0 * u - 700.0 * u * u + 5.0 * noise) as f32
        })
        .collect()
}

fn axis() -> Arc<Axis> {
    Arc::new(Axis::even(AxisKind::RamanShift, 150.0, 1500.0, POINTS).expect("an axis"))
}

fn steps(c: &mut Criterion) {
    let (axis, y) = (axis(), spectrum(1));
    let mut group = c.benchmark_group("step");
    for text in STEPS {
        let pipeline: Pipeline = text.parse().expect("a step");
        let plan = pipeline.plan(&axis, None, &References::none()).expect("a plan");
        let (mut row, mut out) = (Row::new(), vec![0.0; POINTS]);
        let name = text.replace([':', '='], "_");
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| plan.run_row(black_box(&y), &mut out, &mut row));
        });
    }
    group.finish();
}

fn map(c: &mut Criterion) {
    let rows = 2_000;
    let block: Vec<f32> = (0..rows).flat_map(|seed| spectrum(seed as u64)).collect();
    let set = SpectrumSet::new(axis(), block, rows, Metadata::default()).expect("a set");
    let pipeline: Pipeline = "crop:200-1400|despike|arpls|savgol|normalize:vector".parse().expect("steps");
    let mut group = c.benchmark_group("map");
    group.sample_size(10).throughput(Throughput::Elements(rows as u64));
    group.bench_function("2000_rows_five_steps", |b| {
        b.iter(|| pipeline.run_set(black_box(&set), &References::none(), &ignore_progress));
    });
    group.finish();
}

criterion_group!(benches, steps, map);
criterion_main!(benches);
