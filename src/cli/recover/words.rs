//! A recovered spectrum in words.

use super::super::runs::InWords;
use crate::methods::recovery::{Line, RecoveredFacts};

/// Lines that are printed; the tables hold all.
const MOST_LINES: usize = 12;

impl InWords for RecoveredFacts {
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(consistency) = self.consistency {
            let (word, ratio) = (consistency.verdict.word(), consistency.ratio);
            words.push(format!(
                "consistency {ratio:.3} ({word}): what both parts together leave of the measurement"
            ));
        }
        words.push(lines(&self.lines));
        let hits = self.hits.iter().enumerate();
        words.extend(hits.map(|(k, hit)| format!("{:>2}  {:.3}  {}", k + 1, hit.score, hit.species)));
        words
    }
}

/// The strongest lines, along the axis.
fn lines(all: &[Line]) -> String {
    if all.is_empty() {
        return "no line stands out of the noise".to_owned();
    }
    let mut strongest = all.to_vec();
    strongest.sort_by(|a, b| b.height.total_cmp(&a.height));
    strongest.truncate(MOST_LINES);
    strongest.sort_by(|a, b| a.position.total_cmp(&b.position));
    let list: Vec<String> = strongest
        .iter()
        .map(|line| {
            let width = line.width.map(|w| format!(" wide {w:.0}")).unwrap_or_default();
            format!("{:.1}{width}{}", line.position, if line.at_edge { " (edge)" } else { "" })
        })
        .collect();
    let more = all.len().saturating_sub(MOST_LINES);
    let more = if more > 0 { format!(" and {more} weaker ones") } else { String::new() };
    format!("lines {}{more}", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::recovery::Consistency;

    #[test]
    fn an_answer_says_how_sure_it_is_and_which_lines_there_are() {
        let line = |position: f64, at_edge: bool| Line { position, height: 1.0, width: Some(8.2), at_edge };
        let found = RecoveredFacts {
            consistency: Some(Consistency::of(&[1.0, 2.0, 3.1], &[1.0, 2.0, 3.0])),
            lines: vec![line(1003.24, false), line(1602.0, true)],
            ..RecoveredFacts::default()
        };
        let expected = [
            "consistency 0.071 (green): what both parts together leave of the measurement",
            "lines 1003.2 wide 8, 1602.0 wide 8 (edge)",
        ];
        assert_eq!(found.words(), expected);
        assert_eq!(RecoveredFacts::default().words(), ["no line stands out of the noise"]);
    }
}
