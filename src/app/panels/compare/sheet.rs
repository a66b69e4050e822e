//! What the comparison draws, made when an answer or a finding comes and not in every frame.

use std::sync::Arc;

use eframe::egui::Color32;

use crate::app::plot::{Role, Shown};
use crate::app::theme::Theme;
use crate::app::view::View;
use crate::app::work::{Finding, Found};
use crate::methods::{Component, Outcome, find};
use crate::session::{Answer, Comparison, ComparisonId, Substance, align};
use crate::spectrum::Spectrum;

use super::words;

/// A comparison made ready to be drawn.
#[derive(Default)]
pub struct Sheet {
    of: Option<(ComparisonId, bool)>,
    /// One for each method, in the order they were asked.
    pub columns: Vec<Column>,
    /// One for each row; the place is the colour.
    pub substances: Vec<Substance>,
    /// Last identity given to a curve.
    last_id: u64,
}

/// One method.
pub struct Column {
    /// Its id.
    pub method: String,
    /// Its name for people.
    pub name: String,
    /// Its settings, one below the other.
    pub settings: String,
    /// How far it is.
    pub state: State,
}

/// How far a method is.
pub enum State {
    /// No answer yet.
    Open,
    /// No answer, and why.
    Failed(String),
    /// An answer.
    Done(Box<Done>),
}

/// An answer and its curves.
pub struct Done {
    /// The answer.
    pub outcome: Arc<Outcome>,
    /// What was computed about it.
    pub finding: Option<Arc<Finding>>,
    /// Row of each component.
    pub slots: Vec<usize>,
    /// Mixture, reconstruction and background.
    pub mixture: Vec<Shown>,
    /// Each component and its library spectrum.
    pub components: Vec<Vec<Shown>>,
    /// What is left.
    pub residual: Vec<Shown>,
}

impl Done {
    /// What is known about a component.
    pub fn found(&self, component: usize) -> Option<&Found> {
        self.finding.as_ref()?.components.get(component)
    }
}

impl Column {
    /// The answer, if there is one.
    pub fn done(&self) -> Option<&Done> {
        match &self.state {
            State::Done(done) => Some(done),
            State::Open | State::Failed(_) => None,
        }
    }

    fn holds(&self, answer: Option<&Answer>, finding: Option<&Arc<Finding>>) -> bool {
        match (&self.state, answer) {
            (State::Open, None) => true,
            (State::Failed(old), Some(Answer::Failed(new))) => old == new,
            (State::Done(done), Some(Answer::Done(outcome))) => {
                let same_finding = match (&done.finding, finding) {
                    (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                    (None, None) => true,
                    _ => false,
                };
                Arc::ptr_eq(&done.outcome, outcome) && same_finding
            }
            _ => false,
        }
    }
}

impl Sheet {
    /// Makes what is missing or old.
    pub fn refresh(&mut self, view: &View, comparison: &Comparison) {
        let dark = *view.theme == *Theme::get(true);
        let answers = view.session.answers();
        let holds = |(column, chosen): (&Column, &crate::session::Chosen)| {
            let id = chosen.id.as_str();
            column.method == id
                && column.holds(answers.get(comparison.id, id), view.work.finding(comparison.id, id))
        };
        let methods = &comparison.ask.methods;
        if self.of == Some((comparison.id, dark))
            && self.columns.len() == methods.len()
            && self.columns.iter().zip(methods).all(holds)
        {
            return;
        }
        self.of = Some((comparison.id, dark));
        let outcome = |id: &str| answers.get(comparison.id, id).and_then(Answer::outcome);
        let outcomes: Vec<(&str, &Outcome)> = methods
            .iter()
            .filter_map(|chosen| Some((chosen.id.as_str(), outcome(&chosen.id)?.as_ref())))
            .collect();
        self.substances = align(&outcomes);
        self.columns.clear();
        for chosen in methods {
            let state = match answers.get(comparison.id, &chosen.id) {
                None => State::Open,
                Some(Answer::Failed(sentence)) => State::Failed(sentence.clone()),
                Some(Answer::Done(outcome)) => {
                    let finding = view.work.finding(comparison.id, &chosen.id).cloned();
                    State::Done(Box::new(self.done(&chosen.id, outcome, finding, view.theme)))
                }
            };
            let settings = match &state {
                State::Done(done) => words::settings(&done.outcome.settings),
                State::Open | State::Failed(_) => words::settings(&chosen.settings),
            };
            let name = match &state {
                State::Done(done) => done.outcome.method_name.clone(),
                _ => find(&chosen.id).map_or_else(|_| chosen.id.clone(), |method| method.name().to_owned()),
            };
            self.columns.push(Column { method: chosen.id.clone(), name, settings, state });
        }
    }

    fn done(
        &mut self,
        method: &str,
        outcome: &Arc<Outcome>,
        finding: Option<Arc<Finding>>,
        theme: &Theme,
    ) -> Done {
        let slot = |component| self.substances.iter().position(|s| s.component_of(method) == Some(component));
        let slots: Vec<usize> = (0..outcome.components.len()).map(|c| slot(c).unwrap_or_default()).collect();
        let mut pen = Pen { outcome, last_id: self.last_id };
        let mut mixture = vec![pen.measured("Mixture", theme.mixture)];
        if outcome.background.iter().any(|v| v.abs() > 0.0) {
            mixture.extend(pen.line("Background", &outcome.background, theme.weak, Role::Background));
        }
        mixture.extend(pen.line(
            "Reconstruction",
            &outcome.reconstruction,
            theme.reconstruction,
            Role::Estimated,
        ));
        let mut components = Vec::new();
        for (index, component) in outcome.components.iter().enumerate() {
            let colour = theme.curve(slots[index]);
            let mut curves: Vec<Shown> = Vec::new();
            curves.extend(pen.banded(component, &component.spectrum, colour));
            let found = finding.as_ref().and_then(|f| f.components.get(index));
            if let Some(matched) = found.and_then(|f| f.matched.as_ref()) {
                let spectrum = Arc::clone(&matched.spectrum);
                let name = format!("{} (library)", matched.name);
                curves.push(pen.shown(&name, spectrum, theme.library, Role::Library));
            }
            components.push(curves);
        }
        let residual = pen.line("Residual", &outcome.residual, theme.residual, Role::Residual);
        let residual = residual.into_iter().collect();
        self.last_id = pen.last_id;
        Done { outcome: Arc::clone(outcome), finding, slots, mixture, components, residual }
    }

    /// The mixture and, on top of the background, one component alone.
    pub fn within(&mut self, method: &str, component: usize, theme: &Theme) -> Vec<Shown> {
        let Some(done) = self.column(method).and_then(Column::done) else { return Vec::new() };
        let outcome = Arc::clone(&done.outcome);
        let mut pen = Pen { outcome: &outcome, last_id: self.last_id };
        let mut curves = vec![pen.measured("Mixture", theme.mixture)];
        if let (Some(found), Some(slot)) = (outcome.components.get(component), done.slots.get(component)) {
            let sum: Vec<f32> = found.spectrum.iter().zip(&outcome.background).map(|(c, b)| c + b).collect();
            curves.extend(pen.banded(found, &sum, theme.curve(*slot)));
        }
        curves.extend(pen.line("Background", &outcome.background, theme.weak, Role::Background));
        self.last_id = pen.last_id;
        curves
    }

    /// Whether any component knows how far its curve may be off.
    pub fn banded(&self) -> bool {
        let mut components =
            self.columns.iter().filter_map(Column::done).flat_map(|done| &done.outcome.components);
        components.any(|component| component.band().is_some())
    }

    /// The column of a method.
    pub fn column(&self, method: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.method == method)
    }
}

/// Makes curves of an outcome's numbers.
struct Pen<'a> {
    outcome: &'a Outcome,
    last_id: u64,
}

impl Pen<'_> {
    fn shown(&mut self, name: &str, spectrum: Arc<Spectrum>, colour: Color32, role: Role) -> Shown {
        self.last_id += 1;
        Shown { id: self.last_id, name: name.into(), spectrum, colour, version: 1, role, band: None }
    }

    /// A component, its spectrum or that on top of something, with its band.
    fn banded(&mut self, component: &Component, y: &[f32], colour: Color32) -> Option<Shown> {
        let line = self.line(&component.name, y, colour, Role::Estimated)?;
        Some(Shown { band: component.band().map(Arc::from), ..line })
    }

    fn measured(&mut self, name: &str, colour: Color32) -> Shown {
        self.shown(name, Arc::new(self.outcome.mixture.clone()), colour, Role::Mixed)
    }

    /// Nothing where a method gave numbers that cannot be drawn.
    fn line(&mut self, name: &str, y: &[f32], colour: Color32, role: Role) -> Option<Shown> {
        let mixture = &self.outcome.mixture;
        let spectrum = Spectrum::new(Arc::clone(mixture.axis()), y, mixture.meta.clone()).ok()?;
        Some(self.shown(name, Arc::new(spectrum), colour, role))
    }
}
