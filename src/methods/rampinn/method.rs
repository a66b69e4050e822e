//! The method: its description, and the order in which things are done.

use std::sync::Arc;

use super::super::model::{MODEL, Model, Shelf};
use super::super::recovery::{Measured, PADDING, Parts, Recovery, phase};
use super::super::{Diagnostic, MethodError, MethodInfo, ModelUsed, Resolved, Settings, Watch};
use super::forward::{Forwarded, Pair, forward};
use super::prepare::{Prepared, too_narrow};
use super::refine::refine;
use crate::nets::RampinnConfig;
use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::cars::{Hilbert, Phase, floored};

/// The network as a recovery method.
pub(in crate::methods) struct Rampinn;

static SHELF: Shelf<RampinnConfig> = Shelf::new(
    include_str!("../../../models/rampinn.json"),
    include_bytes!("../../../models/rampinn.safetensors"),
    "rampinn.json",
);

pub(super) static INFO: MethodInfo = MethodInfo {
    id: "rampinn",
    name: "RamPINN",
    about: "A trained network takes lines and background apart, beginning with what classical retrieval finds; the forward model says how well both explain the measurement.",
    needs_library: false,
    network: true,
    settings: &[
        Param {
            name: "refine",
            short: "refine",
            unit: "",
            what: "Fit the network to this spectrum by physics alone; kept only if the inconsistency falls by a fifth",
            kind: ParamKind::Flag,
            default: ParamDefault::Flag(false),
        },
        Param {
            name: "steps",
            short: "steps",
            unit: "",
            what: "Steps of that fit",
            kind: ParamKind::Whole { min: 1, max: 1000, odd: false },
            default: ParamDefault::Whole(100),
        },
        Param {
            name: "phase_error",
            short: "phase_error",
            unit: "",
            what: "Slow errors of the phase taken off the answer, as classical methods do: none, a smooth curve below it (below), or its least value (least); measured spectra with a pedestal below their lines gain",
            kind: ParamKind::Choice(&["none", "below", "least"]),
            default: ParamDefault::Word("none"),
        },
        MODEL,
    ],
};

/// The model of a setting: `built-in`, a card, weights with their card beside them, or a folder with a card in it.
pub fn model(setting: &str) -> Result<Arc<Model<RampinnConfig>>, MethodError> {
    SHELF.model(setting)
}

impl Recovery for Rampinn {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn model(&self, settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        let resolved = Resolved::new(&INFO, settings)?;
        let card = &model(resolved.word("model"))?.card;
        Ok(Some(ModelUsed { name: card.name.clone(), sha256: card.weights.sha256.clone() }))
    }

    fn split(
        &self,
        measured: &Measured,
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Result<Parts, MethodError> {
        let one = std::slice::from_ref(measured);
        self.split_many(one, settings, watch).pop().unwrap_or(Err(MethodError::Cancelled))
    }

    fn split_many(
        &self,
        measured: &[Measured],
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Vec<Result<Parts, MethodError>> {
        match all(measured, settings, watch) {
            Ok(parts) => parts.into_iter().map(Ok).collect(),
            Err(error) => measured.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

/// Every spectrum taken apart; what stops one, a device or the user, stops all.
fn all(measured: &[Measured], settings: &Resolved, watch: &dyn Watch) -> Result<Vec<Parts>, MethodError> {
    let model = model(settings.word("model"))?;
    let points = model.card.axis.points;
    let (flat, roots): (Vec<Measured>, Vec<Option<Vec<f64>>>) = measured.iter().map(over_reference).unzip();
    let prepared: Vec<Prepared> = flat.iter().map(|one| Prepared::whole(one, points)).collect();
    let inputs: Vec<Vec<f32>> = prepared.iter().flat_map(|p| p.inputs.iter().cloned()).collect();
    let Forwarded { pairs, device, notice } = forward(&model, &inputs, watch)?;
    let steps = settings.flag("refine").then(|| settings.whole("steps"));
    let mut done = Vec::with_capacity(measured.len());
    for ((((own, one), whole), pair), root) in measured.iter().zip(&flat).zip(prepared).zip(pairs).zip(roots)
    {
        let mut parts = Parts { device: Some(device.clone()), ..Parts::default() };
        parts.notes.push(model.words());
        parts.notes.extend(notice.clone());
        // Points beyond the network's own were averaged away; lines that narrow want them back.
        let cut = one.len() > points && too_narrow(&pair.0);
        let (prepared, mut pairs) = if cut {
            let prepared = Prepared::in_windows(one, points);
            let pairs = forward(&model, &prepared.inputs, watch)?.pairs;
            let count = pairs.len();
            parts.notes.push(format!(
                "lines are narrow for {points} points: the spectrum was taken apart in {count} overlapping windows"
            ));
            (prepared, pairs)
        } else {
            (whole, vec![pair])
        };
        if let Some(steps) = steps {
            refined(&model, &prepared, &mut pairs, steps, &mut parts, watch)?;
        }
        let curves = |of: fn(&Pair) -> &[f32]| prepared.back(&pairs.iter().map(of).collect::<Vec<_>>());
        parts.raman = curves(|pair| &pair.0);
        parts.background = curves(|pair| &pair.1);
        // Splines between points may dip below the zero that both curves keep.
        parts.raman.iter_mut().chain(&mut parts.background).for_each(|v| *v = v.max(0.0));
        let correction = phase(settings, own);
        if correction != Phase::AsIs {
            let hilbert = Hilbert::new(one.len(), PADDING);
            let found = correction.corrected(&parts.raman, &parts.background, &hilbert);
            (parts.raman, parts.background) = (found.raman, found.background);
        }
        if let Some(root) = root {
            for curve in [&mut parts.raman, &mut parts.background] {
                curve.iter_mut().zip(&root).for_each(|(v, r)| *v *= r);
            }
        }
        done.push(parts);
    }
    Ok(done)
}

/// The measurement as it would be under even light, and the root of the light: both susceptibilities carry that. Nothing
/// changes without a reference.
fn over_reference(measured: &Measured) -> (Measured, Option<Vec<f64>>) {
    let divided = measured.reference().and_then(|reference| {
        let most = reference.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let light: Vec<f64> = floored(reference, reference).iter().map(|v| v / most).collect();
        let even: Vec<f64> = measured.intensity().iter().zip(&light).map(|(i, l)| i / l).collect();
        let flat = Measured::from_grid(Arc::clone(measured.grid()), &even)?;
        Some((flat, light.iter().map(|l| l.sqrt()).collect()))
    });
    match divided {
        Some((flat, root)) => (flat, Some(root)),
        None => (measured.clone(), None),
    }
}

/// Fits the network to each window; a window whose fit is no clear gain stays as it is.
fn refined(
    model: &Model<RampinnConfig>,
    prepared: &Prepared,
    pairs: &mut [Pair],
    steps: usize,
    parts: &mut Parts,
    watch: &dyn Watch,
) -> Result<(), MethodError> {
    let (mut before, mut after, mut kept) = (0.0, 0.0, 0_usize);
    for (pair, input) in pairs.iter_mut().zip(&prepared.inputs) {
        let refined = refine(model, input, steps, watch)?;
        before += refined.before;
        after += refined.after;
        if let Some(better) = refined.pair {
            *pair = better;
            kept += 1;
        }
    }
    let count = pairs.len();
    parts.diagnostics.extend([
        Diagnostic::plain("inconsistency_before", before / count.max(1) as f64),
        Diagnostic::plain("inconsistency_after", after / count.max(1) as f64),
        Diagnostic::plain("refined_windows", kept as f64),
    ]);
    parts.notes.push(match (kept, count) {
        (0, _) => "the fit to this spectrum was no clear gain and was not kept".to_owned(),
        (all, count) if all == count => "the network was fitted to this spectrum by physics alone, without labels; such answers are experimental".to_owned(),
        (some, count) => format!("the network was fitted to this spectrum by physics alone in {some} of {count} windows; such answers are experimental"),
    });
    Ok(())
}
