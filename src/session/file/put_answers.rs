//! Answers to their form in the index. Every field is named, so that a new one cannot be forgotten here.

use super::super::{Answer, BatchRow, BatchShare};
use super::exact::Exact;
use super::pools::Pools;
use super::stored_answers::{
    StoredAnswer, StoredComponent, StoredOutcome, StoredRow, StoredUncertainty, StoredUnlisted, StoredWeight,
};
use crate::methods::{
    Alternative, CarsPair, Component, Concentration, Diagnostic, EntryWeight, Outcome, Uncertainty,
    Unexplained, UnexplainedPeak, Unlisted,
};

pub(super) fn answer<'a>(answer: &'a Answer, pools: &mut Pools<'a>) -> StoredAnswer {
    match answer {
        Answer::Done(done) => StoredAnswer::Done(Box::new(outcome(done, pools))),
        Answer::Failed(why) => StoredAnswer::Failed(why.clone()),
    }
}

fn outcome<'a>(outcome: &'a Outcome, pools: &mut Pools<'a>) -> StoredOutcome {
    let Outcome {
        method,
        method_name,
        settings,
        asked,
        library,
        mixture,
        components,
        concentrations,
        cars,
        reconstruction,
        background,
        residual,
        unexplained,
        diagnostics,
        notes,
        elapsed_ms,
        device,
    } = outcome;
    let Unexplained { noise, ratio, peaks } = unexplained;
    let peak = |p: &UnexplainedPeak| {
        let UnexplainedPeak { position_cm1, height, significance } = *p;
        (Exact(position_cm1), Exact(height), Exact(significance))
    };
    StoredOutcome {
        method: method.clone(),
        method_name: method_name.clone(),
        settings: settings.clone(),
        asked: *asked,
        library: library.clone(),
        axis: pools.axis(mixture.axis()),
        mixture: pools.curve(mixture.y()),
        meta: mixture.meta.clone(),
        components: components.iter().map(|c| component(c, pools)).collect(),
        concentrations: concentrations
            .iter()
            .map(|Concentration { label, value, unit }| (label.clone(), Exact(*value), unit.clone()))
            .collect(),
        cars: cars
            .as_ref()
            .map(|CarsPair { recovered, background }| (pools.curve(recovered), pools.curve(background))),
        reconstruction: pools.curve(reconstruction),
        background: pools.curve(background),
        residual: pools.curve(residual),
        noise: Exact(*noise),
        ratio: Exact(*ratio),
        peaks: peaks.iter().map(peak).collect(),
        diagnostics: diagnostics
            .iter()
            .map(|Diagnostic { name, value, unit }| (name.clone(), Exact(*value), unit.clone()))
            .collect(),
        notes: notes.clone(),
        elapsed_ms: Exact(*elapsed_ms),
        device: device.clone(),
    }
}

fn component<'a>(component: &'a Component, pools: &mut Pools<'a>) -> StoredComponent {
    let Component {
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
    } = component;
    let weight = |w: &EntryWeight| {
        let EntryWeight { id, name, weight } = w;
        StoredWeight { id: *id, name: name.clone(), weight: Exact(*weight) }
    };
    StoredComponent {
        name: name.clone(),
        species: species.clone(),
        entries: entries.iter().map(weight).collect(),
        spectrum: pools.curve(spectrum),
        library_part: library_part.as_ref().map(|part| pools.curve(part)),
        share: Exact(*share),
        confidence: confidence.map(Exact),
        alternatives: alternatives
            .iter()
            .map(|Alternative { species, posterior }| (species.clone(), Exact(*posterior)))
            .collect(),
        uncertainty: uncertainty.as_ref().map(|Uncertainty { band, share }| StoredUncertainty {
            band: pools.curve(band),
            share: (Exact(share.0), Exact(share.1)),
        }),
        unlisted: unlisted.as_ref().map(|Unlisted { probability, peaks_cm1, nearest }| StoredUnlisted {
            probability: Exact(*probability),
            peaks_cm1: peaks_cm1.iter().copied().map(Exact).collect(),
            nearest: nearest.clone(),
        }),
    }
}

pub(super) fn row(row: &BatchRow) -> StoredRow {
    let BatchRow { subject, of, method, shares, residual_over_noise, elapsed_ms, error } = row;
    let share = |s: &BatchShare| {
        let BatchShare { name, share, confidence } = s;
        (name.clone(), Exact(*share), confidence.map(Exact))
    };
    StoredRow {
        subject: *subject,
        of: *of,
        method: method.clone(),
        shares: shares.iter().map(share).collect(),
        residual_over_noise: residual_over_noise.map(Exact),
        elapsed_ms: Exact(*elapsed_ms),
        error: error.clone(),
    }
}
