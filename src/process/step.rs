//! The list of all steps, and what every step can do: describe itself, check itself, prepare itself for an axis.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::info::{Param, ParamDefault, StepInfo};
use super::plan::{Prepared, Stage};
use super::{
    Airpls, Arpls, Asls, Calibrate, Crop, Derivative, Despike, Imodpoly, Normalize, ProcessError, RamanShift,
    Resample, Rubberband, Savgol, Shift, Snip, Subtract, Whittaker,
};

/// What a family file implements for each of its steps.
pub(super) trait StepBody {
    /// The static description.
    fn info(&self) -> &'static StepInfo;

    /// Rules between parameters; single ranges are checked from the table.
    fn check(&self) -> Result<(), ProcessError> {
        Ok(())
    }

    /// Everything that needs no intensities.
    fn prepare(&self, stage: &Stage<'_>) -> Result<Prepared, ProcessError>;

    /// Whether the step takes away a baseline and keeps it in [`super::Row::baseline`].
    fn is_baseline(&self) -> bool {
        false
    }
}

macro_rules! steps {
    ($($(#[$attribute:meta])* $variant:ident => $info:path),* $(,)?) => {
        /// One operation on a spectrum with its parameters. In JSON `{"step":"arpls","lambda":1e5}`; parameters left
        /// out have their defaults.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "step", rename_all = "snake_case")]
        pub enum Step {
            $($(#[$attribute])* $variant($variant)),*
        }

        impl Step {
            /// Descriptions of all steps, in the order of the help.
            pub const ALL: &'static [&'static StepInfo] = &[$(&$info),*];

            pub(super) fn body(&self) -> &dyn StepBody {
                match self {
                    $(Self::$variant(body) => body),*
                }
            }
        }

        $(impl From<$variant> for Step {
            fn from(body: $variant) -> Self {
                Self::$variant(body)
            }
        })*
    };
}

steps! {
    /// Keeps a range of the axis.
    Crop => super::crop::INFO,
    /// Moves to an even axis.
    Resample => super::resample::INFO,
    /// Removes cosmic rays.
    Despike => super::despike::INFO,
    /// Asymmetric least squares baseline.
    Asls => super::baseline::ASLS,
    /// Asymmetrically reweighted penalised least squares baseline.
    Arpls => super::baseline::ARPLS,
    /// Adaptive iteratively reweighted penalised least squares baseline.
    Airpls => super::baseline::AIRPLS,
    /// Improved modified polynomial baseline.
    Imodpoly => super::baseline::IMODPOLY,
    /// Clipping baseline.
    Snip => super::baseline::SNIP,
    /// Convex hull baseline.
    Rubberband => super::baseline::RUBBERBAND,
    /// Savitzky-Golay smoothing.
    Savgol => super::smooth::SAVGOL,
    /// Whittaker smoothing.
    Whittaker => super::smooth::WHITTAKER,
    /// First or second derivative.
    Derivative => super::derivative::INFO,
    /// Scales to a common size.
    #[serde(alias = "normalise")]
    Normalize => super::normalize::INFO,
    /// Adds a constant to the axis.
    Shift => super::calibrate::SHIFT,
    /// Corrects the axis by known lines.
    Calibrate => super::calibrate::CALIBRATE,
    /// Turns the axis into Raman shifts.
    RamanShift => super::calibrate::RAMAN_SHIFT,
    /// Takes another spectrum away.
    Subtract => super::subtract::INFO,
}

impl Step {
    /// Stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.info().name
    }

    /// The step's description of itself.
    #[must_use]
    pub fn info(&self) -> &'static StepInfo {
        self.body().info()
    }

    /// Whether [`super::Pipeline::split`] can return a baseline when this step stands last.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        self.body().is_baseline()
    }

    /// Description of the step of that name.
    pub fn find(name: &str) -> Result<&'static StepInfo, ProcessError> {
        let name = if name == "normalise" { "normalize" } else { name };
        Self::ALL.iter().find(|info| info.name == name).copied().ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|info| info.name).collect();
            ProcessError::UnknownStep {
                found: name.to_owned(),
                suggestion: suggestion(name, known.iter().copied()),
                known: known.join(", "),
            }
        })
    }

    /// Checks every parameter against its range, and the rules between them.
    pub fn validate(&self) -> Result<(), ProcessError> {
        let info = self.info();
        let fields = self.fields();
        for param in info.params {
            let value = fields.get(param.name).unwrap_or(&Value::Null);
            if !param.accepts(value) {
                return Err(refused(info, param, value));
            }
        }
        self.body().check()
    }

    /// Makes a step from named values, as JSON and text give them. Long and short names are understood.
    pub(super) fn from_fields(name: &str, given: Map<String, Value>) -> Result<Self, ProcessError> {
        let info = Self::find(name)?;
        let mut fields = Map::new();
        for (key, value) in given {
            let Some(param) = info.param(&key) else {
                let names = info.params.iter().flat_map(|p| [p.name, p.short]);
                let suggestion = suggestion(&key, names);
                let usage = info.usage();
                return Err(ProcessError::UnknownParameter {
                    step: info.name,
                    found: key,
                    suggestion,
                    usage,
                });
            };
            if !param.accepts(&value) {
                return Err(refused(info, param, &value));
            }
            if fields.insert(param.name.to_owned(), value).is_some() {
                return Err(info.bad(param.short, "given twice", "one value"));
            }
        }
        for param in info.params {
            if param.default == ParamDefault::Required && !fields.contains_key(param.name) {
                return Err(info.bad(param.short, "missing", param.expected()));
            }
        }
        fields.insert("step".into(), info.name.into());
        let step: Self = serde_json::from_value(Value::Object(fields)).map_err(|e| ProcessError::Syntax {
            place: format!("in step {}", info.name),
            found: e.to_string(),
            expected: info.usage(),
        })?;
        step.body().check()?;
        Ok(step)
    }

    /// The parameters by their long names; numbers that are not finite appear as null.
    pub(super) fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut fields)) => {
                fields.remove("step");
                fields
            }
            _ => Map::new(),
        }
    }
}

fn refused(info: &StepInfo, param: &Param, value: &Value) -> ProcessError {
    let found = match value {
        Value::Null => "missing or not a finite number".to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    };
    info.bad(param.short, found, param.expected())
}

/// `, did you mean 'x'?` for the nearest name, or nothing when none is near.
pub fn suggestion<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> String {
    let found = found.to_lowercase();
    names
        .map(|name| (edit_distance(&found, name), name))
        .min()
        // A third of the letters may be wrong; beyond that a guess is noise.
        .filter(|(distance, name)| distance * 3 <= name.len().max(found.len()) || name.starts_with(&found))
        .map_or_else(String::new, |(_, name)| format!(" (did you mean '{name}'?)"))
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn edit_distance(a: &str, b: &str) -> usize {
    // A user's word may be of any length; names are short.
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut table = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every step with values for what must be given.
    fn samples() -> Vec<Step> {
        let given = |info: &StepInfo| {
            let mut fields = Map::new();
            for param in info.params.iter().filter(|p| p.default == ParamDefault::Required) {
                let value = match param.name {
                    "by" => Value::from(1.5),
                    "lines" => serde_json::json!([[1.0, 2.0], [3.0, 4.5]]),
                    _ => Value::from("blank"),
                };
                fields.insert(param.name.into(), value);
            }
            fields
        };
        Step::ALL.iter().map(|info| Step::from_fields(info.name, given(info)).unwrap()).collect()
    }

    #[test]
    fn the_table_and_the_fields_of_every_step_agree() {
        for (step, info) in samples().iter().zip(Step::ALL) {
            assert_eq!(step.info(), *info);
            let fields = step.fields();
            assert_eq!(fields.len(), info.params.len(), "{}", info.name);
            for param in info.params {
                let value = fields.get(param.name).unwrap_or_else(|| panic!("{} {}", info.name, param.name));
                let same = match param.default {
                    ParamDefault::Number(v) => value.as_f64() == Some(v),
                    ParamDefault::Whole(v) => value.as_i64() == Some(v),
                    ParamDefault::Word(v) => value.as_str() == Some(v),
                    ParamDefault::Flag(v) => value.as_bool() == Some(v),
                    ParamDefault::Auto(_) => value.is_null(),
                    ParamDefault::Required => !value.is_null(),
                };
                assert!(same, "{} {}: {value} and {:?}", info.name, param.name, param.default);
            }
            assert!(info.param("step").is_none(), "{}: taken by the tag in JSON", info.name);
            assert!(info.what.ends_with('.') && info.help().contains(info.name));
            assert_eq!(step.validate(), Ok(()), "{}", info.name);
        }
    }

    #[test]
    fn an_unknown_step_names_the_nearest_and_all() {
        let message = Step::find("arlps").unwrap_err().to_string();
        assert!(message.contains("did you mean 'arpls'") && message.contains("rubberband"), "{message}");
        let message = Step::find("fourier").unwrap_err().to_string();
        assert!(!message.contains("did you mean"), "{message}");
    }

    #[test]
    fn values_set_in_code_are_checked_before_they_are_used() {
        let step = Step::from(Arpls { lambda: f64::NAN, ..Arpls::default() });
        assert!(step.validate().unwrap_err().to_string().contains("lam"));
        let step = Step::from(Savgol { window: 10, ..Savgol::default() });
        assert!(step.validate().unwrap_err().to_string().contains("odd"));
    }
}
