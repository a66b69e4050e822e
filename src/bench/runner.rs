//! One method over many mixtures: methods by name with settings, honest times, estimates out of outcomes.

use std::time::Instant;

use rayon::prelude::*;

use super::BenchError;
use super::score::Estimate;
use crate::methods::{
    Components, Method, MethodError, ModelUsed, Outcome, References, Request, Settings, Unwatched, find,
};
use crate::spectrum::Spectrum;

/// A method with its settings, as named on the command line: `nnomp` or `nnomp:metric=plain:lambda=0.1`.
#[derive(Clone)]
pub struct Chosen {
    /// The text it was named by.
    pub name: String,
    /// The method.
    pub method: &'static dyn Method,
    /// Settings that differ from the defaults.
    pub settings: Settings,
    /// The trained network it runs.
    pub model: Option<ModelUsed>,
}

impl Chosen {
    /// Reads one name with its settings.
    pub fn parse(text: &str) -> Result<Self, BenchError> {
        let mut parts = text.trim().split(':');
        let refused = |error: MethodError| BenchError::Asked(format!("--methods {text}: {error}"));
        let method = find(parts.next().unwrap_or_default()).map_err(refused)?;
        let mut settings = Settings::default();
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| {
                BenchError::Asked(format!("--methods {text}: expected name=value, found '{part}'"))
            })?;
            settings = settings.with_text(method.info(), name, value).map_err(refused)?;
        }
        Self::new(text.trim().to_owned(), method, settings).map_err(refused)
    }

    /// A method with settings under a name of its own.
    pub fn new(name: String, method: &'static dyn Method, settings: Settings) -> Result<Self, MethodError> {
        let model = method.model(&settings)?;
        Ok(Self { name, method, settings, model })
    }

    /// Reads all names; every usual method when there are none.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>, BenchError> {
        if texts.is_empty() {
            let usual = crate::methods::methods().iter().filter(|m| m.usual());
            return usual.map(|m| Self::parse(m.id())).collect();
        }
        texts.iter().map(|text| Self::parse(text)).collect()
    }
}

/// What one method said about one mixture.
pub type Said = Result<Outcome, MethodError>;

/// The answers of one method, with the time they took.
#[derive(Debug)]
pub struct Answers<T> {
    /// One a mixture, in order.
    pub each: Vec<T>,
    /// Mean time of one spectrum in ms, preparation excluded.
    pub ms: f64,
    /// What the first spectrum took longer than the others: tables made once a library and axis.
    pub preparation_ms: f64,
    /// Mixtures the method refused.
    pub failed: usize,
    /// Why it refused the first of them.
    pub error: Option<String>,
}

/// Runs one method over all mixtures and keeps of each outcome what `take` makes of it. Mixtures run side by side only
/// as far as the current thread pool allows; the answers stand in the order of the mixtures.
pub fn run<T: Send>(
    chosen: &Chosen,
    references: &References,
    mixtures: &[(Spectrum, Components)],
    take: &(dyn Fn(usize, Option<&Outcome>) -> T + Sync),
    done: &(dyn Fn(usize) + Sync),
) -> Answers<T> {
    let one = |mixture: &Spectrum, components: Components| -> (Said, f64) {
        let request = Request::new(mixture, Some(references))
            .with_components(components)
            .with_settings(chosen.settings.clone());
        let start = Instant::now();
        let said = chosen.method.run(&request, &Unwatched);
        (said, 1e3 * start.elapsed().as_secs_f64())
    };
    // The first call makes what is kept for the library and axis; its answer is thrown away.
    let warm_ms = mixtures.first().map_or(0.0, |(mixture, components)| one(mixture, *components).1);
    let answers: Vec<(T, f64, Option<String>)> = mixtures
        .par_iter()
        .enumerate()
        .map(|(k, (mixture, components))| {
            let (said, ms) = one(mixture, *components);
            done(k);
            match said {
                Ok(outcome) => (take(k, Some(&outcome)), ms, None),
                Err(error) => (take(k, None), ms, Some(error.to_string())),
            }
        })
        .collect();
    let ms = answers.iter().map(|a| a.1).sum::<f64>() / answers.len().max(1) as f64;
    let failed = answers.iter().filter(|a| a.2.is_some()).count();
    let error = answers.iter().find_map(|a| a.2.clone());
    let each = answers.into_iter().map(|a| a.0).collect();
    Answers { each, ms, preparation_ms: (warm_ms - ms).max(0.0), failed, error }
}

/// Runs `work` in a pool of its own, so that a method cannot borrow cores that the time does not count.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, BenchError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build();
    let pool = pool.map_err(|e| BenchError::Asked(format!("--threads {threads}: {e}")))?;
    Ok(pool.install(work))
}

/// The components of an outcome as they are scored; of none when the method refused. A method that compares with a library
/// is scored by what its library entries explain, one that needs none and every network by its own curves.
pub fn estimates(method: &dyn Method, outcome: Option<&Outcome>) -> Vec<Estimate> {
    let components = outcome.map(|o| o.components.as_slice()).unwrap_or_default();
    let own = method.info().network || !method.info().needs_library;
    let estimate = |c: &crate::methods::Component| Estimate {
        species: c.species.clone().unwrap_or_default(),
        curve: c.library_part.clone().filter(|_| !own).unwrap_or_else(|| c.spectrum.clone()),
        soft: c.spectrum.clone(),
        share: c.share,
        confidence: c.confidence,
        uncertainty: c.uncertainty.clone(),
    };
    components.iter().map(estimate).collect()
}
