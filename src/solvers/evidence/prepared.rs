//! What depends on the library alone: made once for all spectra that are searched in it.

use super::super::SolverError;
use super::local::LocalModel;
use super::pairs::PairScan;
use super::scorer::EvidenceLibrary;

/// A library made ready for searches.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub library: EvidenceLibrary<'a>,
    pub model: LocalModel,
    pub scan: PairScan<'a>,
    pub gram: &'a [f32],
}

impl<'a> Prepared<'a> {
    pub fn new(library: EvidenceLibrary<'a>, spacing: f64) -> Result<Self, SolverError> {
        let EvidenceLibrary { rows, dictionary, species, axis } = library;
        let (count, length) = (dictionary.count(), dictionary.length());
        for (what, found, expected) in [
            ("positions of the axis", axis.len(), length),
            ("species of the rows", species.len(), count),
            ("values of the rows", rows.len(), count * length),
        ] {
            if found != expected {
                return Err(SolverError::Mismatch { what, found, expected });
            }
        }
        let gram = dictionary.gram();
        let scan = PairScan::new(gram, dictionary.opposed(), species);
        Ok(Self { library, model: LocalModel::new(axis, spacing), scan, gram })
    }
}
