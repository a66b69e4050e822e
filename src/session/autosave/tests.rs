//! Who may take which autosave, and what is left after kill -9.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::super::file::tests::everything;
use super::super::file::{load, to_bytes, write};
use super::own::EVERY;
use super::*;
use crate::formats::Limits;

fn limits() -> Limits {
    Limits::default()
}

fn content() -> Vec<u8> {
    let session = everything();
    to_bytes(session.document(), session.answers(), session.numbers()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_autosave_is_due_at_once_and_then_every_20_seconds_while_there_is_something_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut own = Autosave::start(folder.path()).unwrap();
    let start = Instant::now();
    assert!(!own.due(start, 0));
    assert!(own.due(start, 1));
    own.begin(start, 1);
    assert!(!own.due(start + 2 * EVERY, 2), "one is being written");
    own.written();
    assert!(!own.due(start + 2 * EVERY, 1), "nothing is new");
    assert!(!own.due(start + EVERY / 2, 2), "the last one is not old enough");
    assert_eq!(own.wait(start + EVERY / 2, 2), Some(EVERY / 2));
    assert_eq!(own.wait(start + EVERY / 2, 1), None, "nothing is new");
    assert!(own.due(start + EVERY, 2));
    own.begin(start + EVERY, 2);
    own.failed();
    assert!(!own.due(start + EVERY + EVERY / 2, 2));
    assert!(own.due(start + 2 * EVERY, 2));
    own.settled(2);
    assert!(!own.due(start + 3 * EVERY, 2));
}

#[test]
fn the_autosave_of_a_running_process_is_offered_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let own = Autosave::start(folder.path()).unwrap();
    let other = Autosave::start(folder.path()).unwrap();
    assert_ne!(own.path(), other.path());
    write(own.path(), &content()).unwrap();
    assert!(recoverable(folder.path(), limits()).is_empty());
    own.remove();
    other.remove();
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn an_autosave_left_behind_is_offered_once_and_goes_when_a_newer_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let dead = Autosave::start(folder.path()).unwrap();
    write(dead.path(), &content()).unwrap();
    drop(dead);
    let mut left = recoverable(folder.path(), limits());
    assert_eq!(left.len(), 1);
    assert!(recoverable(folder.path(), limits()).is_empty(), "another window does not take it as well");
    let left = left.remove(0);
    assert_eq!(left.spectra(), Ok(8));
    assert!(left.when().is_some());
    let stored = load(left.path(), limits()).unwrap();
    assert_eq!(stored.document.items.len(), 3);
    let old = left.path().to_owned();
    let mut own = Autosave::start(folder.path()).unwrap();
    own.recovered(left);
    own.begin(Instant::now(), 1);
    assert!(old.exists(), "until the new one is whole");
    write(own.path(), &content()).unwrap();
    own.written();
    assert!(!old.exists() && own.path().exists());
    own.settled(1);
    assert!(!own.path().exists());
    own.remove();
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn an_autosave_left_for_later_is_offered_again() {
    let folder = tempfile::tempdir().unwrap();
    let dead = Autosave::start(folder.path()).unwrap();
    write(dead.path(), &content()).unwrap();
    drop(dead);
    drop(recoverable(folder.path(), limits()));
    assert_eq!(recoverable(folder.path(), limits()).len(), 1);
    std::fs::remove_file(folder.path().join(&names(folder.path())[1])).unwrap();
    assert!(recoverable(folder.path(), limits()).is_empty());
    assert_eq!(names(folder.path()), Vec::<String>::new(), "a lock without autosave is swept away");
}

#[test]
fn an_autosave_without_its_lock_file_is_found_by_the_dead_process() {
    let folder = tempfile::tempdir().unwrap();
    // No system gives this id to a process.
    write(&folder.path().join("autosave-4294967295-0.unravel"), &content()).unwrap();
    write(&folder.path().join(format!("autosave-{}-77.unravel", std::process::id())), &content()).unwrap();
    write(&folder.path().join("notes.unravel"), &content()).unwrap();
    let left = recoverable(folder.path(), limits());
    if Path::new("/proc/self").exists() {
        assert_eq!(left.len(), 1);
        assert!(left[0].path().ends_with("autosave-4294967295-0.unravel"));
    } else {
        assert!(left.is_empty());
    }
}

#[test]
fn a_damaged_autosave_is_said_and_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let dead = Autosave::start(folder.path()).unwrap();
    let mut bytes = content();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    write(dead.path(), &bytes).unwrap();
    drop(dead);
    let left = recoverable(folder.path(), limits()).remove(0);
    assert!(left.spectra().unwrap_err().contains("altered or damaged"));
    let aside = left.keep_aside().unwrap();
    assert_eq!(std::fs::read(&aside).unwrap(), bytes);
    assert!(recoverable(folder.path(), limits()).is_empty());
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn saving_while_an_autosave_is_written_leaves_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut own = Autosave::start(folder.path()).unwrap();
    own.begin(Instant::now(), 5);
    own.settled(6);
    write(own.path(), &content()).unwrap();
    own.written();
    assert!(!own.path().exists());
    assert!(!own.due(Instant::now() + EVERY, 6));
}

#[test]
fn a_folder_that_cannot_be_made_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let said = Autosave::start(&folder.path().join("file/state")).unwrap_err().to_string();
    assert!(said.contains("file/state") && said.contains("was not saved"), "{said}");
    assert!(recoverable(&folder.path().join("none"), limits()).is_empty());
}

/// What the next test runs in a process of its own, to kill it.
#[test]
fn child_that_writes_autosaves_until_it_is_killed() {
    let Some(folder) = std::env::var_os("UNRAVEL_TEST_KILLED") else { return };
    let own = Autosave::start(folder.as_ref()).unwrap();
    let bytes = content();
    write(own.path(), &bytes).unwrap();
    println!("\nwritten");
    // Bounded, so that it ends by itself where its parent is gone.
    for _ in 0..100_000 {
        write(own.path(), &bytes).unwrap();
    }
}

#[test]
fn kill_9_in_the_middle_of_writing_leaves_a_whole_autosave() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--nocapture",
            "--exact",
            "session::autosave::tests::child_that_writes_autosaves_until_it_is_killed",
        ])
        .env("UNRAVEL_TEST_KILLED", folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "written"));
    assert!(recoverable(folder.path(), limits()).is_empty(), "it runs");
    child.kill().unwrap();
    child.wait().unwrap();
    let mut left = recoverable(folder.path(), limits());
    assert_eq!(left.len(), 1);
    let left = left.remove(0);
    assert_eq!(left.spectra(), Ok(8));
    assert_eq!(load(left.path(), limits()).unwrap().document.items.len(), 3);
    left.forget();
    assert_eq!(names(folder.path()), Vec::<String>::new());
}
