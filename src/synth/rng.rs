//! Random numbers that depend on nothing but (seed, sample).

/// Weyl increment of SplitMix64 (Steele, Lea, Flood 2014): 2^64 over the golden ratio, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64, started at a point that the seed and the sample number pick. Sample `k` of seed `s` is always the
/// same, whatever was drawn before it and on whichever thread.
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
    spare_normal: Option<f64>,
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
        Self {
            state: mix(mix(seed.wrapping_add(GOLDEN)).wrapping_add(sample.wrapping_mul(GOLDEN))),
            spare_normal: None,
        }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Uniform in [0, 1).
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

    /// Standard normal (Marsaglia's polar method; `libm` so that every machine rounds alike).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let (u, v) = (self.uniform(-1.0, 1.0), self.uniform(-1.0, 1.0));
            let s = u * u + v * v;
            if s < 1.0 && s > 0.0 {
                let factor = (-2.0 * libm::log(s) / s).sqrt();
                self.spare_normal = Some(v * factor);
                return u * factor;
            }
        }
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
        let mut reference = Rng { state: 0, spare_normal: None };
        assert_eq!(reference.bits(), 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut rng = Rng::new(1, 0);
        let n = 200_000;
        let (mut mean, mut square, mut uniform) = (0.0, 0.0, 0.0);
        for _ in 0..n {
            let z = rng.normal();
            mean += z;
            square += z * z;
            uniform += rng.uniform(2.0, 4.0);
        }
        // Five standard errors of a mean of 200,000.
        let tolerance = 5.0 / f64::from(n).sqrt();
        assert!((mean / f64::from(n)).abs() < tolerance);
        assert!((square / f64::from(n) - 1.0).abs() < tolerance * 1.5);
        assert!((uniform / f64::from(n) - 3.0).abs() < tolerance);
        assert!((0..1000).all(|_| rng.below(7) < 7));
    }
}
