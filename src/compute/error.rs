//! What can go wrong with devices, and how a job says that it was the device's fault.

use std::fmt;

use burn::tensor::{ExecutionError, TensorReadError};
use thiserror::Error;

/// Why there is no device as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ComputeError {
    /// The name of a device that nobody knows.
    #[error("'{0}' is no device: expected auto, gpu or cpu")]
    UnknownWish(String),
    /// A GPU was asked for and none can be used.
    #[error(
        "a GPU was asked for, but {0}; `unravel devices` lists what there is, and `--device auto` takes the CPU where no GPU can be used"
    )]
    NoGpu(String),
    /// Preparing was stopped by whoever asked for it; nothing was decided.
    #[error("preparing the device was stopped")]
    Stopped,
}

/// Why a job, or one attempt at it, ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop<E> {
    /// The device failed: out of memory, lost, a fault in its driver. On a GPU the job is then done again on the CPU.
    Device(String),
    /// The job itself cannot be done, on no device; it is not tried again.
    Job(E),
}

impl<E: fmt::Display> fmt::Display for Stop<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(why) => f.write_str(why),
            Self::Job(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Stop<E> {}

impl<E> From<ExecutionError> for Stop<E> {
    fn from(error: ExecutionError) -> Self {
        Self::Device(one_line(&error.to_string()))
    }
}

impl<E> From<TensorReadError> for Stop<E> {
    fn from(error: TensorReadError) -> Self {
        Self::Device(one_line(&error.to_string()))
    }
}

/// A driver's report as part of a sentence.
pub(super) fn one_line(text: &str) -> String {
    /// What fits into a notice; reports of shader compilers have pages.
    const LONGEST: usize = 300;
    let report = text.split("Backtrace:").next().unwrap_or_default();
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_a_driver_becomes_one_short_line() {
        assert_eq!(one_line("  lost\n  because:\n\t heat \nBacktrace:\n 0x00"), "lost because: heat");
        assert_eq!(one_line(&"é".repeat(1000)).chars().count(), 304);
    }
}
