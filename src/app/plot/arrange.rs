//! From spectra and a view to the curves of a plot. Copies no numbers; what has to be computed from them is kept.

use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui::Color32;

use super::band::Band;
use super::curve::CurveItem;
use super::view::{Bands, PlotView, Stacking, ViewNorm};
use crate::spectrum::peaks::{Peak, PeakLimits, find_peaks};
use crate::spectrum::{Axis, AxisKind, Spectrum};

/// Standard deviations of the local noise a labelled peak rises by at least.
const PEAK_SIGNIFICANCE: f64 = 8.0;
/// Width of an ordinary line, in points.
const WIDTH: f32 = 1.5;
/// Width of a line that must not cover others, in points.
const THIN: f32 = 1.0;
/// Facts and positions kept that were not asked for, before all are dropped.
const SLACK: usize = 512;

/// What a curve is, which decides how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A spectrum as loaded or prepared.
    Measured,
    /// The mixture that was unmixed.
    Mixed,
    /// What a method made of it: a component, a reconstruction, a recovered spectrum.
    Estimated,
    /// A reference of the library; dashed.
    Library,
    /// What is left; thin, and never normalised on its own: it keeps the scale of the first other curve.
    Residual,
    /// A background or a raw curve behind another; thin.
    Background,
}

/// One curve the caller wants to see.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Identity across frames, one of its kind in the plot.
    pub id: u64,
    /// Name in the legend.
    pub name: Arc<str>,
    /// The numbers.
    pub spectrum: Arc<Spectrum>,
    /// Colour of the line.
    pub colour: Color32,
    /// Grows whenever the numbers change.
    pub version: u64,
    /// What it is.
    pub role: Role,
    /// Half the width of the band around it, point by point: how far it may be off. It changes with the version, too.
    pub band: Option<Arc<[f32]>>,
}

/// What a curve's numbers amount to, for normalising and bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Facts {
    low: f32,
    high: f32,
    area: f64,
    length: f64,
    /// Lowest and highest value of the band.
    band: [f32; 2],
}

type Versioned<K, V> = HashMap<K, (u64, V)>;

/// Positions in another unit.
struct Converted {
    /// Keeps the address, which is the key, from being given to other positions.
    _own: Arc<Axis>,
    shown: Option<Arc<Axis>>,
}

/// What was computed from spectra, by identity and version.
#[derive(Default)]
pub(super) struct FactCache {
    facts: Versioned<u64, Facts>,
    peaks: Versioned<(u64, u32), Arc<[Peak]>>,
    axes: HashMap<(usize, u64), Converted>,
}

/// The curves of a plot and the kind of axis they share.
pub(super) struct Arranged {
    pub curves: Vec<CurveItem>,
    pub kind: AxisKind,
    /// Why curves are missing: they have no positions in the unit asked for.
    pub left_out: Vec<Arc<str>>,
}

/// The curves of `shown` as `view` wants them. The kind of the axis is that of the unit asked for, or of the first curve.
pub(super) fn arrange(shown: &[Shown], view: &PlotView, cache: &mut FactCache) -> Arranged {
    cache.trim(shown.len());
    let first_kind = shown.first().map_or(AxisKind::RamanShift, |s| s.spectrum.axis().kind().clone());
    let kind = view.unit.kind().unwrap_or(first_kind);
    let mut curves = Vec::with_capacity(shown.len());
    let mut left_out = Vec::new();
    let mut leading_scale = None;
    for one in shown {
        let Some(axis) = cache.axis(&one.spectrum, view) else {
            left_out.push(Arc::clone(&one.name));
            continue;
        };
        let facts = cache.facts(one);
        let own = scale(view.normalise, &facts);
        let y_scale = if one.role == Role::Residual {
            leading_scale.unwrap_or(own)
        } else {
            leading_scale.get_or_insert(own);
            own
        };
        let band = one.band.as_ref().filter(|_| view.bands == Bands::Shown);
        curves.push(CurveItem {
            id: one.id,
            name: Arc::clone(&one.name),
            version: one.version,
            axis,
            spectrum: Arc::clone(&one.spectrum),
            x_offset: 0.0,
            y_scale,
            y_offset: 0.0,
            range: [facts.low, facts.high],
            colour: one.colour,
            width: if matches!(one.role, Role::Residual | Role::Background) { THIN } else { WIDTH },
            dashed: one.role == Role::Library,
            band: band.map(|half| Band { half: Arc::clone(half), range: facts.band }),
        });
    }
    stack(&mut curves, view.stacking);
    Arranged { curves, kind, left_out }
}

fn scale(normalise: ViewNorm, facts: &Facts) -> f64 {
    let size = match normalise {
        ViewNorm::None => 1.0,
        ViewNorm::Max => f64::from(facts.high),
        ViewNorm::Area => facts.area,
        ViewNorm::Vector => facts.length,
    };
    // A curve without size stays as it is rather than vanish or explode.
    if size > 0.0 && size.is_finite() { 1.0 / size } else { 1.0 }
}

fn stack(curves: &mut [CurveItem], stacking: Stacking) {
    let (spacing, slant) = match stacking {
        Stacking::Overlay => return,
        Stacking::Offset { spacing } => (spacing, 0.0),
        Stacking::Waterfall { spacing, slant } => (spacing, slant),
    };
    let span = |c: &CurveItem| (c.y_scale * (f64::from(c.range[1]) - f64::from(c.range[0]))).abs();
    let tallest = curves.iter().map(span).fold(0.0, f64::max);
    let low = curves.iter().map(|c| c.axis.low()).fold(f64::INFINITY, f64::min);
    let high = curves.iter().map(|c| c.axis.high()).fold(f64::NEG_INFINITY, f64::max);
    for (k, curve) in curves.iter_mut().enumerate() {
        curve.y_offset = k as f64 * f64::from(spacing) * tallest;
        curve.x_offset = k as f64 * f64::from(slant) * (high - low);
    }
}

impl FactCache {
    /// Peaks of a curve that stand out, in the order of its axis. `prominence` is a fraction of the curve's span.
    pub(super) fn peaks(&mut self, curve: &CurveItem, prominence: f32) -> Arc<[Peak]> {
        let key = (curve.id, prominence.to_bits());
        if let Some((version, peaks)) = self.peaks.get(&key)
            && *version == curve.version
        {
            return Arc::clone(peaks);
        }
        let span = f64::from(curve.range[1]) - f64::from(curve.range[0]);
        let limits = PeakLimits { prominence: f64::from(prominence) * span, significance: PEAK_SIGNIFICANCE };
        let peaks: Arc<[Peak]> = find_peaks(curve.spectrum.axis(), curve.spectrum.y(), limits).into();
        self.peaks.insert(key, (curve.version, Arc::clone(&peaks)));
        peaks
    }

    fn facts(&mut self, shown: &Shown) -> Facts {
        if let Some((version, facts)) = self.facts.get(&shown.id)
            && *version == shown.version
        {
            return *facts;
        }
        let facts = Facts::of(&shown.spectrum, shown.band.as_deref().unwrap_or_default());
        self.facts.insert(shown.id, (shown.version, facts));
        facts
    }

    /// The positions in the unit of the view, converted once; `None` where they cannot be.
    fn axis(&mut self, spectrum: &Spectrum, view: &PlotView) -> Option<Arc<Axis>> {
        let own = spectrum.axis();
        let Some(kind) = view.unit.kind().filter(|kind| kind != own.kind()) else {
            return Some(Arc::clone(own));
        };
        let laser = spectrum.meta.laser_nm.or(view.unit.laser_nm());
        let key = (
            Arc::as_ptr(own).addr(),
            laser.unwrap_or(0.0).to_bits() ^ u64::from(kind == AxisKind::Wavelength),
        );
        let convert =
            || Converted { _own: Arc::clone(own), shown: own.converted(&kind, laser).ok().map(Arc::new) };
        self.axes.entry(key).or_insert_with(convert).shown.clone()
    }

    fn trim(&mut self, wanted: usize) {
        let most = 4 * wanted + SLACK;
        if self.facts.len() > most {
            self.facts.clear();
        }
        if self.peaks.len() > most {
            self.peaks.clear();
        }
        if self.axes.len() > most {
            self.axes.clear();
        }
    }
}

impl Facts {
    fn of(spectrum: &Spectrum, half: &[f32]) -> Self {
        let (x, y) = (spectrum.x(), spectrum.y());
        let low = y.iter().copied().fold(f32::INFINITY, f32::min);
        let high = y.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mean = |w: &[f32]| 0.5 * f64::from(w[0].abs() + w[1].abs());
        let area = x.windows(2).zip(y.windows(2)).map(|(x, y)| (x[1] - x[0]).abs() * mean(y)).sum();
        let length = y.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        let ends = y.iter().zip(half).flat_map(|(y, half)| [y - half, y + half]);
        let band = ends.fold([low, high], |[low, high], v| [low.min(v), high.max(v)]);
        Self { low, high, area, length, band }
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::ViewUnit;
    use super::*;
    use crate::spectrum::Metadata;

    fn shown(id: u64, y: &[f32], role: Role) -> Shown {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 300.0, y.len()).unwrap();
        let meta = Metadata { laser_nm: Some(532.0), ..Metadata::titled("a") };
        let spectrum = Arc::new(Spectrum::new(axis, y, meta).unwrap());
        Shown { id, name: "a".into(), spectrum, colour: Color32::WHITE, version: 1, role, band: None }
    }

    fn arranged(shown: &[Shown], view: &PlotView) -> Arranged {
        arrange(shown, view, &mut FactCache::default())
    }

    #[test]
    fn normalising_scales_each_curve_and_the_residual_with_the_first() {
        let all = [
            shown(1, &[0.0, 4.0, 0.0], Role::Mixed),
            shown(2, &[0.0, 8.0, 0.0], Role::Estimated),
            shown(3, &[0.0, 1.0, 0.0], Role::Residual),
        ];
        for (normalise, want) in
            [(ViewNorm::Max, 0.25), (ViewNorm::Area, 1.0 / 400.0), (ViewNorm::Vector, 0.25)]
        {
            let curves = arranged(&all, &PlotView { normalise, ..PlotView::default() }).curves;
            let scales: Vec<f64> = curves.iter().map(|c| c.y_scale).collect();
            assert_eq!(scales, [want, 0.5 * want, want], "{normalise:?}");
        }
        let flat = [shown(1, &[0.0, 0.0], Role::Measured)];
        let view = PlotView { normalise: ViewNorm::Max, ..PlotView::default() };
        assert!((arranged(&flat, &view).curves[0].y_scale - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_waterfall_climbs_and_slants_in_equal_steps() {
        let all: Vec<Shown> = (0..3).map(|id| shown(id, &[0.0, 10.0, 0.0], Role::Measured)).collect();
        let stacking = Stacking::Waterfall { spacing: 0.5, slant: 0.1 };
        let curves = arranged(&all, &PlotView { stacking, ..PlotView::default() }).curves;
        assert_eq!(curves.iter().map(|c| c.y_offset).collect::<Vec<_>>(), [0.0, 5.0, 10.0]);
        assert!((curves[2].x_offset - 40.0).abs() < 1e-4);
    }

    #[test]
    fn positions_are_converted_once_and_what_has_no_laser_is_named() {
        let mut all = [shown(1, &[0.0, 1.0], Role::Measured), shown(2, &[0.0, 1.0], Role::Measured)];
        let bare = Spectrum::new(Arc::clone(all[1].spectrum.axis()), &[0.0, 1.0][..], Metadata::default());
        all[1].spectrum = Arc::new(bare.unwrap());
        let mut cache = FactCache::default();
        let mut view = PlotView { unit: ViewUnit::Wavelength { laser_nm: None }, ..PlotView::default() };
        let first = arrange(&all, &view, &mut cache);
        assert_eq!((first.curves.len(), first.left_out.len()), (1, 1));
        assert!((first.curves[0].axis.first() - 534.845).abs() < 1e-2);
        let again = arrange(&all, &view, &mut cache);
        assert!(Arc::ptr_eq(&first.curves[0].axis, &again.curves[0].axis));
        view.unit = ViewUnit::Wavelength { laser_nm: Some(785.0) };
        assert_eq!(arrange(&all, &view, &mut cache).curves.len(), 2);
    }

    #[test]
    fn a_band_has_room_in_the_plot_unless_bands_are_hidden() {
        let mut one = shown(1, &[0.0, 5.0, 0.0], Role::Estimated);
        one.band = Some(vec![1.0, 2.0, 3.0].into());
        for (bands, low, high) in [(Bands::Shown, -3.0, 7.0), (Bands::Hidden, 0.0, 5.0)] {
            let view = PlotView { bands, ..PlotView::default() };
            let curves = arranged(std::slice::from_ref(&one), &view).curves;
            let bounds = curves[0].bounds();
            assert_eq!((bounds.min()[1], bounds.max()[1]), (low, high), "{bands:?}");
            assert_eq!(curves[0].band.is_some(), bands == Bands::Shown);
            assert!((curves[0].range[1] - 5.0).abs() < 1e-6, "labels and offsets follow the curve");
        }
    }

    #[test]
    fn numbers_are_looked_at_again_only_for_a_new_version() {
        let mut cache = FactCache::default();
        let mut one = shown(1, &[0.0, 5.0, 0.0], Role::Measured);
        let view = PlotView { normalise: ViewNorm::Max, ..PlotView::default() };
        let scale = |one: &Shown, cache: &mut FactCache| {
            arrange(std::slice::from_ref(one), &view, cache).curves[0].y_scale
        };
        assert!((scale(&one, &mut cache) - 0.2).abs() < 1e-9);
        one.spectrum = shown(1, &[0.0, 10.0, 0.0], Role::Measured).spectrum;
        assert!((scale(&one, &mut cache) - 0.2).abs() < 1e-9);
        one.version += 1;
        assert!((scale(&one, &mut cache) - 0.1).abs() < 1e-9);
    }
}
