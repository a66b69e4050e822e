//! How each generator draws its lines, background and noise.

use super::super::Rng;
use super::background::{CarsBackground, stretch};
use super::model::{Resonance, intensity, susceptibility};
use super::phantom::LineList;
use super::preset::{Breadth, CarsPreset, Crowd, between};
use super::profile::{profile, visible};
use super::sample::CarsSample;

/// Keeps the generators of one seed apart.
const PRESETS: u64 = 0xCA25_0000;

/// What noise is like.
#[derive(Debug, Clone, Copy)]
enum Noise {
    /// Normal, of this standard deviation.
    Normal(f64),
    /// Half uniform, half normal, of this amplitude, in units of the highest intensity.
    Both(f64),
    /// Normal, in units of the highest intensity.
    Relative(f64),
}

impl CarsPreset {
    /// Sample `k` of a seed: the same for all time.
    #[must_use]
    pub fn sample(self, seed: u64, k: u64) -> CarsSample {
        let tag = Self::ALL.iter().position(|preset| *preset == self).unwrap_or_default() as u64;
        let mut rng = Rng::new(seed ^ (PRESETS + tag), k);
        let rng = &mut rng;
        let axis = self.window(rng);
        let mut lines = self.lines(rng, &axis);
        let height = self.strength(rng);
        scale_to(&axis, &mut lines, height);
        let background = self.background(rng, &axis);
        let noise = self.noise(rng);
        let factor = if self.halved() { 0.5 } else { 1.0 };
        let (re, im) = susceptibility(&axis, &lines);
        let mut cars: Vec<f64> = intensity(&re, &im, &background).iter().map(|i| factor * i).collect();
        let mut sample =
            CarsSample { axis, cars: Vec::new(), raman: im, background, profile: None, factor, lines };
        if self == Self::Crimson {
            let profile = profile(rng, &sample.axis);
            cars.iter_mut().zip(&profile).for_each(|(i, p)| *i *= p);
            if let Noise::Normal(deviation) = noise {
                sample.lines = visible(&sample.axis, &sample.lines, &sample.background, &profile, deviation);
                sample.raman = susceptibility(&sample.axis, &sample.lines).1;
            }
            sample.profile = Some(profile);
        }
        let most = cars.iter().copied().fold(0.0, f64::max);
        for i in &mut cars {
            *i += match noise {
                Noise::Normal(deviation) => deviation * rng.normal(),
                Noise::Both(amplitude) => 0.5 * amplitude * most * (rng.uniform(-1.0, 1.0) + rng.normal()),
                Noise::Relative(deviation) => deviation * most * rng.normal(),
            };
        }
        sample.cars = cars;
        sample
    }

    /// The axis of one sample.
    fn window(self, rng: &mut Rng) -> Vec<f64> {
        if self != Self::Phantom {
            return self.axis();
        }
        let span = rng.uniform(400.0, 1000.0);
        let first = rng.uniform(800.0, 1800.0 - span);
        between(first, first + span, 1024)
    }

    fn lines(self, rng: &mut Rng, axis: &[f64]) -> Vec<Resonance> {
        let (first, last) = (axis[0], axis[axis.len() - 1]);
        let step = (last - first) / (axis.len() - 1) as f64;
        let (count, heights, centres) = match self {
            Self::Phantom => return LineList::ALL[rng.below(LineList::ALL.len())].specimen(rng),
            Self::Specnet | Self::LutOneSigmoid | Self::LutPolynomial => ((1, 14), (0.0, 1.0), (0.0, 1.0)),
            Self::Vector(_, Crowd::Few) => ((1, 15), (0.0, 1.0), (300.1, 1700.0)),
            Self::Vector(_, Crowd::Some) => ((15, 30), (0.0, 1.0), (300.1, 1700.0)),
            Self::Vector(_, Crowd::Many) => ((30, 50), (0.0, 1.0), (300.1, 1700.0)),
            Self::GanFingerprint => ((1, 15), (0.0, 1.0), (first + 300.0, last - 300.0)),
            Self::GanStretch => ((2, 3), (0.0, 1.0), (first + 40.0, last - 40.0)),
            Self::Crimson => ((2, 10), (0.1, 1.0), (first + 50.0 * step, last - 50.0 * step)),
            Self::Houhou => ((4, 7), (0.001, 0.5), (0.0, 1.0)),
            Self::Mix => ((1, 15), (0.01, 1.0), (0.0, 1.0)),
            Self::Weak => ((3, 12), (0.05, 1.0), (0.0, 1.0)),
            Self::Tissue => ((8, 50), (0.05, 1.0), (-0.05, 1.05)),
        };
        let n = count.0 + rng.below(count.1 - count.0 + 1);
        let mut drawn = Vec::with_capacity(n);
        for _ in 0..n {
            let amplitude = rng.uniform(heights.0, heights.1);
            let centre = rng.uniform(centres.0, centres.1);
            drawn.push(Resonance { amplitude, centre, half_width: self.half_width(rng) });
        }
        drawn
    }

    fn half_width(self, rng: &mut Rng) -> f64 {
        if self == Self::Tissue {
            return logarithmic(rng, 0.003, 0.04);
        }
        let (low, high) = match self {
            Self::Specnet | Self::LutOneSigmoid | Self::LutPolynomial => (0.001, 0.008),
            Self::Vector(Breadth::Medium, _) => (2.0, 25.0),
            Self::Vector(Breadth::Broad, _) => (2.0, 75.0),
            Self::GanStretch => (6.0, 15.0),
            Self::Crimson if rng.unit() < 0.1 => (10.0, 30.0),
            Self::Vector(Breadth::Narrow, _) | Self::GanFingerprint | Self::Crimson => (2.0, 10.0),
            Self::Houhou => (0.0001, 0.01),
            Self::Mix => (0.001, 0.012),
            Self::Weak => (0.004, 0.03),
            // The lists know their widths, and the other was drawn above.
            Self::Phantom | Self::Tissue => (3.0, 20.0),
        };
        rng.uniform(low, high)
    }

    /// Largest `|chi_R|`.
    fn strength(self, rng: &mut Rng) -> f64 {
        let logarithmic =
            |rng: &mut Rng, low: f64, high: f64| libm::exp(rng.uniform(libm::log(low), libm::log(high)));
        match self {
            Self::Crimson | Self::Houhou => 1.0,
            Self::Mix => rng.uniform(0.2, 1.0),
            Self::Weak | Self::Tissue => logarithmic(rng, 0.01, 0.2),
            Self::Phantom => logarithmic(rng, 0.03, 1.0),
            _ => rng.uniform(0.3, 1.0),
        }
    }

    fn background(self, rng: &mut Rng, axis: &[f64]) -> Vec<f64> {
        let unit = match self {
            Self::Vector(..) | Self::Crimson => 2000.0,
            Self::GanFingerprint | Self::GanStretch => axis[axis.len() - 1],
            _ => 1.0,
        };
        let u: Vec<f64> = match self {
            Self::Phantom => between(0.0, 1.0, axis.len()),
            _ => axis.iter().map(|w| w / unit).collect(),
        };
        match self {
            Self::LutOneSigmoid => CarsBackground::sigmoid(rng).over(&u),
            Self::LutPolynomial => CarsBackground::polynomial(rng).over(&u),
            Self::Crimson => {
                let (high, low) = (rng.uniform(0.5, 0.7), rng.uniform(0.3, 0.5));
                let ends = (high, high + (high - low));
                let ends = if rng.unit() < 0.5 { ends } else { (ends.1, ends.0) };
                CarsBackground::Line { ends }.over(&u)
            }
            Self::Houhou => {
                let (centre, sigma) = (rng.uniform(0.0, 1.0), rng.uniform(0.2, 0.8));
                CarsBackground::Gaussian { centre, sigma }.over(&u).iter().map(|v| 0.5 * v).collect()
            }
            Self::Mix => {
                let height = rng.uniform(0.3, 1.0);
                CarsBackground::any(rng).over(&u).iter().map(|v| height * v).collect()
            }
            Self::Weak | Self::Phantom | Self::Tissue => {
                let low = rng.uniform(0.5, 0.95);
                let mut values = CarsBackground::any(rng).over(&u);
                stretch(&mut values, low, 1.0);
                values
            }
            _ => CarsBackground::two_sigmoids(rng).over(&u),
        }
    }

    fn noise(self, rng: &mut Rng) -> Noise {
        match self {
            Self::Crimson => {
                let most = rng.uniform(0.005, 0.05);
                Noise::Normal(rng.uniform(0.0002, most))
            }
            Self::Mix => Noise::Both(rng.uniform(0.0005, 0.01)),
            Self::Weak | Self::Phantom | Self::Tissue => Noise::Relative(logarithmic(rng, 1e-4, 2e-3)),
            Self::Houhou => Noise::Relative(rng.uniform(0.0005, 0.003)),
            _ => Noise::Normal(rng.uniform(0.0005, 0.003)),
        }
    }

    /// Whether the generator stores `|chi|^2 / 2`.
    fn halved(self) -> bool {
        matches!(
            self,
            Self::Specnet
                | Self::LutOneSigmoid
                | Self::LutPolynomial
                | Self::Vector(..)
                | Self::GanFingerprint
                | Self::GanStretch
        )
    }
}

/// Between both, evenly in the logarithm.
fn logarithmic(rng: &mut Rng, low: f64, high: f64) -> f64 {
    libm::exp(rng.uniform(libm::log(low), libm::log(high)))
}

/// Makes the largest `|chi_R|` on the axis `height`.
fn scale_to(axis: &[f64], lines: &mut [Resonance], height: f64) {
    let (re, im) = susceptibility(axis, lines);
    let most = re.iter().zip(&im).map(|(re, im)| re * re + im * im).fold(0.0, f64::max).sqrt();
    if most > 0.0 {
        for line in lines {
            line.amplitude *= height / most;
        }
    }
}
