//! Floor 6: background work for a window that must not wait.
//!
//! [`Jobs`] owns the threads. Work is submitted under a title and comes back as a [`Handle`], which the window asks each
//! frame: [`Handle::take`] gives what is ready so far, [`Handle::ended`] the result or the [`Failure`]. The work itself
//! gets a [`Ticket`]: it reports progress, hands over partial results and asks whether it shall go on. [`Jobs::list`] is
//! the status bar.
//!
//! `load` opens files, `prepare` runs pipelines, `search` ranks a library, `compare` runs methods side by side, `recover`
//! takes Raman spectra out of CARS spectra, `train` trains mixture models; each adds its method to [`Jobs`].
//!
//! ```text
//! window --submit--> queue --> worker --Ticket::give--> Outbox (bounded) --Handle::take--> window
//!    ^                                                                                        |
//!    +------------------------------- waker, at most ten times a second ----------------------+
//! ```

mod compare;
mod failure;
mod handle;
mod job;
mod load;
mod outbox;
mod panics;
mod pool;
mod prepare;
mod recover;
mod search;
mod spectra;
#[cfg(test)]
mod tests;
mod ticket;
mod train;
mod waker;

pub use compare::{CompareEnd, CompareJob, MethodDone, Paces};
pub use failure::Failure;
pub use handle::Handle;
pub use job::{JobId, JobView, Lane, Run};
pub use load::{LoadEnd, Loaded};
pub use outbox::ROOM;
pub use pool::{GRACE, Jobs};
pub use recover::{Named, RecoverDone, RecoverJob};
pub use search::{Indexes, SearchJob};
pub use spectra::Spectra;
pub use ticket::Ticket;
pub use train::{
    LossPoint, MODELS, ModelShelf, NewModel, PureSpectrum, TrainCourse, TrainJob, TrainStage, TrainStart,
    Unfinished, Watched, folder_name,
};
pub use waker::{PAUSE, Wake};
