//! Speed of the solvers: `cargo bench --bench solvers`.
//!
//! One spectrum, one core, 1,024 points: a synthetic library of 3,000 mineral-like spectra, and the real RRUFF grid
//! where the data folder is (`UNRAVEL_DATA`). Then 10,000 spectra on 500 atoms; `benches/solver_peers.py` solves the
//! same ones by scipy one by one and prints the ratios.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a bench that cannot begin should say so and stop"
)]

#[path = "../tests/suite/data.rs"]
mod data;
#[path = "../tests/suite/npy.rs"]
mod npy;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use unravel::solvers::{
    Dictionary, GreedySettings, Metric, NnlsSettings, SmallWorkspace, SunsalPath, SunsalSettings, nnls,
    nnls_batch, nnls_small, nnols, nnomp, sunsal, sunsal_batch,
};

const POINTS: usize = 1024;

/// Uniform in [0, 1) from two numbers; the same in `solver_peers.py`.
fn uniform(stream: u64, index: u64) -> f64 {
    let mut z = (stream << 40).wrapping_add(index).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rows of Lorentzian bands of unit norm, two siblings per species.
fn library(count: usize) -> Vec<f32> {
    let mut rows = Vec::with_capacity(count * POINTS);
    for row in 0..count as u64 {
        let species = row / 2;
        let bands = 5 + (uniform(1, species) * 12.0) as u64;
        let mut y = vec![0.0; POINTS];
        for band in 0..bands {
            let k = species * 20 + band;
            let centre = 1024.0 * uniform(2, k) + uniform(5, row * 20 + band) - 0.5;
            let height = uniform(3, k).powi(2) * (0.7 + 0.6 * uniform(6, row * 20 + band));
            let width = 3.0 + 9.0 * uniform(4, k);
            for (i, y) in y.iter_mut().enumerate() {
                let u = (i as f64 - centre) / width;
                *y += height / (1.0 + u * u);
            }
        }
        let norm = y.iter().map(|v| v * v).sum::<f64>().sqrt();
        rows.extend(y.iter().map(|v| (v / norm) as f32));
    }
    rows
}

/// Two rows and noise at 15 dB, half of it Brown.
fn mixture(rows: &[f32], index: u64) -> Vec<f32> {
    let count = rows.len() / POINTS;
    let pick = |stream: u64| (uniform(stream, index) * count as f64) as usize * POINTS;
    let (a, b, share) = (pick(10), pick(11), uniform(12, index));
    let clean: Vec<f64> = (0..POINTS)
        .map(|i| share * f64::from(rows[a + i]) + (1.0 - share) * f64::from(rows[b + i]))
        .collect();
    let noise = |stream: u64, i: usize| uniform(stream, index * POINTS as u64 + i as u64) - 0.5;
    let white: Vec<f64> = (0..POINTS).map(|i| noise(13, i)).collect();
    let mut brown: Vec<f64> = (0..POINTS).map(|i| noise(14, i)).collect();
    (1..POINTS).for_each(|i| brown[i] += brown[i - 1]);
    let mean = brown.iter().sum::<f64>() / POINTS as f64;
    for v in &mut brown {
        *v -= mean;
    }
    let norm = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    let each = norm(&clean) * 10_f64.powf(-15.0 / 20.0) / 2_f64.sqrt();
    let (of_white, of_brown) = (each / norm(&white), each / norm(&brown));
    (0..POINTS).map(|i| (clean[i] + of_white * white[i] + of_brown * brown[i]) as f32).collect()
}

/// The real grid, rows measured over at least 90 % of it.
fn rruff() -> Option<Vec<f32>> {
    let folder = data::folder("rruff")?;
    let (_, columns, values) = npy::read_f32(&folder.join("grid1024.npy.gz"));
    let mut labels = csv::Reader::from_path(folder.join("labels.csv")).expect("labels");
    let at = labels.headers().expect("a header").iter().position(|h| h == "grid_coverage").expect("coverage");
    let covered = labels.records().map(|r| r.expect("a row")[at].parse::<f64>().expect("a number") >= 0.9);
    let kept = values
        .chunks_exact(columns)
        .zip(covered)
        .filter(|(row, covered)| *covered && row.iter().any(|v| *v > 0.0));
    Some(kept.flat_map(|(row, _)| row.to_vec()).collect())
}

fn single(c: &mut Criterion) {
    let libraries = [Some(("synthetic", library(3_000))), rruff().map(|rows| ("rruff", rows))];
    for (name, rows) in libraries.into_iter().flatten() {
        let mixtures: Vec<Vec<f32>> = (0..64).map(|k| mixture(&rows, k)).collect();
        let mut group = c.benchmark_group(format!("single/{name}_{}", rows.len() / POINTS));
        group.sample_size(20);
        let dictionary = Dictionary::new(&rows, POINTS, Metric::default()).expect("a dictionary");
        for gram in ["no_gram", "gram"] {
            if gram == "gram" {
                dictionary.gram();
            }
            let mut next = 0;
            let mut bench = |method: &str, solve: &dyn Fn(&[f32]) -> usize| {
                group.bench_function(BenchmarkId::new(method, gram), |b| {
                    b.iter(|| {
                        next = (next + 1) % mixtures.len();
                        solve(black_box(&mixtures[next]))
                    });
                });
            };
            let target = |y: &[f32]| dictionary.target(y).expect("a target");
            bench("target_only", &|y| target(y).correlations().len());
            let greedy = GreedySettings::default();
            bench("nnomp", &|y| nnomp(&dictionary, &target(y), greedy, None).unwrap().support.len());
            bench("nnols", &|y| nnols(&dictionary, &target(y), greedy, None).unwrap().support.len());
            let lasso = SunsalSettings::default();
            bench("sunsal", &|y| sunsal(&dictionary, &target(y), lasso, None).unwrap().support.len());
            let plain = NnlsSettings::default();
            bench("nnls", &|y| nnls(&dictionary, &target(y), plain, None).unwrap().support.len());
        }
        let lasso = SunsalSettings::default();
        let sizes: usize = mixtures
            .iter()
            .map(|y| sunsal(&dictionary, &dictionary.target(y).unwrap(), lasso, None).unwrap().support.len())
            .sum();
        println!("{name}: SUnSAL keeps {:.1} rows on average", sizes as f64 / mixtures.len() as f64);
        group.finish();
    }
}

fn prepare(c: &mut Criterion) {
    let rows = library(3_000);
    let mut group = c.benchmark_group("prepare/3000");
    group.sample_size(10);
    group.bench_function("dictionary", |b| {
        b.iter(|| Dictionary::new(black_box(&rows), POINTS, Metric::default()).unwrap().count());
    });
    group.bench_function("gram", |b| {
        b.iter_batched(
            || Dictionary::new(&rows, POINTS, Metric::default()).unwrap(),
            |dictionary| dictionary.gram().len(),
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn small(c: &mut Criterion) {
    let rows = library(32);
    let dictionary = Dictionary::new(&rows, POINTS, Metric::default()).unwrap();
    let target = dictionary.target(&mixture(&rows, 1)).unwrap();
    let mut group = c.benchmark_group("small");
    for columns in [3, 8, 32] {
        let gram: Vec<f64> =
            (0..columns * columns).map(|k| dictionary.product(k / columns, k % columns)).collect();
        let b: Vec<f64> = target.correlations()[..columns].to_vec();
        let mut workspace = SmallWorkspace::with_capacity(columns);
        group.bench_function(BenchmarkId::from_parameter(columns), |bencher| {
            bencher.iter(|| nnls_small(&mut workspace, black_box(&gram), black_box(&b), 0).energy);
        });
    }
    group.finish();
}

fn batch(c: &mut Criterion) {
    let count: usize = 10_000;
    let rows = library(500);
    let spectra: Vec<f32> = (0..count as u64).flat_map(|k| mixture(&rows, k)).collect();
    let mut group = c.benchmark_group("batch");
    group.sample_size(10);
    let dictionary = Dictionary::new(&rows, POINTS, Metric::Plain).unwrap();
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.throughput(Throughput::Elements(count as u64));
    group.bench_function("nnls_10000x500_one_core", |b| {
        b.iter(|| {
            one_core.install(|| nnls_batch(&dictionary, &spectra, NnlsSettings::default()).unwrap().len())
        });
    });
    group.bench_function("nnls_10000x500", |b| {
        b.iter(|| nnls_batch(&dictionary, &spectra, NnlsSettings::default()).unwrap().len());
    });
    group.bench_function("sunsal_10000x500", |b| {
        b.iter(|| sunsal_batch(&dictionary, &spectra, SunsalSettings::default()).unwrap().len());
    });
    let few = &spectra[..640 * POINTS];
    let admm = SunsalSettings { path: SunsalPath::Admm(1e-4), ..SunsalSettings::default() };
    group.throughput(Throughput::Elements(640));
    group.bench_function("sunsal_admm_640x500", |b| {
        b.iter(|| sunsal_batch(&dictionary, few, admm).unwrap().len());
    });
    group.finish();
}

criterion_group!(benches, prepare, single, small, batch);
criterion_main!(benches);
