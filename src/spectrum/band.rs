//! What one band of a spectrum amounts to: its area, height, mean, the place of its top, or its ratio to another band.
//!
//! Everything that depends on the axis alone is done once, in [`BandPlan::new`]; a row of a map then costs little more
//! than reading the points of the band.

use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Axis, AxisOrder, SpectrumSet};

/// Rows that one thread measures before it asks for more.
const ROWS_AT_ONCE: usize = 64;

/// A range of positions, in the unit of the axis it lies on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    low: f64,
    high: f64,
}

impl Band {
    /// The band between two positions, in whatever order they are given.
    #[must_use]
    pub fn new(one: f64, other: f64) -> Self {
        Self { low: one.min(other), high: one.max(other) }
    }

    /// Lower edge.
    #[must_use]
    pub fn low(self) -> f64 {
        self.low
    }

    /// Upper edge.
    #[must_use]
    pub fn high(self) -> f64 {
        self.high
    }

    /// Distance of the edges.
    #[must_use]
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}

/// What is asked about a band. The baseline is the straight line between the intensities at its two edges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Area over the baseline: intensity times the unit of the axis.
    #[default]
    Area,
    /// Highest point over the baseline.
    Height,
    /// Mean intensity, no baseline.
    Mean,
    /// Position of the highest point over the baseline, between the points (parabola through three of them).
    Position,
    /// Area over the baseline, divided by that of this other band.
    Ratio(Band),
}

/// A measure made ready for one axis.
#[derive(Debug, Clone)]
pub struct BandPlan(Way);

#[derive(Debug, Clone)]
enum Way {
    Sum(Sum),
    Ratio(Sum, Sum),
    Top { top: Top, position: bool },
}

/// A weighted sum of neighbouring points.
#[derive(Debug, Clone)]
struct Sum {
    points: Range<usize>,
    weights: Vec<f64>,
}

/// The highest point over the line between two places.
#[derive(Debug, Clone)]
struct Top {
    inside: Range<usize>,
    edges: [Place; 2],
    /// The positions, and for each how far it is from the first edge to the second, 0 to 1.
    x: Vec<f64>,
    part: Vec<f64>,
}

/// A place between point `index` and the next.
#[derive(Debug, Clone, Copy)]
struct Place {
    index: usize,
    part: f64,
}

impl Place {
    fn new(axis: &Axis, position: f64) -> Self {
        let x = axis.values();
        let after = match axis.order() {
            AxisOrder::Ascending => x.partition_point(|v| *v < position),
            AxisOrder::Descending => x.partition_point(|v| *v > position),
        };
        let index = after.saturating_sub(1).min(x.len() - 2);
        let step = x[index + 1] - x[index];
        let part = if step.abs() > 0.0 { ((position - x[index]) / step).clamp(0.0, 1.0) } else { 0.0 };
        Self { index, part }
    }

    fn value(self, y: &[f32]) -> f64 {
        f64::from(y[self.index]) * (1.0 - self.part) + f64::from(y[self.index + 1]) * self.part
    }
}

/// The part of a band that an axis covers; `None` where no point of the axis lies in it.
fn covered(axis: &Axis, band: Band) -> Option<Band> {
    let (low, high) = (band.low.max(axis.low()), band.high.min(axis.high()));
    (low < high && !axis.range(low, high).is_empty()).then_some(Band { low, high })
}

impl Sum {
    /// The integral over the band by trapezoids, the two at the edges cut where the edges lie.
    fn integral(axis: &Axis, band: Band) -> Self {
        let x = axis.values();
        let edges = [Place::new(axis, band.low), Place::new(axis, band.high)];
        let first = edges[0].index.min(edges[1].index);
        let last = edges[0].index.max(edges[1].index) + 1;
        let mut weights = vec![0.0; last + 1 - first];
        for i in first..last {
            let step = x[i + 1] - x[i];
            if step.abs() <= 0.0 {
                continue;
            }
            let part = |position: f64| ((position - x[i]) / step).clamp(0.0, 1.0);
            let (from, to) = (part(band.low), part(band.high));
            let (length, middle) = ((to - from).abs() * step.abs(), from.midpoint(to));
            weights[i - first] += length * (1.0 - middle);
            weights[i + 1 - first] += length * middle;
        }
        Self { points: first..last + 1, weights }
    }

    fn area(axis: &Axis, band: Band) -> Self {
        let mut sum = Self::integral(axis, band);
        for edge in [Place::new(axis, band.low), Place::new(axis, band.high)] {
            let at = edge.index - sum.points.start;
            sum.weights[at] -= 0.5 * band.width() * (1.0 - edge.part);
            sum.weights[at + 1] -= 0.5 * band.width() * edge.part;
        }
        sum
    }

    fn mean(axis: &Axis, band: Band) -> Self {
        let mut sum = Self::integral(axis, band);
        sum.weights.iter_mut().for_each(|w| *w /= band.width());
        sum
    }

    fn of(&self, y: &[f32]) -> f64 {
        self.weights.iter().zip(&y[self.points.clone()]).map(|(w, y)| w * f64::from(*y)).sum()
    }
}

impl Top {
    fn new(axis: &Axis, band: Band) -> Self {
        let part = |x: &f64| (x - band.low) / band.width();
        Self {
            inside: axis.range(band.low, band.high),
            edges: [Place::new(axis, band.low), Place::new(axis, band.high)],
            x: axis.values().to_vec(),
            part: axis.values().iter().map(part).collect(),
        }
    }

    /// Index and height of the highest point.
    fn of(&self, over: &impl Fn(usize) -> f64) -> (usize, f64) {
        let first = (self.inside.start, over(self.inside.start));
        self.inside.clone().skip(1).fold(first, |best, i| {
            let height = over(i);
            if height > best.1 { (i, height) } else { best }
        })
    }

    /// The top of the parabola through the highest point and its neighbours.
    fn apex(&self, i: usize, over: &impl Fn(usize) -> f64) -> f64 {
        if i == 0 || i + 1 >= self.x.len() {
            return self.x[i];
        }
        let (left, right) = (self.x[i] - self.x[i - 1], self.x[i] - self.x[i + 1]);
        let (fall, rise) = (over(i) - over(i + 1), over(i) - over(i - 1));
        let below = left * fall - right * rise;
        // A neighbour outside the band is higher, or all three are level.
        if fall < 0.0 || rise < 0.0 || below.abs() <= 0.0 {
            return self.x[i];
        }
        self.x[i] - 0.5 * (left * left * fall - right * right * rise) / below
    }
}

impl BandPlan {
    /// Makes a measure ready; `None` where the axis has no point in a band.
    #[must_use]
    pub fn new(axis: &Axis, band: Band, measure: Measure) -> Option<Self> {
        let band = covered(axis, band)?;
        Some(Self(match measure {
            Measure::Area => Way::Sum(Sum::area(axis, band)),
            Measure::Mean => Way::Sum(Sum::mean(axis, band)),
            Measure::Height => Way::Top { top: Top::new(axis, band), position: false },
            Measure::Position => Way::Top { top: Top::new(axis, band), position: true },
            Measure::Ratio(other) => {
                Way::Ratio(Sum::area(axis, band), Sum::area(axis, covered(axis, other)?))
            }
        }))
    }

    /// The measure of one row over the axis of the plan. Not a number where it has no meaning: a ratio to a band without
    /// area, the position of a top that does not rise over its baseline.
    #[must_use]
    pub fn of(&self, y: &[f32]) -> f32 {
        let value = match &self.0 {
            Way::Sum(sum) => sum.of(y),
            Way::Ratio(sum, other) => {
                let below = other.of(y);
                if below > 0.0 { sum.of(y) / below } else { f64::NAN }
            }
            Way::Top { top, position } => {
                let [low, high] = top.edges.map(|edge| edge.value(y));
                let over = |i: usize| f64::from(y[i]) - (low + top.part[i] * (high - low));
                let (index, height) = top.of(&over);
                match position {
                    false => height,
                    true if height > 0.0 => top.apex(index, &over),
                    true => f64::NAN,
                }
            }
        };
        value as f32
    }

    /// The measure of every row, on all cores.
    #[must_use]
    pub fn of_set(&self, set: &SpectrumSet) -> Vec<f32> {
        let rows = set.values().par_chunks_exact(set.points());
        rows.with_min_len(ROWS_AT_ONCE).map(|row| self.of(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AxisKind, Metadata};
    use super::*;

    /// Uneven on purpose; the corners of the triangle (400, 450, 520) are points of it.
    fn axis() -> Axis {
        let mut x: Vec<f64> = (0..=200).map(|i| 300.0 + 2.0 * f64::from(i)).collect();
        x.extend([401.0, 433.3, 519.5]);
        x.sort_by(f64::total_cmp);
        Axis::new(AxisKind::RamanShift, x).unwrap()
    }

    /// A triangle of height 10 on a slope: area 10 * 120 / 2 = 600.
    fn triangle(x: f64) -> f64 {
        let rise = if x < 450.0 { (x - 400.0) / 50.0 } else { (520.0 - x) / 70.0 };
        3.0 + 0.05 * x + 10.0 * rise.max(0.0)
    }

    fn row(axis: &Axis, f: impl Fn(f64) -> f64) -> Vec<f32> {
        axis.values().iter().map(|x| f(*x) as f32).collect()
    }

    fn measured(axis: &Axis, y: &[f32], band: Band, measure: Measure) -> f64 {
        f64::from(BandPlan::new(axis, band, measure).unwrap().of(y))
    }

    #[test]
    fn a_triangle_on_a_slope_has_its_area_its_height_and_its_top_in_both_directions() {
        let up = axis();
        let down = Axis::new(AxisKind::RamanShift, up.values().iter().rev().copied().collect()).unwrap();
        let band = Band::new(520.0, 400.0);
        for axis in [up, down] {
            let y = row(&axis, triangle);
            // Single precision of values near 40, summed over 120 units.
            assert!((measured(&axis, &y, band, Measure::Area) - 600.0).abs() < 1e-3);
            assert!((measured(&axis, &y, band, Measure::Height) - 10.0).abs() < 1e-4);
            assert!((measured(&axis, &y, band, Measure::Position) - 450.0).abs() < 0.5);
            // The slope between the edges has the mean 3 + 0.05 * 460.
            assert!((measured(&axis, &y, band, Measure::Mean) - (26.0 + 5.0)).abs() < 1e-4);
        }
    }

    #[test]
    fn edges_between_points_cut_the_trapezoids() {
        let axis = Axis::new(AxisKind::RamanShift, vec![0.0, 10.0, 20.0, 30.0]).unwrap();
        let y = [0.0, 10.0, 10.0, 0.0];
        let band = Band::new(5.0, 25.0);
        // Mean: (5 + 10) / 2 over 5, 10 over 10, (10 + 5) / 2 over 5.
        assert!((measured(&axis, &y, band, Measure::Mean) - 8.75).abs() < 1e-6);
        assert!((measured(&axis, &y, band, Measure::Area) - (8.75 - 5.0) * 20.0).abs() < 1e-4);
    }

    #[test]
    fn a_top_between_two_points_is_found() {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 100.0, 51).unwrap();
        let y = row(&axis, |x| 5.0 - 0.01 * (x - 40.7).powi(2));
        let top = measured(&axis, &y, Band::new(20.0, 60.0), Measure::Position);
        // The baseline of a parabola is tilted by its own edges, which moves the top by half that slope.
        let slope = (5.0 - 0.01 * 19.3_f64.powi(2) - (5.0 - 0.01 * 20.7_f64.powi(2))) / 40.0;
        assert!((top - (40.7 - slope / 0.02)).abs() < 1e-3, "{top}");
    }

    #[test]
    fn a_ratio_of_bands_is_that_of_their_areas() {
        let axis = axis();
        let y = row(&axis, |x| triangle(x) + 2.0 * (triangle(x - 130.0) - 3.0 - 0.05 * (x - 130.0)));
        let (small, large) = (Band::new(400.0, 520.0), Band::new(530.0, 650.0));
        let ratio = measured(&axis, &y, large, Measure::Ratio(small));
        assert!((ratio - 2.0).abs() < 1e-4, "{ratio}");
    }

    #[test]
    fn what_is_missing_is_no_number() {
        let axis = axis();
        let flat = row(&axis, |_| 7.0);
        for (low, high) in [(0.0, 200.0), (900.0, 950.0), (304.2, 304.4), (400.0, 400.0)] {
            assert!(BandPlan::new(&axis, Band::new(low, high), Measure::Area).is_none(), "{low} to {high}");
        }
        let band = Band::new(400.0, 500.0);
        assert!(BandPlan::new(&axis, band, Measure::Ratio(Band::new(900.0, 950.0))).is_none());
        assert!(measured(&axis, &flat, band, Measure::Ratio(Band::new(550.0, 600.0))).is_nan());
        assert!(measured(&axis, &flat, band, Measure::Position).is_nan());
        assert!(measured(&axis, &flat, band, Measure::Area).abs() < 1e-3);
    }

    #[test]
    fn a_band_over_the_end_of_the_axis_counts_as_far_as_there_are_points() {
        let axis = axis();
        let y = row(&axis, triangle);
        let beyond = measured(&axis, &y, Band::new(400.0, 5_000.0), Measure::Mean);
        let within = measured(&axis, &y, Band::new(400.0, 700.0), Measure::Mean);
        assert!((beyond - within).abs() < 1e-6);
    }

    #[test]
    fn every_row_of_a_set_is_measured() {
        let axis = axis();
        let values: Vec<f32> =
            (0..300_u16).flat_map(|k| row(&axis, |x| f64::from(k) * (triangle(x) - 3.0))).collect();
        let set = SpectrumSet::new(axis, values, 300, Metadata::default()).unwrap();
        let plan = BandPlan::new(set.axis(), Band::new(400.0, 520.0), Measure::Area).unwrap();
        let all = plan.of_set(&set);
        assert_eq!(all.len(), 300);
        for (k, value) in (0_u16..).zip(&all) {
            let want = 600.0 * f64::from(k);
            assert!((f64::from(*value) - want).abs() <= 1e-5 * want.max(1.0), "{k}: {value}");
        }
    }
}
