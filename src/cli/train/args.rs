//! The command line of `unravel train`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::device_args::DeviceArgs;
use super::ramixnet::RamixArgs;

/// Networks that can be trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NetworkArg {
    /// Dual-path separation with top-down attention (arXiv 2604.22324)
    Rssnet,
    /// Dilated convolutions (baseline)
    ConvTasnet,
    /// Recurrent networks along chunks and across them (baseline)
    Dprnn,
    /// Scales that exchange with their neighbours (baseline)
    Afrcnn,
    /// Top-down attention over the whole code (baseline)
    Tdanet,
    /// Refinement of what a library explains, for the method of this name
    Guided,
    /// CARS to Raman, with physics in the loss, for the method of this name
    Rampinn,
    /// Names and doses a few substances from their pure spectra (arXiv 2106.05316)
    Ramixnet,
}

/// Generators of CARS spectra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MixtureArg {
    /// 60 % mix, 30 % weak, 10 % phantom
    Advised,
    /// Those and every other generator of the field
    Broad,
}

/// What a network for CARS is trained by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LossArg {
    /// Labels, smoothness and consistency, as published
    Supervised,
    /// Smoothness and consistency, no labels
    #[value(name = "self")]
    SelfSupervised,
    /// Labels only
    Data,
    /// As supervised, with errors in decibels
    Decibels,
}

/// What keeps the background smooth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoughArg {
    /// First differences
    First,
    /// Second differences
    Curvature,
}

/// The branch around the first module of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SideArg {
    /// Every channel from every channel
    Dense,
    /// Channel by channel
    Depthwise,
    /// The input itself
    Identity,
}

/// How masks become factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MaskArg {
    /// max(x, 0)
    Relu,
    /// Between 0 and 1
    Sigmoid,
    /// As they are
    None,
}

/// How the coarsest scale acts on the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SteeringArg {
    /// As a factor between 0 and 1
    Gate,
    /// Added
    Add,
}

/// Train a network on mixtures of pure spectra
///
/// Mixtures are made while training, all substances equally often, by the paper's protocol: a s1 + (1 - a) s2 with a uniform
/// in 0 to 1, brown and white noise 1:1 at 10 to 20 dB. The folder of --out gets checkpoints (a killed run loses a minute
/// at most, --resume goes on exactly), log.csv, curve.svg, and model.safetensors with its card model.json. Each
/// run ends with the learning curve and its extrapolation. See docs/training.md.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Which network
    #[arg(value_enum)]
    pub network: NetworkArg,
    /// Folder of the run; made if missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Go on with the run in that folder; network, data and seed are its own
    #[arg(long)]
    pub resume: bool,
    /// SI-SNRi in dB on known spectra that the learning curve is extrapolated to at the end [default: the paper's of this
    /// network, 22.5 for rssnet]
    #[arg(long, value_name = "DB", allow_negative_numbers = true)]
    pub goal: Option<f64>,
    #[command(flatten)]
    pub limits: LimitArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub cars: CarsArgs,
    #[command(flatten)]
    pub course: CourseArgs,
    #[command(flatten)]
    pub sizes: SizeArgs,
    #[command(flatten)]
    pub ramix: RamixArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "When it stops (the first that is reached; without any, when it is killed)")]
pub struct LimitArgs {
    /// After so many minutes of this run; fractions are allowed
    #[arg(long, value_name = "M")]
    pub minutes: Option<f64>,
    /// When so many samples were seen, all runs together
    #[arg(long, value_name = "N")]
    pub samples: Option<u64>,
    /// After so many steps, all runs together
    #[arg(long, value_name = "N")]
    pub steps: Option<u64>,
}

#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "CARS (rampinn)")]
pub struct CarsArgs {
    /// Generators that spectra are drawn from [default: broad; of the published sizes advised]
    #[arg(long, value_enum)]
    pub mixture: Option<MixtureArg>,
    /// What is trained by [default: decibels; of the published sizes supervised]
    #[arg(long, value_enum)]
    pub loss: Option<LossArg>,
    /// What keeps the background smooth [default: first; without labels curvature]
    #[arg(long, value_enum)]
    pub smooth: Option<RoughArg>,
}

#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// Library of pure spectra: file, folder, archive or table; or the folder with `rruff` in it
    #[arg(long, visible_alias = "library", value_name = "PATH")]
    pub data: Option<PathBuf>,
    /// Another library to train on as well, its spectra raw; may be given again
    #[arg(long, value_name = "PATH")]
    pub also: Vec<PathBuf>,
    /// Table with the columns row and split; without it splits.csv beside the labels, where there is one
    #[arg(long, value_name = "FILE")]
    pub splits: Option<PathBuf>,
    /// The split that is trained on [default: known]
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Range of the common axis in cm-1 [default: 150-1500]
    #[arg(long, value_name = "LO-HI", allow_hyphen_values = true)]
    pub range: Option<String>,
    /// Points of the common axis; fewer train faster [default: 1024]
    #[arg(long, value_name = "N")]
    pub points: Option<usize>,
    /// Steps applied to the pure spectra first, as for `process`; none for a library without backgrounds
    #[arg(long, value_name = "STEPS")]
    pub prepare: Option<String>,
    /// Steps that raw spectra need before this network sees them; noted in the model card [default: despike|arpls]
    #[arg(long, value_name = "STEPS")]
    pub process: Option<String>,
    /// Mixtures with small errors of real instruments: shift, broadening, background, detector noise
    #[arg(long)]
    pub realistic: bool,
    /// Share of the specimens held out for validation [default: 0.05]
    #[arg(long, value_name = "SHARE")]
    pub hold_out: Option<f64>,
    /// Mixtures in each of the two parts of the validation [default: 200]
    #[arg(long, value_name = "N")]
    pub validation: Option<usize>,
    /// Whom to cite for the data; noted in the model card
    #[arg(long, value_name = "TEXT")]
    pub citation: Option<String>,
    /// Terms of the data; noted in the model card
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Course")]
pub struct CourseArgs {
    /// Seed of weights, data and dropout [default: 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Begin with the weights of another model of the same sizes (model.safetensors)
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Learning rate [default: 0.001]
    #[arg(long, value_name = "RATE")]
    pub lr: Option<f64>,
    /// Samples in one step [default: 8]
    #[arg(long, value_name = "N")]
    pub batch: Option<usize>,
    /// Samples that pass the network at once on each thread [default: 1 on a CPU, the batch on a GPU]
    #[arg(long, value_name = "N")]
    pub at_once: Option<usize>,
    /// Steps over which the learning rate rises from 0 [default: 0]
    #[arg(long, value_name = "STEPS")]
    pub warm_up: Option<u64>,
    /// Let the learning rate fall to 0 over the last N samples before --samples [default: 0]
    #[arg(long, value_name = "N", requires = "samples")]
    pub cool_down: Option<u64>,
    /// Share of the averaged weights kept in each step [default: 0.999]
    #[arg(long, value_name = "SHARE")]
    pub average: Option<f64>,
    /// Validations without a better one after which the learning rate is halved [default: 5]
    #[arg(long, value_name = "N")]
    pub patience: Option<u32>,
    /// Samples from one validation to the next [default: 5000]
    #[arg(long, value_name = "N")]
    pub validate_every: Option<u64>,
    /// Threads; all cores without it. Another number gives other roundings
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub device: DeviceArgs,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Network")]
pub struct SizeArgs {
    /// Sizes by name: paper, medium, small or tiny [default: small]; of guided large, usual, plain or tiny [default: usual]; of rampinn full, small, usual or tiny [default: usual]
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Channels of every scale of the guided network or rampinn, the finest first
    #[arg(long, value_name = "N,N,...", value_delimiter = ',')]
    pub widths: Option<Vec<usize>>,
    /// Channels of the encoded spectrum
    #[arg(long, value_name = "N")]
    pub channels: Option<usize>,
    /// Channels inside the attention modules
    #[arg(long, value_name = "N")]
    pub hidden: Option<usize>,
    /// Heads of the attention
    #[arg(long, value_name = "N")]
    pub heads: Option<usize>,
    /// Times the block is applied
    #[arg(long, value_name = "N")]
    pub repeats: Option<usize>,
    /// Points of a chunk, even
    #[arg(long, value_name = "N")]
    pub chunk: Option<usize>,
    /// Points of the encoder's kernel (Table V: 2, 3, 5, 7, 9)
    #[arg(long, value_name = "N")]
    pub kernel: Option<usize>,
    /// Points from one encoded point to the next
    #[arg(long, value_name = "N")]
    pub stride: Option<usize>,
    /// Scales of the attention modules
    #[arg(long, value_name = "N")]
    pub scales: Option<usize>,
    /// The branch around the first module
    #[arg(long, value_enum)]
    pub side: Option<SideArg>,
    /// Width of that branch's convolution (Table V: 1, 3, 5, 7)
    #[arg(long, value_name = "N")]
    pub side_kernel: Option<usize>,
    /// No map on the branch around the second module
    #[arg(long)]
    pub no_second_side: bool,
    /// No map on the way back to the block's input
    #[arg(long)]
    pub no_recurrence: bool,
    /// How masks become factors
    #[arg(long, value_enum)]
    pub mask: Option<MaskArg>,
    /// How the coarsest scale acts on the others
    #[arg(long, value_enum)]
    pub steering: Option<SteeringArg>,
    /// Share of numbers dropped in training
    #[arg(long, value_name = "SHARE")]
    pub dropout: Option<f64>,
    /// Spectra that come out: 2 or 3
    #[arg(long, value_name = "N")]
    pub sources: Option<usize>,
}
