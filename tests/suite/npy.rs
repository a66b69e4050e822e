//! Reads the `.npy.gz` arrays of the data folder: version 1 header, little-endian f32, C order.

#![allow(clippy::expect_used, reason = "a test's helper")]

use std::io::Read as _;
use std::path::Path;

/// Rows, columns and values; panics with a sentence when the file is something else.
pub fn read_f32(path: &Path) -> (usize, usize, Vec<f32>) {
    let name = path.display();
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(bytes.starts_with(b"\x93NUMPY\x01"), "{name}: no NumPy version 1 array");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8_lossy(&bytes[10..10 + length]).into_owned();
    assert!(header.contains("'<f4'") && header.contains("'fortran_order': False"), "{name}: {header}");
    let shape =
        header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).expect("a shape").0;
    let sizes: Vec<usize> = shape.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let [rows, columns] = sizes[..] else { panic!("{name}: expected two dimensions, found ({shape})") };
    let values: Vec<f32> =
        bytes[10 + length..].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    assert_eq!(values.len(), rows * columns, "{name}: shape and size disagree");
    (rows, columns, values)
}
