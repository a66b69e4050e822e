//! The triangles of the curves, kept from frame to frame: a frame that shows the same again computes nothing.
//!
//! All curves of one width stand in one mesh. egui copies every mesh in every frame, and one large copy into memory that
//! fits costs a third of two hundred small ones into memory that grows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use eframe::egui::epaint::{Mesh, Vertex};
use eframe::egui::{Context, Id, Shape, TextureHandle, TextureId, TextureOptions};
use egui_plot::PlotTransform;
use rayon::prelude::*;

use super::band::{Slice, build_fill, reduce_band};
use super::curve::CurveItem;
use super::reduce::{Point, Screen, reduce};
use super::stroke::{Stroke, build_strip, half_extent, set_strip_indices, stroke_texture};
use crate::spectrum::Axis;

/// Points to look at, or vertices to copy, from which waking all cores is worth it.
const PARALLEL_FROM: usize = 20_000;
/// Line widths are textures; this many of them a pixel.
const WIDTH_STEPS: f32 = 4.0;

/// Meshes by plot and curve. Holds what the last frame drew and nothing older.
#[derive(Default)]
pub(super) struct MeshCache {
    strips: HashMap<(Id, u64), Strip>,
    plots: HashMap<Id, Joined>,
    textures: BTreeMap<u32, TextureHandle>,
    swept: u64,
    #[cfg(test)]
    built: usize,
}

/// What the triangles depend on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key {
    version: u64,
    /// Address of the positions: they change with the unit while the version stays.
    axis: usize,
    screen: Screen,
    first: usize,
    last: usize,
    stroke: Stroke,
    band: bool,
    pixels_per_point: f32,
}

/// Memory for the points of one curve after the other.
#[derive(Default)]
struct Scratch {
    points: Vec<Point>,
    slices: Vec<Slice>,
}

/// One curve.
#[derive(Default)]
struct Strip {
    key: Option<Key>,
    /// Keeps the address in the key from being given to other positions.
    axis: Option<Arc<Axis>>,
    vertices: Vec<Vertex>,
    seen: u64,
}

/// All curves of one plot: a mesh for each run of curves with the same texture.
#[derive(Default)]
struct Joined {
    order: Vec<(u64, TextureId)>,
    meshes: Vec<Arc<Mesh>>,
    seen: u64,
}

struct Work<'a> {
    strip: Strip,
    curve: &'a CurveItem,
    key: Key,
}

impl MeshCache {
    /// Adds the curves to `shapes`, building those that changed.
    pub(super) fn draw(
        &mut self,
        ctx: &Context,
        plot: Id,
        curves: &[CurveItem],
        transform: &PlotTransform,
        shapes: &mut Vec<Shape>,
    ) {
        let pass = ctx.cumulative_pass_nr();
        self.sweep(pass);
        let mut order = Vec::with_capacity(curves.len());
        let mut work = Vec::with_capacity(curves.len());
        let (mut stale, mut points) = (0, 0);
        for curve in curves {
            let (key, width_steps) = key(curve, transform, ctx.pixels_per_point());
            order.push((curve.id, self.texture(ctx, width_steps)));
            let mut strip = self.strips.remove(&(plot, curve.id)).unwrap_or_default();
            strip.seen = pass;
            if strip.key != Some(key) {
                stale += 1;
                points += key.last - key.first;
            }
            work.push(Work { strip, curve, key });
        }
        if stale > 1 && points > PARALLEL_FROM {
            work.par_iter_mut().for_each_init(Scratch::default, |scratch, work| work.rebuild(scratch));
        } else if stale > 0 {
            let mut scratch = Scratch::default();
            for work in &mut work {
                work.rebuild(&mut scratch);
            }
        }
        #[cfg(test)]
        {
            self.built += stale;
        }
        let joined = self.plots.entry(plot).or_default();
        joined.seen = pass;
        if stale > 0 || joined.order != order {
            joined.join(order, &work);
        }
        let drawn = joined.meshes.iter().filter(|mesh| !mesh.indices.is_empty());
        shapes.extend(drawn.map(|mesh| Shape::Mesh(Arc::clone(mesh))));
        self.strips.extend(work.into_iter().map(|work| ((plot, work.curve.id), work.strip)));
    }

    /// Drops what neither this pass nor the one before drew.
    fn sweep(&mut self, pass: u64) {
        if self.swept != pass {
            self.swept = pass;
            self.strips.retain(|_, strip| strip.seen + 1 >= pass);
            self.plots.retain(|_, joined| joined.seen + 1 >= pass);
        }
    }

    fn texture(&mut self, ctx: &Context, width_steps: u32) -> TextureId {
        let handle = self.textures.entry(width_steps).or_insert_with(|| {
            let width_px = width_steps as f32 / WIDTH_STEPS;
            let name = format!("line of {width_px} pixels");
            ctx.load_texture(name, stroke_texture(width_px), TextureOptions::LINEAR_REPEAT)
        });
        handle.id()
    }
}

/// What the strip of a curve depends on, and its width in steps of the textures.
fn key(curve: &CurveItem, transform: &PlotTransform, pixels_per_point: f32) -> (Key, u32) {
    let range = curve.visible(transform);
    let steps = (curve.width * pixels_per_point * WIDTH_STEPS).round().max(1.0);
    let half = half_extent(steps / WIDTH_STEPS, pixels_per_point);
    let key = Key {
        version: curve.version,
        axis: Arc::as_ptr(&curve.axis).addr(),
        screen: curve.screen(transform),
        first: range.start,
        last: range.end,
        stroke: Stroke { half, colour: curve.colour, dashed: curve.dashed },
        band: curve.band.is_some(),
        pixels_per_point,
    };
    (key, steps as u32)
}

impl Work<'_> {
    fn rebuild(&mut self, Scratch { points, slices }: &mut Scratch) {
        let Self { strip, curve, key } = self;
        if strip.key == Some(*key) {
            return;
        }
        let range = key.first..key.last;
        let (x, y) = (&curve.axis.values()[range.clone()], &curve.spectrum.y()[range.clone()]);
        let column = 1.0 / key.pixels_per_point;
        strip.vertices.clear();
        // The fill first, so that the line lies on it.
        if let Some(half) = curve.band.as_ref().and_then(|band| band.half.get(range)) {
            reduce_band(x, y, half, &key.screen, column, slices);
            build_fill(slices, key.stroke.colour, &mut strip.vertices);
        }
        reduce(x, y, &key.screen, column, points);
        build_strip(points, &key.stroke, &mut strip.vertices);
        strip.key = Some(*key);
        strip.axis = Some(Arc::clone(&curve.axis));
    }
}

impl Joined {
    /// Copies the strips into one mesh for each run of equal textures, using the memory of the meshes there are.
    fn join(&mut self, order: Vec<(u64, TextureId)>, work: &[Work<'_>]) {
        let mut rest = work;
        let mut used = 0;
        for run in order.chunk_by(|a, b| a.1 == b.1) {
            let (now, later) = rest.split_at(run.len());
            rest = later;
            if self.meshes.len() == used {
                self.meshes.push(Arc::default());
            }
            let mesh = Arc::make_mut(&mut self.meshes[used]);
            mesh.texture_id = run[0].1;
            copy_strips(now, &mut mesh.vertices);
            set_strip_indices(mesh);
            used += 1;
        }
        self.meshes.truncate(used);
        self.order = order;
    }
}

fn copy_strips(work: &[Work<'_>], vertices: &mut Vec<Vertex>) {
    let total = work.iter().map(|work| work.strip.vertices.len()).sum();
    vertices.resize(total, Vertex::default());
    let mut rest = vertices.as_mut_slice();
    let mut pairs = Vec::with_capacity(work.len());
    for Work { strip, .. } in work {
        let (target, later) = rest.split_at_mut(strip.vertices.len());
        pairs.push((target, &strip.vertices));
        rest = later;
    }
    if total > PARALLEL_FROM {
        pairs.into_par_iter().for_each(|(target, source)| target.copy_from_slice(source));
    } else {
        for (target, source) in pairs {
            target.copy_from_slice(source);
        }
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Color32, RawInput, Rect, pos2};
    use egui_plot::PlotBounds;

    use super::super::band::Band;
    use super::*;
    use crate::spectrum::{AxisKind, Metadata, Spectrum};

    fn curves(count: u64) -> Vec<CurveItem> {
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 0.0, 10.0, 50).unwrap());
        let y: Vec<f32> = (0..50_u8).map(|i| f32::from(i % 7)).collect();
        let spectrum = Arc::new(Spectrum::new(Arc::clone(&axis), y, Metadata::default()).unwrap());
        let item = |id| CurveItem {
            id,
            name: "a".into(),
            version: 1,
            axis: Arc::clone(&axis),
            spectrum: Arc::clone(&spectrum),
            x_offset: 0.0,
            y_scale: 1.0,
            y_offset: 0.0,
            range: [0.0, 6.0],
            colour: Color32::WHITE,
            width: 1.5,
            dashed: false,
            band: None,
        };
        (0..count).map(item).collect()
    }

    fn transform(left: f64) -> PlotTransform {
        let frame = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        PlotTransform::new(frame, PlotBounds::from_min_max([left, -1.0], [left + 10.0, 7.0]), false)
    }

    fn draw(ctx: &Context, cache: &mut MeshCache, curves: &[CurveItem], left: f64) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let output = ctx.run_ui(RawInput::default(), |_| {
            shapes.clear();
            cache.draw(ctx, Id::unique("plot"), curves, &transform(left), &mut shapes);
        });
        output.drop_without_applying_deltas();
        shapes
    }

    #[test]
    fn a_still_frame_builds_nothing_and_a_changed_curve_is_built_alone() {
        let (ctx, mut cache, mut curves) = (Context::default(), MeshCache::default(), curves(3));
        let shapes = draw(&ctx, &mut cache, &curves, 0.0);
        assert_eq!((shapes.len(), cache.built), (1, 3));
        drop(shapes);
        draw(&ctx, &mut cache, &curves, 0.0);
        assert_eq!(cache.built, 3);
        curves[1].colour = Color32::BLACK;
        draw(&ctx, &mut cache, &curves, 0.0);
        assert_eq!(cache.built, 4);
        draw(&ctx, &mut cache, &curves, 0.5);
        assert_eq!(cache.built, 7);
    }

    #[test]
    fn a_band_is_built_when_it_is_switched_on_and_adds_to_its_curve_alone() {
        let (ctx, mut cache, mut curves) = (Context::default(), MeshCache::default(), curves(2));
        let vertices = |shapes: &[Shape]| match shapes {
            [Shape::Mesh(mesh)] => mesh.vertices.len(),
            _ => panic!("one mesh"),
        };
        let bare = vertices(&draw(&ctx, &mut cache, &curves, 0.0));
        curves[1].band = Some(Band { half: vec![0.5; 50].into(), range: [-0.5, 6.5] });
        let filled = vertices(&draw(&ctx, &mut cache, &curves, 0.0));
        assert_eq!((filled - bare, cache.built), (2 * (50 + 2), 3));
        curves[1].band = None;
        assert_eq!(vertices(&draw(&ctx, &mut cache, &curves, 0.0)), bare);
    }

    #[test]
    fn what_is_no_longer_drawn_is_dropped() {
        let (ctx, mut cache, curves) = (Context::default(), MeshCache::default(), curves(3));
        draw(&ctx, &mut cache, &curves, 0.0);
        for _ in 0..3 {
            draw(&ctx, &mut cache, &curves[..1], 0.0);
        }
        assert_eq!((cache.strips.len(), cache.plots.len()), (1, 1));
    }

    #[test]
    fn curves_of_another_width_have_their_own_mesh_and_keep_their_place() {
        let (ctx, mut cache, mut curves) = (Context::default(), MeshCache::default(), curves(3));
        curves[2].width = 3.0;
        let meshes = |shapes: &[Shape]| -> Vec<usize> {
            let vertices = |shape: &Shape| match shape {
                Shape::Mesh(mesh) => mesh.vertices.len(),
                _ => 0,
            };
            shapes.iter().map(vertices).collect()
        };
        let two = meshes(&draw(&ctx, &mut cache, &curves, 0.0));
        assert_eq!((two.len(), two[0]), (2, 2 * two[1]));
        curves.swap(1, 2);
        assert_eq!(meshes(&draw(&ctx, &mut cache, &curves, 0.0)).len(), 3);
        assert_eq!(cache.built, 3);
    }
}
