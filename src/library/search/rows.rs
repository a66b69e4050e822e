//! The library's matrix: one row an entry over the search grid, centred and of unit norm within its valid range.

use super::sums::dot;

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
}

/// Points between two stored running sums of a row. A piece's sums then cost at most this many additions at each
/// end, and the store is an eighth of the matrix.
const STRIDE: usize = 32;

/// Rows of equal length in one block.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    points: usize,
    values: Vec<f32>,
    spans: Vec<Row>,
    /// For each row, sum and sum of squares before point 0, `STRIDE`, 2 `STRIDE`, ...
    running: Vec<[f64; 2]>,
}

impl Rows {
    /// Lays out curves, each given with the grid point it starts at; a flat or empty one becomes a row without range.
    pub fn new(points: usize, curves: impl ExactSizeIterator<Item = (usize, Option<Unit>)>) -> Self {
        let mut rows = Self {
            points,
            values: vec![0.0; points * curves.len()],
            spans: vec![Row::default(); curves.len()],
            running: vec![[0.0; 2]; (points / STRIDE + 1) * curves.len()],
        };
        let slots = rows.values.chunks_exact_mut(points).zip(&mut rows.spans);
        let slots = slots.zip(rows.running.chunks_exact_mut(points / STRIDE + 1));
        for ((start, curve), ((values, row), running)) in curves.zip(slots) {
            let Some(unit) = curve else { continue };
            let Some(part) = values.get_mut(start..start + unit.values.len()) else { continue };
            part.copy_from_slice(&unit.values);
            *row = Row { start, end: start + part.len(), mean: unit.mean };
            for (before, piece) in (0..).zip(values.chunks_exact(STRIDE)) {
                let [first, second] = moments(piece);
                running[before + 1] = [running[before][0] + first, running[before][1] + second];
            }
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

    /// Sum and sum of squares of a row over grid points `start..end`.
    pub fn piece(&self, index: usize, start: usize, end: usize) -> [f64; 2] {
        let before = |point: usize| {
            let stored = index * (self.points / STRIDE + 1) + point / STRIDE;
            let [first, second] = self.running.get(stored).copied().unwrap_or_default();
            let rest = moments(self.part(index, point - point % STRIDE, point));
            [first + rest[0], second + rest[1]]
        };
        let (a, b) = (before(start), before(end));
        [b[0] - a[0], b[1] - a[1]]
    }

    /// Pearson correlation of two rows where both have values; `None` when that is less than `share` of the longer.
    pub fn likeness(&self, a: usize, b: usize, share: f64) -> Option<f64> {
        let (row_a, row_b) = (self.row(a), self.row(b));
        let (start, end) = (row_a.start.max(row_b.start), row_a.end.min(row_b.end));
        let longest = (row_a.end - row_a.start).max(row_b.end - row_b.start);
        if start >= end || ((end - start) as f64) < share * longest as f64 {
            return None;
        }
        let n = (end - start) as f64;
        let [a1, a2] = self.piece(a, start, end);
        let [b1, b2] = self.piece(b, start, end);
        let cross = dot(self.part(a, start, end), self.part(b, start, end)) - a1 * b1 / n;
        let power = (a2 - a1 * a1 / n) * (b2 - b1 * b1 / n);
        (power > 0.0).then(|| cross / power.sqrt())
    }
}

/// Sum and sum of squares.
fn moments(values: &[f32]) -> [f64; 2] {
    values.iter().fold([0.0; 2], |[first, second], v| {
        let v = f64::from(*v);
        [first + v, second + v * v]
    })
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
    fn sums_of_pieces_are_those_of_their_points() {
        let y: Vec<f64> = (0..150_i32).map(|i| f64::from(i * 37 % 101)).collect();
        let rows = Rows::new(200, [(0, None), (20, unit(&y, None))].into_iter());
        for (start, end) in [(20, 170), (0, 200), (31, 33), (64, 128), (40, 41), (50, 50)] {
            let [first, second] = moments(rows.part(1, start, end));
            let found = rows.piece(1, start, end);
            assert!((found[0] - first).abs() < 1e-12 && (found[1] - second).abs() < 1e-12);
        }
        assert!((rows.likeness(1, 1, 0.8).unwrap() - 1.0).abs() < 1e-6);
        assert_eq!(rows.likeness(0, 1, 0.8), None);
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
