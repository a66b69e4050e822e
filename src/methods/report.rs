//! From "these species" to an outcome: the refit with a smooth background, the measured detail, shares, and what is
//! left unexplained. Every library method ends here.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use crate::solvers::{SmallWorkspace, nnls_small};
use crate::spectrum::Axis;
use crate::spectrum::metrics::norm;

use super::signal::{Smooth, noise_of, smoothed, spread_of, unclaimed_peaks};
use super::{
    Alternative, Component, Diagnostic, EntryWeight, MethodError, MethodInfo, Outcome, References, Request,
    Resolved, Selection, Unexplained,
};

/// Standard deviation in points of the window that separates detail from noise: narrower than any line that an
/// instrument resolves.
pub(super) const SMOOTH_POINTS: f64 = 1.5;
/// Detail that stands lower than this many standard deviations is noise and stays in the residual.
const DETAIL_SIGMA: f64 = 1.6;
/// What one component may take of the residual, as a part of its own library intensity there.
const DETAIL_OF_FIT: f64 = 1.0;

/// One row of the references as a method used it.
#[derive(Debug, Clone)]
pub(super) struct Atom<'a> {
    /// The row.
    pub row: usize,
    /// Its values, moved along the axis where the method did so.
    pub values: Cow<'a, [f32]>,
}

/// A component as a method found it: atoms of one species.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    /// Index into the species of the references.
    pub species: usize,
    /// What it is made of; the refit finds their weights.
    pub atoms: Vec<Atom<'a>>,
    /// Probability that it is there, from methods that know.
    pub confidence: Option<f64>,
    /// What could stand in its place.
    pub alternatives: Vec<Alternative>,
}

impl<'a> Part<'a> {
    /// A component made of these rows as they are.
    pub fn of_rows(references: &'a References, species: usize, rows: &[usize]) -> Self {
        let atoms =
            rows.iter().map(|row| Atom { row: *row, values: Cow::Borrowed(references.row(*row)) }).collect();
        Self { species, atoms, confidence: None, alternatives: Vec::new() }
    }

    /// The atoms times their weights, over so many points.
    pub fn stored(&self, weights: &[f64], points: usize) -> Vec<f64> {
        let mut sum = vec![0.0; points];
        for (atom, weight) in self.atoms.iter().zip(weights) {
            for (s, v) in sum.iter_mut().zip(atom.values.iter()) {
                *s += weight * f64::from(*v);
            }
        }
        sum
    }
}

/// What an outcome is made from, besides the components.
pub(super) struct Report<'a> {
    pub info: &'static MethodInfo,
    pub request: &'a Request<'a>,
    pub references: &'a Selection<'a>,
    pub settings: Resolved,
    /// The smooth background that is fitted with the components.
    pub smooth: Arc<Smooth>,
    /// Whether components get their share of the measured detail.
    pub detail: bool,
    pub diagnostics: Vec<Diagnostic>,
    pub notes: Vec<String>,
    pub started: Instant,
}

/// Weights of all atoms with a smooth background: the background is projected out, then non-negative least squares.
pub(super) struct Refit {
    /// By part, then by atom.
    pub weights: Vec<Vec<f64>>,
    /// Library part of each component. // [parts, points]
    pub fits: Vec<Vec<f64>>,
    pub background: Vec<f64>,
    /// What neither explains.
    pub rest: Vec<f64>,
}

impl Report<'_> {
    /// Refits the parts and writes everything down.
    pub fn finish(self, parts: Vec<Part<'_>>) -> Result<Outcome, MethodError> {
        let refit = self.refit(&parts)?;
        Ok(self.write_down(parts, &refit))
    }

    /// Writes down parts whose weights and spectra the method found itself.
    pub fn write_down(mut self, parts: Vec<Part<'_>>, refit: &Refit) -> Outcome {
        let fit = sum(&refit.fits, refit.rest.len());
        let rest = Rest::of(&refit.rest);
        let (unexplained, note) = rest.unexplained(self.request.mixture.axis(), &fit);
        self.notes.extend(note);
        let details = self.details(refit, &rest, &fit);
        let mut components: Vec<Component> = Vec::new();
        let mut lost = Vec::new();
        for (((part, weights), fit), detail) in
            parts.into_iter().zip(&refit.weights).zip(&refit.fits).zip(&details)
        {
            let name =
                self.references.species().get(part.species).map(ToString::to_string).unwrap_or_default();
            if weights.iter().all(|w| *w <= 0.0) {
                lost.push(name);
            } else {
                components.push(self.component(name, part, weights, fit, detail));
            }
        }
        if !lost.is_empty() {
            self.notes
                .push(format!("left out because the final fit gave them no weight: {}", lost.join(", ")));
        }
        share_out(&mut components, |c| c.library_part.as_deref().unwrap_or(&c.spectrum));
        self.outcome(components, &refit.background, unexplained)
    }

    fn refit(&self, parts: &[Part<'_>]) -> Result<Refit, MethodError> {
        let y = self.request.mixture.y();
        let weights = self.weights(parts)?;
        let mut rest: Vec<f64> = y.iter().map(|v| f64::from(*v)).collect();
        let mut fits = Vec::with_capacity(parts.len());
        let mut by_part = Vec::with_capacity(parts.len());
        let mut next = weights.into_iter();
        for part in parts {
            let own: Vec<f64> = next.by_ref().take(part.atoms.len()).collect();
            let fit = part.stored(&own, y.len());
            for (r, f) in rest.iter_mut().zip(&fit) {
                *r -= f;
            }
            fits.push(fit);
            by_part.push(own);
        }
        let background = self.smooth.part(&rest);
        self.smooth.remove(&mut rest);
        Ok(Refit { weights: by_part, fits, background, rest })
    }

    /// Weight of every atom of every part, one after the other.
    fn weights(&self, parts: &[Part<'_>]) -> Result<Vec<f64>, MethodError> {
        let curves: Vec<&[f32]> = parts.iter().flat_map(|p| &p.atoms).map(|a| &*a.values).collect();
        amounts(self.request.mixture.y(), &curves, &self.smooth).ok_or_else(|| {
            let problem = format!("the final fit of {} library spectra did not settle", curves.len());
            MethodError::numbers(self.info, problem)
        })
    }

    /// Soft mask: the smoothed residual is shared between the components in proportion to
    /// their fitted intensity. Noise is left where it is, and where nothing is fitted nothing is given.
    fn details(&self, refit: &Refit, rest: &Rest, fit: &[f64]) -> Vec<Vec<f64>> {
        if !self.detail {
            return refit.fits.iter().map(|f| vec![0.0; f.len()]).collect();
        }
        let given: Vec<f64> = rest
            .smooth
            .iter()
            .zip(fit)
            .map(|(over, fit)| {
                let limit = DETAIL_OF_FIT * fit;
                let excess = (over.abs() / (DETAIL_SIGMA * rest.sigma).max(f64::MIN_POSITIVE)).powi(2);
                let gain = if excess > 1.0 { 1.0 - 1.0 / excess } else { 0.0 };
                (gain * over).clamp(-limit, limit)
            })
            .collect();
        let part = |own: &Vec<f64>| {
            let shares = own
                .iter()
                .zip(fit)
                .map(|(own, all)| own.max(0.0) / (all + rest.noise).max(f64::MIN_POSITIVE));
            shares.zip(&given).map(|(share, given)| share * given).collect()
        };
        refit.fits.iter().map(part).collect()
    }

    fn component(
        &self,
        name: String,
        part: Part<'_>,
        weights: &[f64],
        fit: &[f64],
        detail: &[f64],
    ) -> Component {
        let entries = self.references.entries();
        let mut used: Vec<EntryWeight> = part
            .atoms
            .iter()
            .zip(weights)
            .filter(|(_, weight)| **weight > 0.0)
            .filter_map(|(atom, weight)| {
                let entry = entries.get(atom.row)?;
                Some(EntryWeight { id: entry.id, name: entry.name.to_string(), weight: *weight })
            })
            .collect();
        used.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Component {
            species: Some(name.clone()),
            name,
            entries: used,
            spectrum: fit.iter().zip(detail).map(|(f, d)| (f + d) as f32).collect(),
            library_part: Some(fit.iter().map(|f| *f as f32).collect()),
            confidence: part.confidence,
            alternatives: part.alternatives,
            ..Component::default()
        }
    }

    fn outcome(self, components: Vec<Component>, background: &[f64], unexplained: Unexplained) -> Outcome {
        let mixture = self.request.mixture;
        let reconstruction = reconstruction(background, &components);
        let residual = mixture.y().iter().zip(&reconstruction).map(|(y, r)| y - r).collect();
        let mut notes = self.notes;
        notes.extend(self.references.notes(&components));
        notes.extend(self.references.note());
        Outcome {
            method: self.info.id.to_owned(),
            method_name: self.info.name.to_owned(),
            settings: self.settings.spelled_out(),
            asked: self.request.components,
            library: Some(self.references.library().to_owned()),
            mixture: mixture.clone(),
            components,
            concentrations: Vec::new(),
            cars: None,
            reconstruction,
            background: background.iter().map(|v| *v as f32).collect(),
            residual,
            unexplained,
            diagnostics: self.diagnostics,
            notes,
            elapsed_ms: self.started.elapsed().as_secs_f64() * 1e3,
            device: "CPU, 1 thread".to_owned(),
        }
    }
}

/// What a fit leaves over, and its noise.
pub(super) struct Rest<'a> {
    values: &'a [f64],
    /// The same, smoothed.
    smooth: Vec<f64>,
    /// Of one point.
    noise: f64,
    /// Of one smoothed point.
    sigma: f64,
}

impl<'a> Rest<'a> {
    /// With the noise that it shows itself.
    pub fn of(values: &'a [f64]) -> Self {
        let (smooth, factor) = smoothed(values, SMOOTH_POINTS);
        let noise = noise_of(values);
        let sigma = (noise * factor).max(spread_of(&smooth));
        Self { values, smooth, noise, sigma }
    }

    /// Signal without an owner, and a sentence about it. `fit` is what the components explain.
    pub fn unexplained(&self, axis: &Axis, fit: &[f64]) -> (Unexplained, Option<String>) {
        let rms = (self.values.iter().map(|v| v * v).sum::<f64>() / self.values.len() as f64).sqrt();
        let peaks = unclaimed_peaks(axis, &self.smooth, fit, self.sigma);
        let note = peaks.first().map(|highest| {
            let places: Vec<String> = peaks.iter().map(|p| format!("{:.0}", p.position_cm1)).collect();
            format!(
                "signal that no component explains, {:.0} times its uncertainty at the highest: {} cm-1",
                highest.significance,
                places.join(", ")
            )
        });
        let ratio = if self.noise > 0.0 { rms / self.noise } else { 0.0 };
        (Unexplained { noise: self.noise, ratio, peaks }, note)
    }
}

/// Non-negative weights of curves that make up a mixture together with a smooth background, which is projected out;
/// `None` where the solver did not settle.
pub(super) fn amounts(mixture: &[f32], curves: &[&[f32]], smooth: &Smooth) -> Option<Vec<f64>> {
    // The mixture's own scale: squares of very large or small intensities leave the range of numbers.
    let scale = norm(mixture).max(f64::MIN_POSITIVE);
    let flat = |values: &[f32], scale: f64| {
        let mut row: Vec<f64> = values.iter().map(|v| f64::from(*v) / scale).collect();
        smooth.remove(&mut row);
        row
    };
    let y = flat(mixture, scale);
    let norms: Vec<f64> = curves.iter().map(|curve| norm(curve).max(f64::MIN_POSITIVE)).collect();
    let rows: Vec<Vec<f64>> = curves.iter().zip(&norms).map(|(curve, norm)| flat(curve, *norm)).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let gram: Vec<f64> = rows.iter().flat_map(|a| rows.iter().map(|b| dot(a, b))).collect();
    let b: Vec<f64> = rows.iter().map(|row| dot(row, &y)).collect();
    let mut workspace = SmallWorkspace::with_capacity(rows.len());
    let settled = nnls_small(&mut workspace, &gram, &b, 0).converged;
    settled.then(|| workspace.weights().iter().zip(&norms).map(|(w, norm)| w * scale / norm).collect())
}

/// Background and components, point by point.
pub(super) fn reconstruction(background: &[f64], components: &[Component]) -> Vec<f32> {
    let mut sum = background.to_vec();
    for component in components {
        for (s, v) in sum.iter_mut().zip(&component.spectrum) {
            *s += f64::from(*v);
        }
    }
    sum.into_iter().map(|v| v as f32).collect()
}

/// Point by point sum of the positive parts.
pub(super) fn sum(fits: &[Vec<f64>], points: usize) -> Vec<f64> {
    let mut all = vec![0.0; points];
    for fit in fits {
        for (a, f) in all.iter_mut().zip(fit) {
            *a += f.max(0.0);
        }
    }
    all
}

/// Relative signal of each component, by the norm of `curve`, largest first.
pub(super) fn share_out(components: &mut [Component], curve: fn(&Component) -> &[f32]) {
    let total: f64 = components.iter().map(|c| norm(curve(c))).sum();
    for component in components.iter_mut() {
        component.share = if total > 0.0 { norm(curve(component)) / total } else { 0.0 };
    }
    components.sort_by(|a, b| b.share.total_cmp(&a.share));
}
