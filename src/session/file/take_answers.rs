//! Answers from their form in the index.

use std::sync::Arc;

use super::super::{Answer, BatchRow, BatchShare, OpenLibrary};
use super::exact::Exact;
use super::runs::Runs;
use super::stored_answers::{
    StoredAnswer, StoredComponent, StoredOutcome, StoredRow, StoredUncertainty, StoredUnlisted, StoredWeight,
};
use super::{FileError, take};
use crate::library::EntryId;
use crate::methods::{
    Alternative, CarsPair, Component, Concentration, Diagnostic, EntryWeight, Outcome, Uncertainty,
    Unexplained, UnexplainedPeak, Unlisted,
};

/// Stands for an entry that the default library of this version does not have; no library gives this id.
const GONE: EntryId = EntryId(u64::MAX);

/// Reads answers of one comparison.
#[derive(Debug)]
pub(super) struct AnswerReader<'a, 'b> {
    pub runs: &'a mut Runs<'b>,
    /// The library that the methods compared with, unless it was closed since.
    pub library: Option<&'a OpenLibrary>,
}

impl AnswerReader<'_, '_> {
    pub fn answer(&mut self, stored: StoredAnswer) -> Result<Answer, FileError> {
        Ok(match stored {
            StoredAnswer::Done(outcome) => Answer::Done(Arc::new(self.outcome(*outcome)?)),
            StoredAnswer::Failed(why) => Answer::Failed(why),
        })
    }

    fn outcome(&mut self, stored: StoredOutcome) -> Result<Outcome, FileError> {
        let mixture = self.runs.spectrum(stored.axis, stored.mixture, stored.meta)?;
        let points = mixture.len();
        let mut curve = |number| self.curve(number, points);
        let reconstruction = curve(stored.reconstruction)?;
        let background = curve(stored.background)?;
        let residual = curve(stored.residual)?;
        let cars = match stored.cars {
            Some((recovered, background)) => {
                Some(CarsPair { recovered: curve(recovered)?, background: curve(background)? })
            }
            None => None,
        };
        let components: Result<_, _> =
            stored.components.into_iter().map(|c| self.component(c, points)).collect();
        let concentration =
            |(label, value, unit): (String, Exact, String)| Concentration { label, value: value.0, unit };
        let diagnostic =
            |(name, value, unit): (String, Exact, String)| Diagnostic { name, value: value.0, unit };
        let peak = |(position, height, significance): (Exact, Exact, Exact)| UnexplainedPeak {
            position_cm1: position.0,
            height: height.0,
            significance: significance.0,
        };
        Ok(Outcome {
            method: stored.method,
            method_name: stored.method_name,
            settings: stored.settings,
            asked: stored.asked,
            library: stored.library,
            mixture,
            components: components?,
            concentrations: stored.concentrations.into_iter().map(concentration).collect(),
            cars,
            reconstruction,
            background,
            residual,
            unexplained: Unexplained {
                noise: stored.noise.0,
                ratio: stored.ratio.0,
                peaks: stored.peaks.into_iter().map(peak).collect(),
            },
            diagnostics: stored.diagnostics.into_iter().map(diagnostic).collect(),
            notes: stored.notes,
            elapsed_ms: stored.elapsed_ms.0,
            device: stored.device,
        })
    }

    fn component(&mut self, stored: StoredComponent, points: usize) -> Result<Component, FileError> {
        let StoredComponent {
            name,
            species,
            entries,
            spectrum,
            library_part,
            share,
            confidence,
            alternatives,
            uncertainty,
            unlisted,
        } = stored;
        Ok(Component {
            name,
            species,
            entries: entries.into_iter().map(|weight| self.weight(weight)).collect(),
            spectrum: self.curve(spectrum, points)?,
            library_part: library_part.map(|part| self.curve(part, points)).transpose()?,
            share: share.0,
            confidence: confidence.map(|c| c.0),
            alternatives: alternatives
                .into_iter()
                .map(|(species, posterior)| Alternative { species, posterior: posterior.0 })
                .collect(),
            uncertainty: uncertainty
                .map(|StoredUncertainty { band, share: (low, high) }| {
                    let band = self.curve(band, points)?;
                    Ok::<_, FileError>(Uncertainty { band, share: (low.0, high.0) })
                })
                .transpose()?,
            unlisted: unlisted.map(|StoredUnlisted { probability, peaks_cm1, nearest }| Unlisted {
                probability: probability.0,
                peaks_cm1: peaks_cm1.into_iter().map(|p| p.0).collect(),
                nearest,
            }),
        })
    }

    fn weight(&self, stored: StoredWeight) -> EntryWeight {
        let StoredWeight { id, name, weight } = stored;
        let id = self.library.map_or(Some(id), |library| take::entry(library, id, &name)).unwrap_or(GONE);
        EntryWeight { id, name, weight: weight.0 }
    }

    /// A curve over the axis of the mixture, or none.
    fn curve(&mut self, number: u64, points: usize) -> Result<Vec<f32>, FileError> {
        let curve = self.runs.curve(number)?;
        if curve.len() == points || curve.is_empty() {
            return Ok(curve);
        }
        let problem = format!("curve {number} has {} points, its axis {points}", curve.len());
        Err(self.runs.blocks.malformed(self.runs.place(number), problem))
    }
}

pub(super) fn row(stored: StoredRow) -> BatchRow {
    let StoredRow { subject, of, method, shares, residual_over_noise, elapsed_ms, error } = stored;
    let share = |(name, share, confidence): (String, Exact, Option<Exact>)| BatchShare {
        name,
        share: share.0,
        confidence: confidence.map(|c| c.0),
    };
    BatchRow {
        subject,
        of,
        method,
        shares: shares.into_iter().map(share).collect(),
        residual_over_noise: residual_over_noise.map(|r| r.0),
        elapsed_ms: elapsed_ms.0,
        error,
    }
}
