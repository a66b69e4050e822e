//! Sample `k` of a seed, the same whatever was made before it and on whichever thread.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::super::background::{Background, Smooth};
use super::super::distort::{BroadenScratch, broaden_in_place, shift_and_stretch_into};
use super::super::noise::{Detector, NoiseScratch, add_brown_and_white, add_cosmic_rays, add_white, detect};
use super::super::sums::{power_f32, sum};
use super::super::{Rng, SynthError};
use super::batch::Batch;
use super::choose::Chooser;
use super::pures::{Pures, Scale};
use super::recipe::Recipe;
use super::sample::{Distortion, Sample, Truth};
use super::settings::{Blend, Curve, Noise};

/// Purposes of a sample's generators: each stage draws from its own, so that one recipe's noise shifts no other draw.
const CHOICE: u64 = 0;
const INSTRUMENT: u64 = 1;
const BACKGROUND: u64 = 2;
const NOISE: u64 = 3;
const SPIKES: u64 = 4;
const BLEND: u64 = 5;

/// Samples a rayon task makes at least.
const PER_TASK: usize = 8;

/// Room for what one sample needs while it is made.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    noise: NoiseScratch,
    broaden: BroadenScratch,
    curve: Vec<f64>,
    row: Vec<f32>,
}

/// Where a sample is written: slices of one length, `parts` of as many lengths as there may be components.
pub struct Slots<'a> {
    pub mixture: &'a mut [f32],
    pub clean: &'a mut [f32],
    pub background: &'a mut [f32],
    pub parts: &'a mut [f32],
    pub truth: &'a mut Truth,
}

/// An endless, seeded sequence of mixtures with random access.
#[derive(Debug, Clone)]
pub struct Stream {
    pures: Arc<Pures>,
    recipe: Recipe,
    seed: u64,
    chooser: Chooser,
    /// Factor that brings each row to the recipe's scale; 0 for rows that are not drawn from.
    factors: Vec<f64>,
}

impl Stream {
    /// Mixtures of all rows.
    pub fn new(pures: impl Into<Arc<Pures>>, recipe: Recipe, seed: u64) -> Result<Self, SynthError> {
        let pures = pures.into();
        let rows: Vec<usize> = (0..pures.rows()).collect();
        Self::of_rows(pures, &rows, recipe, seed)
    }

    /// Mixtures of these rows only (one part of a split).
    pub fn of_rows(
        pures: impl Into<Arc<Pures>>,
        rows: &[usize],
        recipe: Recipe,
        seed: u64,
    ) -> Result<Self, SynthError> {
        let pures = pures.into();
        recipe.check()?;
        let chooser = Chooser::new(&pures, rows, &recipe.parts)?;
        let mut factors = vec![0.0; pures.rows()];
        for row in chooser.rows() {
            let factor = recipe.scale.factor(pures.row(*row));
            factors[*row] = factor.ok_or(SynthError::Empty { row: *row })?;
        }
        Ok(Self { pures, recipe, seed, chooser, factors })
    }

    /// The pure spectra.
    pub fn pures(&self) -> &Arc<Pures> {
        &self.pures
    }

    /// Points of each spectrum.
    pub fn points(&self) -> usize {
        self.pures.points()
    }

    /// Most components of a sample.
    pub fn most_parts(&self) -> usize {
        self.chooser.most()
    }

    /// Rows that are drawn from, ascending.
    pub fn rows(&self) -> &[usize] {
        self.chooser.rows()
    }

    /// Makes sample `k`.
    pub fn sample(&self, k: u64, into: &mut Sample) {
        let (slots, scratch) = into.slots(self.points(), self.most_parts());
        self.make(k, slots, scratch);
    }

    /// Makes the samples of a range, in parallel on the current rayon pool. Same bytes for any number of threads.
    pub fn fill(&self, range: Range<u64>, into: &mut Batch) {
        let (points, most) = (self.points(), self.most_parts());
        let samples = range.end.saturating_sub(range.start) as usize;
        into.resize(samples, points, most);
        let parts = into.parts.par_chunks_mut(points * most);
        let backgrounds = into.backgrounds.par_chunks_mut(points);
        into.mixtures
            .par_chunks_mut(points)
            .zip(backgrounds)
            .zip(parts)
            .zip(into.truths.par_iter_mut())
            .enumerate()
            .with_min_len(PER_TASK)
            .for_each_init(
                || (Scratch::default(), vec![0.0; points]),
                |(scratch, clean), (i, (((mixture, background), parts), truth))| {
                    let slots = Slots { mixture, clean, background, parts, truth };
                    self.make(range.start + i as u64, slots, scratch);
                },
            );
    }

    fn make(&self, k: u64, mut slots: Slots<'_>, scratch: &mut Scratch) {
        let rng = Rng::new(self.seed, k);
        self.chooser.choose(&mut rng.fork(CHOICE), k, &self.pures, slots.truth);
        let offset = self.mix(&mut rng.fork(INSTRUMENT), &rng.fork(BLEND), &mut slots, scratch);
        let peak = slots.clean.iter().fold(0.0, |most: f64, v| most.max((f64::from(*v) + offset).abs()));
        self.glow(&mut rng.fork(BACKGROUND), offset, peak, slots.background, &mut scratch.curve);
        for ((v, clean), glow) in
            slots.mixture.iter_mut().zip(slots.clean.iter()).zip(slots.background.iter())
        {
            *v = clean + glow;
        }
        self.noise(&mut rng.fork(NOISE), peak, &mut slots, &mut scratch.noise);
        slots.truth.spikes.clear();
        if let Some(spikes) = &self.recipe.spikes {
            let mut rng = rng.fork(SPIKES);
            let count = rng.below(spikes.most + 1);
            let height = (spikes.height.0 * peak, spikes.height.1 * peak);
            add_cosmic_rays(&mut rng, slots.mixture, count, height, &mut slots.truth.spikes);
        }
    }

    /// Writes the components and their sum; returns the vertical shift.
    fn mix(&self, rng: &mut Rng, blends: &Rng, slots: &mut Slots<'_>, scratch: &mut Scratch) -> f64 {
        let recipe = &self.recipe;
        let gain = recipe.gain.draw(rng);
        let offset = recipe.offset.draw(rng);
        let Slots { clean, parts, truth, .. } = slots;
        truth.distortions.clear();
        truth.blended.clear();
        clean.fill(0.0);
        parts.fill(0.0);
        for i in 0..truth.rows.len() {
            let distortion = match truth.distortions.first() {
                Some(first) if !recipe.distort_each => *first,
                _ => Distortion {
                    shift_cm1: recipe.shift_cm1.draw(rng),
                    stretch: recipe.stretch.draw(rng),
                    broadening_cm1: recipe.broadening_cm1.draw(rng),
                },
            };
            truth.distortions.push(distortion);
            let factor = (truth.weights[i] * gain * self.factors[truth.rows[i]]) as f32;
            let part = &mut parts[i * clean.len()..(i + 1) * clean.len()];
            let row = truth.rows[i];
            let specimen = self.recipe.blend.as_ref().and_then(|blend| {
                let mut rng = blends.fork(i as u64);
                (rng.unit() < blend.chance).then(|| self.specimen(&mut rng, blend, row, &mut truth.blended))
            });
            let pure = specimen.as_deref().unwrap_or(self.pures.row(row));
            self.part(pure, factor, &distortion, part, scratch);
        }
        add_up(parts, clean);
        truth.gain = gain;
        let height = |clean: &[f32]| clean.iter().fold(0.0, |most: f64, v| most.max(f64::from(v.abs())));
        let offset = offset * height(clean);
        let Some(factor) = normaliser(recipe.normalise, clean, offset) else { return offset };
        for v in parts.iter_mut() {
            *v = (f64::from(*v) * factor) as f32;
        }
        clean.fill(0.0);
        add_up(parts, clean);
        truth.gain = gain * factor;
        offset * factor
    }

    /// A specimen that nobody has measured: the row blended with others of its species, its bands made stronger and weaker.
    /// It has the row's norm.
    fn specimen(&self, rng: &mut Rng, blend: &Blend, row: usize, blended: &mut Vec<usize>) -> Vec<f32> {
        let norm = |y: &[f32]| (power_f32(y) * y.len() as f64).sqrt();
        let own = self.pures.row(row);
        let size = norm(own);
        let mut sum: Vec<f64> = own.iter().map(|v| f64::from(*v)).collect();
        let others = self.chooser.rows_of(self.pures.groups()[row]);
        for _ in 0..rng.below(blend.most + 1) {
            let other = others[rng.below(others.len())];
            let of_norm = size / norm(self.pures.row(other)).max(f64::MIN_POSITIVE);
            let weight = rng.uniform(0.1, 1.5) * of_norm;
            for (s, v) in sum.iter_mut().zip(self.pures.row(other)) {
                *s += weight * f64::from(*v);
            }
            blended.push(other);
        }
        let mut knots = (0.0, blend.ripple * rng.normal(), blend.ripple * rng.normal());
        let first = self.pures.x().first().copied().unwrap_or(0.0);
        for (s, x) in sum.iter_mut().zip(self.pures.x()) {
            while (x - first) / blend.spacing_cm1 > knots.0 + 1.0 {
                knots = (knots.0 + 1.0, knots.2, blend.ripple * rng.normal());
            }
            let t = (x - first) / blend.spacing_cm1 - knots.0;
            *s *= libm::exp(knots.1 + t * (knots.2 - knots.1));
        }
        let found = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
        let factor = size / found.max(f64::MIN_POSITIVE);
        sum.into_iter().map(|v| (v * factor) as f32).collect()
    }

    /// A pure spectrum times `factor`, as this instrument sees it.
    fn part(&self, pure: &[f32], factor: f32, how: &Distortion, part: &mut [f32], scratch: &mut Scratch) {
        let x = self.pures.x();
        let moved = how.shift_cm1.abs() > 0.0 || how.stretch.abs() > 0.0;
        if moved {
            scratch.row.clear();
            scratch.row.extend(pure.iter().map(|v| v * factor));
            shift_and_stretch_into(x, &scratch.row, how.shift_cm1, how.stretch, part);
        } else {
            for (v, pure) in part.iter_mut().zip(pure) {
                *v = pure * factor;
            }
        }
        broaden_in_place(x, part, how.broadening_cm1, &mut scratch.broaden);
    }

    /// Writes vertical shift and background.
    fn glow(&self, rng: &mut Rng, offset: f64, peak: f64, out: &mut [f32], curve: &mut Vec<f64>) {
        out.fill(offset as f32);
        let Some(glow) = &self.recipe.background else { return };
        if rng.unit() >= glow.chance {
            return;
        }
        let kind = glow.curves[rng.below(glow.curves.len())];
        let height = glow.height.draw(rng) * peak;
        match kind {
            Curve::Family(family) => {
                let drawn = Background::draw(rng, family);
                for (v, x) in out.iter_mut().zip(self.pures.x()) {
                    *v = (offset + height * drawn.at(*x)) as f32;
                }
            }
            Curve::Smooth(shape) => {
                curve.resize(out.len(), 0.0);
                Smooth::draw(rng, shape).fill(self.pures.x(), height, curve);
                for (v, c) in out.iter_mut().zip(curve.iter()) {
                    *v = (offset + c) as f32;
                }
            }
        }
    }

    /// Adds noise to the mixture and notes the ratio.
    fn noise(&self, rng: &mut Rng, peak: f64, slots: &mut Slots<'_>, scratch: &mut NoiseScratch) {
        let signal = power_f32(slots.clean);
        match &self.recipe.noise {
            Noise::Silent => {
                slots.truth.snr_db = f64::INFINITY;
                return;
            }
            Noise::BrownWhite { snr_db } => {
                slots.truth.snr_db = snr_db.draw(rng);
                add_brown_and_white(rng, slots.mixture, signal, slots.truth.snr_db, scratch);
                return;
            }
            Noise::White { sigma } => {
                let sigma = sigma.draw(rng) * peak;
                add_white(rng, slots.mixture, sigma);
            }
            Noise::Detector { peak_electrons, readout_electrons } => {
                let electrons = peak_electrons.draw_log(rng) / peak.max(f64::MIN_POSITIVE);
                let readout = readout_electrons.draw(rng) / electrons;
                let detector =
                    Detector { electrons_per_count: electrons, readout_counts: readout, offset_counts: 0.0 };
                detect(rng, slots.mixture, &detector);
            }
        }
        let noise = slots.mixture.iter().zip(slots.clean.iter()).zip(slots.background.iter());
        let squares = noise.map(|((v, c), b)| (f64::from(*v) - f64::from(*c) - f64::from(*b)).powi(2));
        let power = squares.sum::<f64>() / slots.clean.len() as f64;
        slots.truth.snr_db = if power > 0.0 { 10.0 * libm::log10(signal / power) } else { f64::INFINITY };
    }
}

/// Adds the components to `clean`.
fn add_up(parts: &[f32], clean: &mut [f32]) {
    for part in parts.chunks_exact(clean.len()) {
        for (sum, v) in clean.iter_mut().zip(part) {
            *sum += v;
        }
    }
}

/// Factor that brings clean mixture plus offset to this scale; `None` where nothing is to be done or can be.
fn normaliser(scale: Scale, clean: &[f32], offset: f64) -> Option<f64> {
    let size = match scale {
        Scale::AsIs => return None,
        Scale::UnitNorm => sum(clean, |v| {
            let v = f64::from(v) + offset;
            v * v
        })
        .sqrt(),
        Scale::UnitMax => clean.iter().fold(f64::MIN, |most, v| most.max(f64::from(*v))) + offset,
    };
    let factor = 1.0 / size;
    (factor.is_finite() && factor > 0.0).then_some(factor)
}
