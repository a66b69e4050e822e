//! The command line of `unravel recover`.

use std::path::PathBuf;

use clap::Args;

use super::super::device_args::DeviceArgs;

#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// CARS spectra: files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Methods, separated by commas, or 'all'; `unravel methods` lists them and the first is the default
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub method: Vec<String>,
    /// A spectrum of the non-resonant background (glass, water) measured with the same light
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// What the detector shows without light: a number, or a file with a spectrum. Never take a fitted baseline off: the
    /// background of CARS is signal
    #[arg(long, value_name = "VALUE|FILE", allow_hyphen_values = true)]
    pub dark: Option<String>,
    /// Fit each spectrum on from what the network says, by the methods that can
    #[arg(long)]
    pub refine: bool,
    /// Look only at this range in cm-1
    #[arg(long, value_name = "LO-HI", allow_hyphen_values = true)]
    pub range: Option<String>,
    /// Steps applied to each spectrum first, as for `process`, for example 'despike'
    #[arg(long, value_name = "STEPS")]
    pub process: Option<String>,
    /// A setting of a method, for example mem.poles=0.3; may be given several times
    #[arg(long, value_name = "METHOD.SETTING=VALUE")]
    pub setting: Vec<String>,
    /// Library that the recovered spectra are searched in: file, folder or table; without it the default library
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,
    /// Library hits told of each recovered spectrum; 0 searches nothing
    #[arg(long, default_value_t = 5)]
    pub top: usize,
    /// Folder for the results; made if missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace files that exist already
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}
