//! How much of which substance.

use super::super::Rng;

/// Chance that a level is one of the published tenths, and not a low one.
const USUAL: f64 = 0.7;
/// The least low level, drawn by its logarithm up to a tenth.
const LEAST: f64 = 0.02;
/// Deviation of the logarithm of a brightness.
const BRIGHTNESS: f64 = 0.15;

/// Levels of `classes` substances: any number of them there, each number as often as the others.
pub fn levels(rng: &mut Rng, classes: usize) -> Vec<f32> {
    let count = 1 + rng.below(classes);
    let mut order: Vec<usize> = (0..classes).collect();
    let mut all = vec![0.0; classes];
    for i in 0..count {
        order.swap(i, i + rng.below(classes - i));
        let level = if rng.unit() < USUAL {
            0.1 * (1 + rng.below(10)) as f64
        } else {
            LEAST * libm::pow(0.1 / LEAST, rng.unit())
        };
        all[order[i]] = (level * libm::exp(BRIGHTNESS * rng.normal())) as f32;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_substances_and_every_substance_comes_equally_often() {
        let (mut by_count, mut by_class) = ([0_usize; 6], [0_usize; 5]);
        for k in 0..5000 {
            let all = levels(&mut Rng::new(1, k), 5);
            by_count[all.iter().filter(|v| **v > 0.0).count()] += 1;
            all.iter().zip(&mut by_class).for_each(|(v, n)| *n += usize::from(*v > 0.0));
            assert!(all.iter().all(|v| *v >= 0.0 && *v < 2.5));
        }
        assert_eq!(by_count[0], 0);
        // Standard errors are 28 and 35.
        assert!(by_count[1..].iter().all(|n| n.abs_diff(1000) < 140), "{by_count:?}");
        assert!(by_class.iter().all(|n| n.abs_diff(3000) < 170), "{by_class:?}");
    }
}
