//! The outcome: refined spectra with their bands, names or "not in the library", shares with intervals.

use super::super::evidence::{Explained, diagnostics, fewer};
use super::super::grid::Grid;
use super::super::report::{Rest, SMOOTH_POINTS, share_out, sum};
use super::super::signal::{smoothed, spread_of, unclaimed_peaks};
use super::super::{
    Component, Diagnostic, EntryWeight, Outcome, Request, Resolved, Selection, Uncertainty, Unlisted,
};
use super::beside::Beside;
use super::method::INFO;
use super::settle::Settled;
use crate::spectrum::metrics::norm;

/// Name of a component that is no species of the library.
const UNLISTED: &str = "Not in the library";
/// Half the width of a 90 % interval of a normal distribution, in standard deviations.
const NINETY: f64 = 1.645;

/// Everything that is known when the network is done.
pub(super) struct Written<'a> {
    pub request: &'a Request<'a>,
    pub settings: Resolved,
    pub references: &'a Selection<'a>,
    pub explained: Explained<'a>,
    /// The axis of the network; nothing where it does not meet the mixture's.
    pub grid: Option<&'a Grid>,
    pub settled: Vec<Settled>,
    /// Takes the place of the search's components where it was found.
    pub beside: Option<Beside>,
    pub device: String,
    pub notes: Vec<String>,
}

impl Written<'_> {
    pub fn outcome(mut self) -> Outcome {
        let mixture = self.request.mixture;
        let mut notes = std::mem::take(&mut self.notes);
        notes.append(&mut self.explained.notes);
        let spectra: Vec<Vec<f32>> = self.settled.iter().map(|s| self.spectrum(s)).collect();
        let sizes: Vec<f64> = spectra.iter().map(|s| norm(s)).collect();
        let mut components: Vec<Component> = Vec::with_capacity(spectra.len());
        for (at, (settled, spectrum)) in self.settled.iter().zip(spectra).enumerate() {
            let share = self.interval(&sizes, at);
            components.push(self.component(settled, spectrum, share));
        }
        share_out(&mut components, |c| &c.spectrum);
        number_the_unlisted(&mut components);
        let fits: Vec<Vec<f64>> =
            components.iter().map(|c| c.spectrum.iter().map(|v| f64::from(*v)).collect()).collect();
        let mut rest: Vec<f64> = mixture.y().iter().map(|v| f64::from(*v)).collect();
        for curve in fits.iter().chain([&self.explained.refit.background]) {
            rest.iter_mut().zip(curve).for_each(|(r, v)| *r -= v);
        }
        // What the corrections left of the smooth part belongs to the background.
        let smooth_rest = self.explained.smooth.part(&rest);
        let background: Vec<f64> =
            self.explained.refit.background.iter().zip(&smooth_rest).map(|(a, b)| a + b).collect();
        rest.iter_mut().zip(&smooth_rest).for_each(|(r, s)| *r -= s);
        let (unexplained, note) = Rest::of(&rest).unexplained(mixture.axis(), &sum(&fits, rest.len()));
        notes.extend(note);
        notes.extend(fewer(self.request.components, components.len()));
        notes.extend(self.references.notes(&components));
        notes.extend(self.references.note());
        let reconstruction: Vec<f32> =
            mixture.y().iter().zip(&rest).map(|(y, r)| (f64::from(*y) - r) as f32).collect();
        Outcome {
            method: INFO.id.to_owned(),
            method_name: INFO.name.to_owned(),
            asked: self.request.components,
            library: Some(self.references.library().to_owned()),
            mixture: mixture.clone(),
            concentrations: Vec::new(),
            cars: None,
            residual: mixture.y().iter().zip(&reconstruction).map(|(y, r)| y - r).collect(),
            reconstruction,
            background: background.iter().map(|v| *v as f32).collect(),
            unexplained,
            diagnostics: self.diagnostics(),
            components,
            notes,
            elapsed_ms: self.explained.started.elapsed().as_secs_f64() * 1e3,
            device: self.device,
            settings: self.settings.spelled_out(),
        }
    }

    /// The likely component and its correction, over the whole mixture.
    fn spectrum(&self, settled: &Settled) -> Vec<f32> {
        if let Some(beside) = &self.beside {
            return beside.curve(settled.slot);
        }
        let mut curve: Vec<f32> = match self.explained.refit.fits.get(settled.slot) {
            Some(fit) => fit.iter().map(|v| *v as f32).collect(),
            None => vec![0.0; self.request.mixture.len()],
        };
        if let (Some(correction), Some(grid)) = (&settled.correction, self.grid)
            && let Some(inside) = curve.get_mut(grid.inside.clone())
        {
            let trust = grid.trust();
            inside.iter_mut().zip(correction).zip(trust).for_each(|((v, c), trust)| *v += trust * c);
        }
        curve
    }

    fn component(&self, settled: &Settled, spectrum: Vec<f32>, share: Option<(f64, f64)>) -> Component {
        let part = self.explained.parts.get(settled.slot);
        let species =
            part.and_then(|part| self.references.species().get(part.species)).map(ToString::to_string);
        let (probability, enough) = settled.name;
        let named = species.is_some() && enough;
        let uncertainty = share.and_then(|share| Some(Uncertainty { band: self.band(settled)?, share }));
        let nearest = species.clone().filter(|_| !named);
        let unlisted = (!named).then(|| Unlisted {
            probability: 1.0 - settled.listed,
            peaks_cm1: self.peaks(&spectrum, uncertainty.as_ref()),
            nearest,
        });
        let weights = self.explained.refit.weights.get(settled.slot).map(Vec::as_slice).unwrap_or_default();
        let fixed = part.is_some_and(|part| self.references.fixed().contains(&part.species));
        let mut component = Component {
            name: if named { species.clone().unwrap_or_default() } else { UNLISTED.to_owned() },
            species: species.filter(|_| named),
            entries: Vec::new(),
            library_part: None,
            spectrum,
            share: 0.0,
            confidence: (named && !fixed).then_some(probability),
            alternatives: Vec::new(),
            uncertainty,
            unlisted,
        };
        if let (true, Some(part)) = (named, part) {
            component.entries = self.entries(part.atoms.iter().map(|a| a.row).zip(weights.iter().copied()));
            component.library_part =
                Some(part.stored(weights, self.request.mixture.len()).iter().map(|v| *v as f32).collect());
            component.alternatives.clone_from(&part.alternatives);
        }
        component
    }

    fn entries(&self, rows: impl Iterator<Item = (usize, f64)>) -> Vec<EntryWeight> {
        let entry = |(row, weight): (usize, f64)| {
            let entry = self.references.entries().get(row)?;
            (weight > 0.0).then(|| EntryWeight { id: entry.id, name: entry.name.to_string(), weight })
        };
        let mut all: Vec<EntryWeight> = rows.filter_map(entry).collect();
        all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        all
    }

    /// Over the whole mixture; where the network knows nothing as wide as at its ends.
    fn band(&self, settled: &Settled) -> Option<Vec<f32>> {
        let (first, last) = (*settled.band.first()?, *settled.band.last()?);
        let inside = self.grid?.inside.clone();
        let mut band = vec![first; inside.start];
        band.extend(&settled.band);
        band.resize(self.request.mixture.len(), last);
        Some(band)
    }

    /// Peaks of a component that stand out of its own uncertainty.
    fn peaks(&self, spectrum: &[f32], uncertainty: Option<&Uncertainty>) -> Vec<f64> {
        let mut curve: Vec<f64> = spectrum.iter().map(|v| f64::from(*v)).collect();
        self.explained.smooth.remove(&mut curve);
        let (smooth, _) = smoothed(&curve, SMOOTH_POINTS);
        let stated = uncertainty.map_or(0.0, |u| {
            u.band.iter().map(|v| f64::from(*v)).sum::<f64>() / u.band.len().max(1) as f64 / NINETY
        });
        // Six of these stand out; a band is rarely wrong by more than twice its width.
        let sigma = (stated / 3.0).max(spread_of(&smooth) / 2.0);
        let axis = self.request.mixture.axis();
        unclaimed_peaks(axis, &smooth, &vec![0.0; smooth.len()], sigma)
            .iter()
            .map(|p| p.position_cm1)
            .collect()
    }

    /// The share of one component as far as sizes are known: 90 %.
    fn interval(&self, sizes: &[f64], at: usize) -> Option<(f64, f64)> {
        let own = self.settled.get(at)?;
        if own.band.is_empty() {
            return None;
        }
        let others = sizes.iter().zip(&self.settled).enumerate().filter(|(other, _)| *other != at);
        let (mut rest, mut off) = (0.0, 0.0);
        for (_, (size, settled)) in others {
            rest += size;
            off += size * settled.level;
        }
        if rest <= 0.0 || sizes[at] <= 0.0 {
            let share = if rest > 0.0 { 0.0 } else { 1.0 };
            return Some((share, share));
        }
        let width = own.level.hypot(off / rest);
        let odds = (sizes[at] / rest).ln();
        let share = |odds: f64| 1.0 / (1.0 + (-odds).exp());
        Some((share(odds - width), share(odds + width)))
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = diagnostics(&self.explained.found, self.explained.by);
        let kept = self.settled.iter().filter(|s| s.correction.is_none()).count();
        all.push(Diagnostic::plain("kept_as_found", kept as f64));
        if let Some(grid) = self.grid {
            all.push(Diagnostic::plain("coverage", grid.coverage));
        }
        all
    }
}

/// `Not in the library`, and numbers where there are several.
fn number_the_unlisted(components: &mut [Component]) {
    let unlisted: Vec<&mut Component> = components.iter_mut().filter(|c| c.species.is_none()).collect();
    if unlisted.len() > 1 {
        for (at, component) in unlisted.into_iter().enumerate() {
            component.name = format!("{UNLISTED} {}", at + 1);
        }
    }
}
