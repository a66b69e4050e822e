//! A small writer of .wxd files, and what the reader makes of them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::super::Limits;
use super::super::registry::decode;
use super::*;

const SCHEMA: &str = "dirs[name:S,parent:I,ctime:I,atime:I,mtime:I,clsid:S,state:I,files[_B[name:S,size:I,date:I,\
                      state:I,contents:B]]]";

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    [&(units.len() as u32).to_le_bytes()[..], &units].concat()
}

fn integer(name: &str, value: i32) -> Vec<u8> {
    [&wide(name)[..], &3_u16.to_le_bytes(), &value.to_le_bytes()].concat()
}

fn number(name: &str, kind: u16, value: f64) -> Vec<u8> {
    [&wide(name)[..], &kind.to_le_bytes(), &value.to_le_bytes()].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    [wide(name), 8_u16.to_le_bytes().to_vec(), wide(value)].concat()
}

fn list(values: &[f64]) -> Vec<u8> {
    let mut out = (values.len() as u32).to_le_bytes().to_vec();
    out.extend([0; 4]);
    for value in values {
        out.extend(5_u16.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0xc0, 0xff, 0xee, 0x01]);
    out
}

/// A number of the database: 7 bits a byte, the last marked.
fn packed(value: usize) -> Vec<u8> {
    let mut out = vec![value as u8 & 0x7f | 0x80];
    let mut rest = value >> 7;
    while rest > 0 {
        out.insert(0, rest as u8 & 0x7f);
        rest >>= 7;
    }
    out
}

/// Appends a column and gives its size and place.
fn column(body: &mut Vec<u8>, content: &[u8]) -> Vec<u8> {
    let at = body.len();
    body.extend(content);
    if content.is_empty() { packed(0) } else { [packed(content.len()), packed(at)].concat() }
}

/// A database of these files; the first stands in the common column, the others outside.
fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut body = b"JL\x1a\0\0\0\0\0".to_vec();
    let zip = |content: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    };
    let contents: Vec<Vec<u8>> = files.iter().map(|(_, content)| zip(content)).collect();
    let names: Vec<u8> = files.iter().flat_map(|(name, _)| [name.as_bytes(), &[0]].concat()).collect();
    let sizes: Vec<u8> = files.iter().flat_map(|(_, c)| (c.len() as u32).to_le_bytes()).collect();
    let mut lengths = vec![0_u8; files.len() * 2];
    lengths[..2].copy_from_slice(&(contents[0].len() as u16).to_le_bytes());
    let mut memo = Vec::new();
    for (row, content) in contents.iter().enumerate().skip(1) {
        memo.extend(packed(usize::from(row == 1)));
        memo.extend(column(&mut body, content));
    }
    let list = [
        packed(0),
        packed(files.len()),
        column(&mut body, &names),
        packed(0),
        packed(0),
        column(&mut body, &sizes),
        packed(0),
        packed(0),
        column(&mut body, &contents[0]),
        column(&mut body, &lengths),
        column(&mut body, &memo),
        packed(0),
        packed(0),
    ]
    .concat();
    let blocks = [packed(0), packed(2), column(&mut body, &list)].concat();
    let mut folders = [packed(0), packed(1)].concat();
    (0..11).for_each(|_| folders.extend(packed(0)));
    folders.extend(column(&mut body, &blocks));
    let mut root = [packed(0), packed(SCHEMA.len()), SCHEMA.as_bytes().to_vec(), packed(1)].concat();
    root.extend(column(&mut body, &folders));
    let at = body.len();
    body.extend(&root);
    let end = body.len() as u32;
    body.extend([0x80, 0, 0, 0]);
    body.extend(end.to_be_bytes());
    body.extend((0x8000_0000 | root.len() as u32).to_be_bytes());
    body.extend((at as u32).to_be_bytes());
    [&b"#WXD0000000."[..], &body].concat()
}

fn properties() -> Vec<u8> {
    [
        integer("dataListUnits0", 16),
        integer("dataListUnits1", 1),
        number("Wavenumber", 5, 18_796.99),
        integer("Exposure Time", 10_000),
        integer("Accumulations", 2),
        number("CreationTime", 7, 44_518.407_199_074_07),
        text("Laser", "532 nm edge"),
    ]
    .concat()
}

fn data_set(y: &[f64]) -> Vec<u8> {
    let mut out = wide("DataList2");
    out.extend(13_u16.to_le_bytes());
    out.extend([7; 16]);
    out.extend(list(y));
    out.extend(text("dataListLabels2", "Counts"));
    out.extend(integer("dataListType2", 2));
    out
}

fn file(x: &[f64], y: &[f64]) -> Vec<u8> {
    archive(&[("Properties", properties()), ("DataList1", list(x)), ("DataSet0", data_set(y))])
}

fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (format, result) = decode("old/a.wxd", bytes, Limits::default());
    assert_eq!(format.map(|f| f.id), Some("renishaw_wxd"));
    result
}

fn error(bytes: &[u8]) -> String {
    let sentence = decoded(bytes).unwrap_err().to_string();
    assert!(sentence.contains("a.wxd"), "{sentence}");
    sentence
}

#[test]
fn a_spectrum_comes_with_its_metadata() {
    let decoded = decoded(&file(&[300.0, 200.5, 100.0], &[5.0, 6.0, 7.0])).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [300.0, 200.5, 100.0]);
    assert_eq!(spectrum.y(), [5.0, 6.0, 7.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    let meta = &spectrum.meta;
    assert!((meta.laser_nm.unwrap() - 532.0).abs() < 1e-3);
    assert_eq!((meta.integration_time_s, meta.accumulations), (Some(10.0), Some(2)));
    assert_eq!(meta.date.as_deref(), Some("2021-11-18T09:46:22"));
    assert_eq!(meta.intensity_unit.as_deref(), Some("counts"));
    assert_eq!(meta.get("Laser"), Some("532 nm edge"));
}

#[test]
fn several_data_sets_or_none_are_refused_with_what_to_do() {
    let set = data_set(&[1.0, 2.0]);
    let files = [("Properties", properties()), ("DataList1", list(&[1.0, 2.0])), ("DataSet0", set.clone())];
    let more = [&files[..], &[("DataSet1", set)]].concat();
    assert!(error(&archive(&more)).contains("2 data sets"));
    assert!(error(&archive(&files[..2])).contains("save it as .wdf"));
}

#[test]
fn files_cut_anywhere_are_refused() {
    let whole = file(&[300.0, 200.5, 100.0], &[5.0, 6.0, 7.0]);
    for cut in 4..whole.len() {
        error(&whole[..cut]);
    }
}

#[test]
fn unequal_lists_and_bad_axes_are_refused() {
    assert!(error(&file(&[1.0, 2.0, 3.0], &[1.0, 2.0])).contains("2 intensities stand beside 3"));
    assert!(error(&file(&[1.0, f64::NAN], &[1.0, 2.0])).contains("not a finite number"));
    assert!(error(&file(&[1.0, 1.0], &[1.0, 2.0])).contains("constant"));
    let mut lying = list(&[1.0, 2.0]);
    lying[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let files = [("Properties", properties()), ("DataList1", lying), ("DataSet0", data_set(&[1.0, 2.0]))];
    assert!(error(&archive(&files)).contains("DataList1"));
    let no_units = [("Properties", text("a", "b")), files[1].clone(), files[2].clone()];
    assert!(error(&archive(&no_units)).contains("0 axes"));
}

#[test]
fn another_schema_and_broken_packing_are_refused() {
    let whole = file(&[1.0, 2.0], &[1.0, 2.0]);
    let at = memchr::memmem::find(&whole, b"dirs[").unwrap();
    let mut other = whole.clone();
    other[at] = b'x';
    assert!(error(&other).contains("another layout"));
    // The first packed file outside the common column begins right behind the database's head.
    let mut packing = whole;
    packing[20..30].fill(0xff);
    assert!(error(&packing).contains("does not unpack"));
}
