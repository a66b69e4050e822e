//! How a step describes itself: one static table serves the parser, its errors, the help text and a window's sliders.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::ProcessError;

/// What a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamKind {
    /// A number between two bounds, both allowed.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Whether a slider should move in decades.
        log: bool,
    },
    /// A whole number between two bounds, both allowed.
    Whole {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
        /// Whether only odd values make sense.
        odd: bool,
    },
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// Free text.
    Text,
    /// Measured and true positions: `519.8>520.5`, several in a row.
    Pairs,
}

/// What stands where the user says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamDefault {
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// A word of a choice.
    Word(&'static str),
    /// True or false.
    Flag(bool),
    /// Found from the spectrum; the words say how.
    Auto(&'static str),
    /// The user must say.
    Required,
}

/// One parameter of a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Param {
    /// Name in JSON.
    pub name: &'static str,
    /// Name in the one-line form; both names are understood everywhere.
    pub short: &'static str,
    /// Unit, empty for plain numbers; `axis` means the unit of the spectrum's axis.
    pub unit: &'static str,
    /// What it does, one phrase.
    pub what: &'static str,
    /// What it accepts.
    pub kind: ParamKind,
    /// What stands when it is left out.
    pub default: ParamDefault,
}

/// A step's description of itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepInfo {
    /// Stable name in JSON and text.
    pub name: &'static str,
    /// What it does, one sentence.
    pub what: &'static str,
    /// Parameter that a value without a name belongs to (`arpls:1e5`); `crop` and `calibrate` have their own forms.
    pub bare: Option<&'static str>,
    /// Its parameters in the order of the help.
    pub params: &'static [Param],
}

impl Param {
    pub(super) const fn number(name: &'static str, unit: &'static str, what: &'static str) -> Self {
        let kind = ParamKind::Number { min: -1e9, max: 1e9, log: false };
        Self { name, short: name, unit, what, kind, default: ParamDefault::Required }
    }

    pub(super) const fn whole(name: &'static str, unit: &'static str, what: &'static str) -> Self {
        let kind = ParamKind::Whole { min: 1, max: 1_000_000, odd: false };
        Self { name, short: name, unit, what, kind, default: ParamDefault::Required }
    }

    pub(super) const fn choice(
        name: &'static str,
        what: &'static str,
        words: &'static [&'static str],
    ) -> Self {
        let kind = ParamKind::Choice(words);
        Self { name, short: name, unit: "", what, kind, default: ParamDefault::Required }
    }

    pub(super) const fn flag(name: &'static str, what: &'static str, default: bool) -> Self {
        let default = ParamDefault::Flag(default);
        Self { name, short: name, unit: "", what, kind: ParamKind::Flag, default }
    }

    pub(super) const fn of(name: &'static str, what: &'static str, kind: ParamKind) -> Self {
        Self { name, short: name, unit: "", what, kind, default: ParamDefault::Required }
    }

    pub(super) const fn short(mut self, short: &'static str) -> Self {
        self.short = short;
        self
    }

    pub(super) const fn range(mut self, min: f64, max: f64) -> Self {
        self.kind = ParamKind::Number { min, max, log: false };
        self
    }

    pub(super) const fn decades(mut self, min: f64, max: f64) -> Self {
        self.kind = ParamKind::Number { min, max, log: true };
        self
    }

    pub(super) const fn steps(mut self, min: i64, max: i64) -> Self {
        self.kind = ParamKind::Whole { min, max, odd: false };
        self
    }

    pub(super) const fn odd(mut self, min: i64, max: i64) -> Self {
        self.kind = ParamKind::Whole { min, max, odd: true };
        self
    }

    pub(super) const fn default(mut self, default: ParamDefault) -> Self {
        self.default = default;
        self
    }

    /// The allowed values in words: `a number from 10 to 1e12`.
    #[must_use]
    pub fn expected(&self) -> String {
        match self.kind {
            ParamKind::Number { min, max, .. } => {
                format!("a number from {} to {}", number_text(min), number_text(max))
            }
            ParamKind::Whole { min, max, odd } => {
                format!("{} from {min} to {max}", if odd { "an odd whole number" } else { "a whole number" })
            }
            ParamKind::Choice(words) => format!("one of {}", words.join(", ")),
            ParamKind::Flag => "true or false".into(),
            ParamKind::Text => "a name".into(),
            ParamKind::Pairs => "measured>true positions such as 519.8>520.5".into(),
        }
    }

    /// Name, unit, allowed values and default, as in `lam: a number from 10 to 1e12, default 1e5`.
    #[must_use]
    pub fn usage(&self) -> String {
        let mut text = self.short.to_owned();
        if !self.unit.is_empty() {
            let _ = write!(text, " ({})", self.unit);
        }
        let _ = write!(text, ": {}", self.expected());
        let _ = match self.default {
            ParamDefault::Number(v) => write!(text, ", default {}", number_text(v)),
            ParamDefault::Whole(v) => write!(text, ", default {v}"),
            ParamDefault::Word(v) => write!(text, ", default {v}"),
            ParamDefault::Flag(v) => write!(text, ", default {v}"),
            ParamDefault::Auto(how) => write!(text, ", default {how}"),
            ParamDefault::Required => write!(text, ", must be given"),
        };
        text
    }

    /// Whether the value is of the right kind and inside its range. Null stands for "left out".
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        if value.is_null() {
            return matches!(self.default, ParamDefault::Auto(_));
        }
        match self.kind {
            ParamKind::Number { min, max, .. } => value.as_f64().is_some_and(|v| v >= min && v <= max),
            ParamKind::Whole { min, max, odd } => {
                value.as_i64().is_some_and(|v| v >= min && v <= max && (!odd || v % 2 != 0))
            }
            ParamKind::Choice(words) => value.as_str().is_some_and(|v| words.contains(&v)),
            ParamKind::Flag => value.is_boolean(),
            ParamKind::Text => value.as_str().is_some_and(|v| !v.trim().is_empty()),
            ParamKind::Pairs => value.as_array().is_some_and(|pairs| {
                let is_pair = |pair: &Value| {
                    let numbers = |p: &Vec<Value>| p.len() == 2 && p.iter().all(Value::is_number);
                    pair.as_array().is_some_and(numbers)
                };
                !pairs.is_empty() && pairs.iter().all(is_pair)
            }),
        }
    }
}

impl StepInfo {
    /// The parameter of that long or short name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|p| p.name == name || p.short == name)
    }

    /// The parameters in one sentence, for errors.
    #[must_use]
    pub fn usage(&self) -> String {
        if self.params.is_empty() {
            return format!("{} takes no parameters", self.name);
        }
        let list: Vec<String> = self.params.iter().map(Param::usage).collect();
        format!("{} takes {}", self.name, list.join("; "))
    }

    /// Several lines of help: the sentence, then one line a parameter.
    #[must_use]
    pub fn help(&self) -> String {
        let mut text = format!("{}\n    {}\n", self.name, self.what);
        for param in self.params {
            let _ = writeln!(text, "      {}. {}.", param.usage(), param.what);
        }
        text
    }

    /// The error for a parameter whose value cannot be used.
    pub(super) fn bad(
        &self,
        parameter: &'static str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> ProcessError {
        ProcessError::BadValue {
            step: self.name,
            parameter,
            found: found.into(),
            expected: expected.into(),
            usage: self.usage(),
        }
    }
}

/// The shorter of plain and exponent notation; both read back to the same number.
pub(super) fn number_text(value: f64) -> String {
    let (plain, exponent) = (format!("{value}"), format!("{value:e}"));
    // Plain up to five digits: 10000 reads better than 1e4.
    if plain.len() <= exponent.len().max(5) { plain } else { exponent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_short_and_read_back() {
        for (value, text) in [(1e5, "1e5"), (200.0, "200"), (0.01, "0.01"), (1e-3, "0.001"), (1.5e7, "1.5e7")]
        {
            assert_eq!(number_text(value), text);
            assert_eq!(text.parse::<f64>(), Ok(value));
        }
    }

    #[test]
    fn ranges_are_closed_and_odd_means_odd() {
        let param = Param::whole("window", "points", "").odd(3, 11);
        for (value, fits) in [(3, true), (11, true), (4, false), (13, false), (1, false)] {
            assert_eq!(param.accepts(&Value::from(value)), fits, "{value}");
        }
        assert!(!param.accepts(&Value::from(3.5)));
        assert!(!param.accepts(&Value::Null));
    }
}
