//! Numbers of a comparison in the few letters that a table has room for.

use crate::methods::{Component, Components, Settings};
use crate::session::Ask;

/// A share or probability without digits that nobody knows.
pub fn percent(part: f64) -> String {
    match 100.0 * part {
        p if p > 0.0 && p < 1.0 => "<1 %".to_owned(),
        p if p > 99.0 && p < 100.0 => ">99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// `62 % · 99 % sure`.
pub fn amount(component: &Component) -> String {
    let share = percent(component.share);
    match component.confidence {
        Some(confidence) => format!("{share} · {} sure", percent(confidence)),
        None => share,
    }
}

/// What is left over, in units of the noise.
pub fn residual(ratio: f64) -> String {
    if ratio < 100.0 { format!("{ratio:.1} × noise") } else { format!("{ratio:.0} × noise") }
}

/// A cosine between 0 and 1.
pub fn score(score: f64) -> String {
    format!("{score:.3}")
}

/// At most this many letters.
pub fn short(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Settings one below the other.
pub fn settings(settings: &Settings) -> String {
    let line = |(name, value): (&str, &serde_json::Value)| match value.as_str() {
        Some(text) => format!("{name} {text}"),
        None => format!("{name} {value}"),
    };
    settings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What was asked besides the methods, as far as it is not the ordinary question.
pub fn question(ask: &Ask) -> Vec<String> {
    let mut parts = Vec::new();
    if let Components::Exactly(count) = ask.components {
        parts.push(if count == 1 { "1 component".to_owned() } else { format!("{count} components") });
    }
    if let Some((low, high)) = ask.range {
        parts.push(format!("{low:.0} to {high:.0} cm⁻¹"));
    }
    if !ask.fixed.is_empty() {
        parts.push(format!("fixed {}", ask.fixed.join(", ")));
    }
    if !ask.excluded.is_empty() {
        parts.push(format!("excluded {}", ask.excluded.join(", ")));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_never_claim_nothing_or_everything() {
        let texts: Vec<String> = [0.0, 0.002, 0.624, 0.9991, 1.0].into_iter().map(percent).collect();
        assert_eq!(texts, ["0 %", "<1 %", "62 %", ">99 %", "100 %"]);
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(short("Calcite", 7), "Calcite");
        assert_eq!(short("Poly (methyl)", 6), "Poly…");
    }
}
