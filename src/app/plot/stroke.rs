//! From points to one antialiased triangle strip: two vertices a point, the soft edge comes from a small texture.
//!
//! ```text
//!   v = 0  +-----+-----+    transparent      the texture holds the coverage across the line (v)
//!          |  /  |  /  |    opaque in the middle   and the dashes along it (u, repeating)
//!   v = 1  +-----+-----+    transparent
//! ```
//!
//! Spectra turn back sharply at every noise spike. There the strip is folded over instead of turned: both arms keep
//! their full width, and no joint costs more than two vertices.

use eframe::egui::epaint::{Mesh, Vertex};
use eframe::egui::{Color32, ColorImage, Pos2, pos2};

use super::reduce::Point;

/// Texels across the line.
const ACROSS: usize = 64;
/// Texels along one dash and its gap.
const ALONG: usize = 16;
/// Texels of them that are drawn.
const DASH: usize = 10;
/// Length of one dash and its gap, in points.
const DASH_PERIOD: f32 = 9.0;
/// Room for the soft edge on each side of the line, in pixels.
const SOFT_PX: f32 = 1.0;
/// Cosine of the turn from which the strip is folded: 120 degrees.
const FOLD: f32 = -0.5;
/// The middle of the dash, for solid lines.
const SOLID_U: f32 = 0.5 * DASH as f32 / ALONG as f32;
/// Where the texture of a line is opaque, for fills in the same mesh.
pub(super) const FULL: Pos2 = pos2(SOLID_U, 0.5);

/// How a strip looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    /// Distance from the middle of the line to the edge of the strip, in points.
    pub half: f32,
    pub colour: Color32,
    pub dashed: bool,
}

/// Half the width of the strip of a line this wide, in points.
pub(super) fn half_extent(width_px: f32, pixels_per_point: f32) -> f32 {
    (0.5 * width_px + SOFT_PX) / pixels_per_point
}

/// Coverage across a line of this width.
pub(super) fn stroke_texture(width_px: f32) -> ColorImage {
    let half = 0.5 * width_px + SOFT_PX;
    let coverage = |row: usize| {
        let from_middle = ((2.0 * (row as f32 + 0.5) / ACROSS as f32) - 1.0).abs() * half;
        let covered = (from_middle + 0.5).min(0.5 * width_px) - (from_middle - 0.5).max(-0.5 * width_px);
        covered.clamp(0.0, 1.0)
    };
    let texel = |i: usize| {
        let (row, column) = (i / ALONG, i % ALONG);
        // The outermost rows are clear so that the texture repeats without a seam.
        let edge = row == 0 || row + 1 == ACROSS;
        let alpha = if column < DASH && !edge { coverage(row) } else { 0.0 };
        Color32::from_white_alpha((255.0 * alpha).round() as u8)
    };
    ColorImage::new([ALONG, ACROSS], (0..ALONG * ACROSS).map(texel).collect())
}

/// Appends the strip of the line through `points` (gaps are `[NAN, NAN]`) to `vertices`. Strips begin and end without width, so that several can stand in one mesh one after the other.
pub(super) fn build_strip(points: &[Point], stroke: &Stroke, vertices: &mut Vec<Vertex>) {
    vertices.reserve(2 * points.len() + 4);
    for piece in points.split(|p| p[1].is_nan()) {
        if !piece.is_empty() {
            add_piece(piece, stroke, vertices);
        }
    }
}

/// Triangles between the pairs of vertices of `mesh`. The pattern is always the same; a mesh used again mostly has it.
pub(super) fn set_strip_indices(mesh: &mut Mesh) {
    let quads = (mesh.vertices.len() / 2).saturating_sub(1);
    mesh.indices.truncate(6 * quads);
    let have = mesh.indices.len() / 6;
    mesh.indices.reserve(6 * (quads - have));
    for quad in have..quads {
        let a = 2 * quad as u32;
        mesh.indices.extend_from_slice(&[a, a + 1, a + 2, a + 2, a + 1, a + 3]);
    }
}

fn add_piece(piece: &[Point], stroke: &Stroke, out: &mut Vec<Vertex>) {
    let colour = stroke.colour;
    let mut pair = |at: Point, offset: [f32; 2], u: f32| {
        out.extend_from_slice(&[
            Vertex { pos: pos2(at[0] + offset[0], at[1] + offset[1]), uv: Pos2::new(u, 0.0), color: colour },
            Vertex { pos: pos2(at[0] - offset[0], at[1] - offset[1]), uv: Pos2::new(u, 1.0), color: colour },
        ]);
    };
    // Between pairs without width nothing is drawn.
    pair(piece[0], [0.0, 0.0], SOLID_U);
    if let [dot] = piece {
        let reach = 0.5 * stroke.half;
        pair([dot[0] - reach, dot[1]], [0.0, stroke.half], SOLID_U);
        pair([dot[0] + reach, dot[1]], [0.0, stroke.half], SOLID_U);
        pair([dot[0] + reach, dot[1]], [0.0, 0.0], SOLID_U);
        return;
    }
    let per_point = if stroke.dashed { 1.0 / DASH_PERIOD } else { 0.0 };
    let mut u = if stroke.dashed { 0.0 } else { SOLID_U };
    let mut sign = 1.0;
    let mut before: Option<[f32; 2]> = None;
    let mut at = piece[0];
    for &next in &piece[1..] {
        let (dx, dy) = (next[0] - at[0], next[1] - at[1]);
        let length = (dx * dx + dy * dy).sqrt();
        if length <= 0.0 {
            continue;
        }
        let scale = sign / length;
        let mut direction = [dx * scale, dy * scale];
        let offset = match before {
            None => [-direction[1] * stroke.half, direction[0] * stroke.half],
            Some(before) => {
                let mut turn = before[0] * direction[0] + before[1] * direction[1];
                if turn < FOLD {
                    sign = -sign;
                    turn = -turn;
                    direction = [-direction[0], -direction[1]];
                }
                let reach = stroke.half / (1.0 + turn);
                [-(before[1] + direction[1]) * reach, (before[0] + direction[0]) * reach]
            }
        };
        pair(at, offset, u);
        u += length * per_point;
        before = Some(direction);
        at = next;
    }
    let end = before.unwrap_or([1.0, 0.0]);
    pair(at, [-end[1] * stroke.half, end[0] * stroke.half], u);
    pair(at, [0.0, 0.0], u);
}

#[cfg(test)]
mod tests {
    use super::super::reduce::GAP;
    use super::*;

    const STROKE: Stroke = Stroke { half: 1.0, colour: Color32::WHITE, dashed: false };

    fn strip(points: &[Point], stroke: &Stroke) -> Mesh {
        let mut mesh = Mesh::default();
        fill(points, stroke, &mut mesh);
        mesh
    }

    fn fill(points: &[Point], stroke: &Stroke, mesh: &mut Mesh) {
        mesh.vertices.clear();
        build_strip(points, stroke, &mut mesh.vertices);
        set_strip_indices(mesh);
    }

    fn area(mesh: &Mesh) -> f32 {
        mesh.triangles()
            .map(|[a, b, c]| {
                let [a, b, c] = [a, b, c].map(|i| mesh.vertices[i as usize].pos);
                0.5 * ((b - a).x * (c - a).y - (b - a).y * (c - a).x).abs()
            })
            .sum()
    }

    #[test]
    fn a_straight_line_is_as_wide_as_its_strip() {
        let mesh = strip(&[[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]], &STROKE);
        assert!((area(&mesh) - 20.0).abs() < 1e-4, "{}", area(&mesh));
        assert!(mesh.is_valid());
    }

    #[test]
    fn both_arms_of_a_spike_keep_their_width_and_its_tip_stays_near() {
        let mesh = strip(&[[0.0, 0.0], [1.0, 100.0], [2.0, 0.0]], &STROKE);
        assert!((area(&mesh) - 400.0).abs() < 2.0, "{}", area(&mesh));
        assert!(mesh.vertices.iter().all(|v| v.pos.y < 101.1 && v.pos.y > -1.1));
        let turned = strip(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]], &STROKE);
        assert!(turned.vertices.iter().all(|v| v.pos.x < 11.1));
    }

    #[test]
    fn nothing_is_drawn_across_a_gap() {
        let mesh = strip(&[[0.0, 0.0], [10.0, 0.0], GAP, [20.0, 0.0], [30.0, 0.0]], &STROKE);
        assert!((area(&mesh) - 40.0).abs() < 1e-4, "{}", area(&mesh));
        let across = |t: [u32; 3]| {
            let xs = t.map(|i| mesh.vertices[i as usize].pos.x);
            xs.iter().copied().fold(f32::MIN, f32::max) > 15.0 && xs.iter().any(|x| *x < 15.0)
        };
        let bridge: Vec<[u32; 3]> = mesh.triangles().filter(|t| across(*t)).collect();
        assert!(bridge.iter().all(|t| t.map(|i| mesh.vertices[i as usize].pos.y).iter().all(|y| *y == 0.0)));
    }

    #[test]
    fn a_lone_point_is_a_dot_and_repeated_points_do_no_harm() {
        assert!(area(&strip(&[[5.0, 5.0]], &STROKE)) > 0.5);
        let mesh = strip(&[[5.0, 5.0], [5.0, 5.0], [6.0, 5.0]], &STROKE);
        assert!(mesh.vertices.iter().all(|v| v.pos.is_finite()));
        assert!((area(&mesh) - 2.0).abs() < 1e-5);
    }

    #[test]
    fn a_mesh_used_again_is_like_a_new_one() {
        let long = [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 1.0]];
        let mut mesh = strip(&long, &STROKE);
        fill(&long[..2], &STROKE, &mut mesh);
        assert_eq!(mesh, strip(&long[..2], &STROKE));
        fill(&long, &STROKE, &mut mesh);
        assert_eq!(mesh, strip(&long, &STROKE));
    }

    #[test]
    fn dashes_advance_with_the_length_of_the_line() {
        let dashed = Stroke { dashed: true, ..STROKE };
        let mesh = strip(&[[0.0, 0.0], [DASH_PERIOD, 0.0]], &dashed);
        let us: Vec<f32> = mesh.vertices.iter().map(|v| v.uv.x).collect();
        assert!((us[us.len() - 1] - 1.0).abs() < 1e-6);
        let texture = stroke_texture(1.5);
        let middle = &texture.pixels[ALONG * (ACROSS / 2)..][..ALONG];
        assert!(middle[0].a() > 250 && middle[ALONG - 1].a() == 0);
        assert!(texture.pixels[..ALONG].iter().all(|p| p.a() == 0));
    }
}
