//! Settings of a method: names and values, checked against the method's own table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::process::{Param, ParamDefault, ParamKind, suggestion};

use super::{MethodError, MethodInfo};

/// Values by the name of their setting; what is left out has its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// The same settings with one more value; [`Resolved::new`] checks it.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The same settings with a value as a user types it.
    pub fn with_text(self, info: &'static MethodInfo, name: &str, text: &str) -> Result<Self, MethodError> {
        let param = param(info, name)?;
        let text = text.trim();
        let value = match param.kind {
            ParamKind::Number { .. } => text.parse::<f64>().ok().map(Value::from),
            ParamKind::Whole { .. } => text.parse::<i64>().ok().map(Value::from),
            ParamKind::Flag => text.parse::<bool>().ok().map(Value::from),
            ParamKind::Choice(_) | ParamKind::Text | ParamKind::Pairs => Some(Value::from(text)),
        };
        match value.filter(|v| param.accepts(v)) {
            Some(value) => Ok(self.with(param.name, value)),
            None => Err(bad(info, param, text)),
        }
    }

    /// Names and values in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Every setting of one method, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved(BTreeMap<&'static str, Value>);

impl Resolved {
    /// Checks the settings against the method's table and fills in the defaults.
    pub fn new(info: &'static MethodInfo, settings: &Settings) -> Result<Self, MethodError> {
        let mut all: BTreeMap<&'static str, Value> =
            info.settings.iter().map(|p| (p.name, default_value(p))).collect();
        for (name, value) in settings.iter() {
            let param = param(info, name)?;
            if !param.accepts(value) {
                return Err(bad(
                    info,
                    param,
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                ));
            }
            all.insert(param.name, value.clone());
        }
        Ok(Self(all))
    }

    /// A number; 0 for a name the table does not have.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or_default()
    }

    /// A whole number; 0 for a name the table does not have.
    #[must_use]
    pub fn whole(&self, name: &str) -> usize {
        self.0.get(name).and_then(Value::as_u64).unwrap_or_default() as usize
    }

    /// A word; empty for a name the table does not have.
    #[must_use]
    pub fn word(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// True or false; false for a name the table does not have.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// All of them spelled out, as an outcome keeps them.
    #[must_use]
    pub fn spelled_out(&self) -> Settings {
        Settings(self.0.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }
}

fn default_value(param: &Param) -> Value {
    match param.default {
        ParamDefault::Number(v) => v.into(),
        ParamDefault::Whole(v) => v.into(),
        ParamDefault::Word(v) => v.into(),
        ParamDefault::Flag(v) => v.into(),
        ParamDefault::Auto(_) | ParamDefault::Required => Value::Null,
    }
}

fn param(info: &'static MethodInfo, name: &str) -> Result<&'static Param, MethodError> {
    let name = name.trim();
    info.settings.iter().find(|p| p.name == name || p.short == name).ok_or_else(|| {
        let names = info.settings.iter().flat_map(|p| [p.name, p.short]);
        let list: Vec<String> = info.settings.iter().map(Param::usage).collect();
        let usage =
            if list.is_empty() { "it has none".to_owned() } else { format!("it has {}", list.join("; ")) };
        MethodError::UnknownSetting {
            method: info.id,
            found: name.to_owned(),
            suggestion: suggestion(name, names),
            usage,
        }
    })
}

fn bad(info: &'static MethodInfo, param: &'static Param, found: impl Into<String>) -> MethodError {
    MethodError::BadSetting {
        method: info.id,
        setting: param.name,
        found: found.into(),
        expected: param.expected(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static INFO: MethodInfo = MethodInfo {
        id: "toy",
        name: "Toy",
        about: "Nothing.",
        needs_library: false,
        network: false,
        settings: &[
            Param {
                name: "lambda",
                short: "lam",
                unit: "",
                what: "Weight",
                kind: ParamKind::Number { min: 0.0, max: 1.0, log: false },
                default: ParamDefault::Number(0.02),
            },
            Param {
                name: "metric",
                short: "metric",
                unit: "",
                what: "How",
                kind: ParamKind::Choice(&["plain", "cosines"]),
                default: ParamDefault::Word("cosines"),
            },
        ],
    };

    #[test]
    fn what_is_left_out_has_its_default() {
        let settings = Settings::default().with_text(&INFO, "lam", " 0.5 ").unwrap();
        let resolved = Resolved::new(&INFO, &settings).unwrap();
        assert!((resolved.number("lambda") - 0.5).abs() < f64::EPSILON);
        assert_eq!(resolved.word("metric"), "cosines");
        assert_eq!(resolved.spelled_out().iter().count(), 2);
    }

    #[test]
    fn wrong_names_and_values_are_refused_with_what_fits() {
        let said = |name: &str, text: &str| {
            Settings::default().with_text(&INFO, name, text).unwrap_err().to_string()
        };
        assert!(said("lamda", "1").contains("did you mean 'lambda'"));
        assert!(said("lambda", "2").contains("from 0 to 1"));
        assert!(said("metric", "cosine").contains("plain, cosines"));
        let saved = Settings::default().with("lambda", "much");
        assert!(Resolved::new(&INFO, &saved).unwrap_err().to_string().contains("lambda is much"));
    }

    #[test]
    fn settings_survive_json() {
        let settings = Settings::default().with("lambda", 0.25).with("metric", "plain");
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(json, r#"{"lambda":0.25,"metric":"plain"}"#);
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    }
}
