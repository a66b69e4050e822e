//! How far a training is. The window looks whenever it draws; the training never waits for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::train::ramixnet::Told;
use crate::train::{Course, Event, Row};

/// What a training does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrainStage {
    /// Spectra become a panel.
    #[default]
    Preparing,
    /// Mixtures are made and learned.
    Training,
    /// Calibration and scores.
    Finishing,
}

/// A point of the loss plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossPoint {
    /// Mixtures seen.
    pub samples: u64,
    /// Mean loss since the point before; none where nothing was learned since.
    pub loss: Option<f64>,
    /// Loss of mixtures that are not learned; none between validations.
    pub validation: Option<f64>,
}

/// How far a training is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainCourse {
    /// What it does.
    pub stage: TrainStage,
    /// Mixtures seen.
    pub samples: u64,
    /// Mixtures at its end.
    pub all: u64,
    /// Mixtures a second.
    pub speed: Option<f64>,
    /// Seconds until the last mixture.
    pub left_s: Option<f64>,
    /// The course so far.
    pub points: Vec<LossPoint>,
    /// Why it ended before its last mixture.
    pub ended: Option<String>,
}

/// A course that the work writes and the window reads.
#[derive(Debug, Clone, Default)]
pub struct Watched(Arc<Mutex<TrainCourse>>);

impl TrainCourse {
    /// The least loss of a validation.
    pub fn best(&self) -> Option<f64> {
        self.points.iter().filter_map(|point| point.validation).min_by(f64::total_cmp)
    }

    fn follow(&mut self, rows: &[Row]) {
        self.points.extend(rows.iter().skip(self.points.len()).map(point));
    }

    fn at(&mut self, course: &Course) {
        self.samples = course.samples;
        self.follow(&course.rows);
    }
}

fn point(row: &Row) -> LossPoint {
    let validation = row.scores.first().map(|score| -score);
    LossPoint { samples: row.samples, loss: (row.loss > 0.0).then_some(row.loss), validation }
}

impl Watched {
    /// As it is now.
    pub fn now(&self) -> TrainCourse {
        self.lock().clone()
    }

    /// A training that will see so many mixtures.
    pub(super) fn begin(&self, all: u64) {
        *self.lock() = TrainCourse { all, ..TrainCourse::default() };
    }

    pub(super) fn take(&self, told: &Told<'_>) {
        let mut now = self.lock();
        match told {
            Told::Resumed(course) => {
                now.stage = TrainStage::Training;
                now.at(course);
            }
            Told::Event(Event::Step { course, speed, left }) => {
                now.stage = TrainStage::Training;
                now.at(course);
                now.speed = Some(*speed);
                if let Some((share, left)) = left {
                    now.left_s = Some(*left);
                    now.all = (course.samples as f64 / share.max(1e-9)).round() as u64;
                }
            }
            Told::Event(Event::Judged { row, .. }) => now.points.push(point(row)),
            Told::Ended(why) => now.ended = Some((*why).to_owned()),
            Told::Finishing => {
                now.stage = TrainStage::Finishing;
                now.left_s = None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, TrainCourse> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TrainCourse {
    /// In words, for the status bar.
    pub(super) fn words(&self) -> String {
        match self.stage {
            TrainStage::Preparing => "preparing the spectra".to_owned(),
            TrainStage::Training => format!("{} of {} mixtures", self.samples, self.all),
            TrainStage::Finishing => "calibrating and scoring".to_owned(),
        }
    }

    /// Part of the work that is done, 0 to 1.
    pub fn fraction(&self) -> Option<f32> {
        /// What comes after the last mixture takes about this part of the time.
        const AFTERWARDS: f32 = 0.12;
        match self.stage {
            TrainStage::Preparing => None,
            TrainStage::Training => {
                Some((1.0 - AFTERWARDS) * (self.samples as f32 / self.all.max(1) as f32).min(1.0))
            }
            TrainStage::Finishing => Some(1.0 - AFTERWARDS),
        }
    }
}
