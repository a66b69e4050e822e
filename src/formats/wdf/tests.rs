//! A small writer of WDF files, and what the reader makes of them.

use super::super::registry::decode;
use super::super::{Item, Limits};
use super::*;
use crate::spectrum::MapShape;

/// A file in the making: header fields by offset, then blocks.
struct File {
    header: Vec<u8>,
    blocks: Vec<u8>,
}

fn block(id: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend(0_u32.to_le_bytes());
    out.extend((content.len() as u64 + 16).to_le_bytes());
    out.extend(content);
    out
}

fn floats(values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    values.into_iter().flat_map(f32::to_le_bytes).collect()
}

impl File {
    fn new(points: u32, capacity: u64, collected: u64) -> Self {
        let mut file = Self { header: block(*b"WDF1", &[0; 496]), blocks: Vec::new() };
        file.set(60, &points.to_le_bytes());
        file.set(64, &capacity.to_le_bytes());
        file.set(72, &collected.to_le_bytes());
        file.set(80, &3_u32.to_le_bytes());
        file.set(96, b"WiRE");
        file.set(136, &132_775_248_489_219_960_u64.to_le_bytes());
        file.set(152, &6_u32.to_le_bytes());
        file.set(156, &(1e7_f32 / 532.0).to_le_bytes());
        file.set(240, "Probe \u{b5}".as_bytes());
        file
    }

    fn set(&mut self, offset: usize, value: &[u8]) {
        self.header[offset..offset + value.len()].copy_from_slice(value);
    }

    fn with(mut self, id: [u8; 4], content: &[u8]) -> Self {
        self.blocks.extend(block(id, content));
        self
    }

    fn axis(self, unit: u32, x: &[f32]) -> Self {
        let content =
            [1_u32.to_le_bytes().to_vec(), unit.to_le_bytes().to_vec(), floats(x.to_vec())].concat();
        self.with(*b"XLST", &content)
    }

    fn origin(mut self, lists: &[(u32, u32, &str, Vec<f64>)]) -> Self {
        self.set(92, &(lists.len() as u32).to_le_bytes());
        let mut content = (lists.len() as u32).to_le_bytes().to_vec();
        for (kind, unit, label, values) in lists {
            content.extend(kind.to_le_bytes());
            content.extend(unit.to_le_bytes());
            let mut name = label.as_bytes().to_vec();
            name.resize(16, 0);
            content.extend(name);
            content.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        }
        self.with(*b"ORGN", &content)
    }

    fn grid(self, flags: u32, width: u32, height: u32) -> Self {
        let mut content = vec![0; 48];
        content[..4].copy_from_slice(&flags.to_le_bytes());
        for (at, n) in [(32, width), (36, height), (40, 1)] {
            content[at..at + 4].copy_from_slice(&n.to_le_bytes());
        }
        self.with(*b"WMAP", &content)
    }

    fn bytes(&self) -> Vec<u8> {
        [self.header.as_slice(), &self.blocks].concat()
    }
}

fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (format, result) = decode("maps/a.wdf", bytes, Limits::default());
    assert_eq!(format.map(|f| f.id), Some("wdf"));
    result
}

fn error(bytes: &[u8]) -> String {
    let sentence = decoded(bytes).unwrap_err().to_string();
    assert!(sentence.contains("a.wdf"), "{sentence}");
    sentence
}

fn single() -> File {
    File::new(3, 1, 1).with(*b"DATA", &floats([5.0, 6.0, 7.0])).axis(1, &[300.0, 200.0, 100.0])
}

fn set_of(decoded: &Decoded) -> &SpectrumSet {
    match &decoded.items[..] {
        [Item::Set(set)] => set,
        other => panic!("expected one set, found {other:?}"),
    }
}

/// Rows numbered in file order, two points each.
fn numbered(rows: u16) -> Vec<u8> {
    floats((0..rows).flat_map(|r| [f32::from(r), f32::from(r) + 0.5]))
}

fn map(flags: u32, x: &[f64], y: &[f64]) -> File {
    File::new(2, 6, 6)
        .with(*b"DATA", &numbered(6))
        .axis(1, &[200.0, 100.0])
        .origin(&[(0x8000_0003, 5, "X", x.to_vec()), (0x8000_0004, 5, "Y", y.to_vec())])
        .grid(flags, 3, 2)
}

#[test]
fn a_single_spectrum_comes_with_its_metadata() {
    let decoded = decoded(&single().with(*b"TEXT", b"a comment\0").bytes()).unwrap();
    assert!(decoded.warnings.is_empty());
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [300.0, 200.0, 100.0]);
    assert_eq!(spectrum.y(), [5.0, 6.0, 7.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    let meta = &spectrum.meta;
    assert_eq!(meta.title.as_deref(), Some("Probe \u{b5}"));
    assert!((meta.laser_nm.unwrap() - 532.0).abs() < 1e-3);
    assert_eq!(meta.accumulations, Some(3));
    assert_eq!(meta.date.as_deref(), Some("2021-10-01T01:20:48Z"));
    assert_eq!(meta.intensity_unit.as_deref(), Some("counts"));
    assert_eq!(meta.get("comment"), Some("a comment"));
}

#[test]
fn a_map_in_row_order_has_its_shape() {
    let file = map(0, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], &[7.0, 7.0, 7.0, 8.0, 8.0, 8.0]);
    let decoded = decoded(&file.bytes()).unwrap();
    assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
    let set = set_of(&decoded);
    assert_eq!(set.shape, Some(MapShape { width: 3, height: 2 }));
    assert_eq!(set.row(5), Some(&[5.0, 5.5][..]));
    assert_eq!(set.positions.y[3].to_bits(), 8.0_f64.to_bits());
}

#[test]
fn a_map_in_column_order_is_turned_and_says_so() {
    let file = map(2, &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0], &[7.0, 8.0, 7.0, 8.0, 7.0, 8.0]);
    let decoded = decoded(&file.bytes()).unwrap();
    assert_eq!(decoded.warnings.len(), 1);
    let set = set_of(&decoded);
    assert_eq!(set.shape, Some(MapShape { width: 3, height: 2 }));
    let first: Vec<f32> = set.rows().map(|row| row[0]).collect();
    assert_eq!(first, [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]);
    assert_eq!(set.positions.x, [0.0, 1.0, 2.0, 0.0, 1.0, 2.0]);
    assert_eq!(set.positions.y, [7.0, 7.0, 7.0, 8.0, 8.0, 8.0]);
}

#[test]
fn a_snake_keeps_its_order_and_claims_no_shape() {
    let file = map(4, &[0.0, 1.0, 2.0, 2.0, 1.0, 0.0], &[7.0, 7.0, 7.0, 8.0, 8.0, 8.0]);
    let decoded = decoded(&file.bytes()).unwrap();
    let set = set_of(&decoded);
    assert_eq!(set.shape, None);
    assert_eq!(set.row(3), Some(&[3.0, 3.5][..]));
    assert_eq!(decoded.warnings.len(), 1);
}

#[test]
fn an_interrupted_scan_gives_what_was_collected() {
    let mut file = map(0, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], &[7.0, 7.0, 7.0, 8.0, 8.0, 8.0]);
    file.set(72, &3_u64.to_le_bytes());
    let decoded = decoded(&file.bytes()).unwrap();
    assert_eq!(decoded.count(), 3);
    assert_eq!(set_of(&decoded).shape, Some(MapShape { width: 3, height: 1 }));
    assert!(decoded.warnings[0].contains("3 of 6"));
}

#[test]
fn a_time_series_counts_seconds_from_its_first_spectrum() {
    let ticks = |s: u64| f64::from_bits(132_775_248_489_219_960 + s * 10_000_000);
    let file = File::new(2, 3, 3).with(*b"DATA", &numbered(3)).axis(1, &[1.0, 2.0]);
    let file = file.origin(&[(0x8000_000b, 24, "Time", vec![ticks(0), ticks(2), ticks(5)])]);
    let decoded = decoded(&file.bytes()).unwrap();
    assert_eq!(set_of(&decoded).positions.time, [0.0, 2.0, 5.0]);
}

#[test]
fn a_temperature_series_names_its_rows() {
    let file = File::new(2, 2, 2).with(*b"DATA", &numbered(2)).axis(3, &[500.0, 501.0]);
    let file = file.origin(&[(0x8000_0009, 21, "Temperature", vec![20.0, 30.5])]);
    let decoded = decoded(&file.bytes()).unwrap();
    let set = set_of(&decoded);
    assert_eq!(set.labels, ["Temperature 20 C", "Temperature 30.5 C"]);
    assert_eq!(*set.axis().kind(), AxisKind::Wavelength);
}

#[test]
fn holes_in_a_map_are_bridged_with_a_warning() {
    let data = floats([1.0, f32::NAN, 3.0, 4.0, 5.0, 6.0]);
    let file = File::new(3, 2, 2).with(*b"DATA", &data).axis(1, &[1.0, 2.0, 3.0]);
    let decoded = decoded(&file.bytes()).unwrap();
    assert_eq!(set_of(&decoded).row(0), Some(&[1.0, 2.0, 3.0][..]));
    assert!(decoded.warnings[0].contains("interpolated"));
}

#[test]
fn lost_blocks_at_the_end_leave_the_spectra_readable() {
    let mut bytes = single().with(*b"WHTL", &[0; 100]).bytes();
    bytes.truncate(bytes.len() - 40);
    let decoded = decoded(&bytes).unwrap();
    assert_eq!(decoded.count(), 1);
    assert!(decoded.warnings[0].contains("WHTL"), "{:?}", decoded.warnings);
}

#[test]
fn files_cut_anywhere_give_an_error_or_a_warning() {
    let whole = map(0, &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], &[7.0, 7.0, 7.0, 8.0, 8.0, 8.0]).bytes();
    for cut in 4..whole.len() {
        match decoded(&whole[..cut]) {
            // Cut between ORGN and WMAP, nothing but the grid is gone.
            Ok(decoded) => assert!(!decoded.warnings.is_empty() || cut + 64 == whole.len(), "cut at {cut}"),
            Err(error) => assert!(error.to_string().contains("a.wdf"), "cut at {cut}"),
        }
    }
}

#[test]
fn a_missing_axis_names_the_place_of_the_damage() {
    let bytes = single().bytes();
    let sentence = error(&bytes[..520]);
    assert!(
        sentence.contains("byte 512") && sentence.contains("DATA") || sentence.contains("8 bytes"),
        "{sentence}"
    );
    let sentence = error(&bytes[..535]);
    assert!(sentence.contains("byte 512") && sentence.contains("XLST"), "{sentence}");
}

#[test]
fn lying_counts_are_refused_before_memory_is_taken() {
    let mut many = single();
    many.set(72, &u64::MAX.to_le_bytes());
    many.set(64, &u64::MAX.to_le_bytes());
    // As many as fit are read, and the rest is said to be missing.
    assert!(decoded(&many.bytes()).unwrap().warnings[0].contains("1 of"));
    let mut wide = single();
    wide.set(60, &u32::MAX.to_le_bytes());
    assert!(error(&wide.bytes()).contains("XLST"));
    let mut none = single();
    none.set(72, &0_u64.to_le_bytes());
    assert!(error(&none.bytes()).contains("byte 72"));
    let mut thin = single();
    thin.set(60, &1_u32.to_le_bytes());
    assert!(error(&thin.bytes()).contains("byte 60"));
    let mut short = File::new(3, 2, 2).with(*b"DATA", &floats([1.0, 2.0])).axis(1, &[1.0, 2.0, 3.0]);
    assert!(error(&short.bytes()).contains("room for 2"));
    short.set(72, &9_u64.to_le_bytes());
    assert!(error(&short.bytes()).contains("9 spectra collected"));
}

#[test]
fn a_block_smaller_than_its_head_ends_the_walk() {
    let mut bytes = single().bytes();
    let after_header = 512 + 8;
    bytes[after_header..after_header + 8].copy_from_slice(&3_u64.to_le_bytes());
    assert!(error(&bytes).contains("byte 512"));
}

#[test]
fn an_axis_with_nan_or_one_per_spectrum_is_refused() {
    let nan = File::new(3, 1, 1).with(*b"DATA", &floats([5.0; 3])).axis(1, &[300.0, f32::NAN, 100.0]);
    assert!(error(&nan.bytes()).contains("not a finite number"));
    let flat = File::new(3, 1, 1).with(*b"DATA", &floats([5.0; 3])).axis(1, &[300.0; 3]);
    assert!(error(&flat.bytes()).contains("constant"));
    let several = File::new(2, 2, 2).with(*b"DATA", &floats([5.0; 4])).axis(1, &[1.0, 2.0, 1.5, 2.5]);
    assert!(error(&several.bytes()).contains("axis of its own"));
}
