//! The one integration-test binary; a module a concern.

mod data;
mod format_truth;
mod npy;
mod process_parity;
