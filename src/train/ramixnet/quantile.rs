//! Order among numbers.

/// The value that this share of the numbers does not exceed; 0 of none.
pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f64::total_cmp);
    // Rounding of the share is no further number.
    let at = (share * values.len() as f64 - 1e-9).ceil() as usize;
    values[at.clamp(1, values.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_of_ten_numbers_lie_below_or_at_it() {
        let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert!((quantile(values.clone(), 0.9) - 9.0).abs() < 1e-12);
        assert!(
            (quantile(values.clone(), 1.0) - 10.0).abs() < 1e-12
                && (quantile(values, 0.0) - 1.0).abs() < 1e-12
        );
        assert!(quantile(Vec::new(), 0.5).abs() < 1e-12);
    }
}
