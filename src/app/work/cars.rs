//! Raman spectra recovered from CARS spectra: what was asked and what came of it. Kept beside the document, as searches
//! are: an answer is made again in no time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::export::Recoveries;
use crate::app::screen::Tab;
use crate::jobs::{Handle, JobId, Named, RecoverDone, RecoverJob};
use crate::methods::Settings;
use crate::methods::recovery::recoveries;
use crate::session::{Command, Data, NewItem, Source, Subject, Version};

/// All recoveries of this session, and those that run.
#[derive(Default)]
pub struct Cars {
    running: BTreeMap<Subject, Handle<RecoverDone, ()>>,
    answers: BTreeMap<Subject, Answers>,
    numbers: u64,
}

/// What the methods say to one spectrum.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The preparation that the spectrum had.
    pub version: Version,
    /// One a method, in the order asked.
    pub methods: Vec<OfMethod>,
    /// No other question has this number.
    pub number: u64,
}

/// What one method says.
#[derive(Debug, Clone)]
pub struct OfMethod {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its answer.
    pub answer: State,
}

/// How far a method is.
#[derive(Debug, Clone)]
pub enum State {
    /// At work.
    Open,
    /// Done.
    Done(Arc<Named>),
    /// Why there is no answer.
    Failed(String),
}

impl Cars {
    /// What is known of a spectrum.
    pub fn of(&self, subject: Subject) -> Option<&Answers> {
        self.answers.get(&subject)
    }

    /// The job that works on a spectrum, to stop it.
    pub fn job(&self, subject: Subject) -> Option<JobId> {
        self.running.get(&subject).map(Handle::id)
    }
}

impl App {
    /// Runs these recovery methods on a spectrum, all of them where none are named, and shows what comes.
    pub(in crate::app) fn recover_cars(&mut self, subject: Subject, wanted: &[String]) {
        let document = self.session.document();
        let (Some(spectrum), Some(version)) =
            (self.derived.spectrum(document, subject), self.derived.version(subject))
        else {
            self.notices.error("The spectrum is still being prepared; try again in a moment");
            return;
        };
        let Some(library) = document.chosen_library().map(|open| Arc::clone(&open.library)) else { return };
        self.screen.tab = Tab::Cars;
        let chosen: Vec<_> = recoveries()
            .iter()
            .filter(|method| wanted.is_empty() || wanted.iter().any(|id| id == method.id()))
            .collect();
        let methods = chosen.iter().map(|method| (method.id().to_owned(), Settings::default())).collect();
        let handle = self.jobs.recover(RecoverJob {
            spectrum,
            methods,
            library,
            indexes: Arc::clone(&self.work.indexes),
        });
        let open =
            |id: &str, name: &str| OfMethod { id: id.to_owned(), name: name.to_owned(), answer: State::Open };
        let cars = &mut self.work.cars;
        cars.numbers += 1;
        let methods = chosen.iter().map(|method| open(method.id(), method.name())).collect();
        cars.answers.insert(subject, Answers { version, methods, number: cars.numbers });
        cars.running.insert(subject, handle);
    }

    /// What is known of the active spectrum, for an export; nothing while no method has answered.
    pub(in crate::app) fn recoveries(&self) -> Option<Recoveries> {
        let subject = self.session.active()?;
        let document = self.session.document();
        let item = document.item(subject.item)?;
        let answer = |method: &OfMethod| match &method.answer {
            State::Open => None,
            State::Done(named) => Some((method.id.clone(), Ok(Arc::clone(named)))),
            State::Failed(why) => Some((method.id.clone(), Err(why.clone()))),
        };
        let answers: Vec<_> = self.work.cars.of(subject)?.methods.iter().filter_map(answer).collect();
        let path = item.source.path.clone();
        let number = subject.row.map_or(item.source.number, |row| row + 1);
        let title = document.subject_name(subject);
        (!answers.is_empty()).then_some(Recoveries { path, number, title, answers })
    }

    /// The recovered spectra of the active spectrum become spectra of the list, to go on with.
    pub(in crate::app) fn keep_recovered(&mut self) {
        let Some(recoveries) = self.recoveries() else { return };
        let mut items = Vec::new();
        for (_, answer) in &recoveries.answers {
            let Ok(named) = answer else { continue };
            let name = format!("{}, Raman by {}", recoveries.title, named.recovered.method_name);
            match named.recovered.raman_spectrum() {
                Ok(mut spectrum) => {
                    spectrum.meta.title = Some(name.clone());
                    items.push(NewItem {
                        name,
                        raw: Data::Curve(spectrum),
                        source: Source::default(),
                        warnings: Vec::new(),
                        group: String::new(),
                    });
                }
                Err(error) => self.notices.error(format!("{name} cannot be kept: {error}")),
            }
        }
        if items.is_empty() {
            return;
        }
        let count = items.len();
        self.end(&Command::Add(items));
        self.screen.tab = Tab::Spectra;
        self.notices.good(format!("{count} recovered spectra are in the list"));
    }

    /// Takes recovered spectra in as they come.
    pub(in crate::app) fn take_cars(&mut self) {
        let document = Arc::clone(self.session.document());
        let Cars { running, answers, .. } = &mut self.work.cars;
        answers.retain(|subject, _| document.item(subject.item).is_some());
        let mut troubles = Vec::new();
        running.retain(|subject, handle| {
            let Some(of) = answers.get_mut(subject) else { return false };
            for done in handle.take() {
                if let Some(method) = of.methods.iter_mut().find(|method| method.id == done.method) {
                    method.answer = match done.result {
                        Ok(named) => State::Done(named),
                        Err(failure) => State::Failed(failure.to_string()),
                    };
                }
            }
            let Some(end) = handle.ended() else { return true };
            if let Err(failure) = end {
                let why = failure.to_string();
                for method in of.methods.iter_mut().filter(|m| matches!(m.answer, State::Open)) {
                    method.answer = State::Failed(why.clone());
                }
                troubles.push(failure);
            }
            false
        });
        for failure in troubles {
            if failure != crate::jobs::Failure::Cancelled {
                self.notices.error(failure.to_string());
            }
        }
    }
}
