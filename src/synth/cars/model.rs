//! The forward model: `I = |chi_R + chi_NR|^2`, `chi_R = sum A_k / (W_k - w - i G_k)`.

/// One resonance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resonance {
    /// Amplitude `A_k`, positive.
    pub amplitude: f64,
    /// Centre `W_k`, in the unit of the axis.
    pub centre: f64,
    /// Half width at half maximum `G_k`.
    pub half_width: f64,
}

/// Real and imaginary part of the resonant susceptibility over `axis`.
#[must_use]
pub fn susceptibility(axis: &[f64], resonances: &[Resonance]) -> (Vec<f64>, Vec<f64>) {
    axis.iter()
        .map(|w| {
            resonances.iter().fold((0.0, 0.0), |(re, im), r| {
                let detuning = r.centre - w;
                let scale = r.amplitude / (detuning * detuning + r.half_width * r.half_width);
                (re + scale * detuning, im + scale * r.half_width)
            })
        })
        .unzip()
}

/// Intensity of `chi_R + chi_NR`, the background real.
#[must_use]
pub fn intensity(re: &[f64], im: &[f64], background: &[f64]) -> Vec<f64> {
    re.iter().zip(im).zip(background).map(|((re, im), nr)| (re + nr).powi(2) + im * im).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_follows_its_closed_form() {
        let axis = [990.0, 1000.0, 1010.0];
        let line = Resonance { amplitude: 20.0, centre: 1000.0, half_width: 10.0 };
        let (re, im) = susceptibility(&axis, &[line]);
        assert_eq!(re, [1.0, 0.0, -1.0]);
        assert_eq!(im, [1.0, 2.0, 1.0]);
        assert_eq!(intensity(&re, &im, &[1.0; 3]), [5.0, 5.0, 1.0]);
    }
}
