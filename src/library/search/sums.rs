//! Sums over pieces of rows, written so that the compiler makes vector instructions of them: sixteen independent
//! accumulators, no branch inside. Single precision is enough: rows are centred and of unit norm.

const LANES: usize = 16;

fn total(lanes: [f32; LANES]) -> f64 {
    lanes.iter().map(|v| f64::from(*v)).sum()
}

/// Sum of products; the shorter slice decides.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for k in 0..LANES {
            lanes[k] += a[k] * b[k];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    total(lanes) + f64::from(rest)
}

/// Weighted sums over one entry's row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct RowSums {
    /// Sum of weight x query x entry.
    pub cross: f64,
    /// Sum of weight x entry.
    pub first: f64,
    /// Sum of weight x entry squared.
    pub second: f64,
}

/// All three sums in one pass; `weighted` is the query already multiplied by `weights`.
pub(super) fn weighted_row_sums(weighted: &[f32], weights: &[f32], row: &[f32]) -> RowSums {
    let n = weighted.len().min(row.len()).min(weights.len());
    let (q, q_rest) = weighted[..n].as_chunks::<LANES>();
    let (w, w_rest) = weights[..n].as_chunks::<LANES>();
    let (e, e_rest) = row[..n].as_chunks::<LANES>();
    let (mut cross, mut first, mut second) = ([0.0_f32; LANES], [0.0_f32; LANES], [0.0_f32; LANES]);
    for ((q, w), e) in q.iter().zip(w).zip(e) {
        for k in 0..LANES {
            let we = w[k] * e[k];
            cross[k] += q[k] * e[k];
            first[k] += we;
            second[k] += we * e[k];
        }
    }
    let mut sums = RowSums { cross: total(cross), first: total(first), second: total(second) };
    for ((q, w), e) in q_rest.iter().zip(w_rest).zip(e_rest) {
        sums.cross += f64::from(q * e);
        sums.first += f64::from(w * e);
        sums.second += f64::from(w * e * e);
    }
    sums
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lanes_change_nothing_but_the_order_of_addition(
            rows in prop::collection::vec((-1.0_f32..1.0, -1.0_f32..1.0, 0.0_f32..2.0), 0..70),
        ) {
            let q: Vec<f32> = rows.iter().map(|r| r.0).collect();
            let e: Vec<f32> = rows.iter().map(|r| r.1).collect();
            let w: Vec<f32> = rows.iter().map(|r| r.2).collect();
            let wq: Vec<f32> = rows.iter().map(|r| r.0 * r.2).collect();
            let exact = |f: &dyn Fn(f64, f64, f64) -> f64| -> f64 {
                rows.iter().map(|r| f(r.0.into(), r.1.into(), r.2.into())).sum()
            };
            // 70 terms of size 2 at single precision.
            let close = |found: f64, wanted: f64| (found - wanted).abs() < 1e-4;
            prop_assert!(close(dot(&q, &e), exact(&|q, e, _| q * e)));
            let weighted = weighted_row_sums(&wq, &w, &e);
            prop_assert!(close(weighted.cross, exact(&|q, e, w| w * q * e)));
            prop_assert!(close(weighted.first, exact(&|_, e, w| w * e)));
            prop_assert!(close(weighted.second, exact(&|_, e, w| w * e * e)));
        }
    }
}
