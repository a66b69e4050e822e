//! What the sparse regressions have in common: their settings, and the way from a solver's weights to components.

use std::sync::Arc;
use std::time::Instant;

use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::{Dictionary, Metric, SmallWorkspace, Solution, SolverError, Target, nnls_small};

use super::report::{Part, Report};
use super::signal::{Smooth, correlation_length};
use super::{Components, Diagnostic, MethodError, MethodInfo, Outcome, Request, Resolved, Selection, Watch};

/// Most components of an automatic answer: solvents in one flask have been as many.
pub(super) const MOST_COMPONENTS: usize = 12;

/// Cosines that make up a smooth background unless told otherwise.
pub(super) const DEFAULT_COSINES: usize = 12;

pub(super) const METRIC: Param = Param {
    name: "metric",
    short: "metric",
    unit: "",
    what: "How differences count: plain, blind to smooth background (cosines), or by the noise of drifting detectors",
    kind: ParamKind::Choice(&["plain", "cosines", "noise"]),
    default: ParamDefault::Word("cosines"),
};

pub(super) const COSINES: Param = Param {
    name: "cosines",
    short: "cosines",
    unit: "",
    what: "Cosines that make up a smooth background; more follow sharper fluorescence and weaken broad bands",
    kind: ParamKind::Whole { min: 1, max: 64, odd: false },
    default: ParamDefault::Whole(DEFAULT_COSINES as i64),
};

pub(super) const DETAIL: Param = Param {
    name: "detail",
    short: "detail",
    unit: "",
    what: "Give each component its share of what was measured beyond the library spectra",
    kind: ParamKind::Flag,
    default: ParamDefault::Flag(true),
};

pub(super) const MIN_SHARE: Param = Param {
    name: "min_share",
    short: "min_share",
    unit: "",
    what: "Species with a smaller part of the weight are left out of an automatic answer",
    kind: ParamKind::Number { min: 0.0, max: 1.0, log: false },
    default: ParamDefault::Number(0.05),
};

/// What makes a species of a solution strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Weights times norms in the metric.
    Amount,
    /// What its rows explain of the mixture's energy in the metric, to the square root so that it goes as the amount
    /// does; the strongest are then fitted again without all the others. For solvers that give weight to hundreds of
    /// rows: those fit noise with large weights, and share the signal of a substance with its relatives.
    Energy,
}

/// A species with weight in a solution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Index into the species of the references.
    species: usize,
    /// Its part of the signal of all species.
    share: f64,
    /// Its rows with weight.
    rows: Vec<usize>,
}

/// A run of a sparse regression: the mixture and the library in the chosen metric.
pub(super) struct Classic<'a> {
    pub info: &'static MethodInfo,
    pub request: &'a Request<'a>,
    pub watch: &'a dyn Watch,
    pub references: Selection<'a>,
    pub settings: Resolved,
    pub metric: Metric,
    pub dictionary: Arc<Dictionary>,
    pub target: Target,
    /// The smooth background that the final fit has.
    smooth: Arc<Smooth>,
    started: Instant,
    diagnostics: Vec<Diagnostic>,
    notes: Vec<String>,
}

impl<'a> Classic<'a> {
    /// Checks the request and prepares everything that a solver needs.
    pub fn start(
        info: &'static MethodInfo,
        request: &'a Request<'a>,
        watch: &'a dyn Watch,
    ) -> Result<Self, MethodError> {
        let settings = request.resolved(info)?;
        let references = request.library(info)?;
        let metric = match settings.word("metric") {
            "plain" => Metric::Plain,
            "noise" => Metric::PAPER_NOISE,
            _ => Metric::Cosines(settings.whole("cosines")),
        };
        watch.go_on()?;
        watch.progress(0.0, "preparing the library");
        let dictionary = references.dictionary(metric).map_err(|e| MethodError::numbers(info, e))?;
        let started = Instant::now();
        let target = dictionary.target(request.mixture.y()).map_err(|e| MethodError::numbers(info, e))?;
        watch.progress(0.1, "fitting");
        let (diagnostics, notes) = (Vec::new(), Vec::new());
        let cosines = match metric {
            Metric::Plain => 0,
            Metric::Cosines(count) => count,
            Metric::Noise { .. } => settings.whole("cosines"),
        };
        let smooth = references.background(cosines);
        Ok(Self {
            info,
            request,
            watch,
            references,
            settings,
            metric,
            dictionary,
            target,
            smooth,
            started,
            diagnostics,
            notes,
        })
    }

    /// A solver's refusal as this method's.
    pub fn refused(&self) -> impl Fn(SolverError) -> MethodError + use<> {
        let info = self.info;
        move |e| MethodError::numbers(info, e)
    }

    /// Numbers free to vary once `atoms` are fitted: points less the cosines that the metric ignores.
    fn freedom(&self, atoms: usize) -> f64 {
        let ignored = if let Metric::Cosines(count) = self.metric { count } else { 0 };
        self.dictionary.length().saturating_sub(ignored + atoms).max(1) as f64
    }

    /// Variance of what a solution leaves over, for the question whether its last atom beats chance: residual energy by
    /// freedom, times the number of points that vary as one. Misfit of the library comes in lines, not in points.
    pub fn chance_variance(&self, solution: &Solution) -> f64 {
        let mut rest: Vec<f64> = self.request.mixture.y().iter().map(|v| f64::from(*v)).collect();
        for (row, weight) in solution.support.iter().zip(&solution.weights) {
            for (r, v) in rest.iter_mut().zip(self.references.row(*row)) {
                *r -= weight * f64::from(*v);
            }
        }
        self.smooth.remove(&mut rest);
        let energy = solution.residual_norm * solution.residual_norm;
        energy / self.freedom(solution.support.len()) * correlation_length(&rest)
    }

    /// Species of a solution, largest share first.
    pub fn species(&self, solution: &Solution, by: By) -> Vec<Found> {
        let scales = self.dictionary.scales();
        let weighted = solution.support.iter().zip(&solution.weights);
        self.grouped(
            weighted.map(|(row, weight)| (*row, weight * scales.get(*row).copied().unwrap_or_default())),
            by,
        )
    }

    /// Species of rows with their amounts: weights times norms in the metric.
    fn grouped(&self, amounts: impl Iterator<Item = (usize, f64)>, by: By) -> Vec<Found> {
        let correlations = self.target.correlations();
        let mut found: Vec<Found> = Vec::new();
        for (row, amount) in amounts {
            let Some(species) = self.references.species_of(row) else { continue };
            let signal = match by {
                By::Amount => amount,
                By::Energy => amount * correlations.get(row).copied().unwrap_or_default(),
            };
            match found.iter_mut().find(|f| f.species == species) {
                Some(known) => {
                    known.share += signal;
                    known.rows.push(row);
                }
                None => found.push(Found { species, share: signal, rows: vec![row] }),
            }
        }
        if by == By::Energy {
            for one in &mut found {
                one.share = one.share.max(0.0).sqrt();
            }
        }
        let total: f64 = found.iter().map(|f| f.share).sum();
        for one in &mut found {
            one.share /= total.max(f64::MIN_POSITIVE);
        }
        found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.species.cmp(&b.species)));
        found
    }

    /// These species fitted with no others beside them, those with weight, largest share first.
    fn fitted_alone(&self, species: &[Found]) -> Vec<Found> {
        let rows: Vec<usize> = species.iter().flat_map(|f| f.rows.iter().copied()).collect();
        let gram: Vec<f64> =
            rows.iter().flat_map(|i| rows.iter().map(|j| self.dictionary.product(*i, *j))).collect();
        let correlations = self.target.correlations();
        let right: Vec<f64> = rows.iter().map(|row| correlations[*row]).collect();
        let mut workspace = SmallWorkspace::with_capacity(rows.len());
        nnls_small(&mut workspace, &gram, &right, 0);
        let weighted = rows.iter().zip(workspace.weights()).filter(|(_, amount)| **amount > 0.0);
        self.grouped(weighted.map(|(row, amount)| (*row, *amount)), By::Amount)
    }

    fn is_fixed(&self, found: &Found) -> bool {
        self.references.fixed().contains(&found.species)
    }

    /// Rows of each fixed species.
    pub fn fixed_rows(&self) -> Vec<&[usize]> {
        self.references.fixed().iter().map(|species| self.references.rows_of(*species)).collect()
    }

    /// The first `most` species, in which the fixed ones always have a place.
    fn keep_strongest(&self, species: &mut Vec<Found>, most: usize) {
        let mut room = most.saturating_sub(species.iter().filter(|f| self.is_fixed(f)).count());
        species.retain(|found| {
            let stays = self.is_fixed(found) || room > 0;
            room -= usize::from(stays && !self.is_fixed(found));
            stays
        });
    }

    /// Fixed species that a solution has left out, where their row most like the mixture gets weight beside the `most`
    /// strongest: solvers spread a substance over its relatives, too, which do not stay.
    fn add_fixed(&self, species: &mut Vec<Found>, most: usize) {
        let correlations = self.target.correlations();
        let absent = self.references.fixed().iter().filter(|s| species.iter().all(|f| f.species != **s));
        let best_row = |species: &usize| {
            let rows = self.references.rows_of(*species).iter().copied();
            rows.max_by(|a, b| correlations[*a].total_cmp(&correlations[*b]).then(b.cmp(a)))
        };
        let absent: Vec<Found> = absent
            .filter_map(|s| Some(Found { species: *s, share: 0.0, rows: vec![best_row(s)?] }))
            .collect();
        if absent.is_empty() {
            return;
        }
        let mut few = [species.as_slice(), &absent].concat();
        self.keep_strongest(&mut few, most);
        let fitted = self.fitted_alone(&few);
        species.extend(fitted.into_iter().filter(|f| absent.iter().any(|a| a.species == f.species)));
        species.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.species.cmp(&b.species)));
    }

    /// The outcome of a solver that weighs all rows at once: the strongest species, as many as were asked for, or those
    /// above the share of the settings.
    pub fn finish_by_share(self, solution: &Solution, by: By) -> Result<Outcome, MethodError> {
        let mut species = self.species(solution, by);
        let most = match self.request.components {
            Components::Exactly(count) => count,
            Components::Auto => MOST_COMPONENTS,
        };
        self.add_fixed(&mut species, most);
        if by == By::Energy {
            for candidates in [4 * most, 2 * most] {
                self.keep_strongest(&mut species, candidates);
                species = self.fitted_alone(&species);
            }
        }
        match self.request.components {
            Components::Exactly(count) => self.keep_strongest(&mut species, count),
            Components::Auto => {
                // The strongest stays whatever its share: many small ones are an answer too.
                let strongest = species.first().map_or(0.0, |f| f.share);
                let least = self.settings.number("min_share").min(strongest);
                species.retain(|f| f.share >= least || self.is_fixed(f));
                self.keep_strongest(&mut species, MOST_COMPONENTS);
            }
        }
        self.finish(solution, species)
    }

    fn finish(mut self, solution: &Solution, species: Vec<Found>) -> Result<Outcome, MethodError> {
        self.watch.go_on()?;
        self.watch.progress(0.9, "writing down");
        if let Components::Exactly(asked) = self.request.components
            && species.len() < asked
        {
            self.notes.push(format!("only {} of {asked} components asked for fit the data", species.len()));
        }
        if !solution.converged {
            self.notes.push(format!(
                "the solver stopped after {} steps without meeting its rule (violation {:.1e}): the weights are its best, \
                 not the answer",
                solution.iterations, solution.kkt
            ));
        }
        let energy = self.target.energy();
        let left = solution.residual_norm * solution.residual_norm;
        self.diagnostics.extend([
            Diagnostic::plain("iterations", solution.iterations as f64),
            Diagnostic::plain("converged", f64::from(u8::from(solution.converged))),
            Diagnostic::plain("kkt", solution.kkt),
            Diagnostic::plain("atoms", solution.support.len() as f64),
            Diagnostic::plain("explained", if energy > 0.0 { 1.0 - left / energy } else { 0.0 }),
        ]);
        let parts =
            species.into_iter().map(|f| Part::of_rows(&self.references, f.species, &f.rows)).collect();
        let detail = self.settings.flag("detail");
        Report {
            info: self.info,
            request: self.request,
            references: &self.references,
            settings: self.settings,
            smooth: self.smooth,
            detail,
            diagnostics: self.diagnostics,
            notes: self.notes,
            started: self.started,
        }
        .finish(parts)
    }
}
