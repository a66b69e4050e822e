//! The method: its description, and the order in which things are done.

use std::time::Instant;

use super::super::classic::DEFAULT_COSINES;
use super::super::model::MODEL;
use super::super::signal::Smooth;
use super::super::{
    Components, Method, MethodError, MethodInfo, ModelUsed, Outcome, Request, Resolved, Selection, Settings,
    Watch,
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
        let ready = classifier(Resolved::new(&INFO, settings)?.word("model"))?;
        let card = ready.card();
        Ok(Some(ModelUsed { name: card.name.clone(), sha256: card.weights.sha256.clone() }))
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let settings = request.resolved(&INFO)?;
        let references = references(request)?;
        watch.go_on()?;
        let ready = classifier(settings.word("model"))?;
        if request.components == Components::Exactly(0) {
            return Err(MethodError::Components { asked: 0, reason: "at least one is needed".into() });
        }
        watch.progress(0.1, "naming and dosing");
        let started = Instant::now();
        let judged = ready.one(request.mixture, watch)?;
        watch.go_on()?;
        let smooth = Smooth::new(request.mixture.len(), DEFAULT_COSINES);
        let written = Written {
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
}

/// The library of the request, where it has one; wishes need one.
fn references<'a>(request: &Request<'a>) -> Result<Option<Selection<'a>>, MethodError> {
    if request.references.is_some() {
        let given = request.references.ok_or(MethodError::NeedsLibrary { method: INFO.name })?;
        let selection = Selection::new(request, given)?;
        let fixed = selection.fixed_names();
        // The library only serves wishes here: a number of components larger than it is no error.
        return match request.components {
            Components::Exactly(asked) if asked < fixed.len() => {
                let reason = format!("{} species are fixed: {}", fixed.len(), fixed.join(", "));
                Err(MethodError::Components { asked, reason })
            }
            Components::Exactly(_) | Components::Auto => Ok(Some(selection)),
        };
    }
    match request.fixed.first().or(request.excluded.first()) {
        Some(species) => Err(MethodError::WishesNeedLibrary { species: species.trim().to_owned() }),
        None => Ok(None),
    }
}
