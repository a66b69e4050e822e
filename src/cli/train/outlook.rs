//! The learning curve at the end of a run, and where it would lead.

use std::fmt::Write as _;

use crate::train::{Course, Row, Set};

/// The validations at every doubling of the samples and an extrapolation to a figure of the first set, in words. `speed` in
/// samples a second, where it is known.
pub fn outlook(course: &Course, sets: &[Set], goal_db: Option<f64>, speed: Option<f64>) -> String {
    let judged: Vec<&Row> = course.rows.iter().filter(|row| row.scores.len() == sets.len()).collect();
    let Some(last) = judged.last() else { return "no validation yet, so no learning curve".into() };
    let mut text = format!("{:>12} {:>9}", "samples", "minutes");
    for set in sets {
        let _never_fails = write!(text, " {:>12}", format!("{} {}", set.label, set.unit()));
    }
    for row in doublings(&judged) {
        let _never_fails = write!(text, "\n{:>12} {:>9.1}", row.samples, row.minutes);
        for score in &row.scores {
            let _never_fails = write!(text, " {score:>12.2}");
        }
    }
    let trends: Vec<_> = (0..sets.len()).map(|set| course.trend(set)).collect();
    let [Some(first), ..] = trends.as_slice() else {
        let _never_fails =
            write!(text, "\nno extrapolation: it takes 4 validations, there are {}", judged.len());
        return text;
    };
    let pace: Vec<String> = sets
        .iter()
        .zip(&trends)
        .filter_map(|(set, trend)| {
            Some(format!("{} {:+.2} {}", set.label, trend.as_ref()?.db_per_doubling, set.unit()))
        })
        .collect();
    let (from, to) = (first.from, first.to);
    let _never_fails =
        write!(text, "\nper doubling of the samples, from {from} to {to}: {}", pace.join(", "));
    if let (Some(goal), Some(set)) = (goal_db, sets.first()) {
        let reached = last.scores.first().is_some_and(|score| *score >= goal);
        let words = match first.samples_for(goal) {
            _ if reached => format!("{goal} dB {} are reached", set.label),
            None => format!("at that pace {goal} dB {} are out of reach", set.label),
            Some(samples) => {
                let more = (samples - course.samples as f64).max(0.0);
                let time = speed.filter(|speed| *speed > 0.0).map_or(String::new(), |speed| {
                    format!(", {} more at {speed:.1} samples/s on this machine", hours(more / speed))
                });
                format!(
                    "extrapolated, not measured: at that pace {goal} dB {} after {} samples{time}",
                    set.label,
                    rounded(samples)
                )
            }
        };
        let _never_fails = write!(text, "\n{words}");
    }
    text
}

/// The last line and, going back, the newest with half the samples or fewer each; oldest first.
fn doublings<'a>(judged: &[&'a Row]) -> Vec<&'a Row> {
    let mut kept: Vec<&Row> = Vec::new();
    for row in judged.iter().rev() {
        if kept.last().is_none_or(|later| row.samples <= later.samples / 2) {
            kept.push(row);
        }
    }
    kept.reverse();
    kept
}

/// Two digits: more would claim what nobody knows.
fn rounded(samples: f64) -> String {
    let step = 10_f64.powf((samples.max(10.0).log10() - 1.0).floor());
    let samples = (samples / step).round() * step;
    if samples >= 1e6 {
        format!("{} million", (samples / 1e5).round() / 10.0)
    } else {
        format!("{samples:.0}")
    }
}

fn hours(seconds: f64) -> String {
    let hours = seconds / 3600.0;
    if hours < 9.95 { format!("{hours:.1} h") } else { format!("{hours:.0} h") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets() -> [Set; 2] {
        [
            Set { name: "known_db", label: "known", items: 0..2 },
            Set { name: "held_out_db", label: "held out", items: 2..3 },
        ]
    }

    /// Validations every thousand samples: 1.5 and 1 dB more with every doubling.
    fn course(validations: u64) -> Course {
        let row = |k: u64| Row {
            step: 100 * k,
            samples: 1000 * k,
            minutes: k as f64,
            loss: 0.0,
            rate: 1e-3,
            scores: vec![3.0 + 1.5 * (k as f64).log2(), 2.0 + (k as f64).log2()],
        };
        let blank = Row { scores: Vec::new(), samples: 1000 * validations + 10, ..row(validations) };
        let rows = (1..=validations).map(row).chain([blank]).collect();
        Course { samples: 1000 * validations, rows, ..Course::default() }
    }

    #[test]
    fn the_curve_is_told_at_every_doubling_and_carried_on_to_the_goal() {
        let said = outlook(&course(9), &sets(), Some(22.5), Some(50.0));
        let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["samples", "minutes", "known", "dB", "held", "out", "dB"]);
        assert_eq!(lines[1], ["1000", "1.0", "3.00", "2.00"]);
        assert_eq!(lines[2], ["2000", "2.0", "4.50", "3.00"]);
        assert_eq!(lines[3], ["4000", "4.0", "6.00", "4.00"]);
        assert_eq!(lines[4], ["9000", "9.0", "7.75", "5.17"]);
        assert_eq!(
            said.lines().nth(5),
            Some("per doubling of the samples, from 5000 to 9000: known +1.50 dB, held out +1.00 dB")
        );
        // 2^13 times 1000 samples less the 9000 seen, at 50 a second.
        assert_eq!(
            said.lines().nth(6),
            Some(
                "extrapolated, not measured: at that pace 22.5 dB known after 8.2 million samples, 45 h more at 50.0 \
                 samples/s on this machine"
            )
        );
    }

    #[test]
    fn what_cannot_be_extrapolated_is_not() {
        assert_eq!(
            outlook(&Course::default(), &sets(), None, None),
            "no validation yet, so no learning curve"
        );
        let few = outlook(&course(3), &sets(), Some(22.5), None);
        assert!(few.ends_with("no extrapolation: it takes 4 validations, there are 3"), "{few}");
        let there = outlook(&course(9), &sets(), Some(7.0), None);
        assert!(there.ends_with("7 dB known are reached"), "{there}");
        let far = outlook(&course(9), &sets(), Some(400.0), None);
        assert!(far.ends_with("at that pace 400 dB known are out of reach"), "{far}");
        let timeless = outlook(&course(9), &sets(), Some(12.0), None);
        assert!(timeless.ends_with("12 dB known after 64000 samples"), "{timeless}");
    }
}
