//! The library's matrix: one row an entry over the search grid, centred and of unit norm within its valid range.

use super::sums::{RowSums, dot, row_sums};

/// Power that is left after centring, as a share of the power before, below which a curve counts as flat: the square
/// of single precision's rounding error, with some room.
const FLAT: f64 = 1e-13;

/// A centred curve of unit norm: `original = scale * (values + mean)`.
#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    pub values: Vec<f32>,
    pub mean: f64,
}

/// Centres and scales; `None` for a flat curve. `weights` are 1 when `None`.
pub(super) fn unit(y: &[f64], weights: Option<&[f32]>) -> Option<Unit> {
    let weight = |i: usize| weights.map_or(1.0, |w| w.get(i).copied().map_or(0.0, f64::from));
    let total: f64 = (0..y.len()).map(weight).sum();
    // Scaled by the largest value first: squares of very large or very small counts leave the range of f64.
    let peak = y.iter().fold(0.0_f64, |peak, v| peak.max(v.abs()));
    if total <= 0.0 || peak <= 0.0 {
        return None;
    }
    let mean = y.iter().enumerate().map(|(i, v)| weight(i) * (v / peak)).sum::<f64>() / total;
    let (mut centred, mut before) = (0.0, 0.0);
    for (i, v) in y.iter().enumerate() {
        let v = v / peak;
        centred += weight(i) * (v - mean).powi(2);
        before += weight(i) * v * v;
    }
    if centred <= FLAT * before || centred <= 0.0 {
        return None;
    }
    let norm = centred.sqrt();
    let values = y.iter().map(|v| ((v / peak - mean) / norm) as f32).collect();
    Some(Unit { values, mean: mean / norm })
}

/// First derivative by a quadratic through seven points (Savitzky-Golay), three points shorter at each end.
pub(super) fn slope(y: &[f64]) -> Vec<f64> {
    y.windows(2 * SLOPE_EDGE + 1)
        .map(|w| (3.0 * (w[6] - w[0]) + 2.0 * (w[5] - w[1]) + (w[4] - w[2])) / 28.0)
        .collect()
}

/// Points that [`slope`] loses at each end.
pub(super) const SLOPE_EDGE: usize = 3;

/// Where a row has values, and their sums over all of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    /// First grid point.
    pub start: usize,
    /// One behind the last; equal to `start` when the row cannot be compared.
    pub end: usize,
    /// What was taken off, in units of the row.
    pub mean: f64,
    /// Sums over the whole row with a query of zero.
    pub whole: RowSums,
}

/// Rows of equal length in one block.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    points: usize,
    values: Vec<f32>,
    spans: Vec<Row>,
}

impl Rows {
    /// Lays out curves, each given with the grid point it starts at; a flat or empty one becomes a row without range.
    pub fn new(points: usize, curves: impl ExactSizeIterator<Item = (usize, Option<Unit>)>) -> Self {
        let mut rows = Self {
            points,
            values: vec![0.0; points * curves.len()],
            spans: vec![Row::default(); curves.len()],
        };
        let slots = rows.values.chunks_exact_mut(points).zip(&mut rows.spans);
        for ((start, curve), (values, row)) in curves.zip(slots) {
            let Some(unit) = curve else { continue };
            let Some(part) = values.get_mut(start..start + unit.values.len()) else { continue };
            part.copy_from_slice(&unit.values);
            *row = Row {
                start,
                end: start + part.len(),
                mean: unit.mean,
                whole: row_sums(&unit.values, &unit.values),
            };
        }
        rows
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn points(&self) -> usize {
        self.points
    }

    pub fn row(&self, index: usize) -> Row {
        self.spans.get(index).copied().unwrap_or_default()
    }

    /// Values of a row at grid points `start..end`.
    pub fn part(&self, index: usize, start: usize, end: usize) -> &[f32] {
        let first = index * self.points;
        self.values.get(first + start..first + end).unwrap_or_default()
    }

    /// Pearson correlation of two rows where both have values; `None` when that is less than `share` of the longer.
    pub fn likeness(&self, a: usize, b: usize, share: f64) -> Option<f64> {
        let (row_a, row_b) = (self.row(a), self.row(b));
        let (start, end) = (row_a.start.max(row_b.start), row_a.end.min(row_b.end));
        let longest = (row_a.end - row_a.start).max(row_b.end - row_b.start);
        if start >= end || ((end - start) as f64) < share * longest as f64 {
            return None;
        }
        let (part_a, part_b) = (self.part(a, start, end), self.part(b, start, end));
        let n = (end - start) as f64;
        let (sums_a, sums_b) = (row_sums(part_a, part_a), row_sums(part_b, part_b));
        let cross = dot(part_a, part_b) - sums_a.first * sums_b.first / n;
        let power = (sums_a.second - sums_a.first.powi(2) / n) * (sums_b.second - sums_b.first.powi(2) / n);
        (power > 0.0).then(|| cross / power.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_curve_is_centred_scaled_and_can_be_undone() {
        for scale in [1.0, 1e-30, 1e200] {
            let y: Vec<f64> = [1.0, 4.0, 2.0, 9.0].iter().map(|v| v * scale).collect();
            let unit = unit(&y, None).unwrap();
            let sum: f32 = unit.values.iter().sum();
            let power: f32 = unit.values.iter().map(|v| v * v).sum();
            assert!(sum.abs() < 1e-6 && (power - 1.0).abs() < 1e-6);
            let ratio = (f64::from(unit.values[3]) + unit.mean) / (f64::from(unit.values[0]) + unit.mean);
            assert!((ratio - 9.0).abs() < 1e-5, "{ratio}");
        }
    }

    #[test]
    fn flat_curves_have_no_unit_form() {
        assert!(unit(&[5.0; 20], None).is_none());
        assert!(unit(&[0.0; 20], None).is_none());
        assert!(unit(&[], None).is_none());
        assert!(unit(&[1.0, 2.0, 3.0], Some(&[0.0, 0.0, 0.0])).is_none());
        assert!(unit(&[1.0, 2.0, 3.0], Some(&[0.0, 1.0, 0.0])).is_none());
    }

    #[test]
    fn the_slope_of_a_parabola_is_exact() {
        let y: Vec<f64> = (0..12).map(|i| f64::from(i * i)).collect();
        let slope = slope(&y);
        assert_eq!(slope.len(), 6);
        assert!(slope.iter().zip(3..).all(|(s, i)| (s - f64::from(2 * i)).abs() < 1e-9));
        assert!(super::slope(&[1.0, 2.0]).is_empty());
    }
}
