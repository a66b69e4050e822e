//! One training on a worker.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::course::Watched;
use super::place::{Place, Wanted, folder_name};
use crate::compute::cpu_name;
use crate::jobs::{Failure, Handle, Jobs, Lane, Ticket};
use crate::methods::Trained;
use crate::nets::Version;
use crate::process::{Pipeline, References};
use crate::spectrum::Spectrum;
use crate::train::ramixnet::{RamixPlan, Substances, train_ramixnet};
use crate::train::{Checkpoint, Crew, TrainError};

/// Least minutes of a training that is taken up.
const LEAST_MINUTES: f64 = 0.5;

/// A pure spectrum as measured, the name of its substance, and what is done to it first.
#[derive(Debug, Clone)]
pub struct PureSpectrum {
    /// The substance.
    pub substance: String,
    /// As measured.
    pub spectrum: Spectrum,
    /// Its own steps.
    pub steps: Pipeline,
    /// Spectra that those ask for by name.
    pub references: References,
}

/// A model to be trained.
#[derive(Debug, Clone)]
pub struct NewModel {
    /// Its name for people.
    pub name: String,
    /// Which of the two networks.
    pub version: Version,
    /// The spectra, those of one substance under one name.
    pub pures: Vec<PureSpectrum>,
    /// Minutes it may take.
    pub minutes: f64,
    /// Mixtures; what suits the substances where nobody says.
    pub samples: Option<u64>,
    /// Seed of weights, mixtures and dropout.
    pub seed: u64,
}

/// Where a training begins.
#[derive(Debug, Clone)]
pub enum TrainStart {
    /// From nothing.
    New(Box<NewModel>),
    /// From the last checkpoint in this folder.
    GoOn(PathBuf),
    /// The same, but it learns nothing more: what was reached becomes the model.
    AsItIs(PathBuf),
}

/// What is trained, and where.
#[derive(Debug, Clone)]
pub struct TrainJob {
    /// The folder of all models; each has a folder of its own inside.
    pub models: PathBuf,
    /// Where it begins.
    pub start: TrainStart,
    /// How far it is.
    pub course: Watched,
}

impl TrainStart {
    /// The folder of the model.
    pub fn folder(&self, models: &Path) -> PathBuf {
        match self {
            Self::New(new) => models.join(folder_name(&new.name)),
            Self::GoOn(folder) | Self::AsItIs(folder) => folder.clone(),
        }
    }
}

impl Jobs {
    /// Trains a model on the CPU, so that comparisons by networks keep a GPU to themselves. After a cancel the last
    /// checkpoint stays and the end is [`Failure::Cancelled`].
    pub fn train(&self, title: impl Into<String>, job: TrainJob) -> Handle<Infallible, &'static Trained> {
        self.submit(title, Lane::Patient, move |ticket| work(ticket, &job))
    }
}

fn work(ticket: &Ticket<Infallible>, job: &TrainJob) -> Result<&'static Trained, Failure> {
    let refused = |e: TrainError| Failure::Refused(e.to_string());
    ticket.progress(None, job.course.now().words());
    let place = Place(job.start.folder(&job.models));
    let (wanted, measured) = match &job.start {
        TrainStart::New(new) => (None, prepared(new, ticket)?),
        TrainStart::GoOn(_) | TrainStart::AsItIs(_) => (Some(place.wanted()?), place.measured()?),
    };
    let substances = Substances::new(&measured).map_err(refused)?;
    let mut wanted = match (wanted, &job.start) {
        (None, TrainStart::New(new)) => {
            let wanted = plan(new, &substances);
            place.make(&wanted, &measured)?;
            wanted
        }
        (Some(wanted), _) => wanted,
        (None, _) => return Err(Failure::Cancelled),
    };
    let _turn = place.hold()?;
    if let Some(checkpoint) = Checkpoint::newest(&place.0).map_err(refused)? {
        let course = &checkpoint.manifest.course;
        wanted.minutes = (wanted.minutes - course.seconds / 60.0).max(LEAST_MINUTES);
        if matches!(job.start, TrainStart::AsItIs(_)) {
            // Rates stay as planned: nothing is learned with them any more.
            wanted.plan.samples = course.samples.max(1);
        }
    }
    job.course.begin(wanted.plan.samples);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let crew = Crew::of_cpu(Device::flex(), threads).map_err(refused)?;
    let device = format!("{}, {threads} threads", cpu_name());
    let trained = train_ramixnet(
        &wanted.plan,
        &substances,
        Some(wanted.minutes),
        &place.0,
        (&crew, &device),
        "",
        &|| !ticket.cancelled(),
        &mut |told| {
            job.course.take(&told);
            let now = job.course.now();
            ticket.progress(now.fraction(), now.words());
        },
    );
    if trained.map_err(refused)?.is_none() {
        return Err(Failure::Cancelled);
    }
    place.tidy();
    Ok(Trained::adopt(&place.0)?)
}

/// Every spectrum after its own steps.
fn prepared(new: &NewModel, ticket: &Ticket<Infallible>) -> Result<Vec<(String, Spectrum)>, Failure> {
    let one = |pure: &PureSpectrum| {
        ticket.go_on()?;
        let spectrum = pure.steps.run(&pure.spectrum, &pure.references)?;
        Ok((pure.substance.clone(), spectrum))
    };
    new.pures.iter().map(one).collect()
}

fn plan(new: &NewModel, substances: &Substances) -> Wanted {
    let mut plan = RamixPlan::new(new.version, substances.names.clone(), new.seed);
    if let Some(samples) = new.samples {
        plan = plan.with_samples(samples);
    }
    new.name.trim().clone_into(&mut plan.name);
    Wanted { plan, minutes: new.minutes }
}
