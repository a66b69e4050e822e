//! Mixtures a second: `cargo bench --bench synth`. Elements are mixtures of 1,024 points (normals in the last group).
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use unravel::synth::{Batch, Pures, Recipe, Rng, Stream};

const POINTS: usize = 1024;
const ROWS: usize = 3_000;
const BATCH: u64 = 2_000;

/// Spectra of eight random lines, five rows a species.
fn pures() -> Pures {
    let x: Vec<f64> = (0..POINTS).map(|i| 150.0 + 1.32 * i as f64).collect();
    let mut values = vec![0.0_f32; ROWS * POINTS];
    for (row, y) in values.chunks_exact_mut(POINTS).enumerate() {
        let mut rng = Rng::new(1, row as u64);
        for _ in 0..8 {
            let (at, height) = (rng.uniform(0.0, POINTS as f64), rng.uniform(0.05, 1.0));
            for (i, v) in y.iter_mut().enumerate() {
                *v += (height / (1.0 + ((i as f64 - at) / 4.0).powi(2))) as f32;
            }
        }
    }
    Pures::new(x, values, (0..ROWS).map(|row| (row / 5) as u32).collect()).unwrap()
}

fn mixtures(c: &mut Criterion) {
    let pures = Arc::new(pures());
    // RaMixNet's table of levels is for a few substances.
    let four: Vec<usize> = (0..4).map(|k| 5 * k).collect();
    let mut group = c.benchmark_group("mixtures");
    group.throughput(Throughput::Elements(BATCH)).sample_size(10);
    let recipes = [
        ("rssnet", Recipe::rssnet()),
        ("ramixnet", Recipe::ramixnet()),
        ("instrument", Recipe::instrument()),
    ];
    for (preset, recipe) in recipes {
        let stream = match preset {
            "ramixnet" => Stream::of_rows(Arc::clone(&pures), &four, recipe, 1).unwrap(),
            _ => Stream::new(Arc::clone(&pures), recipe, 1).unwrap(),
        };
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut batch = Batch::default();
            group.bench_function(BenchmarkId::new(preset, format!("{threads} threads")), |b| {
                b.iter(|| {
                    pool.install(|| stream.fill(0..BATCH, &mut batch));
                    black_box(batch.mixtures());
                });
            });
        }
    }
    group.finish();
}

fn normals(c: &mut Criterion) {
    let mut out = vec![0.0; 1 << 16];
    let mut rng = Rng::new(1, 0);
    let mut group = c.benchmark_group("normals");
    group.throughput(Throughput::Elements(out.len() as u64));
    group.bench_function("fill", |b| b.iter(|| rng.fill_normal(black_box(&mut out))));
    group.finish();
}

criterion_group!(benches, mixtures, normals);
criterion_main!(benches);
