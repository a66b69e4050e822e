//! From fields to steps: values are checked before the document sees them.

use serde_json::{Map, Value};

use crate::process::{Pipeline, ProcessError, Step};
use crate::session::Version;

/// The parameters of a step and its name, as in its JSON form.
pub type Fields = Map<String, Value>;

/// Values that do not make a step yet: shown with the reason until they do, or until the step is another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// State of the item that they belong to.
    pub version: Version,
    /// Which of its steps.
    pub index: usize,
    /// The values.
    pub fields: Fields,
    /// Why they make no step.
    pub error: ProcessError,
}

/// The fields of a step.
pub fn fields(step: &Step) -> Fields {
    match serde_json::to_value(step) {
        Ok(Value::Object(fields)) => fields,
        _ => Fields::new(),
    }
}

/// The step that these fields describe, checked as any other text form is.
pub fn step(fields: &Fields) -> Result<Step, ProcessError> {
    let json = Value::Array(vec![Value::Object(fields.clone())]).to_string();
    Pipeline::from_json(&json)?.steps.pop().ok_or_else(|| ProcessError::Syntax {
        place: "at its start".to_owned(),
        found: "nothing".to_owned(),
        expected: "a step".to_owned(),
    })
}

/// The reason without the list of all steps or parameters, which stand on the screen anyway.
pub fn sentence(error: &ProcessError) -> String {
    let text = match error {
        ProcessError::BadValue { parameter, found, expected, .. } => {
            format!("{parameter} is {found}, expected {expected}")
        }
        ProcessError::UnknownStep { found, suggestion, .. } => {
            format!("there is no step '{found}'{suggestion}")
        }
        ProcessError::UnknownParameter { step, found, suggestion, .. } => {
            format!("{step} has no parameter '{found}'{suggestion}")
        }
        other => other.to_string(),
    };
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Step {
        text.parse().unwrap()
    }

    #[test]
    fn fields_make_the_step_they_came_from() {
        for text in ["crop:200-1800", "arpls:lam=3e4", "calibrate:519.8>520.5,1001>1001.4", "resample"] {
            assert_eq!(step(&fields(&first(text))), Ok(first(text)), "{text}");
        }
    }

    #[test]
    fn a_value_against_the_rules_is_told_in_one_short_sentence() {
        let mut fields = fields(&first("derivative:order=2,degree=3"));
        fields.insert("degree".to_owned(), Value::from(1));
        let error = step(&fields).unwrap_err();
        assert_eq!(
            sentence(&error),
            "Degree is 1, expected at least the order of the derivative, which is 2"
        );
    }
}
