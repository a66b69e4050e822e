//! A Raman spectrum recovered from a CARS spectrum by several methods, each named by the library.

use std::sync::Arc;

use crate::library::{Index, Library};
use crate::methods::recovery::{Alike, CarsRequest, Dark, Recovered, alike, find_recovery, recover};
use crate::methods::{Settings, Watch, overlay};
use crate::spectrum::Spectrum;
use crate::spectrum::resample::on_axis;

use super::{Failure, Handle, Indexes, Jobs, Lane, Ticket};

/// Library hits that are told.
const HITS: usize = 3;

/// One question to several recovery methods.
#[derive(Debug, Clone)]
pub struct RecoverJob {
    /// The CARS spectrum.
    pub spectrum: Arc<Spectrum>,
    /// A non-resonant reference measured with the same light.
    pub reference: Option<Arc<Spectrum>>,
    /// What the detector shows without light.
    pub dark: Dark,
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
    pub hits: Vec<Alike>,
    /// The stored spectrum of the first, scaled to lie over the recovered one; empty where there is none.
    pub overlay: Vec<f32>,
    /// Why the library was not asked.
    pub trouble: Option<String>,
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
                let request = CarsRequest {
                    reference: job.reference.as_deref(),
                    dark: job.dark.clone(),
                    ..CarsRequest::new(&job.spectrum).with_settings(settings.clone())
                };
                let result = find_recovery(method)
                    .and_then(|method| recover(method, &request, &eye))
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

/// Asks the library.
fn named(recovered: Recovered, job: &RecoverJob, ticket: &Ticket<RecoverDone>) -> Named {
    match hits(&recovered, job, ticket) {
        Ok(hits) => {
            let overlay = hits.first().and_then(|hit| job.library.get(hit.entry)).map(|entry| {
                let stored = &entry.spectrum;
                overlay(&recovered.raman, &on_axis(stored.axis(), stored.y(), recovered.axis()))
            });
            Named { recovered, hits, overlay: overlay.unwrap_or_default(), trouble: None }
        }
        Err(why) => Named { recovered, hits: Vec::new(), overlay: Vec::new(), trouble: Some(why) },
    }
}

fn hits(recovered: &Recovered, job: &RecoverJob, ticket: &Ticket<RecoverDone>) -> Result<Vec<Alike>, String> {
    ticket.progress(None, format!("searching {}", job.library.name));
    let index = job.indexes.get(&job.library, |library| ticket.wide(|| Index::new(library)));
    let index = index.map_err(|e| e.to_string())?;
    ticket.wide(|| alike(recovered, &index, HITS))
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
