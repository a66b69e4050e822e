//! What counts as smooth background, projected out.

use crate::spectrum::metrics::dot;

/// Half a wave of the fastest background in cm-1: wider than bands, narrower than fluorescence.
const HALF_WAVE_CM1: f64 = 120.0;

/// An orthonormal basis of smooth curves: a parabola and slow cosines.
#[derive(Debug, Clone)]
pub struct Flat {
    basis: Vec<Vec<f32>>,
}

impl Flat {
    /// Over so many even points of this range.
    pub fn new(points: usize, range_cm1: f64) -> Self {
        let waves = (range_cm1 / HALF_WAVE_CM1).floor().clamp(0.0, points as f64 / 4.0) as usize;
        let place = |i: usize| (i as f64 + 0.5) / points as f64;
        let curve = |f: &dyn Fn(f64) -> f64| -> Vec<f64> { (0..points).map(|i| f(place(i))).collect() };
        let mut raw = vec![curve(&|_| 1.0), curve(&|t| t - 0.5), curve(&|t| (t - 0.5).powi(2))];
        raw.extend((1..=waves).map(|k| curve(&|t| libm::cos(std::f64::consts::PI * k as f64 * t))));
        let mut basis: Vec<Vec<f64>> = Vec::with_capacity(raw.len());
        for mut row in raw {
            let before = power(&row);
            // Twice: once leaves what rounding puts back.
            for _ in 0..2 {
                for known in &basis {
                    let along: f64 = known.iter().zip(&row).map(|(a, b)| a * b).sum();
                    row.iter_mut().zip(known).for_each(|(v, k)| *v -= along * k);
                }
            }
            let size = power(&row).sqrt();
            if size > 1e-5 * before.sqrt() {
                for v in &mut row {
                    *v /= size;
                }
                basis.push(row);
            }
        }
        Self { basis: basis.iter().map(|row| row.iter().map(|v| *v as f32).collect()).collect() }
    }

    /// Takes the smooth part away.
    pub fn remove(&self, y: &mut [f32]) {
        // The mean first: a bright background would cost the digits of the rest.
        let mean = y.iter().map(|v| f64::from(*v)).sum::<f64>() / y.len().max(1) as f64;
        for v in y.iter_mut() {
            *v = (f64::from(*v) - mean) as f32;
        }
        for row in &self.basis {
            let along = dot(row, y);
            y.iter_mut().zip(row).for_each(|(v, r)| *v -= along * r);
        }
    }
}

fn power(row: &[f64]) -> f64 {
    row.iter().map(|v| v * v).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_and_slow_waves_go_and_a_narrow_band_stays() {
        let flat = Flat::new(1000, 2000.0);
        let mut smooth: Vec<f32> =
            (0..1000).map(|i| 5000.0 + 3.0 * i as f32 + 200.0 * (i as f32 / 180.0).sin()).collect();
        flat.remove(&mut smooth);
        assert!(
            smooth.iter().all(|v| v.abs() < 3.0),
            "{:?}",
            smooth.iter().fold(0.0_f32, |m, v| m.max(v.abs()))
        );
        let band = |i: usize| (-((i as f32 - 500.0) / 5.0).powi(2)).exp();
        let mut narrow: Vec<f32> = (0..1000).map(band).collect();
        flat.remove(&mut narrow);
        assert!(narrow[500] > 0.8 && narrow[400].abs() < 0.1);
        let once = narrow.clone();
        flat.remove(&mut narrow);
        assert!(narrow.iter().zip(&once).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
