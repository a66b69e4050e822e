//! References without some of their species.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::MethodError;
use super::kept::Kept;
use super::table::{Reference, References};
use crate::solvers::Dictionary;

/// Subsets kept: a user tries one after the other, all methods with the same one.
const MAX_SUBSETS: usize = 2;

impl References {
    /// The same references without the rows of some species (indices into [`Self::species`]), kept for the next
    /// spectrum. Entries keep their ids, species are numbered anew.
    pub fn without(&self, species: &[usize]) -> Result<Arc<Self>, MethodError> {
        let mut species = species.to_vec();
        species.sort_unstable();
        species.dedup();
        // Copying uses one core, so no worker waits here for work of its own.
        let mut subsets = self.kept.subsets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = subsets.iter().find(|(without, _)| *without == species) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(self.subset(&species)?);
        if subsets.len() >= MAX_SUBSETS {
            subsets.remove(0);
        }
        subsets.push((species, Arc::clone(&made)));
        Ok(made)
    }

    fn subset(&self, without: &[usize]) -> Result<Self, MethodError> {
        let rows: Vec<usize> = (0..self.len())
            .filter(|row| self.species_of(*row).is_some_and(|s| !without.contains(&s)))
            .collect();
        if rows.is_empty() {
            return Err(MethodError::NothingLeft {
                library: self.library.clone(),
                species: self.species.len(),
            });
        }
        let stay: Vec<usize> = (0..self.species.len()).filter(|s| !without.contains(s)).collect();
        let mut rows_of_species = vec![Vec::new(); stay.len()];
        let mut entries = Vec::with_capacity(rows.len());
        for (entry, row) in rows.iter().filter_map(|row| self.entries.get(*row)).zip(0..) {
            let species = stay.partition_point(|s| *s < entry.species);
            rows_of_species[species].push(row);
            entries.push(Reference { species, ..entry.clone() });
        }
        Ok(Self {
            library: self.library.clone(),
            axis: Arc::clone(&self.axis),
            rows: rows.iter().flat_map(|row| self.row(*row).iter().copied()).collect(),
            entries,
            species: stay.iter().filter_map(|s| self.species.get(*s).cloned()).collect(),
            rows_of_species,
            left_out: self.left_out.clone(),
            kept: self.kept_of(&rows),
        })
    }

    /// What has been made already, for these rows alone.
    fn kept_of(&self, rows: &[usize]) -> Kept {
        let few = |(unit, dictionary): &(bool, Arc<Dictionary>)| {
            dictionary.subset(rows).ok().map(|subset| (*unit, Arc::new(subset)))
        };
        let made = self.kept.dictionaries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let backgrounds = self.kept.backgrounds.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Kept {
            dictionaries: Mutex::new(made.iter().filter_map(few).collect()),
            backgrounds: Mutex::new(backgrounds),
            subsets: Mutex::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{Facts, Library};
    use crate::solvers::Metric;
    use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

    const POINTS: usize = 101;

    fn prepared(groups: &[&str]) -> References {
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 200.0, 800.0, POINTS).unwrap());
        let mut library = Library::new("test");
        for (k, group) in groups.iter().enumerate() {
            let y: Vec<f32> = (0..POINTS).map(|i| ((i * (k + 3)) % 17) as f32).collect();
            let spectrum = Spectrum::new(Arc::clone(&axis), y, Metadata::titled(*group)).unwrap();
            library.add(Facts::named(*group), spectrum);
        }
        References::new(&library, &axis).unwrap()
    }

    #[test]
    fn the_rows_of_a_species_are_gone_and_the_others_keep_their_entries() {
        let whole = prepared(&["Quartz", "Calcite", "quartz ", "Gypsum"]);
        let early = whole.dictionary(Metric::Cosines(3)).unwrap();
        let without = whole.without(&[0]).unwrap();
        assert_eq!((without.len(), without.species().len()), (2, 2));
        assert_eq!(without.find_species("quartz"), None);
        assert_eq!(without.find_species(" gypsum"), Some(1));
        assert_eq!((without.rows_of(1), without.species_of(1)), (&[1][..], Some(1)));
        assert_eq!(without.entries()[1].id, whole.entries()[3].id);
        assert_eq!(without.row(1), whole.row(3));
        assert_eq!(without.row_of(whole.entries()[3].id), Some(whole.row(3)));
        assert_eq!(without.row_of(whole.entries()[0].id), None);
        for metric in [Metric::Cosines(3), Metric::Plain] {
            let few = without.dictionary(metric).unwrap();
            let all = whole.dictionary(metric).unwrap();
            assert_eq!((few.count(), few.atom(1), few.scales()[1]), (2, all.atom(3), all.scales()[3]));
        }
        assert!(Arc::ptr_eq(&early, &whole.dictionary(Metric::Cosines(3)).unwrap()));
    }

    #[test]
    fn a_subset_is_made_once_and_never_empty() {
        let whole = prepared(&["Quartz", "Calcite", "Gypsum"]);
        let first = whole.without(&[2, 0]).unwrap();
        assert!(Arc::ptr_eq(&first, &whole.without(&[0, 2, 0]).unwrap()));
        let refused = whole.without(&[0, 1, 2]).unwrap_err().to_string();
        assert!(refused.contains("all 3 species") && refused.contains("'test'"), "{refused}");
    }
}
