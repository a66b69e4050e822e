//! Methods side by side on one spectrum ([`super::Jobs::compare`]) or on many ([`super::Jobs::compare_many`]).
//!
//! `job` is what is asked, `plan` brings a spectrum to a method as the command line does, `crew` shares the work out over
//! the cores, `paces` remembers which method is quick; `one` and `many` are the two ways to run.

mod crew;
mod job;
mod many;
mod one;
mod paces;
mod plan;
#[cfg(test)]
mod tests;

pub use job::{CompareEnd, CompareJob, MethodDone};
pub use paces::Paces;
