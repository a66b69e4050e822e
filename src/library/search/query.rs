//! A question as it stands on the search grid: its values, its range, its weights, and sums that can be had for any
//! piece without adding again.

use std::f64::consts::FRAC_2_PI;
use std::ops::Range;

use crate::spectrum::{Axis, AxisKind, Spectrum};

use super::super::LibraryError;
use super::index::on_grid;
use super::rows::{Row, Rows, SLOPE_EDGE, slope, unit};
use super::sums::{RowSums, dot, weighted_row_sums};
use super::{MIN_POINTS, Metric, SearchOptions, Window};

/// Power of a piece, as a share of the whole curve's, below which the piece counts as flat: single-precision sums
/// are no better than this.
const FLAT_PIECE: f64 = 1e-8;

/// Sums from the first grid point up to each point: a piece's sum is a difference.
#[derive(Debug, Clone, Copy, Default)]
struct Running {
    /// Points with a weight.
    count: usize,
    /// Weights.
    weight: f64,
    /// Weight x value.
    first: f64,
    /// Weight x value squared.
    second: f64,
}

/// What query and entry share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Overlap {
    pub start: usize,
    pub end: usize,
    /// Share of the shorter of both, in points that have a weight.
    pub share: f64,
}

/// A query ready to be compared with rows.
#[derive(Debug)]
pub(super) struct Query {
    pub title: String,
    metric: Metric,
    start: usize,
    end: usize,
    /// Grid points that count at all.
    counted: Range<usize>,
    mean: f64,
    /// Weight x value at each grid point, zero outside the query's range.
    values: Vec<f32>,
    weights: Option<Vec<f32>>,
    running: Vec<Running>,
}

impl Query {
    pub fn new(spectrum: &Spectrum, grid: &Axis, options: &SearchOptions) -> Result<Self, LibraryError> {
        let title = spectrum.meta.display_name().to_owned();
        let shifted = spectrum
            .converted(&AxisKind::RamanShift)
            .map_err(|source| LibraryError::NotRaman { title: title.clone(), source })?;
        let (counted, weights) = weights(grid, &options.windows)?;
        let (low_cm1, high_cm1) = (shifted.axis().low(), shifted.axis().high());
        let outside = || LibraryError::OutsideGrid {
            title: title.clone(),
            low_cm1,
            high_cm1,
            grid_low_cm1: grid.low(),
            grid_high_cm1: grid.high(),
        };
        let (mut start, mut y) = on_grid(&shifted, grid);
        if options.metric == Metric::Derivative {
            (start, y) = (start + SLOPE_EDGE, slope(&y));
        }
        // Cut to the outermost windows: nothing beyond them counts.
        let first = counted.start.saturating_sub(start).min(y.len());
        y.truncate(counted.end.saturating_sub(start));
        y.drain(..first.min(y.len()));
        start += first;
        let end = start + y.len();
        let piece = weights.as_deref().map(|w| w.get(start..end).unwrap_or_default());
        let weighted = piece.map_or(y.len(), |w| w.iter().filter(|w| **w > 0.0).count());
        if weighted < MIN_POINTS {
            return Err(outside());
        }
        let flat = || LibraryError::FlatQuery {
            title: title.clone(),
            low_cm1: low_cm1.max(grid.low()),
            high_cm1: high_cm1.min(grid.high()),
        };
        let unit = unit(&y, piece).ok_or_else(flat)?;
        let mut running = vec![Running::default(); start + 1];
        let mut sum = Running::default();
        for (i, value) in unit.values.iter().enumerate() {
            let weight = piece.map_or(1.0, |w| f64::from(w[i]));
            let value = f64::from(*value);
            sum.count += usize::from(weight > 0.0);
            sum.weight += weight;
            sum.first += weight * value;
            sum.second += weight * value * value;
            running.push(sum);
        }
        running.resize(grid.len() + 1, sum);
        let mut values = vec![0.0; start];
        values.extend(unit.values.iter().enumerate().map(|(i, v)| piece.map_or(*v, |w| w[i] * v)));
        values.resize(grid.len(), 0.0);
        let (metric, mean) = (options.metric, unit.mean);
        Ok(Self { title, metric, start, end, counted, mean, values, weights, running })
    }

    /// The part that this query and a row share, if it is worth comparing.
    pub fn overlap(&self, row: Row) -> Option<Overlap> {
        let (start, end) = (self.start.max(row.start), self.end.min(row.end));
        if start >= end {
            return None;
        }
        let shared = self.running[end].count - self.running[start].count;
        if shared < MIN_POINTS {
            return None;
        }
        let (first, last) = (row.start.max(self.counted.start), row.end.min(self.counted.end));
        let of_row = match &self.weights {
            None => last - first,
            // Rare enough to be counted: windows are given and the row sticks out of the query.
            Some(weights) if first < start || last > end => {
                weights[first..last].iter().filter(|w| **w > 0.0).count()
            }
            Some(_) => shared,
        };
        let of_query = self.running[self.end].count;
        Some(Overlap { start, end, share: shared as f64 / of_row.min(of_query).max(1) as f64 })
    }

    /// Raw score against row `index` (for the angle: its cosine), NaN when there is nothing to compare.
    pub fn score(&self, rows: &Rows, index: usize) -> f64 {
        let row = rows.row(index);
        let Some(Overlap { start, end, .. }) = self.overlap(row) else { return f64::NAN };
        let (piece, query) = (rows.part(index, start, end), &self.values[start..end]);
        let sums = match &self.weights {
            None => {
                let [first, second] = rows.piece(index, start, end);
                RowSums { cross: dot(query, piece), first, second }
            }
            Some(weights) => weighted_row_sums(query, &weights[start..end], piece),
        };
        let (before, behind) = (self.running[start], self.running[end]);
        let n = behind.weight - before.weight;
        let (q1, q2) = (behind.first - before.first, behind.second - before.second);
        let (e1, e2) = (sums.first, sums.second);
        let (varies_q, varies_e) = (q2 - q1 * q1 / n, e2 - e1 * e1 / n);
        if varies_q <= FLAT_PIECE || varies_e <= FLAT_PIECE {
            return f64::NAN;
        }
        match self.metric {
            Metric::Pearson | Metric::Derivative => {
                ((sums.cross - q1 * e1 / n) / (varies_q * varies_e).sqrt()).clamp(-1.0, 1.0)
            }
            Metric::Cosine | Metric::Sad => {
                // The rows are centred; the means are put back here.
                let (mq, me) = (self.mean, row.mean);
                let cross = sums.cross + me * q1 + mq * e1 + mq * me * n;
                let power = (q2 + 2.0 * mq * q1 + mq * mq * n) * (e2 + 2.0 * me * e1 + me * me * n);
                (cross / power.sqrt()).clamp(-1.0, 1.0)
            }
        }
    }

    /// A raw score on the scale of the metric.
    pub fn presented(&self, score: f64) -> f64 {
        match self.metric {
            Metric::Sad => 1.0 - score.acos() * FRAC_2_PI,
            Metric::Cosine | Metric::Pearson | Metric::Derivative => score,
        }
    }
}

/// Grid points that count, and the weight of each grid point; `None` when all that count do so alike.
fn weights(grid: &Axis, windows: &[Window]) -> Result<(Range<usize>, Option<Vec<f32>>), LibraryError> {
    let heaviest = windows.iter().fold(0.0_f32, |most, window| most.max(window.weight));
    let mut weights = vec![0.0_f32; grid.len()];
    for &Window { low_cm1, high_cm1, weight } in windows {
        let usable = low_cm1 < high_cm1 && weight > 0.0 && weight.is_finite();
        if !usable {
            return Err(LibraryError::BadWindow { low_cm1, high_cm1, weight });
        }
        for slot in &mut weights[grid.range(low_cm1, high_cm1)] {
            *slot = slot.max(weight / heaviest);
        }
    }
    if windows.is_empty() {
        return Ok((0..grid.len(), None));
    }
    let first = weights.iter().position(|w| *w > 0.0).unwrap_or(0);
    let end = weights.iter().rposition(|w| *w > 0.0).map_or(0, |last| last + 1);
    // One block of equal weight is only a shorter range, which is faster.
    let alike = weights[first..end].iter().all(|w| *w >= 1.0);
    Ok((first..end, (!alike).then_some(weights)))
}
