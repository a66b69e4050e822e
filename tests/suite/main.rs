//! The one integration-test binary; a module a concern.

mod data;
mod format_truth;
mod house;
