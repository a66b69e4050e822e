//! Session files: there and back to the last bit, and every kind of damage refused with its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::tests::{ask, new_item, spectrum};
use super::super::{
    Answer, Ask, BatchRow, BatchShare, Chosen, Colour, Command, Data, Item, LibraryId, NewItem, Pin, PinKey,
    Session, Source, Subject, Verdict,
};
use super::*;
use crate::formats::Limits;
use crate::library::{EntryId, Facts, Library, default_library};
use crate::methods::{
    Alternative, CarsPair, Component, Components, Concentration, Diagnostic, EntryWeight, Outcome, Settings,
    Uncertainty, Unexplained, UnexplainedPeak, Unlisted,
};
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumSet};

fn map() -> SpectrumSet {
    let axis = Axis::new(AxisKind::Other("m/z".into()), vec![3.5, 2.0, 0.1]).unwrap();
    let values: Vec<f32> = (0..18_u8).map(|i| f32::from(i) / 7.0).collect();
    let positions = Positions {
        x: (0..6).map(|i| f64::from(i) / 3.0).collect(),
        time: vec![0.0, 0.5, 1.0, 1.5, 2.0, f64::INFINITY],
        length_unit: "um".into(),
        time_unit: "s".into(),
        ..Positions::default()
    };
    SpectrumSet::new(axis, values, 6, Metadata::titled("map"))
        .unwrap()
        .with_positions(positions)
        .unwrap()
        .with_shape(3, 2)
        .with_labels((0..6).map(|i| format!("row {i}")).collect())
}

pub fn outcome(method: &str, mixture: &Spectrum) -> Outcome {
    let curve = |k: f32| mixture.y().iter().map(|v| v * k).collect::<Vec<f32>>();
    let quartz = &default_library().entries()[3];
    Outcome {
        method: method.to_owned(),
        method_name: method.to_uppercase(),
        settings: Settings::default().with("lambda", 0.1 + 0.2).with("metric", "plain"),
        asked: Components::Exactly(2),
        library: Some("Unravel default library".to_owned()),
        mixture: mixture.clone(),
        components: vec![Component {
            name: "Quartz".into(),
            species: Some("Quartz".into()),
            entries: vec![EntryWeight { id: quartz.id, name: quartz.facts.name.clone(), weight: 1.0 / 3.0 }],
            spectrum: curve(0.5),
            library_part: Some(curve(0.25)),
            share: 0.7,
            confidence: Some(f64::INFINITY),
            alternatives: vec![Alternative { species: "Cristobalite".into(), posterior: 0.1 }],
            uncertainty: Some(Uncertainty { band: curve(0.25), share: (0.6, 0.8) }),
            unlisted: Some(Unlisted {
                probability: 0.2,
                peaks_cm1: vec![464.0, 1.0 / 3.0],
                nearest: Some("Cristobalite".into()),
            }),
        }],
        concentrations: vec![Concentration { label: "c".into(), value: -0.0, unit: "mol/l".into() }],
        cars: Some(CarsPair { recovered: curve(2.0), background: curve(0.0) }),
        reconstruction: curve(0.9),
        background: curve(0.0),
        residual: curve(0.1),
        unexplained: Unexplained {
            noise: 0.01,
            ratio: 1.5,
            peaks: vec![UnexplainedPeak { position_cm1: 464.2, height: 3.0, significance: 9.0 }],
        },
        diagnostics: vec![Diagnostic::plain("rounds", 1e22)],
        notes: vec!["look\nhere".to_owned()],
        elapsed_ms: 12.3,
        device: "CPU, 1 thread".to_owned(),
    }
}

/// A session with everything in it.
pub fn everything() -> Session {
    let mut session = Session::new();
    let axis = Arc::new(Axis::even(AxisKind::RamanShift, 100.0, 400.0, 64).unwrap());
    let shared = |title: &str, first: f32| {
        let mut y = vec![1.5_f32; 64];
        y[0] = first;
        let mut meta = Metadata { laser_nm: Some(532.1), ..Metadata::titled(title) };
        meta.integration_time_s = Some(f64::INFINITY);
        meta.push("key", "value \"quoted\"");
        meta.history.push("read".into());
        Data::Curve(Spectrum::new(Arc::clone(&axis), y, meta).unwrap())
    };
    let item = |raw: Data, name: &str| NewItem { raw, ..new_item(name) };
    let made = session
        .apply(&Command::Add(vec![
            item(shared("a", -0.0), "a"),
            item(shared("b", f32::MIN_POSITIVE / 4.0), "b ≤ ü"),
            NewItem {
                source: Source { path: "x.zip/m.wdf".into(), number: 2, format: "WDF".into() },
                warnings: vec!["axis was unsorted".into()],
                group: "maps".into(),
                ..item(Data::Set(Arc::new(map())), "map")
            },
        ]))
        .unwrap();
    let [a, b, m] = made.items[..] else { panic!() };
    let mine = session.apply(&Command::AddToMine(Facts::named("My quartz"), spectrum("mine")));
    mine.unwrap();
    let mut opened = Library::new("opened");
    opened.add(Facts::named("gone"), spectrum("gone"));
    opened.add(Facts::named("Calcite"), spectrum("calcite"));
    opened.delete(EntryId(0)).unwrap();
    let full = Ask {
        range: Some((100.5, f64::INFINITY)),
        fixed: vec!["Quartz".into()],
        excluded: vec!["Calcite".into()],
        methods: vec![
            Chosen { id: "nnls".into(), settings: Settings::default() },
            Chosen { id: "fcls".into(), settings: Settings::default().with("lambda", 1.0e-7) },
        ],
        ..ask()
    };
    let subject = Subject { item: a, row: None };
    for command in [
        Command::OpenLibrary { path: "/l/opened.unravel-lib".into(), library: Arc::new(opened) },
        Command::Prepare(vec![a, m], "crop:100-300|arpls:lam=1e6".parse().unwrap()),
        Command::SaveRecipe("usual".into(), "despike|savgol:window=13,order=2".parse().unwrap()),
        Command::Paint(b, Colour::Chosen([1, 2, 3])),
        Command::Show(vec![b], false),
        Command::SetTruths(a, vec![b]),
    ] {
        session.apply(&command).unwrap();
    }
    let opened = session.document().library;
    let comparison = session.apply(&Command::Compare(subject, full.clone())).unwrap().comparison.unwrap();
    let key = |component| PinKey { method: "nnls".into(), component };
    let pin = |library, entry| Some(Pin { library, entry });
    for command in [
        Command::SetPin(comparison, key(0), pin(opened, EntryId(1))),
        Command::SetPin(comparison, key(1), pin(LibraryId::DEFAULT, EntryId(7))),
        Command::SetPin(comparison, key(2), pin(LibraryId::MINE, EntryId(0))),
        Command::Judge(comparison, "Quartz".into(), Some(Verdict::Accepted)),
        Command::Judge(comparison, "Gypsum".into(), Some(Verdict::Rejected)),
    ] {
        session.apply(&command).unwrap();
    }
    let mixture = session.document().raw(subject).unwrap();
    session.answer(comparison, "nnls", Answer::Done(Arc::new(outcome("nnls", &mixture))));
    session.answer(comparison, "fcls", Answer::Failed("it did not end".into()));
    let subjects = vec![Subject { item: m, row: Some(4) }, Subject { item: m, row: None }];
    let batch = session.apply(&Command::CompareMany(subjects.clone(), full)).unwrap().batch.unwrap();
    let row = |subject: usize| BatchRow {
        subject,
        of: subjects[subject],
        method: "nnls".into(),
        shares: vec![BatchShare { name: "Quartz".into(), share: 0.1 + 0.2, confidence: Some(0.9) }],
        residual_over_noise: Some(f64::INFINITY),
        elapsed_ms: 1.25,
        error: (subject == 1).then(|| "no".to_owned()),
    };
    session.answer_rows(batch, vec![row(1), row(0)]);
    session
}

fn bytes_of(session: &Session) -> Vec<u8> {
    to_bytes(session.document(), session.answers(), session.numbers()).unwrap()
}

fn back(bytes: &[u8]) -> Stored {
    from_bytes("s.unravel", bytes, Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    from_bytes("bad.unravel", bytes, Limits::default()).unwrap_err().to_string()
}

fn curve(item: &Item) -> &Spectrum {
    match &item.raw {
        Data::Curve(spectrum) => spectrum,
        Data::Set(_) => panic!("{} is a map", item.name),
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// The same file with a part of its index replaced by another of the same length, checksums put right.
fn with_index(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes_of(&everything());
    let at = memchr::memmem::find(&bytes, from.as_bytes()).unwrap_or_else(|| panic!("no {from}"));
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    FRAME.seal(&mut bytes);
    bytes
}

#[test]
fn everything_comes_back_to_the_last_bit() {
    let session = everything();
    let bytes = bytes_of(&session);
    let stored = back(&bytes);
    let (old, new) = (session.document(), &stored.document);
    assert_eq!((old.items.len(), stored.numbers), (new.items.len(), session.numbers()));
    for (old, new) in old.items.iter().zip(&new.items) {
        assert_eq!(old, new);
        assert_eq!(old.raw, new.raw);
        match (&old.raw, &new.raw) {
            (Data::Curve(a), Data::Curve(b)) => assert_eq!(bits(a.y()), bits(b.y())),
            (Data::Set(a), Data::Set(b)) => assert_eq!(bits(a.values()), bits(b.values())),
            _ => panic!("another kind of data"),
        }
    }
    assert!(Arc::ptr_eq(curve(&new.items[0]).axis(), curve(&new.items[1]).axis()));
    for (old, new) in old.libraries.iter().zip(&new.libraries) {
        assert_eq!((old.id, &old.path, &old.library), (new.id, &new.path, &new.library));
    }
    assert_eq!(old.libraries.len(), new.libraries.len());
    assert_eq!((old.library, &old.recipes), (new.library, &new.recipes));
    assert_eq!((&old.comparisons, &old.batches), (&new.comparisons, &new.batches));
    for pin in new.comparisons[0].pins.values() {
        assert_eq!(old.pinned(*pin).unwrap().facts, new.pinned(*pin).unwrap().facts);
    }
    let id = old.comparisons[0].id;
    let answers = session.answers();
    assert_eq!(answers.of(id).collect::<Vec<_>>(), stored.answers.of(id).collect::<Vec<_>>());
    assert_eq!(answers.batches().collect::<Vec<_>>(), stored.answers.batches().collect::<Vec<_>>());
    assert_eq!(stored.answers.batches().count(), 1);
    assert_eq!(stored.warnings, Vec::<String>::new());
    let again = Session::restored(stored.document, stored.answers, stored.numbers, None);
    assert_eq!(bytes_of(&again), bytes);
}

#[test]
fn a_number_that_is_none_does_not_spoil_the_file() {
    let mut session = everything();
    let id = session.document().comparisons[0].id;
    let mut odd = outcome("nnls", &spectrum("x"));
    odd.unexplained.ratio = f64::NAN;
    odd.residual[3] = f32::NAN;
    session.answer(id, "nnls", Answer::Done(Arc::new(odd)));
    let stored = back(&bytes_of(&session));
    let outcome = stored.answers.get(id, "nnls").and_then(Answer::outcome).unwrap();
    assert!(outcome.unexplained.ratio.is_nan() && outcome.residual[3].is_nan());
}

#[test]
fn hundreds_of_answers_share_their_axis_and_mixture() {
    let mut session = everything();
    let few = bytes_of(&session).len();
    let id = session.document().comparisons[0].id;
    let mixture = session.document().raw(session.document().comparisons[0].subject).unwrap();
    for k in 0..300 {
        session.answer(id, &format!("method {k}"), Answer::Done(Arc::new(outcome("nnls", &mixture))));
    }
    let many = bytes_of(&session);
    // The index of each takes about 1 kB; the seven curves of 64 points each would be 1.8 kB more.
    assert!(many.len() - few < 300 * 1_400, "{}", many.len() - few);
    let stored = back(&many);
    let axes: BTreeSet<*const Axis> = stored
        .answers
        .of(id)
        .filter_map(|(_, answer)| Some(Arc::as_ptr(answer.outcome()?.mixture.axis())))
        .collect();
    assert_eq!(axes.len(), 1);
}

#[test]
fn an_empty_session_is_a_session() {
    let session = Session::new();
    let stored = back(&bytes_of(&session));
    assert!(stored.document.items.is_empty() && stored.document.libraries.len() == 2);
}

#[test]
fn foreign_and_newer_files_are_told_apart() {
    assert!(refused(b"\x89ULIB\r\n\x1a").contains("not an Unravel session"));
    assert!(refused(b"PK\x03\x04 a zip archive").contains("not an Unravel session"));
    assert!(refused(b"").contains("the file is empty"));
    let mut newer = bytes_of(&everything());
    newer[8] = 7;
    let said = refused(&newer);
    assert!(said.starts_with("bad.unravel") && said.contains("made by a newer version"), "{said}");
    newer[8] = 0;
    assert!(refused(&newer).contains("version 0"));
}

#[test]
fn a_file_cut_at_every_64th_byte_is_refused() {
    let whole = bytes_of(&everything());
    for end in (0..whole.len()).step_by(64).chain([1, 9, FRAME.header_bytes + 1, whole.len() - 1]) {
        let said = refused(&whole[..end]);
        assert!(said.contains("byte") && said.starts_with("bad.unravel"), "{end}: {said}");
    }
    let mut longer = whole;
    longer.push(0);
    assert!(refused(&longer).contains("promises"));
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let whole = bytes_of(&everything());
    for at in (0..whole.len()).step_by(61).chain([whole.len() - 1]) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(from_bytes("x", &bytes, Limits::default()).is_err(), "byte {at}");
    }
}

#[test]
fn sizes_that_overflow_or_lie_are_refused_before_anything_is_allocated() {
    let cases =
        [(16, u64::MAX), (24, u64::MAX / 8), (24, 1 << 61), (32, u64::MAX - 7), (40, 1 << 62), (40, 5)];
    for (at, value) in cases {
        let mut bytes = bytes_of(&everything());
        bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        FRAME.seal(&mut bytes);
        assert!(refused(&bytes).contains("byte 16: the header promises"), "{at}");
    }
}

#[test]
fn a_wrong_index_behind_a_right_checksum_is_refused_with_its_place() {
    let cases = [
        ("\"points\":64", "\"points\":99", "axis 0 needs 99 positions"),
        ("\"points\":64", "\"points\":33", "positions belong to nothing"),
        ("\"lists\":[6,0,", "\"lists\":[9,9,", "list 1 needs 9 positions"),
        ("\"curves\":[64,", "\"curves\":[77,", "values but"),
        ("\"curves\":[64,", "\"curves\":[63,", "values belong to no curve"),
        ("\"axis\":0", "\"axis\":7", "axis 7 is used but there are 2"),
        ("\"curve\":0", "\"curve\":9", "curve 9"),
        ("\"rows\":6", "\"rows\":5", "map in curve 2"),
        ("\"positions\":[0,", "\"positions\":[9,", "list 9 is used but there are 4"),
        ("\"version\":104", "\"version\":1e9", "the index cannot be read"),
        ("\"numbers\":1", "\"numbers\":-", "the index cannot be read"),
        ("\"items\"", "\"itemz\"", "missing field `items`"),
        ("\"id\":103", "\"id\":101", "the id 101 is given twice"),
        ("\"subject\":{\"item\":101", "\"subject\":{\"item\":999", "spectrum 999, which is not there"),
        ("\"library\":107", "\"library\":999", "library 999 is in use but is not there"),
        ("\"answers\":[[1", "\"answers\":[[9", "which is not there"),
        ("\"tables\":[[1", "\"tables\":[[9", "which is not there"),
        ("\"reconstruction\":", "\"rekonstruction\":", "missing field"),
        ("\"bytes\":null", "\"bytes\":7777", "library"),
    ];
    let mut wrong = Vec::new();
    for (from, to, expected) in cases {
        let said = refused(&with_index(from, to));
        if ![expected, "bad.unravel", "byte"].iter().all(|part| said.contains(part)) {
            wrong.push(format!("{from}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_asks_for_one_curve_a_thousand_times_stays_within_the_limit() {
    let mut session = everything();
    let id = session.document().comparisons[0].id;
    let mixture = spectrum("m");
    for k in 0..100 {
        session.answer(id, &format!("m{k}"), Answer::Done(Arc::new(outcome("nnls", &mixture))));
    }
    let bytes = bytes_of(&session);
    let limits = Limits { decoded_bytes: 20_000, ..Limits::default() };
    let error = from_bytes("x", &bytes, limits).unwrap_err();
    assert!(matches!(error, FileError::TooLarge { limit: 20_000, .. }), "{error}");
}

#[test]
fn a_pin_follows_its_name_when_the_default_library_is_numbered_otherwise() {
    let name = format!("\"name\":\"{}\"}}", default_library().entries()[7].facts.name);
    let stored = back(&with_index(&format!("\"entry\":7,{name}"), &format!("\"entry\":8,{name}")));
    let pin = stored.document.comparisons[0].pins.values().find(|pin| pin.library == LibraryId::DEFAULT);
    assert_eq!(pin.unwrap().entry, EntryId(7));
    let unknown = name.replace(|c: char| c.is_uppercase(), "~");
    let stored = back(&with_index(&format!("\"entry\":7,{name}"), &format!("\"entry\":7,{unknown}")));
    assert_eq!(stored.document.comparisons[0].pins.len(), 2);
    assert!(stored.warnings[0].contains("pinned to component 2 of nnls"), "{:?}", stored.warnings);
}

#[test]
fn a_component_never_points_to_another_substance_of_the_default_library() {
    let entry = &default_library().entries()[3];
    let weight = |id: u64, name: &str| format!("{{\"id\":{id},\"name\":\"{name}\",\"weight\"");
    let found = |to: &str| {
        let stored = back(&with_index(&weight(entry.id.0, &entry.facts.name), to));
        let id = stored.document.comparisons[0].id;
        let outcome = stored.answers.get(id, "nnls").and_then(Answer::outcome).cloned().unwrap();
        default_library().get(outcome.components[0].entries[0].id).map(|entry| entry.facts.name.clone())
    };
    assert_eq!(found(&weight(9, &entry.facts.name)), Some(entry.facts.name.clone()));
    assert_eq!(found(&weight(entry.id.0, &"~".repeat(entry.facts.name.len()))), None);
}

#[test]
fn the_own_library_of_the_disk_takes_over_without_losing_a_pinned_entry() {
    let pinned = |stored: &Stored| {
        let pins = &stored.document.comparisons[0].pins;
        let pin = *pins.values().nth(2).unwrap();
        (pin.library, stored.document.pinned(pin).map(|e| e.facts.name.clone()))
    };
    let bytes = bytes_of(&everything());
    let mine = back(&bytes).document.open_library(LibraryId::MINE).unwrap().library.clone();
    let mut grown = Library::clone(&mine);
    grown.add(Facts::named("later"), spectrum("later"));
    let kept = back(&bytes).with_mine(Arc::new(grown));
    assert_eq!(pinned(&kept), (LibraryId::MINE, Some("My quartz".into())));
    assert_eq!(kept.document.libraries.len(), 3);
    let other = back(&bytes).with_mine(Arc::new(Library::new("My library")));
    let (library, name) = pinned(&other);
    assert!(library != LibraryId::MINE && library.0 == other.numbers);
    assert_eq!(name.as_deref(), Some("My quartz"));
    assert!(other.document.open_library(LibraryId::MINE).unwrap().library.is_empty());
}

#[test]
fn a_save_that_fails_says_so_and_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.unravel");
    let bytes = bytes_of(&everything());
    write(&path, &bytes).unwrap();
    assert_eq!(load(&path, Limits::default()).unwrap().document.items.len(), 3);
    assert_eq!(spectra_in(&path, Limits::default()).unwrap(), 8);
    let said = write(&folder.path().join("none/s.unravel"), &bytes).unwrap_err().to_string();
    assert!(said.contains("was not saved") && said.contains("as it was"), "{said}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let tight = Limits { file_bytes: 100, ..Limits::default() };
    assert!(matches!(load(&path, tight), Err(FileError::TooLarge { .. })));
    assert!(load(&folder.path().join("none"), tight).unwrap_err().to_string().contains("cannot be read"));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_session_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("real.unravel"), folder.path().join("link.unravel"));
    write(&target, b"old").unwrap();
    std::os::unix::fs::symlink("real.unravel", &link).unwrap();
    write(&link, b"new").unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read(&target).unwrap(), b"new");
}

/// What the next test runs in a process of its own, where files may not grow.
#[test]
fn child_that_may_not_write_much() {
    let Some(path) = std::env::var_os("UNRAVEL_TEST_FULL_DISK") else { return };
    let said = write(path.as_ref(), &vec![7; 1 << 20]).unwrap_err().to_string();
    assert!(said.contains("was not saved") && said.contains("free some space"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.unravel");
    write(&path, b"old").unwrap();
    // A limit on the size of files stands for the full disk; its signal is ignored so that the write fails instead.
    let status = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact session::file::tests::child_that_may_not_write_much"])
        .arg(std::env::current_exe().unwrap())
        .env("UNRAVEL_TEST_FULL_DISK", &path)
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
    assert!(String::from_utf8_lossy(&status.stdout).contains("1 passed"));
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

proptest! {
    #[test]
    fn any_bytes_behind_a_right_header_are_refused_or_read_but_never_panic(
        body in prop::collection::vec(any::<u8>(), 0..200), json in 0_usize..64, numbers in 0_usize..20,
    ) {
        let rest = body.len().saturating_sub(json + 8 * numbers);
        let mut bytes = FRAME.begin(body.len(), &[json, numbers, rest % 4, rest / 4]);
        bytes.extend(body);
        FRAME.seal(&mut bytes);
        let _either = from_bytes("x", &bytes, Limits::default());
    }

    #[test]
    fn any_change_of_the_index_behind_a_right_checksum_never_panics(at in 0_usize..9_000, byte in 0x20_u8..0x7f) {
        let mut bytes = bytes_of(&everything());
        let at = FRAME.header_bytes + at % u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
        bytes[at] = byte;
        FRAME.seal(&mut bytes);
        let _either = from_bytes("x", &bytes, Limits::default());
    }
}
