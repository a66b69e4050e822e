//! The method: its description, and the order in which things are done.

use super::super::evidence::{Asked, MOST, SHIFT_LIMIT, explain};
use super::super::grid::Grid;
use super::super::model::{MODEL, Model, Shelf};
use super::super::{
    Components, Method, MethodError, MethodInfo, ModelUsed, Outcome, Request, Settings, Watch,
};
use super::beside::beside;
use super::blind::blind;
use super::refine::refine;
use super::scene::scene;
use super::settle::{Settled, settle};
use super::write::Written;
use crate::nets::GuidedConfig;
use crate::process::{Param, ParamDefault, ParamKind};

/// What is said where spectra of the library leave bands over.
const BESIDE: &str = "the library's spectra that stand on the points of the mixture were measured as it was, and leave bands over: components are these spectra as they are, what stands beside them is not in the library";

/// Guided separation.
pub(in crate::methods) struct Guided;

static SHELF: Shelf<GuidedConfig> = Shelf::new(
    include_str!("../../../models/guided.json"),
    include_bytes!("../../../models/guided.safetensors"),
    "guided.json",
);

pub(super) static INFO: MethodInfo = MethodInfo {
    id: "guided",
    name: "Guided separation",
    about: "The evidence search explains the mixture by the library, a trained network corrects what is wrong with that: other specimens, substances that the library lacks. It says how sure it is of every point, name and share.",
    needs_library: true,
    network: true,
    settings: &[
        Param {
            name: "max_components",
            short: "max",
            unit: "",
            what: "Most components of an automatic answer, besides what the library lacks",
            kind: ParamKind::Whole { min: 1, max: MOST as i64, odd: false },
            default: ParamDefault::Whole(12),
        },
        SHIFT_LIMIT,
        MODEL,
    ],
};

/// The model of a setting: `built-in`, a card, weights with their card beside them, or a folder with a card in it.
pub fn model(setting: &str) -> Result<std::sync::Arc<Model<GuidedConfig>>, MethodError> {
    SHELF.model(setting)
}

impl Method for Guided {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn model(&self, settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        let resolved = super::super::Resolved::new(&INFO, settings)?;
        let card = &model(resolved.word("model"))?.card;
        Ok(Some(ModelUsed { name: card.name.clone(), sha256: card.weights.sha256.clone() }))
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let settings = request.resolved(&INFO)?;
        let references = request.library(&INFO)?;
        let model = model(settings.word("model"))?;
        let asked = Asked {
            most: settings.whole("max_components"),
            shift_limit_cm1: settings.number("shift_limit_cm1"),
            ..Asked::default()
        };
        let explained = explain(&INFO, request, &references, &asked, watch)?;
        watch.go_on()?;
        watch.progress(0.95, "refining");
        let mut notes = vec![model.words()];
        let grid = match Grid::new(model.card.axis, request.mixture.axis()) {
            Ok(grid) => {
                notes.extend(grid.notes());
                Some(grid)
            }
            Err(error) => {
                notes.push(format!("the components are the search's own, not refined: {error}"));
                None
            }
        };
        let mut names: Vec<f64> = explained.parts.iter().map(|part| part.confidence.unwrap_or(1.0)).collect();
        let (settled, device) = match &grid {
            Some(grid) => {
                let scene = scene(&explained, request.mixture.y(), grid);
                let refinement = refine(&model, &scene, watch)?;
                names.iter_mut().zip(&refinement.slots).for_each(|(name, said)| *name = said.name.0);
                notes.extend(refinement.notice);
                let is_fixed = |slot: usize| {
                    explained.parts.get(slot).is_some_and(|p| references.fixed().contains(&p.species))
                };
                let fixed: Vec<bool> = (0..scene.slots.len()).map(is_fixed).collect();
                let exactly = match request.components {
                    Components::Exactly(count) => Some(count),
                    Components::Auto => None,
                };
                let mut settled = settle(&scene.slots, &refinement.slots, &fixed, scene.noise, exactly, grid);
                notes.extend(blind(request, &explained, &scene, &mut settled, grid, watch)?);
                (settled, refinement.device)
            }
            None => (as_found(&explained.parts), "CPU, 1 thread".to_owned()),
        };
        let beside = beside(request, &references, &explained);
        let settled = match &beside {
            Some(beside) => {
                notes.push(BESIDE.to_owned());
                beside.settled(&names)
            }
            None => settled,
        };
        let written = Written {
            request,
            settings,
            references: &references,
            explained,
            grid: grid.as_ref(),
            settled,
            beside,
            device,
            notes,
        };
        Ok(written.outcome())
    }
}

/// The search's own components, where the network knows nothing.
fn as_found(parts: &[super::super::report::Part<'_>]) -> Vec<Settled> {
    let one = |(slot, part): (usize, &super::super::report::Part<'_>)| Settled {
        slot,
        correction: None,
        band: Vec::new(),
        level: 0.0,
        name: (part.confidence.unwrap_or(1.0), true),
        listed: 1.0,
    };
    parts.iter().enumerate().map(one).collect()
}
