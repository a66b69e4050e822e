//! Numbers of a comparison in the few letters that a table has room for.

use crate::methods::{Component, Components, Judged, Outcome, Settings, share_range};
use crate::session::Ask;

/// What the words "not in the library" mean.
pub const UNLISTED: &str = "No spectrum of the library explains this part of the mixture. Its curve is what is left for it, its peaks stand out of the band. The nearest species is what the library alone would have named.";
/// What an interval or a band means.
pub const INTERVAL: &str = "The 90 % interval: it holds the true share in nine cases of ten";

/// A share or probability without digits that nobody knows.
pub fn percent(part: f64) -> String {
    match 100.0 * part {
        p if p > 0.0 && p < 1.0 => "<1 %".to_owned(),
        p if p > 99.0 && p < 100.0 => ">99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// `62 % (58–66)`; the interval from methods that know it.
pub fn share(component: &Component) -> String {
    let share = percent(component.share);
    match component.share_interval() {
        Some(interval) => format!("{share} ({})", share_range(interval, '–')),
        None => share,
    }
}

/// `62 % (58–66) · 99 % sure`.
pub fn amount(component: &Component) -> String {
    let share = share(component);
    match component.sureness() {
        Some(sure) => format!("{share} · {} sure", percent(sure)),
        None => share,
    }
}

/// The same without the interval, where there is little room.
pub fn brief(component: &Component) -> String {
    let share = percent(component.share);
    match component.sureness() {
        Some(sure) => format!("{share} · {} sure", percent(sure)),
        None => share,
    }
}

/// `dosage 0.94 (0.85–1.00)`, from methods that dose.
pub fn dosage(judged: &Judged) -> Option<String> {
    let dosage = judged.dosage?;
    Some(match judged.interval {
        Some((low, high)) => format!("dosage {dosage:.2} ({low:.2}–{high:.2})"),
        None => format!("dosage {dosage:.2}"),
    })
}

/// What a method that knows a few substances says of one of them.
pub fn judged(outcome: &Outcome, name: &str) -> Option<Judged> {
    outcome.judged().into_iter().find(|judged| judged.name == name)
}

/// What a method says of the substances that it knows and did not find: `not there: toluene 1 %, pyridine <1 %`.
pub fn absent(outcome: &Outcome) -> Option<String> {
    let gone = outcome.judged().into_iter().filter(|j| !j.present);
    let list: Vec<String> = gone.map(|j| format!("{} {}", j.name, percent(j.probability))).collect();
    (!list.is_empty()).then(|| format!("not there: {}", list.join(", ")))
}

/// What the flag of something else means, as the method said it.
pub fn flag(outcome: &Outcome) -> Option<String> {
    let said = outcome.notes.iter().find(|note| note.starts_with("something else"));
    outcome
        .flagged()
        .then(|| said.map_or_else(|| "something else may be in the sample".to_owned(), Clone::clone))
}

/// What is known of a substance that the library does not hold: `nearest Calcite, peaks 712, 1086 cm⁻¹`.
pub fn unlisted(component: &Component) -> Option<String> {
    let words = component.unlisted.as_ref()?.words().replace("cm-1", "cm⁻¹");
    (!words.is_empty()).then_some(words)
}

/// A name with what is known of it, for tooltips.
pub fn about(component: &Component, name: &str) -> String {
    let lines = [
        Some(name.to_owned()),
        unlisted(component),
        component.unlisted.as_ref().map(|_| UNLISTED.to_owned()),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
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
    use crate::methods::{Uncertainty, Unlisted};

    #[test]
    fn percentages_never_claim_nothing_or_everything() {
        let texts: Vec<String> = [0.0, 0.002, 0.624, 0.9991, 1.0].into_iter().map(percent).collect();
        assert_eq!(texts, ["0 %", "<1 %", "62 %", ">99 %", "100 %"]);
    }

    #[test]
    fn an_amount_says_how_far_it_may_be_off_and_how_sure_its_name_is() {
        let mut component = Component {
            name: "Not in the library".to_owned(),
            species: None,
            entries: Vec::new(),
            spectrum: vec![1.0, 2.0],
            library_part: None,
            share: 0.62,
            confidence: None,
            alternatives: Vec::new(),
            uncertainty: None,
            unlisted: None,
        };
        assert_eq!((amount(&component), about(&component, "x")), ("62 %".to_owned(), "x".to_owned()));
        component.uncertainty = Some(Uncertainty { band: vec![0.1, 0.1], share: (0.58, 0.66) });
        component.unlisted = Some(Unlisted {
            probability: 0.91,
            peaks_cm1: vec![712.0, 1086.0],
            nearest: Some("Calcite".to_owned()),
        });
        assert_eq!(amount(&component), "62 % (58–66) · 91 % sure");
        assert_eq!(brief(&component), "62 % · 91 % sure");
        assert_eq!(unlisted(&component).as_deref(), Some("nearest Calcite, peaks 712, 1086 cm⁻¹"));
        assert!(about(&component, "x").starts_with("x\nnearest Calcite, peaks"));
    }

    #[test]
    fn long_names_end_in_an_ellipsis() {
        assert_eq!(short("Calcite", 7), "Calcite");
        assert_eq!(short("Poly (methyl)", 6), "Poly…");
    }
}
