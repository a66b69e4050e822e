//! A small writer of OMNIC files, and what the reader makes of them.

use super::super::Limits;
use super::super::registry::decode;
use super::*;

/// A header record of 140 bytes.
fn header(points: u32, x_code: u8, y_code: u8, first: f32, last: f32) -> Vec<u8> {
    let mut out = vec![0; 140];
    let mut set = |at: usize, value: &[u8]| out[at..at + value.len()].copy_from_slice(value);
    set(4, &points.to_le_bytes());
    set(8, &[x_code]);
    set(12, &[y_code]);
    set(16, &first.to_le_bytes());
    set(20, &last.to_le_bytes());
    set(36, &64_u32.to_le_bytes());
    set(96, &9394.5_f32.to_le_bytes());
    out
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A file of records: key, spectrum number, content.
fn file(records: &[(u8, u16, Vec<u8>)]) -> Vec<u8> {
    let mut out = DATA_FILE.to_vec();
    out.extend(b"\r\n");
    out.resize(TABLE as usize, 0);
    out[30..37].copy_from_slice(b"Caf\xe9 42");
    out[294..296].copy_from_slice(&(records.len() as u16).to_le_bytes());
    out[296..300].copy_from_slice(&3_800_000_000_u32.to_le_bytes());
    let mut at = out.len() + records.len() * 16;
    for (key, number, content) in records {
        out.extend([*key, 0]);
        out.extend((at as u32).to_le_bytes());
        out.extend((content.len() as u32).to_le_bytes());
        out.extend(number.to_le_bytes());
        out.extend([0; 4]);
        at += content.len();
    }
    for (_, _, content) in records {
        out.extend(content);
    }
    out
}

fn raman() -> Vec<u8> {
    file(&[
        (2, 0, header(3, 32, 31, 400.0, 200.0)),
        (27, 0, b"Collect Sample\0".to_vec()),
        (3, 0, floats(&[1.0, 2.0, 3.0])),
    ])
}

fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (format, result) = decode("ir/a.spa", bytes, Limits::default());
    assert_eq!(format.map(|f| f.id), Some("omnic"));
    result
}

fn error(bytes: &[u8]) -> String {
    let sentence = decoded(bytes).unwrap_err().to_string();
    assert!(sentence.contains("a.spa"), "{sentence}");
    sentence
}

#[test]
fn a_raman_spectrum_comes_with_its_metadata() {
    let decoded = decoded(&raman()).unwrap();
    assert!(decoded.warnings.is_empty());
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [400.0, 300.0, 200.0]);
    assert_eq!(spectrum.y(), [1.0, 2.0, 3.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    let meta = &spectrum.meta;
    assert_eq!(meta.title.as_deref(), Some("Caf\u{e9} 42"));
    assert_eq!(meta.date.as_deref(), Some("2020-05-31T11:33:20Z"));
    assert_eq!(meta.accumulations, Some(64));
    assert_eq!(meta.intensity_unit.as_deref(), Some("Raman intensity"));
    assert!((meta.laser_nm.unwrap() - 1064.45).abs() < 0.1);
    assert_eq!(meta.get("processing"), Some("Collect Sample"));
}

#[test]
fn a_group_gives_its_spectra_with_their_own_titles_and_axes() {
    let mut title = b"second one".to_vec();
    title.resize(256, 0);
    title.extend(3_700_000_000_u32.to_le_bytes());
    let decoded = decoded(&file(&[
        (3, 1, floats(&[5.0, 6.0])),
        (2, 0, header(3, 1, 17, 4000.0, 600.0)),
        (3, 0, floats(&[1.0, 2.0, 3.0])),
        (107, 1, title),
        (2, 1, header(2, 3, 16, 800.0, 900.0)),
    ]))
    .unwrap();
    let spectra: Vec<_> = decoded.spectra().collect();
    assert_eq!(spectra.len(), 2);
    assert_eq!((spectra[0].y(), spectra[1].y()), (&[1.0, 2.0, 3.0][..], &[5.0, 6.0][..]));
    assert_eq!(spectra[1].meta.title.as_deref(), Some("second one"));
    assert_eq!(*spectra[1].axis().kind(), AxisKind::Wavelength);
    assert_ne!(spectra[0].meta.date, spectra[1].meta.date);
}

#[test]
fn a_group_whose_spectra_all_have_times_comes_in_the_order_of_time() {
    let title = |time: u32| [vec![b'a'; 256], time.to_le_bytes().to_vec()].concat();
    let decoded = decoded(&file(&[
        (2, 0, header(2, 1, 17, 4000.0, 600.0)),
        (3, 0, floats(&[1.0, 1.0])),
        (107, 0, title(3_700_000_060)),
        (2, 1, header(2, 1, 17, 4000.0, 600.0)),
        (3, 1, floats(&[2.0, 2.0])),
        (107, 1, title(3_700_000_000)),
    ]))
    .unwrap();
    let first: Vec<f32> = decoded.spectra().map(|s| s.y()[0]).collect();
    assert_eq!(first, [2.0, 1.0]);
}

#[test]
fn repeated_numbers_are_paired_in_their_order() {
    let decoded = decoded(&file(&[
        (2, 0, header(2, 1, 17, 4000.0, 600.0)),
        (2, 0, header(3, 1, 17, 4000.0, 600.0)),
        (3, 0, floats(&[1.0, 2.0])),
        (3, 0, floats(&[3.0, 4.0, 5.0])),
    ]))
    .unwrap();
    let lengths: Vec<usize> = decoded.spectra().map(|s| s.len()).collect();
    assert_eq!(lengths, [2, 3]);
}

#[test]
fn interferograms_are_given_with_a_warning() {
    let bytes = file(&[(2, 0, header(2, 2, 22, 0.0, 1.0)), (3, 0, floats(&[1.0, 2.0]))]);
    let decoded = decoded(&bytes).unwrap();
    assert!(decoded.warnings[0].contains("interferogram"));
}

#[test]
fn a_cut_group_keeps_its_whole_spectra_and_says_so() {
    let mut bytes = file(&[
        (2, 0, header(2, 1, 17, 4000.0, 600.0)),
        (2, 1, header(2, 1, 17, 4000.0, 600.0)),
        (3, 0, floats(&[1.0, 2.0])),
        (3, 1, floats(&[3.0, 4.0])),
    ]);
    bytes.truncate(bytes.len() - 1);
    let decoded = decoded(&bytes).unwrap();
    assert_eq!(decoded.count(), 1);
    assert!(decoded.warnings[1].contains("One of 2"), "{:?}", decoded.warnings);
}

#[test]
fn a_time_series_file_says_what_to_do() {
    let (_, result) = decode("b.srs", b"Spectral Exte File\r\n", Limits::default());
    assert!(result.unwrap_err().to_string().contains(".spg"));
}

#[test]
fn files_cut_anywhere_are_refused() {
    let whole = raman();
    for cut in DATA_FILE.len()..whole.len() {
        assert!(error(&whole[..cut]).contains("byte"), "cut at {cut}");
    }
}

#[test]
fn lying_counts_and_places_are_refused() {
    let data = floats(&[1.0, 2.0]);
    let with = |header: Vec<u8>| file(&[(2, 0, header), (3, 0, data.clone())]);
    assert!(error(&with(header(i32::MAX as u32, 1, 17, 4000.0, 600.0))).contains("2147483647 points"));
    assert!(error(&with(header(2, 1, 17, f32::NAN, 600.0))).contains("not a finite number"));
    assert!(error(&with(header(2, 1, 17, 600.0, 600.0))).contains("constant"));
    assert!(error(&file(&[(2, 0, header(2, 1, 17, 4000.0, 600.0))])).contains("key 3"));
    assert!(error(&file(&[(3, 0, data.clone())])).contains("key 2"));
    let mut far = with(header(2, 1, 17, 4000.0, 600.0));
    let offset = TABLE as usize + 2;
    far[offset..offset + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(error(&far).contains("byte 4294967295"));
    let mut keys = raman();
    keys[294..296].copy_from_slice(&u16::MAX.to_le_bytes());
    assert!(error(&keys).contains("a key"));
}
