//! What a method that knows a few substances says of each of them, found or not: kept among the diagnostics of an outcome.

use super::{Diagnostic, Outcome};

/// Diagnostic that is 1 where something else is in the sample.
pub(super) const OTHER: &str = "other";
const PRESENCE: &str = "presence of ";
const THERE: &str = "there is ";
const DOSAGE: &str = "raw dosage of ";
const LOW: &str = "least dosage of ";
const HIGH: &str = "largest dosage of ";

/// One substance that a method was asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// Probability that it is in the sample, 0 to 1.
    pub probability: f64,
    /// Whether it counts as there.
    pub present: bool,
    /// Its relative signal, 1 for the strongest substance, whether it is there or not; from methods that dose.
    pub dosage: Option<f64>,
    /// Holds the dosage in nine cases of ten.
    pub interval: Option<(f64, f64)>,
}

impl Judged {
    /// Adds it to the diagnostics of an outcome.
    pub(super) fn put(&self, all: &mut Vec<Diagnostic>) {
        let mut add =
            |what: &str, value: f64| all.push(Diagnostic::plain(format!("{what}{}", self.name), value));
        add(PRESENCE, self.probability);
        add(THERE, f64::from(u8::from(self.present)));
        if let Some(dosage) = self.dosage {
            add(DOSAGE, dosage);
        }
        if let Some((low, high)) = self.interval {
            add(LOW, low);
            add(HIGH, high);
        }
    }
}

impl Outcome {
    /// Every substance that the method was asked about, in its order; none from methods that search a library.
    #[must_use]
    pub fn judged(&self) -> Vec<Judged> {
        let of = |what: &str, name: &str| self.diagnostic(&format!("{what}{name}"));
        let one = |d: &Diagnostic| {
            let name = d.name.strip_prefix(PRESENCE)?;
            Some(Judged {
                name: name.to_owned(),
                probability: d.value,
                // Sessions of earlier versions do not say.
                present: of(THERE, name)
                    .map_or_else(|| self.components.iter().any(|c| c.name == name), |there| there > 0.5),
                dosage: of(DOSAGE, name),
                interval: of(LOW, name).zip(of(HIGH, name)),
            })
        };
        self.diagnostics.iter().filter_map(one).collect()
    }

    /// Whether the method says that something is in the sample which it does not know.
    #[must_use]
    pub fn flagged(&self) -> bool {
        self.diagnostic(OTHER).is_some_and(|other| other > 0.5)
    }
}
