//! Noise: the separation papers' brown-plus-white protocol, a counting detector, cosmic rays.

use super::Rng;

/// Adds brown and white noise in equal power so that mean(y^2) / mean(noise^2) is `snr_db`.
///
/// Brown noise is a random walk, mean removed; both parts are scaled to unit power before they are added 1:1.
pub fn brown_and_white(rng: &mut Rng, y: &mut [f32], snr_db: f64) {
    let n = y.len().max(1) as f64;
    let mut walk = 0.0;
    let mut brown: Vec<f64> = y
        .iter()
        .map(|_| {
            walk += rng.normal();
            walk
        })
        .collect();
    let mean = brown.iter().sum::<f64>() / n;
    for b in &mut brown {
        *b -= mean;
    }
    let mut white: Vec<f64> = y.iter().map(|_| rng.normal()).collect();
    to_unit_power(&mut brown);
    to_unit_power(&mut white);
    let mut noise: Vec<f64> = brown.iter().zip(&white).map(|(b, w)| b + w).collect();
    to_unit_power(&mut noise);
    let signal = y.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / n;
    let scale = (signal / libm::pow(10.0, snr_db / 10.0)).sqrt();
    for (v, e) in y.iter_mut().zip(noise) {
        *v = (f64::from(*v) + scale * e) as f32;
    }
}

fn to_unit_power(values: &mut [f64]) {
    let power = values.iter().map(|v| v * v).sum::<f64>() / values.len().max(1) as f64;
    if power > 0.0 {
        let scale = 1.0 / power.sqrt();
        for v in values {
            *v *= scale;
        }
    }
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

/// Turns expected counts into measured ones. Shot noise is taken as normal, which holds above some ten electrons.
pub fn detect(rng: &mut Rng, counts: &mut [f32], detector: &Detector) {
    let gain = detector.electrons_per_count.max(f64::MIN_POSITIVE);
    for v in counts {
        let expected = f64::from(*v);
        let shot = (expected.max(0.0) / gain).sqrt();
        let measured = expected + shot * rng.normal() + detector.readout_counts * rng.normal();
        *v = (measured + detector.offset_counts) as f32;
    }
}

/// Adds `count` cosmic rays of one to three points, each `low` to `high` high. Returns where they sit.
pub fn cosmic_rays(rng: &mut Rng, y: &mut [f32], count: usize, low: f64, high: f64) -> Vec<usize> {
    let mut places = Vec::with_capacity(count);
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
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_has_the_power_asked_for() {
        for snr_db in [0.0, 10.0, 20.0] {
            let clean: Vec<f32> = (0..1024).map(|i| 1.0 + (i as f32 / 50.0).sin()).collect();
            let mut noisy = clean.clone();
            brown_and_white(&mut Rng::new(1, 5), &mut noisy, snr_db);
            let power = |v: &[f32]| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            let noise: Vec<f32> = noisy.iter().zip(&clean).map(|(a, b)| a - b).collect();
            let found = 10.0 * (power(&clean) / power(&noise)).log10();
            // The sum is rounded to f32 once: 1e-7 of the signal.
            assert!((found - snr_db).abs() < 1e-3, "{found} {snr_db}");
        }
    }

    #[test]
    fn silence_stays_silent() {
        let mut y = vec![0.0_f32; 100];
        brown_and_white(&mut Rng::new(1, 5), &mut y, 10.0);
        assert!(y.iter().all(|v| v.abs() < f32::MIN_POSITIVE));
    }

    #[test]
    fn shot_noise_grows_with_the_square_root() {
        let detector = Detector { electrons_per_count: 1.0, readout_counts: 0.0, offset_counts: 0.0 };
        let spread = |level: f32| {
            let mut y = vec![level; 20_000];
            detect(&mut Rng::new(3, 0), &mut y, &detector);
            let variance = y.iter().map(|v| f64::from(v - level).powi(2)).sum::<f64>() / y.len() as f64;
            variance.sqrt()
        };
        // Standard error of a standard deviation from 20,000 draws: 0.5 %.
        assert!((spread(100.0) / 10.0 - 1.0).abs() < 0.03);
        assert!((spread(10_000.0) / 100.0 - 1.0).abs() < 0.03);
    }

    #[test]
    fn cosmic_rays_stand_where_they_are_said_to() {
        let mut y = vec![0.0_f32; 500];
        let places = cosmic_rays(&mut Rng::new(9, 9), &mut y, 4, 10.0, 20.0);
        assert_eq!(places.len(), 4);
        assert!(places.iter().all(|p| y[*p] >= 10.0));
    }
}
