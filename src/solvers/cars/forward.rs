//! What a CARS instrument measures of a Raman spectrum over a non-resonant background.

use super::{Hilbert, scaled_lambda, smooth};

/// Stiffness of a non-resonant background at 1,024 points.
const STIFFNESS: f64 = 1e5;

/// `Re chi_R` of an `Im chi_R`: the part that causality demands.
#[must_use]
pub fn real_part(raman: &[f64], hilbert: &Hilbert) -> Vec<f64> {
    hilbert.transposed(raman)
}

/// The intensity `(chi_NR + Re chi_R)^2 + (Im chi_R)^2`.
#[must_use]
pub fn forward(raman: &[f64], background: &[f64], hilbert: &Hilbert) -> Vec<f64> {
    let re = real_part(raman, hilbert);
    raman.iter().zip(re).zip(background).map(|((im, re), nr)| (nr + re) * (nr + re) + im * im).collect()
}

/// `chi_NR`: what `Re chi` holds beyond the real part of the lines, made smooth; never negative.
#[must_use]
pub fn smooth_background(re: &[f64], raman: &[f64], hilbert: &Hilbert) -> Vec<f64> {
    let rest: Vec<f64> = re.iter().zip(real_part(raman, hilbert)).map(|(re, r)| re - r).collect();
    let slow = smooth(&rest, scaled_lambda(STIFFNESS, rest.len()));
    slow.into_iter().map(|v| v.max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solvers::cars::Pad;
    use crate::spectrum::evenly;
    use crate::synth::cars::{Resonance, intensity, susceptibility};

    /// Spec section 5: two lines, three backgrounds.
    #[test]
    fn the_forward_identity_holds_as_far_as_the_spec_says() {
        let axis = evenly(0.0, 1.0, 1024);
        let line = |amplitude, centre, half_width| Resonance { amplitude, centre, half_width };
        let (re, im) = susceptibility(&axis, &[line(0.01, 0.3, 0.006), line(0.005, 0.62, 0.004)]);
        let largest = re.iter().zip(&im).map(|(r, i)| r.hypot(*i)).fold(0.0, f64::max);
        let scaled = |v: &[f64]| v.iter().map(|v| v / largest).collect::<Vec<f64>>();
        let (re, im) = (scaled(&re), scaled(&im));
        let hilbert = Hilbert::new(1024, 1);
        let padded: Vec<f64> = hilbert.fourier(&im, Pad::Zero).iter().map(|v| -v).collect();
        for (level, stated, rms_stated) in
            [(0.3, 1.0e-3, 5.6e-4), (0.6, 2.1e-3, 1.1e-3), (1.0, 3.6e-3, 1.9e-3)]
        {
            let background = vec![level; 1024];
            let truth = intensity(&re, &im, &background);
            let off = |fit: &[f64]| {
                let d: Vec<f64> = fit.iter().zip(&truth).map(|(a, b)| (a - b).abs()).collect();
                let rms = (d.iter().map(|v| v * v).sum::<f64>() / d.len() as f64).sqrt();
                (d.iter().fold(0.0_f64, |a, v| a.max(*v)), rms)
            };
            let (largest, rms) = off(&intensity(&padded, &im, &background));
            assert!(
                (largest / stated).ln().abs() < 0.4 && (rms / rms_stated).ln().abs() < 0.4,
                "{largest} {rms}"
            );
            // The matrix form, which everything else uses, is nearer still.
            assert!(off(&forward(&im, &background, &hilbert)).0 < largest);
        }
    }
}
