//! Small files built byte by byte: ordinary, odd and damaged.

use super::super::{Decoded, FormatError, Item, Limits, decode};
use super::FORMAT;
use crate::spectrum::AxisKind;

/// A new header, little-endian.
fn header(flags: u8, exponent: u8, points: u32, subfiles: u32) -> Vec<u8> {
    let mut bytes = vec![0_u8; 512];
    bytes[..4].copy_from_slice(&[flags, 0x4B, 0, exponent]);
    bytes[4..8].copy_from_slice(&points.to_le_bytes());
    bytes[8..16].copy_from_slice(&100_f64.to_le_bytes());
    bytes[16..24].copy_from_slice(&200_f64.to_le_bytes());
    bytes[24..28].copy_from_slice(&subfiles.to_le_bytes());
    bytes[28..31].copy_from_slice(&[13, 4, 4]);
    bytes
}

fn subheader(exponent: u8, z: f32, points: u32) -> Vec<u8> {
    let mut bytes = vec![0_u8; 32];
    bytes[1] = exponent;
    bytes[4..8].copy_from_slice(&z.to_le_bytes());
    bytes[16..20].copy_from_slice(&points.to_le_bytes());
    bytes
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn ordinary() -> Vec<u8> {
    [header(0, 0x80, 3, 1), subheader(0x80, 0.0, 0), floats(&[1.0, 2.0, 3.0])].concat()
}

fn read_as(name: &str, bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (format, result) = decode(name, bytes, Limits::default());
    assert_eq!(format.map(|f| f.id), Some(FORMAT.id));
    result
}

fn read(bytes: &[u8]) -> Decoded {
    read_as("a.spc", bytes).unwrap()
}

fn error(bytes: &[u8]) -> String {
    read_as("a.spc", bytes).unwrap_err().to_string()
}

fn ys(decoded: &Decoded) -> Vec<Vec<f32>> {
    decoded.spectra().map(|s| s.y().to_vec()).collect()
}

#[test]
fn an_ordinary_file_is_read_under_any_name() {
    for name in ["a.spc", "a.csv", "a"] {
        let decoded = read_as(name, &ordinary()).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[100.0, 150.0, 200.0][..], &[1.0, 2.0, 3.0][..]));
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
        assert_eq!(spectrum.meta.intensity_unit.as_deref(), Some("counts"));
        assert!(decoded.warnings.is_empty());
    }
}

#[test]
fn integers_of_both_widths_are_scaled_by_their_exponent() {
    let long: Vec<u8> = [1_i32 << 30, -(1 << 29)].iter().flat_map(|v| v.to_le_bytes()).collect();
    let file = [header(0, 2, 2, 1), subheader(7, 0.0, 0), long].concat();
    assert_eq!(ys(&read(&file)), [[1.0, -0.5]]);
    let short: Vec<u8> = [1_i16 << 14, -(1 << 13)].iter().flat_map(|v| v.to_le_bytes()).collect();
    let file = [header(1, 2, 2, 1), subheader(0, 0.0, 0), short].concat();
    assert_eq!(ys(&read(&file)), [[1.0, -0.5]]);
}

#[test]
fn a_multifile_may_mix_floats_and_integers_and_keeps_its_times() {
    let long: Vec<u8> = [1_i32 << 30, 1 << 29].iter().flat_map(|v| v.to_le_bytes()).collect();
    let file =
        [header(0x14, 9, 2, 2), subheader(0x80, 0.5, 0), floats(&[1.0, 2.0]), subheader(2, 7.5, 0), long]
            .concat();
    let decoded = read(&file);
    assert_eq!(ys(&decoded), [[1.0, 2.0], [1.0, 0.5]]);
    let Item::Set(set) = &decoded.items[0] else { panic!("expected a set") };
    assert_eq!((&set.positions.time[..], set.positions.time_unit.as_str()), (&[0.5, 7.5][..], "s"));
}

#[test]
fn floats_are_believed_when_all_subheaders_were_left_blank() {
    let blank = [subheader(0, 0.0, 0), floats(&[1.0, 2.0])].concat();
    let file = [header(4, 0x80, 2, 2), blank.clone(), blank.clone()].concat();
    assert_eq!(ys(&read(&file)), [[1.0, 2.0], [1.0, 2.0]]);
    let long: Vec<u8> = [1_i32 << 30, 1 << 29].iter().flat_map(|v| v.to_le_bytes()).collect();
    let filled = [subheader(0x80, 0.0, 0), floats(&[1.0, 2.0])].concat();
    let file = [header(4, 0x80, 2, 2), filled, subheader(0, 0.0, 0), long].concat();
    assert_eq!(ys(&read(&file)), [[1.0, 2.0], [0.25, 0.125]]);
}

#[test]
fn a_big_endian_file_gives_the_same_numbers() {
    let mut bytes = ordinary();
    bytes[1] = 0x4C;
    for (at, width) in [(4, 4), (8, 8), (16, 8), (24, 4), (544, 4), (548, 4), (552, 4)] {
        bytes[at..at + width].reverse();
    }
    assert_eq!(ys(&read(&bytes)), [[1.0, 2.0, 3.0]]);
}

#[test]
fn an_old_multifile_goes_on_to_the_end_of_the_file() {
    let mut bytes = vec![0_u8; 224];
    bytes[..2].copy_from_slice(&[0x04, 0x4D]);
    bytes[4..8].copy_from_slice(&2_f32.to_le_bytes());
    bytes[8..12].copy_from_slice(&400_f32.to_le_bytes());
    bytes[12..16].copy_from_slice(&300_f32.to_le_bytes());
    bytes[16] = 3;
    // 2^30 with its two words exchanged, then 2^16.
    for _ in 0..3 {
        bytes.extend(subheader(2, 0.0, 0));
        bytes.extend([0x00, 0x40, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00]);
    }
    let decoded = read(&bytes);
    assert_eq!(decoded.count(), 3);
    let spectrum = decoded.spectra().nth(2).unwrap();
    assert_eq!((spectrum.x(), spectrum.y()), (&[400.0, 300.0][..], &[1.0, 1.0 / 16384.0][..]));
    assert!(!read(&[bytes, vec![1; 9]].concat()).warnings.is_empty());
}

fn own_axes(directory: bool) -> Vec<u8> {
    let first = [subheader(0x80, 1.0, 2), floats(&[1.0, 2.0]), floats(&[5.0, 6.0])].concat();
    let second = [subheader(0x80, 2.0, 3), floats(&[9.0, 7.0, 8.0]), floats(&[9.0, 7.0, 8.0])].concat();
    let end = (512 + first.len() + second.len()) as u32;
    let mut file = [header(0xC4, 0x80, if directory { end } else { 0 }, 2), first, second].concat();
    if directory {
        for (at, size) in [(512_u32, 48_u32), (560, 56)] {
            file.extend([at.to_le_bytes(), size.to_le_bytes(), [0; 4]].concat());
        }
    }
    file
}

#[test]
fn subfiles_with_their_own_axes_are_read_by_directory_or_in_order() {
    for directory in [true, false] {
        let decoded = read(&own_axes(directory));
        let xs: Vec<Vec<f64>> = decoded.spectra().map(|s| s.x().to_vec()).collect();
        assert_eq!(xs, [vec![1.0, 2.0], vec![7.0, 8.0, 9.0]]);
        assert_eq!(
            decoded.warnings,
            ["The positions of 1 of 2 spectra were not in order; their points were sorted by position."]
        );
    }
    let mut damaged = own_axes(true);
    let end = damaged.len();
    damaged[end - 12..end - 8].copy_from_slice(&u32::MAX.to_le_bytes());
    let decoded = read(&damaged);
    assert_eq!(decoded.count(), 2);
    assert!(decoded.warnings.iter().any(|w| w.contains("directory")));
}

#[test]
fn the_log_gives_metadata_and_never_stops_the_data() {
    let mut file = ordinary();
    let at = file.len() as u32;
    file[248..252].copy_from_slice(&at.to_le_bytes());
    let text = b"LASER (NM) = 785\r\nfree text\r\n";
    for field in [64 + text.len() as u32, 4096, 64, 0, 0] {
        file.extend(field.to_le_bytes());
    }
    file.resize(at as usize + 64, 0);
    file.extend(text);
    let spectrum = read(&file).spectra().next().unwrap();
    assert_eq!(spectrum.meta.laser_nm, Some(785.0));
    assert_eq!(spectrum.meta.get("log"), Some("free text"));
    file.truncate(at as usize + 70);
    let cut = read(&file);
    assert_eq!((cut.count(), cut.warnings.len()), (1, 1));
    file[248..252].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(read(&file).warnings.len(), 1);
}

#[test]
fn missing_values_are_counted() {
    let file = [header(0, 0x80, 3, 1), subheader(0x80, 0.0, 0), floats(&[1.0, f32::NAN, 3.0])].concat();
    let decoded = read(&file);
    assert_eq!(ys(&decoded), [[1.0, 3.0]]);
    assert!(decoded.warnings[0].starts_with("1 of 3 points was left out"));
}

#[test]
fn a_multifile_cut_short_gives_its_whole_subfiles_with_a_warning() {
    let sub = [subheader(0x80, 0.0, 0), floats(&[1.0, 2.0])].concat();
    let file = [header(4, 0x80, 2, 4), sub.clone(), sub.clone(), sub[..20].to_vec()].concat();
    let decoded = read(&file);
    assert_eq!(decoded.count(), 2);
    assert!(decoded.warnings[0].contains("2 of 4"), "{:?}", decoded.warnings);
}

#[test]
fn damaged_files_are_errors_that_name_file_and_place() {
    let cut_header = ordinary()[..200].to_vec();
    let cut_data = ordinary()[..550].to_vec();
    let mut many_points = ordinary();
    many_points[4..8].copy_from_slice(&0x7FFF_FFFF_u32.to_le_bytes());
    let mut many_subfiles = ordinary();
    many_subfiles[24..28].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut wrong_version = ordinary();
    wrong_version[1] = 0x20;
    let mut nan_axis = ordinary();
    nan_axis[8..16].copy_from_slice(&f64::NAN.to_le_bytes());
    let mut constant = ordinary();
    constant[16..24].copy_from_slice(&100_f64.to_le_bytes());
    let one_point = [header(0, 0x80, 1, 1), subheader(0x80, 0.0, 0), floats(&[1.0])].concat();
    let shimadzu = [super::OLE2, &[0; 600]].concat();
    for (bytes, what) in [
        (cut_header, "512 bytes"),
        (cut_data, "file ends at byte 550"),
        (many_points, "room for"),
        (many_subfiles, "subfiles"),
        (wrong_version, "version byte 0x20"),
        (nan_axis, "finite"),
        (constant, "constant"),
        (one_point, "at least 2 points"),
        (shimadzu, "Shimadzu"),
    ] {
        let sentence = error(&bytes);
        assert!(sentence.starts_with("a.spc: ") && sentence.contains(what), "{sentence}");
    }
}

#[test]
fn other_binary_files_are_not_taken_for_spc() {
    let mut bitmap = vec![0_u8; 2000];
    bitmap[..14].copy_from_slice(b"BM\xd0\x07\0\0\0\0\0\0\x36\0\0\0");
    let mut zip = vec![0_u8; 2000];
    zip[..4].copy_from_slice(b"PK\x03\x04");
    let tiff = [&b"MM\0*\0\0\0\x08"[..], &[0; 2000]].concat();
    let text = "OK, this is text with words and numbers 1 2 3\n".repeat(30);
    for bytes in [bitmap, zip, tiff, text.into_bytes(), vec![0x4B; 2000]] {
        let (format, _) = decode("a.bin", &bytes, Limits::default());
        assert_ne!(format.map(|f| f.id), Some(FORMAT.id));
    }
}

#[test]
fn a_file_cut_anywhere_never_panics() {
    for whole in [ordinary(), own_axes(true)] {
        for end in 0..whole.len() {
            let (_, _result) = decode("a.spc", &whole[..end], Limits::default());
        }
    }
}
