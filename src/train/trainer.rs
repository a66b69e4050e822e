//! The loop: steps, validations, the table, checkpoints, limits.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::Tensor;

use super::adam::{Adam, Rates};
use super::checkpoint::Checkpoint;
use super::course::{Course, Row};
use super::crew::Crew;
use super::figure::figure;
use super::flat::{Layout, ROW, numbers};
use super::settings::{Limits, LoopSettings};
use super::task::{Set, Task};
use super::{TrainError, files};
use crate::nets::Array;
use crate::synth::Rng;

/// Time between two checkpoints.
const EVERY: Duration = Duration::from_mins(1);
/// Lines of the table from one validation to the next.
const LINES: u64 = 10;
/// Marks the generator of dropout among those of the same seed.
const DROPOUT: u64 = 0x0D20_9007;

/// What is told while a training runs.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step was done.
    Step {
        /// How far it is.
        course: &'a Course,
        /// Samples a second in this run, validations left out.
        speed: f64,
        /// Share of this run that is done, 0 to 1, and seconds left; where there is a limit.
        left: Option<(f64, f64)>,
    },
    /// A validation was done.
    Judged {
        /// The table's newest line.
        row: &'a Row,
        /// Names of its scores.
        sets: &'a [Set],
    },
}

/// A training of one network in one folder.
#[derive(Debug)]
pub struct Trainer<'a, T: Task> {
    task: &'a T,
    crew: &'a Crew,
    settings: LoopSettings,
    /// The task's settings for the manifests.
    stored: serde_json::Value,
    folder: PathBuf,
    seed: u64,
    layout: Layout,
    plain: T::Net,
    trained: T::Net,
    adam: Adam,
    course: Course,
    next: Option<(u64, T::Batch)>,
    /// Losses still on the device; read one step late, so that the device has its next step meanwhile.
    pending: Vec<Tensor<1>>,
    /// Step and lines at the last checkpoint.
    saved: Option<(u64, usize)>,
}

impl<'a, T: Task> Trainer<'a, T>
where
    T::Net: Send,
{
    /// Begins with the weights of `net`, which lies on the crew's device without gradients.
    pub fn new(
        task: &'a T,
        net: T::Net,
        crew: &'a Crew,
        settings: LoopSettings,
        stored: serde_json::Value,
        folder: &Path,
        seed: u64,
    ) -> Result<Self, TrainError> {
        settings.check().map_err(TrainError::Asked)?;
        let (layout, flat) = Layout::of(&net)?;
        let weights = Tensor::from_floats(flat.as_slice(), crew.device());
        Ok(Self {
            task,
            crew,
            settings,
            stored,
            folder: folder.to_owned(),
            seed,
            layout,
            trained: net.clone().train(),
            plain: net,
            adam: Adam::new(weights),
            course: Course::default(),
            next: None,
            pending: Vec::new(),
            saved: None,
        })
    }

    /// Goes on from a checkpoint of the same network.
    pub fn resume(mut self, checkpoint: &Checkpoint) -> Result<Self, TrainError> {
        let (wanted, found) = (self.layout.len(), checkpoint.vectors.each_ref().map(Vec::len));
        if found.iter().any(|found| *found != wanted) {
            let problem = format!(
                "the checkpoint holds {found:?} numbers, this network has {wanted}; it belongs to another network"
            );
            return Err(TrainError::file(&self.folder, problem));
        }
        let [weights, first, second, average] = checkpoint
            .vectors
            .each_ref()
            .map(|vector| Tensor::from_floats(vector.as_slice(), self.crew.device()));
        self.adam = Adam { weights, first, second, average };
        self.course = checkpoint.manifest.course.clone();
        self.saved = Some((self.course.step, self.course.rows.len()));
        self.write_table()?;
        Ok(self)
    }

    /// How far it is.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// Weights of the network.
    pub fn parameters(&self) -> usize {
        self.layout.parameters()
    }

    /// The averaged weights.
    pub fn average(&self) -> Result<Vec<Array>, TrainError> {
        Ok(self.layout.arrays(&numbers(&self.adam.average)?))
    }

    /// Trains until a limit is reached, counted from `begun`, and saves. Nothing is lost between two runs.
    pub fn run(
        &mut self,
        limits: Limits,
        begun: Instant,
        told: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), TrainError> {
        self.run_while(limits, begun, &|| true, told)
    }

    /// The same, as long as `go_on` says so; it is asked before every step.
    pub fn run_while(
        &mut self,
        limits: Limits,
        begun: Instant,
        go_on: &dyn Fn() -> bool,
        told: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), TrainError> {
        let sets = self.task.sets();
        let (first_sample, first_step) = (self.course.samples, self.course.step);
        let mut mark = Instant::now();
        let mut saved = mark;
        let (mut step_seconds, mut judge_seconds, mut trained) = (0.0, None, 0.0);
        let items = sets.iter().map(|set| set.items.len()).sum::<usize>() as f64;
        while go_on() {
            if self.course.samples - self.course.judged_at >= self.settings.validate_every {
                // Training a sample costs about three times its forward pass.
                let guess = items * step_seconds / (3.0 * self.settings.batch as f64);
                let late = |m: f64| begun.elapsed().as_secs_f64() + judge_seconds.unwrap_or(guess) > 60.0 * m;
                if self.course.step > first_step && limits.minutes.is_some_and(late) {
                    break;
                }
                let start = Instant::now();
                self.judge(&sets)?;
                judge_seconds = Some(start.elapsed().as_secs_f64());
                self.count_time(&mut mark);
                if let Some(row) = self.course.rows.last() {
                    told(Event::Judged { row, sets: &sets });
                }
            }
            let over = |limit: Option<u64>, now: u64| limit.is_some_and(|limit| now >= limit);
            let late = |m: f64| begun.elapsed().as_secs_f64() + step_seconds > 60.0 * m;
            if over(limits.samples, self.course.samples)
                || over(limits.steps, self.course.step)
                || limits.minutes.is_some_and(late)
            {
                break;
            }
            let start = Instant::now();
            self.step()?;
            step_seconds = start.elapsed().as_secs_f64();
            trained += step_seconds;
            self.count_time(&mut mark);
            if (self.course.samples - self.course.told_at) * LINES >= self.settings.validate_every
                && self.course.samples - self.course.judged_at < self.settings.validate_every
            {
                self.settle()?;
                let rate = self.rate();
                self.course.tell(rate, Vec::new());
                self.write_table()?;
            }
            let speed = (self.course.samples - first_sample) as f64 / trained.max(1e-9);
            let left = self.left(limits, begun.elapsed().as_secs_f64(), first_sample, speed);
            told(Event::Step { course: &self.course, speed, left });
            if saved.elapsed() >= EVERY {
                self.save()?;
                saved = Instant::now();
            }
        }
        self.save()
    }

    fn count_time(&mut self, mark: &mut Instant) {
        self.course.seconds += mark.elapsed().as_secs_f64();
        *mark = Instant::now();
    }

    fn left(&self, limits: Limits, seconds: f64, first: u64, speed: f64) -> Option<(f64, f64)> {
        let by_time = limits.minutes.map(|m| (seconds / (60.0 * m).max(1e-9), (60.0 * m - seconds).max(0.0)));
        let by_samples = |limit: u64| {
            let (done, all) = (self.course.samples - first, limit.saturating_sub(first));
            let left = limit.saturating_sub(self.course.samples) as f64;
            (done as f64 / (all as f64).max(1.0), left / speed.max(1e-9))
        };
        let batch = self.settings.batch as u64;
        let samples = [limits.samples, limits.steps.map(|steps| steps.saturating_mul(batch))];
        let all = samples.into_iter().flatten().map(by_samples).chain(by_time);
        all.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The learning rate of the next step.
    fn rate(&self) -> f64 {
        let schedule = self.settings.schedule(self.course.step, self.course.samples);
        self.settings.rate * self.course.plateau.factor * schedule
    }

    /// One step of the optimiser. A panic of the device becomes an error: the last checkpoint is still there.
    fn step(&mut self) -> Result<(), TrainError> {
        let (first, count) = (self.course.samples, self.settings.batch);
        let batch = match self.next.take() {
            Some((at, batch)) if at == first => batch,
            _ => self.task.batch(first, count),
        };
        let rates = Rates {
            rate: self.rate(),
            clip: self.settings.clip,
            average: self.settings.average,
            step: self.course.step,
        };
        let stepped = catch_unwind(AssertUnwindSafe(|| self.descend(&batch, rates)));
        let (adam, losses, next) = stepped.map_err(|panic| {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words =
                words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("the device failed");
            TrainError::Stopped { samples: first, problem: words.to_owned() }
        })?;
        self.adam = adam;
        self.settle()?;
        self.pending = losses;
        self.course.step += 1;
        self.course.samples += count as u64;
        self.next = Some((self.course.samples, next));
        Ok(())
    }

    /// The state after one step, the losses of the shares, and the batch after this one.
    fn descend(&self, batch: &T::Batch, rates: Rates) -> (Adam, Vec<Tensor<1>>, T::Batch) {
        let (first, count) = (self.course.samples, self.settings.batch);
        let (layout, weights) = (&self.layout, &self.adam.weights);
        let pieces = self.crew.alone(|| layout.pieces(weights));
        let net = || Layout::filled(self.trained.clone(), &pieces, true);
        let work: Vec<_> = self.crew.shares(count).into_iter().map(|share| (share, net())).collect();
        let device = self.crew.device();
        let tracked = device.clone().autodiff();
        let chance = Rng::new(self.seed, DROPOUT);
        let (task, crew, asked) = (self.task, self.crew, self.settings.at_once);
        let each = |(share, net): (Range<usize>, T::Net)| {
            let at_once = crew.portion(asked, share.len());
            let mut sum: Option<(Tensor<1>, Tensor<1>)> = None;
            for start in share.clone().step_by(at_once) {
                let rows = start..(start + at_once).min(share.end);
                let weight = rows.len() as f64 / count as f64;
                let chance = chance.fork(first + start as u64);
                let loss = task.loss(&net, batch, rows, chance, &tracked) * weight;
                let mut gradients = loss.backward();
                let part = (layout.gradient(&net, &mut gradients, device), loss.inner());
                sum = Some(match sum {
                    None => part,
                    Some((gradient, loss)) => (gradient + part.0, loss + part.1),
                });
            }
            sum
        };
        let then = first + count as u64;
        let (parts, next) = self.crew.together(work, each, || task.batch(then, count));
        let (gradients, losses): (Vec<_>, Vec<_>) = parts.into_iter().flatten().unzip();
        let adam = self.adam.clone();
        let adam = self.crew.alone(|| match gradients.into_iter().reduce(|a, b| a + b) {
            Some(gradient) => adam.step(gradient, ROW, rates),
            None => adam,
        });
        (adam, losses, next)
    }

    /// Reads the loss of the step before.
    fn settle(&mut self) -> Result<(), TrainError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut loss = 0.0;
        for part in std::mem::take(&mut self.pending) {
            loss += numbers(&part)?.iter().map(|v| f64::from(*v)).sum::<f64>();
        }
        if !loss.is_finite() {
            return Err(TrainError::NotFinite { samples: self.course.samples });
        }
        self.course.loss_sum += loss;
        self.course.loss_count += 1;
        Ok(())
    }

    /// Judges the averaged weights and lets the plateau decide on the rate.
    fn judge(&mut self, sets: &[Set]) -> Result<(), TrainError> {
        self.settle()?;
        let rate = self.rate();
        let items = sets.iter().map(|set| set.items.end).max().unwrap_or(0);
        let (layout, average) = (&self.layout, &self.adam.average);
        let pieces = self.crew.alone(|| layout.pieces(average));
        let net = || Layout::filled(self.plain.clone(), &pieces, false);
        let work: Vec<_> = self.crew.shares(items).into_iter().map(|share| (share, net())).collect();
        let (task, device) = (self.task, self.crew.device());
        let at_once = self.crew.portion(self.settings.at_once, self.settings.batch);
        let each = |(share, net): (Range<usize>, T::Net)| -> Result<Vec<f64>, String> {
            let mut figures = Vec::with_capacity(share.len());
            for start in share.clone().step_by(at_once) {
                figures.extend(task.judge(&net, start..(start + at_once).min(share.end), device)?);
            }
            Ok(figures)
        };
        let samples = self.course.samples;
        let (parts, ()) = self.crew.together(work, each, || ());
        let parts: Result<Vec<Vec<f64>>, String> = parts.into_iter().collect();
        let figures = parts.map_err(|problem| TrainError::Stopped { samples, problem })?.concat();
        let mean = |set: &Set| {
            let values = figures.get(set.items.clone()).unwrap_or_default();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        let scores: Vec<f64> = sets.iter().map(mean).collect();
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(TrainError::NotFinite { samples });
        }
        if !scores.is_empty() {
            let all = scores.iter().sum::<f64>() / scores.len() as f64;
            self.course.plateau.take(all, self.settings.patience);
        }
        self.course.tell(rate, scores);
        self.write_table()
    }

    fn write_table(&self) -> Result<(), TrainError> {
        let sets = self.task.sets();
        files::write(&self.folder.join("log.csv"), self.course.csv(&sets).as_bytes())?;
        files::write(
            &self.folder.join("curve.svg"),
            figure(&self.course, &sets, [T::SCORE, T::LOSS]).as_bytes(),
        )
    }

    fn save(&mut self) -> Result<(), TrainError> {
        self.settle()?;
        let now = (self.course.step, self.course.rows.len());
        if self.saved == Some(now) {
            return Ok(());
        }
        let Adam { weights, first, second, average } = &self.adam;
        let [w, f, s, a] = [numbers(weights)?, numbers(first)?, numbers(second)?, numbers(average)?];
        if [&w, &f, &s, &a].iter().any(|vector| vector.iter().any(|v| !v.is_finite())) {
            return Err(TrainError::NotFinite { samples: self.course.samples });
        }
        Checkpoint::write(&self.folder, &self.stored, &self.course, [&w, &f, &s, &a])?;
        self.saved = Some(now);
        Ok(())
    }
}
