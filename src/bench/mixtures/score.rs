//! One outcome against the truth of its mixture, and many of these summed up.

use std::sync::Arc;

use super::truth::Truth;
use crate::bench::calibration::Claim;
use crate::bench::names::same_species;
use crate::bench::stats::{bootstrap_mean, mean, pearson, spearman};
use crate::library::EntryId;
use crate::methods::{Component, Outcome};
use crate::process::{Pipeline, References};
use crate::spectrum::{Axis, Metadata, Spectrum, metrics};

/// A component as far as its amount matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub species: String,
    /// Sum of the weights of the set's own spectra in it.
    pub weight: f64,
    /// Euclidean norm of its library part.
    pub signal: f64,
    /// Stated probability.
    pub confidence: Option<f64>,
    /// Where the method says that the library does not hold it: how much its lines look like those of the substance that
    /// was taken out of the library (cosine without backgrounds; 0 where none was).
    pub unlisted: Option<f64>,
}

/// The components of an outcome; none when the method refused. Entries below `own` are the set's own spectra; `removed` is
/// [`lines_of`] the spectrum that was taken out of the library.
pub fn found(outcome: Option<&Outcome>, own: usize, removed: Option<&[f32]>) -> Vec<Found> {
    let Some(outcome) = outcome else { return Vec::new() };
    let alike = |c: &Component| {
        removed.map_or(0.0, |r| metrics::cosine(&lines_of(outcome.mixture.axis(), &c.spectrum), r))
    };
    let one = |c: &Component| {
        let is_own = |id: EntryId| id.0 < own as u64;
        Found {
            species: c.species.clone().unwrap_or_default(),
            weight: c.entries.iter().filter(|e| is_own(e.id)).map(|e| e.weight).sum(),
            signal: metrics::norm(c.library_part.as_ref().unwrap_or(&c.spectrum)),
            confidence: c.confidence,
            unlisted: c.unlisted.as_ref().map(|_| alike(c)),
        }
    };
    outcome.components.iter().map(one).collect()
}

/// A curve without what is smooth in it: pure spectra have backgrounds of their own, components none. As it is where no
/// background can be told.
pub fn lines_of(axis: &Arc<Axis>, y: &[f32]) -> Vec<f32> {
    let lines = Spectrum::new(Arc::clone(axis), y.to_vec(), Metadata::default()).ok().and_then(|whole| {
        let steps: Pipeline = "arpls".parse().ok()?;
        steps.run(&whole, &References::none()).ok()
    });
    lines.map_or_else(|| y.to_vec(), |lines| lines.y().to_vec())
}

/// Names found and names there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and there.
    pub right: usize,
    /// Found.
    pub found: usize,
    /// There.
    pub there: usize,
}

impl Counts {
    /// Sum of both.
    pub fn plus(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            found: self.found + other.found,
            there: self.there + other.there,
        }
    }

    /// Found names that are right.
    pub fn precision(self) -> Option<f64> {
        (self.found > 0).then(|| self.right as f64 / self.found as f64)
    }

    /// Names there that were found.
    pub fn recall(self) -> Option<f64> {
        (self.there > 0).then(|| self.right as f64 / self.there as f64)
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> Option<f64> {
        let all = self.found + self.there;
        (all > 0).then(|| 2.0 * self.right as f64 / all as f64)
    }
}

/// Compares the names of one mixture; a name found twice counts once as right, and a component without a name claims
/// nothing.
pub fn counts(found: &[Found], there: &[String]) -> Counts {
    let right = there.iter().filter(|name| found.iter().any(|f| same_species(&f.species, name))).count();
    let named = found.iter().filter(|f| !f.species.is_empty()).count();
    Counts { right, found: named, there: there.len() }
}

/// Stated confidences of one mixture.
pub fn claims(found: &[Found], there: &[String]) -> Vec<Claim> {
    let claim = |f: &Found| {
        let right = there.iter().any(|name| same_species(&f.species, name));
        f.confidence.map(|confidence| Claim { confidence, right })
    };
    found.iter().filter_map(claim).collect()
}

/// Estimated shares of the named components in one mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// By the weights of the own spectra; what foreign components take of the signal is missing from their sum.
    pub by_weight: Vec<f64>,
    /// By the norms of the components.
    pub by_signal: Vec<f64>,
}

/// Shares of `names`, in their order.
pub fn shares(found: &[Found], names: &[String]) -> Shares {
    let sum_of = |name: &String, of: fn(&Found) -> f64| -> f64 {
        found.iter().filter(|f| same_species(&f.species, name)).map(of).sum()
    };
    let weights: Vec<f64> = names.iter().map(|name| sum_of(name, |f| f.weight)).collect();
    let signals: Vec<f64> = names.iter().map(|name| sum_of(name, |f| f.signal)).collect();
    let divided = |values: &[f64], by: f64| -> Vec<f64> {
        values.iter().map(|v| if by > 0.0 { v / by } else { 0.0 }).collect()
    };
    let all: f64 = found.iter().map(|f| f.signal).sum();
    let by_signal = divided(&signals, all);
    let own_part: f64 = by_signal.iter().sum();
    let by_weight = divided(&weights, weights.iter().sum());
    Shares { by_weight: by_weight.into_iter().map(|v| v * own_part).collect(), by_signal }
}

/// Mean over components of |estimate - truth|.
pub fn absolute_error(estimate: &[f64], truth: &[f64]) -> f64 {
    let errors: Vec<f64> = estimate.iter().zip(truth).map(|(e, t)| (e - t).abs()).collect();
    mean(&errors).unwrap_or_default()
}

/// Correlations of one component's signal with its amount over all mixtures.
pub fn correlations(each: &[Vec<Found>], truth: &Truth, name: &str) -> (Option<f64>, Option<f64>) {
    let (Truth::Amounts { names, values } | Truth::Shares { names, values }) = truth else {
        return (None, None);
    };
    let Some(column) = names.iter().position(|n| n == name) else { return (None, None) };
    let amounts: Vec<f64> = values.iter().map(|row| row.get(column).copied().unwrap_or_default()).collect();
    let signal = |found: &Vec<Found>| -> f64 {
        found.iter().filter(|f| same_species(&f.species, name)).map(|f| f.signal).sum()
    };
    let signals: Vec<f64> = each.iter().map(signal).collect();
    // A component that is never found, or always as strong, says nothing of its amount.
    let or_none = |r: Option<f64>| r.or_else(|| spread(&amounts).then_some(0.0));
    (or_none(pearson(&signals, &amounts)), or_none(spearman(&signals, &amounts)))
}

/// True when a correlation with these amounts can be asked for.
fn spread(amounts: &[f64]) -> bool {
    pearson(amounts, amounts).is_some()
}

/// Bootstrap interval of the mean F1 of a mixture.
pub fn f1_interval(each: &[Counts]) -> Option<[f64; 2]> {
    bootstrap_mean(&each.iter().filter_map(|c| c.f1()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(species: &str, weight: f64, signal: f64) -> Found {
        Found { species: species.into(), weight, signal, confidence: None, unlisted: None }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn precision_recall_and_f1_of_a_hand_made_case() {
        let found =
            [component("Ethanol", 1.0, 1.0), component("water", 1.0, 1.0), component("talc", 1.0, 1.0)];
        let c = counts(&found, &names(&["ethanol", "toluene"]));
        assert_eq!(c, Counts { right: 1, found: 3, there: 2 });
        let total = c.plus(Counts { right: 2, found: 2, there: 3 });
        assert_eq!(total.precision(), Some(0.6));
        assert_eq!(total.recall(), Some(0.6));
        assert_eq!(total.f1(), Some(0.6));
        assert_eq!(Counts::default().f1(), None);
        let twice = [component("ethanol", 1.0, 1.0), component("ethanol", 1.0, 1.0)];
        assert_eq!(counts(&twice, &names(&["ethanol"])), Counts { right: 1, found: 2, there: 1 });
        let nameless = [component("ethanol", 1.0, 1.0), component("", 0.0, 1.0)];
        assert_eq!(counts(&nameless, &names(&["ethanol"])), Counts { right: 1, found: 1, there: 1 });
    }

    #[test]
    fn lines_are_compared_without_backgrounds() {
        let axis = Arc::new(Axis::even(crate::spectrum::AxisKind::RamanShift, 200.0, 1398.0, 600).unwrap());
        let line = |x: &f64| libm::exp(-((x - 700.0) / 10.0).powi(2)) as f32;
        let bare: Vec<f32> = axis.values().iter().map(line).collect();
        let over: Vec<f32> =
            bare.iter().zip(axis.values()).map(|(v, x)| v + 3.0 + (x / 400.0) as f32).collect();
        assert!(metrics::cosine(&over, &bare) < 0.3);
        assert!(metrics::cosine(&lines_of(&axis, &over), &bare) > 0.98);
    }

    #[test]
    fn shares_sum_to_one_without_foreign_components_and_to_the_rest_with_them() {
        let own = [component("a", 3.0, 30.0), component("b", 1.0, 30.0)];
        let s = shares(&own, &names(&["a", "b", "c"]));
        assert_eq!(s.by_weight, [0.75, 0.25, 0.0]);
        assert_eq!(s.by_signal, [0.5, 0.5, 0.0]);
        assert!((absolute_error(&s.by_weight, &[0.75, 0.0, 0.25]) - 0.5 / 3.0).abs() < 1e-12);
        let foreign = [component("a", 3.0, 30.0), component("b", 1.0, 30.0), component("x", 0.0, 60.0)];
        assert_eq!(shares(&foreign, &names(&["a", "b"])).by_weight, [0.375, 0.125]);
        assert_eq!(shares(&[], &names(&["a"])).by_weight, [0.0]);
    }

    #[test]
    fn signals_are_correlated_with_amounts_and_what_is_not_found_is_zero() {
        let truth = Truth::Amounts { names: names(&["a"]), values: vec![vec![0.0], vec![1.0], vec![2.0]] };
        let each = vec![vec![], vec![component("A", 0.0, 5.0)], vec![component("a", 0.0, 10.0)]];
        let (r, rho) = correlations(&each, &truth, "a");
        // Rounded to f32 once.
        assert!((r.unwrap() - 1.0).abs() < 1e-6 && (rho.unwrap() - 1.0).abs() < 1e-6);
        assert_eq!(correlations(&each, &truth, "b"), (None, None));
        assert_eq!(correlations(&[vec![], vec![], vec![]], &truth, "a"), (Some(0.0), Some(0.0)));
    }
}
