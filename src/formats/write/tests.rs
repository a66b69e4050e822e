//! What is written is read back by our own readers.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::{Decoded, Limits, decode};
use super::*;
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumSet};

fn spectrum(kind: AxisKind, x: &[f64], y: &[f32], meta: Metadata) -> Item {
    Item::Spectrum(Spectrum::new(Axis::new(kind, x.to_vec()).unwrap(), y, meta).unwrap())
}

fn written(items: &[Item], format: WriteFormat, options: WriteOptions) -> Written {
    encode("out", items, format, options).unwrap()
}

fn reread(items: &[Item], format: WriteFormat, options: WriteOptions) -> Decoded {
    let name = format!("out.{}", format.extension());
    let (_, decoded) = decode(&name, &written(items, format, options).bytes, Limits::default());
    decoded.unwrap()
}

fn semicolon() -> WriteOptions {
    WriteOptions { separator: Separator::SemicolonDecimalComma, ..WriteOptions::default() }
}

/// Metadata whose texts every format can hold: printable, no blanks at the ends or in a row.
fn plain_meta() -> impl Strategy<Value = Metadata> {
    let word = "[A-Za-z0-9µ(][A-Za-z0-9µ.,;:%()/-]{0,12}";
    let text = prop::collection::vec(word, 1..20).prop_map(|w| w.join(" "));
    let some = || prop::option::of(text.clone());
    let key = "[B-D][a-z]{1,8}( [a-z]{1,5})?";
    let fields = (some(), some(), some(), prop::option::of(200.0..1100.0), prop::option::of(0.001..1e4));
    let more = (
        prop::option::of(1_u32..10_000),
        some(),
        prop::option::of(Just("2024-02-29T13:45:00".to_owned())),
        prop::collection::vec((key, text.clone()), 0..4),
        prop::collection::vec(text.clone(), 0..3),
    );
    (fields, more).prop_map(|(a, b)| Metadata {
        title: a.0,
        source_file: a.1.or(Some("a.txt".into())),
        sample: a.2,
        laser_nm: a.3,
        integration_time_s: a.4,
        accumulations: b.0,
        instrument: b.1,
        date: b.2,
        intensity_unit: Some("counts".into()),
        extra: b.3,
        history: b.4,
    })
}

/// Metadata with any text at all.
fn wild_meta() -> impl Strategy<Value = Metadata> {
    let text = || "\\PC{0,12}[ \\\\\n\r:\"]{0,2}\\PC{0,3}";
    let some = || prop::option::of(text());
    let more = (prop::collection::vec((text(), text()), 0..4), prop::collection::vec(text(), 0..3));
    ((some(), text(), some(), some(), some(), some()), prop::option::of(any::<u32>()), more).prop_map(
        |(t, accumulations, (extra, history))| Metadata {
            title: t.0,
            source_file: Some(t.1),
            sample: t.2,
            date: t.3,
            instrument: t.4,
            intensity_unit: t.5,
            laser_nm: accumulations.map(|a| f64::from(a) / 7.0),
            integration_time_s: None,
            accumulations,
            extra,
            history,
        },
    )
}

fn kind() -> impl Strategy<Value = AxisKind> {
    prop::sample::select(vec![
        AxisKind::RamanShift,
        AxisKind::Wavelength,
        AxisKind::Wavenumber,
        AxisKind::Energy,
        AxisKind::Pixel,
        AxisKind::Other("m/z".into()),
    ])
}

fn positions() -> impl Strategy<Value = Vec<f64>> {
    let steps = (-500.0..4000.0, prop::collection::vec(0.01..9.0, 1..60), any::<bool>(), any::<bool>());
    steps.prop_map(|(first, steps, even, down): (f64, Vec<f64>, bool, bool)| {
        let mut x = vec![first];
        for step in &steps {
            x.push(x[x.len() - 1] + if even { steps[0] } else { *step });
        }
        if down {
            x.reverse();
        }
        x
    })
}

fn curve_with(meta: impl Strategy<Value = Metadata>) -> impl Strategy<Value = Spectrum> {
    let y = prop_oneof![4 => -1e5_f32..1e6, 1 => any::<f32>().prop_filter("finite", |v| v.is_finite())];
    (kind(), positions(), meta).prop_flat_map(move |(kind, x, meta)| {
        let axis = Arc::new(Axis::new(kind, x).unwrap());
        prop::collection::vec(y.clone(), axis.len())
            .prop_map(move |y| Spectrum::new(Arc::clone(&axis), y, meta.clone()).unwrap())
    })
}

fn bits(y: &[f32]) -> Vec<u32> {
    y.iter().map(|v| v.to_bits()).collect()
}

/// The file's own records that a reader keeps besides what was written.
fn without(mut meta: Metadata, keys: &[&str]) -> Metadata {
    meta.extra.retain(|(k, _)| !keys.contains(&k.as_str()));
    meta
}

proptest! {
    #[test]
    fn csv_comes_back_exactly(spectrum in curve_with(wild_meta()), comma in any::<bool>()) {
        let options = if comma { semicolon() } else { WriteOptions::default() };
        let items = [Item::Spectrum(spectrum)];
        for format in [WriteFormat::Csv, WriteFormat::CsvTable] {
            let back = reread(&items, format, options);
            prop_assert!(back.warnings.is_empty());
            prop_assert_eq!(&back.items[..], &items[..]);
        }
    }

    #[test]
    fn jcamp_comes_back_with_exact_intensities(spectrum in curve_with(plain_meta())) {
        let items = [Item::Spectrum(spectrum.clone())];
        let text = String::from_utf8(written(&items, WriteFormat::Jcamp, WriteOptions::default()).bytes).unwrap();
        prop_assert!(text.lines().all(|l| l.chars().count() <= 80), "{}", text);
        let back = reread(&items, WriteFormat::Jcamp, WriteOptions::default());
        prop_assert!(back.warnings.is_empty(), "{:?}", back.warnings);
        let found = back.spectra().next().unwrap();
        prop_assert_eq!(bits(found.y()), bits(spectrum.y()));
        prop_assert_eq!(found.axis().kind(), spectrum.axis().kind());
        let even = spectrum.axis().is_even(1e-6);
        let slack = if even { 2e-6 * spectrum.axis().mean_step() } else { 0.0 };
        prop_assert!(found.x().iter().zip(spectrum.x()).all(|(a, b)| (a - b).abs() <= slack));
        prop_assert_eq!(without(found.meta, &["ORIGIN", "OWNER", "DATA TYPE"]), spectrum.meta);
    }

    #[test]
    fn spc_comes_back_with_exact_intensities(spectrum in curve_with(plain_meta())) {
        let items = [Item::Spectrum(spectrum.clone())];
        let back = reread(&items, WriteFormat::Spc, WriteOptions::default());
        prop_assert!(back.warnings.is_empty(), "{:?}", back.warnings);
        let found = back.spectra().next().unwrap();
        prop_assert_eq!(bits(found.y()), bits(spectrum.y()));
        prop_assert_eq!(found.axis().kind(), spectrum.axis().kind());
        let even = spectrum.axis().is_even(1e-6);
        for (a, b) in found.x().iter().zip(spectrum.x()) {
            let slack = if even { 2e-6 * spectrum.axis().mean_step() } else { b.abs() * 6e-8 };
            prop_assert!((a - b).abs() <= slack, "{} {}", a, b);
        }
        prop_assert_eq!(without(found.meta, &["experiment"]), spectrum.meta);
    }

    #[test]
    fn several_curves_come_back_in_order(
        curves in prop::collection::vec(curve_with(plain_meta()), 2..5),
        one_axis in any::<bool>(),
    ) {
        let first = &curves[0];
        let items: Vec<Item> = curves
            .iter()
            .map(|c| {
                let axis = if one_axis {
                    Arc::clone(first.axis())
                } else {
                    Arc::new(c.axis().relabelled(first.axis().kind().clone()))
                };
                let y: Vec<f32> = c.y().iter().copied().cycle().take(axis.len()).collect();
                Item::Spectrum(Spectrum::new(axis, y, c.meta.clone()).unwrap())
            })
            .collect();
        for format in [WriteFormat::Jcamp, WriteFormat::Spc] {
            let back = reread(&items, format, WriteOptions::default());
            prop_assert_eq!(back.count(), items.len());
            for (index, (found, item)) in back.spectra().zip(&items).enumerate() {
                let Item::Spectrum(wanted) = item else { continue };
                prop_assert_eq!(bits(found.y()), bits(wanted.y()), "{:?} {}", format, index);
                if wanted.meta.title.is_some() {
                    prop_assert_eq!(found.meta.display_name(), wanted.meta.display_name());
                }
            }
        }
        if one_axis {
            let back = reread(&items, WriteFormat::CsvTable, semicolon());
            prop_assert_eq!(back.items, items);
        }
    }

    #[test]
    fn a_series_comes_back_as_the_same_set(
        x in positions(),
        rows in 1_usize..6,
        meta in wild_meta(),
        labelled in any::<bool>(),
    ) {
        let values: Vec<f32> = (0..rows * x.len()).map(|i| (i as f32).sin()).collect();
        let mut set =
            SpectrumSet::new(Axis::new(AxisKind::RamanShift, x).unwrap(), values, rows, meta).unwrap();
        let times: Vec<f64> = (0..rows).map(|i| i as f64 / 3.0).collect();
        let places =
            Positions { time: times.clone(), x: times, time_unit: "s".into(), length_unit: "um".into(), ..Default::default() };
        set = set.with_positions(places).unwrap().with_shape(rows, 1);
        if labelled {
            set = set.with_labels((0..rows).map(|i| format!("row \"{i}\", a")).collect());
        }
        let items = [Item::Set(set)];
        prop_assert_eq!(&reread(&items, WriteFormat::CsvTable, WriteOptions::default()).items[..], &items[..]);
    }
}

#[test]
fn an_spc_multifile_keeps_times_and_names() {
    let axis = Axis::even(AxisKind::RamanShift, 3000.0, 100.0, 30).unwrap();
    let values: Vec<f32> = (0..90_u8).map(f32::from).collect();
    let times = Positions { time: vec![0.0, 1.5, 4.0], time_unit: "s".into(), ..Positions::default() };
    let meta = Metadata { source_file: Some("a".into()), ..Metadata::titled("series") };
    let set = SpectrumSet::new(axis, values, 3, meta).unwrap().with_positions(times).unwrap();
    let items = [Item::Set(set.clone().with_labels(vec!["a".into(), "b".into(), "c".into()]))];
    let back = reread(&items, WriteFormat::Spc, WriteOptions::default());
    let Item::Set(found) = &back.items[0] else { panic!("expected a set") };
    assert_eq!(found.positions, set.positions);
    assert_eq!(found.labels, ["a", "b", "c"]);
    assert_eq!((found.values(), found.axis()), (set.values(), set.axis()));
    assert_eq!(found.meta.title.as_deref(), Some("series"));
}

#[test]
fn a_table_resamples_and_leaves_cells_outside_empty() {
    let items = [
        spectrum(AxisKind::RamanShift, &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], Metadata::titled("a")),
        spectrum(AxisKind::RamanShift, &[4.0, 2.5, 1.5], &[40.0, 25.0, 15.0], Metadata::titled("b, c")),
    ];
    let table =
        written(&items, WriteFormat::CsvTable, WriteOptions { metadata: false, ..Default::default() });
    assert_eq!(
        String::from_utf8(table.bytes).unwrap(),
        "raman_shift_cm-1,a,\"b, c\"\n1,1,\n2,2,20\n3,3,30\n"
    );
    assert!(table.warnings[0].starts_with("1 of 2 spectra were resampled"));
    let back = reread(&items, WriteFormat::CsvTable, WriteOptions::default());
    assert_eq!(back.spectra().nth(1).unwrap().x(), [2.0, 3.0]);
}

#[test]
fn a_curve_that_does_not_meet_the_axis_of_a_table_is_left_out_and_said() {
    let far = |x: &[f64]| spectrum(AxisKind::Wavelength, x, &[1.0, 2.0], Metadata::titled("far"));
    let items = [far(&[1.0, 2.0]), far(&[2.0, 3.0]), far(&[8.0, 9.0]), far(&[0.0, 3.0])];
    let table = written(&items, WriteFormat::CsvTable, WriteOptions::default());
    assert!(
        table.warnings.iter().any(|w| w.starts_with("2 of 4 spectra were left out")),
        "{:?}",
        table.warnings
    );
    let back = reread(&items, WriteFormat::CsvTable, WriteOptions::default());
    assert_eq!(back.count(), 2);
    // Two points of the first axis lie within the second curve, both at the same position.
    let twice = [
        spectrum(AxisKind::Wavelength, &[1.0, 2.0, 2.0], &[1.0, 2.0, 3.0], Metadata::default()),
        far(&[2.0, 3.0]),
    ];
    assert_eq!(reread(&twice, WriteFormat::CsvTable, WriteOptions::default()).count(), 1);
    let empty = "# Unravel table 1\n# axis: wavelength\nwavelength_nm,a,b\n1,5,\n2,6,7\n";
    let decoded = decode("a.csv", empty.as_bytes(), Limits::default()).1.unwrap();
    assert_eq!((decoded.count(), decoded.warnings.len()), (1, 1));
}

#[test]
fn a_descending_curve_is_written_low_to_high() {
    let items = [spectrum(AxisKind::Wavelength, &[2.5, 1.0], &[1e-7, 2e20], Metadata::default())];
    let options = WriteOptions { metadata: false, ..semicolon() };
    let text = String::from_utf8(written(&items, WriteFormat::Csv, options).bytes).unwrap();
    assert_eq!(text, "wavelength_nm;intensity\n1;2e20\n2,5;1e-7\n");
}

#[test]
fn jcamp_exponents_carry_their_sign() {
    let items = [spectrum(AxisKind::RamanShift, &[1.0, 2.0], &[1e-7, 2e20], Metadata::default())];
    let text = String::from_utf8(written(&items, WriteFormat::Jcamp, WriteOptions::default()).bytes).unwrap();
    assert!(text.contains("\r\n1 1E-7 2E+20\r\n"), "{text}");
}

#[test]
fn what_cannot_be_written_is_said() {
    let one = spectrum(AxisKind::RamanShift, &[1.0, 2.0], &[0.0, 1.0], Metadata::default());
    let other = spectrum(AxisKind::Wavelength, &[1.0, 2.0], &[0.0, 1.0], Metadata::default());
    let refused = |items: &[Item], format| encode("out", items, format, WriteOptions::default()).is_err();
    assert!(WriteFormat::ALL.into_iter().all(|format| refused(&[], format)));
    assert!(refused(&[one.clone(), one.clone()], WriteFormat::Csv));
    assert!(refused(&[one.clone(), other.clone()], WriteFormat::CsvTable));
    assert!(refused(&[one.clone(), other.clone()], WriteFormat::Spc));
    assert!(!refused(&[one, other], WriteFormat::Jcamp));
}

#[test]
fn spc_refuses_positions_that_its_floats_cannot_tell_apart() {
    for x in [[1e-300, 3e-300, 4e-300], [1e9, 1e9 + 1.0, 1e9 + 3.0], [1e300, 2e300, 4e300]] {
        let item = spectrum(AxisKind::Wavelength, &x, &[1.0, 2.0, 3.0], Metadata::default());
        assert!(encode("a", &[item], WriteFormat::Spc, WriteOptions::default()).is_err(), "{x:?}");
    }
}

#[test]
fn one_file_a_curve_is_numbered() {
    let one = spectrum(AxisKind::RamanShift, &[1.0, 2.0], &[0.0, 1.0], Metadata::default());
    let names = |items: &[Item], format| -> Vec<String> {
        files("a/b", items, format, WriteOptions::default()).map(|f| f.unwrap().name).collect()
    };
    assert_eq!(names(std::slice::from_ref(&one), WriteFormat::Csv), ["a_b.csv"]);
    assert_eq!(names(&vec![one.clone(); 10], WriteFormat::Csv)[8..], ["a_b_09.csv", "a_b_10.csv"]);
    assert_eq!(names(&[one.clone(), one], WriteFormat::Spc), ["a_b.spc"]);
}
