//! What a method is: its description, what it is asked, who watches it work.

use serde::{Deserialize, Serialize};

use crate::process::Param;
use crate::spectrum::Spectrum;

use super::{MethodError, Outcome, References, Resolved, Selection, Settings};

/// A method's description of itself: lists, help, settings dialogs and errors are made from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MethodInfo {
    /// Stable machine name.
    pub id: &'static str,
    /// Name for people, as the literature writes it.
    pub name: &'static str,
    /// What it does, one sentence.
    pub about: &'static str,
    /// Whether it compares with a reference library.
    pub needs_library: bool,
    /// Whether it runs a trained network, on the device of [`crate::compute`].
    pub network: bool,
    /// Its settings in the order of dialogs.
    pub settings: &'static [Param],
}

/// A way to take one mixed spectrum apart.
pub trait Method: Send + Sync {
    /// Its description.
    fn info(&self) -> &'static MethodInfo;

    /// Takes the mixture of the request apart. One spectrum runs on one core.
    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError>;

    /// The trained network that these settings choose; `None` for methods without one.
    fn model(&self, _settings: &Settings) -> Result<Option<ModelUsed>, MethodError> {
        Ok(None)
    }

    /// Whether it has something to say about any mixture, and is among the methods taken when nobody chooses; false for one
    /// that knows a few substances alone.
    fn usual(&self) -> bool {
        true
    }

    /// Stable machine name.
    fn id(&self) -> &'static str {
        self.info().id
    }

    /// Name for people.
    fn name(&self) -> &'static str {
        self.info().name
    }
}

/// Which trained network gave an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelUsed {
    /// Its name on its card.
    pub name: String,
    /// The sum of its weights.
    pub sha256: String,
}

/// How many components the answer shall have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Components {
    /// As many as the data supports.
    #[default]
    Auto,
    /// This many.
    Exactly(usize),
}

/// One mixture and what shall be done with it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The mixture as [`super::prepare`] gives it: over Raman shift, low to high.
    pub mixture: &'a Spectrum,
    /// A library prepared for the mixture's axis.
    pub references: Option<&'a References>,
    /// How many components.
    pub components: Components,
    /// Settings that differ from the defaults.
    pub settings: Settings,
    /// Species that are part of the answer wherever a positive amount of them fits.
    pub fixed: Vec<String>,
    /// Species that no answer may hold.
    pub excluded: Vec<String>,
}

impl<'a> Request<'a> {
    /// A request with default settings and an automatic number of components.
    pub fn new(mixture: &'a Spectrum, references: Option<&'a References>) -> Self {
        Self {
            mixture,
            references,
            components: Components::Auto,
            settings: Settings::default(),
            fixed: Vec::new(),
            excluded: Vec::new(),
        }
    }

    /// The same request for a given number of components.
    #[must_use]
    pub fn with_components(mut self, components: Components) -> Self {
        self.components = components;
        self
    }

    /// The same request with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The same request with these species in the answer, wherever a positive amount of them fits; case and spaces of the
    /// names do not matter.
    #[must_use]
    pub fn with_fixed(mut self, species: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.fixed = species.into_iter().map(Into::into).collect();
        self
    }

    /// The same request for answers without these species.
    #[must_use]
    pub fn with_excluded(mut self, species: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.excluded = species.into_iter().map(Into::into).collect();
        self
    }

    /// All settings of the method, those left out at their defaults.
    pub fn resolved(&self, info: &'static MethodInfo) -> Result<Resolved, MethodError> {
        Resolved::new(info, &self.settings)
    }

    /// The references without the species excluded, checked against the mixture and the number of components. Every
    /// method that compares with a library takes it from here.
    pub fn library(&self, info: &'static MethodInfo) -> Result<Selection<'a>, MethodError> {
        let references = self.references.ok_or(MethodError::NeedsLibrary { method: info.name })?;
        let (own, wanted) = (references.axis(), self.mixture.axis());
        if own != wanted {
            return Err(MethodError::AxisMismatch {
                reference_points: own.len(),
                reference_low: own.low(),
                reference_high: own.high(),
                points: wanted.len(),
                low: wanted.low(),
                high: wanted.high(),
            });
        }
        let selection = Selection::new(self, references)?;
        let (species, fixed) = (selection.species().len(), selection.fixed_names());
        match self.components {
            Components::Exactly(0) => {
                Err(MethodError::Components { asked: 0, reason: "at least one is needed".into() })
            }
            Components::Exactly(asked) if asked > species => Err(MethodError::Components {
                asked,
                reason: format!("the library has {species} species on this range"),
            }),
            Components::Exactly(asked) if asked < fixed.len() => {
                let reason = format!("{} species are fixed: {}", fixed.len(), fixed.join(", "));
                Err(MethodError::Components { asked, reason })
            }
            Components::Exactly(_) | Components::Auto => Ok(selection),
        }
    }

    /// The same for methods that can do without, where there are references; wishes need them.
    pub(super) fn library_if_any(
        &self,
        info: &'static MethodInfo,
    ) -> Result<Option<Selection<'a>>, MethodError> {
        if self.references.is_some() {
            return self.library(info).map(Some);
        }
        match self.fixed.first().or(self.excluded.first()) {
            Some(species) => Err(MethodError::WishesNeedLibrary { species: species.trim().to_owned() }),
            None => Ok(None),
        }
    }
}

/// Told how far a method is, and asked whether it shall go on. Called from the thread that runs the method.
pub trait Watch: Sync {
    /// `done` from 0 to 1, and what is being done, for people.
    fn progress(&self, done: f32, what: &str);

    /// True once the answer is no longer wanted; the method then ends with [`MethodError::Cancelled`].
    fn cancelled(&self) -> bool;

    /// An error once the answer is no longer wanted.
    fn go_on(&self) -> Result<(), MethodError> {
        if self.cancelled() { Err(MethodError::Cancelled) } else { Ok(()) }
    }
}

/// A [`Watch`] for callers who want neither progress nor cancel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: f32, _what: &str) {}

    fn cancelled(&self) -> bool {
        false
    }
}
