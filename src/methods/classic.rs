//! What the sparse regressions have in common: their settings, and the way from a solver's weights to components.

use std::sync::Arc;
use std::time::Instant;

use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::{Dictionary, Metric, Solution, SolverError, Target};

use super::report::{Part, Report};
use super::{Components, Diagnostic, MethodError, MethodInfo, Outcome, References, Request, Resolved, Watch};

/// Most components of an automatic answer: beyond five, one spectrum does not tell substances apart.
pub(super) const MOST_COMPONENTS: usize = 5;

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
    default: ParamDefault::Whole(12),
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

/// A run of a sparse regression: the mixture and the library in the chosen metric.
pub(super) struct Classic<'a> {
    pub info: &'static MethodInfo,
    pub request: &'a Request<'a>,
    pub watch: &'a dyn Watch,
    pub references: &'a References,
    pub settings: Resolved,
    pub metric: Metric,
    pub dictionary: Arc<Dictionary>,
    pub target: Target,
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
        let dictionary = references.dictionary(metric).map_err(|e| numbers(info, &e))?;
        let started = Instant::now();
        let target = dictionary.target(request.mixture.y()).map_err(|e| numbers(info, &e))?;
        watch.progress(0.1, "fitting");
        let (diagnostics, notes) = (Vec::new(), Vec::new());
        Ok(Self {
            info,
            request,
            watch,
            references,
            settings,
            metric,
            dictionary,
            target,
            started,
            diagnostics,
            notes,
        })
    }

    /// A solver's refusal as this method's.
    pub fn refused(&self) -> impl Fn(SolverError) -> MethodError + use<> {
        let info = self.info;
        move |e| numbers(info, &e)
    }

    /// Numbers free to vary once `atoms` are fitted: points less the cosines that the metric ignores.
    pub fn freedom(&self, atoms: usize) -> f64 {
        let ignored = if let Metric::Cosines(count) = self.metric { count } else { 0 };
        self.dictionary.length().saturating_sub(ignored + atoms).max(1) as f64
    }

    /// Species of a solution with their part of the total signal and their rows, largest first. The signal of a row is
    /// its weight times its norm in the metric.
    pub fn species(&self, solution: &Solution) -> Vec<(usize, f64, Vec<usize>)> {
        let mut found: Vec<(usize, f64, Vec<usize>)> = Vec::new();
        for (row, weight) in solution.support.iter().zip(&solution.weights) {
            let Some(species) = self.references.species_of(*row) else { continue };
            let signal = weight * self.dictionary.scales().get(*row).copied().unwrap_or_default();
            match found.iter_mut().find(|(s, ..)| *s == species) {
                Some((_, sum, rows)) => {
                    *sum += signal;
                    rows.push(*row);
                }
                None => found.push((species, signal, vec![*row])),
            }
        }
        let total: f64 = found.iter().map(|(_, s, _)| s).sum();
        for (_, signal, _) in &mut found {
            *signal /= total.max(f64::MIN_POSITIVE);
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    /// The outcome of a solver that weighs all rows at once: the strongest species, as many as were asked for, or those
    /// above the share of the settings.
    pub fn finish_by_share(self, solution: &Solution) -> Result<Outcome, MethodError> {
        let mut species = self.species(solution);
        match self.request.components {
            Components::Exactly(count) => species.truncate(count),
            Components::Auto => {
                let least = self.settings.number("min_share");
                species.retain(|(_, share, _)| *share >= least);
                species.truncate(MOST_COMPONENTS);
            }
        }
        self.finish(solution, species)
    }

    /// The outcome of a solver that chose these species.
    pub fn finish(
        mut self,
        solution: &Solution,
        species: Vec<(usize, f64, Vec<usize>)>,
    ) -> Result<Outcome, MethodError> {
        self.watch.go_on()?;
        self.watch.progress(0.9, "writing down");
        if let Components::Exactly(asked) = self.request.components
            && species.len() < asked
        {
            self.notes
                .push(format!("{asked} components were asked for, and only {} fit the data", species.len()));
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
        let cosines = match self.metric {
            Metric::Plain => 0,
            Metric::Cosines(count) => count,
            Metric::Noise { .. } => self.settings.whole("cosines"),
        };
        let parts =
            species.iter().map(|(s, _, rows)| Part::of_rows(self.references, *s, rows)).collect::<Vec<_>>();
        let detail = self.settings.flag("detail");
        Report {
            info: self.info,
            request: self.request,
            references: self.references,
            settings: self.settings,
            cosines,
            detail,
            diagnostics: self.diagnostics,
            notes: self.notes,
            started: self.started,
        }
        .finish(parts)
    }
}

fn numbers(info: &'static MethodInfo, error: &SolverError) -> MethodError {
    MethodError::Numbers { method: info.name, problem: error.to_string() }
}
