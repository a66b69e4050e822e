//! From spectra to a model, in one folder, as long as it pays.

use std::path::Path;
use std::time::Instant;

use super::adapt::adapted;
use super::finish::finish;
use super::task::Mixing;
use super::{RamixPlan, Substances};
use crate::nets::{
    CardAxis, CardData, CardStep, CardWeights, Design as _, ModelCard, RamixnetConfig, Version,
};
use crate::train::{Checkpoint, Course, Crew, Event, Limits, TrainError, Trainer, model_file};

/// Minutes of a limit that are kept for what comes after the training: this, or a part of the limit where that is less.
const AFTERWARDS: f64 = 0.75;
const AFTERWARDS_SHARE: f64 = 0.15;
/// Part of the pace of the first mixtures that is counted on.
const PACE: f64 = 0.95;
/// A validation is better when its loss is lower by this share.
const BETTER: f64 = 0.005;

/// What is told while it runs.
pub enum Told<'a> {
    /// An event of the training.
    Event(Event<'a>),
    /// Why it ended before its limit.
    Ended(&'a str),
    /// Where it goes on.
    Resumed(&'a Course),
    /// What comes after the training begins: statistics, calibration, scores.
    Finishing,
}

/// What came out.
#[derive(Debug)]
pub struct Trained {
    /// The card, as it was written.
    pub card: ModelCard<RamixnetConfig>,
    /// Minutes from the beginning of this run to its end.
    pub minutes: f64,
}

/// Trains a plan's network and writes `model.safetensors` and `model.json` into a folder. `go_on` is asked before
/// every step; what was trained until then is kept, and there is no model yet.
#[expect(
    clippy::too_many_arguments,
    reason = "what, how long, where, on what, who watches: each is one thing"
)]
pub fn train_ramixnet(
    plan: &RamixPlan,
    substances: &Substances,
    minutes: Option<f64>,
    folder: &Path,
    (crew, device_name): (&Crew, &str),
    citation: &str,
    go_on: &dyn Fn() -> bool,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<Option<Trained>, TrainError> {
    let begun = Instant::now();
    let mut plan = plan.clone();
    std::fs::create_dir_all(folder).map_err(|e| TrainError::file(folder, e.to_string()))?;
    let ranges = adapted(substances)?;
    let task = Mixing::new(substances, ranges, plan.seed, plan.plain)?;
    let config = plan.network(0);
    config.check().map_err(TrainError::Asked)?;
    let stored = serde_json::to_value(&plan).map_err(|e| TrainError::Asked(e.to_string()))?;
    let trainer_of = |plan: &RamixPlan| {
        let net = config.first(plan.seed, crew.device());
        Trainer::new(&task, net, crew, plan.course.clone(), stored.clone(), folder, plan.seed)
    };
    let mut trainer = trainer_of(&plan)?;
    if let Some(checkpoint) = Checkpoint::newest(folder)? {
        trainer = trainer.resume(&checkpoint)?;
        told(Told::Resumed(trainer.course()));
    }
    let mut paced = false;
    let minutes = minutes.map(|m| m - AFTERWARDS.min(AFTERWARDS_SHARE * m));
    loop {
        let every = plan.course.validate_every;
        let next = (trainer.course().samples / every + 1) * every;
        let before = trainer.course().samples;
        let limits = Limits { minutes, samples: Some(next.min(plan.samples)), steps: None };
        let all = plan.samples;
        trainer.run_while(limits, begun, go_on, &mut |event| told(Told::Event(of_all(event, all))))?;
        if !go_on() {
            return Ok(None);
        }
        if trainer.course().samples >= plan.samples {
            break;
        }
        if let (false, Some(minutes)) = (paced, minutes) {
            paced = true;
            let seen = trainer.course().samples - before;
            if let Some(fewer) =
                within(&plan, seen, trainer.course().samples, begun.elapsed().as_secs_f64(), minutes)
            {
                plan = fewer;
                if let Some(checkpoint) = Checkpoint::newest(folder)? {
                    trainer = trainer_of(&plan)?.resume(&checkpoint)?;
                }
            }
        }
        if trainer.course().samples == before
            || minutes.is_some_and(|m| begun.elapsed().as_secs_f64() >= 60.0 * m)
        {
            told(Told::Ended("the time is over"));
            break;
        }
        if settled(trainer.course(), plan.patience) {
            told(Told::Ended("the validation does not get better"));
            break;
        }
    }
    told(Told::Finishing);
    let weights = trainer.average()?;
    let Some(finished) = finish(weights, &plan, substances, &task, crew.device(), go_on)? else {
        return Ok(None);
    };
    let (bytes, weights) = model_file::packed(&finished.arrays)?;
    let mut card = card(&plan, substances, weights, trainer.course(), device_name)?;
    citation.clone_into(&mut card.data.citation);
    let mut panel = finished.panel;
    panel.curve = curve(trainer.course());
    card.panel = Some(panel);
    model_file::write(folder, &bytes, &card)?;
    Ok(Some(Trained { card, minutes: begun.elapsed().as_secs_f64() / 60.0 }))
}

/// The event with what is left of the whole training: the loop knows its next validation alone.
fn of_all(event: Event<'_>, all: u64) -> Event<'_> {
    match event {
        Event::Step { course, speed, .. } => {
            let share = course.samples as f64 / all.max(1) as f64;
            let left = all.saturating_sub(course.samples) as f64 / speed.max(1e-9);
            Event::Step { course, speed, left: Some((share, left)) }
        }
        judged @ Event::Judged { .. } => judged,
    }
}

/// The plan with as many mixtures as the time allows at the pace of the first ones, where those are fewer: the rate has to
/// fall to 0 before the time is over.
fn within(plan: &RamixPlan, seen: u64, samples: u64, seconds: f64, minutes: f64) -> Option<RamixPlan> {
    let left = (60.0 * minutes - seconds) * PACE * seen as f64 / seconds.max(1e-9);
    let batch = plan.course.batch as u64;
    let all = samples + (left.max(0.0) as u64 / batch).max(1) * batch;
    (all < plan.samples).then(|| {
        let mut fewer = RamixPlan { samples: all, ..plan.clone() };
        (fewer.course.cool_down, fewer.course.cool_to) = ((all / 2).min(all - samples), all);
        fewer
    })
}

/// Whether the last validations were no better than the best before them.
fn settled(course: &Course, patience: u32) -> bool {
    let losses: Vec<f64> = course.validations(0).into_iter().map(|(_, score)| -score).collect();
    let Some(split) = losses.len().checked_sub(patience as usize) else { return false };
    let (before, last) = losses.split_at(split);
    let least = |values: &[f64]| values.iter().copied().fold(f64::MAX, f64::min);
    !before.is_empty() && least(last) > (1.0 - BETTER) * least(before)
}

fn curve(course: &Course) -> Vec<CardStep> {
    let step = |row: &crate::train::Row| CardStep {
        samples: row.samples,
        minutes: row.minutes,
        loss: row.loss,
        validation: row.scores.first().map(|score| -score),
    };
    course.rows.iter().filter(|row| !row.scores.is_empty()).map(step).collect()
}

fn card(
    plan: &RamixPlan,
    substances: &Substances,
    weights: CardWeights,
    course: &Course,
    device: &str,
) -> Result<ModelCard<RamixnetConfig>, TrainError> {
    let (first_cm1, last_cm1) = substances.range_cm1;
    let axis = CardAxis { first_cm1, last_cm1, points: substances.points };
    let version = match plan.version {
        Version::I => "I",
        Version::II => "II",
    };
    let names = plan.names.join(", ");
    let network = plan.network(substances.points);
    network.check().map_err(TrainError::Asked)?;
    let name = match plan.name.trim() {
        "" => format!("RaMixNet {version}: {names}"),
        name => name.to_owned(),
    };
    let mut card = ModelCard::new(name, network, axis, weights);
    card.normalisation = "smooth background projected out, mean square 1".into();
    let spectra: usize = substances.spectra.iter().map(Vec::len).sum();
    card.data = CardData {
        library: names,
        spectra,
        species: plan.names.len(),
        realistic: true,
        ..CardData::default()
    };
    card.training = model_file::training(course, plan.seed, device, None);
    Ok(card)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_training_that_would_take_too_long_sees_fewer_mixtures_and_cools_down_in_time() {
        let plan = RamixPlan::new(Version::II, vec!["a".into(), "b".into()], 1);
        assert_eq!(within(&plan, 2048, 2048, 10.0, 5.0), None);
        // 20 mixtures a second for 200 seconds.
        let slow = within(&plan, 2000, 2048, 100.0, 5.0).unwrap();
        assert_eq!(slow.samples, 2048 + 3776);
        assert_eq!((slow.course.cool_down, slow.course.cool_to), (2912, 5824));
        assert_eq!(slow.course.check(), Ok(()));
        let late = within(&plan, 2000, 2048, 400.0, 5.0).unwrap();
        assert_eq!(late.samples, 2048 + 64);
        assert_eq!(late.course.check(), Ok(()));
    }

    #[test]
    fn a_validation_that_stays_where_it_is_ends_the_training() {
        let mut course = Course::default();
        let mut add = |losses: &[f64]| {
            for loss in losses {
                course.rows.push(crate::train::Row {
                    step: 1,
                    samples: 1,
                    minutes: 0.0,
                    loss: 0.0,
                    rate: 0.0,
                    scores: vec![-loss],
                });
            }
            settled(&course, 3)
        };
        assert!(!add(&[1.0, 0.5, 0.3]));
        assert!(!add(&[0.2]));
        assert!(!add(&[0.2, 0.21]));
        assert!(add(&[0.1999]));
    }
}
