//! The method: its description, and the order in which things are done.

use std::sync::Arc;
use std::time::Instant;

use super::super::classic::{COSINES, DEFAULT_COSINES};
use super::super::evidence::likely_number;
use super::super::grid::Grid;
use super::super::model::MODEL;
use super::super::signal::Smooth;
use super::super::{
    Components, Method, MethodError, MethodInfo, ModelUsed, Outcome, Request, Resolved, Selection, Settings,
    Watch,
};
use super::apart::{Task, Wanted, fitted};
use super::model::model;
use super::naming::likenesses;
use super::raw::prepared;
use super::write::Written;
use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::Metric;

/// Most components by taking apart again and again: each step trusts the one before.
const MOST: usize = 8;
/// Part of a spectrum within which all values count as one: what rounding leaves of a constant.
const FLAT: f32 = 1e-6;

/// A trained separation network.
pub(in crate::methods) struct Rssnet;

pub(super) static INFO: MethodInfo = MethodInfo {
    id: "rssnet",
    name: "RSSNet",
    about: "A network trained on mixtures of two takes the spectrum apart without a library, unknown substances too; a library, where there is one, names what came out.",
    needs_library: false,
    network: true,
    settings: &[
        Param {
            name: "prepare",
            short: "prepare",
            unit: "",
            what: "Whether fluorescence is taken away before the network looks: when the spectrum looks raw (auto), never, or always",
            kind: ParamKind::Choice(&["auto", "never", "always"]),
            default: ParamDefault::Word("auto"),
        },
        Param {
            name: "max_components",
            short: "max",
            unit: "",
            what: "Most components of an automatic answer; beyond two the network takes its own components apart again",
            kind: ParamKind::Whole { min: 1, max: MOST as i64, odd: false },
            default: ParamDefault::Whole(4),
        },
        Param {
            name: "min_match",
            short: "match",
            unit: "",
            what: "Cosine with the nearest library spectrum below which a component stays without a name",
            kind: ParamKind::Number { min: 0.0, max: 1.0, log: false },
            default: ParamDefault::Number(0.5),
        },
        COSINES,
        MODEL,
    ],
};

impl Method for Rssnet {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn model(&self, settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        let card = &model(Resolved::new(&INFO, settings)?.word("model"))?.card;
        Ok(Some(ModelUsed { name: card.name.clone(), sha256: card.weights.sha256.clone() }))
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let settings = request.resolved(&INFO)?;
        let references = request.library_if_any(&INFO)?;
        let fixed = references.as_ref().map_or(0, |r| r.fixed().len());
        check_number(request.components)?;
        watch.go_on()?;
        watch.progress(0.0, "preparing");
        let model = model(settings.word("model"))?;
        let grid = Grid::new(model.card.axis, request.mixture.axis())?;
        let smooth = smooth(references.as_ref(), &grid, settings.whole("cosines"));
        if let Some(references) = &references {
            // Kept for the next spectrum; its time is not the network's.
            references
                .dictionary(Metric::Cosines(DEFAULT_COSINES))
                .map_err(|e| MethodError::numbers(&INFO, e))?;
        }
        watch.go_on()?;
        watch.progress(0.1, "taking apart");
        let started = Instant::now();
        let ready = prepared(request.mixture, settings.word("prepare"), &model.card.preprocessing)?;
        let signal = ready.signal.get(grid.inside.clone()).unwrap_or_default();
        refuse_flat(signal)?;
        let held = held(references.as_ref(), &grid);
        let input = without_held(&ready.input, signal, &held, references.as_ref(), &smooth)?;
        let task = Task {
            model: &model,
            grid: &grid,
            input: &input,
            signal,
            held: &held.iter().map(|(_, curve)| curve.clone()).collect::<Vec<_>>(),
            smooth: &smooth,
            candidates: references.as_ref().map_or(model.card.axis.points, |r| r.len()),
        };
        let most = settings.whole("max_components");
        let likely = references.as_ref().map(|references| {
            move || -> Result<usize, MethodError> {
                let number = likely_number(&INFO, references, request.mixture.y(), most + fixed, watch)?;
                Ok(number.saturating_sub(fixed))
            }
        });
        let wanted = match request.components {
            Components::Exactly(count) => Wanted::Exactly(count.saturating_sub(fixed)),
            Components::Auto => Wanted::Auto {
                most: most.saturating_sub(fixed).max(1),
                likely: likely.as_ref().map(|f| f as &dyn Fn() -> Result<usize, MethodError>),
            },
        };
        let apart = task.run(&wanted, watch)?;
        watch.go_on()?;
        watch.progress(0.9, "naming");
        let curves: Vec<&[f32]> = apart.parts.iter().map(|part| part.here.as_slice()).collect();
        let names = match &references {
            Some(references) => likenesses(&curves, references, &grid, &smooth)?,
            None => vec![None; curves.len()],
        };
        let written = Written {
            request,
            settings,
            references: references.as_ref(),
            model: &model,
            grid: &grid,
            ready: &ready,
            held: &held,
            apart: &apart,
            names: &names,
            smooth: &smooth,
            started,
        };
        written.outcome()
    }
}

fn check_number(components: Components) -> Result<(), MethodError> {
    match components {
        Components::Exactly(0) => {
            Err(MethodError::Components { asked: 0, reason: "at least one is needed".into() })
        }
        Components::Exactly(asked) if asked > MOST => {
            let reason = format!("{} takes mixtures apart into up to {MOST}", INFO.name);
            Err(MethodError::Components { asked, reason })
        }
        Components::Exactly(_) | Components::Auto => Ok(()),
    }
}

fn smooth(references: Option<&Selection<'_>>, grid: &Grid, cosines: usize) -> Arc<Smooth> {
    match references {
        Some(references) if references.axis().len() == grid.inside.len() => references.background(cosines),
        _ => Arc::new(Smooth::new(grid.inside.len(), cosines)),
    }
}

fn refuse_flat(signal: &[f32]) -> Result<(), MethodError> {
    let (low, high) = signal.iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    if high - low > FLAT * low.abs().max(high.abs()) {
        return Ok(());
    }
    Err(MethodError::Flat { points: signal.len(), value: low })
}

/// Rows of the fixed species over the points that the network knows.
fn held(references: Option<&Selection<'_>>, grid: &Grid) -> Vec<(usize, Vec<f32>)> {
    let Some(references) = references else { return Vec::new() };
    let rows = references.fixed().iter().flat_map(|species| references.rows_of(*species).iter().copied());
    let curve = |row: usize| {
        let values = references.row(row).get(grid.inside.clone())?;
        Some((row, values.to_vec()))
    };
    rows.filter_map(curve).collect()
}

/// What the network looks at: the mixture less what the fixed species alone would explain of it.
fn without_held(
    input: &[f32],
    signal: &[f32],
    held: &[(usize, Vec<f32>)],
    references: Option<&Selection<'_>>,
    smooth: &Smooth,
) -> Result<Vec<f32>, MethodError> {
    let mut input = input.to_vec();
    let Some(references) = references.filter(|_| !held.is_empty()) else { return Ok(input) };
    let curves: Vec<&[f32]> = held.iter().map(|(_, curve)| curve.as_slice()).collect();
    let fit = fitted(signal, &curves, smooth)?;
    for ((row, _), weight) in held.iter().zip(&fit.weights) {
        for (v, stored) in input.iter_mut().zip(references.row(*row)) {
            *v = (f64::from(*v) - weight * f64::from(*stored)) as f32;
        }
    }
    Ok(input)
}
