//! Packed files: there and back exactly, and every kind of damage refused with its place.

use proptest::prelude::*;

use crate::formats::Limits;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::super::testing::peak;
use super::super::{EntryId, Facts, Library, LibraryError};
use super::{EXTENSION, FRAME};

fn small() -> Library {
    let mut library = Library::new("small");
    let quartz = peak(464.0);
    let facts = Facts { formula: "SiO_2_".into(), licence: "CC0".into(), ..Facts::named("Quartz") };
    library.add(facts, quartz.clone());
    let shared = quartz.derive(std::sync::Arc::clone(quartz.axis()), quartz.y(), "copied").unwrap();
    library.add(Facts::named("Quartz copy"), shared);
    library.add(Facts::named("Calcite"), peak(1086.0));
    library.delete(EntryId(1)).unwrap();
    library
}

fn refused(bytes: &[u8]) -> String {
    Library::from_packed("bad.unravel-lib", bytes).unwrap_err().to_string()
}

fn index_of(bytes: &[u8]) -> std::ops::Range<usize> {
    let length = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
    FRAME.header_bytes..FRAME.header_bytes + length
}

/// The same file with a part of its index replaced by another of the same length, checksums put right.
fn with_index(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = small().to_packed().unwrap();
    let range = index_of(&bytes);
    let at = memchr::memmem::find(&bytes[range.clone()], from.as_bytes()).unwrap() + range.start;
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    FRAME.seal(&mut bytes);
    bytes
}

#[test]
fn a_saved_library_comes_back_with_ids_and_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("mine.{EXTENSION}"));
    let library = small();
    library.save(&path).unwrap();
    library.save(&path).unwrap();
    let mut back = Library::load_packed(&path, Limits::default()).unwrap();
    assert_eq!(back, library);
    assert_eq!(back.add(Facts::named("new"), peak(500.0)), EntryId(3));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let tight = Limits { file_bytes: 100, ..Limits::default() };
    assert!(matches!(Library::load_packed(&path, tight), Err(LibraryError::TooLarge { .. })));
    assert!(library.save(&folder.path().join("none").join("x")).is_err());
}

#[test]
fn a_shared_axis_is_stored_once_and_shared_again() {
    let mut library = Library::new("shared");
    for at in [300.0, 400.0, 500.0] {
        library.add(Facts::default(), peak(at));
    }
    let bytes = library.to_packed().unwrap();
    assert_eq!(u64::from_le_bytes(bytes[24..32].try_into().unwrap()), 1200);
    let back = Library::from_packed("x", &bytes).unwrap();
    let axes: Vec<_> = back.entries().iter().map(|e| std::sync::Arc::as_ptr(e.spectrum.axis())).collect();
    assert!(axes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn an_empty_library_is_a_library() {
    let library = Library::new("nothing yet");
    assert_eq!(Library::from_packed("x", &library.to_packed().unwrap()).unwrap(), library);
}

#[test]
fn foreign_and_newer_files_are_told_apart() {
    assert!(refused(b"PK\x03\x04 a zip archive, not a library").contains("not a packed Unravel library"));
    assert!(refused(b"").contains("not a packed"));
    let mut newer = small().to_packed().unwrap();
    newer[8] = 2;
    let said = refused(&newer);
    assert!(said.contains("version 2 is newer than 1") && said.starts_with("bad.unravel-lib"), "{said}");
    newer[8] = 0;
    assert!(refused(&newer).contains("version 0"));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = small().to_packed().unwrap();
    for end in (0..whole.len()).step_by(37).chain([FRAME.header_bytes, whole.len() - 1]) {
        let said = refused(&whole[..end]);
        assert!(said.contains("byte"), "{end}: {said}");
    }
    let mut longer = whole;
    longer.push(0);
    assert!(refused(&longer).contains("promises"));
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let whole = small().to_packed().unwrap();
    for at in (0..whole.len()).step_by(41) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(Library::from_packed("x", &bytes).is_err(), "byte {at}");
    }
    let mut bytes = whole;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(refused(&bytes).contains("byte 12: the content was altered"));
}

#[test]
fn sizes_that_overflow_or_lie_are_refused_before_anything_is_allocated() {
    for (at, value) in [(16, u64::MAX), (24, u64::MAX / 8), (24, 1 << 61), (32, u64::MAX), (32, 5)] {
        let mut bytes = small().to_packed().unwrap();
        bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        FRAME.seal(&mut bytes);
        assert!(refused(&bytes).contains("byte 16: the header promises"));
    }
}

#[test]
fn a_wrong_index_behind_a_right_checksum_is_refused_with_its_place() {
    let cases = [
        ("\"points\":1200", "\"points\":1300", "axis 0 needs 1300 positions"),
        ("\"points\":1200", "\"points\":1100", "positions belong to no axis"),
        ("\"axis\":0", "\"axis\":7", "uses axis 7 of 1"),
        ("\"id\":2", "\"id\":0", "id of entry number 1"),
        ("\"next_id\":3", "\"next_id\":1", "id of entry number 1"),
        ("\"name\":\"small\"", "\"name\":[\"mal\"]", "the index cannot be read"),
        ("\"facts\"", "\"fakts\"", "missing field `facts`"),
        ("\"points\":1200", "\"points\":-120", "the index cannot be read"),
    ];
    for (from, to, expected) in cases {
        let said = refused(&with_index(from, to));
        assert!(said.contains(expected) && said.contains("byte"), "{said}");
    }
}

#[test]
fn numbers_that_make_no_spectrum_are_refused_behind_a_right_checksum() {
    let whole = small().to_packed().unwrap();
    let positions = index_of(&whole).end;
    let mut nan_axis = whole.clone();
    nan_axis[positions + 8..positions + 16].copy_from_slice(&f64::NAN.to_le_bytes());
    FRAME.seal(&mut nan_axis);
    assert!(refused(&nan_axis).contains("axis 0: axis value 1 is not a finite number"));
    let mut infinite = whole.clone();
    let last = whole.len() - 4;
    infinite[last..].copy_from_slice(&f32::INFINITY.to_le_bytes());
    FRAME.seal(&mut infinite);
    assert!(refused(&infinite).contains("entry 2: intensity 1199 is not a finite number"));
    let mut turning = whole;
    turning[positions..positions + 8].copy_from_slice(&700.0_f64.to_le_bytes());
    FRAME.seal(&mut turning);
    assert!(refused(&turning).contains("not sorted"));
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![-1e30_f32..1e30, -1.0_f32..1.0, Just(-0.0), Just(f32::MIN_POSITIVE / 8.0)]
}

prop_compose! {
    fn spectrum()(
        y in prop::collection::vec(number(), 2..20),
        first in -1e3_f64..1e3,
        down in any::<bool>(),
        text in ".{0,12}",
        laser in prop::option::of(200.0_f64..1100.0),
        seconds in prop::option::of(any::<f64>().prop_filter("a number", |v| !v.is_nan())),
        kind in prop_oneof![Just(AxisKind::RamanShift), Just(AxisKind::Other("m/z \"x\"".into()))],
    ) -> Spectrum {
        let sign = if down { -1.0 } else { 1.0 };
        let values = (0..y.len()).map(|i| first + sign * (i as f64) / 3.0).collect();
        let mut meta = Metadata { laser_nm: laser, integration_time_s: seconds, ..Metadata::titled(text.clone()) };
        meta.push("key", text.clone());
        meta.history.push(text);
        Spectrum::new(Axis::new(kind, values).unwrap(), y, meta).unwrap()
    }
}

fn bits(library: &Library) -> Vec<Vec<u32>> {
    library.entries().iter().map(|e| e.spectrum.y().iter().map(|v| v.to_bits()).collect()).collect()
}

proptest! {
    #[test]
    fn packing_and_unpacking_changes_no_bit(
        spectra in prop::collection::vec((spectrum(), ".{0,9}", ".{0,9}"), 0..8),
        gone in 0_u64..8,
    ) {
        let mut library = Library::new("any \u{3b1}");
        for (spectrum, name, notes) in spectra {
            library.add(Facts { notes, ..Facts::named(name) }, spectrum);
        }
        let _absent = library.delete(EntryId(gone));
        let packed = library.to_packed().unwrap();
        let back = Library::from_packed("x", &packed).unwrap();
        prop_assert_eq!(&back, &library);
        prop_assert_eq!(bits(&back), bits(&library));
        prop_assert_eq!(back.to_packed().unwrap(), packed);
    }

    #[test]
    fn any_bytes_behind_a_right_header_are_refused_or_read_but_never_panic(
        body in prop::collection::vec(any::<u8>(), 0..200), json in 0_u64..64, positions in 0_u64..20,
    ) {
        let mut bytes = small().to_packed().unwrap();
        bytes.truncate(FRAME.header_bytes);
        bytes[16..24].copy_from_slice(&json.to_le_bytes());
        bytes[24..32].copy_from_slice(&positions.to_le_bytes());
        let rest = (body.len() as u64).saturating_sub(json + 8 * positions) / 4;
        bytes[32..40].copy_from_slice(&rest.to_le_bytes());
        bytes.extend(body);
        FRAME.seal(&mut bytes);
        let _either = Library::from_packed("x", &bytes);
    }
}
