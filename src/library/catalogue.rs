//! The library itself: an ordered list of entries, and the operations that change it.

use std::collections::HashMap;

use crate::spectrum::Spectrum;

use super::duplicates::{DUPLICATE_CORRELATION, likeness};
use super::entry::species_key;
use super::{Entry, EntryId, Facts, LibraryError};

/// What a merge does with a spectrum that the library practically has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Leaves it out: same species, and a correlation of at least [`DUPLICATE_CORRELATION`] over nearly the same range.
    #[default]
    Fold,
    /// Adds it all the same.
    Keep,
}

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// New ids of the entries taken over, in their order.
    pub added: Vec<EntryId>,
    /// Entries left out: the id they had in their own library, and the entry here that stands for them.
    pub folded: Vec<(EntryId, EntryId)>,
}

/// Reference spectra with their facts. Entries stand in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    /// Name for people.
    pub name: String,
    entries: Vec<Entry>,
    next_id: u64,
}

impl Library {
    /// A library without entries.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Entries as a packed file lists them: ids ascending and below `next_id`, or the index of the offender.
    pub(super) fn from_parts(name: String, entries: Vec<Entry>, next_id: u64) -> Result<Self, usize> {
        let last_first = entries.windows(2).position(|pair| pair[0].id >= pair[1].id).map(|i| i + 1);
        let beyond = entries.iter().position(|entry| entry.id.0 >= next_id);
        match last_first.or(beyond) {
            Some(index) => Err(index),
            None => Ok(Self { name, entries, next_id }),
        }
    }

    /// The id that the next entry will get.
    pub(super) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// All entries in the order of their ids.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Species names in the order of their first entry, with the number of entries of each.
    #[must_use]
    pub fn species(&self) -> Vec<(&str, usize)> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut species: Vec<(&str, usize)> = Vec::new();
        for entry in &self.entries {
            let place = *places.entry(species_key(&entry.facts.group)).or_insert(species.len());
            match species.get_mut(place) {
                Some((_, count)) => *count += 1,
                None => species.push((entry.facts.group.as_str(), 1)),
            }
        }
        species
    }

    /// The entry of this id.
    #[must_use]
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.place(id).ok().and_then(|place| self.entries.get(place))
    }

    /// Entries whose name, group or formula hold every word of `text`, in order; all of them for a blank text.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Entry> + 'a {
        self.entries.iter().filter(move |entry| entry.facts.matches(text))
    }

    /// Adds a spectrum and says which id it got. A blank name or group is taken from the other one, then from the
    /// spectrum's own title.
    pub fn add(&mut self, facts: Facts, spectrum: Spectrum) -> EntryId {
        let mut facts = facts;
        if facts.name.trim().is_empty() {
            facts.name = match facts.group.trim() {
                "" => spectrum.meta.display_name().trim().to_owned(),
                group => group.to_owned(),
            };
        }
        if facts.group.trim().is_empty() {
            facts.group.clone_from(&facts.name);
        }
        let id = EntryId(self.next_id);
        self.next_id += 1;
        self.entries.push(Entry { id, facts, spectrum });
        id
    }

    /// Takes an entry out and hands it over.
    pub fn delete(&mut self, id: EntryId) -> Result<Entry, LibraryError> {
        let place = self.place(id).map_err(|_place| LibraryError::UnknownEntry { id })?;
        Ok(self.entries.remove(place))
    }

    /// Takes over every entry of another library under new ids.
    pub fn merge(&mut self, other: &Self, duplicates: Duplicates) -> Merged {
        let mut of_species: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            of_species.entry(species_key(&entry.facts.group)).or_default().push(place);
        }
        let mut merged = Merged::default();
        for entry in &other.entries {
            let places = of_species.entry(species_key(&entry.facts.group)).or_default();
            let twin = match duplicates {
                Duplicates::Keep => None,
                Duplicates::Fold => places.iter().filter_map(|place| self.entries.get(*place)).find(|have| {
                    likeness(&have.spectrum, &entry.spectrum).is_some_and(|r| r >= DUPLICATE_CORRELATION)
                }),
            };
            if let Some(twin) = twin {
                merged.folded.push((entry.id, twin.id));
            } else {
                places.push(self.entries.len());
                merged.added.push(self.add(entry.facts.clone(), entry.spectrum.clone()));
            }
        }
        merged
    }

    fn place(&self, id: EntryId) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::peak;
    use super::*;

    fn names(library: &Library) -> Vec<&str> {
        library.entries().iter().map(|entry| entry.facts.name.as_str()).collect()
    }

    fn three() -> Library {
        let mut library = Library::new("three");
        for (name, at) in [("Quartz", 464.0), ("Calcite", 1086.0), ("Gypsum", 1008.0)] {
            library.add(Facts::named(name), peak(at));
        }
        library
    }

    #[test]
    fn ids_stay_when_entries_go_and_are_not_given_again() {
        let mut library = three();
        assert_eq!(library.delete(EntryId(1)).unwrap().facts.name, "Calcite");
        assert_eq!(names(&library), ["Quartz", "Gypsum"]);
        assert_eq!(library.get(EntryId(2)).unwrap().facts.name, "Gypsum");
        assert!(matches!(library.delete(EntryId(1)), Err(LibraryError::UnknownEntry { .. })));
        assert_eq!(library.add(Facts::named("Barite"), peak(988.0)), EntryId(3));
        assert_eq!(names(&library), ["Quartz", "Gypsum", "Barite"]);
    }

    #[test]
    fn a_nameless_entry_is_named_after_its_group_or_its_spectrum() {
        let mut library = Library::new("x");
        library.add(Facts { group: "Talc".into(), ..Facts::default() }, peak(193.0));
        library.add(Facts::default(), peak(193.0));
        assert_eq!(names(&library), ["Talc", "line at 193"]);
        assert_eq!(library.entries()[1].facts.group, "line at 193");
    }

    #[test]
    fn merging_folds_twins_of_one_species_unless_told_not_to() {
        let mut library = three();
        let mut other = Library::new("other");
        other.add(Facts { name: "Quartz again".into(), ..Facts::named("quartz") }, peak(466.0));
        other.add(Facts::named("Barite"), peak(988.0));
        // The same curve under another species name is another claim and is kept.
        other.add(Facts::named("Chalcedony"), peak(464.0));
        let mut kept = library.clone();
        let merged = library.merge(&other, Duplicates::Fold);
        assert_eq!(merged.added, [EntryId(3), EntryId(4), EntryId(5)]);
        assert_eq!(merged.folded, []);
        let other_quartz = Facts { name: "Quartz twin".into(), group: "quartz".into(), ..Facts::default() };
        let mut twin = Library::new("twin");
        twin.add(other_quartz, peak(464.0));
        assert_eq!(library.merge(&twin, Duplicates::Fold).folded, [(EntryId(0), EntryId(0))]);
        assert_eq!(kept.merge(&twin, Duplicates::Keep).added, [EntryId(3)]);
    }

    #[test]
    fn finding_looks_at_all_words() {
        let library = three();
        assert_eq!(library.find("CAL").count(), 1);
        assert_eq!(library.find("").count(), 3);
        assert_eq!(library.find("cal quartz").count(), 0);
    }
}
