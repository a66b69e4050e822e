//! One method's answers against the truth of a set.

use crate::bench::mixtures::truth::Truth;
use crate::bench::names::same_species;

/// What a method says about one mixture: in the order of the set's substances.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What is there.
    pub present: Vec<bool>,
    /// Amounts in units of the pure spectra; nothing from a method that gives none.
    pub amounts: Option<Vec<f64>>,
}

/// Figures of one method.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Of what was said to be there, the part that is; nothing where nothing was said.
    pub precision: Option<f64>,
    /// Of what is there, the part that was said to be.
    pub recall: Option<f64>,
    /// Both.
    pub f1: Option<f64>,
    /// Mixtures with every decision right, in percent.
    pub exact_set_percent: f64,
    /// Mean absolute error of the shares, where the truth has shares.
    pub share_mae: Option<f64>,
    /// 1 less the squared errors of the shares over their squared deviations from the mean.
    pub r2: Option<f64>,
}

/// Of answers to all mixtures of a set in order; a method that refused one said nothing there.
pub fn score(names: &[String], truth: &Truth, answers: &[Option<Answer>]) -> Score {
    let (mut right, mut said, mut is, mut exact) = (0, 0, 0, 0);
    for (k, answer) in answers.iter().enumerate() {
        let there = truth.present(k);
        let mut all_right = true;
        for (class, name) in names.iter().enumerate() {
            let is_there = there.iter().any(|t| same_species(t, name));
            let said_there = answer.as_ref().is_some_and(|a| a.present.get(class).copied().unwrap_or(false));
            said += usize::from(said_there);
            is += usize::from(is_there);
            right += usize::from(said_there && is_there);
            all_right &= said_there == is_there;
        }
        exact += usize::from(all_right);
    }
    let part = |a: usize, b: usize| (b > 0).then(|| a as f64 / b as f64);
    let (share_mae, r2) = shares(names, truth, answers).unzip();
    Score {
        precision: part(right, said),
        recall: part(right, is),
        f1: part(2 * right, said + is),
        exact_set_percent: 100.0 * exact as f64 / answers.len().max(1) as f64,
        share_mae,
        r2,
    }
}

/// Mean absolute error and R^2 of shares that sum to one; nothing where truth or method has none.
fn shares(names: &[String], truth: &Truth, answers: &[Option<Answer>]) -> Option<(f64, f64)> {
    let Truth::Shares { names: columns, values } = truth else { return None };
    let mut pairs = Vec::new();
    for (row, answer) in values.iter().zip(answers) {
        let amounts = match answer {
            Some(answer) => answer.amounts.clone()?,
            None => vec![0.0; names.len()],
        };
        let sum: f64 = amounts.iter().sum();
        for (column, truth) in columns.iter().zip(row) {
            let class = names.iter().position(|name| same_species(name, column));
            let amount = class.and_then(|class| amounts.get(class)).copied().unwrap_or(0.0);
            pairs.push((*truth, if sum > 0.0 { amount / sum } else { 0.0 }));
        }
    }
    let count = pairs.len() as f64;
    let mean = pairs.iter().map(|(t, _)| t).sum::<f64>() / count;
    let off = pairs.iter().map(|(t, f)| (t - f).abs()).sum::<f64>() / count;
    let errors: f64 = pairs.iter().map(|(t, f)| (t - f).powi(2)).sum();
    let spread: f64 = pairs.iter().map(|(t, _)| (t - mean).powi(2)).sum();
    (count > 0.0 && spread > 0.0).then(|| (off, 1.0 - errors / spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    fn answer(present: [bool; 3], amounts: Option<[f64; 3]>) -> Answer {
        Answer { present: present.to_vec(), amounts: amounts.map(|a| a.to_vec()) }
    }

    #[test]
    fn decisions_are_counted_over_all_mixtures_and_a_refusal_says_nothing() {
        let truth = Truth::Lists(vec![vec!["A".into(), "b".into()], vec!["c".into()], vec!["a".into()]]);
        let answers =
            [Some(answer([true, true, false], None)), Some(answer([true, false, true], None)), None];
        let found = score(&names(), &truth, &answers);
        // Said 4, right 3, there are 4.
        let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
        close(found.precision, 0.75);
        close(found.recall, 0.75);
        close(found.f1, 0.75);
        assert!((found.exact_set_percent - 100.0 / 3.0).abs() < 1e-9);
        assert_eq!((found.share_mae, found.r2), (None, None));
    }

    #[test]
    fn shares_sum_to_one_before_they_are_compared() {
        let truth = Truth::Shares {
            names: vec!["b".into(), "a".into()],
            values: vec![vec![0.2, 0.8], vec![0.6, 0.4]],
        };
        let right =
            [answer([true; 3], Some([8.0, 2.0, 0.0])), answer([true; 3], Some([4.0, 6.0, 0.0]))].map(Some);
        let found = score(&names(), &truth, &right);
        assert!(found.share_mae.unwrap() < 1e-12 && (found.r2.unwrap() - 1.0).abs() < 1e-12);
        let even =
            [answer([true; 3], Some([1.0, 1.0, 0.0])), answer([true; 3], Some([1.0, 1.0, 0.0]))].map(Some);
        let found = score(&names(), &truth, &even);
        assert!((found.share_mae.unwrap() - 0.2).abs() < 1e-12 && found.r2.unwrap().abs() < 1e-12);
        let none = [answer([true; 3], None), answer([true; 3], None)].map(Some);
        assert_eq!(score(&names(), &truth, &none).share_mae, None);
    }
}
