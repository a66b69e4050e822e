//! What a spectrometer's calibration and resolution do to a curve.

/// FWHM = 2 sqrt(2 ln 2) sigma.
const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949;

/// Room for one broadening, kept between curves.
#[derive(Debug, Clone, Default)]
pub struct BroadenScratch {
    kernel: Vec<f64>,
    padded: Vec<f64>,
    sums: Vec<f64>,
}

/// `y` as read by an instrument whose scale is off: the value at `x` is taken at `x - shift - stretch (x - middle)`.
/// Linear interpolation, the end values held outside. `x` ascending.
#[must_use]
pub fn shift_and_stretch(x: &[f64], y: &[f32], shift: f64, stretch: f64) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    shift_and_stretch_into(x, y, shift, stretch, &mut out);
    out
}

/// [`shift_and_stretch`] into a given slice of the same length.
pub fn shift_and_stretch_into(x: &[f64], y: &[f32], shift: f64, stretch: f64, out: &mut [f32]) {
    let (Some(first), Some(last)) = (x.first(), x.last()) else { return };
    let middle = 0.5 * (first + last);
    let mut cell = 0;
    for (v, position) in out.iter_mut().zip(x) {
        let wanted = (position - shift - stretch * (position - middle)).clamp(*first, *last);
        while cell + 2 < x.len() && x[cell + 1] < wanted {
            cell += 1;
        }
        while cell > 0 && x[cell] > wanted {
            cell -= 1;
        }
        let Some(next) = x.get(cell + 1) else {
            *v = y[cell];
            continue;
        };
        let t = ((wanted - x[cell]) / (next - x[cell]).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        *v = (f64::from(y[cell]) * (1.0 - t) + f64::from(y[cell + 1]) * t) as f32;
    }
}

/// `y` at a lower resolution: convolution with a Gaussian of `fwhm` (in units of x, even steps assumed), ends reflected.
#[must_use]
pub fn broaden(x: &[f64], y: &[f32], fwhm: f64) -> Vec<f32> {
    let mut out = y.to_vec();
    broaden_in_place(x, &mut out, fwhm, &mut BroadenScratch::default());
    out
}

/// [`broaden`] of `y` itself.
pub fn broaden_in_place(x: &[f64], y: &mut [f32], fwhm: f64, scratch: &mut BroadenScratch) {
    let n = y.len();
    if n < 2 || x.len() != n || fwhm.is_nan() || fwhm <= 0.0 {
        return;
    }
    let step = ((x[n - 1] - x[0]) / (n - 1) as f64).abs();
    let sigma = fwhm / FWHM_PER_SIGMA / step.max(f64::MIN_POSITIVE);
    let reach = (4.0 * sigma).ceil().clamp(1.0, (n - 1) as f64) as usize;
    let BroadenScratch { kernel, padded, sums } = scratch;
    kernel.clear();
    kernel.extend((0..=reach).map(|k| {
        let z = k as f64 / sigma;
        libm::exp(-0.5 * z * z)
    }));
    let total = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    padded.clear();
    padded.extend((1..=reach).rev().map(|i| f64::from(y[i])));
    padded.extend(y.iter().map(|v| f64::from(*v)));
    padded.extend((1..=reach).map(|i| f64::from(y[n - 1 - i])));
    sums.clear();
    sums.extend(padded[reach..reach + n].iter().map(|v| v * kernel[0]));
    // One pass a kernel point: neighbouring sums do not wait for each other.
    for (k, weight) in kernel.iter().enumerate().skip(1) {
        let (left, right) = (&padded[reach - k..], &padded[reach + k..]);
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += weight * (left + right);
        }
    }
    for (v, sum) in y.iter_mut().zip(sums) {
        *v = (*sum / total) as f32;
    }
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
