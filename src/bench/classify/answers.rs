//! What methods and networks say about mixtures, in the order of a set's substances.

use std::time::Instant;

use super::score::Answer;
use crate::bench::BenchError;
use crate::bench::mixtures::libraries::Steps;
use crate::bench::names::same_species;
use crate::bench::runner::Chosen;
use crate::library::Library;
use crate::methods::{Classifier, Components, Outcome, References, Request, Unwatched, Verdict, prepare};
use crate::spectrum::Spectrum;

/// Answers to all mixtures, and the mean time of one in ms.
pub struct Asked {
    pub answers: Vec<Option<Answer>>,
    pub ms: f64,
}

/// Asks a network; its verdicts as well.
pub fn network(
    classifier: &Classifier,
    names: &[String],
    mixtures: &[Spectrum],
) -> Result<(Asked, Vec<Option<Verdict>>), BenchError> {
    let wrong = |e: crate::methods::MethodError| BenchError::Method {
        method: "ramixnet".into(),
        problem: e.to_string(),
    };
    let prepared: Vec<Spectrum> = mixtures
        .iter()
        .map(|m| prepare(m, None, None).map(|(s, _)| s).map_err(wrong))
        .collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let verdicts = classifier.judge(&prepared.iter().collect::<Vec<_>>(), &Unwatched).map_err(wrong)?;
    let ms = 1e3 * begun.elapsed().as_secs_f64() / mixtures.len().max(1) as f64;
    let verdicts: Vec<Option<Verdict>> = verdicts.into_iter().map(Result::ok).collect();
    let answer = |verdict: &Verdict| {
        let of = |name: &String| verdict.substances.iter().find(|f| same_species(&f.name, name));
        let present = names.iter().map(|name| of(name).is_some_and(|f| f.present)).collect();
        let doses = verdict.substances.iter().any(|f| f.raw_dosage.is_some());
        let amount = |name: &String| of(name).and_then(|f| f.amount_share).unwrap_or(0.0);
        Answer { present, amounts: doses.then(|| names.iter().map(amount).collect()) }
    };
    let answers = verdicts.iter().map(|v| v.as_ref().map(answer)).collect();
    Ok((Asked { answers, ms }, verdicts))
}

/// Asks a method that compares with the pure spectra, which were processed by the same steps.
pub fn method(
    chosen: &Chosen,
    library: &Library,
    names: &[String],
    mixtures: &[Spectrum],
    components: Components,
    steps: &Steps,
) -> Result<Asked, BenchError> {
    let wrong = |problem: String| BenchError::Method { method: chosen.name.clone(), problem };
    let covered = References::covered(library);
    let ready = mixtures
        .iter()
        .map(|m| {
            let flat = steps.run(m).map_err(wrong)?;
            prepare(&flat, None, covered).map(|(s, _)| s).map_err(|e| wrong(e.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut answers = Vec::with_capacity(ready.len());
    let mut references: Option<References> = None;
    let mut seconds = 0.0;
    for mixture in &ready {
        let fits = references.as_ref().is_some_and(|r| r.axis() == mixture.axis());
        if !fits {
            references = Some(References::new(library, mixture.axis()).map_err(|e| wrong(e.to_string()))?);
        }
        let request = Request::new(mixture, references.as_ref())
            .with_components(components)
            .with_settings(chosen.settings.clone());
        let begun = Instant::now();
        let outcome = chosen.method.run(&request, &Unwatched);
        seconds += begun.elapsed().as_secs_f64();
        answers.push(outcome.ok().map(|outcome| answer(&outcome, names)));
    }
    Ok(Asked { answers, ms: 1e3 * seconds / ready.len().max(1) as f64 })
}

fn answer(outcome: &Outcome, names: &[String]) -> Answer {
    let of = |name: &String| {
        let named =
            |c: &&crate::methods::Component| c.species.as_ref().is_some_and(|s| same_species(s, name));
        outcome.components.iter().find(named)
    };
    let amount = |name: &String| of(name).map_or(0.0, |c| c.entries.iter().map(|e| e.weight).sum::<f64>());
    Answer {
        present: names.iter().map(|name| of(name).is_some()).collect(),
        amounts: Some(names.iter().map(amount).collect()),
    }
}
