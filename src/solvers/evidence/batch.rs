//! Many spectra in one library, each with rows of its own hidden.

use rayon::prelude::*;

use super::super::SolverError;
use super::prepared::Prepared;
use super::scorer::EvidenceLibrary;
use super::search::{EvidenceSettings, Found, search_in};

/// Spectra whose correlations are computed in one pass over the library; they fit into the first cache beside a row.
const BLOCK: usize = 8;

/// [`search_hiding`](super::search_hiding) of every spectrum (one after the other), in their order, on rayon's current
/// pool; the same answers, for any number of threads.
///
/// `hidden` has one mask a spectrum (an empty mask hides nothing), or none at all where nothing is hidden.
pub fn search_batch(
    library: EvidenceLibrary<'_>,
    spectra: &[f32],
    hidden: &[Vec<bool>],
    settings: &EvidenceSettings,
) -> Result<Vec<Found>, SolverError> {
    let length = library.dictionary.length();
    if !spectra.len().is_multiple_of(length) {
        return Err(SolverError::Ragged { found: spectra.len(), length });
    }
    let count = spectra.len() / length;
    if !hidden.is_empty() && hidden.len() != count {
        let (what, found, expected) = ("masks of hidden rows", hidden.len(), count);
        return Err(SolverError::Mismatch { what, found, expected });
    }
    let prepared = Prepared::new(library, settings.spacing)?;
    let one_block = |(block, spectra): (usize, &[f32])| {
        let targets = library.dictionary.targets(spectra)?;
        let each = spectra.chunks_exact(length).zip(&targets).enumerate();
        let found = each.map(|(at, (spectrum, target))| {
            let hidden = hidden.get(block * BLOCK + at).map_or(&[][..], Vec::as_slice);
            search_in(&prepared, spectrum, target, hidden, settings, &mut |_| true)
        });
        found.filter_map(Result::transpose).collect::<Result<Vec<Found>, SolverError>>()
    };
    let blocks: Result<Vec<Vec<Found>>, SolverError> =
        spectra.par_chunks(BLOCK * length).enumerate().map(one_block).collect();
    Ok(blocks?.into_iter().flatten().collect())
}
