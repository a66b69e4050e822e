//! Folders built for the purpose, with `.npy` arrays as data because they are easy to tell.

use std::fs;
use std::path::PathBuf;

use super::{finish, jobs};
use crate::formats::Limits;
use crate::jobs::{Failure, LoadEnd, Loaded, ROOM, Run};

fn array(value: f64) -> Vec<u8> {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n";
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend([1.0, value, 2.0, value].iter().flat_map(|v: &f64| v.to_le_bytes()));
    file
}

/// A folder of 1,000 arrays that hold their own number; three of them are cut short.
fn thousand() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..1000 {
        let mut content = array(f64::from(i));
        if BAD.contains(&(i as usize)) {
            content.truncate(70);
        }
        fs::write(folder.path().join(format!("{i:04}.npy")), content).unwrap();
    }
    folder
}

const BAD: [usize; 3] = [0, 500, 999];

fn number(loaded: &Loaded) -> Option<f32> {
    loaded.result.as_ref().ok()?.spectra().next().map(|s| s.y()[0])
}

#[test]
fn of_a_thousand_files_three_bad_ones_are_three_sentences() {
    let (jobs, bell) = jobs();
    let folder = thousand();
    let mut handle = jobs.load(vec![folder.path().to_path_buf()], Limits::default());
    let (loaded, end) = finish(&bell, &mut handle);
    let bytes = loaded.iter().map(|l| l.bytes).sum();
    assert_eq!(end, Ok(LoadEnd { read: 997, failed: 3, skipped: 0, bytes }));
    assert_eq!(loaded.len(), 1000);
    for (i, one) in loaded.iter().enumerate() {
        assert_eq!(one.path, folder.path().join(format!("{i:04}.npy")));
        assert_eq!((one.format, one.skipped), (Some("NumPy array"), false));
        if BAD.contains(&i) {
            let sentence = one.result.as_ref().unwrap_err();
            assert!(sentence.contains(&format!("{i:04}.npy")), "{sentence}");
        } else {
            assert_eq!(number(one), Some(i as f32), "in order, each once");
        }
    }
}

#[test]
fn files_and_folders_have_a_bar_that_ends() {
    let (jobs, bell) = jobs();
    let folder = thousand();
    let mut paths: Vec<PathBuf> = (1..400).map(|i| folder.path().join(format!("{i:04}.npy"))).collect();
    paths.push(folder.path().to_path_buf());
    let mut handle = jobs.load(paths, Limits::default());
    let mut seen = Vec::new();
    let mut read = 0;
    let end = bell.wait(|| {
        // Looked at before more is taken: the work stands still at most two rooms beyond what was taken.
        if let Run::Running { fraction: Some(fraction), words, .. } = handle.run() {
            assert!(words.contains(" MB: 0") && words.contains("file"), "{words}");
            seen.push((read, fraction));
        }
        read += handle.take().count();
        handle.ended()
    });
    assert_eq!((read, end.unwrap().read), (1399, 1396));
    assert!(seen.len() > 5, "work waits for the window, so that it was seen often: {seen:?}");
    for (read, fraction) in &seen {
        // Files are read up to two batches ahead of what is handed over.
        let files = fraction * 1399.0;
        assert!((*read as f32 - 1.0..*read as f32 + 2.0 * ROOM as f32 + 512.0).contains(&files), "{seen:?}");
    }
    assert!(seen.is_sorted_by(|a, b| a.1 <= b.1), "{seen:?}");
}

#[test]
fn a_cancel_in_the_middle_keeps_what_was_read() {
    let (jobs, bell) = jobs();
    let folder = thousand();
    let mut handle = jobs.load(vec![folder.path().to_path_buf()], Limits::default());
    let mut loaded: Vec<Loaded> = Vec::new();
    // Nothing is taken beyond this, so the work cannot be through yet.
    bell.wait(|| {
        loaded.extend(handle.take());
        (!loaded.is_empty()).then_some(())
    });
    handle.cancel();
    let (rest, end) = finish(&bell, &mut handle);
    loaded.extend(rest);
    assert_eq!(end, Err(Failure::Cancelled));
    // Two rooms full, and two batches in hand at most.
    assert!(loaded.len() <= 2 * ROOM + 512, "{}", loaded.len());
    assert!(loaded.iter().enumerate().skip(1).all(|(i, one)| i == 500 || number(one) == Some(i as f32)));
}

#[test]
fn missing_paths_and_empty_folders_are_told_beside_the_rest() {
    let (jobs, bell) = jobs();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("empty")).unwrap();
    fs::create_dir(at("words")).unwrap();
    fs::write(at("words/README.md"), "no numbers here\n").unwrap();
    fs::write(at("good.npy"), array(7.0)).unwrap();
    let paths = vec![at("missing.spc"), at("empty"), at("words"), at("good.npy")];
    let mut handle = jobs.load(paths, Limits::default());
    let (loaded, end) = finish(&bell, &mut handle);
    let end = end.unwrap();
    assert_eq!((end.read, end.failed, end.skipped), (1, 3, 1));
    let said = |name: &str| {
        let one = loaded.iter().find(|l| l.path == at(name) && !l.skipped).unwrap();
        one.result.as_ref().err().cloned().unwrap_or_default()
    };
    assert!(said("missing.spc").contains("missing.spc"), "{}", said("missing.spc"));
    assert!(said("empty").contains("holds no files"), "{}", said("empty"));
    assert!(said("words").contains("none of the 1 files"), "{}", said("words"));
    assert_eq!(loaded.iter().find_map(number), Some(7.0));
}

#[test]
fn nothing_at_all_is_opened_without_complaint() {
    let (jobs, bell) = jobs();
    let mut handle = jobs.load(Vec::new(), Limits::default());
    let (loaded, end) = finish(&bell, &mut handle);
    assert_eq!((loaded, end), (Vec::new(), Ok(LoadEnd::default())));
}
