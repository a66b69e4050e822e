//! An outcome in words.

use super::super::runs::InWords;
use crate::methods::export::{ComponentRow, OutcomeFacts};
use crate::methods::{Unlisted, share_range};

impl InWords for OutcomeFacts {
    fn words(&self) -> Vec<String> {
        if self.components.is_empty() {
            return vec!["nothing in the library explains it".to_owned()];
        }
        lines(&self.components)
    }
}

/// A line for each component, names one below the other.
fn lines(components: &[ComponentRow]) -> Vec<String> {
    let interval = |c: &ComponentRow| {
        c.share_interval().map(|share| format!(" ({})", share_range(share, '-'))).unwrap_or_default()
    };
    let room = components.iter().map(|c| interval(c).len()).max().unwrap_or_default();
    let line = |component: &ComponentRow| {
        let mut name = component.name.clone();
        let known = component.unlisted.as_ref().map(Unlisted::words).unwrap_or_default();
        if !known.is_empty() {
            name = format!("{name}, {known}");
        }
        let sure = component.confidence.or(component.unlisted.as_ref().map(|u| u.probability));
        let sure = sure.map(|c| format!("  {:.0} % sure", 100.0 * c)).unwrap_or_default();
        let scored = component.si_snr_db.map(|db| format!("  {db:.1} dB")).unwrap_or_default();
        let share = 100.0 * component.share;
        let line = format!("{share:>5.1} %{:<room$}  {name:<34}{sure}{scored}", interval(component));
        line.trim_end().to_owned()
    };
    components.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, share: f64, confidence: Option<f64>) -> ComponentRow {
        ComponentRow {
            name: name.to_owned(),
            species: Some(name.to_owned()),
            share,
            confidence,
            entries: Vec::new(),
            alternatives: Vec::new(),
            truth: None,
            si_snr_db: None,
            share_low: None,
            share_high: None,
            unlisted: None,
        }
    }

    #[test]
    fn a_share_has_its_interval_and_what_the_library_lacks_its_peaks() {
        let known = |share: (f64, f64), c: ComponentRow| ComponentRow {
            share_low: Some(share.0),
            share_high: Some(share.1),
            ..c
        };
        let peaks_cm1 = vec![712.2, 1086.4];
        let lacking = Unlisted { probability: 0.91, peaks_cm1, nearest: Some("Calcite".to_owned()) };
        let both = [
            known((0.451, 0.523), component("Quartz", 0.482, Some(0.98))),
            ComponentRow {
                unlisted: Some(lacking),
                ..known((0.091, 0.116), component("Not in the library", 0.1, None))
            },
        ];
        assert_eq!(
            lines(&both),
            [
                " 48.2 % (45-52)     Quartz                              98 % sure",
                " 10.0 % (9.1-11.6)  Not in the library, nearest Calcite, peaks 712, 1086 cm-1  91 % sure",
            ]
        );
        assert_eq!(lines(&[component("Quartz", 1.0, None)]), ["100.0 %  Quartz"]);
    }
}
