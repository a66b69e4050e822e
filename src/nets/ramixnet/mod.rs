//! `RaMixNet` I and II (arXiv 2106.05316): a spectrum goes in, which substances are there comes out, from II how much of
//! each besides.
//!
//! Halving convolutions read a spectrum of any length; their outcome is averaged over a few bins and goes through a
//! head of two dense layers for each question.

mod config;
mod doubt;
mod loss;
mod network;
mod statistics;
#[cfg(test)]
mod tests;

pub use config::{RamixnetConfig, Version};
pub use doubt::deviations;
pub use loss::ramixnet_loss;
pub use network::{Answers, DROPOUT_RATE, Ramixnet};
pub use statistics::share_statistics;
