//! One CARS spectrum of the training with its answers, on the network's points.

use crate::nets::{RampinnConfig, RampinnForm, Retrieved, Retriever};
use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, AxisKind};
use crate::synth::Rng;
use crate::synth::cars::{Breadth, CarsPreset, CarsSample, Crowd};

/// Points that networks for CARS work on.
pub const POINTS: usize = 1024;
/// Marks these draws among those of the same seed.
const DRAWS: u64 = 0xCA25_D4A3;
/// Chance of noise that the generator does not know, from next to none to that of a short exposure, in units of the
/// highest intensity.
const RENOISED: f64 = 0.15;
const NOISE: (f64, f64) = (1e-6, 0.03);
/// Chance that only a part of the axis is seen, and the least part.
const CROPPED: f64 = 0.3;
const LEAST_PART: f64 = 0.5;
/// Chance of a slow profile over the intensity, and over that of weak lines, which measured spectra seldom lack one of.
const PROFILED: f64 = 0.15;
const PROFILED_WEAK: f64 = 0.6;
/// Waves that a profile is the sum of, how many times each turns over the axis, and the logarithm of what it makes of
/// the intensity.
const WAVES: usize = 3;
const TURNS: (f64, f64) = (0.1, 2.5);
const SWING: (f64, f64) = (0.01, 0.25);

/// Which generators a training draws from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CarsMixture {
    /// 60 % `mix`, 30 % `weak`, 10 % `phantom`, as the specification advises.
    Advised,
    /// Those three and every other generator of the field.
    #[default]
    Broad,
}

impl CarsMixture {
    /// The generator of sample `k`.
    fn preset(self, rng: &mut Rng) -> CarsPreset {
        let part = rng.unit();
        match self {
            Self::Advised if part < 0.6 => CarsPreset::Mix,
            Self::Advised if part < 0.9 => CarsPreset::Weak,
            Self::Advised => CarsPreset::Phantom,
            Self::Broad if part < 0.42 => CarsPreset::Mix,
            Self::Broad if part < 0.60 => CarsPreset::Weak,
            Self::Broad if part < 0.67 => CarsPreset::Phantom,
            Self::Broad if part < 0.75 => CarsPreset::Tissue,
            Self::Broad if part < 0.85 => {
                [CarsPreset::Specnet, CarsPreset::LutOneSigmoid, CarsPreset::LutPolynomial][rng.below(3)]
            }
            Self::Broad if part < 0.95 => {
                let breadth = [Breadth::Narrow, Breadth::Medium, Breadth::Broad][rng.below(3)];
                CarsPreset::Vector(breadth, [Crowd::Few, Crowd::Some, Crowd::Many][rng.below(3)])
            }
            Self::Broad if part < 0.98 => CarsPreset::Crimson,
            Self::Broad if part < 0.99 => CarsPreset::GanStretch,
            Self::Broad => CarsPreset::GanFingerprint,
        }
    }
}

/// One spectrum and what should be said of it.
#[derive(Debug, Clone)]
pub struct CarsExample {
    /// Intensity of height 1.
    pub input: Vec<f32>,
    /// What our own form of the network begins with.
    pub retrieved: Option<Retrieved>,
    /// `Im chi_R` on the scale of the input.
    pub raman: Vec<f32>,
    /// `chi_NR` on the scale of the input.
    pub background: Vec<f32>,
    /// Factor on squared errors of the Raman answer: 1, or relative to the lines where they are weak.
    pub weight: f32,
}

/// Makes examples for one network.
#[derive(Debug, Clone)]
pub struct CarsDraw {
    retriever: Option<Retriever>,
    mixture: CarsMixture,
}

impl CarsDraw {
    /// For a network of this kind.
    pub fn new(config: &RampinnConfig, mixture: CarsMixture) -> Self {
        let retriever = (config.form == RampinnForm::Retrieval).then(|| Retriever::new(POINTS));
        Self { retriever, mixture }
    }

    /// Example `k` of the training with this seed.
    pub fn trained(&self, seed: u64, k: u64) -> CarsExample {
        let mut rng = Rng::new(seed ^ DRAWS, k);
        let preset = self.mixture.preset(&mut rng);
        let mut sample = preset.sample(seed, k);
        if rng.unit() < RENOISED {
            renoise(&mut sample, &mut rng);
        }
        if rng.unit() < CROPPED {
            crop(&mut sample, &mut rng);
        }
        let weak = matches!(preset, CarsPreset::Weak | CarsPreset::Phantom | CarsPreset::Tissue);
        if rng.unit() < if weak { PROFILED_WEAK } else { PROFILED } {
            profile(&mut sample, &mut rng);
        }
        self.example(&sample, preset == CarsPreset::Weak)
    }

    /// A sample on the network's points.
    pub fn example(&self, sample: &CarsSample, relative: bool) -> CarsExample {
        let scaled = sample.scaled();
        let fitted = |y: Vec<f32>| Self::fitted(&sample.axis, y);
        // As measurements are: never below zero.
        let mut input = fitted(scaled.input.iter().map(|v| v.max(0.0)).collect());
        for v in &mut input {
            *v = v.max(0.0);
        }
        let most = input.iter().copied().fold(0.0_f32, f32::max);
        // Between the points a curve may rise above its highest.
        let most = if most > 0.0 { most } else { 1.0 };
        for v in &mut input {
            *v /= most;
        }
        let answer = |y: Vec<f32>| -> Vec<f32> {
            fitted(y).iter().map(|v| (v / most.sqrt()).clamp(0.0, 1.0)).collect()
        };
        let (raman, background) = (answer(scaled.raman), answer(scaled.background));
        let peak = raman.iter().copied().fold(0.0_f32, f32::max);
        CarsExample {
            retrieved: self.retriever.as_ref().map(|retriever| retriever.of(&input)),
            weight: if relative { peak.max(LEAST_PEAK).powi(-2) } else { 1.0 },
            input,
            raman,
            background,
        }
    }

    fn fitted(axis: &[f64], y: Vec<f32>) -> Vec<f32> {
        if y.len() == POINTS {
            return y;
        }
        let (Some(first), Some(last)) = (axis.first(), axis.last()) else { return y };
        match Axis::even(AxisKind::Pixel, *first, *last, y.len()) {
            Ok(from) => {
                let to = Axis::even(AxisKind::Pixel, *first, *last, POINTS);
                to.map_or(y.clone(), |to| resample(&from, &y, &to, Interpolation::Cubic, 0.0))
            }
            Err(_) => y,
        }
    }
}

/// Floor of the peak that errors of weak samples are told relative to.
const LEAST_PEAK: f32 = 0.02;

/// Other noise in the place of the generator's.
fn renoise(sample: &mut CarsSample, rng: &mut Rng) {
    // A profile hides lines by the noise that the generator chose: that stays.
    if sample.profile.is_some() {
        return;
    }
    sample.cars = sample.clean();
    let most = sample.cars.iter().copied().fold(0.0, f64::max);
    let deviation = most * libm::exp(rng.uniform(libm::log(NOISE.0), libm::log(NOISE.1)));
    sample.cars.iter_mut().for_each(|i| *i += deviation * rng.normal());
}

/// Keeps a part of the axis.
fn crop(sample: &mut CarsSample, rng: &mut Rng) {
    let n = sample.axis.len();
    let kept = ((n as f64 * rng.uniform(LEAST_PART, 1.0)) as usize).clamp(2, n);
    let first = rng.below(n - kept + 1);
    let cut = |curve: &mut Vec<f64>| *curve = curve[first..first + kept].to_vec();
    let curves = [&mut sample.axis, &mut sample.cars, &mut sample.raman, &mut sample.background];
    curves.into_iter().for_each(cut);
    sample.profile.as_mut().map(cut);
}

/// A slow factor on the intensity: light source, optics and detector. Both susceptibilities carry its root: nothing in
/// the spectrum tells it from theirs.
fn profile(sample: &mut CarsSample, rng: &mut Rng) {
    let turn = 2.0 * std::f64::consts::PI;
    let mut wave = || {
        let turns = rng.uniform(TURNS.0, TURNS.1);
        let swing = libm::exp(rng.uniform(libm::log(SWING.0), libm::log(SWING.1)));
        (swing, turns * turn, rng.uniform(0.0, turn))
    };
    let waves: [(f64, f64, f64); WAVES] = std::array::from_fn(|_| wave());
    let n = sample.axis.len().max(2);
    for i in 0..sample.axis.len() {
        let u = i as f64 / (n - 1) as f64;
        let log: f64 = waves.iter().map(|(swing, turns, start)| swing * libm::cos(start + turns * u)).sum();
        let factor = libm::exp(log);
        sample.cars[i] *= factor;
        sample.raman[i] *= factor.sqrt();
        sample.background[i] *= factor.sqrt();
    }
}
