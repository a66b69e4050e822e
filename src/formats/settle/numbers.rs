//! The steps that every reader's numbers go through: points left out, points sorted, gaps closed.
//!
//! `values` always holds rows after one another, each as long as `x`; one curve is one row.

/// Keeps the points marked in `keep`, in every row; gives the number left out.
pub(super) fn keep_points(x: &mut Vec<f64>, values: &mut Vec<f32>, keep: &[bool]) -> usize {
    let left_out = keep.iter().filter(|k| !**k).count();
    if left_out > 0 {
        let mut flags = keep.iter().cycle();
        values.retain(|_| flags.next().is_some_and(|k| *k));
        keep_marked(x, keep);
    }
    left_out
}

/// Keeps the marked entries of a list; an empty list stays empty.
pub fn keep_marked<T>(list: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    list.retain(|_| flags.next().is_some_and(|k| *k));
}

/// The order that sorts `x` upwards when it runs neither up nor down; `None` when it may stay (or holds values that
/// are not finite, which [`Axis`] refuses with their place).
///
/// [`Axis`]: crate::spectrum::Axis
pub fn sorting(x: &[f64]) -> Option<Vec<usize>> {
    if x.is_sorted() || x.is_sorted_by(|a, b| a >= b) || x.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    Some(order)
}

/// Sorts the points of every row when the positions run neither up nor down; true when it had to.
pub(super) fn sort_points(x: &mut Vec<f64>, values: &mut [f32]) -> bool {
    let Some(order) = sorting(x) else { return false };
    let mut sorted: Vec<f32> = vec![0.0; order.len()];
    for row in values.chunks_exact_mut(order.len()) {
        for (to, from) in sorted.iter_mut().zip(&order) {
            *to = row[*from];
        }
        row.copy_from_slice(&sorted);
    }
    *x = order.iter().map(|i| x[*i]).collect();
    true
}

/// Replaces the values of one row that are not finite by the straight line over `x` between their finite neighbours
/// (the nearest one at the ends, 0 when the row has none); gives their number.
pub(super) fn fill_gaps(x: &[f64], row: &mut [f32]) -> usize {
    let points = row.len().min(x.len());
    let (mut filled, mut before, mut at) = (0, None::<usize>, 0);
    while at < points {
        if row[at].is_finite() {
            before = Some(at);
            at += 1;
            continue;
        }
        let after = (at..points).find(|i| row[*i].is_finite());
        let end = after.unwrap_or(points);
        for i in at..end {
            row[i] = match (before, after) {
                (Some(a), Some(b)) => {
                    let (low, high) = (f64::from(row[a]), f64::from(row[b]));
                    let width = x[b] - x[a];
                    let share = if width == 0.0 { 0.5 } else { (x[i] - x[a]) / width };
                    (low + (high - low) * share) as f32
                }
                (Some(near), None) | (None, Some(near)) => row[near],
                (None, None) => 0.0,
            };
        }
        filled += end - at;
        at = end;
    }
    filled
}

/// `c0 + c1 p + c2 p^2 + ...`
pub fn polynomial(coefficients: &[f64], p: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum.mul_add(p, *c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    #[test]
    fn gaps_are_straight_lines_over_the_positions() {
        let x = [0.0, 1.0, 3.0, 4.0, 4.0, 4.0];
        let mut row = [NAN, 1.0, NAN, 4.0, NAN, NAN];
        assert_eq!(fill_gaps(&x, &mut row), 4);
        assert_eq!(row[..], [1.0, 1.0, 3.0, 4.0, 4.0, 4.0]);
        let mut same = [1.0, NAN, 2.0];
        assert_eq!(fill_gaps(&[5.0, 5.0, 5.0], &mut same), 1);
        assert_eq!(same[..], [1.0, 1.5, 2.0]);
        let mut empty = [NAN, f32::INFINITY];
        assert_eq!(fill_gaps(&[1.0, 2.0], &mut empty), 2);
        assert_eq!(empty[..], [0.0, 0.0]);
    }

    #[test]
    fn points_are_left_out_and_sorted_in_every_row() {
        let mut x = vec![3.0, 9.0, 1.0, 2.0];
        let mut values = vec![30.0, 0.0, 10.0, 20.0, 3.0, 0.0, 1.0, 2.0];
        assert_eq!(keep_points(&mut x, &mut values, &[true, false, true, true]), 1);
        assert!(sort_points(&mut x, &mut values));
        assert_eq!(x, [1.0, 2.0, 3.0]);
        assert_eq!(values, [10.0, 20.0, 30.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn only_positions_that_turn_need_sorting() {
        assert_eq!(sorting(&[1.0, 2.0, 2.0]), None);
        assert_eq!(sorting(&[3.0, 2.0, 2.0]), None);
        assert_eq!(sorting(&[3.0, 1.0, f64::NAN]), None);
        assert_eq!(sorting(&[]), None);
        assert_eq!(sorting(&[3.0, 1.0, 2.0]), Some(vec![1, 2, 0]));
    }

    #[test]
    fn polynomials_count_their_powers_upwards() {
        assert!((polynomial(&[1.0, 2.0, 3.0], 2.0) - 17.0).abs() < 1e-12);
    }
}
