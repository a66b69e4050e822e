//! Where an axis has its ticks and what stands beside them: steps of 1, 2 or 5, a shared power of ten for very large
//! and very small numbers.

use super::words::superscript;

/// Numbers from this on are written with a shared power of ten.
const LARGE: f64 = 1e5;
/// Numbers below this are written with a shared power of ten.
const SMALL: f64 = 1e-3;
/// Most ticks an axis may get, whatever its range.
const MOST_TICKS: i64 = 100;

/// Ticks of one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticks {
    /// Positions with a number.
    pub major: Vec<f64>,
    /// The numbers, one per position.
    pub labels: Vec<String>,
    /// Positions of the small ticks between.
    pub minor: Vec<f64>,
    /// The shared factor, "×10⁵"; empty where there is none.
    pub factor: String,
}

/// Ticks for `lo < hi` with about `wanted` numbers, never fewer than asked for by more than the 1-2-5 steps force.
pub(super) fn ticks(lo: f64, hi: f64, wanted: usize) -> Ticks {
    let raw = (hi - lo) / wanted.max(1) as f64;
    let mut power = raw.log10().floor() as i32;
    let mantissa = raw / 10f64.powi(power);
    // The next nice number above, with room for rounding.
    let (digit, parts) = match mantissa {
        m if m <= 1.0 + 1e-9 => (1, 5),
        m if m <= 2.0 + 1e-9 => (2, 4),
        m if m <= 5.0 + 1e-9 => (5, 5),
        _ => {
            power += 1;
            (1, 5)
        }
    };
    let step = f64::from(digit) * 10f64.powi(power);
    let major = multiples(lo, hi, step);
    let minor_step = step / f64::from(parts);
    let minor = multiples(lo, hi, minor_step)
        .into_iter()
        .filter(|v| ((v / step).round() - v / step).abs() > 0.5 / f64::from(parts))
        .collect();
    // From the range, not from the ticks: the factor must not change with the length of the axis.
    let largest = lo.abs().max(hi.abs());
    let exponent = if (SMALL..LARGE).contains(&largest) { 0 } else { largest.log10().floor() as i32 };
    let decimals = (exponent - power).max(0) as usize;
    let labels = major.iter().map(|v| label(v / 10f64.powi(exponent), decimals)).collect();
    let factor = if exponent == 0 { String::new() } else { format!("×10{}", superscript(exponent)) };
    Ticks { major, labels, minor, factor }
}

/// A number with a true minus sign; zero has none.
fn label(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// The multiples of `step` inside the range, its ends included within rounding.
fn multiples(lo: f64, hi: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((lo / step - 1e-6).ceil() as i64, (hi / step + 1e-6).floor() as i64);
    if last < first || last - first > MOST_TICKS {
        return Vec::new();
    }
    (first..=last).map(|k| (k as f64 * step).clamp(lo, hi)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        assert_eq!(ticks(200.0, 3500.0, 6).labels, ["1000", "2000", "3000"]);
        assert_eq!(ticks(200.0, 1800.0, 6).labels, ["500", "1000", "1500"]);
        assert_eq!(ticks(0.0, 1.0, 5).labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(ticks(-1.0, 1.0, 4).labels, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(ticks(0.0, 12_000.0, 4).labels, ["0", "5000", "10000"]);
    }

    #[test]
    fn small_ticks_lie_between_the_large_ones() {
        let ticks = ticks(0.0, 10.0, 5);
        assert_eq!(ticks.labels, ["0", "2", "4", "6", "8", "10"]);
        let minor: Vec<String> = ticks.minor.iter().take(4).map(|v| format!("{v:.1}")).collect();
        assert_eq!(minor, ["0.5", "1.0", "1.5", "2.5"]);
        assert_eq!(ticks.minor.len(), 15);
    }

    #[test]
    fn very_large_and_very_small_numbers_share_a_factor() {
        let large = ticks(0.0, 400_000.0, 4);
        assert_eq!(large.labels, ["0", "1", "2", "3", "4"]);
        assert_eq!(large.factor, "×10⁵");
        let small = ticks(0.0, 5e-5, 3);
        assert_eq!(small.labels, ["0", "2", "4"]);
        assert_eq!(small.factor, "×10⁻⁵");
        assert!(ticks(0.0, 99_000.0, 4).factor.is_empty());
        assert_eq!(ticks(1e6, 1.02e6, 2).labels, ["1.00", "1.01", "1.02"]);
    }

    #[test]
    fn odd_ranges_give_few_ticks_inside_them() {
        for (lo, hi) in [(1e90, 1.1e90), (-1e100, 1e100), (1e12, 1e12 + 1e4), (0.0, 1e-90), (-3.0, 7.5)] {
            for wanted in [0, 1, 3, 10] {
                let ticks = ticks(lo, hi, wanted);
                assert!(ticks.major.len() <= 2 * wanted.max(1) + 1);
                assert_eq!(ticks.major.len(), ticks.labels.len());
                assert!(ticks.major.iter().chain(&ticks.minor).all(|v| (lo..=hi).contains(v)));
            }
        }
    }
}
