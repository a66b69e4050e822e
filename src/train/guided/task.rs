//! The task: what is wrong with the library's explanation of a mixture.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::super::separator::{any_noise, paper, realistic, spectrometer};
use super::super::task::{Set, Task};
use super::super::{Material, Plan, TrainError};
use super::draw::{Draw, Hidden, Measured};
use super::example::{Example, inputs, places, targets, truths};
use super::library::{Censored, Explained};
use crate::nets::{Form, Guided, GuidedConfig, Judged, Terms, chosen_slots, guided_loss};
use crate::spectrum::metrics::si_snr_db;
use crate::synth::{Blend, Pures, Recipe, Rng, Sample, Span, Stream};

const QUESTIONS: usize = Judged::QUESTIONS;
/// Marks the validation's mixtures among those of the same seed.
const CHECKS: u64 = 0x6C4E_C450;
/// Single figures of a validation lie within these, as those of the benchmark do.
const LIMITS_DB: (f64, f64) = (-30.0, 60.0);
/// Mixtures whose mean input SI-SNR is stated.
const STATED: u64 = 1000;
/// What makes a new specimen of a known species: spectra of others of it, bands stronger and weaker, small errors of the
/// axis and the resolution.
const NEW_SPECIMENS: Blend = Blend { chance: 0.8, most: 2, ripple: 0.15, spacing_cm1: 60.0 };
const SHIFT_CM1: Span = Span(-1.0, 1.0);
const STRETCH: Span = Span(-3e-4, 3e-4);
const BROADENING_CM1: Span = Span(0.0, 2.0);
/// How far substances that nobody has seen are moved and stretched.
const MOVED_CM1: f64 = 150.0;
const STRETCHED: f64 = 0.08;

/// A guided training and its validation.
#[derive(Debug)]
pub struct Guidance {
    config: GuidedConfig,
    seed: u64,
    library: Censored,
    realistic: bool,
    /// For each way to measure: of stored spectra, of new specimens, of substances that nobody has seen; each of two and of
    /// three.
    streams: Vec<[[Stream; 2]; 3]>,
    /// Stored, another specimen stored, species not stored.
    checks: [Vec<Example>; 3],
    /// The same measured with a spectrometer, from realistic plans, and substances that nobody has seen: what is to be
    /// calibrated on besides.
    besides: Vec<Example>,
}

impl Guidance {
    /// The task of a plan.
    pub fn new(plan: &Plan<GuidedConfig>, material: &Material) -> Result<Self, TrainError> {
        let library = Censored::new(material)?;
        let trained = |recipe: Recipe, seed: u64| {
            Stream::of_rows(Arc::clone(&material.pures), &material.trained, recipe, seed)
        };
        let usual = |way: Measured, count| match way {
            Measured::Paper => paper(count),
            Measured::AnyNoise => any_noise(count),
            Measured::Spectrometer => spectrometer(count),
        };
        // Where spectra of the mixed specimens are stored they are mixed as they are; elsewhere they are new ones, so that
        // none can be learned by heart.
        let new = |way, count| Recipe {
            blend: Some(NEW_SPECIMENS),
            shift_cm1: SHIFT_CM1,
            stretch: STRETCH,
            broadening_cm1: BROADENING_CM1,
            distort_each: true,
            ..usual(way, count)
        };
        let invented = |way, count| Recipe {
            shift_cm1: Span(-MOVED_CM1, MOVED_CM1),
            stretch: Span(-STRETCHED, STRETCHED),
            ..new(way, count)
        };
        let streams = |way: Measured| -> Result<[[Stream; 2]; 3], TrainError> {
            Ok([
                [trained(usual(way, 2), plan.seed)?, trained(usual(way, 3), plan.seed ^ 1)?],
                [trained(new(way, 2), plan.seed ^ 2)?, trained(new(way, 3), plan.seed ^ 3)?],
                [trained(invented(way, 2), plan.seed ^ 4)?, trained(invented(way, 3), plan.seed ^ 5)?],
            ])
        };
        let ways = if plan.realistic { &Measured::ALL[..] } else { &Measured::ALL[..1] };
        let streams = ways.iter().map(|way| streams(*way)).collect::<Result<Vec<_>, _>>()?;
        let seed = plan.seed ^ CHECKS;
        let mut task = Self {
            config: plan.network.clone(),
            seed: plan.seed,
            library,
            realistic: plan.realistic,
            streams,
            checks: [const { Vec::new() }; 3],
            besides: Vec::new(),
        };
        let rows = |rows: &[usize], recipe| Stream::of_rows(Arc::clone(&material.pures), rows, recipe, seed);
        // One spectrum a substance: another specimen is the same one moved and broadened a little.
        let again =
            |recipe: Recipe| Recipe { noise: recipe.noise, background: recipe.background, ..realistic(2) };
        let other = |recipe: Recipe| {
            if material.several() {
                return rows(&material.held_out, recipe);
            }
            rows(&material.trained, again(recipe))
        };
        let all = |stream: &Stream, way, hidden| {
            let mut sample = Sample::default();
            let mut made = Vec::with_capacity(plan.validation);
            for k in 0..plan.validation as u64 {
                stream.sample(k, &mut sample);
                made.push((sample.clone(), Draw::two(way, hidden)));
            }
            task.examples(&made)
        };
        let sets = |way, recipe: Recipe| -> Result<[Vec<Example>; 3], TrainError> {
            let (own, other) = (rows(&material.trained, recipe.clone())?, other(recipe)?);
            Ok([
                all(&own, way, Hidden::Nothing)?.into_iter().map(|e| Example { stored: true, ..e }).collect(),
                all(&other, way, Hidden::Nothing)?,
                all(&other, way, Hidden::Species(0b11))?,
            ])
        };
        let checks = sets(Measured::Paper, paper(2))?;
        let mut besides: Vec<Example> = if plan.realistic {
            sets(Measured::Spectrometer, spectrometer(2))?.into_iter().flatten().collect()
        } else {
            Vec::new()
        };
        // The network has seen every species that a validation can hide.
        for way in ways {
            let stream = rows(&material.trained, invented(*way, 2))?;
            besides.extend(all(&stream, *way, Hidden::Invented)?);
        }
        (task.checks, task.besides) = (checks, besides);
        Ok(task)
    }

    /// The pure spectra.
    pub fn pures(&self) -> &Pures {
        self.streams[0][0][0].pures()
    }

    /// SI-SNRi of the candidates themselves in each set of the validation, in dB.
    pub fn candidates_db(&self) -> [f64; 3] {
        self.checks.each_ref().map(|set| {
            let gain = |example: &Example| {
                let powers: Vec<f64> = example.likely.iter().map(|c| power(c)).collect();
                let slots = chosen_slots(&powers, &example.lacking, None, example.asked);
                example_gain(
                    example,
                    &slots.iter().map(|s| example.likely[*s].as_slice()).collect::<Vec<_>>(),
                )
            };
            set.iter().map(gain).sum::<f64>() / set.len().max(1) as f64
        })
    }

    /// Mean SI-SNR of the mixtures of two against their components.
    pub fn input_si_snr_db(&self) -> f64 {
        let mut sample = Sample::default();
        let mean = |k: u64| {
            self.streams[0][0][0].sample(k, &mut sample);
            sample.parts().map(|part| si_snr_db(sample.mixture(), part)).sum::<f64>() / 2.0
        };
        (0..STATED).map(mean).sum::<f64>() / STATED as f64
    }

    fn examples(&self, made: &[(Sample, Draw)]) -> Result<Vec<Example>, TrainError> {
        let mixtures: Vec<&[f32]> = made.iter().map(|(sample, _)| sample.mixture()).collect();
        let hidden: Vec<Vec<bool>> =
            made.iter().map(|(sample, draw)| self.library.hidden(sample.truth(), draw.hidden)).collect();
        let told: Vec<RangeInclusive<usize>> = made.iter().map(|(_, draw)| draw.told.clone()).collect();
        let full = self.config.form == Form::Full;
        let scenes = self.library.scenes(&mixtures, &hidden, &told, full)?;
        let explained = hidden.iter().zip(scenes);
        Ok(made
            .iter()
            .zip(explained)
            .map(|(one, (hidden, scene))| self.example(one, hidden, scene))
            .collect())
    }

    fn example(
        &self,
        (sample, draw): &(Sample, Draw),
        hidden: &[bool],
        (scene, species): Explained,
    ) -> Example {
        let truth = sample.truth();
        let known = draw.hidden != Hidden::Invented;
        let same =
            |species: &Option<u32>| truth.groups.iter().position(|group| known && *species == Some(*group));
        let pure: Vec<&[f32]> = sample.parts().collect();
        let listed = truth.groups.iter().map(|group| known && self.library.lists(*group, hidden)).collect();
        let same = species.iter().map(same).collect();
        Example::new(&self.config, &scene, &pure, listed, same, draw.components)
    }

    /// The validation's mixtures, set after set, and the others that are to be calibrated on.
    pub(super) fn checks(&self) -> impl Iterator<Item = &Example> {
        self.checks.iter().flatten().chain(&self.besides)
    }

    fn check(&self, item: usize) -> Option<&Example> {
        self.checks.iter().flatten().nth(item)
    }
}

impl Task for Guidance {
    type Net = Guided;
    type Batch = Result<Vec<Example>, String>;

    fn batch(&self, first: u64, count: usize) -> Self::Batch {
        let made: Vec<(Sample, Draw)> = (first..first + count as u64)
            .map(|k| {
                let draw = Draw::new(self.seed, k, self.realistic);
                let kind = match draw.hidden {
                    Hidden::Nothing => 0,
                    Hidden::Specimens | Hidden::Species(_) => 1,
                    Hidden::Invented => 2,
                };
                let stream = &self.streams[draw.measured as usize][kind][usize::from(draw.components > 2)];
                let mut sample = Sample::default();
                stream.sample(k, &mut sample);
                (sample, draw)
            })
            .collect();
        self.examples(&made).map_err(|e| e.to_string())
    }

    fn loss(
        &self,
        net: &Guided,
        batch: &Self::Batch,
        rows: Range<usize>,
        _chance: Rng,
        device: &Device,
    ) -> Tensor<1> {
        let examples: Vec<&Example> =
            batch.as_ref().map(|all| all[rows].iter().collect()).unwrap_or_default();
        let points = self.streams[0][0][0].points();
        let (x, sizes, likely) = inputs(&examples, points, device);
        let refined = net.forward(x, sizes);
        let components = likely + refined.corrections.clone();
        let truths = truths(&examples, points, device);
        let terms = Terms::new(&components, &truths);
        let table = terms.shape.clone().inner().into_data().try_to_vec::<f32>().unwrap_or_default();
        let targets = targets(&examples, truths, &table, device);
        guided_loss(components, &terms, &refined, &targets, examples.len())
    }

    fn sets(&self) -> Vec<Set> {
        let names = [
            ("known_si_snri_db", "known"),
            ("held_out_si_snri_db", "held out"),
            ("lacking_si_snri_db", "not in the library"),
        ];
        let mut first = 0;
        let sets = names.iter().zip(&self.checks).map(|((name, label), set)| {
            let items = first..first + set.len();
            first = items.end;
            Set { name, label, items }
        });
        sets.collect()
    }

    fn judge(&self, net: &Guided, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String> {
        let examples: Vec<&Example> = items.filter_map(|item| self.check(item)).collect();
        let points = self.streams[0][0][0].points();
        let (x, sizes, likely) = inputs(&examples, points, device);
        let refined = net.forward(x, sizes);
        let read = |x: Tensor<2>| {
            let data = x.try_into_data().map_err(|e| format!("the components cannot be read: {e:?}"))?;
            data.try_to_vec::<f32>().map_err(|e| format!("the components cannot be read: {e:?}"))
        };
        let corrected = read(likely + refined.corrections)?;
        let odds = refined.judged.map(|judged| read(judged.odds)).transpose()?;
        let gain = |(example, rows, _): (&Example, Range<usize>, usize)| {
            let odds = odds.as_ref().map(|odds| &odds[QUESTIONS * rows.start..QUESTIONS * rows.end]);
            let component = |slot: usize| {
                if odds.is_some_and(|odds| odds[QUESTIONS * slot] > 0.0) {
                    return example.likely[slot].as_slice();
                }
                let row = rows.start + slot;
                &corrected[row * points..(row + 1) * points]
            };
            let powers: Vec<f64> = (0..example.slots()).map(|slot| power(component(slot))).collect();
            let there: Option<Vec<f32>> =
                odds.map(|odds| odds.iter().skip(1).step_by(QUESTIONS).copied().collect());
            let slots = chosen_slots(&powers, &example.lacking, there.as_deref(), example.asked);
            let components: Vec<&[f32]> = slots.into_iter().map(component).collect();
            example_gain(example, &components)
        };
        Ok(places(&examples).map(gain).collect())
    }
}

fn power(curve: &[f32]) -> f64 {
    curve.iter().map(|v| f64::from(*v).powi(2)).sum()
}

/// Mean SI-SNRi of the components in their best order.
fn example_gain(example: &Example, components: &[&[f32]]) -> f64 {
    let count = example.truths.len();
    let limited = |db: f64| db.clamp(LIMITS_DB.0, LIMITS_DB.1);
    let table: Vec<Vec<f64>> = example
        .truths
        .iter()
        .map(|truth| {
            let before = si_snr_db(&example.mixture, truth);
            components.iter().map(|c| limited(si_snr_db(c, truth)) - before).collect()
        })
        .collect();
    let lost: Vec<f64> =
        example.truths.iter().map(|truth| LIMITS_DB.0 - si_snr_db(&example.mixture, truth)).collect();
    best(&table, &lost, 0) / count as f64
}

/// Largest sum of one cell a row, no column twice; a row may also go without.
fn best(table: &[Vec<f64>], lost: &[f64], used: u32) -> f64 {
    let (Some((row, rest)), Some((none, others))) = (table.split_first(), lost.split_first()) else {
        return 0.0;
    };
    let free = row.iter().enumerate().filter(|(c, _)| used & (1 << c) == 0);
    let with = free.map(|(c, cell)| cell + best(rest, others, used | (1 << c))).fold(f64::MIN, f64::max);
    with.max(none + best(rest, others, used))
}
