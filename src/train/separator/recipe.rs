//! How pure spectra are mixed for training.

use crate::synth::background::Shape;
use crate::synth::{Choice, Curve, Glow, Noise, Parts, Recipe, Span};

/// The paper's protocol for this many components, every species equally likely however many spectra it has.
pub fn paper(sources: usize) -> Recipe {
    let parts = Parts::Simplex { least: sources, most: sources, choice: Choice::Species, least_weight: 0.0 };
    Recipe { parts, ..Recipe::rssnet() }
}

/// The same with noise from far below the signal to as strong as it.
pub fn any_noise(sources: usize) -> Recipe {
    Recipe { noise: Noise::BrownWhite { snr_db: Span(-2.0, 40.0) }, ..paper(sources) }
}

/// As a spectrometer measures: small errors of the instrument's axis and resolution, fluorescence, a detector that counts
/// from a few hundred electrons to as many as there are in long exposures.
pub fn spectrometer(sources: usize) -> Recipe {
    Recipe {
        distort_each: false,
        background: Some(Glow {
            chance: 0.6,
            curves: Shape::ALL.map(Curve::Smooth).to_vec(),
            height: Span(0.01, 1.0),
        }),
        noise: Noise::Detector { peak_electrons: Span(300.0, 1e7), readout_electrons: Span(2.0, 10.0) },
        ..realistic(sources)
    }
}

/// The same with small errors of real instruments: specimens that are shifted, stretched and broadened against the stored
/// ones, the rest of a background, a counting detector.
pub fn realistic(sources: usize) -> Recipe {
    Recipe {
        shift_cm1: Span(-1.0, 1.0),
        stretch: Span(-3e-4, 3e-4),
        broadening_cm1: Span(0.0, 3.0),
        distort_each: true,
        background: Some(Glow {
            chance: 0.5,
            curves: Shape::ALL.map(Curve::Smooth).to_vec(),
            height: Span(0.01, 0.2),
        }),
        noise: Noise::Detector { peak_electrons: Span(1e3, 1e5), readout_electrons: Span(2.0, 10.0) },
        ..paper(sources)
    }
}
