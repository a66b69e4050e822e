//! The band around a curve, how far it may be off, as a translucent fill beneath its line.

use std::sync::Arc;

use eframe::egui::Color32;
use eframe::egui::epaint::Vertex;
use eframe::egui::pos2;

use super::reduce::Screen;
use super::stroke::FULL;

/// Opacity of the fill, as a part of the colour of the line.
const FILL: f32 = 0.25;

/// A band as it is drawn.
#[derive(Debug, Clone)]
pub struct Band {
    /// Half its width at every point, in the units of the curve.
    pub half: Arc<[f32]>,
    /// Lowest and highest value of the whole band before scaling.
    pub range: [f32; 2],
}

/// Position of a slice of the band on the screen, and its two ends.
pub(super) type Slice = [f32; 3];

/// A gap between two drawn pieces.
const GAP: Slice = [f32::NAN; 3];

/// Writes the slices of a band that are worth drawing into `out`: one a point, or one that holds all others for each pixel
/// column (`column` wide) where the points are dense.
pub(super) fn reduce_band(
    x: &[f64],
    y: &[f32],
    half: &[f32],
    screen: &Screen,
    column: f32,
    out: &mut Vec<Slice>,
) {
    out.clear();
    let points = x.len().min(y.len()).min(half.len());
    let (Some(first), Some(last)) = (x.first(), x[..points].last()) else { return };
    let dense = points as f32 > 2.0 * (screen.x(*last) - screen.x(*first)).abs() / column;
    let mut before = f32::NAN;
    for ((x, y), half) in x.iter().zip(y).zip(half) {
        let (one, other) = (screen.y(y - half), screen.y(y + half));
        let at = screen.x(*x);
        let here = (at / column).floor();
        if !(y + half).is_finite() {
            out.push(GAP);
            before = f32::NAN;
        } else if dense && (here - before).abs() < 0.5 {
            if let Some(slice) = out.last_mut() {
                *slice = [slice[0], slice[1].min(one).min(other), slice[2].max(one).max(other)];
            }
        } else {
            out.push([at, one.min(other), one.max(other)]);
            before = here;
        }
    }
}

/// Appends the triangle strip of the slices to `vertices`, which begins and ends without width like that of a line.
pub(super) fn build_fill(slices: &[Slice], line: Color32, vertices: &mut Vec<Vertex>) {
    let color = line.gamma_multiply(FILL);
    vertices.reserve(2 * slices.len() + 4);
    for piece in slices.split(|slice| slice[0].is_nan()) {
        let (Some(first), Some(last)) = (piece.first(), piece.last()) else { continue };
        let closed = |slice: &Slice| [slice[0], slice[1], slice[1]];
        for [x, top, bottom] in [closed(first)].into_iter().chain(piece.iter().copied()).chain([closed(last)])
        {
            vertices.extend([top, bottom].map(|y| Vertex { pos: pos2(x, y), uv: FULL, color }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = Screen { x_scale: 1.0, x_shift: 0.0, y_scale: -1.0, y_shift: 100.0 };

    #[test]
    fn dense_points_share_a_slice_that_holds_all_of_them() {
        let x: Vec<f64> = (0..100_000).map(|i| 1e-4 * f64::from(i)).collect();
        let y: Vec<f32> = (0..100_000_u32).map(|i| if i == 50_500 { 40.0 } else { 10.0 }).collect();
        let half = vec![2.0_f32; y.len()];
        let mut slices = Vec::new();
        reduce_band(&x, &y, &half, &SCREEN, 1.0, &mut slices);
        assert_eq!(slices.len(), 10);
        assert_eq!((slices[5][1], slices[5][2]), (58.0, 92.0));
        assert_eq!((slices[6][1], slices[6][2]), (88.0, 92.0));
    }

    #[test]
    fn sparse_points_keep_their_slices_and_a_gap_stays_open() {
        let (x, half) = ([0.0, 10.0, 20.0, 30.0, 40.0], [1.0_f32; 5]);
        let y = [5.0, 6.0, f32::NAN, 7.0, 8.0];
        let (mut slices, mut vertices) = (Vec::new(), Vec::new());
        reduce_band(&x, &y, &half, &SCREEN, 1.0, &mut slices);
        assert_eq!(slices.len(), 5);
        assert_eq!((slices[0][1], slices[0][2]), (94.0, 96.0));
        build_fill(&slices, Color32::WHITE, &mut vertices);
        // Two pieces of two slices, each closed at both ends.
        assert_eq!(vertices.len(), 2 * (2 + 2) * 2);
        let wide = |at: usize| (vertices[2 * at].pos.y - vertices[2 * at + 1].pos.y).abs() > 1.0;
        assert_eq!(
            (0..8).map(wide).collect::<Vec<_>>(),
            [false, true, true, false, false, true, true, false]
        );
        assert!(vertices.iter().all(|v| v.color.a() < 100 && v.pos.is_finite()));
    }

    #[test]
    fn a_band_without_points_is_nothing() {
        let mut slices = vec![GAP];
        reduce_band(&[], &[], &[], &SCREEN, 1.0, &mut slices);
        assert!(slices.is_empty());
    }
}
