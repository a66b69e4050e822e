//! References laid over the main plot, always as high as the active curve.

use std::sync::Arc;

use eframe::egui::Color32;

use super::plot::{Role, Shown};
use crate::spectrum::{Axis, Spectrum, SpectrumError};

/// Ids of curves that are no items of the document begin here.
pub const OWN_IDS: u64 = u64::MAX / 2;
/// Ids of overlays begin here.
const FIRST: u64 = OWN_IDS + 1_000;

/// References over the plot.
#[derive(Default)]
pub struct Overlays {
    list: Vec<Overlay>,
    /// Overlays and versions made so far.
    made: u64,
    /// The curve that they follow.
    leading: Option<Arc<Spectrum>>,
}

struct Overlay {
    name: Arc<str>,
    original: Spectrum,
    /// It stays when another one is looked at.
    stays: bool,
    id: u64,
    /// As it is drawn.
    drawn: Arc<Spectrum>,
    version: u64,
}

impl Overlays {
    /// Lays a reference over the plot. One that does not stay takes the place of the last one that did not.
    pub fn lay(&mut self, name: &str, original: Spectrum, stays: bool) -> Result<(), SpectrumError> {
        let drawn = Arc::new(match &self.leading {
            Some(leading) => fitted(&original, leading)?,
            None => original.clone(),
        });
        self.list.retain(|o| o.stays && (*o.name != *name || o.original != original));
        self.made += 1;
        self.list.push(Overlay {
            name: name.into(),
            original,
            stays,
            id: FIRST + self.made,
            drawn,
            version: self.made,
        });
        Ok(())
    }

    /// Makes all as high as this curve, and over its kind of axis; looks at numbers only when the curve is another one.
    pub fn follow(&mut self, leading: Option<Arc<Spectrum>>) {
        let same = match (&self.leading, &leading) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        if let Some(leading) = &leading {
            for overlay in &mut self.list {
                if let Ok(drawn) = fitted(&overlay.original, leading) {
                    self.made += 1;
                    (overlay.drawn, overlay.version) = (Arc::new(drawn), self.made);
                }
            }
        }
        self.leading = leading;
    }

    /// The curves to draw; those that have no place on the axis of the leading curve are left out.
    pub fn shown(&self, colour: Color32) -> impl Iterator<Item = Shown> + '_ {
        let fits = |overlay: &&Overlay| {
            self.leading.as_ref().is_none_or(|l| l.axis().kind() == overlay.drawn.axis().kind())
        };
        self.list.iter().filter(fits).map(move |overlay| Shown {
            id: overlay.id,
            name: Arc::clone(&overlay.name),
            spectrum: Arc::clone(&overlay.drawn),
            colour,
            version: overlay.version,
            role: Role::Library,
            band: None,
        })
    }

    /// Names of all of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|overlay| &*overlay.name)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.list.clear();
    }
}

/// The part of a reference that `leading` covers, over its kind of axis and as high as that; all of it where they share
/// no range. A reference to 3200 cm⁻¹ must not push a fingerprint aside.
fn fitted(original: &Spectrum, leading: &Spectrum) -> Result<Spectrum, SpectrumError> {
    let mut spectrum = original.clone();
    if spectrum.axis().kind() != leading.axis().kind() {
        spectrum.meta.laser_nm = leading.meta.laser_nm.or(spectrum.meta.laser_nm);
        spectrum = spectrum.converted(leading.axis().kind())?;
    }
    let low = spectrum.axis().low().max(leading.axis().low());
    let high = spectrum.axis().high().min(leading.axis().high());
    let shared = |s: &Spectrum| Some(s.axis().range(low, high)).filter(|r| r.len() > 1).unwrap_or(0..s.len());
    let highest = |s: &Spectrum| {
        let part = s.y().get(shared(s)).unwrap_or_default();
        part.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    };
    let (own, wanted) = (highest(&spectrum), highest(leading));
    let factor = if own > 0.0 && wanted > 0.0 { wanted / own } else { 1.0 };
    let part = shared(&spectrum);
    let y: Vec<f32> = spectrum.y().get(part.clone()).unwrap_or_default().iter().map(|v| v * factor).collect();
    let x = spectrum.x().get(part).unwrap_or_default().to_vec();
    Spectrum::new(Axis::new(spectrum.axis().kind().clone(), x)?, y, spectrum.meta.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{AxisKind, Metadata};

    fn spectrum(low: f64, y: &[f32]) -> Spectrum {
        let high = low + 100.0 * (y.len() - 1) as f64;
        let axis = Axis::even(AxisKind::RamanShift, low, high, y.len()).unwrap();
        Spectrum::new(axis, y, Metadata::default()).unwrap()
    }

    fn drawn(overlays: &Overlays) -> Vec<(String, Vec<f32>)> {
        overlays.shown(Color32::WHITE).map(|s| (s.name.to_string(), s.spectrum.y().to_vec())).collect()
    }

    #[test]
    fn an_overlay_is_as_high_as_the_curve_over_what_both_cover() {
        let mut overlays = Overlays::default();
        overlays.follow(Some(Arc::new(spectrum(100.0, &[0.0, 50.0, 10.0]))));
        overlays.lay("a", spectrum(200.0, &[1.0, 2.0, 40.0]), false).unwrap();
        // 200 and 300 cm-1 are shared: 50 against 2.
        assert_eq!(drawn(&overlays), [("a".to_owned(), vec![25.0, 50.0])]);
        overlays.follow(Some(Arc::new(spectrum(100.0, &[0.0, 5.0, 1.0]))));
        assert_eq!(drawn(&overlays)[0].1, [2.5, 5.0]);
        overlays.follow(Some(Arc::new(spectrum(900.0, &[0.0, 4.0]))));
        assert_eq!(drawn(&overlays)[0].1, [0.1, 0.2, 4.0], "no range is shared");
    }

    #[test]
    fn looking_at_another_one_replaces_what_was_not_dropped_into_the_plot() {
        let mut overlays = Overlays::default();
        let one = spectrum(100.0, &[0.0, 1.0]);
        for (name, stays) in [("a", false), ("b", true), ("c", false), ("d", false), ("b", true)] {
            overlays.lay(name, one.clone(), stays).unwrap();
        }
        assert_eq!(overlays.names().collect::<Vec<_>>(), ["b"]);
        overlays.lay("e", one, false).unwrap();
        assert_eq!(overlays.names().collect::<Vec<_>>(), ["b", "e"]);
    }

    #[test]
    fn an_overlay_follows_the_kind_of_axis_or_says_why_it_cannot() {
        let axis = Axis::even(AxisKind::Wavelength, 800.0, 820.0, 3).unwrap();
        let mut leading = Spectrum::new(axis, vec![1.0, 2.0, 3.0], Metadata::default()).unwrap();
        let mut overlays = Overlays::default();
        overlays.follow(Some(Arc::new(leading.clone())));
        assert!(overlays.lay("a", spectrum(500.0, &[1.0, 2.0]), false).is_err());
        leading.meta.laser_nm = Some(785.0);
        overlays.follow(Some(Arc::new(leading)));
        overlays.lay("a", spectrum(500.0, &[1.0, 2.0]), false).unwrap();
        let shown = overlays.shown(Color32::WHITE).next().unwrap();
        assert_eq!(*shown.spectrum.axis().kind(), AxisKind::Wavelength);
    }
}
