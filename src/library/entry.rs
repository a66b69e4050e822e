//! One reference spectrum and what is known about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::spectrum::Spectrum;

/// Names an entry for as long as its library lives; never given twice within one library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub u64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known about a reference spectrum. Everything but the name and the group may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Name of this specimen (`Quartz R040031`).
    pub name: String,
    /// Species: what a search answers with (`Quartz`). Several entries may share it.
    pub group: String,
    /// Chemical formula as its source writes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Under which terms it may be used.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Class of substance (`mineral`, `polymer`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

impl Facts {
    /// Facts of a species of which nothing but the name is known.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { group: name.clone(), name, ..Self::default() }
    }

    /// True when every word of `text` stands in the name, group or formula; case does not matter, nor do the
    /// `_` and `^` marks that RRUFF writes around subscripts and charges.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let haystack = format!("{}\n{}\n{}", self.name, self.group, self.formula).to_lowercase();
        let plain = plain_formula(&haystack);
        text.to_lowercase().split_whitespace().all(|word| haystack.contains(word) || plain.contains(word))
    }
}

/// A formula without the marks around subscripts and charges.
fn plain_formula(text: &str) -> String {
    text.replace(['_', '^'], "")
}

/// Species names that differ only in case or blanks are one species.
pub fn species_key(group: &str) -> String {
    group.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// One reference spectrum on its own axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its lasting name inside the library.
    pub id: EntryId,
    /// What is known about it.
    pub facts: Facts,
    /// The curve and its measurement.
    pub spectrum: Spectrum,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_must_occur_somewhere_whatever_their_case() {
        let facts = Facts { formula: "Ca(CO_3_)".into(), ..Facts::named("Calcite R040070") };
        for text in ["calcite", "R040070 CALC", "ca(co3)", "CO_3_ calcite", ""] {
            assert!(facts.matches(text), "{text}");
        }
        assert!(!facts.matches("calcite quartz"));
    }

    #[test]
    fn case_and_blanks_do_not_make_another_species() {
        assert_eq!(species_key(" Sodium  Chloride "), species_key("sodium chloride"));
        assert_ne!(species_key("Quartz"), species_key("Quartzite"));
    }
}
