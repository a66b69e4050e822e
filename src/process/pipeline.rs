//! A list of steps and the ways to run it on one spectrum.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::spectrum::{Axis, Spectrum};

use super::{Plan, ProcessError, References, Row, Step};

/// Steps in the order they are done. JSON: `{"steps":[{"step":"despike"}, ...]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The steps.
    pub steps: Vec<Step>,
}

/// A spectrum divided into what a baseline step keeps and what it takes away.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// What is left.
    pub corrected: Spectrum,
    /// The estimated baseline over the same axis.
    pub baseline: Spectrum,
}

impl Pipeline {
    /// A pipeline of these steps.
    #[must_use]
    pub fn new(steps: impl Into<Vec<Step>>) -> Self {
        Self { steps: steps.into() }
    }

    /// Reads `{"steps":[...]}` or the bare list, with the same checks and messages as the one-line form.
    pub fn from_json(json: &str) -> Result<Self, ProcessError> {
        let syntax = |place: String, found: String, expected: &str| ProcessError::Syntax {
            place,
            found,
            expected: expected.into(),
        };
        let value: Value = serde_json::from_str(json).map_err(|e| {
            syntax(format!("at line {} column {}", e.line(), e.column()), e.to_string(), "JSON")
        })?;
        let list = match value {
            Value::Array(list) => list,
            Value::Object(mut object) => match object.remove("steps") {
                Some(Value::Array(list)) => list,
                _ => {
                    return Err(syntax("at its start".into(), "no list 'steps'".into(), "{\"steps\":[...]}"));
                }
            },
            other => return Err(syntax("at its start".into(), other.to_string(), "{\"steps\":[...]}")),
        };
        let step = |(i, value): (usize, Value)| {
            let Value::Object(mut fields) = value else {
                return Err(syntax(
                    format!("at step {}", i + 1),
                    value.to_string(),
                    "{\"step\":\"name\", ...}",
                ));
            };
            match fields.remove("step") {
                Some(Value::String(name)) => {
                    // Null means "left out", as our own JSON writes it.
                    fields.retain(|_, v| !v.is_null());
                    Step::from_fields(&name, fields)
                }
                _ => Err(syntax(format!("at step {}", i + 1), "no name".into(), "\"step\":\"name\"")),
            }
        };
        Ok(Self { steps: list.into_iter().enumerate().map(step).collect::<Result<_, _>>()? })
    }

    /// Checks every step's parameters.
    pub fn validate(&self) -> Result<(), ProcessError> {
        self.steps.iter().try_for_each(Step::validate)
    }

    /// Names of the other spectra that the steps ask for; the caller gives them as [`References`].
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Subtract(subtract) => Some(subtract.spectrum.as_str()),
            _ => None,
        })
    }

    /// Everything that depends on the axis only, done once for many rows.
    pub fn plan(
        &self,
        axis: &Arc<Axis>,
        laser_nm: Option<f64>,
        references: &References,
    ) -> Result<Plan, ProcessError> {
        Plan::new(&self.steps, axis, laser_nm, references)
    }

    /// All steps on one spectrum. Each leaves a line in the history.
    pub fn run(&self, spectrum: &Spectrum, references: &References) -> Result<Spectrum, ProcessError> {
        self.plan(spectrum.axis(), spectrum.meta.laser_nm, references)?
            .run_spectrum(spectrum, &mut Row::new())
    }

    /// All steps on one spectrum, the last of which must be a baseline step: what it kept and what it took away.
    pub fn split(&self, spectrum: &Spectrum, references: &References) -> Result<Split, ProcessError> {
        match self.steps.last() {
            Some(step) if step.is_baseline() => {}
            other => {
                return Err(ProcessError::NoBaseline { step: other.map_or("an empty list", Step::name) });
            }
        }
        let plan = self.plan(spectrum.axis(), spectrum.meta.laser_nm, references)?;
        let mut row = Row::new();
        let corrected = plan.run_spectrum(spectrum, &mut row)?;
        let values: Vec<f32> = row.baseline.iter().map(|v| *v as f32).collect();
        let what = format!("baseline estimated by {}", plan.history().last().unwrap_or_default());
        let mut baseline = Spectrum::new(Arc::clone(corrected.axis()), values, corrected.meta.clone())
            .map_err(|source| ProcessError::Spectrum { step: "baseline", source })?;
        baseline.meta.history.pop();
        baseline.meta.history.push(what);
        Ok(Split { corrected, baseline })
    }
}

impl Step {
    /// This step alone on one spectrum.
    pub fn run(&self, spectrum: &Spectrum, references: &References) -> Result<Spectrum, ProcessError> {
        Pipeline::new([self.clone()]).run(spectrum, references)
    }

    /// This baseline step alone: what it keeps and what it takes away.
    pub fn split(&self, spectrum: &Spectrum) -> Result<Split, ProcessError> {
        Pipeline::new([self.clone()]).split(spectrum, &References::none())
    }
}
