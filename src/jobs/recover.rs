//! A Raman spectrum recovered from a CARS spectrum by several methods, each named by the library.

use std::sync::Arc;

use crate::library::{Index, Library, SearchOptions, Window};
use crate::methods::recovery::{CarsRequest, Recovered, Recovery, find_recovery, recover};
use crate::methods::{MethodError, Settings, Watch, overlay};
use crate::spectrum::resample::on_axis;
use crate::spectrum::{AxisKind, Spectrum};

use super::{Failure, Handle, Indexes, Jobs, Lane, Ticket};

/// Library hits that are told.
const HITS: usize = 3;

/// One question to several recovery methods.
#[derive(Debug, Clone)]
pub struct RecoverJob {
    /// The CARS spectrum.
    pub spectrum: Arc<Spectrum>,
    /// Ids of the methods with the settings that differ from their defaults.
    pub methods: Vec<(String, Settings)>,
    /// Where the recovered spectra are looked for.
    pub library: Arc<Library>,
    /// Indexes of earlier searches.
    pub indexes: Arc<Indexes>,
}

/// One method has finished.
#[derive(Debug, Clone)]
pub struct RecoverDone {
    /// Its id.
    pub method: String,
    /// Its answer, or why there is none.
    pub result: Result<Arc<Named>, Failure>,
}

/// A recovered spectrum and what the library says to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The answer.
    pub recovered: Recovered,
    /// Substances it is most like, best first.
    pub hits: Vec<NamedHit>,
    /// Why the library was not asked.
    pub trouble: Option<String>,
}

/// A substance that a recovered spectrum is like.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedHit {
    /// Name of the best specimen.
    pub name: String,
    /// Its name.
    pub species: String,
    /// Likeness, 1 at most.
    pub score: f64,
    /// Share of the shorter of both ranges that was compared.
    pub overlap: f64,
    /// Its stored spectrum, scaled to lie over the recovered one.
    pub curve: Vec<f32>,
}

impl Jobs {
    /// Runs recovery methods on one spectrum, one after the other.
    pub fn recover(&self, job: RecoverJob) -> Handle<RecoverDone, ()> {
        let title = format!("Recovering {}", job.spectrum.meta.display_name());
        self.submit(title, Lane::Quick, move |ticket| {
            let count = job.methods.len().max(1) as f32;
            for (place, (method, settings)) in job.methods.iter().enumerate() {
                ticket.go_on()?;
                let eye = Eye { ticket, before: place as f32 / count, share: 1.0 / count };
                let result = find_recovery(method)
                    .and_then(|method| answer(method, &job.spectrum, settings, &eye))
                    .map(|recovered| Arc::new(named(recovered, &job, ticket)));
                if ticket.cancelled() {
                    return Err(Failure::Cancelled);
                }
                ticket.give(RecoverDone { method: method.clone(), result: result.map_err(Failure::from) })?;
            }
            Ok(())
        })
    }
}

fn answer(
    method: &dyn Recovery,
    spectrum: &Spectrum,
    settings: &Settings,
    eye: &Eye,
) -> Result<Recovered, MethodError> {
    recover(method, &CarsRequest::new(spectrum).with_settings(settings.clone()), eye)
}

/// Asks the library where the ends of the window disturb nothing.
fn named(recovered: Recovered, job: &RecoverJob, ticket: &Ticket<RecoverDone>) -> Named {
    match hits(&recovered, job, ticket) {
        Ok(hits) => Named { recovered, hits, trouble: None },
        Err(why) => Named { recovered, hits: Vec::new(), trouble: Some(why) },
    }
}

fn hits(
    recovered: &Recovered,
    job: &RecoverJob,
    ticket: &Ticket<RecoverDone>,
) -> Result<Vec<NamedHit>, String> {
    if recovered.axis().kind() != &AxisKind::RamanShift {
        return Err("The axis is no Raman shift, so that no library can be asked".to_owned());
    }
    ticket.progress(None, format!("searching {}", job.library.name));
    let index = job.indexes.get(&job.library, |library| ticket.wide(|| Index::new(library)));
    let index = index.map_err(|e| e.to_string())?;
    let spectrum = recovered.raman_spectrum().map_err(|e| e.to_string())?;
    let (low_cm1, high_cm1) = recovered.inner;
    let windows = vec![Window { low_cm1, high_cm1, weight: 1.0 }];
    let options = SearchOptions { windows, max_hits: HITS, ..SearchOptions::default() };
    let ranking = ticket.wide(|| index.search(&spectrum, &options)).map_err(|e| e.to_string())?;
    let hit = |hit: &crate::library::Hit| {
        let stored = job.library.get(hit.entry).map(|entry| {
            let curve = on_axis(entry.spectrum.axis(), entry.spectrum.y(), recovered.axis());
            overlay(&recovered.raman, &curve)
        });
        NamedHit {
            name: hit.name.to_string(),
            species: hit.species.to_string(),
            score: hit.score,
            overlap: hit.overlap,
            curve: stored.unwrap_or_default(),
        }
    };
    Ok(ranking.hits.iter().map(hit).collect())
}

/// A method's watcher that talks to the job.
struct Eye<'a> {
    ticket: &'a Ticket<RecoverDone>,
    before: f32,
    share: f32,
}

impl Watch for Eye<'_> {
    fn progress(&self, done: f32, what: &str) {
        self.ticket.progress(Some(self.before + self.share * done.clamp(0.0, 1.0)), what);
    }

    fn cancelled(&self) -> bool {
        self.ticket.cancelled()
    }
}
