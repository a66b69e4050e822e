//! Small signal work that all methods share: smooth background, noise, smoothing, peaks nobody claims.

use crate::spectrum::Axis;
use crate::spectrum::metrics::median;

use super::UnexplainedPeak;

/// Lags looked at for [`correlation_length`], in points: wider than the lines of most spectra.
const MAX_LAG: usize = 60;
/// Turns a median absolute deviation into a standard deviation (normal distribution).
const MAD_TO_SIGMA: f64 = 1.482_6;
/// Heights in units of their uncertainty from which a peak is reported: among 1,000 points of noise one in a million
/// spectra has such a peak.
const MIN_SIGNIFICANCE: f64 = 6.0;
/// A peak lower than this part of the components' own intensity around it is a misfit of theirs, not another substance.
const MIN_OF_FIT: f64 = 0.2;
/// How far around a peak the components' intensity counts, in cm-1: a wrong width or shift shows on the flanks.
const FLANK_CM1: f64 = 12.0;
/// Most peaks reported.
const MAX_PEAKS: usize = 12;

/// The first cosines `cos(pi k (i + 1/2) / n)`, orthonormal: what counts as smooth background.
#[derive(Debug)]
pub(super) struct Smooth {
    /// As asked for; there are no more cosines than points.
    count: usize,
    cosines: Vec<Vec<f64>>,
}

impl Smooth {
    pub fn new(points: usize, count: usize) -> Self {
        let cosine = |k: usize| {
            let size = (if k == 0 { 1.0 } else { 2.0 } / points as f64).sqrt();
            let step = std::f64::consts::PI * k as f64 / points as f64;
            (0..points).map(|i| size * libm::cos(step * (i as f64 + 0.5))).collect()
        };
        Self { count, cosines: (0..count.min(points)).map(cosine).collect() }
    }

    /// Number of cosines asked for.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The smooth part of a curve.
    pub fn part(&self, y: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; y.len()];
        for cosine in &self.cosines {
            let along: f64 = cosine.iter().zip(y).map(|(c, v)| c * v).sum();
            for (o, c) in out.iter_mut().zip(cosine) {
                *o += along * c;
            }
        }
        out
    }

    /// Takes the smooth part away.
    pub fn remove(&self, y: &mut [f64]) {
        let smooth = self.part(y);
        for (v, s) in y.iter_mut().zip(&smooth) {
            *v -= s;
        }
    }
}

/// Standard deviation of the noise of one point, from second differences: curves vary slowly from point to point.
pub(super) fn noise_of(y: &[f64]) -> f64 {
    let bends: Vec<f64> = y.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).collect();
    MAD_TO_SIGMA * median(bends) / 6.0_f64.sqrt()
}

/// How many neighbouring points vary as one: 1 for white noise, about the width of a line for misfit. One plus twice the
/// autocorrelations up to the first that is not positive.
pub(super) fn correlation_length(y: &[f64]) -> f64 {
    let product = |lag: usize| y.iter().zip(&y[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let power = product(0);
    if power <= 0.0 {
        return 1.0;
    }
    let lags = (1..y.len().min(MAX_LAG)).map(|lag| product(lag) / power);
    1.0 + 2.0 * lags.take_while(|r| *r > 0.0).sum::<f64>()
}

/// Robust standard deviation around zero.
pub(super) fn spread_of(y: &[f64]) -> f64 {
    MAD_TO_SIGMA * median(y.iter().map(|v| v.abs()).collect())
}

/// A Gaussian window cut at three standard deviations, summing to 1.
fn window(sigma_points: f64) -> Vec<f64> {
    let reach = (3.0 * sigma_points).ceil() as i64;
    let raw: Vec<f64> =
        (-reach..=reach).map(|i| libm::exp(-0.5 * (i as f64 / sigma_points).powi(2))).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|v| v / sum).collect()
}

/// `y` smoothed by a Gaussian of this standard deviation, and the factor by which that lowers white noise. At the ends
/// the window is cut.
pub(super) fn smoothed(y: &[f64], sigma_points: f64) -> (Vec<f64>, f64) {
    let window = window(sigma_points);
    let reach = window.len() / 2;
    let out = (0..y.len())
        .map(|i| {
            let (first, last) = (i.saturating_sub(reach), (i + reach).min(y.len() - 1));
            let (mut sum, mut weight) = (0.0, 0.0);
            for (v, w) in y[first..=last].iter().zip(&window[first + reach - i..]) {
                sum += w * v;
                weight += w;
            }
            sum / weight
        })
        .collect();
    (out, window.iter().map(|w| w * w).sum::<f64>().sqrt())
}

/// Peaks of a smoothed residual that belong to no component, highest first: higher than their uncertainty (`sigma`) by
/// far, and not small beside the components' own intensity (`fit`) around them.
pub(super) fn unclaimed_peaks(axis: &Axis, smooth: &[f64], fit: &[f64], sigma: f64) -> Vec<UnexplainedPeak> {
    let x = axis.values();
    let reach = (FLANK_CM1 / axis.mean_step()).ceil().max(1.0) as usize;
    let around = |i: usize| i.saturating_sub(reach)..(i + reach + 1).min(smooth.len());
    let highest = |values: &[f64]| values.iter().copied().fold(f64::MIN, f64::max);
    let mut peaks: Vec<UnexplainedPeak> = smooth
        .iter()
        .enumerate()
        .filter(|&(i, &v)| {
            v > MIN_SIGNIFICANCE * sigma
                && v > MIN_OF_FIT * highest(&fit[around(i)])
                && v >= highest(&smooth[around(i)])
                // Of several equal neighbours the first is the peak.
                && smooth[around(i).start..i].iter().all(|before| *before < v)
        })
        .map(|(i, &height)| UnexplainedPeak {
            position_cm1: x[i],
            height,
            significance: height / sigma.max(f64::MIN_POSITIVE),
        })
        .collect();
    peaks.sort_by(|a, b| b.height.total_cmp(&a.height));
    peaks.truncate(MAX_PEAKS);
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::AxisKind;
    use crate::synth::Rng;

    fn noise(points: usize, seed: u64) -> Vec<f64> {
        let mut rng = Rng::new(seed, 0);
        (0..points).map(|_| rng.normal()).collect()
    }

    #[test]
    fn the_smooth_part_of_a_cosine_is_itself_and_the_rest_is_orthogonal() {
        let n: u32 = 101;
        let cosine = |k: f64| {
            (0..n).map(move |i| libm::cos(std::f64::consts::PI * k * (f64::from(i) + 0.5) / f64::from(n)))
        };
        let y: Vec<f64> =
            cosine(0.0).zip(cosine(3.0)).zip(cosine(20.0)).map(|((a, b), c)| 5.0 * a + b - 2.0 * c).collect();
        let wanted: Vec<f64> = cosine(0.0).zip(cosine(3.0)).map(|(a, b)| 5.0 * a + b).collect();
        for (found, wanted) in Smooth::new(101, 12).part(&y).iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12);
        }
        assert!(Smooth::new(101, 0).part(&y).iter().all(|v| v.abs() < 1e-300));
    }

    #[test]
    fn noise_is_measured_under_a_curve() {
        let y: Vec<f64> = noise(4000, 1)
            .iter()
            .enumerate()
            .map(|(i, v)| 3.0 * v + 500.0 * libm::sin(i as f64 / 40.0))
            .collect();
        // The median of 4,000 dependent values is good to about 2 %; three times that.
        assert!((noise_of(&y) / 3.0 - 1.0).abs() < 0.06, "{}", noise_of(&y));
        assert!((spread_of(&noise(4000, 2)) - 1.0).abs() < 0.06);
        assert!(noise_of(&[1.0]).abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn white_noise_varies_point_by_point_and_smoothed_noise_by_the_window() {
        // Standard error of one autocorrelation of 20,000 points: 0.007; a few of them are summed.
        assert!((correlation_length(&noise(20_000, 6)) - 1.0).abs() < 0.06);
        // The sum of autocorrelations of noise under a Gaussian window of s points is s sqrt(4 pi).
        let (calm, _) = smoothed(&noise(20_000, 7), 3.0);
        let expected = 3.0 * (4.0 * std::f64::consts::PI).sqrt();
        assert!((correlation_length(&calm) / expected - 1.0).abs() < 0.15);
        assert!((correlation_length(&[0.0; 50]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn smoothing_keeps_constants_to_the_ends_and_lowers_noise_as_it_says() {
        let (flat, _) = smoothed(&[2.0; 9], 2.0);
        assert!(flat.iter().all(|v| (v - 2.0).abs() < 1e-12));
        let (calm, factor) = smoothed(&noise(20_000, 3), 2.0);
        let rms = (calm.iter().map(|v| v * v).sum::<f64>() / calm.len() as f64).sqrt();
        // Neighbours are alike over 7 points: 20,000 / 7 independent values give 1.3 %; three times that.
        assert!((rms / factor - 1.0).abs() < 0.04, "{rms} {factor}");
    }

    #[test]
    fn only_peaks_above_the_noise_and_apart_from_the_fit_are_reported() {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 1099.0, 1000).unwrap();
        let line = |at: f64, height: f64| {
            axis.values()
                .iter()
                .map(move |x| height * libm::exp(-((x - at) / 5.0).powi(2)))
                .collect::<Vec<f64>>()
        };
        let mut rest = noise(1000, 4);
        for (at, height) in [(300.0, 50.0), (600.0, 30.0), (800.0, 20.0)] {
            rest.iter_mut().zip(line(at, height)).for_each(|(r, v)| *r += v);
        }
        let fit = line(605.0, 1000.0);
        let (smooth, factor) = smoothed(&rest, 2.0);
        let peaks = unclaimed_peaks(&axis, &smooth, &fit, factor);
        let at: Vec<f64> = peaks.iter().map(|p| p.position_cm1.round()).collect();
        assert_eq!(peaks.len(), 2, "{peaks:?}");
        assert!((at[0] - 300.0).abs() <= 1.0 && (at[1] - 800.0).abs() <= 1.0, "{peaks:?}");
        let (calm, factor) = smoothed(&noise(1000, 5), 2.0);
        assert!(unclaimed_peaks(&axis, &calm, &vec![0.0; 1000], factor).is_empty());
    }
}
