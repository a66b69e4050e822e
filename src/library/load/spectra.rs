//! A library from spectra: what the formats floor reads out of folders, archives, tables and single files.

use std::ops::ControlFlow;
use std::path::Path;

use crate::formats::{self, Decoded, Item};
use crate::spectrum::{Metadata, SpectrumSet};

use super::super::{Facts, Library, LibraryError};
use super::{LoadOptions, Loaded, stem, with_defaults};

/// Sentences about single files that are kept; a folder of a hundred thousand bad files must not fill the screen.
const MAX_WARNINGS: usize = 100;

impl Library {
    /// Adds every spectrum of a decoded file; says how many there were.
    pub fn add_decoded(&mut self, decoded: &Decoded, defaults: &Facts) -> usize {
        let before = self.len();
        for item in &decoded.items {
            let species = match item {
                Item::Set(set) => species_of_map(set),
                Item::Spectrum(_) => None,
            };
            for spectrum in (0..item.len()).filter_map(|row| item.spectrum(row)) {
                let mut facts = facts(&spectrum.meta);
                if let Some(species) = &species {
                    facts.group.clone_from(species);
                    facts.name = format!("{species} [{}]", self.len() - before + 1);
                }
                self.add(with_defaults(facts, defaults), spectrum);
            }
        }
        self.len() - before
    }
}

/// A map whose rows have no names of their own is one substance, measured at many places. Its title is often that of the
/// instrument's recipe (the same for every sample), so the file's name stands for it.
fn species_of_map(set: &SpectrumSet) -> Option<String> {
    let is_map = set.shape.is_some() || !set.positions.x.is_empty();
    let file =
        set.meta.source_file.as_deref().filter(|_| is_map && set.len() > 1 && set.labels.is_empty())?;
    let species = stem(Path::new(file));
    (!species.trim().is_empty()).then_some(species)
}

/// What the metadata of a measurement say about its substance. RRUFF files state `NAMES` and `RRUFFID`; others have
/// a sample or a title.
fn facts(meta: &Metadata) -> Facts {
    let key =
        |names: &[&str]| names.iter().find_map(|name| meta.get(name)).unwrap_or_default().trim().to_owned();
    let specimen = key(&["RRUFFID", "RRUFF ID"]);
    let mut group = key(&["NAMES", "NAME", "mineral", "species", "substance"]);
    if group.is_empty() && !specimen.is_empty() {
        group = meta.sample.clone().unwrap_or_default();
    }
    if group.trim().is_empty() {
        meta.display_name().trim().clone_into(&mut group);
    }
    let name = match specimen.as_str() {
        "" => group.clone(),
        id if group.contains(id) => group.clone(),
        id => format!("{group} {id}"),
    };
    // RRUFF's own SOURCE and OWNER say who gave the stone.
    let source = if specimen.is_empty() { key(&["source"]) } else { "RRUFF".into() };
    Facts {
        name,
        group,
        formula: key(&["IDEAL CHEMISTRY", "formula", "molform", "MOLECULAR FORMULA"]),
        source,
        licence: key(&["licence", "license"]),
        kind: key(&["kind", "class"]),
        notes: key(&["notes", "LOCALITY"]),
    }
}

pub(super) fn load(path: &Path, file: &str, options: &LoadOptions) -> Result<Loaded, LibraryError> {
    let opened =
        formats::open_all(&[path.to_path_buf()], &options.limits, &mut |_progress| ControlFlow::Continue(()));
    let (mut library, mut warnings, mut bad) = (Library::new(stem(path)), Vec::new(), 0_usize);
    let mut first_error = None;
    for content in opened.iter().filter(|content| !content.skipped()) {
        match &content.result {
            Ok(decoded) => {
                library.add_decoded(decoded, &options.defaults);
                warnings.extend(decoded.warnings.iter().map(|w| format!("{}: {w}", content.name)));
            }
            Err(error) => {
                bad += 1;
                first_error.get_or_insert_with(|| error.to_string());
                warnings.push(error.to_string());
            }
        }
    }
    if library.is_empty() {
        let problem = match first_error {
            Some(error) if bad == 1 => error,
            Some(error) => format!("none of its {bad} files could be read; the first one: {error}"),
            None => "no file in it is a spectrum that Unravel knows".into(),
        };
        return Err(LibraryError::NothingFound { file: file.to_owned(), problem });
    }
    if warnings.len() > MAX_WARNINGS {
        let more = warnings.len() - MAX_WARNINGS;
        warnings.truncate(MAX_WARNINGS);
        warnings.push(format!("{file}: {more} more files had something to say ({bad} could not be read)."));
    }
    Ok(Loaded { library, warnings })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::super::testing::peak;
    use super::*;
    use crate::spectrum::Positions;

    #[test]
    fn the_rows_of_a_map_are_one_species_named_after_its_file() {
        let curve = peak(464.0);
        let rows = [curve.y(), curve.y()].concat();
        let meta =
            Metadata { source_file: Some("maps/apifil_static.wdf".into()), ..Metadata::titled("recipe 7") };
        let set = SpectrumSet::new(std::sync::Arc::clone(curve.axis()), rows, 2, meta).unwrap();
        let mut library = Library::new("x");
        // Without places they may be anything, for example the columns of a table.
        library.add_decoded(&Decoded::set(set.clone()), &Facts::default());
        let x = Positions { x: vec![0.0, 1.0], ..Positions::default() };
        library.add_decoded(&Decoded::set(set.with_positions(x).unwrap()), &Facts::default());
        let facts: Vec<(&str, &str)> =
            library.entries().iter().map(|e| (e.facts.name.as_str(), e.facts.group.as_str())).collect();
        assert_eq!(facts[1], ("recipe 7 [2]", "recipe 7 [2]"));
        assert_eq!(
            facts[2..],
            [("apifil_static [1]", "apifil_static"), ("apifil_static [2]", "apifil_static"),]
        );
    }

    #[test]
    fn rruff_metadata_give_species_specimen_and_formula() {
        let mut spectrum = peak(464.0);
        for (key, value) in [("RRUFFID", "R040031"), ("NAMES", "Quartz"), ("IDEAL CHEMISTRY", "SiO_2_")] {
            spectrum.meta.push(key, value);
        }
        let defaults = Facts { licence: "ask RRUFF".into(), source: "mine".into(), ..Facts::default() };
        let items = vec![Item::Spectrum(spectrum), Item::Spectrum(peak(1086.0))];
        let mut library = Library::new("x");
        library.add_decoded(&Decoded { items, ..Decoded::default() }, &defaults);
        let facts: Vec<&Facts> = library.entries().iter().map(|e| &e.facts).collect();
        assert_eq!((facts[0].name.as_str(), facts[0].group.as_str()), ("Quartz R040031", "Quartz"));
        assert_eq!((facts[0].formula.as_str(), facts[0].source.as_str()), ("SiO_2_", "RRUFF"));
        assert_eq!((facts[1].name.as_str(), facts[1].source.as_str()), ("line at 1086", "mine"));
        assert_eq!(facts[1].licence, "ask RRUFF");
    }

    #[test]
    fn nothing_readable_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let said = Library::load(folder.path(), &LoadOptions::default()).unwrap_err().to_string();
        assert!(said.contains("no file in it"), "{said}");
        let note = folder.path().join("readme.md");
        fs::write(&note, "nothing here").unwrap();
        assert!(Library::load(folder.path(), &LoadOptions::default()).is_err());
        assert!(Library::load(&note, &LoadOptions::default()).is_err());
        assert!(Library::load(&folder.path().join("none"), &LoadOptions::default()).is_err());
    }
}
