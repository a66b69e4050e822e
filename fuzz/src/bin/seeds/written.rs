//! What our own writers write: CSV, tables, JCAMP-DX and SPC.

use unravel::formats::Item;
use unravel::formats::write::{Separator, WriteFormat, WriteOptions, encode};
use unravel::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumError, SpectrumSet};

use crate::Seed;

pub fn seeds() -> Result<Vec<Seed>, String> {
    let (one, several, map) = items().map_err(|error| error.to_string())?;
    let bytes = |items: &[Item], format, options| {
        encode("seed", items, format, options).map(|written| written.bytes).map_err(|e| e.to_string())
    };
    let usual = WriteOptions::default();
    let bare = WriteOptions { separator: Separator::SemicolonDecimalComma, metadata: false };
    let comma = WriteOptions { separator: Separator::SemicolonDecimalComma, metadata: true };
    Ok(vec![
        ("unravel_csv", "one", bytes(&one, WriteFormat::Csv, usual)?),
        ("unravel_csv", "comma", bytes(&one, WriteFormat::Csv, comma)?),
        ("unravel_csv", "several", bytes(&several, WriteFormat::CsvTable, usual)?),
        ("unravel_csv", "map", bytes(&map, WriteFormat::CsvTable, usual)?),
        ("text_table", "one", bytes(&one, WriteFormat::Csv, bare)?),
        ("text_table", "map", bytes(&map, WriteFormat::CsvTable, bare)?),
        ("jcamp", "one", bytes(&one, WriteFormat::Jcamp, usual)?),
        ("jcamp", "linked", bytes(&several, WriteFormat::Jcamp, usual)?),
        ("spc", "one", bytes(&one, WriteFormat::Spc, usual)?),
        ("spc", "several", bytes(&several, WriteFormat::Spc, usual)?),
        ("spc", "map", bytes(&map, WriteFormat::Spc, usual)?),
    ])
}

/// One even curve, two uneven ones, and a map.
fn items() -> Result<(Vec<Item>, Vec<Item>, Vec<Item>), SpectrumError> {
    let mut meta = Metadata::titled("quartz");
    meta.laser_nm = Some(532.0);
    meta.integration_time_s = Some(1.5);
    meta.date = Some("2026-11-21T10:00:00".to_owned());
    meta.push("Objective", "x50");
    let even = Axis::even(AxisKind::RamanShift, 100.0, 107.0, 8)?;
    let one = Spectrum::new(even, [5.0, 6.5, 9.0, 7.0, 4.0, 4.5, 3.0, 2.0], meta.clone())?;
    let uneven = Axis::new(AxisKind::Wavelength, vec![500.0, 500.5, 501.25, 502.0])?;
    let several = [[1.0, 2.0, 3.0, 4.0], [4.0, 1e-6, 2.5e9, -1.0]]
        .map(|y| Spectrum::new(uneven.clone(), y, meta.clone()).map(Item::Spectrum));
    let [first, second] = several;
    let positions = Positions {
        x: vec![0.0, 1.0, 0.0, 1.0],
        y: vec![0.0, 0.0, 1.0, 1.0],
        length_unit: "um".to_owned(),
        ..Positions::default()
    };
    let axis = Axis::even(AxisKind::RamanShift, 300.0, 100.0, 3)?;
    let map = SpectrumSet::new(axis, (0..12_u8).map(f32::from).collect(), 4, meta)?;
    let map = map.with_positions(positions)?.with_shape(2, 2);
    Ok((vec![Item::Spectrum(one)], vec![first?, second?], vec![Item::Set(map)]))
}
