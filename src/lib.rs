//! Unravel: a desktop Raman workbench.
//!
//! The folders are floors; a file imports only from floors below its own (a test checks it):
//!
//! ```text
//! 7  app   cli
//! 6  bench   jobs   session
//! 5  methods   train
//! 4  compute   nets   solvers
//! 3  library   synth
//! 2  figure   formats   process
//! 1  spectrum
//! ```
//!
//! The one way through: file -> [`formats`] -> [`spectrum::Spectrum`] -> [`process::Pipeline`] -> [`library`] search or
//! [`methods::Method`] -> [`methods::Outcome`].

pub mod app;
pub mod bench;
pub mod cli;
pub mod compute;
pub mod figure;
pub mod formats;
pub mod jobs;
pub mod library;
pub mod methods;
pub mod nets;
pub mod process;
pub mod session;
pub mod solvers;
pub mod spectrum;
pub mod synth;
pub mod train;
