//! Mixture models: the one that is trained, those that are there, those that were interrupted.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::app::screen::Tab;
use crate::jobs::{
    Failure, Handle, JobId, MODELS, ModelShelf, NewModel, PureSpectrum, TrainCourse, TrainJob, TrainStart,
    Watched,
};
use crate::methods::{Method as _, Trained};
use crate::nets::Version;
use crate::session::Subject;

/// What the user wants trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOrder {
    /// Name of the model.
    pub name: String,
    /// Which of the two networks.
    pub version: Version,
    /// Minutes it may take.
    pub minutes: f64,
    /// Mixtures; what suits the substances where nobody says.
    pub samples: Option<u64>,
    /// Seed.
    pub seed: u64,
    /// Spectra with the names of their substances.
    pub pures: Vec<(Subject, String)>,
}

/// Everything about the user's own models.
#[derive(Default)]
pub struct Training {
    running: Option<Running>,
    /// The last training that ended in this window.
    pub ended: Option<Ended>,
    /// What lies in the folder.
    pub shelf: ModelShelf,
    /// Whether there is a folder to keep models in.
    pub kept: bool,
    looking: Option<Handle<Infallible, ModelShelf>>,
    /// The folder was read once: what is unfinished was told.
    looked: bool,
}

struct Running {
    name: String,
    handle: Handle<Infallible, &'static Trained>,
    course: Watched,
}

/// A training that runs, as it is now.
pub struct Now<'a> {
    /// Name of the model.
    pub name: &'a str,
    /// To stop it.
    pub job: JobId,
    /// How far it is.
    pub course: TrainCourse,
}

/// A training that ended.
pub struct Ended {
    /// Name of the model.
    pub name: String,
    /// Its course.
    pub course: TrainCourse,
    /// The model, or why there is none.
    pub result: Result<&'static Trained, Failure>,
}

impl Training {
    /// The training that runs.
    pub fn now(&self) -> Option<Now<'_>> {
        let running = self.running.as_ref()?;
        Some(Now { name: &running.name, job: running.handle.id(), course: running.course.now() })
    }

    /// Whether one runs.
    pub fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// Whether there is anything to show before something was asked for.
    pub fn something(&self) -> bool {
        self.runs()
            || self.ended.is_some()
            || !self.shelf.models.is_empty()
            || !self.shelf.unfinished.is_empty()
    }
}

impl App {
    /// Where models are kept; nowhere on a system that names no home.
    fn models_folder(&self) -> Option<PathBuf> {
        Some(self.work.keep.folders.as_ref()?.data.join(MODELS))
    }

    /// Looks what models there are, after this one was removed, if any.
    pub(in crate::app) fn look_for_models(&mut self, remove: Option<PathBuf>) {
        let Some(folder) = self.models_folder() else { return };
        self.work.train.kept = true;
        if let (Some(gone), Some(model)) =
            (&remove, self.work.train.shelf.models.iter().find(|m| Some(&m.folder) == remove.as_ref()))
        {
            model.forget();
            self.screen.methods.chosen.retain(|id| id != model.id());
            if self
                .work
                .train
                .ended
                .as_ref()
                .is_some_and(|e| e.result.as_ref().is_ok_and(|m| m.folder == *gone))
            {
                self.work.train.ended = None;
            }
        }
        self.work.train.looking = Some(self.jobs.models(folder, remove));
    }

    /// Trains a model of spectra of the list.
    pub(in crate::app) fn train_model(&mut self, order: &TrainOrder) {
        let document = self.session.document();
        let mut pures = Vec::with_capacity(order.pures.len());
        for (subject, substance) in &order.pures {
            let Some(item) = document.item(subject.item) else { continue };
            let Some(spectrum) = item.raw.spectrum(subject.row) else { continue };
            let (steps, substance) = (item.steps.clone(), substance.trim().to_owned());
            let references = step_references(document, &steps);
            pures.push(PureSpectrum { substance, spectrum, steps, references });
        }
        let TrainOrder { name, version, minutes, samples, seed, .. } = order.clone();
        let new = NewModel { name: name.clone(), version, pures, minutes, samples, seed };
        self.begin_training(name, TrainStart::New(Box::new(new)));
    }

    /// Takes an interrupted training up, or makes a model of what it reached.
    pub(in crate::app) fn go_on_training(&mut self, folder: &Path, as_it_is: bool) {
        let Some(one) = self.work.train.shelf.unfinished.iter().find(|u| u.folder == folder) else { return };
        let name = one.name.clone();
        let folder = folder.to_path_buf();
        let start = if as_it_is { TrainStart::AsItIs(folder) } else { TrainStart::GoOn(folder) };
        self.begin_training(name, start);
    }

    fn begin_training(&mut self, name: String, start: TrainStart) {
        let Some(models) = self.models_folder() else {
            self.notices.error("This system names no folder for your own data, so that no model can be kept");
            return;
        };
        if self.work.train.runs() {
            self.notices.warning(
                "One model is trained at a time: wait until the other is done, or cancel it",
                Vec::new(),
            );
            return;
        }
        self.screen.tab = Tab::Train;
        let folder = start.folder(&models);
        self.work.train.shelf.unfinished.retain(|u| u.folder != folder);
        let course = Watched::default();
        let job = TrainJob { models, start, course: course.clone() };
        let handle = self.jobs.train(format!("Training {name}"), job);
        self.work.train.ended = None;
        self.work.train.running = Some(Running { name, handle, course });
    }

    /// Takes in what training and looking have found.
    pub(in crate::app) fn take_training(&mut self) {
        if let Some(end) = self.work.train.looking.as_mut().and_then(Handle::ended) {
            self.work.train.looking = None;
            match end {
                Ok(shelf) => self.shelved(shelf),
                Err(failure) => {
                    self.notices.error(failure.to_string());
                    self.look_for_models(None);
                }
            }
        }
        let Some(end) = self.work.train.running.as_mut().and_then(|running| running.handle.ended()) else {
            return;
        };
        let Some(Running { name, course, .. }) = self.work.train.running.take() else { return };
        match &end {
            Ok(model) => {
                self.notices.good(format!("{name} is trained; it is among the methods now"));
                let id = model.id().to_owned();
                if !self.screen.methods.chosen.contains(&id) {
                    self.screen.methods.chosen.push(id);
                }
                // At once: the folder is read only afterwards.
                self.work.train.shelf.models.push(*model);
            }
            Err(Failure::Cancelled) => {}
            Err(failure) => self.notices.error(format!("{name} was not trained: {failure}")),
        }
        self.work.train.ended = Some(Ended { name, course: course.now(), result: end });
        self.look_for_models(None);
    }

    fn shelved(&mut self, shelf: ModelShelf) {
        for trouble in &shelf.troubles {
            self.notices.warning(format!("A trained model cannot be used: {trouble}"), Vec::new());
        }
        let first = !std::mem::replace(&mut self.work.train.looked, true);
        if let (true, [one, ..]) = (first, shelf.unfinished.as_slice()) {
            self.notices.warning(
                format!(
                    "The training of {} was interrupted after {} of {} mixtures: Analyse, Train a mixture model goes on with it",
                    one.name, one.samples, one.all
                ),
                Vec::new(),
            );
        }
        self.work.train.shelf = shelf;
    }
}
