//! Floor 5: the methods a user can choose.
//!
//! A [`Method`] takes a [`Request`] (a prepared mixture, and [`References`] where it compares with a library) and gives
//! an [`Outcome`]; plots, tables, exports and benchmarks read outcomes and never ask which method made one. [`methods()`]
//! lists them all, [`find`] names one. [`prepare`] brings a measured spectrum to the form that methods take, and a
//! [`ReferenceCache`] brings a library to its axis once for many spectra. Of an outcome, [`score()`] says how well it agrees
//! with known pure spectra, [`best_match`] which library spectrum a component looks like; [`export`] writes it.
//!
//! Adding a method is one file here and one line in `registry`; models that a user trained ([`Trained`]) are methods, too,
//! from the moment they are found. [`recovery`] holds the methods that take Raman spectra out
//! of CARS spectra.

mod cache;
mod certainty;
mod classic;
mod device;
mod error;
mod evidence;
pub mod export;
mod fcls;
mod greedy;
mod grid;
mod guided;
mod input;
mod judged;
mod matching;
mod method;
#[cfg(test)]
#[path = "../../docs/examples/mine.rs"]
mod mine;
mod model;
mod nnls;
mod nnols;
mod nnomp;
mod outcome;
mod ramixnet;
mod rampinn;
pub mod recovery;
mod references;
mod registry;
mod report;
mod rssnet;
mod score;
mod selection;
mod settings;
mod signal;
mod sunsal;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wishes;

pub use cache::ReferenceCache;
pub use certainty::share_range;
pub use error::MethodError;
pub use guided::model as guided_model;
pub use input::{MIN_POINTS, prepare};
pub use judged::Judged;
pub use matching::{Matched, best_match, overlay};
pub use method::{Components, Method, MethodInfo, ModelUsed, Request, Unwatched, Watch};
pub use model::Model;
pub use outcome::{
    Alternative, CarsPair, Component, Concentration, Diagnostic, EntryWeight, Outcome, Uncertainty,
    Unexplained, UnexplainedPeak, Unlisted,
};
pub use ramixnet::{Classifier, Found, Trained, Verdict, classifier, is_trained, trained};
pub use rampinn::model as rampinn_model;
pub use references::{LeftOut, MIN_COVERAGE, Reference, References};
pub use registry::{find, methods};
pub use rssnet::{model, probes};
pub use score::{Score, score};
pub use selection::Selection;
pub use settings::{Resolved, Settings};
