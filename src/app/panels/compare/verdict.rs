//! What the user says of a species, and the question that follows from it.

use eframe::egui::{Button, RichText, Role, Ui, WidgetInfo, vec2};

use crate::app::theme::Theme;
use crate::app::wish::Wishes;
use crate::library::species_key;
use crate::session::{Ask, Command, Comparison, Substance, Verdict};

/// The verdict on a species.
pub fn verdict(comparison: &Comparison, species: &str) -> Option<Verdict> {
    comparison.verdicts.get(&species_key(species)).copied()
}

/// Accept and reject, each taken back by a second click. `of` tells apart the buttons of different cells.
pub fn verdict_ui(ui: &mut Ui, comparison: &Comparison, species: &str, of: &str, wishes: &mut Wishes) {
    let theme = Theme::of(ui.ctx());
    let now = verdict(comparison, species);
    let mut both =
        [(Verdict::Accepted, "✓", "Accept", theme.good), (Verdict::Rejected, "✗", "Reject", theme.error)];
    if ui.layout().prefer_right_to_left() {
        both.reverse();
    }
    for (this, sign, word, colour) in both {
        let on = now == Some(this);
        let text = RichText::new(sign).color(if on { colour } else { theme.weak });
        let response = ui.add(Button::selectable(on, text).min_size(vec2(20.0, 18.0)));
        let name = format!("{word} {species} of {of}");
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &name));
        let response = response.on_hover_text(match (this, on) {
            (_, true) => "Take this back".to_owned(),
            (Verdict::Accepted, _) => format!("Accept {species}: the next run has it fixed"),
            (Verdict::Rejected, _) => format!("Reject {species}: the next run leaves it out"),
        });
        if response.clicked() {
            let next = (!on).then_some(this);
            wishes.step(Command::Judge(comparison.id, species.to_owned(), next));
        }
    }
}

/// The sign of a verdict, before a name.
pub fn sign(comparison: &Comparison, species: Option<&str>) -> &'static str {
    match species.and_then(|species| verdict(comparison, species)) {
        Some(Verdict::Accepted) => "✓ ",
        Some(Verdict::Rejected) => "✗ ",
        None => "",
    }
}

/// The same question with what was accepted fixed and what was rejected excluded. What was fixed or excluded before stays
/// so, unless the verdict now says otherwise.
pub fn judged(comparison: &Comparison, substances: &[Substance]) -> Ask {
    let mut ask = comparison.ask.clone();
    for (key, verdict) in &comparison.verdicts {
        ask.fixed.retain(|species| species_key(species) != *key);
        ask.excluded.retain(|species| species_key(species) != *key);
        let mut names = substances.iter().filter_map(|s| s.species.as_ref());
        let name = names.find(|species| species_key(species) == *key).unwrap_or(key).clone();
        match verdict {
            Verdict::Accepted => ask.fixed.push(name),
            Verdict::Rejected => ask.excluded.push(name),
        }
    }
    ask
}

/// The same question to all species of the library.
pub fn unjudged(comparison: &Comparison) -> Ask {
    Ask { fixed: Vec::new(), excluded: Vec::new(), ..comparison.ask.clone() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::session::{ComparisonId, ItemId, LibraryId, Subject, Version};

    #[test]
    fn a_new_question_keeps_old_verdicts_and_the_newer_one_wins() {
        let comparison = Comparison {
            id: ComparisonId(1),
            subject: Subject { item: ItemId(1), row: None },
            version: Version(1),
            ask: Ask {
                methods: Vec::new(),
                components: crate::methods::Components::Auto,
                range: None,
                library: LibraryId::DEFAULT,
                fixed: vec!["Quartz".into(), "Gypsum".into()],
                excluded: vec!["Urea".into()],
                despike: true,
            },
            pins: BTreeMap::new(),
            verdicts: [("calcite", Verdict::Accepted), ("quartz", Verdict::Rejected)]
                .map(|(key, verdict)| (key.to_owned(), verdict))
                .into(),
        };
        let calcite = Substance {
            name: "Calcite".into(),
            species: Some("Calcite".into()),
            members: Vec::new(),
            share: 0.5,
        };
        let ask = judged(&comparison, &[calcite]);
        assert_eq!(ask.fixed, ["Gypsum", "Calcite"]);
        assert_eq!(ask.excluded, ["Urea", "quartz"]);
        let free = unjudged(&comparison);
        assert!(free.fixed.is_empty() && free.excluded.is_empty());
    }
}
