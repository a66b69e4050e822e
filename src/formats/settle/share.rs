//! Curves over equal axes share one.

use std::sync::Arc;

use crate::formats::Item;
use crate::spectrum::{Axis, Spectrum};

/// `last` again when `axis` equals it; else `axis`, which then is the last one.
pub fn shared(last: &mut Option<Arc<Axis>>, axis: Axis) -> Arc<Axis> {
    match last {
        Some(known) if **known == axis => Arc::clone(known),
        _ => Arc::clone(last.insert(Arc::new(axis))),
    }
}

/// Spectra whose axis equals that of the spectrum before them share it.
pub fn share_axes(items: &mut [Item]) {
    let mut last: Option<Arc<Axis>> = None;
    for item in items {
        let Item::Spectrum(spectrum) = item else { continue };
        match &last {
            Some(axis) if !Arc::ptr_eq(axis, spectrum.axis()) && **axis == **spectrum.axis() => {
                let shared = Spectrum::new(Arc::clone(axis), spectrum.y(), spectrum.meta.clone());
                if let Ok(shared) = shared {
                    *spectrum = shared;
                }
            }
            _ => last = Some(Arc::clone(spectrum.axis())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{AxisKind, Metadata};

    #[test]
    fn neighbours_with_equal_axes_share_one() {
        let spectrum = |end: f64| {
            let axis = Axis::new(AxisKind::Pixel, vec![0.0, end]).unwrap();
            Item::Spectrum(Spectrum::new(axis, vec![1.0, 2.0], Metadata::default()).unwrap())
        };
        let mut items = [spectrum(1.0), spectrum(1.0), spectrum(2.0)];
        share_axes(&mut items);
        let axes: Vec<Arc<Axis>> =
            items.iter().filter_map(|i| i.spectrum(0)).map(|s| Arc::clone(s.axis())).collect();
        assert!(Arc::ptr_eq(&axes[0], &axes[1]));
        assert!(!Arc::ptr_eq(&axes[1], &axes[2]));
    }
}
