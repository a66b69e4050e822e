//! What a spectrometer's calibration and resolution do to a curve.

/// `y` as read by an instrument whose scale is off: the value at `x` is taken at `x - shift - stretch (x - middle)`.
/// Linear interpolation, the end values held outside. `x` ascending.
#[must_use]
pub fn shift_and_stretch(x: &[f64], y: &[f32], shift: f64, stretch: f64) -> Vec<f32> {
    let (Some(first), Some(last)) = (x.first(), x.last()) else { return Vec::new() };
    let middle = 0.5 * (first + last);
    let mut cell = 0;
    x.iter()
        .map(|position| {
            let wanted = (position - shift - stretch * (position - middle)).clamp(*first, *last);
            while cell + 2 < x.len() && x[cell + 1] < wanted {
                cell += 1;
            }
            while cell > 0 && x[cell] > wanted {
                cell -= 1;
            }
            let Some(next) = x.get(cell + 1) else { return y[cell] };
            let t = ((wanted - x[cell]) / (next - x[cell]).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            (f64::from(y[cell]) * (1.0 - t) + f64::from(y[cell + 1]) * t) as f32
        })
        .collect()
}

/// `y` at a lower resolution: convolution with a Gaussian of `fwhm` (in units of x, even steps assumed), ends reflected.
#[must_use]
pub fn broaden(x: &[f64], y: &[f32], fwhm: f64) -> Vec<f32> {
    let n = y.len();
    if n < 2 || x.len() != n || fwhm <= 0.0 {
        return y.to_vec();
    }
    let step = ((x[n - 1] - x[0]) / (n - 1) as f64).abs();
    // FWHM = 2 sqrt(2 ln 2) sigma.
    let sigma = fwhm / 2.354_820_045 / step.max(f64::MIN_POSITIVE);
    let reach = (4.0 * sigma).ceil().clamp(1.0, (n - 1) as f64) as usize;
    let kernel: Vec<f64> = (0..=reach).map(|k| libm::exp(-0.5 * (k as f64 / sigma).powi(2))).collect();
    let total = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    let reflected = |i: isize| {
        let last = n as isize - 1;
        let inside = if i < 0 {
            -i
        } else if i > last {
            2 * last - i
        } else {
            i
        };
        f64::from(y[inside as usize])
    };
    (0..n as isize)
        .map(|i| {
            let sides: f64 = (1..=reach as isize)
                .map(|k| kernel[k as usize] * (reflected(i - k) + reflected(i + k)))
                .sum();
            ((kernel[0] * reflected(i) + sides) / total) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Vec<f64> {
        (0..500).map(|i| 100.0 + f64::from(i)).collect()
    }

    fn line(x: &[f64], centre: f64, sigma: f64) -> Vec<f32> {
        x.iter().map(|v| (-0.5 * ((v - centre) / sigma).powi(2)).exp() as f32).collect()
    }

    #[test]
    fn a_shift_moves_a_line_by_that_much() {
        let x = grid();
        let moved = shift_and_stretch(&x, &line(&x, 300.0, 6.0), 2.5, 0.0);
        for (found, expected) in moved.iter().zip(line(&x, 302.5, 6.0)) {
            // Linear interpolation of a line of sigma 6 on a step of 1: error below 1/8 * max|f''| = 0.35 %.
            assert!((found - expected).abs() < 4e-3);
        }
        let same = shift_and_stretch(&x, &line(&x, 300.0, 6.0), 0.0, 0.0);
        assert_eq!(same, line(&x, 300.0, 6.0));
    }

    #[test]
    fn broadening_adds_variances_and_keeps_the_area() {
        let x = grid();
        let narrow = line(&x, 350.0, 5.0);
        let wide = broaden(&x, &narrow, 2.354_820_045 * 12.0);
        let area = |y: &[f32]| y.iter().map(|v| f64::from(*v)).sum::<f64>();
        assert!((area(&wide) / area(&narrow) - 1.0).abs() < 1e-3);
        // sigma 5 and 12 make 13: the peak falls to 5/13.
        let top = wide.iter().fold(0.0_f32, |m, v| m.max(*v));
        assert!((f64::from(top) - 5.0 / 13.0).abs() < 2e-3, "{top}");
    }
}
