//! Position codes for attention over points.

use burn::tensor::{Device, Tensor};

/// Sinusoidal position codes, `[1, point, channel]`: sines in even channels, cosines in odd ones.
pub fn position_codes(points: usize, channels: usize, device: &Device) -> Tensor<3> {
    let angle =
        |t: usize, c: usize| t as f64 * (-((c - c % 2) as f64) / channels as f64 * 1e4_f64.ln()).exp();
    let code = |t: usize, c: usize| if c.is_multiple_of(2) { angle(t, c).sin() } else { angle(t, c).cos() };
    let codes: Vec<f32> = (0..points).flat_map(|t| (0..channels).map(move |c| code(t, c) as f32)).collect();
    Tensor::<1>::from_floats(codes.as_slice(), device).reshape([1, points, channels])
}
