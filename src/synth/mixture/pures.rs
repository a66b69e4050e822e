//! Spectra of pure substances on one axis, each with the number of its species.

use serde::{Deserialize, Serialize};

use super::super::SynthError;
use super::super::sums::power_f32;

/// To what a curve is scaled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As it is.
    #[default]
    AsIs,
    /// Euclidean norm 1.
    UnitNorm,
    /// Maximum 1.
    UnitMax,
}

impl Scale {
    /// Factor that brings `y` there, `None` where none does.
    #[must_use]
    pub fn factor(self, y: &[f32]) -> Option<f64> {
        let size = match self {
            Self::AsIs => return Some(1.0),
            Self::UnitNorm => (power_f32(y) * y.len() as f64).sqrt(),
            Self::UnitMax => y.iter().fold(f64::MIN, |most, v| most.max(f64::from(*v))),
        };
        let factor = 1.0 / size;
        (factor.is_finite() && factor > 0.0).then_some(factor)
    }
}

/// A block of pure spectra: rows over one rising axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Pures {
    x: Vec<f64>,
    values: Vec<f32>,
    groups: Vec<u32>,
}

impl Pures {
    /// Rows of `x.len()` values each, one after the other, with a species number a row.
    pub fn new(x: Vec<f64>, values: Vec<f32>, groups: Vec<u32>) -> Result<Self, SynthError> {
        let points = x.len();
        if points == 0 || points.checked_mul(groups.len()) != Some(values.len()) {
            return Err(SynthError::Shape { values: values.len(), groups: groups.len(), points });
        }
        let rises = |i: &usize| x[*i].is_finite() && (*i == 0 || x[*i] > x[*i - 1]);
        if let Some(index) = (0..points).find(|i| !rises(i)) {
            return Err(SynthError::Axis { index });
        }
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(SynthError::NotFinite { row: at / points });
        }
        Ok(Self { x, values, groups })
    }

    /// As [`Pures::new`] with a species name a row; species are numbered as they first appear.
    pub fn named<S: AsRef<str>>(x: Vec<f64>, values: Vec<f32>, species: &[S]) -> Result<Self, SynthError> {
        let mut numbers = std::collections::BTreeMap::new();
        let groups = species
            .iter()
            .map(|name| {
                let next = numbers.len() as u32;
                *numbers.entry(name.as_ref()).or_insert(next)
            })
            .collect();
        Self::new(x, values, groups)
    }

    /// Positions.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// Points of each row.
    pub fn points(&self) -> usize {
        self.x.len()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.groups.len()
    }

    /// One row. Panics beyond the end, as a slice does.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.points()..(row + 1) * self.points()]
    }

    /// Species number of each row.
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_do_not_fit_are_refused() {
        let x = vec![1.0, 2.0];
        assert!(matches!(Pures::new(x.clone(), vec![0.0; 3], vec![0]), Err(SynthError::Shape { .. })));
        assert!(matches!(Pures::new(Vec::new(), Vec::new(), vec![0]), Err(SynthError::Shape { .. })));
        assert_eq!(Pures::new(vec![2.0, 2.0], vec![0.0; 2], vec![0]), Err(SynthError::Axis { index: 1 }));
        assert_eq!(
            Pures::new(vec![f64::NAN, 2.0], vec![0.0; 2], vec![0]),
            Err(SynthError::Axis { index: 0 })
        );
        let infinite = vec![0.0, 1.0, 2.0, f32::INFINITY];
        assert_eq!(Pures::new(x, infinite, vec![0, 1]), Err(SynthError::NotFinite { row: 1 }));
    }

    #[test]
    fn species_are_numbered_as_they_appear() {
        let pures = Pures::named(vec![1.0], vec![1.0, 2.0, 3.0], &["b", "a", "b"]).unwrap();
        assert_eq!(pures.groups(), [0, 1, 0]);
        assert_eq!((pures.rows(), pures.points(), pures.row(2)), (3, 1, &[3.0][..]));
    }

    #[test]
    fn scales_reach_what_they_are_named_after() {
        let close = |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-12);
        close(Scale::AsIs.factor(&[3.0, 4.0]), 1.0);
        close(Scale::UnitNorm.factor(&[3.0, -4.0]), 0.2);
        close(Scale::UnitMax.factor(&[-8.0, 4.0]), 0.25);
        assert_eq!(Scale::UnitMax.factor(&[-1.0]), None);
        assert_eq!(Scale::UnitNorm.factor(&[0.0, 0.0]), None);
    }
}
