//! What each command does to a document.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::library::species_key;
use crate::process::Pipeline;

use super::command::NewItem;
use super::{
    Batch, BatchId, Colour, Command, Comparison, ComparisonId, Document, Item, ItemId, LibraryId,
    OpenLibrary, PinKey, Recipe, SessionError, Verdict, Version,
};

/// Longest name of a spectrum, group or recipe.
const MAX_NAME: usize = 300;

/// Gives numbers that were never given before in this session.
pub struct Numbers<'a>(pub &'a mut u64);

impl Numbers<'_> {
    fn next(&mut self) -> u64 {
        *self.0 += 1;
        *self.0
    }
}

/// What came into being.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// New items.
    pub items: Vec<ItemId>,
    /// The new comparison.
    pub comparison: Option<ComparisonId>,
    /// The new batch.
    pub batch: Option<BatchId>,
}

fn gone(what: &str) -> SessionError {
    SessionError::Gone { what: what.to_owned() }
}

fn refused(what: impl Into<String>, problem: impl Into<String>) -> SessionError {
    SessionError::Refused { what: what.into(), problem: problem.into() }
}

/// A name as it may stand in a list: one line, not endless, not empty.
fn name(text: &str, what: &str) -> Result<String, SessionError> {
    let line: String =
        text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_NAME).collect();
    if line.is_empty() { Err(refused(what, "the name is empty")) } else { Ok(line) }
}

/// Changes the document; on an error the caller throws the copy away.
pub fn apply(
    document: &mut Document,
    command: &Command,
    numbers: &mut Numbers,
) -> Result<Made, SessionError> {
    let mut made = Made::default();
    match command {
        Command::Add(items) => made.items = add(document, items, numbers),
        Command::Remove(ids) => remove(document, ids)?,
        Command::Rename(id, text) => {
            let text = name(text, "Rename")?;
            change(document, &[*id], |item| item.name.clone_from(&text))?;
        }
        Command::Show(ids, visible) => change(document, ids, |item| item.visible = *visible)?,
        Command::ShowOnly(ids) => {
            change(document, ids, |_| ())?;
            for item in &mut document.items {
                let visible = ids.contains(&item.id);
                if item.visible != visible {
                    Arc::make_mut(item).visible = visible;
                }
            }
        }
        Command::Paint(id, colour) => change(document, &[*id], |item| item.colour = *colour)?,
        Command::Group(ids, text) => {
            let text = if text.trim().is_empty() { String::new() } else { name(text, "Group")? };
            change(document, ids, |item| item.group.clone_from(&text))?;
        }
        Command::Move(ids, to) => relocate(document, ids, *to)?,
        Command::Prepare(ids, steps) => {
            steps.validate().map_err(|e| refused("Prepare", e.to_string()))?;
            change(document, ids, |item| {
                if item.steps != *steps {
                    item.steps = steps.clone();
                    item.version = Version(numbers.next());
                }
            })?;
        }
        Command::SetTruths(id, truths) => {
            if truths.contains(id) {
                return Err(refused("Assign true components", "a spectrum is no component of itself"));
            }
            change(document, truths, |_| ())?;
            change(document, &[*id], |item| item.truths.clone_from(truths))?;
        }
        Command::SaveRecipe(text, steps) => {
            steps.validate().map_err(|e| refused("Save recipe", e.to_string()))?;
            let recipe = Arc::new(Recipe { name: name(text, "Save recipe")?, steps: steps.clone() });
            match document.recipes.iter_mut().find(|r| r.name == recipe.name) {
                Some(old) => *old = recipe,
                None => document.recipes.push(recipe),
            }
        }
        Command::ForgetRecipe(text) => {
            document.recipe(text).ok_or_else(|| gone("The recipe"))?;
            document.recipes.retain(|r| r.name != *text);
        }
        Command::OpenLibrary { .. }
        | Command::CloseLibrary(_)
        | Command::UseLibrary(_)
        | Command::AddToMine(..)
        | Command::RemoveFromMine(_)
        | Command::SetMine(_) => libraries(document, command, numbers)?,
        Command::Compare(subject, ask) => {
            let version = document.item(subject.item).ok_or_else(|| gone("The spectrum"))?.version;
            document.open_library(ask.library).ok_or_else(|| gone("The library"))?;
            if ask.methods.is_empty() {
                return Err(refused("Compare methods", "no method is chosen"));
            }
            let id = ComparisonId(numbers.next());
            made.comparison = Some(id);
            document.comparisons.push(Arc::new(Comparison {
                id,
                subject: *subject,
                version,
                ask: ask.clone(),
                pins: BTreeMap::new(),
                verdicts: BTreeMap::new(),
            }));
        }
        Command::CompareMany(subjects, ask) => {
            if ask.methods.is_empty() || subjects.is_empty() {
                let what = if subjects.is_empty() { "no spectrum is chosen" } else { "no method is chosen" };
                return Err(refused("Compare methods", what));
            }
            let version = |s: &super::Subject| {
                document.item(s.item).map(|item| (*s, item.version)).ok_or_else(|| gone("The spectrum"))
            };
            let subjects = subjects.iter().map(version).collect::<Result<_, _>>()?;
            let id = BatchId(numbers.next());
            made.batch = Some(id);
            document.batches.push(Arc::new(Batch { id, subjects, ask: ask.clone() }));
        }
        Command::RemoveBatch(id) => {
            document.batch(*id).ok_or_else(|| gone("The results table"))?;
            document.batches.retain(|b| b.id != *id);
        }
        Command::RemoveComparison(_) | Command::AddMethod(..) | Command::SetPin(..) | Command::Judge(..) => {
            comparisons(document, command)?;
        }
    }
    Ok(made)
}

fn add(document: &mut Document, items: &[NewItem], numbers: &mut Numbers) -> Vec<ItemId> {
    let mut slots: Vec<usize> = document
        .items
        .iter()
        .filter_map(|item| match item.colour {
            Colour::Slot(slot) => Some(slot),
            Colour::Chosen(_) => None,
        })
        .collect();
    slots.sort_unstable();
    slots.dedup();
    let mut free = (0..).filter(|slot| slots.binary_search(slot).is_err());
    let mut ids = Vec::with_capacity(items.len());
    for item in items {
        let id = ItemId(numbers.next());
        ids.push(id);
        document.items.push(Arc::new(Item {
            id,
            name: name(&item.name, "Add").unwrap_or_else(|_| format!("Spectrum {id}")),
            raw: item.raw.clone(),
            source: item.source.clone(),
            warnings: item.warnings.clone(),
            steps: Pipeline::default(),
            colour: Colour::Slot(free.next().unwrap_or_default()),
            visible: true,
            group: item.group.clone(),
            truths: Vec::new(),
            version: Version(numbers.next()),
        }));
    }
    ids
}

fn remove(document: &mut Document, ids: &[ItemId]) -> Result<(), SessionError> {
    change(document, ids, |_| ())?;
    document.items.retain(|item| !ids.contains(&item.id));
    for item in &mut document.items {
        if item.truths.iter().any(|t| ids.contains(t)) {
            Arc::make_mut(item).truths.retain(|t| !ids.contains(t));
        }
    }
    document.comparisons.retain(|c| !ids.contains(&c.subject.item));
    Ok(())
}

/// Changes the items named; all of them must be there.
fn change(
    document: &mut Document,
    ids: &[ItemId],
    mut with: impl FnMut(&mut Item),
) -> Result<(), SessionError> {
    let wanted: std::collections::BTreeSet<ItemId> = ids.iter().copied().collect();
    let there = document.items.iter().filter(|item| wanted.contains(&item.id)).count();
    if there != wanted.len() {
        return Err(gone("The spectrum"));
    }
    for item in document.items.iter_mut().filter(|item| wanted.contains(&item.id)) {
        with(Arc::make_mut(item));
    }
    Ok(())
}

fn relocate(document: &mut Document, ids: &[ItemId], to: usize) -> Result<(), SessionError> {
    change(document, ids, |_| ())?;
    let before: Option<ItemId> = document.items.iter().skip(to).map(|i| i.id).find(|id| !ids.contains(id));
    let (moved, mut rest): (Vec<_>, Vec<_>) =
        std::mem::take(&mut document.items).into_iter().partition(|item| ids.contains(&item.id));
    let at = before.and_then(|id| rest.iter().position(|item| item.id == id)).unwrap_or(rest.len());
    rest.splice(at..at, moved);
    document.items = rest;
    Ok(())
}

fn libraries(document: &mut Document, command: &Command, numbers: &mut Numbers) -> Result<(), SessionError> {
    match command {
        Command::OpenLibrary { path, library } => {
            let id = LibraryId(numbers.next());
            document.libraries.push(OpenLibrary { id, path: path.clone(), library: Arc::clone(library) });
            document.library = id;
        }
        Command::CloseLibrary(id) => {
            if [LibraryId::DEFAULT, LibraryId::MINE].contains(id) {
                return Err(refused("Close library", "this library is always open"));
            }
            document.open_library(*id).ok_or_else(|| gone("The library"))?;
            document.libraries.retain(|open| open.id != *id);
            if document.library == *id {
                document.library = LibraryId::DEFAULT;
            }
        }
        Command::UseLibrary(id) => {
            document.open_library(*id).ok_or_else(|| gone("The library"))?;
            document.library = *id;
        }
        Command::AddToMine(facts, spectrum) => {
            let facts =
                crate::library::Facts { name: name(&facts.name, "Add to my library")?, ..facts.clone() };
            mine(document)?.add(facts, spectrum.clone());
        }
        Command::RemoveFromMine(entry) => {
            mine(document)?.delete(*entry).map_err(|e| refused("Remove from my library", e.to_string()))?;
        }
        Command::SetMine(library) => {
            for open in document.libraries.iter_mut().filter(|open| open.id == LibraryId::MINE) {
                open.library = Arc::clone(library);
            }
        }
        _ => {}
    }
    Ok(())
}

fn mine(document: &mut Document) -> Result<&mut crate::library::Library, SessionError> {
    let open = document.libraries.iter_mut().find(|open| open.id == LibraryId::MINE);
    open.map(|open| Arc::make_mut(&mut open.library)).ok_or_else(|| gone("My library"))
}

fn comparisons(document: &mut Document, command: &Command) -> Result<(), SessionError> {
    let find = |document: &mut Document, id: ComparisonId| {
        document.comparisons.iter().position(|c| c.id == id).ok_or_else(|| gone("The comparison"))
    };
    match command {
        Command::RemoveComparison(id) => {
            let at = find(document, *id)?;
            document.comparisons.remove(at);
        }
        Command::AddMethod(id, chosen) => {
            let at = find(document, *id)?;
            let comparison = Arc::make_mut(&mut document.comparisons[at]);
            if comparison.ask.methods.iter().any(|m| m.id == chosen.id) {
                return Err(refused("Add method", format!("{} is compared already", chosen.id)));
            }
            comparison.ask.methods.push(chosen.clone());
        }
        Command::SetPin(id, key, pin) => {
            let at = find(document, *id)?;
            if let Some(pin) = pin {
                document.pinned(*pin).ok_or_else(|| gone("The library entry"))?;
            }
            let pins = &mut Arc::make_mut(&mut document.comparisons[at]).pins;
            let PinKey { method, component } = key;
            match pin {
                Some(pin) => pins.insert(PinKey { method: method.clone(), component: *component }, *pin),
                None => pins.remove(key),
            };
        }
        Command::Judge(id, species, verdict) => {
            let at = find(document, *id)?;
            let verdicts = &mut Arc::make_mut(&mut document.comparisons[at]).verdicts;
            let key = species_key(species);
            match verdict {
                Some(verdict @ (Verdict::Accepted | Verdict::Rejected)) => verdicts.insert(key, *verdict),
                None => verdicts.remove(&key),
            };
        }
        _ => {}
    }
    Ok(())
}
