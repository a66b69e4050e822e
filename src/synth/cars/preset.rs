//! The generators by name.

/// How many resonances the VECTOR sets hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crowd {
    /// 1 to 15.
    Few,
    /// 15 to 30.
    Some,
    /// 30 to 50.
    Many,
}

/// How wide the resonances of the VECTOR sets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Half widths of 2 to 10 cm-1.
    Narrow,
    /// 2 to 25 cm-1.
    Medium,
    /// 2 to 75 cm-1.
    Broad,
}

/// A published generator of CARS spectra, or one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarsPreset {
    /// `SpecNet`: 640 points, two sigmoids behind the lines.
    Specnet,
    /// The same with one sigmoid.
    LutOneSigmoid,
    /// The same with a polynomial.
    LutPolynomial,
    /// VECTOR: 1000 points from 0.1 to 1998 cm-1.
    Vector(Breadth, Crowd),
    /// GAN, fingerprint: 640 points to 2000 cm-1.
    GanFingerprint,
    /// GAN, CH stretches: 70 points around 2900 cm-1.
    GanStretch,
    /// CRIMSON: a straight background under an excitation profile.
    Crimson,
    /// A Gaussian background and very narrow lines.
    Houhou,
    /// Ours to train with: lines and backgrounds of all the others.
    Mix,
    /// Ours: lines much weaker than the background, as in measured spectra.
    Weak,
    /// Ours: lines of known substances.
    Phantom,
    /// Ours: up to 50 weak lines, narrow and broad, that overlap as in living matter.
    Tissue,
}

impl CarsPreset {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Specnet,
        Self::LutOneSigmoid,
        Self::LutPolynomial,
        Self::Vector(Breadth::Narrow, Crowd::Few),
        Self::Vector(Breadth::Narrow, Crowd::Some),
        Self::Vector(Breadth::Narrow, Crowd::Many),
        Self::Vector(Breadth::Medium, Crowd::Few),
        Self::Vector(Breadth::Medium, Crowd::Some),
        Self::Vector(Breadth::Medium, Crowd::Many),
        Self::Vector(Breadth::Broad, Crowd::Few),
        Self::Vector(Breadth::Broad, Crowd::Some),
        Self::Vector(Breadth::Broad, Crowd::Many),
        Self::GanFingerprint,
        Self::GanStretch,
        Self::Crimson,
        Self::Houhou,
        Self::Mix,
        Self::Weak,
        Self::Phantom,
        Self::Tissue,
    ];

    /// Its name on the command line and in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Specnet => "specnet",
            Self::LutOneSigmoid => "lut-onesig",
            Self::LutPolynomial => "lut-poly",
            Self::Vector(Breadth::Narrow, Crowd::Few) => "vector-1a",
            Self::Vector(Breadth::Narrow, Crowd::Some) => "vector-1b",
            Self::Vector(Breadth::Narrow, Crowd::Many) => "vector-1c",
            Self::Vector(Breadth::Medium, Crowd::Few) => "vector-2a",
            Self::Vector(Breadth::Medium, Crowd::Some) => "vector-2b",
            Self::Vector(Breadth::Medium, Crowd::Many) => "vector-2c",
            Self::Vector(Breadth::Broad, Crowd::Few) => "vector-3a",
            Self::Vector(Breadth::Broad, Crowd::Some) => "vector-3b",
            Self::Vector(Breadth::Broad, Crowd::Many) => "vector-3c",
            Self::GanFingerprint => "gan-fp",
            Self::GanStretch => "gan-ch",
            Self::Crimson => "crimson",
            Self::Houhou => "houhou",
            Self::Mix => "mix",
            Self::Weak => "weak",
            Self::Phantom => "phantom",
            Self::Tissue => "tissue",
        }
    }

    /// The axis of its samples: cm-1, or 0 to 1 where the generator knows no unit. [`Self::Phantom`] cuts a window out
    /// of 800 to 1800 cm-1 that differs from sample to sample; this is the whole of it.
    #[must_use]
    pub fn axis(self) -> Vec<f64> {
        match self {
            Self::Specnet | Self::LutOneSigmoid | Self::LutPolynomial => between(0.0, 1.0, 640),
            Self::Vector(..) => (0..1000).map(|i| 0.1 + f64::from(i) * 1.9999).collect(),
            Self::GanFingerprint => between(0.1, 2000.0, 640),
            Self::GanStretch => between(2784.3, 3000.27, 70),
            Self::Crimson => between(0.1, 2000.0, 1000),
            Self::Houhou | Self::Mix | Self::Weak | Self::Tissue => between(0.0, 1.0, 1024),
            Self::Phantom => between(800.0, 1800.0, 1024),
        }
    }
}

/// `count` points from `first` to `last`.
pub(super) fn between(first: f64, last: f64, count: usize) -> Vec<f64> {
    let step = (last - first) / count.saturating_sub(1).max(1) as f64;
    (0..count).map(|i| first + step * i as f64).collect()
}
