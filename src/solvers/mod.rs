//! Floor 4: the classical numerics of unmixing and of phase retrieval; plain slices in, plain numbers out.
//!
//! A [`Dictionary`] is a library made ready in a [`Metric`] (built once, shared by `Arc`), a [`Target`] a spectrum made
//! ready for it. Every solver ([`nnls()`], [`fcls()`], [`sunsal()`], [`nnomp`], [`nnols`]) takes both and gives
//! a [`Solution`]; one that did not converge says so there. [`Dictionary::gram`] once before many spectra makes each
//! several times faster. [`nnls_batch`] and [`sunsal_batch`] take thousands of spectra, [`nnls_small`] a Gram matrix.
//! [`best_assignment`] says which estimate belongs to which truth.
//! [`PureFit`] explains thousands of mixtures by a few pure spectra, whose numbers networks are [`told`].
//! [`cars`] is phase retrieval: Raman spectra out of CARS spectra.
//! Beneath them `active` and `search` (the active-set engine), `admm`, `shifted` and `linalg`.

mod active;
mod admm;
mod assignment;
mod batch;
pub mod cars;
mod dictionary;
mod error;
pub mod evidence;
mod fcls;
mod greedy;
#[cfg(test)]
mod invariance;
mod linalg;
mod metric;
mod nnls;
mod pure_fit;
mod search;
mod shifted;
mod small;
mod solution;
mod sunsal;
#[cfg(test)]
mod testing;

pub use assignment::best_assignment;
pub use batch::{nnls_batch, sunsal_batch};
pub use dictionary::{Dictionary, Target};
pub use error::SolverError;
pub use fcls::{FclsSettings, fcls};
pub use greedy::{GreedySettings, nnols, nnomp};
pub use metric::Metric;
pub use nnls::{NnlsSettings, nnls};
pub use pure_fit::{Fitted, PureFit, told, told_again, told_count};
pub use small::{SmallFit, SmallWorkspace, nnls_small};
pub use solution::Solution;
pub use sunsal::{Lambda, SunsalPath, SunsalSettings, sunsal};
