//! One curve as it is shown, and all curves of a plot as one item of `egui_plot`.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use eframe::egui::{Color32, Id, Pos2, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotPoint, PlotTransform};

use super::band::Band;
use super::meshes::MeshCache;
use super::reduce::{Screen, visible};
use crate::spectrum::{Axis, Spectrum};

/// One curve of a plot: shared numbers, and how they are moved, scaled and drawn. Nothing is copied to make one.
#[derive(Debug, Clone)]
pub struct CurveItem {
    /// Identity across frames.
    pub id: u64,
    /// Name in the legend and the reading.
    pub name: Arc<str>,
    /// Grows whenever the numbers change.
    pub version: u64,
    /// The positions as shown: those of the spectrum, or converted to another unit.
    pub axis: Arc<Axis>,
    /// The intensities, and the positions as measured.
    pub spectrum: Arc<Spectrum>,
    /// Added to the positions (waterfall), in the unit of `axis`.
    pub x_offset: f64,
    /// Factor on the intensities (normalised for the view).
    pub y_scale: f64,
    /// Added after the factor (stacking).
    pub y_offset: f64,
    /// Lowest and highest intensity before scaling.
    pub range: [f32; 2],
    /// Colour of the line.
    pub colour: Color32,
    /// Width of the line, in points.
    pub width: f32,
    /// Dashed instead of solid.
    pub dashed: bool,
    /// How far the curve may be off.
    pub band: Option<Band>,
}

/// The point of a curve that is nearest to the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Identity of the curve.
    pub id: u64,
    /// Its name.
    pub name: Arc<str>,
    /// Index of the point.
    pub index: usize,
    /// Position of the point in the unit shown, without the shift of a waterfall.
    pub position: f64,
    /// Position as measured, in the unit of the spectrum's own axis.
    pub measured_position: f64,
    /// Intensity as measured.
    pub value: f32,
    /// Distance of the curve from the pointer, in points.
    pub distance: f32,
}

impl CurveItem {
    /// Where point `index` is drawn, in plot coordinates.
    #[must_use]
    pub fn drawn(&self, index: usize) -> Option<PlotPoint> {
        let (x, y) = (self.axis.values().get(index)?, self.spectrum.y().get(index)?);
        Some(PlotPoint::new(x + self.x_offset, self.y_scale * f64::from(*y) + self.y_offset))
    }

    /// The rectangle that holds the whole curve and its band.
    #[must_use]
    pub fn bounds(&self) -> PlotBounds {
        let range = self.band.as_ref().map_or(self.range, |band| band.range);
        let y = range.map(|v| self.y_scale * f64::from(v) + self.y_offset);
        PlotBounds::from_min_max(
            [self.axis.low() + self.x_offset, y[0].min(y[1])],
            [self.axis.high() + self.x_offset, y[0].max(y[1])],
        )
    }

    /// From the numbers of the curve to the screen.
    pub(super) fn screen(&self, transform: &PlotTransform) -> Screen {
        let [x_scale, y_scale] = transform.dpos_dvalue();
        let corner = transform.bounds().min();
        let x_zero = f64::from(transform.position_from_point_x(corner[0])) - x_scale * corner[0];
        let y_zero = f64::from(transform.position_from_point_y(corner[1])) - y_scale * corner[1];
        Screen {
            x_scale,
            x_shift: x_zero + x_scale * self.x_offset,
            y_scale: y_scale * self.y_scale,
            y_shift: y_zero + y_scale * self.y_offset,
        }
    }

    /// Indices of the points that may be seen.
    pub(super) fn visible(&self, transform: &PlotTransform) -> std::ops::Range<usize> {
        let bounds = transform.bounds();
        visible(self.axis.values(), bounds.min()[0] - self.x_offset, bounds.max()[0] - self.x_offset)
    }

    /// The point of this curve nearest to `pointer`, if the line passes within `reach` (screen points). Looks only at
    /// the points within reach along the axis.
    #[must_use]
    pub fn nearest(&self, pointer: Pos2, reach: f32, transform: &PlotTransform) -> Option<Nearest> {
        let (a, b) = (
            transform.value_from_position(Pos2::new(pointer.x - reach, pointer.y)).x - self.x_offset,
            transform.value_from_position(Pos2::new(pointer.x + reach, pointer.y)).x - self.x_offset,
        );
        let range = visible(self.axis.values(), a.min(b), a.max(b));
        let at = |i: usize| Some(transform.position_from_point(&self.drawn(i)?));
        let mut best: Option<(usize, f32)> = None;
        for i in range.start..range.end.saturating_sub(1) {
            let (p, q) = (at(i)?, at(i + 1)?);
            let along = q - p;
            let part = ((pointer - p).dot(along) / along.length_sq().max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
            let distance = pointer.distance(p + part * along);
            if distance.is_finite() && best.is_none_or(|(_, least)| distance < least) {
                best = Some((if part < 0.5 { i } else { i + 1 }, distance));
            }
        }
        let (index, distance) = best.filter(|(_, distance)| *distance <= reach)?;
        Some(Nearest {
            id: self.id,
            name: Arc::clone(&self.name),
            index,
            position: self.axis.values()[index],
            measured_position: self.spectrum.x()[index],
            value: self.spectrum.y()[index],
            distance,
        })
    }
}

/// The nearest curve within `reach`; of equally near ones the one drawn last, which lies on top.
pub(super) fn nearest_of(
    curves: &[CurveItem],
    pointer: Pos2,
    reach: f32,
    transform: &PlotTransform,
) -> Option<Nearest> {
    let found = curves.iter().rev().filter_map(|curve| curve.nearest(pointer, reach, transform));
    found.min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// All curves of one plot. One item, so that all stale meshes are built at once, on all cores.
pub(super) struct Curves<'a> {
    plot: Id,
    items: &'a [CurveItem],
    meshes: RefCell<&'a mut MeshCache>,
    base: PlotItemBase,
}

impl<'a> Curves<'a> {
    pub(super) fn new(plot: Id, curves: &'a [CurveItem], meshes: &'a mut MeshCache) -> Self {
        Self { plot, items: curves, meshes: RefCell::new(meshes), base: PlotItemBase::new(String::new()) }
    }
}

impl PlotItem for Curves<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.meshes.borrow_mut().draw(ui.ctx(), self.plot, self.items, transform, shapes);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    // The widget asks `nearest_of` itself: it needs the curve, not only a point.
    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        let mut all = PlotBounds::NOTHING;
        for curve in self.items {
            all.merge(&curve.bounds());
        }
        all
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Rect, pos2};

    use super::*;
    use crate::spectrum::{AxisKind, Metadata};

    fn curve(x: Vec<f64>, y: Vec<f32>) -> CurveItem {
        let axis = Arc::new(Axis::new(AxisKind::RamanShift, x).unwrap());
        let range = [
            y.iter().copied().fold(f32::INFINITY, f32::min),
            y.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        ];
        let spectrum = Arc::new(Spectrum::new(Arc::clone(&axis), y, Metadata::default()).unwrap());
        CurveItem {
            id: 1,
            name: "a".into(),
            version: 1,
            axis,
            spectrum,
            x_offset: 0.0,
            y_scale: 1.0,
            y_offset: 0.0,
            range,
            colour: Color32::WHITE,
            width: 1.5,
            dashed: false,
            band: None,
        }
    }

    fn transform(reversed: bool) -> PlotTransform {
        let frame = Rect::from_min_max(pos2(50.0, 20.0), pos2(250.0, 120.0));
        let bounds = PlotBounds::from_min_max([0.0, 0.0], [10.0, 100.0]);
        PlotTransform::new_with_invert_axis(frame, bounds, false, [reversed, false])
    }

    #[test]
    fn the_screen_of_a_curve_is_that_of_the_plot() {
        for reversed in [false, true] {
            let transform = transform(reversed);
            let mut item = curve(vec![0.0, 4.0, 10.0], vec![10.0, 30.0, 60.0]);
            (item.x_offset, item.y_scale, item.y_offset) = (1.0, 0.5, 20.0);
            let screen = item.screen(&transform);
            for i in 0..3 {
                let want = transform.position_from_point(&item.drawn(i).unwrap());
                let x = screen.x_scale * item.axis.values()[i] + screen.x_shift;
                let y = screen.y_scale * f64::from(item.spectrum.y()[i]) + screen.y_shift;
                assert!((x as f32 - want.x).abs() < 1e-3 && (y as f32 - want.y).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn the_pointer_finds_the_line_between_two_far_points() {
        let item = curve(vec![0.0, 10.0], vec![0.0, 100.0]);
        let transform = transform(false);
        let hit = item.nearest(pos2(148.0, 70.0), 6.0, &transform).unwrap();
        assert!(hit.distance < 2.0);
        assert_eq!(item.nearest(pos2(150.0, 40.0), 6.0, &transform), None);
    }

    #[test]
    fn the_pointer_finds_one_point_of_a_million() {
        let x = (0..1_000_000).map(|i| 1e-5 * f64::from(i)).collect();
        let mut y = vec![10.0; 1_000_000];
        y[700_000] = 80.0;
        let item = curve(x, y);
        let pointer = transform(false).position_from_point(&PlotPoint::new(7.0, 80.0));
        let hit = item.nearest(pointer, 6.0, &transform(false)).unwrap();
        assert_eq!((hit.index, hit.value), (700_000, 80.0));
    }

    #[test]
    fn bounds_follow_scale_and_offsets() {
        let mut item = curve(vec![10.0, 0.0], vec![1.0, 3.0]);
        (item.x_offset, item.y_scale, item.y_offset) = (5.0, -2.0, 1.0);
        let bounds = item.bounds();
        assert_eq!((bounds.min(), bounds.max()), ([5.0, -5.0], [15.0, -1.0]));
        item.band = Some(Band { half: vec![1.0, 2.0].into(), range: [0.0, 5.0] });
        assert_eq!((item.bounds().min()[1], item.bounds().max()[1]), (-9.0, 1.0));
    }
}
