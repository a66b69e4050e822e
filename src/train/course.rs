//! How far a training is, and its table.

use serde::{Deserialize, Serialize};

use super::forecast::Trend;
use super::plateau::Plateau;
use super::task::Set;

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Steps done.
    pub step: u64,
    /// Samples seen.
    pub samples: u64,
    /// Minutes of training, all runs together.
    pub minutes: f64,
    /// Mean loss since the line before.
    pub loss: f64,
    /// Learning rate of the last step.
    pub rate: f64,
    /// Mean of each set of the validation; none where there was no validation.
    pub scores: Vec<f64>,
}

/// Everything about a training but its weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Steps done.
    pub step: u64,
    /// Samples seen.
    pub samples: u64,
    /// Seconds of training, all runs together.
    pub seconds: f64,
    /// The rate's plateau.
    pub plateau: Plateau,
    /// Sum of the losses since the last line.
    pub loss_sum: f64,
    /// How many they are.
    pub loss_count: u64,
    /// Samples at the last line.
    pub told_at: u64,
    /// Samples at the last validation.
    pub judged_at: u64,
    /// The table.
    pub rows: Vec<Row>,
}

impl Course {
    /// Mean loss since the last line.
    pub fn loss(&self) -> f64 {
        if self.loss_count == 0 { f64::NAN } else { self.loss_sum / self.loss_count as f64 }
    }

    /// The last validation.
    pub fn last_scores(&self) -> Option<&[f64]> {
        self.rows.iter().rev().map(|row| row.scores.as_slice()).find(|scores| !scores.is_empty())
    }

    /// The validations of one set: samples and figure, in order.
    pub fn validations(&self, set: usize) -> Vec<(u64, f64)> {
        self.rows.iter().filter_map(|row| Some((row.samples, *row.scores.get(set)?))).collect()
    }

    /// How one set rises of late.
    pub fn trend(&self, set: usize) -> Option<Trend> {
        Trend::of(&self.validations(set))
    }

    /// Adds a line and begins the next mean.
    pub(super) fn tell(&mut self, rate: f64, scores: Vec<f64>) {
        if !scores.is_empty() {
            self.judged_at = self.samples;
        }
        // A mean of nothing is no number, and JSON has none for it.
        let loss = if self.loss_count == 0 { 0.0 } else { self.loss() };
        self.rows.push(Row {
            step: self.step,
            samples: self.samples,
            minutes: self.seconds / 60.0,
            loss,
            rate,
            scores,
        });
        (self.told_at, self.loss_sum, self.loss_count) = (self.samples, 0.0, 0);
    }

    /// The table as CSV.
    pub fn csv(&self, sets: &[Set]) -> String {
        let mut text = String::from("step,samples,minutes,loss,learning_rate");
        for set in sets {
            text.push_str(&format!(",{}", set.name));
        }
        text.push('\n');
        for row in &self.rows {
            text.push_str(&format!(
                "{},{},{:.3},{:.4},{}",
                row.step, row.samples, row.minutes, row.loss, row.rate
            ));
            for place in 0..sets.len() {
                let score = row.scores.get(place).map_or(String::new(), |score| format!("{score:.3}"));
                text.push_str(&format!(",{score}"));
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_validation_leave_its_columns_blank() {
        let sets = [
            Set { name: "known_db", label: "known", items: 0..2 },
            Set { name: "held_out_db", label: "held out", items: 2..3 },
        ];
        let mut course = Course { step: 2, samples: 16, seconds: 90.0, ..Course::default() };
        (course.loss_sum, course.loss_count) = (-6.0, 2);
        course.tell(1e-3, Vec::new());
        (course.step, course.samples, course.loss_sum, course.loss_count) = (3, 24, -4.0, 1);
        course.tell(5e-4, vec![3.0, 1.25]);
        let expected = "step,samples,minutes,loss,learning_rate,known_db,held_out_db\n\
                        2,16,1.500,-3.0000,0.001,,\n3,24,1.500,-4.0000,0.0005,3.000,1.250\n";
        assert_eq!(course.csv(&sets), expected);
        assert_eq!(course.last_scores(), Some([3.0, 1.25].as_slice()));
        assert_eq!((course.told_at, course.judged_at), (24, 24));
    }
}
