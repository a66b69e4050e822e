//! Noise: the separation papers' brown-plus-white protocol, white noise, a counting detector, cosmic rays.

use super::Rng;
use super::sums::{power, sum};

/// Room for one spectrum's noise, kept between spectra.
#[derive(Debug, Clone, Default)]
pub struct NoiseScratch {
    brown: Vec<f64>,
    white: Vec<f64>,
}

/// Adds brown and white noise in equal power to `y` so that mean(signal^2) / mean(noise^2) is `snr_db`.
///
/// Brown noise is a random walk, mean removed; both parts are scaled to unit power before they are added 1:1, and the
/// sum is scaled as it was drawn, so the ratio is exact for every single spectrum. `signal` is what the ratio counts as
/// signal; it may be `y` before a background was added.
pub fn add_brown_and_white(
    rng: &mut Rng,
    y: &mut [f32],
    signal_power: f64,
    snr_db: f64,
    scratch: &mut NoiseScratch,
) {
    let NoiseScratch { brown, white } = scratch;
    brown.resize(y.len(), 0.0);
    white.resize(y.len(), 0.0);
    rng.fill_normal(brown);
    rng.fill_normal(white);
    let mut walk = 0.0;
    for b in brown.iter_mut() {
        walk += *b;
        *b = walk;
    }
    let mean = sum(brown, |b| b) / brown.len().max(1) as f64;
    for b in brown.iter_mut() {
        *b -= mean;
    }
    let (scale_b, scale_w) = (to_unit(power(brown)), to_unit(power(white)));
    for (b, w) in brown.iter_mut().zip(white.iter()) {
        *b = *b * scale_b + *w * scale_w;
    }
    let scale = (signal_power / libm::pow(10.0, snr_db / 10.0)).sqrt() * to_unit(power(brown));
    for (v, e) in y.iter_mut().zip(brown.iter()) {
        *v = (f64::from(*v) + scale * e) as f32;
    }
}

/// Adds white noise of standard deviation `sigma`.
pub fn add_white(rng: &mut Rng, y: &mut [f32], sigma: f64) {
    for v in y {
        *v = (f64::from(*v) + sigma * rng.normal()) as f32;
    }
}

/// Factor that brings this power to 1; 0 where there is none.
fn to_unit(power: f64) -> f64 {
    if power > 0.0 { 1.0 / power.sqrt() } else { 0.0 }
}

/// What a detector does to expected counts: shot noise of the electrons, then readout noise and an offset.
#[derive(Debug, Clone, Copy)]
pub struct Detector {
    /// Electrons per count.
    pub electrons_per_count: f64,
    /// Readout noise, standard deviation in counts.
    pub readout_counts: f64,
    /// Electronic offset in counts.
    pub offset_counts: f64,
}

/// Turns expected counts into measured ones: Poisson electrons, readout noise, offset. Negative expectations bring no
/// shot noise and stay.
pub fn detect(rng: &mut Rng, counts: &mut [f32], detector: &Detector) {
    let gain = detector.electrons_per_count.max(f64::MIN_POSITIVE);
    for v in counts {
        let expected = f64::from(*v);
        let counted = expected.min(0.0) + rng.poisson(expected * gain) / gain;
        *v = (counted + detector.readout_counts * rng.normal() + detector.offset_counts) as f32;
    }
}

/// Adds `count` cosmic rays of one to three points, each `low` to `high` high. `places` receives where they sit,
/// ascending.
pub fn add_cosmic_rays(
    rng: &mut Rng,
    y: &mut [f32],
    count: usize,
    (low, high): (f64, f64),
    places: &mut Vec<usize>,
) {
    places.clear();
    for _ in 0..count {
        let at = rng.below(y.len());
        let height = rng.uniform(low, high);
        let width = 1 + rng.below(3);
        for (k, v) in y.iter_mut().skip(at).take(width).enumerate() {
            // The charge falls off quickly beside the hit.
            *v += (height * [1.0, 0.35, 0.1][k]) as f32;
        }
        places.push(at);
    }
    places.sort_unstable();
}

/// [`add_cosmic_rays`] that returns where they sit.
pub fn cosmic_rays(rng: &mut Rng, y: &mut [f32], count: usize, low: f64, high: f64) -> Vec<usize> {
    let mut places = Vec::with_capacity(count);
    add_cosmic_rays(rng, y, count, (low, high), &mut places);
    places
}

#[cfg(test)]
mod tests {
    use super::super::sums::power_f32;
    use super::*;

    /// To a spectrum that is all signal.
    fn brown_and_white(rng: &mut Rng, y: &mut [f32], snr_db: f64) {
        let signal_power = power_f32(y);
        add_brown_and_white(rng, y, signal_power, snr_db, &mut NoiseScratch::default());
    }

    fn clean() -> Vec<f32> {
        (0..1024).map(|i| 1.0 + (i as f32 / 50.0).sin()).collect()
    }

    #[test]
    fn the_noise_has_the_power_asked_for() {
        for snr_db in [0.0, 10.0, 20.0] {
            let clean = clean();
            let mut noisy = clean.clone();
            brown_and_white(&mut Rng::new(1, 5), &mut noisy, snr_db);
            let noise: Vec<f64> =
                noisy.iter().zip(&clean).map(|(a, b)| f64::from(*a) - f64::from(*b)).collect();
            let found = 10.0 * (power_f32(&clean) / power(&noise)).log10();
            // Rounding the sum to f32 changes the noise by at most 1e-7 of the signal in each point, at random.
            assert!((found - snr_db).abs() < 1e-5, "{found} {snr_db}");
        }
    }

    #[test]
    fn half_of_the_noise_is_a_walk_and_half_is_white() {
        let (mut steps, mut total) = (0.0, 0.0);
        for sample in 0..400 {
            let mut y = vec![0.0_f32; 1024];
            add_brown_and_white(&mut Rng::new(2, sample), &mut y, 1.0, 0.0, &mut NoiseScratch::default());
            steps +=
                sum(&y.windows(2).map(|p| f64::from(p[1] - p[0])).collect::<Vec<_>>(), |d| d * d) / 1023.0;
            total += power_f32(&y);
        }
        // First differences of white noise of power 1/2 have power 1; the walk's own steps add 1/2 over its power in
        // units of steps, which a mean-removed walk of 1,024 steps has 171 of on average (its inverse is larger: 0.007).
        assert!((total / 400.0 - 1.0).abs() < 1e-6, "{total}");
        assert!((steps / 400.0 - 1.004).abs() < 0.02, "{steps}");
    }

    #[test]
    fn silence_stays_silent() {
        let mut y = vec![0.0_f32; 100];
        brown_and_white(&mut Rng::new(1, 5), &mut y, 10.0);
        assert!(y.iter().all(|v| v.abs() < f32::MIN_POSITIVE));
        brown_and_white(&mut Rng::new(1, 5), &mut [], 10.0);
    }

    #[test]
    fn shot_noise_grows_with_the_square_root() {
        let spread = |level: f32, readout_counts: f64| {
            let detector = Detector { electrons_per_count: 1.0, readout_counts, offset_counts: 0.0 };
            let mut y = vec![level; 20_000];
            detect(&mut Rng::new(3, 0), &mut y, &detector);
            let variance = y.iter().map(|v| f64::from(v - level).powi(2)).sum::<f64>() / y.len() as f64;
            variance.sqrt()
        };
        // Standard error of a standard deviation from 20,000 draws: 0.5 %.
        for level in [9.0_f32, 100.0, 10_000.0] {
            assert!((spread(level, 0.0) / f64::from(level).sqrt() - 1.0).abs() < 0.03);
        }
        assert!((spread(9.0, 4.0) / 5.0 - 1.0).abs() < 0.03);
    }

    #[test]
    fn cosmic_rays_stand_where_they_are_said_to() {
        let mut y = vec![0.0_f32; 500];
        let places = cosmic_rays(&mut Rng::new(9, 9), &mut y, 4, 10.0, 20.0);
        assert_eq!(places.len(), 4);
        assert!(places.iter().all(|p| y[*p] >= 10.0));
    }
}
