//! The task: mixtures of the panel, their loss, the validation.

use std::ops::Range;

use burn::tensor::{Device, Tensor, activation};

use super::Substances;
use crate::nets::{DROPOUT_RATE, Dropout, Ramixnet, Statistics, ramixnet_loss};
use crate::solvers::{Fitted, PureFit, told};
use crate::synth::{Panel, Ranges, Rng, Scene};
use crate::train::{Set, Task, TrainError};

/// Marks mixtures of the validation among those of the same seed.
const VALIDATION: u64 = 0x7A11_DA7E;
/// Mixtures of the validation.
const HELD: usize = 512;

/// What the network is shown of a mixture, and the truth.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The fit of the pure spectra, with the network's input.
    pub fitted: Fitted,
    /// Dosages; present is what is above zero.
    pub dosages: Vec<f32>,
    /// Something else is there.
    pub other: bool,
}

/// Several of them one after the other.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// `[mixture, point]`
    pub x: Vec<f32>,
    /// `[mixture, number]`
    pub told: Vec<f32>,
    /// `[mixture, class]`
    pub present: Vec<f32>,
    /// `[mixture, class]`
    pub dosage: Vec<f32>,
}

/// Mixtures of substances, named and dosed.
#[derive(Debug)]
pub struct Mixing {
    fit: PureFit,
    panel: Panel,
    held: Panel,
    ranges: Ranges,
    seed: u64,
    plain: bool,
    validation: Rows,
}

impl Mixing {
    /// Of these substances, within these ranges.
    pub fn new(substances: &Substances, ranges: Ranges, seed: u64, plain: bool) -> Result<Self, TrainError> {
        ranges.check()?;
        let (low, high) = substances.range_cm1;
        let fit = PureFit::new(low, high, substances.points, &substances.means.concat())
            .map_err(|e| TrainError::Asked(format!("the pure spectra cannot be fitted: {e}")))?;
        let [mixed, held] = substances.split();
        let (panel, held) = (Panel::new(substances.x(), mixed)?, Panel::new(substances.x(), held)?);
        let mut task = Self { fit, panel, held, ranges, seed, plain, validation: Rows::default() };
        let shown: Vec<Shown> = (0..HELD as u64).map(|k| task.held_out(0, k, None)).collect();
        task.validation = task.rows(&shown);
        Ok(task)
    }

    /// Substances.
    pub fn classes(&self) -> usize {
        self.panel.classes()
    }

    /// Points of a spectrum.
    pub fn points(&self) -> usize {
        self.fit.points()
    }

    /// Mixture `k` of the training.
    pub fn trained(&self, k: u64) -> Shown {
        self.shown(&self.panel.scene(self.seed, k, &self.ranges))
    }

    /// Mixture `k` of part `part` of those that are not trained on: with something else as often as the ranges say, never,
    /// or always and then at 30 % of the whole.
    pub fn held_out(&self, part: u64, k: u64, other: Option<bool>) -> Shown {
        let seed = Rng::new(self.seed ^ VALIDATION, part).bits();
        let Some(other) = other else { return self.shown(&self.held.scene(seed, k, &self.ranges)) };
        let scene = self.held.scene(seed, k, &Ranges { foreign: 0.0, ..self.ranges.clone() });
        if !other {
            return self.shown(&scene);
        }
        let mut rng = Rng::new(seed, k).fork(1);
        let level = 0.3 / 0.7 * scene.levels.iter().copied().fold(0.0, f32::max);
        self.shown(&self.held.mixture(&mut rng, scene.levels, level, None, &self.ranges))
    }

    fn shown(&self, scene: &Scene) -> Shown {
        Shown { fitted: self.fit.fit(&scene.y), dosages: scene.dosages(), other: scene.other > 0.0 }
    }

    /// Several mixtures one after the other.
    pub fn rows(&self, shown: &[Shown]) -> Rows {
        let mut rows = Rows::default();
        for one in shown {
            rows.x.extend(&one.fitted.input);
            if !self.plain {
                rows.told.extend(told(&one.fitted));
            }
            rows.present.extend(one.dosages.iter().map(|d| f32::from(u8::from(*d > 0.0))));
            rows.dosage.extend(&one.dosages);
        }
        rows
    }

    /// Whether the network is told nothing of the fit.
    pub fn plain(&self) -> bool {
        self.plain
    }
}

/// A part of flat rows as a tensor.
pub fn part(values: &[f32], width: usize, rows: &Range<usize>, device: &Device) -> Tensor<2> {
    let values = values.get(rows.start * width..rows.end * width).unwrap_or_default();
    Tensor::<1>::from_floats(values, device).reshape([rows.len(), width])
}

impl Rows {
    fn answers(
        &self,
        net: &Ramixnet,
        (points, classes): (usize, usize),
        rows: &Range<usize>,
        dropout: &mut Dropout,
        device: &Device,
    ) -> (crate::nets::Answers, Tensor<2>, Tensor<2>) {
        let count = self.present.len() / classes;
        let told = (!self.told.is_empty()).then(|| part(&self.told, self.told.len() / count, rows, device));
        let answers =
            net.forward(part(&self.x, points, rows, device), told.as_ref(), Statistics::Batch, dropout);
        (answers, part(&self.present, classes, rows, device), part(&self.dosage, classes, rows, device))
    }
}

impl Task for Mixing {
    type Net = Ramixnet;
    type Batch = Rows;

    const SCORE: &'static str = "Validation (minus loss)";
    const LOSS: &'static str = "Training loss";

    fn batch(&self, first: u64, count: usize) -> Rows {
        let shown: Vec<Shown> = (first..first + count as u64).map(|k| self.trained(k)).collect();
        self.rows(&shown)
    }

    fn loss(
        &self,
        net: &Ramixnet,
        batch: &Rows,
        rows: Range<usize>,
        chance: Rng,
        device: &Device,
    ) -> Tensor<1> {
        let mut dropout = Dropout::new(DROPOUT_RATE, chance);
        let sizes = (self.points(), self.classes());
        let (answers, present, dosage) = batch.answers(net, sizes, &rows, &mut dropout, device);
        ramixnet_loss(&answers, present, dosage)
    }

    fn sets(&self) -> Vec<Set> {
        vec![Set { name: "minus_loss", label: "held out", items: 0..HELD }]
    }

    fn judge(&self, net: &Ramixnet, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String> {
        let sizes = (self.points(), self.classes());
        let (answers, present, dosage) =
            self.validation.answers(net, sizes, &items, &mut Dropout::none(), device);
        let odds = answers.presence;
        let mut each = (activation::softplus(odds.clone(), 1.0) - odds * present).mean_dim(1);
        if let Some(found) = answers.dosage {
            let off = activation::sigmoid(found) - dosage;
            each = each + (off.clone() * off).mean_dim(1) * 10.0;
        }
        let data = each.try_into_data().map_err(|e| format!("{e:?}"))?;
        let values = data.try_to_vec::<f32>().map_err(|e| format!("{e:?}"))?;
        Ok(values.iter().map(|v| -f64::from(*v)).collect())
    }
}
