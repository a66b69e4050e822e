//! Files built by hand at both levels and in both byte orders, and everything that can be wrong with them.

use std::io::Write as _;
use std::sync::Arc;

use super::*;
use crate::formats::{Item, Limits};
use crate::spectrum::AxisKind;

fn element(kind: u32, data: &[u8]) -> Vec<u8> {
    let mut out = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
    out.extend(data);
    out.resize(out.len().div_ceil(8) * 8, 0);
    out
}

fn array(class: u32, dims: &[i32], name: &str, body: &[u8]) -> Vec<u8> {
    let flags = element(6, &[class.to_le_bytes(), [0; 4]].concat());
    let dims = element(5, &dims.iter().flat_map(|d| d.to_le_bytes()).collect::<Vec<_>>());
    element(14, &[flags, dims, element(1, name.as_bytes()), body.to_vec()].concat())
}

fn doubles(name: &str, dims: [i32; 2], values: &[f64]) -> Vec<u8> {
    let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    array(6, &dims, name, &element(9, &data))
}

fn text(name: &str, text: &str) -> Vec<u8> {
    array(4, &[1, text.len() as i32], name, &element(16, text.as_bytes()))
}

fn structure(name: &str, fields: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut names = Vec::new();
    for (field, _) in fields {
        let mut padded = field.as_bytes().to_vec();
        padded.resize(8, 0);
        names.extend(padded);
    }
    let width = [0x0004_0005_u32.to_le_bytes(), 8_u32.to_le_bytes()].concat();
    let values: Vec<u8> = fields.iter().flat_map(|(_, v)| v.clone()).collect();
    array(2, &[1, 1], name, &[width, element(1, &names), values].concat())
}

fn level5(variables: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"MATLAB 5.0 MAT-file, made by a test".to_vec();
    file.resize(124, b' ');
    file.extend([0, 1, b'I', b'M']);
    file.extend(variables.concat());
    file
}

fn compressed(variable: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(variable).unwrap();
    let data = encoder.finish().unwrap();
    let mut out = [15_u32.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
    out.extend(data);
    out
}

fn level4(name: &str, rows: u32, columns: u32, values: &[f64]) -> Vec<u8> {
    let words = [0, rows, columns, 0, name.len() as u32 + 1];
    let mut file: Vec<u8> = words.iter().flat_map(|w: &u32| w.to_le_bytes()).collect();
    file.extend(name.as_bytes());
    file.push(0);
    file.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    file
}

fn decode_with(bytes: &[u8], limits: Limits) -> Result<Decoded, FormatError> {
    read(&Input { name: "a.mat", bytes, limits, format: FORMAT.name })
}

fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
    decode_with(bytes, Limits::default())
}

fn sentence(bytes: &[u8]) -> String {
    decode(bytes).unwrap_err().to_string()
}

const X: [f64; 3] = [100.0, 200.0, 300.0];
const Y: [f64; 3] = [5.0, 7.0, 6.0];

#[test]
fn two_vectors_are_a_spectrum_whichever_comes_first() {
    let (x, y) = (doubles("wavenumber", [1, 3], &X), doubles("intensity", [3, 1], &Y));
    for file in [level5(&[x.clone(), y.clone()]), level5(&[y.clone(), compressed(&x)])] {
        assert_eq!(sniff(&Head::new("a", &file)), Sniff::Sure);
        let decoded = decode(&file).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((decoded.count(), spectrum.x(), spectrum.y()), (1, &X[..], &[5.0, 7.0, 6.0][..]));
        assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    }
}

#[test]
fn a_matrix_is_a_set_in_either_orientation() {
    let x = doubles("wn", [3, 1], &X);
    let rows = doubles("data", [2, 3], &[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
    let columns = doubles("data", [3, 2], &[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
    for data in [rows, columns] {
        let decoded = decode(&level5(&[compressed(&x), compressed(&data)])).unwrap();
        let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
        assert_eq!(set.values(), [1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
    }
}

#[test]
fn a_struct_lends_its_texts_and_numbers() {
    let fields = [
        ("x", doubles("", [3, 1], &X)),
        ("y", doubles("", [3, 1], &Y)),
        ("name", text("", "quartz")),
        ("laser", doubles("", [1, 1], &[785.0])),
    ];
    let decoded = decode(&level5(&[structure("S", &fields)])).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.meta.title.as_deref(), Some("quartz"));
    assert_eq!(spectrum.meta.laser_nm, Some(785.0));
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    assert!(decoded.warnings[0].contains("taken as Raman shift"));
}

#[test]
fn several_vectors_share_one_axis_and_keep_their_names() {
    let variables = [doubles("shift", [3, 1], &X), doubles("a", [3, 1], &Y), doubles("b", [3, 1], &Y)];
    let decoded = decode(&level5(&variables)).unwrap();
    let spectra: Vec<_> = decoded.spectra().collect();
    assert_eq!(spectra.iter().map(|s| s.meta.display_name()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(Arc::ptr_eq(spectra[0].axis(), spectra[1].axis()));
}

#[test]
fn structs_beside_an_axis_use_it() {
    let inside = [("y", doubles("", [3, 1], &Y))];
    let file = level5(&[doubles("wavenumber", [3, 1], &X), structure("A", &inside), structure("B", &inside)]);
    assert_eq!(choose::lengths(&decode(&file).unwrap()), [1, 1]);
}

#[test]
fn level_4_and_big_endian_are_read() {
    let file = level4("d", 3, 2, &[100.0, 200.0, 300.0, 5.0, 7.0, 6.0]);
    assert_eq!(sniff(&Head::new("a", &file)), Sniff::Sure);
    assert_eq!(decode(&file).unwrap().spectra().next().unwrap().y(), [5.0, 7.0, 6.0]);
    let mut big: Vec<u8> = [1000, 3, 2, 0, 2].iter().flat_map(|w: &u32| w.to_be_bytes()).collect();
    big.extend(b"d\0");
    big.extend([100.0, 200.0, 300.0, 5.0, 7.0, 6.0].iter().flat_map(|v: &f64| v.to_be_bytes()));
    assert_eq!(sniff(&Head::new("a", &big)), Sniff::Sure);
    assert_eq!(decode(&big).unwrap().spectra().next().unwrap().x(), X);
}

#[test]
fn level_7_3_is_refused_with_advice() {
    let mut file = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".to_vec();
    file.resize(512, 0);
    file.extend(b"\x89HDF\r\n\x1a\n");
    assert_eq!(sniff(&Head::new("a", &file)), Sniff::Sure);
    assert!(sentence(&file).contains("-v7"));
}

#[test]
fn damaged_files_are_refused_with_their_place() {
    let good = level5(&[doubles("x", [3, 1], &X), compressed(&doubles("y", [3, 1], &Y))]);
    for cut in (100..good.len()).step_by(7) {
        let error = sentence(&good[..cut]);
        let named = error.contains("byte") || error.contains("variables: ");
        assert!(error.contains("a.mat") && named, "{cut}: {error}");
    }
    assert!(sentence(&level5(&[doubles("x", [i32::MAX, i32::MAX], &X)])).contains("3 numbers were found"));
    assert!(sentence(&level5(&[array(1, &[i32::MAX, 2], "c", &[])])).contains("room for 0 values"));
    assert!(sentence(&level5(&[text("t", "only words")])).contains("none"));
    assert!(sentence(&level5(&[doubles("x", [3, 1], &X)])).contains("x [3, 1]"));
    let noise = doubles("q", [3, 2], &[3.0, 1.0, 2.0, 5.0, 6.0, 5.0]);
    assert!(sentence(&level5(&[noise])).contains("q [3, 2]"));
    let lying = level4("d", 3_000_000, 2, &X);
    assert!(sentence(&lying).contains("48000000 bytes"));
}

#[test]
fn bombs_and_deep_nests_stop_at_the_limits() {
    let zeros = doubles("z", [1_000, 1_000], &vec![0.0; 1_000_000]);
    let file = level5(&[compressed(&zeros)]);
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(decode_with(&file, limits), Err(FormatError::TooLarge { .. })));
    let mut nest = doubles("", [1, 1], &[1.0]);
    for _ in 0..60 {
        nest = array(1, &[1, 1], "c", &nest);
    }
    assert!(sentence(&level5(&[nest])).contains("inside each other"));
}

#[test]
fn a_position_that_is_no_number_is_left_out_with_a_warning() {
    let x = doubles("shift", [4, 1], &[100.0, 200.0, 300.0, 400.0]);
    let y = doubles("y", [4, 1], &[1.0, f64::NAN, 3.0, 4.0]);
    let decoded = decode(&level5(&[x, y])).unwrap();
    assert_eq!(decoded.spectra().next().unwrap().len(), 3);
    assert_eq!(decoded.warnings.len(), 1, "{:?}", decoded.warnings);
}
