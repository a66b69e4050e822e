//! Weighs one set of species: its library part, and the evidence for it.

use std::collections::HashMap;

use crate::spectrum::metrics::norm;

use super::super::linalg::Cholesky;
use super::super::{Dictionary, Metric, SmallWorkspace, SolverError, Target, nnls_small};
use super::local::{Deviation, Posterior, Workspace};
use super::prepared::Prepared;

/// Most rows of one species that enter a fit: those most like the spectrum.
const MAX_ROWS: usize = 24;

/// A library as the search sees it.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceLibrary<'a> {
    /// Stored rows one after the other, on the axis.
    pub rows: &'a [f32],
    /// The same rows in the metric of the search.
    pub dictionary: &'a Dictionary,
    /// Species of each row, numbered from 0.
    pub species: &'a [usize],
    /// Positions, rising.
    pub axis: &'a [f64],
}

/// A set of species and how well it explains a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// The species, rising.
    pub species: Vec<usize>,
    /// Rows of each species with the weights of the stored spectra.
    pub rows: Vec<Vec<(usize, f64)>>,
    /// The stored spectra explain it better as they are than with deviations.
    pub exact: bool,
    /// Log evidence, without any preference for small sets.
    pub evidence: f64,
    /// Log evidence of one stored spectrum a species as it is.
    pub exact_evidence: f64,
}

impl Hypothesis {
    /// Library part of every species: its stored rows times their weights.
    #[must_use]
    pub fn library_parts(&self, library: &EvidenceLibrary<'_>) -> Vec<Vec<f64>> {
        self.rows.iter().map(|rows| library.part(rows)).collect()
    }
}

impl EvidenceLibrary<'_> {
    /// Sum of these rows times their weights.
    fn part(&self, rows: &[(usize, f64)]) -> Vec<f64> {
        let n = self.axis.len();
        let mut curve = vec![0.0; n];
        for (row, weight) in rows {
            for (c, v) in curve.iter_mut().zip(&self.rows[row * n..(row + 1) * n]) {
                *c += weight * f64::from(*v);
            }
        }
        curve
    }
}

/// A set with its fits to a spectrum: all that does not depend on the deviations.
pub(super) struct Fitted {
    species: Vec<usize>,
    bundle: Choice,
    /// One stored spectrum a species.
    singles: Vec<Choice>,
}

/// Rows with their weights by species, and what they add up to.
struct Choice {
    rows: Vec<Vec<(usize, f64)>>,
    /// The rows, in the order of the charge for their amplitudes.
    used: Vec<usize>,
    parts: Vec<Vec<f64>>,
}

/// One spectrum, one library, and every set weighed so far.
pub(super) struct Scorer<'a> {
    pub library: EvidenceLibrary<'a>,
    pub target: &'a Target,
    pub deviation: Deviation,
    /// Species that every set holds, rising.
    pub fixed: Vec<usize>,
    /// Species that every set shall hold as soon as there is one that has a use for them.
    pub pending: Vec<usize>,
    pub all: Vec<Hypothesis>,
    pub prepared: &'a Prepared<'a>,
    /// Rows that are not to be found; empty for none.
    pub hidden: &'a [bool],
    spectrum: Vec<f64>,
    rows_of: Vec<Vec<usize>>,
    /// Variance of a whitened coefficient, in units of the variance of the white noise.
    spread: f64,
    /// Norm of the spectrum.
    size: f64,
    workspace: Workspace,
    small: SmallWorkspace,
    seen: HashMap<Vec<usize>, usize>,
}

impl<'a> Scorer<'a> {
    pub fn new(
        prepared: &'a Prepared<'a>,
        spectrum: &[f32],
        target: &'a Target,
        hidden: &'a [bool],
        deviation: Deviation,
    ) -> Self {
        let library = prepared.library;
        let shown = |row: usize| !hidden.get(row).copied().unwrap_or(false);
        let all = || library.species.iter().enumerate().filter(|(row, _)| shown(*row));
        let count = all().map(|(_, species)| species + 1).max().unwrap_or(0);
        let mut rows_of = vec![Vec::new(); count];
        for (row, species) in all() {
            if library.dictionary.scales()[row] > 0.0 {
                rows_of[*species].push(row);
            }
        }
        let b = target.correlations();
        for rows in &mut rows_of {
            if rows.len() > MAX_ROWS {
                rows.sort_by(|i, j| b[*j].total_cmp(&b[*i]).then(i.cmp(j)));
                rows.truncate(MAX_ROWS);
                rows.sort_unstable();
            }
        }
        let spread = match library.dictionary.metric() {
            Metric::Plain | Metric::Cosines(_) => 1.0,
            Metric::Noise { brown, .. } => 1.0 / (1.0 - brown),
        };
        Self {
            prepared,
            hidden,
            spectrum: spectrum.iter().map(|v| f64::from(*v)).collect(),
            rows_of,
            spread,
            size: norm(spectrum),
            workspace: Workspace::default(),
            small: SmallWorkspace::with_capacity(4 * MAX_ROWS),
            seen: HashMap::new(),
            fixed: Vec::new(),
            pending: Vec::new(),
            all: Vec::new(),
            library,
            target,
            deviation,
        }
    }

    /// Those of these species that get weight when only they are fitted.
    pub fn with_weight(&mut self, species: &[usize]) -> Vec<usize> {
        let rows: Vec<usize> = species.iter().flat_map(|s| self.rows_of[*s].iter().copied()).collect();
        let weighted = self.fit(species, &rows);
        species.iter().zip(&weighted).filter(|(_, rows)| !rows.is_empty()).map(|(s, _)| *s).collect()
    }

    /// Weighs a set once; gives its place in [`Self::all`]. `hint` names one row a species that explains it well.
    pub fn weigh(&mut self, species: &[usize], hint: Option<[usize; 2]>) -> usize {
        let mut species = species.to_vec();
        species.sort_unstable();
        if let Some(at) = self.seen.get(&species) {
            return *at;
        }
        let hypothesis = self.hypothesis(&species, hint);
        self.seen.insert(species, self.all.len());
        self.all.push(hypothesis);
        self.all.len() - 1
    }

    /// Everything weighed under the deviations, taken out.
    pub fn take(&mut self) -> Vec<Hypothesis> {
        self.seen.clear();
        std::mem::take(&mut self.all)
    }

    /// Goes on where [`Self::take`] was called, under the deviations of then.
    pub fn resume(&mut self, deviation: Deviation, all: Vec<Hypothesis>) {
        self.deviation = deviation;
        self.seen = all.iter().enumerate().map(|(at, h)| (h.species.clone(), at)).collect();
        self.all = all;
    }

    /// A set with its evidence; no weight at all (`-inf`) when the fit has no use for one of the species.
    pub fn hypothesis(&mut self, species: &[usize], hint: Option<[usize; 2]>) -> Hypothesis {
        let fitted = self.fitted(species, hint);
        self.judged(&fitted)
    }

    /// The fits of a set.
    pub fn fitted(&mut self, species: &[usize], hint: Option<[usize; 2]>) -> Fitted {
        let rows: Vec<usize> = species.iter().flat_map(|s| self.rows_of[*s].iter().copied()).collect();
        let rows = self.fit(species, &rows);
        let mut found = Fitted { species: species.to_vec(), bundle: self.choice(rows), singles: Vec::new() };
        if found.bundle.rows.iter().any(Vec::is_empty) {
            return found;
        }
        let scales = self.library.dictionary.scales();
        let strength = |row: &(usize, f64)| row.1 * scales[row.0];
        let strongest = |rows: &Vec<(usize, f64)>| {
            rows.iter().max_by(|a, b| strength(a).total_cmp(&strength(b))).map(|row| row.0)
        };
        let heaviest: Vec<usize> = found.bundle.rows.iter().filter_map(strongest).collect();
        for used in std::iter::once(heaviest.as_slice()).chain(hint.as_ref().map(<[usize; 2]>::as_slice)) {
            let rows = self.fit(species, used);
            if rows.iter().all(|r| !r.is_empty()) {
                found.singles.push(Choice { used: used.to_vec(), ..self.choice(rows) });
            }
        }
        found
    }

    fn choice(&self, rows: Vec<Vec<(usize, f64)>>) -> Choice {
        let used = rows.iter().flatten().map(|row| row.0).collect();
        let parts = rows.iter().map(|rows| self.library.part(rows)).collect();
        Choice { rows, used, parts }
    }

    /// Weighs a set under the deviations of now.
    pub fn judged(&mut self, fitted: &Fitted) -> Hypothesis {
        let mut found = Hypothesis {
            species: fitted.species.clone(),
            rows: fitted.bundle.rows.clone(),
            exact: false,
            evidence: f64::NEG_INFINITY,
            exact_evidence: f64::NEG_INFINITY,
        };
        if found.rows.iter().any(Vec::is_empty) {
            return found;
        }
        let relative = self.evidence(&fitted.bundle, self.deviation);
        let as_stored = Deviation { gain: 0.0, shift: 0.0, ..self.deviation };
        let mut singles = None;
        for choice in &fitted.singles {
            let evidence = self.evidence(choice, as_stored);
            if evidence > found.exact_evidence {
                (found.exact_evidence, singles) = (evidence, Some(&choice.rows));
            }
        }
        found.exact = found.exact_evidence >= relative;
        let high = found.exact_evidence.max(relative);
        found.evidence = high + libm::log1p(libm::exp(found.exact_evidence.min(relative) - high));
        if found.exact {
            found.rows = singles.cloned().unwrap_or_default();
        }
        found
    }

    /// Non-negative weights of these rows, sorted by species.
    fn fit(&mut self, species: &[usize], rows: &[usize]) -> Vec<Vec<(usize, f64)>> {
        let gram = self.gram_of(rows);
        let b: Vec<f64> = rows.iter().map(|row| self.target.correlations()[*row]).collect();
        nnls_small(&mut self.small, &gram, &b, 0);
        let scales = self.library.dictionary.scales();
        let mut by_species = vec![Vec::new(); species.len()];
        for (row, weight) in rows.iter().zip(self.small.weights()) {
            if let Some(at) = species.iter().position(|s| *s == self.library.species[*row])
                && *weight > 0.0
            {
                by_species[at].push((*row, weight / scales[*row]));
            }
        }
        by_species
    }

    fn gram_of(&self, rows: &[usize]) -> Vec<f64> {
        let n = self.library.dictionary.count();
        let mut gram = Vec::with_capacity(rows.len() * rows.len());
        for i in rows {
            let row = &self.prepared.gram[i * n..(i + 1) * n];
            gram.extend(rows.iter().map(|j| if i == j { 1.0 } else { f64::from(row[*j]) }));
        }
        gram
    }

    /// Log of the room that the amplitudes of these rows have after the fit, over the room before it (uniform up to the
    /// norm of the spectrum): what Bayes charges for every component.
    fn occam(&self, rows: &[usize]) -> f64 {
        let gram = self.gram_of(rows);
        let mut factor = Cholesky::with_capacity(rows.len());
        let (scales, norms) = (self.library.dictionary.scales(), self.library.dictionary.norms());
        let variance = self.deviation.noise * self.spread;
        let mut log_room = 0.0;
        let mut kept: Vec<usize> = Vec::with_capacity(rows.len());
        for (i, row) in rows.iter().enumerate() {
            // A copy of the rows before it takes no room of its own.
            if factor.append(kept.iter().map(|j| gram[i * rows.len() + j]), 1.0) {
                let own = factor.row(kept.len())[kept.len()] * self.size * scales[*row] / norms[*row];
                log_room +=
                    (0.5 * libm::log(2.0 * std::f64::consts::PI * variance) - libm::log(own)).min(0.0);
                kept.push(i);
            }
        }
        log_room
    }

    fn evidence(&mut self, choice: &Choice, deviation: Deviation) -> f64 {
        let parts: Vec<&[f64]> = choice.parts.iter().map(Vec::as_slice).collect();
        let model = &self.prepared.model;
        model.log_evidence(&self.spectrum, &parts, &deviation, &mut self.workspace) + self.occam(&choice.used)
    }

    /// The most likely components of a set, and the background.
    pub fn posterior(&mut self, of: &Hypothesis) -> Posterior {
        let curves = of.library_parts(&self.library);
        let parts: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
        let deviation =
            if of.exact { Deviation { gain: 0.0, shift: 0.0, ..self.deviation } } else { self.deviation };
        self.prepared.model.posterior(&self.spectrum, &parts, &deviation, &mut self.workspace)
    }

    /// Species not in the set by how much they correlate with what it leaves over, most first.
    pub fn wanted(&mut self, of: &Hypothesis) -> Result<Vec<usize>, SolverError> {
        let posterior = self.posterior(of);
        let mut rest: Vec<f64> =
            self.spectrum.iter().zip(&posterior.background).map(|(y, background)| y - background).collect();
        for component in &posterior.components {
            for (r, c) in rest.iter_mut().zip(component) {
                *r -= c;
            }
        }
        let rest: Vec<f32> = rest.into_iter().map(|r| r as f32).collect();
        let left = self.library.dictionary.target(&rest)?;
        Ok(self.by_correlation(left.correlations(), &of.species))
    }

    /// Species by their row that correlates best, positive ones only, most first.
    pub fn by_correlation(&self, correlations: &[f64], without: &[usize]) -> Vec<usize> {
        let mut best = vec![0.0_f64; self.rows_of.len()];
        for (row, (c, s)) in correlations.iter().zip(self.library.species).enumerate() {
            if !self.hidden.get(row).copied().unwrap_or(false) {
                best[*s] = best[*s].max(*c);
            }
        }
        let mut order: Vec<usize> =
            (0..best.len()).filter(|s| best[*s] > 0.0 && !without.contains(s)).collect();
        order.sort_by(|a, b| best[*b].total_cmp(&best[*a]).then(a.cmp(b)));
        order
    }

    /// Species whose spectra are most like those of a row, most alike first.
    pub fn relatives(&self, row: usize, without: &[usize]) -> Vec<usize> {
        let n = self.library.dictionary.count();
        let alike: Vec<f64> =
            self.prepared.gram[row * n..(row + 1) * n].iter().map(|g| f64::from(*g)).collect();
        self.by_correlation(&alike, without)
    }

    /// Number of species.
    pub fn species(&self) -> usize {
        self.rows_of.len()
    }

    /// Log evidence that the right set would have if its stored spectra were the sample's own.
    pub fn ideal(&self) -> f64 {
        -0.5 * self.spectrum.len() as f64 * (1.0 + libm::log(self.deviation.noise))
    }
}
