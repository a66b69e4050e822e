//! From the network's outputs to components: sign, scale, how many of them, and more than two by taking apart the one
//! that still looks mixed.

use super::super::grid::Grid;
use super::super::model::Model;
use super::super::report::amounts;
use super::super::signal::{Smooth, correlation_length};
use super::super::{MethodError, Watch};
use super::forward::forward;
use super::method::INFO;
use crate::nets::SeparatorConfig;
use crate::spectrum::metrics::{norm, pearson};

/// Part of a component's points that lie below its zero: a network does not know the offset of its outputs.
const LOWEST: f64 = 0.02;
/// Outputs with less than this part of the largest one's norm hold rounding and nothing else.
const NOTHING: f64 = 1e-6;

/// What shall be taken apart.
pub(super) struct Task<'a> {
    pub model: &'a Model<SeparatorConfig>,
    pub grid: &'a Grid,
    /// What the network looks at, over the measured axis.
    pub input: &'a [f32],
    /// What the components are fitted to, over the points that the network knows.
    pub signal: &'a [f32],
    /// Curves that are part of every fit: the species that the user has fixed.
    pub held: &'a [Vec<f32>],
    /// The smooth background of every fit.
    pub smooth: &'a Smooth,
    /// How many answers there could be: what chance is measured by.
    pub candidates: usize,
}

/// How many components the network shall find.
pub(super) enum Wanted<'a> {
    Exactly(usize),
    /// As many as the data supports, up to `most`; beyond two, as many as `likely` says where there is a library.
    Auto {
        most: usize,
        likely: Option<&'a dyn Fn() -> Result<usize, MethodError>>,
    },
}

/// A component without scale.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Over the network's axis.
    model: Vec<f32>,
    /// Over the points that the network knows; norm 1, lowest 2 % below zero.
    pub here: Vec<f32>,
    /// What the network makes of it, once it was asked.
    halves: Option<Vec<Part>>,
    /// It was taken apart and nothing came of it.
    whole: bool,
}

/// Weights of curves in the signal, and what they leave.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// Of the held curves, then of the parts.
    pub weights: Vec<f64>,
    pub background: Vec<f64>,
    pub rest: Vec<f64>,
}

impl Fit {
    fn energy(&self) -> f64 {
        self.rest.iter().map(|v| v * v).sum()
    }
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Apart {
    pub parts: Vec<Part>,
    pub fit: Fit,
    /// Spectra that went through the network.
    pub forwards: usize,
    pub device: String,
    pub notes: Vec<String>,
}

impl Task<'_> {
    /// The network's own answer, then fewer or more components.
    pub fn run(&self, wanted: &Wanted, watch: &dyn Watch) -> Result<Apart, MethodError> {
        if matches!(wanted, Wanted::Exactly(0)) {
            let (parts, device) = (Vec::new(), "CPU, 1 thread".to_owned());
            return Ok(Apart { fit: self.fit(&parts)?, parts, forwards: 0, device, notes: Vec::new() });
        }
        let input = self.grid.to_model(self.input);
        let out = forward(self.model, std::slice::from_ref(&input), watch)?;
        let mut notes: Vec<String> = out.notice.into_iter().collect();
        let parts = self.parts(&input, out.outputs.first().map(Vec::as_slice).unwrap_or_default());
        let fit = self.fit(&parts)?;
        let mut apart = Apart { parts, fit, forwards: 1, device: out.device, notes: Vec::new() };
        match wanted {
            Wanted::Exactly(count) => self.keep_strongest(&mut apart, *count)?,
            Wanted::Auto { .. } => self.drop_chance(&mut apart)?,
        }
        let first = apart.parts.len();
        self.grow(&mut apart, wanted, watch)?;
        let count = apart.parts.len();
        if count > first.max(2) {
            notes.push(format!(
                "{count} components by taking the network's own apart again: it was trained on mixtures of two, so trust these less"
            ));
        }
        apart.notes.splice(0..0, notes);
        Ok(apart)
    }

    /// Outputs of the network as parts of what went in; empty ones are left out.
    fn parts(&self, parent: &[f32], outputs: &[Vec<f32>]) -> Vec<Part> {
        let level: Vec<Vec<f32>> = outputs.iter().map(|curve| oriented(curve, parent)).collect();
        let largest = level.iter().map(|curve| norm(curve)).fold(0.0, f64::max);
        let alive = level.into_iter().filter(|curve| norm(curve) > NOTHING * largest);
        let part = |model: Vec<f32>| {
            let here = scaled(&self.grid.to_here(&model))?;
            Some(Part { model, here, halves: None, whole: false })
        };
        alive.filter_map(part).collect()
    }

    pub fn fit(&self, parts: &[Part]) -> Result<Fit, MethodError> {
        let curves = self.held.iter().chain(parts.iter().map(|part| &part.here));
        let curves: Vec<&[f32]> = curves.map(Vec::as_slice).collect();
        fitted(self.signal, &curves, self.smooth)
    }

    /// Whether `more` explains so much beyond `fewer` that chance does not.
    fn beats_chance(&self, fewer: &Fit, more: &Fit) -> bool {
        let freedom = more.rest.len().saturating_sub(more.weights.len() + self.smooth.count()).max(1);
        let variance = more.energy() / freedom as f64 * correlation_length(&more.rest);
        // Spec of the pair search, section 6: the best of n candidates, plus a margin.
        fewer.energy() - more.energy() > variance * (2.0 * (self.candidates.max(2) as f64).ln() + 6.0)
    }

    /// The part with the least weight.
    fn weakest(&self, apart: &Apart) -> Option<usize> {
        let weights = apart.fit.weights.get(self.held.len()..)?;
        (0..weights.len()).min_by(|a, b| weights[*a].total_cmp(&weights[*b]))
    }

    fn keep_strongest(&self, apart: &mut Apart, count: usize) -> Result<(), MethodError> {
        while apart.parts.len() > count.max(1) {
            let Some(weakest) = self.weakest(apart) else { break };
            apart.parts.remove(weakest);
            apart.fit = self.fit(&apart.parts)?;
        }
        Ok(())
    }

    /// Leaves out what is below the noise; one component stays.
    fn drop_chance(&self, apart: &mut Apart) -> Result<(), MethodError> {
        while apart.parts.len() > usize::from(self.held.is_empty()) {
            let Some(weakest) = self.weakest(apart) else { break };
            let mut fewer = apart.parts.clone();
            fewer.remove(weakest);
            let fit = self.fit(&fewer)?;
            if self.beats_chance(&fit, &apart.fit) {
                break;
            }
            apart
                .notes
                .push("the network's weakest component is below the noise and was left out".to_owned());
            (apart.parts, apart.fit) = (fewer, fit);
        }
        Ok(())
    }

    fn grow(&self, apart: &mut Apart, wanted: &Wanted, watch: &dyn Watch) -> Result<(), MethodError> {
        let (target, by_chance) = match wanted {
            Wanted::Exactly(count) => (*count, false),
            // What is one already is not taken further: the network saw nothing else in it.
            Wanted::Auto { .. } if apart.parts.len() < 2 => return Ok(()),
            Wanted::Auto { most, likely: Some(likely) } if *most > apart.parts.len() => {
                (likely()?.min(*most), false)
            }
            Wanted::Auto { most, .. } => (*most, true),
        };
        while apart.parts.len() < target {
            watch.go_on()?;
            self.halve(apart, watch)?;
            let Some(chosen) = self.most_mixed(&apart.parts)? else { break };
            let mut parts = apart.parts.clone();
            let halves = parts[chosen].halves.take().unwrap_or_default();
            parts.splice(chosen..=chosen, halves);
            let fit = self.fit(&parts)?;
            let all_there = fit.weights.iter().skip(self.held.len()).all(|w| *w > 0.0);
            if all_there && (!by_chance || self.beats_chance(&apart.fit, &fit)) {
                (apart.parts, apart.fit) = (parts, fit);
                watch.progress(
                    apart.parts.len() as f32 / target.max(1) as f32 * 0.9,
                    "taking components apart",
                );
            } else {
                apart.parts[chosen].whole = true;
            }
        }
        Ok(())
    }

    /// Asks the network about every part that it was not asked about yet, all at once.
    fn halve(&self, apart: &mut Apart, watch: &dyn Watch) -> Result<(), MethodError> {
        let asked = |part: &&mut Part| part.halves.is_none() && !part.whole;
        let raised: Vec<Vec<f32>> =
            apart.parts.iter_mut().filter(asked).map(|part| lifted(&part.model)).collect();
        if raised.is_empty() {
            return Ok(());
        }
        let out = forward(self.model, &raised, watch)?;
        apart.forwards += raised.len();
        apart.notes.extend(out.notice);
        for ((part, parent), outputs) in apart.parts.iter_mut().filter(asked).zip(&raised).zip(&out.outputs) {
            part.halves = Some(self.parts(parent, outputs));
        }
        Ok(())
    }

    /// The part whose second half carries most signal that its first does not: what one substance cannot be.
    fn most_mixed(&self, parts: &[Part]) -> Result<Option<usize>, MethodError> {
        let weights = self.fit(parts)?.weights;
        let mut best: Option<(f64, usize)> = None;
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.whole) {
            let halves = part.halves.as_deref().unwrap_or_default();
            if halves.len() < 2 {
                continue;
            }
            let energy = |some: &[&[f32]]| fitted(&part.here, some, self.smooth).map(|fit| fit.energy());
            let all: Vec<&[f32]> = halves.iter().map(|half| half.here.as_slice()).collect();
            let mut alone = f64::INFINITY;
            for half in &all {
                alone = alone.min(energy(&[half])?);
            }
            let weight = weights.get(self.held.len() + at).copied().unwrap_or_default();
            let gain = weight * weight * (alone - energy(&all)?);
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, at));
            }
        }
        Ok(best.filter(|(gain, _)| *gain > 0.0).map(|(_, at)| at))
    }
}

/// Non-negative weights of curves in a signal beside a smooth background.
pub(super) fn fitted(signal: &[f32], curves: &[&[f32]], smooth: &Smooth) -> Result<Fit, MethodError> {
    let weights = amounts(signal, curves, smooth).ok_or_else(|| {
        MethodError::numbers(&INFO, format!("the fit of {} components did not settle", curves.len()))
    })?;
    let mut rest: Vec<f64> = signal.iter().map(|v| f64::from(*v)).collect();
    for (curve, weight) in curves.iter().zip(&weights) {
        for (r, v) in rest.iter_mut().zip(*curve) {
            *r -= weight * f64::from(*v);
        }
    }
    let background = smooth.part(&rest);
    smooth.remove(&mut rest);
    Ok(Fit { weights, background, rest })
}

/// Without its mean, and the way up that what went in is.
fn oriented(curve: &[f32], parent: &[f32]) -> Vec<f32> {
    let mean = curve.iter().map(|v| f64::from(*v)).sum::<f64>() / curve.len().max(1) as f64;
    let sign = if pearson(curve, parent) < 0.0 { -1.0 } else { 1.0 };
    curve.iter().map(|v| (sign * (f64::from(*v) - mean)) as f32).collect()
}

/// Raised or lowered until the lowest 2 % lie below zero.
fn lifted(curve: &[f32]) -> Vec<f32> {
    let mut sorted = curve.to_vec();
    let place = ((sorted.len().saturating_sub(1)) as f64 * LOWEST).round() as usize;
    if sorted.is_empty() {
        return sorted;
    }
    let low = *sorted.select_nth_unstable_by(place, f32::total_cmp).1;
    curve.iter().map(|v| v - low).collect()
}

/// Lifted, of norm 1; nothing where the curve is flat.
fn scaled(curve: &[f32]) -> Option<Vec<f32>> {
    let curve = lifted(curve);
    let size = norm(&curve);
    (size > 0.0 && size.is_finite()).then(|| curve.iter().map(|v| (f64::from(*v) / size) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{LINES, curve, references};
    use super::super::model::model;
    use super::*;

    #[test]
    fn outputs_upside_down_are_turned_and_their_offset_is_gone() {
        let line = curve(LINES[0].2);
        let down: Vec<f32> = line.iter().map(|v| 5.0 - 3.0 * v).collect();
        let up = scaled(&oriented(&down, &line)).unwrap();
        assert!(pearson(&up, &line) > 0.999_999);
        // Two percent of the points may lie below zero.
        assert!(up.iter().filter(|v| **v < -1e-6).count() <= up.len() / 50);
        assert!((norm(&up) - 1.0).abs() < 1e-6);
        assert_eq!(scaled(&[2.0; 9]), None);
        assert!(lifted(&[]).is_empty());
    }

    #[test]
    fn a_second_component_stays_where_it_beats_chance_only() {
        let references = references();
        let grid = Grid::new(model("").unwrap().card.axis, references.axis()).unwrap();
        let smooth = Smooth::new(grid.here.len(), 12);
        let mut rng = crate::synth::Rng::new(4, 0);
        let noise: Vec<f32> = (0..grid.here.len()).map(|_| (3.0 * rng.normal()) as f32).collect();
        let (first, second) = (curve(LINES[0].2), curve(LINES[1].2));
        for (amount, stays) in [(60.0, true), (1.0, false)] {
            let signal: Vec<f32> =
                (0..noise.len()).map(|i| 600.0 * first[i] + amount * second[i] + noise[i]).collect();
            let task = Task {
                model: &model("").unwrap(),
                grid: &grid,
                input: &signal,
                signal: &signal,
                held: &[],
                smooth: &smooth,
                candidates: 3000,
            };
            let part = |curve: &[f32]| Part {
                model: Vec::new(),
                here: scaled(curve).unwrap(),
                halves: None,
                whole: false,
            };
            let parts = vec![part(&first), part(&second)];
            let fit = task.fit(&parts).unwrap();
            let mut apart = Apart { parts, fit, forwards: 1, device: String::new(), notes: Vec::new() };
            task.drop_chance(&mut apart).unwrap();
            assert_eq!(apart.parts.len(), if stays { 2 } else { 1 }, "{amount}");
            assert_eq!(apart.notes.is_empty(), stays);
        }
    }

    #[test]
    fn the_part_that_is_two_substances_is_taken_apart_first() {
        let grid = Grid::new(model("").unwrap().card.axis, references().axis()).unwrap();
        let smooth = Smooth::new(grid.here.len(), 12);
        let part = |curve: &[f32], halves: Vec<Part>| Part {
            model: Vec::new(),
            here: scaled(curve).unwrap(),
            halves: Some(halves),
            whole: false,
        };
        let [a, b, c] = [0, 1, 3].map(|k| curve(LINES[k].2));
        let both: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let pure = part(&c, vec![part(&c, Vec::new()), part(&c, Vec::new())]);
        let mixed = part(&both, vec![part(&a, Vec::new()), part(&b, Vec::new())]);
        let signal: Vec<f32> = both.iter().zip(&c).map(|(v, c)| 200.0 * v + 900.0 * c).collect();
        let model = model("").unwrap();
        let task = Task {
            model: &model,
            grid: &grid,
            input: &signal,
            signal: &signal,
            held: &[],
            smooth: &smooth,
            candidates: 6,
        };
        assert_eq!(task.most_mixed(&[pure.clone(), mixed.clone()]).unwrap(), Some(1));
        assert_eq!(task.most_mixed(&[Part { whole: true, ..mixed }]).unwrap(), None);
    }
}
