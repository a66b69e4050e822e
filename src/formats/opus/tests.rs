//! A small writer of OPUS files, and what the reader makes of them.

use super::super::Limits;
use super::super::registry::decode;
use super::*;

const RESULT_ABSORBANCE: u32 = 0x100f;
const RESULT_RAMAN: u32 = 0x280f;
const SAMPLE: u32 = 0x0407;
const REFERENCE: u32 = 0x040b;
const INTERFEROGRAM: u32 = 0x0807;

/// The data status block's type for a data block's.
fn status_type(data: u32) -> u32 {
    data | 0x10
}

fn integer(name: &str, value: i32) -> Vec<u8> {
    [name.as_bytes(), &[0, 0, 0, 2, 0], &value.to_le_bytes()].concat()
}

fn number(name: &str, value: f64) -> Vec<u8> {
    [name.as_bytes(), &[0, 1, 0, 4, 0], &value.to_le_bytes()].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    let mut content = value.as_bytes().to_vec();
    content.resize(value.len() / 2 * 2 + 2, 0);
    let words = (content.len() / 2) as u16;
    [name.as_bytes(), &[0, 2, 0], &words.to_le_bytes(), &content].concat()
}

fn end() -> Vec<u8> {
    b"END\0\0\0\0\0".to_vec()
}

fn status(points: i32, first: f64, last: f64, unit: &str) -> Vec<u8> {
    [
        integer("DPF", 1),
        integer("NPT", points),
        number("FXV", first),
        number("LXV", last),
        number("CSF", 2.0),
        text("DXU", unit),
        text("DAT", "09/11/2021"),
        text("TIM", "15:57:28.710 (GMT+1)"),
        end(),
    ]
    .concat()
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A file of blocks, each content filled up to whole words.
fn file(blocks: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let slots = blocks.len() + 1;
    let mut head = b"\n\n\xfe\xfe".to_vec();
    head.extend(920_622.0_f64.to_le_bytes());
    head.extend([24_i32, slots as i32, blocks.len() as i32].iter().flat_map(|v| v.to_le_bytes()));
    let mut at = 24 + slots * 12;
    let (mut list, mut body) = (Vec::new(), Vec::new());
    for (kind, content) in blocks {
        let words = content.len().div_ceil(4);
        list.extend(kind.to_le_bytes());
        list.extend((words as i32).to_le_bytes());
        list.extend((at as i32).to_le_bytes());
        body.extend(content);
        body.resize(body.len() + words * 4 - content.len(), 0);
        at += words * 4;
    }
    list.extend([0; 12]);
    [head, list, body].concat()
}

fn raman() -> Vec<u8> {
    let optics = [number("RLW", 9394.9), text("INS", "VERTEX 70"), integer("NSS", 50), end()].concat();
    file(&[
        (RESULT_RAMAN, floats(&[1.0, 2.0, 3.0, 9.0])),
        (status_type(RESULT_RAMAN), status(3, 400.0, 200.0, "WN")),
        (0x20, optics),
        (0xa0, [text("SNM", "aspirin"), end()].concat()),
    ])
}

fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (format, result) = decode("ir/a.0", bytes, Limits::default());
    assert_eq!(format.map(|f| f.id), Some("opus"));
    result
}

fn error(bytes: &[u8]) -> String {
    let sentence = decoded(bytes).unwrap_err().to_string();
    assert!(sentence.contains("a.0"), "{sentence}");
    sentence
}

#[test]
fn an_ft_raman_file_is_a_shift_with_its_laser() {
    let decoded = decoded(&raman()).unwrap();
    assert!(decoded.warnings.is_empty());
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    assert_eq!(spectrum.x(), [400.0, 300.0, 200.0]);
    // The scale is 2, the fourth stored value is padding.
    assert_eq!(spectrum.y(), [2.0, 4.0, 6.0]);
    let meta = &spectrum.meta;
    assert!((meta.laser_nm.unwrap() - 1064.4).abs() < 0.1);
    assert_eq!((meta.title.as_deref(), meta.accumulations), (Some("aspirin"), Some(50)));
    assert_eq!(meta.instrument.as_deref(), Some("VERTEX 70"));
    assert_eq!(meta.date.as_deref(), Some("2021-11-09T15:57:28+01:00"));
}

#[test]
fn results_come_first_and_interferograms_do_not_count() {
    let mut blocks = Vec::new();
    for (kind, level) in [(REFERENCE, 1.0), (INTERFEROGRAM, 2.0), (SAMPLE, 3.0), (RESULT_ABSORBANCE, 4.0)] {
        blocks.push((kind, floats(&[level; 3])));
        blocks.push((status_type(kind), status(3, 4000.0, 600.0, "WN")));
    }
    let decoded = decoded(&file(&blocks)).unwrap();
    let levels: Vec<f32> = decoded.spectra().map(|s| s.y()[0]).collect();
    assert_eq!(levels, [8.0, 6.0, 2.0]);
    let units: Vec<AxisKind> = decoded.spectra().map(|s| s.axis().kind().clone()).collect();
    assert!(units.iter().all(|kind| *kind == AxisKind::Wavenumber));
}

#[test]
fn of_two_results_the_last_stored_comes_first_with_its_own_status() {
    let with = |low: f64, high: f64, first: f64| {
        [number("MNY", low), number("MXY", high), status(2, first, 600.0, "WN")].concat()
    };
    let kind = RESULT_ABSORBANCE;
    // The status blocks stand in the wrong order: only their extremes tell which is whose.
    let decoded = decoded(&file(&[
        (kind, floats(&[1.0, 2.0])),
        (kind, floats(&[3.0, 5.0])),
        (status_type(kind), with(6.0, 10.0, 3000.0)),
        (status_type(kind), with(2.0, 4.0, 2000.0)),
    ]))
    .unwrap();
    let found: Vec<(f64, f32)> = decoded.spectra().map(|s| (s.x()[0], s.y()[0])).collect();
    assert_eq!(found, [(3000.0, 6.0), (2000.0, 2.0)]);
}

#[test]
fn compact_blocks_keep_their_values_at_the_end() {
    let kind = RESULT_ABSORBANCE | 4 << 19;
    let decoded = decoded(&file(&[
        (kind, floats(&[77.0, 88.0, 1.0, 2.0, 3.0])),
        (status_type(kind), status(3, 4000.0, 600.0, "NM")),
    ]))
    .unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.y(), [2.0, 4.0, 6.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::Wavelength);
}

#[test]
fn a_series_is_one_set_with_times() {
    let kind = RESULT_ABSORBANCE | 2 << 19;
    let facts = 152_usize;
    let mut series: Vec<u8> =
        [0_i32, 3, 24, 8, facts as i32, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
    for row in 0..2_u8 {
        series.extend(floats(&[f32::from(row), 1.0]));
        let mut fact = vec![0; facts];
        fact[144..152].copy_from_slice(&(f64::from(row) * 1.5).to_le_bytes());
        series.extend(fact);
    }
    let decoded =
        decoded(&file(&[(kind, series), (status_type(kind), status(2, 4000.0, 600.0, "WN"))])).unwrap();
    assert_eq!(decoded.count(), 2);
    assert!(decoded.warnings[0].contains("2 of 3"));
    let super::super::Item::Set(set) = &decoded.items[0] else { panic!("expected a set") };
    assert_eq!(set.positions.time, [0.0, 1.5]);
    assert_eq!(set.row(1), Some(&[2.0, 2.0][..]));
}

#[test]
fn absolute_raman_positions_are_not_called_a_shift() {
    let kind = RESULT_RAMAN;
    let decoded =
        decoded(&file(&[(kind, floats(&[1.0, 2.0])), (status_type(kind), status(2, 9344.9, 5394.9, "WN"))]))
            .unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(*spectrum.axis().kind(), AxisKind::Wavenumber);
    assert!(decoded.warnings[0].contains("absolute"));
}

#[test]
fn only_interferograms_is_said_so() {
    let kind = INTERFEROGRAM;
    let bytes = file(&[(kind, floats(&[1.0; 4])), (status_type(kind), status(4, 0.0, 3.0, "PNT"))]);
    assert!(error(&bytes).contains("interferograms"));
}

#[test]
fn files_cut_anywhere_give_an_error_or_a_warning() {
    let whole = raman();
    for cut in 4..whole.len() {
        match decoded(&whole[..cut]) {
            Ok(decoded) => assert!(!decoded.warnings.is_empty(), "cut at {cut}"),
            Err(error) => assert!(error.to_string().contains("a.0"), "cut at {cut}"),
        }
    }
}

#[test]
fn broken_directories_and_counts_are_refused() {
    let mut far = raman();
    far[12..16].copy_from_slice(&i32::MAX.to_le_bytes());
    assert!(error(&far).contains("byte 12"));
    let mut negative = raman();
    negative[16..20].copy_from_slice(&(-5_i32).to_le_bytes());
    assert!(error(&negative).contains("byte 12"));
    let empty = file(&[(0xa0, end())]);
    assert!(error(&empty).contains("lists no spectrum"));
    let kind = RESULT_RAMAN;
    let huge = file(&[(kind, floats(&[1.0; 4])), (status_type(kind), status(i32::MAX, 0.0, 3.0, "WN"))]);
    assert!(error(&huge).contains("do not fit"));
    let alone = file(&[(kind, floats(&[1.0; 4]))]);
    assert!(error(&alone).contains("data status"));
    let nan = file(&[(kind, floats(&[1.0; 4])), (status_type(kind), status(4, f64::NAN, 3.0, "WN"))]);
    assert!(error(&nan).contains("no axis"));
    let constant = file(&[(kind, floats(&[1.0; 4])), (status_type(kind), status(4, 3.0, 3.0, "WN"))]);
    assert!(error(&constant).contains("constant"));
}

#[test]
fn one_good_spectrum_beside_a_bad_one_is_kept_with_a_warning() {
    let decoded = decoded(&file(&[
        (RESULT_ABSORBANCE, floats(&[1.0; 4])),
        (status_type(RESULT_ABSORBANCE), status(900, 4000.0, 600.0, "WN")),
        (SAMPLE, floats(&[1.0; 4])),
        (status_type(SAMPLE), status(4, 4000.0, 600.0, "WN")),
    ]))
    .unwrap();
    assert_eq!(decoded.count(), 1);
    assert!(decoded.warnings[0].contains("1 of 2"), "{:?}", decoded.warnings);
}
