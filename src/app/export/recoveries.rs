//! Raman spectra recovered from a CARS spectrum: the files of `unravel recover`.

use std::convert::Infallible;
use std::sync::Arc;

use crate::formats::write::Written;
use crate::jobs::{Failure, Named, NamedHit, Ticket};
use crate::methods::recovery::{HitRow, RecoveryRow, curves_csv, lines_csv, summary_csv};

use super::parcel::Put;

/// What the methods said to one spectrum.
pub struct Recoveries {
    /// The file it came from.
    pub path: String,
    /// Number of the spectrum in its file, from 1.
    pub number: usize,
    /// Its name.
    pub title: String,
    /// Ids of the methods with their answers, or why there are none.
    pub answers: Vec<(String, Result<Arc<Named>, String>)>,
}

impl Recoveries {
    /// A table for each method, the summary, the lines.
    pub fn make(&self, names: &[String], ticket: &Ticket<Infallible>, put: Put) -> Result<(), Failure> {
        let (mut rows, mut files) = (Vec::new(), 0);
        for (method, answer) in &self.answers {
            ticket.go_on()?;
            match answer {
                Ok(named) => {
                    let name = names.get(files).map(String::as_str).unwrap_or_default();
                    put(files, Written { bytes: curves_csv(&named.recovered)?, warnings: Vec::new() })?;
                    files += 1;
                    rows.push(RecoveryRow::of(&self.path, self.number, name, &named.recovered, hits(named)));
                }
                Err(why) => {
                    rows.push(RecoveryRow::failed(&self.path, self.number, &self.title, method, why.clone()));
                }
            }
        }
        put(files, Written { bytes: summary_csv(&rows)?, warnings: Vec::new() })?;
        put(files + 1, Written { bytes: lines_csv(&rows)?, warnings: Vec::new() })
    }
}

fn hits(named: &Named) -> Vec<HitRow> {
    let hit = |hit: &NamedHit| HitRow {
        name: hit.name.clone(),
        species: hit.species.clone(),
        score: hit.score,
        overlap: hit.overlap,
    };
    named.hits.iter().map(hit).collect()
}
