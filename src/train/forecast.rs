//! How a training would go on at its pace: validations against the logarithm of the samples.

/// Fewest validations that a line is laid through.
const LEAST: usize = 4;
/// Samples beyond which nobody waits.
const MOST: f64 = 1e15;

/// The straight line of least squares through the later half of the validations, over the logarithm of the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Gain from any number of samples to twice as many.
    pub db_per_doubling: f64,
    /// Samples at the first validation that was fitted.
    pub from: u64,
    /// Samples at the last one.
    pub to: u64,
    /// Value of the line there.
    pub end_db: f64,
}

impl Trend {
    /// The line through validations (samples, dB) in the order of their samples; `None` for fewer than four.
    pub fn of(validations: &[(u64, f64)]) -> Option<Self> {
        let later = validations.len().div_ceil(2).max(LEAST);
        let fitted = validations.get(validations.len().checked_sub(later)?..)?;
        let (from, to) = (fitted.first()?.0, fitted.last()?.0);
        let doublings = |samples: u64| (samples.max(1) as f64).log2();
        let count = fitted.len() as f64;
        let mean_x = fitted.iter().map(|(samples, _)| doublings(*samples)).sum::<f64>() / count;
        let mean_y = fitted.iter().map(|(_, db)| db).sum::<f64>() / count;
        let (mut squares, mut products) = (0.0, 0.0);
        for (samples, db) in fitted {
            let x = doublings(*samples) - mean_x;
            squares += x * x;
            products += x * (db - mean_y);
        }
        let db_per_doubling = products / squares;
        let end_db = mean_y + db_per_doubling * (doublings(to) - mean_x);
        (db_per_doubling.is_finite() && end_db.is_finite()).then_some(Self {
            db_per_doubling,
            from,
            to,
            end_db,
        })
    }

    /// The line at a number of samples.
    pub fn db_at(&self, samples: f64) -> f64 {
        self.end_db + self.db_per_doubling * (samples / self.to.max(1) as f64).log2()
    }

    /// Samples at which the line reaches a figure; `None` where it does not rise, or so slowly that nobody can wait.
    pub fn samples_for(&self, db: f64) -> Option<f64> {
        if self.db_per_doubling <= 0.0 {
            return None;
        }
        let samples = self.to as f64 * ((db - self.end_db) / self.db_per_doubling).exp2();
        (samples <= MOST).then_some(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(db: impl Fn(f64) -> f64, samples: impl IntoIterator<Item = u64>) -> Vec<(u64, f64)> {
        samples.into_iter().map(|samples| (samples, db(samples as f64))).collect()
    }

    #[test]
    fn a_straight_line_comes_back_and_goes_on() {
        let line = |samples: f64| 3.0 + 1.5 * (samples / 1000.0).log2();
        let trend = Trend::of(&points(line, (1..=8).map(|k| 1000 * k))).unwrap();
        assert!((trend.db_per_doubling - 1.5).abs() < 1e-12);
        assert_eq!((trend.from, trend.to), (5000, 8000));
        assert!((trend.end_db - 7.5).abs() < 1e-12);
        assert!((trend.db_at(16_000.0) - 9.0).abs() < 1e-12);
        let samples = trend.samples_for(22.5).unwrap();
        assert!((samples / 8_192_000.0 - 1.0).abs() < 1e-9, "{samples}");
    }

    #[test]
    fn only_the_later_half_decides() {
        let bent = |samples: f64| if samples < 4500.0 { samples / 100.0 } else { 5.0 + samples.log2() };
        let trend = Trend::of(&points(bent, (1..=9).map(|k| 1000 * k))).unwrap();
        assert_eq!(trend.from, 5000);
        assert!((trend.db_per_doubling - 1.0).abs() < 1e-12);
    }

    #[test]
    fn noise_is_averaged() {
        let noisy: Vec<(u64, f64)> =
            (1..=40).map(|k| (1000 * k, (k as f64).log2() + if k % 2 == 0 { 0.2 } else { -0.2 })).collect();
        let trend = Trend::of(&noisy).unwrap();
        assert!((trend.db_per_doubling - 1.0).abs() < 0.15, "{}", trend.db_per_doubling);
    }

    #[test]
    fn fewer_than_four_validations_or_one_place_make_no_line() {
        let line = |samples: f64| samples.log2();
        assert_eq!(Trend::of(&[]), None);
        assert_eq!(Trend::of(&points(line, [1000, 2000, 3000])), None);
        assert_eq!(Trend::of(&points(line, [1000, 2000, 3000, 4000])).unwrap().from, 1000);
        assert_eq!(Trend::of(&points(line, [1000; 4])), None);
    }

    #[test]
    fn what_does_not_rise_reaches_nothing() {
        let flat = Trend::of(&points(|_| 7.0, [1000, 2000, 3000, 4000])).unwrap();
        assert_eq!(flat.samples_for(8.0), None);
        let falling = Trend::of(&points(|samples| -samples.log2(), [1000, 2000, 3000, 4000])).unwrap();
        assert_eq!(falling.samples_for(8.0), None);
        let slow = Trend::of(&points(|samples| 0.01 * samples.log2(), [1000, 2000, 3000, 4000])).unwrap();
        assert_eq!(slow.samples_for(22.5), None);
    }
}
