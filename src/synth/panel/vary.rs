//! What makes two specimens of a substance differ.

use super::super::Rng;

/// Half waves of a response over the axis, up to this many: neighbouring bands vary apart.
const WAVES: usize = 20;

/// A slowly varying factor around 1 with this relative deviation.
pub fn response(rng: &mut Rng, points: usize, deviation: f64) -> Vec<f32> {
    let waves: [(f64, f64); WAVES] =
        std::array::from_fn(|_| (rng.normal(), rng.uniform(0.0, std::f64::consts::TAU)));
    // Each wave has a mean square of one half.
    let size = deviation / (0.5 * WAVES as f64).sqrt();
    let mut out = vec![0.0_f32; points];
    for (k, (height, phase)) in waves.iter().enumerate() {
        let step = std::f64::consts::PI * (k + 1) as f64 / points.max(1) as f64;
        // One sine by turning a pointer: a wave costs two products a point.
        let (mut s, mut c) = (libm::sin(*phase), libm::cos(*phase));
        let (turn_s, turn_c) = (libm::sin(step), libm::cos(step));
        for v in &mut out {
            *v += (size * height * s) as f32;
            (s, c) = (s * turn_c + c * turn_s, c * turn_c - s * turn_s);
        }
    }
    for v in &mut out {
        *v = libm::expf(*v);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_deviates_as_much_as_asked() {
        let (mut sum, mut count) = (0.0, 0.0);
        for k in 0..200 {
            for v in response(&mut Rng::new(4, k), 300, 0.1) {
                sum += f64::from(v).ln().powi(2);
                count += 1.0;
            }
        }
        let deviation = (sum / count).sqrt();
        assert!((deviation - 0.1).abs() < 0.01, "{deviation}");
        assert!(response(&mut Rng::new(4, 0), 300, 0.0).iter().all(|v| (v - 1.0).abs() < 1e-6));
    }
}
