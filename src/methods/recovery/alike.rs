//! Which substance is it: a recovered spectrum in a library.

use serde::Serialize;

use super::Recovered;
use crate::library::{EntryId, Hit, Index, SearchOptions, Window};
use crate::spectrum::AxisKind;

/// A substance that a recovered spectrum is like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alike {
    /// Name of the best specimen.
    pub name: String,
    /// Name of the species.
    pub species: String,
    /// Likeness, 1 at most.
    pub score: f64,
    /// Share of the shorter of both ranges that was compared.
    pub overlap: f64,
    /// The best specimen.
    #[serde(skip)]
    pub entry: EntryId,
}

/// The substances that the recovered spectrum is most like, best first, compared where the ends of the window disturb
/// nothing; or why the library cannot be asked.
pub fn alike(recovered: &Recovered, index: &Index, most: usize) -> Result<Vec<Alike>, String> {
    if recovered.axis().kind() != &AxisKind::RamanShift {
        return Err("the axis is no Raman shift, so that no library can be asked".to_owned());
    }
    let spectrum = recovered.raman_spectrum().map_err(|e| e.to_string())?;
    let (low_cm1, high_cm1) = recovered.inner;
    let windows = vec![Window { low_cm1, high_cm1, weight: 1.0 }];
    let options = SearchOptions { windows, max_hits: most, ..SearchOptions::default() };
    let ranking = index.search(&spectrum, &options).map_err(|e| e.to_string())?;
    let told = |hit: &Hit| Alike {
        name: hit.name.to_string(),
        species: hit.species.to_string(),
        score: hit.score,
        overlap: hit.overlap,
        entry: hit.entry,
    };
    Ok(ranking.hits.iter().map(told).collect())
}
