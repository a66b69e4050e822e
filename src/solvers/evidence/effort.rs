//! How much a search tries.

/// How much a search tries before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// For an answer that is read.
    #[default]
    Full,
    /// For thousands of spectra a minute, as the training of a network asks for.
    Quick,
}

/// The numbers behind an [`Effort`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    /// Most pairs of species that are weighed.
    pub pairs: usize,
    /// Single species that are weighed.
    pub singles: usize,
    /// Sets that are extended by one species, and species tried on each.
    pub beam: usize,
    pub extensions: usize,
    /// The same for sets of five and more, which take long to weigh and leave little to explain.
    pub beam_of_large: usize,
    pub extensions_of_large: usize,
    /// Relatives tried in the place of each member of the best set.
    pub relatives: usize,
    /// Relatives of each member of the winner: who else could it be?
    pub rivals: usize,
    /// Pairs on which noise, background and deviations are judged first.
    pub judges: usize,
    /// Times that everything is weighed anew under better judged deviations.
    pub rounds: usize,
    /// Deviations to start from where there may be more than two components, in units of those of another specimen:
    /// what pairs say about the deviations is wrong for mixtures of many.
    pub starts: &'static [f64],
    /// Decades by which the background may be rougher or smoother than at first thought.
    pub drifts: &'static [i32],
    /// How much of the deviations of another specimen may be needed besides all of it: less for the same bottle and
    /// instrument.
    pub stray: &'static [f64],
    /// Variance of what neither noise nor deviations explain, in units of the noise, where it is more than that.
    pub noisier: &'static [f64],
}

/// Deviations of the same bottle on the same instrument, in units of those of another specimen.
const CLOSE: f64 = 0.1;

const FULL: Limits = Limits {
    pairs: usize::MAX,
    singles: 60,
    beam: 4,
    extensions: 40,
    beam_of_large: 2,
    extensions_of_large: 16,
    relatives: 8,
    rivals: 20,
    judges: 4,
    rounds: 3,
    starts: &[1.0, CLOSE],
    drifts: &[-1, 0, 1, 2, 3, 4],
    stray: &[0.3, 0.1, 0.03],
    noisier: &[3.0, 10.0, 30.0],
};

const QUICK: Limits = Limits {
    pairs: 24,
    singles: 8,
    beam: 2,
    extensions: 10,
    beam_of_large: 1,
    extensions_of_large: 6,
    relatives: 4,
    rivals: 4,
    judges: 1,
    rounds: 1,
    starts: &[1.0],
    drifts: &[0, 2],
    stray: &[0.1],
    noisier: &[10.0],
};

impl Effort {
    pub(super) fn limits(self) -> Limits {
        match self {
            Self::Full => FULL,
            Self::Quick => QUICK,
        }
    }
}
