//! Files built by hand: several versions, kinetic series, images, tracks, and everything that can be wrong with them.

use super::*;
use crate::formats::{Item, Limits};

/// What differs between the files of these tests.
struct Parts {
    user_text: &'static str,
    calibration: &'static str,
    labels: &'static str,
    sizes: &'static str,
    stamps: &'static str,
    data: Vec<f32>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            user_text: "",
            calibration: "65540 \u{2} \0 \u{1} \0 \u{1} \0\n500 0.5 0 0\n0 1 0 0\n0 1 0 0\n532\n26\n26\n1\n",
            labels: "11\nRaman shift6\nCounts12\nPixel number",
            sizes: "65541 1 1 4 1 1 1 4 4\n65538 1 1 4 1 1 1 0\n",
            stamps: "         0\n0\n",
            data: vec![1.0, 2.0, 3.0, 4.0],
        }
    }
}

impl Parts {
    fn build(&self) -> Vec<u8> {
        let head = format!(
            "Andor Technology Multi-Channel File\n65538 1\n65567 0 0 1 1628171392 -60 \0 \0 \n \u{2} \0 0 9.5 10.1 10.1 5 \0 \
             50.5 3.03e-05 0 1 0 0\nDU420_BX2DD \n 1024 256 9\nC:\\a.sif  \n65538 {}\n{}\n65538 \u{1} \u{2} \u{3} \
             \0 0 0\n65540 1 1 842.761 1 0 999.76 500nm\n0 10\n\n-1\n65538 0 1024 256 1024 256 1 1 1 1\n",
            self.user_text.len(),
            self.user_text,
        );
        let text = [&head, self.calibration, self.labels, self.sizes, self.stamps].concat();
        let mut file = text.into_bytes();
        file.extend(self.data.iter().flat_map(|v| v.to_le_bytes()));
        file
    }
}

fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
    assert_eq!(sniff(&Head::new("a", bytes)), Sniff::Sure);
    read(&Input { name: "dir/a.sif", bytes, limits: Limits::default(), format: FORMAT.name })
}

fn sentence(parts: &Parts) -> String {
    decode(&parts.build()).unwrap_err().to_string()
}

#[test]
fn a_raman_spectrum_is_in_nm_with_its_laser() {
    let decoded = decode(&Parts::default().build()).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [500.5, 501.0, 501.5, 502.0]);
    assert_eq!(spectrum.y(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::Wavelength);
    let meta = &spectrum.meta;
    assert_eq!(
        (meta.laser_nm, meta.integration_time_s, meta.accumulations),
        (Some(532.0), Some(9.5), Some(5))
    );
    assert_eq!(meta.date.as_deref(), Some("2021-08-05T13:49:52Z"));
    assert_eq!(meta.instrument.as_deref(), Some("DU420_BX2DD"));
    assert_eq!(meta.intensity_unit.as_deref(), Some("Counts"));
    assert_eq!(meta.get("original file"), Some("C:\\a.sif"));
    assert!(spectrum.converted(&AxisKind::RamanShift).is_ok());
}

#[test]
fn an_old_version_without_detector_lines_is_read_by_its_form() {
    let calibration = "65539 \u{2} \0 \u{1} \0 \u{1} \0\n500 0.5 0 0\n0 1 0 0\n0 1 0 0\n0\n13\n13\n";
    let parts = Parts { calibration, labels: "10\nWavelength6\nCounts12\nPixel number", ..Parts::default() };
    let spectrum = decode(&parts.build()).unwrap().spectra().next().unwrap();
    assert_eq!(spectrum.x()[0].to_bits(), 500.5_f64.to_bits());
    assert_eq!(spectrum.meta.laser_nm, None);
}

#[test]
fn a_polynomial_that_begins_like_a_version_is_no_version() {
    let calibration = "65539 \u{2} \0\n655.5 0.5 0 0\n0 1 0 0\n0 1 0 0\n655\n13\n13\n";
    let parts = Parts { calibration, ..Parts::default() };
    let spectrum = decode(&parts.build()).unwrap().spectra().next().unwrap();
    assert_eq!(spectrum.x(), [656.0, 656.5, 657.0, 657.5]);
    assert_eq!(spectrum.meta.laser_nm, Some(655.0));
}

#[test]
fn a_laser_line_counts_only_for_raman_files() {
    let parts = Parts { labels: "10\nWavelength6\nCounts12\nPixel number", ..Parts::default() };
    let spectrum = decode(&parts.build()).unwrap().spectra().next().unwrap();
    assert_eq!(spectrum.meta.laser_nm, None);
    assert_eq!(spectrum.meta.get("Raman excitation setting (nm)"), Some("532"));
}

#[test]
fn a_kinetic_series_has_frame_times_and_a_second_block_of_stamps() {
    let parts = Parts {
        sizes: "65541 1 1 4 1 2 1 8 4\n65538 1 1 4 1 1 1 0\n",
        stamps: " 0\n 10\n1\n 111\n 222\n",
        data: (0..8).map(|i| i as f32).collect(),
        ..Parts::default()
    };
    let decoded = decode(&parts.build()).unwrap();
    let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
    assert_eq!(set.row(1), Some(&[4.0, 5.0, 6.0, 7.0][..]));
    assert_eq!(set.positions.time, [0.0, 50.5]);
}

#[test]
fn binned_images_and_tracks_give_every_row() {
    let image = Parts {
        sizes: "65541 1 4 4 1 1 1 4 4\n65538 1 4 4 1 2 2 0\n",
        calibration: "65539 \u{1}\n0 1 0 0\n0 1 0 0\n0 1 0 0\n422\n16\n16\n",
        ..Parts::default()
    };
    let decoded = decode(&image.build()).unwrap();
    let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
    assert_eq!((set.len(), set.axis().kind()), (2, &AxisKind::Pixel));
    assert_eq!(set.positions.y, [1.0, 2.0]);
    let tracks = Parts {
        sizes: "65541 1 9 4 1 1 2 8 8\n65538 1 3 4 1 3 1 0\n65538 1 9 4 7 3 1 0\n",
        data: (0..8).map(|i| i as f32).collect(),
        ..Parts::default()
    };
    let spectra: Vec<_> = decode(&tracks.build()).unwrap().spectra().collect();
    assert_eq!(spectra.len(), 2);
    assert_eq!(spectra[1].y(), [4.0, 5.0, 6.0, 7.0]);
    assert_eq!(spectra[1].meta.title.as_deref(), Some("a track 2"));
}

#[test]
fn frames_may_have_calibrations_of_their_own() {
    let parts = Parts {
        user_text: "Calibration data for frame 1: 500,1,0,0\nCalibration data for frame 2: 600,2,0,0\n",
        sizes: "65541 1 1 4 1 2 1 8 4\n65538 1 1 4 1 1 1 0\n",
        stamps: " 0\n 10\n",
        data: (0..8).map(|i| i as f32).collect(),
        ..Parts::default()
    };
    let spectra: Vec<_> = decode(&parts.build()).unwrap().spectra().collect();
    assert_eq!(spectra[0].x(), [501.0, 502.0, 503.0, 504.0]);
    assert_eq!(spectra[1].x(), [602.0, 604.0, 606.0, 608.0]);
}

#[test]
fn damaged_files_are_refused_with_their_place() {
    let good = Parts::default();
    let file = good.build();
    for cut in [40, 300, file.len() - 60, file.len() - 1] {
        let error = decode(&file[..cut]).unwrap_err().to_string();
        assert!(error.contains("byte"), "{cut}: {error}");
    }
    let with = |sizes: &'static str| sentence(&Parts { sizes, ..Parts::default() });
    assert!(with("65541 1 1 4 1 2000000000 1 4 4\n65538 1 1 4 1 1 1 0\n").contains("time stamp of frame"));
    assert!(with("65541 1 1 4 1 1 1 4 9\n65538 1 1 4 1 1 1 0\n").contains("9 numbers"));
    assert!(with("65541 1 1 4 1 0 1 4 4\n65538 1 1 4 1 1 1 0\n").contains("0 frames"));
    assert!(with("65541 1 1 4 1 1 1 4 4\n65538 1 1 4 1 1 0 0\n").contains("do not make an image"));
    assert!(with("65541 1 1 4 1 1 1 4 4\n65538 4 1 -9223372036854775808 1 1 1 0\n").contains("do not make"));
    let huge = "65541 1 1 4 1 1 1 4 4000000000000\n65538 1 1 4000000000000 1 1 1 0\n";
    assert!(with(huge).contains("room") || with(huge).contains("follow"));
}

#[test]
fn a_calibration_that_is_no_number_leaves_pixels() {
    let calibration = "65540 \u{2}\nnan nan nan nan\n0 1 0 0\n0 1 0 0\n532\n26\n26\n1\n";
    let parts = Parts { calibration, ..Parts::default() };
    let spectrum = decode(&parts.build()).unwrap().spectra().next().unwrap();
    assert_eq!(spectrum.x(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::Pixel);
}
