//! The pure spectra: by substance, on one axis, without background, of height 1.

use std::sync::Arc;

use crate::process::{Pipeline, References};
use crate::spectrum::resample::{on_axis, overlap};
use crate::spectrum::{Axis, AxisKind, Spectrum};
use crate::train::TrainError;

/// Points of the axis, least and most: the published network has 2201.
const POINTS: (f64, f64) = (128.0, 2201.0);
/// Substances, most: every one makes the network slower.
const MOST: usize = 64;
/// Height over that of the whole spectrum below which there are only roundings.
const NOTHING: f32 = 1e-6;
/// What takes the background of a pure spectrum away.
const BASELINE: &str = "arpls";

/// Measured spectra of several substances.
#[derive(Debug, Clone)]
pub struct Substances {
    /// First and last position in cm-1.
    pub range_cm1: (f64, f64),
    /// Positions.
    pub points: usize,
    /// Names, in the order in which they came.
    pub names: Vec<String>,
    /// Spectra of each, scaled to their mean. `[class][spectrum][point]`
    pub spectra: Vec<Vec<Vec<f32>>>,
    /// Their means, of height 1. `[class][point]`
    pub means: Vec<Vec<f32>>,
    /// Height of each mean in the units of its files.
    pub heights: Vec<f64>,
}

/// The substance of a spectrum called like this: counters of repeated measurements (`_shot3`, `_2`, `(2)`) are no part of
/// its name.
pub fn substance_name(label: &str) -> String {
    let mut name = label.trim();
    if let Some((head, tail)) = name.rsplit_once('(')
        && tail.strip_suffix(')').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    {
        name = head.trim_end();
    }
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() < name.len() {
        let words = ["shot", "scan", "rep", "run", "spectrum", "measurement"];
        let lower = bare.to_ascii_lowercase();
        let lower = lower.trim_end_matches(['_', ' ', '-']);
        let cut = words
            .iter()
            .find_map(|word| lower.strip_suffix(word)?.strip_suffix(['_', ' ', '-']).map(str::len));
        match cut {
            Some(at) => name = &name[..at],
            None if bare.ends_with('_') => name = bare.trim_end_matches('_'),
            None => {}
        }
    }
    let name = name.trim_end_matches(['_', ' ']).replace('_', " ");
    if name.is_empty() { label.trim().to_owned() } else { name }
}

/// The same where pure spectra are marked as such: `pure_toluene` is toluene.
pub fn pure_name(label: &str) -> String {
    let name = substance_name(label);
    name.strip_prefix("pure ").map(str::trim).filter(|bare| !bare.is_empty()).unwrap_or(&name).to_owned()
}

/// Sentences for everything that keeps spectra with the names of their substances from being trained together, as far as
/// can be told at a glance.
pub fn hindrances(measured: &[(String, Spectrum)]) -> Vec<String> {
    let mut all: Vec<String> = counted(&names(measured)).err().into_iter().map(|e| e.to_string()).collect();
    match over_shift(measured) {
        Ok(shifted) if !shifted.is_empty() => all.extend(common_axis(&shifted).err().map(|e| e.to_string())),
        Ok(_) => {}
        Err(error) => all.push(error.to_string()),
    }
    all
}

/// The substances in the order in which they came.
fn names(measured: &[(String, Spectrum)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in measured {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Refuses too few and too many substances.
fn counted(names: &[String]) -> Result<(), TrainError> {
    if names.len() < 2 {
        let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(asked(format!(
            "pure spectra of at least 2 substances are needed, found {there}; spectra of one substance share the \
             beginning of their names (toluene_1, toluene_2)"
        )));
    }
    if names.len() > MOST {
        return Err(asked(format!("{} substances: at most {MOST} can be trained together", names.len())));
    }
    Ok(())
}

/// All spectra over Raman shift, low to high.
fn over_shift(measured: &[(String, Spectrum)]) -> Result<Vec<(&String, Spectrum)>, TrainError> {
    let one = |(name, spectrum)| -> Result<(&String, Spectrum), TrainError> {
        let spectrum: &Spectrum = spectrum;
        let converted =
            spectrum.converted(&AxisKind::RamanShift).map_err(|e| asked(format!("{name}: {e}")))?;
        Ok((name, converted.ascending()))
    };
    measured.iter().map(|(name, spectrum)| one((name, spectrum))).collect()
}

impl Substances {
    /// Of spectra and the names of their substances.
    pub fn new(measured: &[(String, Spectrum)]) -> Result<Self, TrainError> {
        let names = names(measured);
        counted(&names)?;
        let shifted = over_shift(measured)?;
        let axis = common_axis(&shifted)?;
        let steps: Pipeline = BASELINE.parse().map_err(|e| asked(format!("{e}")))?;
        let mut rows: Vec<Vec<Vec<f32>>> = vec![Vec::new(); names.len()];
        let mut bright = vec![0.0_f32; names.len()];
        for (name, spectrum) in &shifted {
            let y = on_axis(spectrum.axis(), spectrum.y(), &axis);
            let there = Spectrum::new(Arc::clone(&axis), y, spectrum.meta.clone());
            let flat = there.map_err(|e| asked(format!("{name}: {e}")))?;
            let flat = steps.run(&flat, &References::none()).map_err(|e| asked(format!("{name}: {e}")))?;
            if let Some(class) = names.iter().position(|n| n == *name) {
                rows[class].push(flat.y().to_vec());
                bright[class] = spectrum.y().iter().fold(bright[class], |top, v| top.max(v.abs()));
            }
        }
        let mut all = Self {
            range_cm1: (axis.low(), axis.high()),
            points: axis.len(),
            names,
            spectra: Vec::new(),
            means: Vec::new(),
            heights: Vec::new(),
        };
        for (class, (rows, bright)) in rows.into_iter().zip(bright).enumerate() {
            all.take(class, rows, bright)?;
        }
        Ok(all)
    }

    /// The spectra of one substance, whose files go up to `bright`.
    fn take(&mut self, class: usize, rows: Vec<Vec<f32>>, bright: f32) -> Result<(), TrainError> {
        let count = rows.len() as f32;
        let mut mean = vec![0.0_f32; self.points];
        for row in &rows {
            mean.iter_mut().zip(row).for_each(|(m, v)| *m += v / count);
        }
        let height = mean.iter().copied().fold(0.0_f32, f32::max);
        if !(height > NOTHING * bright && height.is_finite()) {
            return Err(asked(format!(
                "{}: nothing stands out of the background between {:.0} and {:.0} cm-1",
                self.names[class], self.range_cm1.0, self.range_cm1.1
            )));
        }
        for v in &mut mean {
            *v /= height;
        }
        let power: f64 = mean.iter().map(|v| f64::from(*v).powi(2)).sum();
        let scaled = rows.into_iter().filter_map(|mut row| {
            let along: f64 = row.iter().zip(&mean).map(|(v, m)| f64::from(v * m)).sum::<f64>() / power;
            let usable = along.is_finite() && along > 0.0;
            for v in &mut row {
                *v = (f64::from(*v) / along) as f32;
            }
            usable.then_some(row)
        });
        let scaled: Vec<Vec<f32>> = scaled.collect();
        self.spectra.push(if scaled.is_empty() { vec![mean.clone()] } else { scaled });
        self.means.push(mean);
        self.heights.push(f64::from(height));
        Ok(())
    }

    /// Positions in cm-1.
    pub fn x(&self) -> Vec<f64> {
        let (low, high) = self.range_cm1;
        let step = (high - low) / (self.points - 1) as f64;
        (0..self.points).map(|i| low + step * i as f64).collect()
    }

    /// Spectra that training mixes, and those that validation does: the last of every substance that has three or more is
    /// kept from training.
    pub fn split(&self) -> [Vec<Vec<Vec<f32>>>; 2] {
        let part = |held: bool| {
            let rows = |rows: &Vec<Vec<f32>>| match rows.split_last() {
                Some((last, rest)) if rest.len() >= 2 => {
                    if held {
                        vec![last.clone()]
                    } else {
                        rest.to_vec()
                    }
                }
                _ => rows.clone(),
            };
            self.spectra.iter().map(rows).collect()
        };
        [part(false), part(true)]
    }
}

/// What all spectra share, in steps of the usual spectrum.
fn common_axis(spectra: &[(&String, Spectrum)]) -> Result<Arc<Axis>, TrainError> {
    let Some((_, first)) = spectra.first() else { return Err(asked("no pure spectra".into())) };
    let (mut low, mut high) = (first.axis().low(), first.axis().high());
    for (name, spectrum) in spectra {
        let shared = overlap(first.axis(), spectrum.axis()).map_err(|e| asked(format!("{name}: {e}")))?;
        (low, high) = (low.max(shared.0), high.min(shared.1));
    }
    let mut steps: Vec<f64> = spectra.iter().map(|(_, s)| s.axis().mean_step().abs()).collect();
    let middle = steps.len() / 2;
    let step = *steps.select_nth_unstable_by(middle, f64::total_cmp).1;
    if low >= high || step.is_nan() || step <= 0.0 {
        let names: Vec<&str> = spectra.iter().map(|(name, _)| name.as_str()).collect();
        return Err(asked(format!("the pure spectra have no range in common: {}", names.join(", "))));
    }
    let points = ((high - low) / step + 1.0).round().clamp(POINTS.0, POINTS.1) as usize;
    Axis::even(AxisKind::RamanShift, low, high, points).map(Arc::new).map_err(|e| asked(e.to_string()))
}

fn asked(problem: String) -> TrainError {
    TrainError::Asked(problem)
}
