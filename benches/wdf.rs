//! How long a map of 200 x 200 spectra with 1,015 points takes from bytes to a set.
#![expect(clippy::expect_used, reason = "a bench over a broken file should stop")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use unravel::formats::{Limits, decode};

const POINTS: u32 = 1015;
const SIDE: u32 = 200;

fn block(file: &mut Vec<u8>, id: [u8; 4], content: &[u8]) {
    file.extend(id);
    file.extend(0_u32.to_le_bytes());
    file.extend((content.len() as u64 + 16).to_le_bytes());
    file.extend(content);
}

/// A WDF map with positions, times and a grid, as WiRE writes it.
fn map() -> Vec<u8> {
    let rows = SIDE * SIDE;
    let mut header = vec![0_u8; 496];
    // Offsets are those of the file, 16 bytes before the content.
    let mut set = |at: usize, value: &[u8]| header[at - 16..at - 16 + value.len()].copy_from_slice(value);
    set(60, &POINTS.to_le_bytes());
    set(64, &u64::from(rows).to_le_bytes());
    set(72, &u64::from(rows).to_le_bytes());
    set(92, &3_u32.to_le_bytes());
    set(152, &6_u32.to_le_bytes());
    set(156, &18_796.99_f32.to_le_bytes());
    set(240, b"synthetic map");
    let data: Vec<u8> = (0..rows * POINTS).flat_map(|i| ((i % 4001) as f32).to_le_bytes()).collect();
    let mut axis = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    axis.extend((0..POINTS).flat_map(|i| (1800.0 - 1.5 * i as f32).to_le_bytes()));
    let mut origin = 3_u32.to_le_bytes().to_vec();
    let ticks = |i: u32| f64::from_bits(132_775_248_489_219_960 + u64::from(i) * 10_000_000);
    for (kind, unit) in [(0x8000_0003_u32, 5_u32), (0x8000_0004, 5), (11, 24)] {
        origin.extend(kind.to_le_bytes());
        origin.extend(unit.to_le_bytes());
        origin.extend([0; 16]);
        origin.extend((0..rows).flat_map(|i| {
            let value = match kind & 0xff {
                3 => f64::from(i % SIDE),
                4 => f64::from(i / SIDE),
                _ => ticks(i),
            };
            value.to_le_bytes()
        }));
    }
    let mut grid = vec![0_u8; 48];
    for (at, count) in [(32, SIDE), (36, SIDE), (40, 1)] {
        grid[at..at + 4].copy_from_slice(&count.to_le_bytes());
    }
    let mut file = Vec::with_capacity(data.len() + 2_000_000);
    block(&mut file, *b"WDF1", &header);
    block(&mut file, *b"DATA", &data);
    block(&mut file, *b"XLST", &axis);
    block(&mut file, *b"ORGN", &origin);
    block(&mut file, *b"WMAP", &grid);
    file
}

fn wdf(criterion: &mut Criterion) {
    let file = map();
    let mut group = criterion.benchmark_group("wdf");
    group.sample_size(10).throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("map 200 x 200 x 1015", |bencher| {
        bencher.iter(|| {
            let (_, decoded) = decode("map.wdf", black_box(&file), Limits::default());
            let decoded = decoded.expect("the bench writes a sound file");
            assert_eq!((decoded.count(), decoded.warnings.len()), (40_000, 0));
            decoded
        });
    });
    group.finish();
}

criterion_group!(benches, wdf);
criterion_main!(benches);
