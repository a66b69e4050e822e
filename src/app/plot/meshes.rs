//! The triangles of the curves, kept from frame to frame: a frame that shows the same again computes nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use eframe::egui;
use eframe::egui::epaint::Mesh;
use eframe::egui::{Context, Id, Shape, TextureHandle, TextureOptions};
use egui_plot::PlotTransform;
use rayon::prelude::*;

use super::curve::CurveItem;
use super::reduce::{Point, Screen, reduce};
use super::stroke::{Stroke, build_strip, half_extent, stroke_texture};
use crate::spectrum::Axis;

/// Points to look at from which building on all cores is worth waking them.
const PARALLEL_FROM: usize = 20_000;
/// Line widths are textures; this many of them a pixel.
const WIDTH_STEPS: f32 = 4.0;

/// Meshes by plot and curve. Holds what the last frame drew and nothing older.
#[derive(Default)]
pub(super) struct MeshCache {
    slots: HashMap<(Id, u64), Slot>,
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
    pixels_per_point: f32,
}

struct Slot {
    key: Option<Key>,
    /// Keeps the address in the key from being given to other positions.
    axis: Option<Arc<Axis>>,
    mesh: Arc<Mesh>,
    seen: u64,
}

impl MeshCache {
    /// Adds one mesh a curve to `shapes`, building those that changed.
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
        let pixels_per_point = ctx.pixels_per_point();
        let mut work: Vec<(Slot, &CurveItem, Key)> = Vec::with_capacity(curves.len());
        let (mut stale, mut points) = (0, 0);
        for curve in curves {
            let range = curve.visible(transform);
            let steps = (curve.width * pixels_per_point * WIDTH_STEPS).round().max(1.0);
            let width_px = steps / WIDTH_STEPS;
            let key = Key {
                version: curve.version,
                axis: Arc::as_ptr(&curve.axis).addr(),
                screen: curve.screen(transform),
                first: range.start,
                last: range.end,
                stroke: Stroke {
                    half: half_extent(width_px, pixels_per_point),
                    colour: curve.colour,
                    dashed: curve.dashed,
                },
                pixels_per_point,
            };
            let texture = self.texture(ctx, steps as u32, width_px);
            let slot = self.slots.remove(&(plot, curve.id));
            let mut slot =
                slot.unwrap_or_else(|| Slot { key: None, axis: None, mesh: Arc::default(), seen: pass });
            slot.seen = pass;
            if slot.key != Some(key) {
                stale += 1;
                points += range.len();
                Arc::make_mut(&mut slot.mesh).texture_id = texture;
            }
            work.push((slot, curve, key));
        }
        if stale > 1 && points > PARALLEL_FROM {
            work.par_iter_mut().for_each_init(Vec::new, |scratch, entry| rebuild(entry, scratch));
        } else if stale > 0 {
            let mut scratch = Vec::new();
            work.iter_mut().for_each(|entry| rebuild(entry, &mut scratch));
        }
        #[cfg(test)]
        {
            self.built += stale;
        }
        for (slot, curve, _) in work {
            if !slot.mesh.indices.is_empty() {
                shapes.push(Shape::Mesh(Arc::clone(&slot.mesh)));
            }
            self.slots.insert((plot, curve.id), slot);
        }
    }

    /// Drops what neither this pass nor the one before drew.
    fn sweep(&mut self, pass: u64) {
        if self.swept != pass {
            self.swept = pass;
            self.slots.retain(|_, slot| slot.seen + 1 >= pass);
        }
    }

    fn texture(&mut self, ctx: &Context, steps: u32, width_px: f32) -> egui::TextureId {
        let handle = self.textures.entry(steps).or_insert_with(|| {
            ctx.load_texture(
                format!("line of {width_px} pixels"),
                stroke_texture(width_px),
                TextureOptions::LINEAR_REPEAT,
            )
        });
        handle.id()
    }
}

fn rebuild((slot, curve, key): &mut (Slot, &CurveItem, Key), scratch: &mut Vec<Point>) {
    if slot.key == Some(*key) {
        return;
    }
    let range = key.first..key.last;
    let (x, y) = (&curve.axis.values()[range.clone()], &curve.spectrum.y()[range]);
    reduce(x, y, &key.screen, 1.0 / key.pixels_per_point, scratch);
    build_strip(scratch, &key.stroke, Arc::make_mut(&mut slot.mesh));
    slot.key = Some(*key);
    slot.axis = Some(Arc::clone(&curve.axis));
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Color32, Rect, pos2};
    use egui_plot::PlotBounds;

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
        };
        (0..count).map(item).collect()
    }

    fn transform(left: f64) -> PlotTransform {
        let frame = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        PlotTransform::new(frame, PlotBounds::from_min_max([left, -1.0], [left + 10.0, 7.0]), false)
    }

    fn draw(ctx: &Context, cache: &mut MeshCache, curves: &[CurveItem], left: f64) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let output = ctx.run_ui(egui::RawInput::default(), |_| {
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
        assert_eq!((shapes.len(), cache.built), (3, 3));
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
    fn what_is_no_longer_drawn_is_dropped() {
        let (ctx, mut cache, curves) = (Context::default(), MeshCache::default(), curves(3));
        draw(&ctx, &mut cache, &curves, 0.0);
        for _ in 0..3 {
            draw(&ctx, &mut cache, &curves[..1], 0.0);
        }
        assert_eq!(cache.slots.len(), 1);
    }
}
