//! Undo after do is identity for every command; small moves of a drag are one step.

use std::sync::Arc;

use super::command::NewItem;
use super::*;
use crate::library::{Facts, Library};
use crate::methods::{Components, Settings};
use crate::process::Pipeline;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

pub fn spectrum(title: &str) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, 100.0, 400.0, 64).unwrap();
    let y: Vec<f32> = (0..64_u8).map(|i| f32::from(i % 16)).collect();
    Spectrum::new(axis, y, Metadata::titled(title)).unwrap()
}

pub fn new_item(title: &str) -> NewItem {
    NewItem {
        name: title.to_owned(),
        raw: Data::Curve(spectrum(title)),
        source: Source { path: format!("{title}.csv"), number: 1, format: "CSV".to_owned() },
        warnings: Vec::new(),
        group: String::new(),
    }
}

pub fn ask() -> Ask {
    Ask {
        methods: vec![Chosen { id: "nnls".to_owned(), settings: Settings::default() }],
        components: Components::Auto,
        range: None,
        library: LibraryId::DEFAULT,
        fixed: Vec::new(),
        excluded: Vec::new(),
        despike: true,
    }
}

fn filled() -> (Session, Vec<ItemId>) {
    let mut session = Session::new();
    let made = session.apply(&Command::Add(vec![new_item("a"), new_item("b"), new_item("c")])).unwrap();
    (session, made.items)
}

#[test]
fn undo_after_do_is_identity_for_every_command() {
    let (mut session, ids) = filled();
    let subject = Subject { item: ids[0], row: None };
    let comparison = session.apply(&Command::Compare(subject, ask())).unwrap().comparison.unwrap();
    let batch = session.apply(&Command::CompareMany(vec![subject], ask())).unwrap().batch.unwrap();
    session.apply(&Command::SaveRecipe("old".to_owned(), Pipeline::default())).unwrap();
    session
        .apply(&Command::OpenLibrary { path: "x".to_owned(), library: Arc::new(Library::new("x")) })
        .unwrap();
    let opened = session.document().library;
    session.apply(&Command::AddToMine(Facts::named("mine"), spectrum("mine"))).unwrap();
    let mine = session.document().open_library(LibraryId::MINE).unwrap().library.entries()[0].id;
    let steps: Pipeline = "despike".parse().unwrap();
    let key = PinKey { method: "nnls".to_owned(), component: 0 };
    let pin = Pin { library: LibraryId::MINE, entry: mine };
    let commands = [
        Command::Add(vec![new_item("d")]),
        Command::Remove(vec![ids[0]]),
        Command::Rename(ids[0], "other".to_owned()),
        Command::Show(ids.clone(), false),
        Command::ShowOnly(vec![ids[1]]),
        Command::Paint(ids[2], Colour::Chosen([1, 2, 3])),
        Command::Group(ids.clone(), "g".to_owned()),
        Command::Move(vec![ids[2]], 0),
        Command::Prepare(ids.clone(), steps.clone()),
        Command::SetTruths(ids[0], vec![ids[1], ids[2]]),
        Command::SaveRecipe("new".to_owned(), steps),
        Command::ForgetRecipe("old".to_owned()),
        Command::OpenLibrary { path: "y".to_owned(), library: Arc::new(Library::new("y")) },
        Command::CloseLibrary(opened),
        Command::UseLibrary(LibraryId::DEFAULT),
        Command::AddToMine(Facts::named("more"), spectrum("more")),
        Command::RemoveFromMine(mine),
        Command::SetMine(Arc::new(Library::new("empty"))),
        Command::Compare(subject, ask()),
        Command::AddMethod(comparison, Chosen { id: "fcls".to_owned(), settings: Settings::default() }),
        Command::SetPin(comparison, key, Some(pin)),
        Command::Judge(comparison, "Quartz".to_owned(), Some(Verdict::Accepted)),
        Command::RemoveComparison(comparison),
        Command::CompareMany(vec![subject], ask()),
        Command::RemoveBatch(batch),
    ];
    for command in commands {
        let before = Arc::clone(session.document());
        session.apply(&command).unwrap();
        let after = Arc::clone(session.document());
        assert_ne!(before, after, "{}", command.label());
        assert_eq!(session.undo(), Some(command.label()));
        assert_eq!(*session.document(), before, "{}", command.label());
        assert_eq!(session.redo(), Some(command.label()));
        assert_eq!(*session.document(), after, "{}", command.label());
        session.undo();
    }
}

#[test]
fn a_drag_is_one_step_and_the_next_drag_another() {
    let (mut session, ids) = filled();
    let lam = |text: &str| Command::Prepare(vec![ids[0]], text.parse().unwrap());
    for text in ["arpls:lam=1e4", "arpls:lam=2e4", "arpls:lam=3e4"] {
        session.apply(&lam(text)).unwrap();
    }
    session.end_gesture();
    session.apply(&lam("arpls:lam=1e6")).unwrap();
    session.undo();
    assert_eq!(session.document().item(ids[0]).unwrap().steps, "arpls:lam=3e4".parse().unwrap());
    session.undo();
    assert!(session.document().item(ids[0]).unwrap().steps.steps.is_empty());
}

#[test]
fn files_that_end_to_load_during_a_drag_leave_it_one_step() {
    let (mut session, ids) = filled();
    let lam = |text: &str| Command::Prepare(vec![ids[0]], text.parse().unwrap());
    session.apply(&lam("arpls:lam=1e4")).unwrap();
    session.end_adding();
    session.apply(&lam("arpls:lam=2e4")).unwrap();
    session.undo();
    assert!(session.document().item(ids[0]).unwrap().steps.steps.is_empty());
}

#[test]
fn two_hundred_steps_can_be_undone() {
    let (mut session, ids) = filled();
    let start = Arc::clone(session.document());
    for i in 0..200 {
        session.apply(&Command::Rename(ids[0], format!("name {i}"))).unwrap();
        session.end_gesture();
    }
    for _ in 0..200 {
        session.undo().unwrap();
    }
    assert_eq!(*session.document(), start);
}

#[test]
fn a_command_about_something_gone_changes_nothing() {
    let (mut session, ids) = filled();
    session.apply(&Command::Remove(vec![ids[0]])).unwrap();
    let before = (Arc::clone(session.document()), session.revision());
    for command in [
        Command::Rename(ids[0], "x".to_owned()),
        Command::Remove(vec![ids[1], ids[0]]),
        Command::Compare(Subject { item: ids[0], row: None }, ask()),
        Command::CloseLibrary(LibraryId::DEFAULT),
        Command::Rename(ids[1], "  ".to_owned()),
        Command::SetTruths(ids[1], vec![ids[1]]),
    ] {
        assert!(session.apply(&command).is_err(), "{}", command.label());
        assert_eq!((Arc::clone(session.document()), session.revision()), before);
    }
}

#[test]
fn versions_never_come_back_after_undo() {
    let (mut session, ids) = filled();
    let version = |s: &Session| s.document().item(ids[0]).unwrap().version;
    session.apply(&Command::Prepare(vec![ids[0]], "despike".parse().unwrap())).unwrap();
    let first = version(&session);
    session.undo();
    session.apply(&Command::Prepare(vec![ids[0]], "arpls".parse().unwrap())).unwrap();
    assert_ne!(version(&session), first);
}

#[test]
fn undoing_a_comparison_and_redoing_it_brings_its_answers_back() {
    let (mut session, ids) = filled();
    let subject = Subject { item: ids[0], row: None };
    let id = session.apply(&Command::Compare(subject, ask())).unwrap().comparison.unwrap();
    session.answer(id, "nnls", Answer::Failed("no".to_owned()));
    session.undo();
    assert!(session.document().comparison(id).is_none());
    assert!(session.answers_to_save().get(id, "nnls").is_none());
    session.redo();
    assert!(session.document().comparison(id).is_some());
    assert!(session.answers_to_save().get(id, "nnls").is_some());
}

#[test]
fn the_selection_never_names_what_is_gone() {
    let (mut session, ids) = filled();
    session.select(&[ids[0], ids[2]]);
    session.apply(&Command::Remove(vec![ids[2], ids[0]])).unwrap();
    assert_eq!(session.selection(), [ids[1]]);
    assert_eq!(session.active(), Some(Subject { item: ids[1], row: None }));
}
