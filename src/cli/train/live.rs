//! What a training shows while it runs: a live line on the terminal, and a line for every validation.

use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar};

use super::super::output::say;
use super::super::progress;
use crate::train::Event;

/// Ticks of the bar from its beginning to its end.
const TICKS: u64 = 1000;
/// Between two lines where nobody watches.
const EVERY: Duration = Duration::from_mins(1);
/// Share of the last loss in the one that is shown.
const FRESH: f64 = 0.02;

/// What losses and scores are called.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Behind a loss.
    pub loss: &'static str,
    /// Before the scores.
    pub score: &'static str,
    /// Behind them.
    pub unit: &'static str,
}

/// The live line.
pub struct Live {
    words: Words,
    bar: ProgressBar,
    loss: Option<f64>,
    speed: Option<f64>,
    seen: (f64, u64),
    judged: String,
    said: Instant,
}

impl Live {
    /// Of trainings that are judged by SI-SNRi.
    pub fn new() -> Self {
        Self::with(Words { loss: " dB", score: "SI-SNRi", unit: " dB" })
    }

    /// With other names of its figures.
    pub fn with(words: Words) -> Self {
        let bar = progress::line(TICKS);
        Self {
            words,
            bar,
            loss: None,
            speed: None,
            seen: (0.0, 0),
            judged: String::new(),
            said: Instant::now(),
        }
    }

    /// Shows what happened.
    pub fn show(&mut self, event: Event<'_>) {
        match event {
            Event::Step { course, speed, left } => {
                self.speed = Some(speed);
                // The course sums losses up between lines of its table: the newest is the difference.
                let (sum, count) = self.seen;
                if course.loss_count > count && count > 0 {
                    let newest = (course.loss_sum - sum) / (course.loss_count - count) as f64;
                    let before = self.loss.unwrap_or(newest);
                    self.loss = Some(before + FRESH * (newest - before));
                }
                self.seen = (course.loss_sum, course.loss_count);
                let loss =
                    self.loss.map_or(String::new(), |loss| format!("   loss {loss:.2}{}", self.words.loss));
                let time = left.map_or(String::new(), |(_, seconds)| {
                    format!("   {} left", HumanDuration(Duration::from_secs(seconds.max(0.0) as u64)))
                });
                let line = format!("{} samples   {speed:.1}/s{loss}{}{time}", course.samples, self.judged);
                if self.bar.is_hidden() && self.said.elapsed() >= EVERY {
                    self.said = Instant::now();
                    say!("{line}");
                }
                self.bar.set_position((left.map_or(0.0, |(share, _)| share) * TICKS as f64) as u64);
                self.bar.set_message(line);
            }
            Event::Judged { row, sets } => {
                let scores: Vec<String> = sets
                    .iter()
                    .zip(&row.scores)
                    .map(|(set, score)| format!("{} {score:.2}", set.label))
                    .collect();
                self.judged = format!("   validation {}{}", scores.join(", "), self.words.unit);
                let line = format!(
                    "{} samples, {:.1} min: loss {:.2}{}, {} {}{}, learning rate {:.2e}",
                    row.samples,
                    row.minutes,
                    row.loss,
                    self.words.loss,
                    self.words.score,
                    scores.join(", "),
                    self.words.unit,
                    row.rate
                );
                self.bar.suspend(|| say!("{line}"));
            }
        }
    }

    /// Samples a second in this run; nothing when it made no step.
    pub fn speed(&self) -> Option<f64> {
        self.speed
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
