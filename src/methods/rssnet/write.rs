//! The outcome: spectra in the units of the mixture, shares, names, the library's part, and what is left unexplained.

use std::ops::Range;
use std::time::Instant;

use super::super::grid::Grid;
use super::super::model::Model;
use super::super::report::{Rest, amounts, reconstruction, share_out, sum};
use super::super::signal::Smooth;
use super::super::{Component, Diagnostic, EntryWeight, MethodError, Outcome, Request, Resolved, Selection};
use super::apart::Apart;
use super::method::INFO;
use super::naming::Likeness;
use super::raw::Prepared;
use crate::nets::SeparatorConfig;

/// Everything that is known when the network is done.
pub(super) struct Written<'a> {
    pub request: &'a Request<'a>,
    pub settings: Resolved,
    pub references: Option<&'a Selection<'a>>,
    pub model: &'a Model<SeparatorConfig>,
    pub grid: &'a Grid,
    pub ready: &'a Prepared,
    /// Rows of the fixed species.
    pub held: &'a [(usize, Vec<f32>)],
    pub apart: &'a Apart,
    /// What each part looks like.
    pub names: &'a [Option<Likeness>],
    pub smooth: &'a Smooth,
    pub started: Instant,
}

/// A component over the points that the network knows.
struct Found {
    component: Component,
    fit: Vec<f64>,
}

impl Written<'_> {
    pub fn outcome(self) -> Result<Outcome, MethodError> {
        let mixture = self.request.mixture;
        let mut notes = vec![self.model.words()];
        notes.extend(self.grid.notes());
        notes.extend(self.ready.note.clone());
        notes.extend(self.apart.notes.iter().cloned());
        let mut found = self.fixed();
        found.extend(self.parts(&mut notes)?);
        let fits: Vec<Vec<f64>> = found.iter().map(|f| f.fit.clone()).collect();
        let explained = sum(&fits, self.grid.inside.len());
        let (unexplained, note) = Rest::of(&self.apart.fit.rest).unexplained(&self.grid.here, &explained);
        notes.extend(note);
        let mut components: Vec<Component> = found.into_iter().map(|f| f.component).collect();
        // By what the network found, not by the library's part of it.
        share_out(&mut components, |c| &c.spectrum);
        number_the_unnamed(&mut components);
        if let Some(references) = self.references {
            notes.extend(references.notes(&components));
            notes.extend(references.note());
        }
        self.say_how_many(&components, &mut notes);
        let background = self.background();
        let reconstruction = reconstruction(&background, &components);
        Ok(Outcome {
            method: INFO.id.to_owned(),
            method_name: INFO.name.to_owned(),
            settings: self.settings.spelled_out(),
            asked: self.request.components,
            library: self.references.map(|r| r.library().to_owned()),
            mixture: mixture.clone(),
            components,
            concentrations: Vec::new(),
            cars: None,
            residual: mixture.y().iter().zip(&reconstruction).map(|(y, r)| y - r).collect(),
            reconstruction,
            background: background.iter().map(|v| *v as f32).collect(),
            unexplained,
            diagnostics: self.diagnostics(),
            notes,
            elapsed_ms: self.started.elapsed().as_secs_f64() * 1e3,
            device: self.apart.device.clone(),
        })
    }

    /// The species that the user has fixed, as far as they have weight.
    fn fixed(&self) -> Vec<Found> {
        let Some(references) = self.references else { return Vec::new() };
        let mut all = Vec::new();
        for species in references.fixed() {
            let rows = self.held.iter().zip(&self.apart.fit.weights);
            let used = rows
                .filter(|((row, _), weight)| references.species_of(*row) == Some(*species) && **weight > 0.0);
            let (mut fit, mut entries) = (vec![0.0; self.grid.inside.len()], Vec::new());
            for ((row, curve), weight) in used {
                add(&mut fit, curve, *weight);
                entries.extend(self.entry(*row, *weight));
            }
            if entries.is_empty() {
                continue;
            }
            entries.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            let spectrum = self.spread(&fit);
            let name = references.species().get(*species).map(ToString::to_string).unwrap_or_default();
            let component =
                Component { entries, library_part: Some(spectrum.clone()), ..bare(Some(name), spectrum) };
            all.push(Found { component, fit });
        }
        all
    }

    /// The network's components that have weight.
    fn parts(&self, notes: &mut Vec<String>) -> Result<Vec<Found>, MethodError> {
        let weights = self.apart.fit.weights.get(self.held.len()..).unwrap_or_default();
        let least = self.settings.number("min_match");
        let atoms = self.atoms(weights, least)?;
        let mut all = Vec::new();
        for (at, (part, weight)) in self.apart.parts.iter().zip(weights).enumerate() {
            if *weight <= 0.0 {
                notes.push(
                    "a component of the network was left out because the final fit gave it no weight".into(),
                );
                continue;
            }
            let mut fit = vec![0.0; part.here.len()];
            add(&mut fit, &part.here, *weight);
            let spectrum = self.spread(&fit);
            let like = self.names.get(at).and_then(Option::as_ref);
            let name = like.filter(|like| like.cosine >= least).and_then(|like| self.species(like.species));
            if let Some(like) = like {
                notes.extend(self.likeness_in_words(like, name.is_some()));
            }
            let mut component = bare(name, spectrum);
            if let Some((row, weight)) = atoms.get(at).copied().flatten() {
                component.entries.extend(self.entry(row, weight));
                let mut stored = vec![0.0; part.here.len()];
                add(&mut stored, self.row(row), weight);
                component.library_part = Some(self.spread(&stored));
            }
            all.push(Found { component, fit });
        }
        Ok(all)
    }

    /// The library spectra of the named components, fitted to the signal together with whatever has no name: row and
    /// weight of each part.
    fn atoms(&self, weights: &[f64], least: f64) -> Result<Vec<Option<(usize, f64)>>, MethodError> {
        let named: Vec<Option<usize>> = (0..self.apart.parts.len())
            .map(|at| {
                let like = self.names.get(at)?.as_ref()?;
                (like.cosine >= least && weights.get(at).is_some_and(|w| *w > 0.0)).then_some(like.row)
            })
            .collect();
        if named.iter().all(Option::is_none) {
            return Ok(vec![None; named.len()]);
        }
        let own = named.iter().zip(&self.apart.parts).map(|(row, part)| match row {
            Some(row) => self.row(*row),
            None => part.here.as_slice(),
        });
        let curves: Vec<&[f32]> = own.chain(self.held.iter().map(|(_, curve)| curve.as_slice())).collect();
        let signal = self.ready.signal.get(self.grid.inside.clone()).unwrap_or_default();
        let found = amounts(signal, &curves, self.smooth).ok_or_else(|| {
            let problem = format!("the final fit of {} library spectra did not settle", curves.len());
            MethodError::numbers(&INFO, problem)
        })?;
        Ok(named
            .iter()
            .zip(found)
            .map(|(row, weight)| row.filter(|_| weight > 0.0).map(|row| (row, weight)))
            .collect())
    }

    fn row(&self, row: usize) -> &[f32] {
        let whole = self.references.map(|r| r.row(row)).unwrap_or_default();
        whole.get(self.grid.inside.clone()).unwrap_or_default()
    }

    fn species(&self, species: usize) -> Option<String> {
        self.references?.species().get(species).map(ToString::to_string)
    }

    fn entry(&self, row: usize, weight: f64) -> Option<EntryWeight> {
        let entry = self.references?.entries().get(row)?;
        Some(EntryWeight { id: entry.id, name: entry.name.to_string(), weight })
    }

    fn likeness_in_words(&self, like: &Likeness, named: bool) -> Option<String> {
        let name = self.species(like.species)?;
        let others: Vec<String> = like
            .others
            .iter()
            .filter_map(|(species, cosine)| Some(format!("{} {cosine:.3}", self.species(*species)?)))
            .collect();
        let next = if others.is_empty() { String::new() } else { format!("; next {}", others.join(", ")) };
        Some(if named {
            format!("{name}: cosine {:.3} with its library spectrum{next}", like.cosine)
        } else {
            format!(
                "a component is like no library spectrum; the nearest is {name} with a cosine of {:.3}",
                like.cosine
            )
        })
    }

    fn say_how_many(&self, components: &[Component], notes: &mut Vec<String>) {
        if let super::super::Components::Exactly(asked) = self.request.components
            && components.len() < asked
        {
            notes.push(format!("only {} of {asked} components asked for fit the data", components.len()));
        }
    }

    /// Over the whole mixture; zero where the network knows nothing.
    fn spread(&self, here: &[f64]) -> Vec<f32> {
        let mut whole = vec![0.0; self.request.mixture.len()];
        if let Some(inside) = whole.get_mut(self.grid.inside.clone()) {
            for (to, from) in inside.iter_mut().zip(here) {
                *to = *from as f32;
            }
        }
        whole
    }

    /// What was taken away before, and the smooth part of the fit; at its end values where the network knows nothing.
    fn background(&self) -> Vec<f64> {
        let Range { start, end } = self.grid.inside;
        let fitted = &self.apart.fit.background;
        let (first, last) = (fitted.first().copied(), fitted.last().copied());
        let smooth = |i: usize| {
            let value = if i < start {
                first
            } else if i >= end {
                last
            } else {
                fitted.get(i - start).copied()
            };
            value.unwrap_or_default()
        };
        self.ready.baseline.iter().enumerate().map(|(i, b)| f64::from(*b) + smooth(i)).collect()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = vec![
            Diagnostic::plain("coverage", self.grid.coverage),
            Diagnostic::plain("prepared", f64::from(u8::from(self.ready.note.is_some()))),
            Diagnostic::plain("passes", self.apart.forwards as f64),
        ];
        let likes = self.names.iter().enumerate().filter_map(|(at, like)| Some((at, like.as_ref()?)));
        all.extend(likes.map(|(at, like)| Diagnostic::plain(format!("cosine_{}", at + 1), like.cosine)));
        all
    }
}

fn add(fit: &mut [f64], curve: &[f32], weight: f64) {
    for (f, v) in fit.iter_mut().zip(curve) {
        *f += weight * f64::from(*v);
    }
}

fn bare(species: Option<String>, spectrum: Vec<f32>) -> Component {
    Component { name: species.clone().unwrap_or_default(), species, spectrum, ..Component::default() }
}

/// `Component 1` and so on, by share.
fn number_the_unnamed(components: &mut [Component]) {
    for (at, component) in components.iter_mut().enumerate().filter(|(_, c)| c.species.is_none()) {
        component.name = format!("Component {}", at + 1);
    }
}
