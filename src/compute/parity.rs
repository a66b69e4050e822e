//! The self-test of a GPU: what it computes must be what the CPU computes.

use std::fmt;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::guard::caught;

/// How far a number of a GPU may be from the CPU's, as a part of the largest one of its probe. Measured on a right one:
/// 3e-6 for outputs and 2e-3 for single gradients of a whole network, whose largest agree much better than that.
pub const TOLERANCE: f32 = 1e-3;

/// Numbers in a row of the long means: sums over 65,536 and more are wrong on some drivers, and networks normalise over
/// as many.
const LONG: usize = 131_072;
/// Rows of the long means: Mesa 22.3.6 gets the first two right.
const ROWS: usize = 8;

type Work = dyn Fn(&Device) -> Result<Vec<f32>, String> + Send + Sync;

/// Something to compute on two devices: a forward pass, a training step. Always the same numbers on the same device.
#[derive(Clone)]
pub struct Probe {
    name: String,
    work: Arc<Work>,
}

impl Probe {
    /// `name` completes the sentence "the self-test '...'". Panics of the work are caught.
    pub fn new<E: fmt::Display>(
        name: impl Into<String>,
        work: impl Fn(&Device) -> Result<Vec<f32>, E> + Send + Sync + 'static,
    ) -> Self {
        let work = move |device: &Device| work(device).map_err(|error| error.to_string());
        Self { name: name.into(), work: Arc::new(work) }
    }

    /// The probe that every device has to pass: means and variances over 131,072 numbers.
    pub(super) fn long_means() -> Self {
        Self::new("long means", long_means)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn on(&self, device: &Device) -> Result<Vec<f32>, String> {
        caught(|| (self.work)(device)).and_then(|result| result)
    }

    /// Why the GPU is not to be trusted, if so.
    pub(super) fn disagreement(&self, gpu: &Device, cpu: &Device) -> Option<String> {
        let name = &self.name;
        let expected = match self.on(cpu) {
            Ok(expected) => expected,
            Err(why) => return Some(format!("the self-test '{name}' fails on the CPU ({why})")),
        };
        match self.on(gpu) {
            Ok(found) => far(&found, &expected).map(|how| format!("the self-test '{name}' gave {how}")),
            Err(why) => Some(format!("the self-test '{name}' failed ({why})")),
        }
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How the numbers differ, where they do.
fn far(found: &[f32], expected: &[f32]) -> Option<String> {
    let count = expected.len();
    if found.len() != count {
        return Some(format!("{} numbers where the CPU gave {count}", found.len()));
    }
    let largest = expected.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    if !largest.is_finite() || expected.iter().any(|x| x.is_nan()) {
        return Some("numbers that are not finite on the CPU either".to_owned());
    }
    let off = |(a, b): (&f32, &f32)| if a.is_finite() { (a - b).abs() } else { f32::INFINITY };
    let (worst, by) = found
        .iter()
        .zip(expected)
        .map(off)
        .enumerate()
        .fold((0, 0.0), |worst, (i, by)| if by > worst.1 { (i, by) } else { worst });
    // Where all numbers are zero, they have to be zero.
    (by > TOLERANCE * largest).then(|| {
        let (a, b, parts) = (found[worst], expected[worst], 100.0 * by / largest);
        format!(
            "{a:.6} where the CPU gave {b:.6} (number {} of {count}, off by {parts:.2} % of the largest; {} % are allowed)",
            worst + 1,
            100.0 * TOLERANCE
        )
    })
}

/// Mean and spread of every row.
fn long_means(device: &Device) -> Result<Vec<f32>, String> {
    let numbers = TensorData::new(long_rows(), [ROWS, LONG]);
    let (variance, mean) = Tensor::<2>::from_data(numbers, device).var_mean_bias(1);
    // The variance of a sawtooth is a twelfth of the square of its height: so both are of one size.
    let both = Tensor::cat(vec![mean, (variance * 12.0).sqrt()], 1);
    both.try_into_vec_as::<f32>().map_err(|error| error.to_string())
}

/// Sawteeth that no block of a power of two repeats, each row higher than the one before it: a number taken from the
/// wrong row shows.
fn long_rows() -> Vec<f32> {
    let tooth = |i: usize| 1.0 + (i % 1009) as f32 / 1009.0;
    (0..ROWS * LONG).map(|i| tooth(i) * (1 + i / LONG) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_means_are_right_on_the_cpu() {
        let found = long_means(&Device::flex()).unwrap();
        let rows = long_rows();
        let mut expected = Vec::new();
        for row in rows.chunks_exact(LONG) {
            let mean = row.iter().map(|x| f64::from(*x)).sum::<f64>() / LONG as f64;
            let variance = row.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / LONG as f64;
            expected.extend([mean as f32, (12.0 * variance).sqrt() as f32]);
        }
        assert_eq!(far(&found, &expected), None, "{found:?}");
    }

    #[test]
    fn numbers_agree_within_a_thousandth_of_the_largest() {
        assert_eq!(far(&[100.05, 0.05, -3.0], &[100.0, 0.0, -3.0]), None);
        let said = far(&[100.0, 0.2, -3.0], &[100.0, 0.0, -3.0]).unwrap();
        assert!(said.contains("0.2") && said.contains("number 2 of 3"), "{said}");
        assert_eq!(far(&[0.0, 0.0], &[0.0, 0.0]), None);
        assert!(far(&[0.0, 1e-9], &[0.0, 0.0]).is_some());
    }

    #[test]
    fn neither_missing_numbers_nor_ones_that_are_none_agree() {
        assert!(far(&[1.0], &[1.0, 2.0]).unwrap().contains("1 numbers where the CPU gave 2"));
        assert!(far(&[f32::NAN, 2.0], &[1.0, 2.0]).unwrap().contains("NaN"));
        assert!(far(&[1.0, f32::INFINITY], &[1.0, 2.0]).is_some());
        assert!(far(&[f32::NAN], &[f32::NAN]).is_some());
    }
}
