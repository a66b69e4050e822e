//! The command line.

use std::path::PathBuf;

use clap::Args;

use crate::cli::device_args::DeviceArgs;

#[derive(Debug, Args)]
pub struct ClassifyArgs {
    /// Spectra: files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The model: 'built-in' (aniline, o-xylene, pyridine, toluene), the card (.json) of one that `unravel train ramixnet`
    /// made, or ramixnet:NAME for one that was trained in the window
    #[arg(long, value_name = "MODEL", default_value = "built-in")]
    pub model: String,
    /// Write a table as well: a line for every substance of every spectrum
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Replace the table if it exists already
    #[arg(long, requires = "csv")]
    pub overwrite: bool,
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}
