//! Files built by hand: both versions, images, regions, and everything that can be wrong with them.

use super::*;
use crate::formats::{Item, Limits};

/// A version 2 file of 16-bit numbers.
fn winview(width: u16, height: u16, frames: i32, data: &[u16]) -> Vec<u8> {
    let mut file = vec![0_u8; 4100];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(10, &2.5_f32.to_le_bytes());
    put(20, b"21Dec2006");
    put(42, &width.to_le_bytes());
    put(108, &3_i16.to_le_bytes());
    put(172, b"144116");
    put(200, b"quartz");
    put(656, &height.to_le_bytes());
    put(668, &4_i32.to_le_bytes());
    put(1446, &frames.to_le_bytes());
    put(1992, &2.5_f32.to_le_bytes());
    put(2996, &0x0123_4567_u32.to_le_bytes());
    put(4098, b"UU");
    file.extend(data.iter().flat_map(|v| v.to_le_bytes()));
    file
}

fn calibrated(mut file: Vec<u8>, unit: u8, laser: f64) -> Vec<u8> {
    file[3098] = 1;
    file[3100] = unit;
    file[3101] = 1;
    file[3263..3271].copy_from_slice(&500.0_f64.to_le_bytes());
    file[3271..3279].copy_from_slice(&0.5_f64.to_le_bytes());
    file[3311..3319].copy_from_slice(&laser.to_le_bytes());
    file
}

const FOOTER: &str = r#"<SpeFormat version="3.0" xmlns="http://www.princetoninstruments.com/spe/2009"><DataFormat>
<DataBlock type="Frame" count="2" pixelFormat="MonochromeUnsigned16" size="10" stride="18">
<DataBlock type="Region" calibrations="2" width="3" height="1" size="6" stride="6" />
<DataBlock type="Region" calibrations="3" width="2" height="1" size="4" stride="4" /></DataBlock></DataFormat>
<MetaFormat><MetaBlock><TimeStamp event="ExposureStarted" type="Int64" resolution="1000"/></MetaBlock></MetaFormat>
<Calibrations><WavelengthMapping id="1" laserLine="532"><Wavelength>600,601,602,603,604,605,606,607</Wavelength>
</WavelengthMapping><SensorMapping id="2" x="1" width="3" xBinning="1"/><SensorMapping id="3" x="4" width="4" xBinning="2"/>
</Calibrations><DataHistories><DataHistory><Origin created="2024-10-01T11:32:24" software="LightField"><Experiment>
<ExposureTime type="Double">1500</ExposureTime></Experiment></Origin></DataHistory></DataHistories></SpeFormat>"#;

/// Two frames of two regions, each frame followed by a 64-bit time stamp.
fn lightfield(footer: &str) -> Vec<u8> {
    let mut file = winview(0, 0, 2, &[]);
    file[1992..1996].copy_from_slice(&3.0_f32.to_le_bytes());
    for frame in 0..2_u16 {
        let values = [10, 11, 12, 20, 21].map(|v: u16| v + 100 * frame);
        file.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        file.extend((500 + 2_000 * i64::from(frame)).to_le_bytes());
    }
    let at = file.len() as u64;
    file[678..686].copy_from_slice(&at.to_le_bytes());
    file.extend(footer.as_bytes());
    file
}

fn decoded(bytes: &[u8]) -> Result<Decoded, FormatError> {
    assert_eq!(sniff(&Head::new("a.spe", bytes)), Sniff::Sure);
    read(&Input { name: "a.spe", bytes, limits: Limits::default(), format: FORMAT.name })
}

fn sentence(bytes: &[u8]) -> String {
    let input = Input { name: "a.spe", bytes, limits: Limits::default(), format: FORMAT.name };
    read(&input).unwrap_err().to_string()
}

#[test]
fn a_calibrated_spectrum_counts_pixels_from_one() {
    let file = calibrated(winview(4, 1, 1, &[7, 8, 9, 65_535]), 4, 532.0);
    let decoded = decoded(&file).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [500.5, 501.0, 501.5, 502.0]);
    assert_eq!(spectrum.y(), [7.0, 8.0, 9.0, 65_535.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::Wavelength);
    let meta = &spectrum.meta;
    assert_eq!(
        (meta.laser_nm, meta.integration_time_s, meta.accumulations),
        (Some(532.0), Some(2.5), Some(4))
    );
    assert_eq!(meta.date.as_deref(), Some("2006-12-21T14:41:16"));
    assert_eq!(meta.get("comment 1"), Some("quartz"));
}

#[test]
fn units_and_missing_calibration_are_respected() {
    let kind = |file: &[u8]| {
        let decoded = decoded(file).unwrap();
        decoded.spectra().next().unwrap().axis().kind().clone()
    };
    let plain = winview(2, 1, 1, &[1, 2]);
    assert_eq!(kind(&plain), AxisKind::Pixel);
    assert_eq!(kind(&calibrated(plain.clone(), 6, 0.0)), AxisKind::RamanShift);
    assert_eq!(kind(&calibrated(plain, 5, 0.0)), AxisKind::Wavenumber);
}

#[test]
fn an_image_series_gives_every_row_with_its_place_and_time() {
    let file = winview(2, 2, 2, &[1, 2, 3, 4, 5, 6, 7, 8]);
    let decoded = decoded(&file).unwrap();
    let [Item::Set(set)] = &decoded.items[..] else { panic!("one set was expected") };
    assert_eq!(set.len(), 4);
    assert_eq!(set.row(3), Some(&[7.0, 8.0][..]));
    assert_eq!(set.positions.y, [1.0, 2.0, 1.0, 2.0]);
    assert!(set.positions.time.is_empty());
}

#[test]
fn regions_use_their_own_columns_of_the_sensor() {
    let decoded = decoded(&lightfield(FOOTER)).unwrap();
    let [Item::Set(first), Item::Set(second)] = &decoded.items[..] else { panic!("two sets were expected") };
    assert_eq!(first.axis().values(), [601.0, 602.0, 603.0]);
    assert_eq!(second.axis().values(), [604.0, 606.0]);
    assert_eq!(second.row(1), Some(&[120.0, 121.0][..]));
    assert_eq!(first.positions.time, [0.0, 2.0]);
    assert_eq!(first.meta.laser_nm, Some(532.0));
    assert_eq!(first.meta.integration_time_s, Some(1.5));
    assert_eq!(first.meta.date.as_deref(), Some("2024-10-01T11:32:24"));
}

#[test]
fn the_last_frame_may_lack_its_time_stamp() {
    let mut file = lightfield(FOOTER);
    let data_end = 4100 + 2 * 18 - 8;
    file.truncate(data_end);
    file[678..686].copy_from_slice(&(data_end as u64).to_le_bytes());
    file.extend(FOOTER.as_bytes());
    assert_eq!(decoded(&file).unwrap().count(), 4);
}

#[test]
fn damaged_files_are_refused_with_their_place() {
    let good = winview(4, 1, 1, &[1, 2, 3, 4]);
    assert!(sentence(&good[..4105]).contains("room for 5"));
    assert!(sentence(&good[..2000]).contains("the file ends at byte 2000"));
    assert!(sentence(&winview(0, 1, 1, &[1, 2])).contains("byte 42"));
    assert!(sentence(&winview(2, 1, -1, &[1, 2])).contains("byte 1446"));
    assert!(sentence(&winview(u16::MAX, u16::MAX, i32::MAX, &[1, 2])).contains("room for 4"));
    let mut kind = good;
    kind[108] = 99;
    assert!(sentence(&kind).contains("number type 99"));
    assert_eq!(sniff(&Head::new("a.spe", &kind)), Sniff::No);
}

#[test]
fn damaged_footers_are_refused() {
    let with = |from: &str, to: &str| sentence(&lightfield(&FOOTER.replacen(from, to, 1)));
    assert!(sentence(&lightfield(&FOOTER[..300])).contains("XML footer"));
    assert!(with("width=\"3\"", "width=\"99999999999\"").contains("a.spe"));
    assert!(with("stride=\"18\"", "stride=\"3\"").contains("cannot stand"));
    assert!(with("count=\"2\"", "count=\"4000000000\"").contains("4000000000 frames"));
    assert!(with("MonochromeUnsigned16", "Rgb24").contains("Rgb24"));
    let mut frames = lightfield(FOOTER);
    frames[1446..1450].copy_from_slice(&i32::MAX.to_le_bytes());
    assert!(sentence(&frames).contains("2147483647"));
    let mut outside = lightfield(FOOTER);
    outside[678..686].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(sentence(&outside).contains("byte 678"));
}
