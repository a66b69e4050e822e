//! The command line of `unravel bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::bench_classify::{BenchClassifyArgs, CLASSIFY};
use super::device_args::DeviceArgs;

#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    pub command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Unmix seeded mixtures of two pure spectra and score the answers
    #[command(long_about = UNMIX)]
    Unmix(BenchUnmixArgs),
    /// The same as the noise falls from 0 to 30 dB: a curve for each method
    #[command(long_about = NOISE)]
    Noise(BenchNoiseArgs),
    /// Networks and library methods in the shape of the separation paper's tables, beside its figures
    #[command(long_about = PAPER)]
    Paper(BenchPaperArgs),
    /// Score real mixtures of known composition
    #[command(long_about = MIXTURES)]
    Mixtures(BenchMixturesArgs),
    /// Networks trained on the pure spectra of real mixtures, beside other methods
    #[command(long_about = CLASSIFY)]
    Classify(BenchClassifyArgs),
    /// Score the recovery of Raman spectra from CARS spectra
    #[command(long_about = CARS)]
    Cars(BenchCarsArgs),
}

const UNMIX: &str = "Unmix seeded mixtures of two pure spectra and score the answers.

The library (and all training) is the split 'known' of the splits file; the mixtures are drawn from --set: known (the \
mixed spectra are in the library), resampled (same substances, other samples), unknown (substances the library lacks). \
Mixture: fraction uniform in 0 to 1, two species (or --components, all divisions equally likely), brown and white noise 1:1 at 10 to 20 dB; unit-norm pure spectra over \
--range. Every method is told how many components there are.

SI-SNR, SID, SAD, RMSE and the capped SI-SNRi score the library part of each component (stored spectra times their \
weights; for methods without a library and for networks their own component), under the best permutation, as means over both pure \
spectra. Single values of the capped column lie within -30 and 30 dB, those of SI-SNR and SI-SNRi within -30 and 60 dB: \
an exact hit is the stored spectrum itself and has no natural value. The soft-mask columns score the component as \
shown to the user, with the measured detail that the library lacks, to 60 and to 30 dB. A right pair is exactly the two mixed \
species. 95 % intervals: Wilson for rates, bootstrap for means.";

const NOISE: &str = "How well every method separates mixtures of two as their noise falls from 0 to 30 dB.

Mixtures as for `bench unmix`, with brown and white noise 1:1 at 0, 5, 10, 15, 20, 25 and 30 dB below the clean mixture; \
the pure spectra and fractions are the same at every level. The figure is the SI-SNRi, single values ending at 30 dB; \
--out writes it as noise.csv and noise.svg.";

const PAPER: &str = "Networks and library methods in the shape of Tables II and III of the RSSNet paper (arXiv 2604.22324).

The paper's data set RRUFF-2Mix is not public: the mixtures are ours, made by its protocol, as for `bench unmix`. How \
alike both data sets are shows in the mean SI-SNR of the mixtures themselves against their pure spectra, which is \
printed beside the paper's -1.37 dB. Networks are scored by their own components, methods that compare with a library \
by its spectra times their weights; a right pair of those is the stored spectrum itself, so look at the capped column.";

const MIXTURES: &str = "Score real mixtures of known composition.

Each set is a folder with mixtures.csv (or mixtures_mean.csv), pure.csv (or pure_mean.csv) and labels.csv: first column \
wavenumbers, then one column a spectrum; one row of labels a mixture. Its truth is read off the columns of labels.csv: \
'components' or 'components_inferred' (names joined by ;) gives precision, recall and F1 of the component lists, the \
number of components left to the method; columns named like the pure spectra (or 'authors_estimate_NAME') give the mean \
absolute error of the shares; 'NAME_g_per_...' gives the correlation of each component's signal with its amount. Rows \
whose 'quality' is not ok are left out.

Every set is scored with a library of its own pure spectra (a set without any takes the minerals of its labels from the \
split 'known' of --data DIR/rruff), and again with these among 1,500 distractors drawn from the other libraries of the \
data folder. Distractors that are a substance of the set under any name known here are left out.

Shares are the weights of the stored pure spectra (all measured alike, so that weights are amounts), made to sum to \
one; what distractors take of the signal is missing from all of them. Backgrounds are taken from mixtures, pure spectra \
and distractors by --process, so that a spectrum's norm is that of its lines.";

const CARS: &str = "Score the recovery of Raman spectra from CARS spectra whose Raman spectrum is known.

Sets: every archive of DIR/cars/synth (a noise ladder gives one set a level), DIR/cars/vector_valid, DIR/cars/lut300, \
and the measured spectra of DIR/cars/real, whose Raman spectra are published maximum-entropy retrievals: there only \
shapes are compared. Figures are means over the second half of each set (--half), R2 the median. PSNR has data range \
1, raw on Im chi_R as it stands, min-max on both curves brought to 0..1; peaks have a prominence of 0.05 and match \
within max(2, points/250) points.

Besides the recovery methods, 'zero' is the answer without any line and 'kk-true' Kramers-Kronig over the true \
background. Predictions that peers published with their sets are rows, too. The last column holds the figures of the \
specification, found on other spectra of the same generators.";

#[derive(Debug, Args)]
pub struct BenchCarsArgs {
    /// Methods, with settings behind colons (kk,mem:poles=0.3,zero,kk-true); all and zero without it
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    /// Sets whose name holds one of these (synth/mix,noise); all without it
    #[arg(long, value_delimiter = ',')]
    pub sets: Vec<String>,
    /// Which half of each set: the first may be used to choose settings
    #[arg(long, value_enum, default_value_t = HalfArg::Second)]
    pub half: HalfArg,
    /// Folder with the folder cars in it, or that folder; without it the folder that `UNRAVEL_DATA` names
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Print the documented JSON instead of tables
    #[arg(long)]
    pub json: bool,
}

/// Half of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HalfArg {
    /// The first half
    First,
    /// The second half
    Second,
    /// Everything
    Both,
}

#[derive(Debug, Args)]
pub struct BenchUnmixArgs {
    /// Number of mixtures
    #[arg(long, default_value_t = 500)]
    pub n: usize,
    /// Substances in each mixture, 2 to 5; methods are told how many
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub components: usize,
    /// Methods, with settings behind colons (nnomp,sunsal:metric=plain); all without it
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    #[command(flatten)]
    pub files: BenchFiles,
    #[command(flatten)]
    pub pairs: BenchPairs,
    #[command(flatten)]
    pub shared: BenchShared,
}

#[derive(Debug, Args)]
pub struct BenchNoiseArgs {
    /// Number of mixtures at each level of noise
    #[arg(long, default_value_t = 100)]
    pub n: usize,
    /// Methods, with settings behind colons (nnomp,sunsal:metric=plain); all without it
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    #[command(flatten)]
    pub files: BenchFiles,
    #[command(flatten)]
    pub pairs: BenchPairs,
    #[command(flatten)]
    pub shared: BenchShared,
}

/// Where figures go.
#[derive(Debug, Args)]
pub struct BenchFiles {
    /// Folder for the figures, made if missing: of `unmix` calibration.svg, what methods state against what came true; of
    /// `noise` noise.csv and noise.svg
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace files that exist already
    #[arg(long)]
    pub overwrite: bool,
}

#[derive(Debug, Args)]
pub struct BenchPaperArgs {
    /// Number of mixtures
    #[arg(long, default_value_t = 500)]
    pub n: usize,
    /// Trained networks: cards (.json) with their weights beside them; several after one another. Without it the one that
    /// ships
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub model: Vec<PathBuf>,
    /// Other methods, with settings behind colons; without it all that compare with a library
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    #[command(flatten)]
    pub pairs: BenchPairs,
    #[command(flatten)]
    pub shared: BenchShared,
}

/// Where mixtures of two come from.
#[derive(Debug, Args)]
pub struct BenchPairs {
    /// Folder with labels.csv and a .npy array, or one of its files; without it DIR/rruff of --data
    #[arg(long, value_name = "PATH")]
    pub library: Option<PathBuf>,
    /// Table with the columns row and split; without it splits.csv beside the labels
    #[arg(long, value_name = "FILE")]
    pub splits: Option<PathBuf>,
    /// Split that is mixed: known, resampled or unknown
    #[arg(long, default_value = "known")]
    pub set: String,
    /// Seed of the mixtures
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Range of the common axis in cm-1
    #[arg(long, value_name = "LO-HI", default_value = "150-1500")]
    pub range: String,
    /// Points of the common axis
    #[arg(long, default_value_t = 1024)]
    pub points: usize,
}

#[derive(Debug, Args)]
pub struct BenchMixturesArgs {
    /// Sets to score, by the names of their folders; all without it
    #[arg(long, value_delimiter = ',')]
    pub sets: Vec<String>,
    /// Methods, with settings behind colons (nnomp,sunsal:metric=plain); all without it
    #[arg(long, value_delimiter = ',')]
    pub methods: Vec<String>,
    /// Steps applied to mixtures, pure spectra and distractors alike, as for `process`, or 'none'
    #[arg(long, value_name = "STEPS", default_value = "arpls")]
    pub process: String,
    /// How many components the methods are told
    #[arg(long, value_enum, default_value_t = ToldArg::Protocol)]
    pub components: ToldArg,
    /// Number of distractors; 0 scores with the own pure spectra only
    #[arg(long, default_value_t = 1500)]
    pub distractors: usize,
    /// Folder with the libraries that distractors come from; without it the --data folder
    #[arg(long, value_name = "DIR")]
    pub distractors_from: Option<PathBuf>,
    /// Seed of the distractors
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub shared: BenchShared,
}

/// How many components the methods are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ToldArg {
    /// Nothing where finding them is the question; where every substance of the set is in every mixture, or only amounts
    /// are scored, as many as the library holds of them
    Protocol,
    /// Nothing
    Auto,
    /// The number in each mixture: separates finding how many from finding which
    True,
}

/// What all benchmarks share.
#[derive(Debug, Args)]
pub struct BenchShared {
    /// Folder with the data (rruff, mixtures, library_...); without it the folder that `UNRAVEL_DATA` names
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Mixtures scored side by side; times are honest with 1 only
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    #[command(flatten)]
    pub device: DeviceArgs,
    /// Print the documented JSON instead of tables
    #[arg(long)]
    pub json: bool,
}
