//! What was typed into the filter: words, and conditions such as `Quartz > 20 %`.

use crate::session::BatchRow;

/// Parts of a filter, all of which must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Somewhere in the name, the method, a substance or the error, in small letters.
    Word(String),
    /// A number of the row.
    Number { what: What, above: bool, equal: bool, limit: f64 },
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Confidence,
    Residual,
    Time,
    /// Share of a substance whose name holds this, in small letters.
    Share(String),
}

impl Filter {
    /// Understands a filter. Parts are divided by `;` or `and`; a condition that is not complete yet counts as words.
    pub fn new(typed: &str) -> Self {
        let typed = typed.to_lowercase().replace(" and ", ";");
        let mut parts = Vec::new();
        for clause in typed.split(';').map(str::trim).filter(|clause| !clause.is_empty()) {
            if let Some(part) = condition(clause) {
                parts.push(part);
            } else {
                let words = clause.split(['<', '>', '=']).next().unwrap_or(clause);
                parts.extend(words.split_whitespace().map(|word| Part::Word(word.to_owned())));
            }
        }
        Self(parts)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row of the spectrum `name` and the method `method` passes.
    pub fn passes(&self, row: &BatchRow, name: &str, method: &str) -> bool {
        self.0.iter().all(|part| match part {
            Part::Word(word) => {
                let holds = |text: &str| text.to_lowercase().contains(word.as_str());
                holds(name)
                    || holds(method)
                    || row.shares.iter().any(|share| holds(&share.name))
                    || row.error.as_deref().is_some_and(holds)
            }
            Part::Number { what, above, equal, limit } => what.of(row).is_some_and(|value| {
                let beyond = if *above { value > *limit } else { value < *limit };
                beyond || (*equal && (value - limit).abs() <= 1e-9 * limit.abs())
            }),
        })
    }
}

impl What {
    fn of(&self, row: &BatchRow) -> Option<f64> {
        if row.error.is_some() {
            return None;
        }
        match self {
            Self::Confidence => row.shares.first()?.confidence,
            Self::Residual => row.residual_over_noise,
            Self::Time => Some(row.elapsed_ms),
            Self::Share(name) => {
                let named =
                    row.shares.iter().filter(|share| share.name.to_lowercase().contains(name.as_str()));
                Some(named.map(|share| share.share).fold(0.0, f64::max))
            }
        }
    }
}

/// `name > number`, with `%` or without.
fn condition(clause: &str) -> Option<Part> {
    let at = clause.find(['<', '>'])?;
    let (name, rest) = (clause[..at].trim(), &clause[at..]);
    let above = rest.starts_with('>');
    let equal = rest[1..].starts_with('=');
    let number = rest[if equal { 2 } else { 1 }..].trim();
    let (number, percent) = match number.strip_suffix('%') {
        Some(number) => (number.trim(), true),
        None => (number.strip_suffix("ms").unwrap_or(number).trim(), false),
    };
    let limit: f64 = number.replace(',', ".").parse().ok().filter(|limit: &f64| limit.is_finite())?;
    let what = match name {
        "" => return None,
        "confidence" => What::Confidence,
        "residual" | "residual/noise" => What::Residual,
        "time" => What::Time,
        name => What::Share(name.to_owned()),
    };
    // Shares and confidences end at 1: what is more was meant in percent.
    let part = matches!(what, What::Share(_) | What::Confidence);
    let limit = if percent || (part && limit > 1.0) { limit / 100.0 } else { limit };
    Some(Part::Number { what, above, equal, limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{BatchShare, ItemId, Subject};

    fn row() -> BatchRow {
        let share = |name: &str, share, confidence| BatchShare { name: name.to_owned(), share, confidence };
        BatchRow {
            subject: 0,
            of: Subject { item: ItemId(1), row: Some(0) },
            method: "nnls".to_owned(),
            shares: vec![share("Polyethylene, high density", 0.7, Some(0.9)), share("Quartz", 0.3, None)],
            residual_over_noise: Some(1.5),
            elapsed_ms: 12.0,
            error: None,
        }
    }

    #[test]
    fn words_and_conditions_are_understood() {
        let cases = [
            ("", true),
            ("map quartz", true),
            ("NNLS high", true),
            ("calcite", false),
            ("Quartz > 0.2", true),
            ("quartz>20%", true),
            ("quartz > 20", true),
            ("quartz > 0.3", false),
            ("quartz >= 0.3", true),
            ("quartz < 0,31", true),
            ("polyethylene, high density > 0.5 and residual < 2", true),
            ("residual > 2; quartz > 0.2", false),
            ("calcite < 0.1", true),
            ("confidence > 0.8", true),
            ("time < 10 ms", false),
            ("quartz >", true),
            ("calcite >", false),
        ];
        for (typed, want) in cases {
            assert_eq!(Filter::new(typed).passes(&row(), "map, spectrum 3", "NNLS"), want, "{typed}");
        }
    }

    #[test]
    fn a_row_without_an_answer_passes_by_words_only() {
        let failed = BatchRow { error: Some("no overlap".to_owned()), shares: Vec::new(), ..row() };
        assert!(Filter::new("overlap").passes(&failed, "map", "NNLS"));
        assert!(!Filter::new("quartz < 0.5").passes(&failed, "map", "NNLS"));
    }
}
