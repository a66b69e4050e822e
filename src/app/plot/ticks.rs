//! Where the marks at an axis stand: steps of 1, 2 or 5 times a power of ten, with room for the numbers.

use std::ops::RangeInclusive;

use egui_plot::{GridInput, GridMark};

/// Screen points that `GridInput::base_step_size` stands for; the plot is set to it.
pub(super) const BASE_POINTS: f32 = 8.0;
/// Marks at one axis at most, whatever the input.
const MOST_MARKS: f64 = 200.0;

/// Marks at least `room` screen points apart.
pub(super) fn marks(input: &GridInput, room: f32) -> Vec<GridMark> {
    let least = input.base_step_size * f64::from(room / BASE_POINTS);
    let (low, high) = input.bounds;
    if !(least.is_normal() && least > 0.0 && (high - low) / least <= MOST_MARKS) {
        return Vec::new();
    }
    let step = nice_step(least);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).map(|k| GridMark { value: k as f64 * step, step_size: step }).collect()
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
fn nice_step(least: f64) -> f64 {
    let power = 10_f64.powi(least.log10().floor() as i32);
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The number at a mark, with as many decimals as its step needs.
pub(super) fn tick_text(mark: GridMark, _range: &RangeInclusive<f64>) -> String {
    if mark.value.abs() >= 1e6 {
        return format!("{:e}", (mark.value / mark.step_size).round() * mark.step_size);
    }
    let decimals = (-(mark.step_size * (1.0 + 1e-9)).log10().floor()).clamp(0.0, 12.0);
    format!("{:.*}", decimals as usize, mark.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64, points: f64) -> Vec<String> {
        let base_step_size = (high - low) / points * f64::from(BASE_POINTS);
        let input = GridInput { bounds: (low, high), base_step_size };
        marks(&input, 80.0).into_iter().map(|mark| tick_text(mark, &(low..=high))).collect()
    }

    #[test]
    fn marks_are_round_and_have_the_decimals_they_need() {
        assert_eq!(texts(150.0, 1500.0, 800.0), ["200", "400", "600", "800", "1000", "1200", "1400"]);
        assert_eq!(texts(0.0, 1.02, 320.0), ["0.0", "0.5", "1.0"]);
        assert_eq!(texts(-0.03, 0.03, 400.0), ["-0.02", "0.00", "0.02"]);
        assert_eq!(texts(0.0, 2.5e7, 300.0), ["0", "1e7", "2e7"]);
    }

    #[test]
    fn marks_never_crowd_and_bad_ranges_have_none() {
        for span in [1e-7, 0.3, 7.0, 4321.0, 9e11] {
            let input = GridInput { bounds: (5.0, 5.0 + span), base_step_size: span / 1000.0 * 8.0 };
            let all = marks(&input, 80.0);
            let step = all.windows(2).map(|w| w[1].value - w[0].value).fold(f64::INFINITY, f64::min);
            assert!(all.len() >= 2 && step / span * 1000.0 > 79.0, "{span}: {}", all.len());
        }
        let input = GridInput { bounds: (0.0, f64::NAN), base_step_size: f64::NAN };
        assert!(marks(&input, 80.0).is_empty());
        let input = GridInput { bounds: (0.0, 1.0), base_step_size: 0.0 };
        assert!(marks(&input, 80.0).is_empty());
    }
}
