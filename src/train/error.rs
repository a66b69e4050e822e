//! What can go wrong with a training.

use thiserror::Error;

use crate::library::LibraryError;
use crate::nets::WeightsError;
use crate::synth::SynthError;

/// Why a training could not begin or go on.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The data could not be loaded.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The data cannot be mixed.
    #[error("the spectra cannot be mixed: {0}")]
    Synth(#[from] SynthError),
    /// Something asked for makes no sense.
    #[error("{0}")]
    Asked(String),
    /// The data is not fit for training.
    #[error("{file}: {problem}")]
    Data {
        /// File or folder.
        file: String,
        /// What was found and what is needed.
        problem: String,
    },
    /// A file of the run could not be read or written, or is not what it was.
    #[error("{file}: {problem}")]
    File {
        /// The file.
        file: String,
        /// What was found and what to do.
        problem: String,
    },
    /// Weights do not fit or cannot be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The loss became NaN or infinite.
    #[error(
        "the loss is not finite after {samples} samples: the training went astray; go on from the last checkpoint with \
         --resume and a lower --lr"
    )]
    NotFinite {
        /// Samples seen.
        samples: u64,
    },
    /// The device or an operation failed.
    #[error(
        "the training stopped after {samples} samples: {problem}; the last checkpoint is kept, --resume goes on"
    )]
    Stopped {
        /// Samples seen.
        samples: u64,
        /// The failure's own words.
        problem: String,
    },
}

impl TrainError {
    /// An error about one file.
    pub(super) fn file(path: &std::path::Path, problem: impl Into<String>) -> Self {
        Self::File { file: path.display().to_string(), problem: problem.into() }
    }
}
