//! What is known of the device, for screens and results.

use std::time::Duration;

use super::{Wish, cpu_name};

/// How far the choice of a device is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody needed a device yet.
    Undecided,
    /// A GPU is opened and compared with the CPU; what is being done, for people.
    Preparing(String),
    /// It is decided.
    Ready,
}

/// What networks run on at this moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// What was asked for.
    pub wish: Wish,
    /// How far the choice is.
    pub stage: Stage,
    /// Name of the device; the CPU's until a GPU is ready.
    pub name: String,
    /// Whether that is a GPU.
    pub gpu: bool,
    /// Grows with every change of the device: what an older one still holds is worthless.
    pub generation: u64,
    /// Why the CPU is used although a GPU was there: a sentence for a notice.
    pub fallback: Option<String>,
    /// How long it took to open the GPU, compile for it and compare it with the CPU.
    pub warm_up: Option<Duration>,
}

impl Status {
    pub(super) fn new(wish: Wish) -> Self {
        Self {
            wish,
            stage: Stage::Undecided,
            name: cpu_name(),
            gpu: false,
            generation: 0,
            fallback: None,
            warm_up: None,
        }
    }
}
