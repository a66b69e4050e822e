//! The command line: every command, option and help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::bench_args::BenchArgs;
use super::classify::ClassifyArgs;
use super::device_args::DeviceArgs;
use super::model::ModelArgs;
use super::recover::RecoverArgs;
use super::train::TrainArgs;

/// Unravel opens what Raman instruments write, prepares it, and says what the sample is made of.
///
/// Without a command it opens its window, with the files given.
#[derive(Debug, Parser)]
#[command(name = "unravel", version, about, max_term_width = 110, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Files, folders and archives to open in the window
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what is in files, folders and archives
    Info(InfoArgs),
    /// Write every spectrum in another format
    Convert(ConvertArgs),
    /// Prepare spectra: crop, despike, baseline, smooth, normalise ...
    Process(ProcessArgs),
    /// Build, inspect and search reference libraries
    Library(LibraryArgs),
    /// Take mixtures apart: which substances, how much of each, their spectra
    Unmix(UnmixArgs),
    /// Say which of a trained model's substances are in spectra, and how much of each
    Classify(ClassifyArgs),
    /// Recover Raman spectra from CARS spectra: network and classical phase retrieval, lines, library search
    Recover(RecoverArgs),
    /// List the methods with their settings: unmixing, and recovery from CARS
    Methods(ListArgs),
    /// Score methods on mixtures of known composition
    Bench(BenchArgs),
    Train(Box<TrainArgs>),
    /// Say what a trained network is, and complete its card
    Model(ModelArgs),
    /// List the processing steps with their parameters
    Steps(ListArgs),
    /// List the formats that can be read
    Formats(ListArgs),
    /// List what networks can run on, and say what they would run on
    Devices(DevicesArgs),
    /// Print every command with its options as Markdown
    #[command(hide = true)]
    Reference,
}

#[derive(Debug, Args)]
pub struct InfoArgs {
    /// Files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

/// Where results go and how.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a command line")]
pub struct OutputArgs {
    /// Format to write
    #[arg(long, value_enum, default_value_t = To::Csv)]
    pub to: To,
    /// Folder for the results; made if missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace files that exist already
    #[arg(long)]
    pub overwrite: bool,
    /// Write CSV with `;` and decimal comma, as European spreadsheets expect
    #[arg(long)]
    pub decimal_comma: bool,
    /// Leave the `# key: value` metadata lines out of CSV files
    #[arg(long)]
    pub no_metadata: bool,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

/// Formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum To {
    /// One CSV file per spectrum
    Csv,
    /// One CSV table per input, all spectra over one axis
    CsvTable,
    /// JCAMP-DX 4.24
    Jcamp,
    /// Galactic SPC
    Spc,
}

#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct ProcessArgs {
    /// Files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The steps, on the line or in a file.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct RecipeArgs {
    /// Steps in order, for example 'crop:200-1800|despike|arpls:lam=1e5|normalize:max'; `unravel steps` lists them
    #[arg(long)]
    pub steps: Option<String>,
    /// File with the steps, as one line or as JSON
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DevicesArgs {
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Open the device as well and compare what it computes with the CPU; takes minutes where nothing was tuned yet
    #[arg(long)]
    pub check: bool,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct UnmixArgs {
    /// Mixtures: files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Methods, separated by commas, or 'all'; `unravel methods` lists them and the first is the default
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub method: Vec<String>,
    /// Library file, folder or table; without it the default library
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,
    /// Number of components, or 'auto' for as many as the data supports
    #[arg(long, default_value = "auto", value_name = "N")]
    pub components: String,
    /// Look only at this range in cm-1
    #[arg(long, value_name = "LO-HI", allow_hyphen_values = true)]
    pub range: Option<String>,
    /// Steps applied to each spectrum first, as for `process`, or 'none'; 'despike' unless said otherwise: the methods
    /// fit smooth backgrounds themselves
    #[arg(long, value_name = "STEPS")]
    pub process: Option<String>,
    /// A setting of a method, for example nnomp.cosines=8; may be given several times
    #[arg(long, value_name = "METHOD.SETTING=VALUE")]
    pub setting: Vec<String>,
    /// A species of the library that is known to be there: part of every answer, unless no positive amount of it fits; may
    /// be given several times
    #[arg(long, value_name = "NAME")]
    pub with: Vec<String>,
    /// A species of the library that is known not to be there: part of no answer; may be given several times
    #[arg(long, value_name = "NAME")]
    pub without: Vec<String>,
    /// Pure spectra of what is in the mixtures, to score the components with (SI-SNR); may be given several times
    #[arg(long, value_name = "FILE")]
    pub truth: Vec<PathBuf>,
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

#[derive(Debug, Args)]
pub struct LibraryArgs {
    #[command(subcommand)]
    pub command: LibraryCommand,
}

#[derive(Debug, Subcommand)]
pub enum LibraryCommand {
    /// Make a library file from spectra
    Build(BuildArgs),
    /// Say what is in a library
    Info(LibraryInfoArgs),
    /// Find the library entries most like each spectrum
    Search(SearchArgs),
    /// Fit the pure spectra of a data folder and write the line tables of the default library
    Peaks(PeaksArgs),
    /// Write the synthetic sample data that ships with the program
    Samples(SamplesArgs),
}

#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Spectra: files, folders, zip archives, or a folder with .npy.gz and labels.csv
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// Library file to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace the file if it exists already
    #[arg(long)]
    pub overwrite: bool,
    /// Keep entries that are nearly the same as another one of their species
    #[arg(long)]
    pub keep_duplicates: bool,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct LibraryInfoArgs {
    /// Library file, folder or table; without it the default library
    pub library: Option<PathBuf>,
    /// Show only entries whose name or formula contains this
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

/// How similarity is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Metric {
    /// Cosine of the angle between the spectra
    Cosine,
    /// Correlation coefficient
    Pearson,
    /// Correlation of the first derivatives: blind to broad backgrounds
    Derivative,
    /// Spectral angle, as 1 - angle / 90 degrees so that 1 is best
    Sad,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Files, folders or zip archives
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Library file, folder or table; without it the default library
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,
    /// How similarity is measured
    #[arg(long, value_enum, default_value_t = Metric::Pearson)]
    pub metric: Metric,
    /// Hits shown per spectrum
    #[arg(long, default_value_t = 5)]
    pub top: usize,
    /// Compare only this range in cm-1 (lo-hi, optionally lo-hi*weight); may be given several times
    #[arg(long, value_name = "LO-HI")]
    pub range: Vec<String>,
    /// Steps applied to each spectrum first, as for `process`, or 'none'. Against the built-in library
    /// 'despike|arpls' unless said otherwise
    #[arg(long, value_name = "STEPS")]
    pub process: Option<String>,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PeaksArgs {
    /// Folder with the reference spectra
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Folder for the line tables
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print the documented JSON instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SamplesArgs {
    /// Folder for the files
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace files that exist already
    #[arg(long)]
    pub overwrite: bool,
}
