//! The one integration-test binary; a module a concern.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod bench;
mod classify;
mod command_line;
mod data;
mod default_library;
mod documents;
mod format_truth;
mod hostile;
mod house;
mod jobs;
mod library_search;
mod npy;
mod process_parity;
mod recover;
mod script;
mod solvers;
mod synth;
mod unmix;
mod window;
