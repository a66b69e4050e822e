//! One pseudo-Voigt line and curves made of many.

/// A spectral line: `height * (shape * Lorentz + (1 - shape) * Gauss)`, both of the same full width at half maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Centre in cm-1.
    pub position_cm1: f64,
    /// Height above the background.
    pub height: f64,
    /// Full width at half maximum in cm-1.
    pub fwhm_cm1: f64,
    /// Lorentzian share, 0 to 1.
    pub shape: f64,
}

/// Beyond this many half widths a Gaussian is below `f32` rounding (`2^-25`).
const GAUSS_REACH: f64 = 5.0;

impl Line {
    /// Value at `x` and its derivatives by position, height, width and shape.
    #[must_use]
    pub fn value_and_gradient(&self, x: f64) -> (f64, [f64; 4]) {
        let half = 0.5 * self.fwhm_cm1;
        let u = (x - self.position_cm1) / half;
        let lorentz = 1.0 / (1.0 + u * u);
        let gauss = libm::exp(-std::f64::consts::LN_2 * u * u);
        let profile = self.shape * lorentz + (1.0 - self.shape) * gauss;
        // -d profile / du.
        let slope =
            2.0 * u * (self.shape * lorentz * lorentz + (1.0 - self.shape) * std::f64::consts::LN_2 * gauss);
        let by_position = self.height * slope / half;
        let by_width = self.height * slope * u / self.fwhm_cm1;
        (self.height * profile, [by_position, profile, by_width, self.height * (lorentz - gauss)])
    }

    /// Adds the line to a curve over ascending positions.
    pub fn add_to(&self, x: &[f64], y: &mut [f64]) {
        let inverse_half = 2.0 / self.fwhm_cm1;
        let lorentz = self.height * self.shape;
        for (x, y) in x.iter().zip(y.iter_mut()) {
            let u = (x - self.position_cm1) * inverse_half;
            *y += lorentz / (1.0 + u * u);
        }
        let reach = GAUSS_REACH / inverse_half;
        let start = x.partition_point(|v| *v < self.position_cm1 - reach);
        let end = x.partition_point(|v| *v <= self.position_cm1 + reach).max(start);
        let gauss = self.height * (1.0 - self.shape);
        for (x, y) in x[start..end].iter().zip(&mut y[start..end]) {
            let u = (x - self.position_cm1) * inverse_half;
            *y += gauss * libm::exp(-std::f64::consts::LN_2 * u * u);
        }
    }
}

/// Sum of the lines at ascending or descending positions. Fast: the Lorentzian loops vectorise and the Gaussians stay
/// local.
#[must_use]
pub fn rebuild(lines: &[Line], x: &[f64]) -> Vec<f32> {
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return Vec::new() };
    let origin = first.min(last);
    let offsets: Vec<f32> = x.iter().map(|v| (v - origin) as f32).collect();
    // Index of the first point beyond `limit`, whichever way the positions run.
    let beyond = |limit: f64| {
        if first <= last {
            x.partition_point(|v| *v < limit)
        } else {
            x.len() - x.partition_point(|v| *v > limit)
        }
    };
    let mut y = vec![0.0_f32; x.len()];
    for line in lines {
        let centre = (line.position_cm1 - origin) as f32;
        let inverse_half = (2.0 / line.fwhm_cm1) as f32;
        let lorentz = (line.height * line.shape) as f32;
        if lorentz > 0.0 {
            for (x, y) in offsets.iter().zip(y.iter_mut()) {
                let u = (x - centre) * inverse_half;
                *y += lorentz / (1.0 + u * u);
            }
        }
        let gauss = (line.height * (1.0 - line.shape)) as f32;
        if gauss > 0.0 {
            let reach = 0.5 * GAUSS_REACH * line.fwhm_cm1;
            let (low, high) = (beyond(line.position_cm1 - reach), beyond(line.position_cm1 + reach));
            let inside = if first <= last { low..high } else { x.len() - high..x.len() - low };
            for (x, y) in offsets[inside.clone()].iter().zip(&mut y[inside]) {
                let u = (x - centre) * inverse_half;
                *y += gauss * libm::expf(-std::f32::consts::LN_2 * u * u);
            }
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Line = Line { position_cm1: 500.0, height: 3.0, fwhm_cm1: 10.0, shape: 0.3 };

    #[test]
    fn half_the_height_stands_at_half_the_width() {
        assert!((LINE.value_and_gradient(500.0).0 - 3.0).abs() < 1e-12);
        assert!((LINE.value_and_gradient(505.0).0 - 1.5).abs() < 1e-12);
        assert!((LINE.value_and_gradient(495.0).0 - 1.5).abs() < 1e-12);
    }

    #[test]
    fn the_gradient_is_the_limit_of_differences() {
        let step = 1e-6;
        for x in [480.0, 497.0, 500.0, 504.5, 540.0] {
            let (value, gradient) = LINE.value_and_gradient(x);
            let moved = [
                Line { position_cm1: LINE.position_cm1 + step, ..LINE },
                Line { height: LINE.height + step, ..LINE },
                Line { fwhm_cm1: LINE.fwhm_cm1 + step, ..LINE },
                Line { shape: LINE.shape + step, ..LINE },
            ];
            for (line, expected) in moved.iter().zip(gradient) {
                let found = (line.value_and_gradient(x).0 - value) / step;
                assert!((found - expected).abs() < 1e-5, "at {x}: {found} {expected}");
            }
        }
    }

    #[test]
    fn rebuilding_agrees_with_the_sum_in_both_directions() {
        let lines = [LINE, Line { position_cm1: 520.0, height: 1.0, fwhm_cm1: 30.0, shape: 0.9 }];
        let up: Vec<f64> = (0..201).map(|i| 400.0 + f64::from(i)).collect();
        let down: Vec<f64> = up.iter().rev().copied().collect();
        let mut exact = vec![0.0; 201];
        for line in &lines {
            line.add_to(&up, &mut exact);
        }
        let mut reversed = rebuild(&lines, &down);
        reversed.reverse();
        for (found, expected) in rebuild(&lines, &up).iter().zip(&exact) {
            assert!((f64::from(*found) - expected).abs() < 1e-5);
        }
        for (a, b) in rebuild(&lines, &up).iter().zip(&reversed) {
            assert!((a - b).abs() < 1e-6);
        }
        assert!(rebuild(&lines, &[]).is_empty());
    }

    #[test]
    fn the_area_is_the_integral() {
        let x: Vec<f64> = (0..400_000).map(|i| f64::from(i) * 0.01 - 1500.0).collect();
        let mut y = vec![0.0; x.len()];
        LINE.add_to(&x, &mut y);
        // Unit width: Lorentzian pi/2, Gaussian sqrt(pi / (4 ln 2)).
        let gauss = (std::f64::consts::PI / (4.0 * std::f64::consts::LN_2)).sqrt();
        let unit = LINE.shape * std::f64::consts::FRAC_PI_2 + (1.0 - LINE.shape) * gauss;
        // The tails beyond 2000 cm-1 hold 2 * 3 * 0.3 * 25 / 2000.
        assert!((y.iter().sum::<f64>() * 0.01 - LINE.height * LINE.fwhm_cm1 * unit).abs() < 0.05);
    }
}
