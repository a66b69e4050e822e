//! What runs in the background for the document, and what it found. Jobs know nothing of the session; here their results
//! become changes of it.

mod cars;
mod compare;
mod device;
mod export;
mod files;
mod findings;
mod keep;
mod load;
mod many;
mod maps;
mod naming;
mod own;
mod search;
mod train;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;

use crate::jobs::{Indexes, JobId, JobView, Jobs, Paces};
use crate::methods::ReferenceCache;
use crate::session::{BatchId, ComparisonId};

pub use cars::{
    Answers as CarsAnswers, Ask as CarsAsk, Cars, DarkAsk as CarsDark, OfMethod as CarsMethod,
    State as CarsState,
};
pub use compare::Running;
pub use export::Exports;
pub use files::Choice;
pub use findings::{Finding, Found, findings, pure};
pub use keep::{Folders, Keep, is_session_path};
pub use maps::{BandImage, ImageKey, Maps};
pub use search::{SearchState, Searched};
pub use train::{Ended, Now, TrainOrder, Training};

/// Jobs shorter than this are not worth a line in the status bar: it would only flicker.
const WORTH_SHOWING: Duration = Duration::from_millis(200);

/// Everything that runs and what it found.
pub struct Work {
    /// What methods run on.
    pub device: device::Device,
    /// Jobs for the status bar.
    pub listed: Vec<JobView>,
    /// The last search of the library.
    pub search: SearchState,
    /// Exports under way and the places they go to.
    pub exports: Exports,
    /// Images of the map that is looked at.
    pub maps: Maps,
    /// Raman spectra recovered from CARS.
    pub cars: Cars,
    /// Models of the user's own.
    pub train: Training,
    pub(super) loads: Vec<load::Load>,
    pub(super) libraries: Vec<load::LibraryLoad>,
    pub(super) running: BTreeMap<ComparisonId, compare::One>,
    pub(super) many: BTreeMap<BatchId, many::Many>,
    pub(super) files: files::Files,
    pub(super) findings: findings::Findings,
    /// Sessions, autosaves, the user's own library on disk.
    pub keep: Keep,
    pub(super) cache: Arc<ReferenceCache>,
    pub(super) indexes: Arc<Indexes>,
    pub(super) paces: Arc<Paces>,
    /// When jobs were first seen.
    seen: BTreeMap<JobId, Instant>,
}

impl Work {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self {
            device: device::Device::new(),
            listed: Vec::new(),
            search: SearchState::default(),
            exports: Exports::default(),
            maps: Maps::default(),
            cars: Cars::default(),
            train: Training::default(),
            loads: Vec::new(),
            libraries: Vec::new(),
            running: BTreeMap::new(),
            many: BTreeMap::new(),
            files: files::Files::default(),
            findings: findings::Findings::default(),
            keep: Keep::default(),
            cache: Arc::default(),
            indexes: Arc::default(),
            paces: Arc::default(),
            seen: BTreeMap::new(),
        }
    }

    /// Notes which jobs run, for the status bar.
    pub fn list(&mut self, jobs: &Jobs, ctx: &egui::Context) {
        let now = Instant::now();
        let all = jobs.list();
        self.seen.retain(|id, _| all.iter().any(|job| job.id == *id));
        for job in &all {
            self.seen.entry(job.id).or_insert(now);
        }
        let young = self.seen.values().filter(|since| now - **since < WORTH_SHOWING).count();
        self.listed = all.into_iter().filter(|job| now - self.seen[&job.id] >= WORTH_SHOWING).collect();
        if young > 0 {
            ctx.request_repaint_after(WORTH_SHOWING);
        }
    }

    /// Stops everything that was for a document that is left; files on their way to the disk arrive, and a training, whose
    /// spectra are its own, goes on.
    pub fn forget(&mut self) {
        self.loads.clear();
        self.libraries.clear();
        self.running.clear();
        self.many.clear();
        self.maps = Maps::default();
        self.cars = Cars::default();
        self.search = SearchState::default();
    }

    /// Whether anything is running.
    pub fn busy(&self) -> bool {
        !self.seen.is_empty()
    }
}
