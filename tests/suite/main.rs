//! The one integration-test binary; a module a concern.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod data;
mod default_library;
mod format_truth;
mod hostile;
mod house;
mod npy;
mod process_parity;
