//! The method: its description, and the order in which things are done.

use std::time::Instant;

use super::super::classic::DEFAULT_COSINES;
use super::super::model::MODEL;
use super::super::signal::Smooth;
use super::super::{
    Components, Method, MethodError, MethodInfo, ModelUsed, Outcome, Request, Resolved, Settings, Watch,
};
use super::model::classifier;
use super::write::Written;

/// A network that names and doses the substances it was trained on.
pub(in crate::methods) struct Ramixnet;

pub(super) static INFO: MethodInfo = MethodInfo {
    id: "ramixnet",
    name: "RaMixNet",
    about: "A network trained on the pure spectra of a few substances says which of them are there, how much of each, and whether something else is; it needs no library. The one built in knows aniline, o-xylene, pyridine and toluene.",
    needs_library: false,
    network: true,
    settings: &[MODEL],
};

impl Method for Ramixnet {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn usual(&self) -> bool {
        false
    }

    fn model(&self, settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        used(Resolved::new(&INFO, settings)?.word("model")).map(Some)
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let settings = request.resolved(&INFO)?;
        answer(&INFO, settings.word("model"), request, watch)
    }
}

/// The model of a setting, for the account of a run.
pub(super) fn used(model: &str) -> Result<ModelUsed, MethodError> {
    let ready = classifier(model)?;
    let card = ready.card();
    Ok(ModelUsed { name: card.name.clone(), sha256: card.weights.sha256.clone() })
}

/// What this model says, under the name of a method.
pub(super) fn answer(
    info: &'static MethodInfo,
    model: &str,
    request: &Request,
    watch: &dyn Watch,
) -> Result<Outcome, MethodError> {
    let settings = request.resolved(info)?;
    let references = request.library_if_any(info)?;
    watch.go_on()?;
    let ready = classifier(model)?;
    if request.components == Components::Exactly(0) {
        return Err(MethodError::Components { asked: 0, reason: "at least one is needed".into() });
    }
    watch.progress(0.1, "naming and dosing");
    let started = Instant::now();
    let judged = ready.one(request.mixture, watch)?;
    watch.go_on()?;
    let smooth = Smooth::new(request.mixture.len(), DEFAULT_COSINES);
    let written = Written {
        info,
        request,
        settings,
        references: references.as_ref(),
        ready: &ready,
        judged,
        smooth: &smooth,
        started,
    };
    written.outcome()
}
