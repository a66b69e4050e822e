//! Raman spectra recovered from CARS spectra: what was asked and what came of it. Kept beside the document, as searches
//! are: an answer is made again in no time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::screen::Tab;
use crate::jobs::{Handle, JobId, Named, RecoverDone, RecoverJob};
use crate::methods::Settings;
use crate::methods::recovery::{Dark, Recovery, recoveries};
use crate::session::{Command, Data, Document, ItemId, NewItem, Source, Subject, Version};
use crate::spectrum::Spectrum;

/// The setting by which a method fits on from its own answer.
const REFINE: &str = "refine";

/// All recoveries of this session, and those that run.
#[derive(Default)]
pub struct Cars {
    running: BTreeMap<Subject, Handle<RecoverDone, ()>>,
    answers: BTreeMap<Subject, Answers>,
    numbers: u64,
}

/// How a recovery is done. Kept from one spectrum to the next: a series is measured with the same light.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask {
    /// Ids of methods that are left out.
    pub without: Vec<String>,
    /// Whether methods that can fit on from their own answer.
    pub refine: bool,
    /// The non-resonant reference.
    pub reference: Option<ItemId>,
    /// What the detector shows without light.
    pub dark: DarkAsk,
}

/// Where the dark signal comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum DarkAsk {
    /// Nothing is taken off.
    #[default]
    None,
    /// The same everywhere.
    Constant(f64),
    /// A measured spectrum of the list.
    Item(ItemId),
}

impl Ask {
    /// The methods that are asked, in the order of menus.
    pub fn methods(&self) -> impl Iterator<Item = &'static dyn Recovery> {
        recoveries().iter().copied().filter(|method| self.without.iter().all(|id| id != method.id()))
    }

    /// Forgets spectra that are in the list no more.
    pub fn keep_to(&mut self, document: &Document) {
        let there = |id: &ItemId| document.item(*id).is_some();
        self.reference = self.reference.filter(there);
        if let DarkAsk::Item(id) = self.dark
            && !there(&id)
        {
            self.dark = DarkAsk::None;
        }
    }
}

/// What the methods say to one spectrum.
#[derive(Debug, Clone)]
pub struct Answers {
    /// How it was asked.
    pub ask: Ask,
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

impl OfMethod {
    /// Its answer, once it is there.
    pub fn done(&self) -> Option<&Arc<Named>> {
        match &self.answer {
            State::Done(named) => Some(named),
            State::Open | State::Failed(_) => None,
        }
    }
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

    /// Whether a method has answered about a spectrum.
    pub fn answered(&self, subject: Subject) -> bool {
        self.of(subject).is_some_and(|answers| answers.methods.iter().any(|method| method.done().is_some()))
    }

    /// The job that works on a spectrum, to stop it.
    pub fn job(&self, subject: Subject) -> Option<JobId> {
        self.running.get(&subject).map(Handle::id)
    }
}

impl App {
    /// Runs recovery methods on a spectrum as the panel says, and shows what comes.
    pub(in crate::app) fn recover_cars(&mut self, subject: Subject) {
        let document = self.session.document();
        let (Some(spectrum), Some(version)) =
            (self.derived.spectrum(document, subject), self.derived.version(subject))
        else {
            self.notices.error("The spectrum is still being prepared; try again in a moment");
            return;
        };
        let Some(library) = document.chosen_library().map(|open| Arc::clone(&open.library)) else { return };
        self.panels.cars.ask.keep_to(document);
        let ask = self.panels.cars.ask.clone();
        let reference = ask.reference.and_then(|id| curve(document, id)).map(Arc::new);
        let dark = match ask.dark {
            DarkAsk::None => Dark::None,
            DarkAsk::Constant(value) => Dark::Constant(value),
            DarkAsk::Item(id) => {
                curve(document, id).map_or(Dark::None, |dark| Dark::Spectrum(Box::new(dark)))
            }
        };
        self.screen.tab = Tab::Cars;
        let settings = |method: &dyn Recovery| {
            let can = method.info().settings.iter().any(|setting| setting.name == REFINE);
            if ask.refine && can { Settings::default().with(REFINE, true) } else { Settings::default() }
        };
        let methods = ask.methods().map(|method| (method.id().to_owned(), settings(method))).collect();
        let handle = self.jobs.recover(RecoverJob {
            spectrum,
            reference,
            dark,
            methods,
            library,
            indexes: Arc::clone(&self.work.indexes),
        });
        let open = |method: &dyn Recovery| OfMethod {
            id: method.id().to_owned(),
            name: method.name().to_owned(),
            answer: State::Open,
        };
        let cars = &mut self.work.cars;
        cars.numbers += 1;
        let methods = ask.methods().map(open).collect();
        cars.answers.insert(subject, Answers { ask, version, methods, number: cars.numbers });
        cars.running.insert(subject, handle);
    }

    /// Puts the Raman spectra that were recovered into the list, by this method or by all, to go on with.
    pub(in crate::app) fn keep_recovered(&mut self, subject: Subject, method: Option<&str>) {
        let Some(answers) = self.work.cars.of(subject) else { return };
        let of = self.session.document().subject_name(subject);
        let wanted = answers.methods.iter().filter(|asked| method.is_none_or(|id| asked.id == id));
        let (mut items, mut troubles) = (Vec::new(), Vec::new());
        for named in wanted.filter_map(OfMethod::done) {
            let name = format!("{of}, Raman by {}", named.recovered.method_name);
            match named.recovered.raman_spectrum() {
                Ok(mut spectrum) => {
                    spectrum.meta.title = Some(name.clone());
                    let (raw, source) = (Data::Curve(spectrum), Source::default());
                    items.push(NewItem { name, raw, source, warnings: Vec::new(), group: String::new() });
                }
                Err(error) => troubles.push(format!("{name} cannot be kept: {error}")),
            }
        }
        let said = match items.as_slice() {
            [] => None,
            [one] => Some(format!("{} is in the list", one.name)),
            several => Some(format!("{} recovered spectra are in the list", several.len())),
        };
        for trouble in troubles {
            self.notices.error(trouble);
        }
        if let Some(said) = said {
            self.end(&Command::Add(items));
            self.notices.good(said);
        }
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

/// A spectrum of the list as it was measured, a map as its mean.
fn curve(document: &Document, id: ItemId) -> Option<Spectrum> {
    document.item(id)?.raw.spectrum(None)
}
