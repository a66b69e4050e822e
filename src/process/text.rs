//! The one-line form of a pipeline: `crop:200-1800|despike|arpls:lam=1e5|normalize:max`.
//!
//! Steps are separated by `|`, a step's values by `,`. A value is `name=value`, or bare where the step has a main
//! parameter. Double quotes hold anything; a quote inside them is doubled.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::info::{Param, ParamDefault, ParamKind, StepInfo, number_text};
use super::{Pipeline, ProcessError, Step};

impl FromStr for Pipeline {
    type Err = ProcessError;

    fn from_str(text: &str) -> Result<Self, ProcessError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let steps = split(text, '|', 0)?
            .into_iter()
            .map(|(start, part)| parse_step(part, start))
            .collect::<Result<_, _>>()?;
        Ok(Self { steps })
    }
}

impl FromStr for Step {
    type Err = ProcessError;

    fn from_str(text: &str) -> Result<Self, ProcessError> {
        parse_step(text, 0)
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            write!(f, "{}{step}", if i > 0 { "|" } else { "" })?;
        }
        Ok(())
    }
}

/// Only what differs from the defaults.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(self, false))
    }
}

impl Step {
    /// The one-line form with every parameter spelled out, as the history keeps it.
    #[must_use]
    pub fn full_text(&self) -> String {
        text_of(self, true)
    }
}

fn text_of(step: &Step, all: bool) -> String {
    let info = step.info();
    let mut fields = step.fields();
    let mut parts = Vec::new();
    if info.name == "crop"
        && let (Some(low), Some(high)) =
            (fields.get("low").and_then(Value::as_f64), fields.get("high").and_then(Value::as_f64))
    {
        parts.push(format!("{low}-{high}"));
        fields.clear();
    }
    for param in info.params {
        let Some(value) = fields.get(param.name).filter(|v| !v.is_null()) else { continue };
        if !all && is_default(param, value) {
            continue;
        }
        let text = value_text(value);
        let bare = matches!(param.kind, ParamKind::Pairs)
            || (info.bare == Some(param.name)
                && (param.default == ParamDefault::Required
                    || matches!(param.kind, ParamKind::Choice(_) | ParamKind::Text)));
        parts.push(if bare { text } else { format!("{}={text}", param.short) });
    }
    if parts.is_empty() { info.name.to_owned() } else { format!("{}:{}", info.name, parts.join(",")) }
}

fn is_default(param: &Param, value: &Value) -> bool {
    match param.default {
        ParamDefault::Number(v) => value.as_f64() == Some(v),
        ParamDefault::Whole(v) => value.as_i64() == Some(v),
        ParamDefault::Word(v) => value.as_str() == Some(v),
        ParamDefault::Flag(v) => value.as_bool() == Some(v),
        ParamDefault::Auto(_) | ParamDefault::Required => false,
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(n) if n.is_f64() => n.as_f64().map(number_text).unwrap_or_default(),
        Value::Array(pairs) => {
            let pair = |pair: &Value| {
                let numbers: Vec<String> = pair
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_f64)
                    .map(number_text)
                    .collect();
                numbers.join(">")
            };
            pairs.iter().map(pair).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

/// The text as it is, or in double quotes where it holds a sign of the form.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.trim() == text && !text.contains([',', '|', ':', '=', '"', '>']);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.to_owned(),
    }
}

/// Parts between separators that stand outside double quotes, with the byte where each begins.
fn split(text: &str, separator: char, offset: usize) -> Result<Vec<(usize, &str)>, ProcessError> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        if c == '"' {
            quote = if quote.is_some() { None } else { Some(at) };
        } else if c == separator && quote.is_none() {
            parts.push((offset + start, &text[start..at]));
            start = at + c.len_utf8();
        }
    }
    if let Some(at) = quote {
        return Err(syntax(offset + at, "a double quote that is never closed", "a second double quote"));
    }
    parts.push((offset + start, &text[start..]));
    Ok(parts)
}

fn syntax(at: usize, found: impl Into<String>, expected: impl Into<String>) -> ProcessError {
    ProcessError::Syntax {
        place: format!("at byte {}", at + 1),
        found: found.into(),
        expected: expected.into(),
    }
}

fn parse_step(text: &str, start: usize) -> Result<Step, ProcessError> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    if name.trim().is_empty() {
        let names: Vec<&str> = Step::ALL.iter().map(|info| info.name).collect();
        return Err(syntax(start, "no step name", format!("one of {}", names.join(", "))));
    }
    let info = Step::find(name.trim())?;
    let mut fields = Map::new();
    if !rest.trim().is_empty() {
        for (at, part) in split(rest, ',', start + name.len() + 1)? {
            parse_value(info, part, at, &mut fields)?;
        }
    }
    Step::from_fields(info.name, fields)
}

fn parse_value(
    info: &'static StepInfo,
    part: &str,
    at: usize,
    fields: &mut Map<String, Value>,
) -> Result<(), ProcessError> {
    let mut add = |name: &'static str, value: Value| {
        let param = info.param(name).map_or(name, |p| p.short);
        match fields.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(info.bad(param, "given twice", "one value")),
        }
    };
    let part = part.trim();
    if part.is_empty() {
        return Err(syntax(at, "an empty value", info.usage()));
    }
    if !part.starts_with('"')
        && let Some((name, value)) = part.split_once('=')
    {
        let name = name.trim();
        // An unknown name goes on as it is: `from_fields` answers with the step's own list.
        let Some(param) = info.param(name) else {
            fields.insert(name.to_owned(), Value::Null);
            return Ok(());
        };
        return add(param.name, typed(info, param, value)?);
    }
    if info.param("lines").is_some()
        && let Some((measured, truth)) = part.split_once('>')
    {
        let pair = [measured, truth].map(|side| number(side).map_or(Value::Null, Value::from));
        let lines = fields.entry("lines").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(lines) = lines {
            lines.push(Value::from(pair.to_vec()));
        }
        return Ok(());
    }
    if info.name == "crop" {
        let Some((low, high)) = parse_range(part) else {
            return Err(info.bad("range", format!("'{part}'"), "low-high, such as 200-1800"));
        };
        add("low", low.into())?;
        return add("high", high.into());
    }
    match info.bare.and_then(|name| info.param(name)) {
        Some(param) => add(param.name, typed(info, param, part)?),
        None => Err(syntax(at, format!("'{part}'"), format!("name=value; {}", info.usage()))),
    }
}

fn typed(info: &StepInfo, param: &Param, text: &str) -> Result<Value, ProcessError> {
    let text = text.trim();
    let value = match param.kind {
        ParamKind::Number { .. } => number(text).map(Value::from),
        ParamKind::Whole { .. } => text.parse::<i64>().ok().map(Value::from),
        ParamKind::Flag => match text {
            "true" | "yes" | "on" | "1" => Some(true.into()),
            "false" | "no" | "off" | "0" => Some(false.into()),
            _ => None,
        },
        ParamKind::Choice(_) | ParamKind::Text => Some(unquoted(text).into()),
        ParamKind::Pairs => None,
    };
    value.ok_or_else(|| info.bad(param.short, format!("'{text}'"), param.expected()))
}

/// A finite number; `inf` and `nan` are words here.
fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|v| v.is_finite())
}

/// `200-1800`, `-50-3500`, `200..1800`: the first cut that leaves a number on both sides.
fn parse_range(text: &str) -> Option<(f64, f64)> {
    if let Some((low, high)) = text.split_once("..") {
        return Some((number(low)?, number(high)?));
    }
    text.match_indices('-').find_map(|(at, _)| Some((number(text.get(..at)?)?, number(text.get(at + 1..)?)?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Pipeline>().unwrap_err().to_string()
    }

    #[test]
    fn the_line_from_the_manual_is_read_and_written_back() {
        let text = "crop:200-1800|despike|arpls:lam=1e6|savgol:window=13,order=2|normalize:vector";
        let pipeline: Pipeline = text.parse().unwrap();
        assert_eq!(pipeline.to_string(), text);
        assert_eq!(pipeline.steps.len(), 5);
        let loose = " crop: 200..1800 | despike | arpls: 1e6 | savgol: 13 , order = 2 | normalise:vector";
        assert_eq!(loose.parse::<Pipeline>().unwrap(), pipeline);
        assert_eq!("".parse::<Pipeline>().unwrap(), Pipeline::default());
    }

    #[test]
    fn json_and_text_make_the_same_step() {
        let json = r#"[{"step":"arpls","lambda":1e7},{"step":"shift","by":-2.5}]"#;
        let pipeline = Pipeline::from_json(json).unwrap();
        assert_eq!(pipeline, "arpls:lam=1e7|shift:-2.5".parse().unwrap());
        let json = |pipeline: &Pipeline| serde_json::to_string(pipeline).unwrap();
        assert_eq!(Pipeline::from_json(&json(&pipeline)).unwrap(), pipeline);
        let partial: Pipeline = "crop:low=5|raman_shift|resample:points=7".parse().unwrap();
        assert_eq!(Pipeline::from_json(&json(&partial)).unwrap(), partial);
        assert_eq!(serde_json::from_str::<Pipeline>(&json(&partial)).unwrap(), partial);
        let message = Pipeline::from_json(r#"[{"step":"arpls","lamda":1e7}]"#).unwrap_err().to_string();
        assert!(message.contains("did you mean 'lambda'"), "{message}");
        assert!(Pipeline::from_json("[3]").is_err());
        assert!(Pipeline::from_json("{").is_err());
    }

    #[test]
    fn errors_name_step_parameter_and_what_is_allowed() {
        for (text, parts) in [
            ("arpsl", vec!["arpsl", "did you mean 'arpls'", "crop, resample"]),
            ("arpls:lma=3", vec!["arpls", "lma", "lam", "1e5"]),
            ("arpls:lam=-3", vec!["lam is -3", "a number from"]),
            ("arpls:lam=many", vec!["'many'", "a number from"]),
            ("arpls:lam=inf", vec!["'inf'"]),
            ("savgol:window=12", vec!["window is 12", "odd"]),
            ("savgol:window=5,order=5", vec!["order", "below the window"]),
            ("normalize:loudest", vec!["'loudest'", "max, area, vector, snv, minmax"]),
            ("crop:hello", vec!["'hello'", "200-1800"]),
            ("crop:1800-200", vec!["low"]),
            ("shift", vec!["by is missing"]),
            ("crop|", vec!["no step name", "byte 6"]),
            ("crop:low=1,low=2", vec!["given twice"]),
            ("subtract:\"open", vec!["never closed", "byte 10"]),
            ("despike:,", vec!["an empty value"]),
            ("calibrate:1>x", vec!["lines", "519.8>520.5"]),
        ] {
            let message = error(text);
            for part in parts {
                assert!(message.contains(part), "{text}: {message} lacks {part}");
            }
        }
    }

    #[test]
    fn names_with_signs_of_the_form_travel_in_quotes() {
        for name in ["a,b|c:d=e>f.txt", "C:\\x\\y.spc", "say \"hi\"", " padded ", "päivä"] {
            let step =
                Step::from_fields("subtract", [("spectrum".into(), json!(name))].into_iter().collect());
            let step = step.unwrap();
            assert_eq!(step.to_string().parse::<Step>().unwrap(), step, "{step}");
        }
    }

    /// Any valid step, made from the tables.
    fn any_step() -> impl Strategy<Value = Step> {
        let value = |param: &'static Param| -> BoxedStrategy<Option<Value>> {
            let some = match param.kind {
                ParamKind::Number { min, max, .. } => prop_oneof![min..=max, -12.0_f64..12.0]
                    .prop_map(move |v| json!(v.clamp(min, max)))
                    .boxed(),
                ParamKind::Whole { min, max, odd } => {
                    (min..=max).prop_map(move |v| json!(if odd && v % 2 == 0 { v - 1 } else { v })).boxed()
                }
                ParamKind::Choice(words) => prop::sample::select(words).prop_map(|w| json!(w)).boxed(),
                ParamKind::Flag => any::<bool>().prop_map(|v| json!(v)).boxed(),
                ParamKind::Text => "[ -~äµ]{0,11}[a-z\"|]".prop_map(|v| json!(v)).boxed(),
                ParamKind::Pairs => {
                    prop::collection::vec((-1e3_f64..1e4, -1e3_f64..1e4), 1..6).prop_map(|v| json!(v)).boxed()
                }
            };
            if param.default == ParamDefault::Required {
                some.prop_map(Some).boxed()
            } else {
                prop::option::of(some).boxed()
            }
        };
        prop::sample::select(Step::ALL).prop_flat_map(move |info| {
            let values: Vec<_> = info.params.iter().map(value).collect();
            values.prop_filter_map("rules between parameters", move |values| {
                let fields =
                    info.params.iter().zip(values).filter_map(|(p, v)| Some((p.name.to_owned(), v?)));
                Step::from_fields(info.name, fields.collect()).ok()
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn text_and_full_text_read_back_to_the_same_pipeline(
            steps in prop::collection::vec(any_step(), 0..5),
        ) {
            let pipeline = Pipeline { steps };
            prop_assert_eq!(&pipeline.to_string().parse::<Pipeline>().unwrap(), &pipeline);
            for step in &pipeline.steps {
                prop_assert_eq!(&step.full_text().parse::<Step>().unwrap(), step);
                prop_assert_eq!(&serde_json::from_value::<Step>(serde_json::to_value(step).unwrap()).unwrap(), step);
            }
        }

        #[test]
        fn no_text_panics(text in "[a-z0-9:|,=>\"-]{0,40}|crop:.{0,20}|calibrate:.{0,20}") {
            let _ = text.parse::<Pipeline>();
        }
    }
}
