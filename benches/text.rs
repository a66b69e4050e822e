//! Reading a 50 MB two-column text: ours from bytes to a finished spectrum, beside the `csv` crate filling two plain
//! vectors. `cargo bench --bench text`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use unravel::formats::{Limits, decode};

const BYTES: usize = 50_000_000;

/// Rows such as instruments write: three decimals of position, two of intensity.
fn two_columns(separator: char) -> String {
    let mut text = String::with_capacity(BYTES + 64);
    let mut state = 1_u64;
    for row in 0_u32.. {
        if text.len() >= BYTES {
            break;
        }
        // A linear congruential generator (Knuth's MMIX constants) is random enough for digits.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let counts = 500.0 + (state >> 40) as f64 * 1e-3;
        writeln!(text, "{:.3}{separator}{counts:.2}", 100.0 + 1e-3 * f64::from(row)).unwrap_or_default();
    }
    text
}

fn with_csv_crate(text: &str) -> (Vec<f64>, Vec<f32>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut x, mut y) = (Vec::new(), Vec::new());
    while reader.read_record(&mut record).unwrap_or(false) {
        x.push(record[0].parse().unwrap_or(f64::NAN));
        y.push(record[1].parse().unwrap_or(f32::NAN));
    }
    (x, y)
}

fn text(criterion: &mut Criterion) {
    let commas = two_columns(',');
    let tabs = two_columns('\t');
    let mut group = criterion.benchmark_group("two columns, 50 MB");
    group.throughput(Throughput::Bytes(commas.len() as u64)).sample_size(10);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    for (name, content) in [("unravel, comma", &commas), ("unravel, tab", &tabs)] {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let (_, decoded) = decode("a.csv", black_box(content.as_bytes()), Limits::default());
                assert!(decoded.is_ok_and(|decoded| decoded.count() == 1), "one spectrum was expected");
            });
        });
    }
    group.bench_function("csv crate, comma", |bench| bench.iter(|| with_csv_crate(black_box(&commas))));
    group.finish();
}

criterion_group!(benches, text);
criterion_main!(benches);
