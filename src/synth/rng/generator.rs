//! Random numbers that depend on nothing but (seed, sample).

use super::poisson;
use super::ziggurat::Ziggurat;

/// Weyl increment of SplitMix64 (Steele, Lea, Flood 2014): 2^64 over the golden ratio, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64, started at a point that the seed and the sample number pick. Sample `k` of seed `s` is always the
/// same, whatever was drawn before it and on whichever thread.
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of sample `sample` under `seed`.
    #[must_use]
    pub fn new(seed: u64, sample: u64) -> Self {
        Self { state: mix(mix(seed.wrapping_add(GOLDEN)).wrapping_add(sample.wrapping_mul(GOLDEN))) }
    }

    /// A generator of its own for one purpose: what is drawn from it shifts nothing that others draw.
    #[must_use]
    pub fn fork(&self, purpose: u64) -> Self {
        Self::new(self.state, purpose)
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Uniform in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform over the integers 0..count, 0 when `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        // Multiply-shift: the bias is count / 2^64, far below anything a run could show.
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        Ziggurat::table().normal(self)
    }

    /// Fills `out` with standard normals: the same numbers as `normal` called once for each.
    pub fn fill_normal(&mut self, out: &mut [f64]) {
        let table = Ziggurat::table();
        for z in out {
            *z = table.normal(self);
        }
    }

    /// A Poisson count of this mean; 0 for a mean that is not positive.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        poisson::count(self, mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed_for_all_time() {
        let mut rng = Rng::new(7, 3);
        assert_eq!(
            [rng.bits(), rng.bits()],
            [Rng::new(7, 3).bits(), {
                let mut r = Rng::new(7, 3);
                r.bits();
                r.bits()
            }]
        );
        assert_ne!(Rng::new(7, 3).bits(), Rng::new(7, 4).bits());
        assert_ne!(Rng::new(7, 3).bits(), Rng::new(8, 3).bits());
        // Reference value of SplitMix64 with state 0: the generator itself, not our seeding.
        let mut reference = Rng { state: 0 };
        assert_eq!(reference.bits(), 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn forks_differ_and_leave_their_parent_alone() {
        let parent = Rng::new(7, 3);
        let (a, b) = (parent.fork(0).bits(), parent.fork(1).bits());
        assert!(a != b && a != parent.clone().bits());
        assert_eq!(parent.fork(0).bits(), a);
    }

    #[test]
    fn uniform_numbers_fill_their_range_evenly() {
        let mut rng = Rng::new(1, 0);
        let n = 200_000;
        let mean = (0..n).map(|_| rng.uniform(2.0, 4.0)).sum::<f64>() / f64::from(n);
        // Five standard errors: the standard deviation is 2 / sqrt(12).
        assert!((mean - 3.0).abs() < 5.0 * 0.577_35 / f64::from(n).sqrt());
        let mut counts = [0_i32; 7];
        (0..70_000).for_each(|_| counts[rng.below(7)] += 1);
        // Five standard deviations of a count with mean 10,000.
        assert!(counts.iter().all(|c| (c - 10_000).abs() < 500), "{counts:?}");
        assert_eq!(rng.below(0), 0);
    }
}
