//! Sums in a fixed order that the compiler can still vectorise: eight lanes, then the lanes.

const LANES: usize = 8;

/// Sum of `f` over the values. The order depends on nothing but the length.
#[inline]
pub fn sum<T: Copy>(values: &[T], f: impl Fn(T) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += f(*v);
        }
    }
    for (lane, v) in lanes.iter_mut().zip(rest) {
        *lane += f(*v);
    }
    lanes.iter().sum()
}

/// Mean of the squares, 0 for none.
#[inline]
pub fn power(values: &[f64]) -> f64 {
    sum(values, |v| v * v) / values.len().max(1) as f64
}

/// Mean of the squares, 0 for none.
#[inline]
pub fn power_f32(values: &[f32]) -> f64 {
    sum(values, |v| f64::from(v) * f64::from(v)) / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_counts_once_whatever_the_length() {
        for n in 0..40_u32 {
            let values: Vec<f64> = (0..n).map(f64::from).collect();
            assert!((sum(&values, |v| v) - f64::from(n) * (f64::from(n) - 1.0) / 2.0).abs() < 1e-9);
        }
        assert!((power(&[3.0, 4.0]) - 12.5).abs() < 1e-12 && power(&[]).abs() < 1e-12);
        assert!((power_f32(&[3.0, 4.0]) - 12.5).abs() < 1e-12);
    }
}
