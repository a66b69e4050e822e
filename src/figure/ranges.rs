//! Which part of the numbers a panel shows: the range of the data, made safe, with room for what stands above it.

use super::model::{Content, Curve, Panel};

/// Values beyond this cannot be placed on an axis without overflow and are left out like infinite ones.
const LARGEST: f64 = 1e100;
/// Narrowest range relative to its values: closer numbers are no longer told apart in their labels.
const NARROWEST: f64 = 1e-9;
/// Narrowest range of all, so that steps of ticks stay ordinary numbers.
const NARROWEST_STEP: f64 = 1e-90;
/// Share of the range left free below and above the data.
const PAD: f64 = 0.05;

/// Can this value be drawn?
pub(super) fn usable(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// Lowest and highest usable value.
pub(super) fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|&v| usable(v)).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((lo, hi)) => Some((lo.min(v), hi.max(v))),
    })
}

/// A range holding both.
pub(super) fn union(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// A range that an axis can show: finite, in order and with a length. Nothing becomes 0 to 1.
pub(super) fn settled(range: Option<(f64, f64)>) -> (f64, f64) {
    let Some((a, b)) = range.filter(|r| usable(r.0) && usable(r.1)) else { return (0.0, 1.0) };
    let (lo, hi) = (a.min(b), a.max(b));
    let largest = lo.abs().max(hi.abs());
    if hi - lo > (largest * NARROWEST).max(NARROWEST_STEP) {
        return (lo, hi);
    }
    let half = if largest > NARROWEST_STEP { largest * 0.05 } else { 0.5 };
    let middle = f64::midpoint(lo, hi);
    (middle - half, middle + half)
}

/// The panel's curves; none for a map.
pub(super) fn curves(panel: &Panel) -> &[Curve] {
    match &panel.content {
        Content::Curves(curves) => curves,
        Content::Map(_) => &[],
    }
}

/// The x range asked for or that of the curves; `None` where there is nothing to show.
pub(super) fn x_range(panel: &Panel) -> Option<(f64, f64)> {
    panel
        .x_range
        .filter(|r| usable(r.0) && usable(r.1))
        .or_else(|| span(curves(panel).iter().flat_map(Curve::points).flatten().map(|(x, _)| x)))
}

/// The range of the curves' values where `x` is shown, with a little room below and above.
pub(super) fn y_range(panel: &Panel, x: (f64, f64)) -> Option<(f64, f64)> {
    let inside = |&(at, _): &(f64, f64)| at >= x.0 && at <= x.1;
    let bands: Vec<Curve> = curves(panel).iter().filter_map(Curve::edges).flatten().collect();
    let all = curves(panel).iter().chain(&bands);
    let data = span(all.flat_map(Curve::points).flatten().filter(inside).map(|(_, y)| y))?;
    let (lo, hi) = settled(Some(data));
    let pad = (hi - lo) * PAD;
    Some((lo - pad, hi + pad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_becomes_one_that_an_axis_can_show() {
        assert_eq!(settled(None), (0.0, 1.0));
        assert_eq!(settled(Some((f64::NAN, 1.0))), (0.0, 1.0));
        assert_eq!(settled(Some((0.0, f64::INFINITY))), (0.0, 1.0));
        assert_eq!(settled(Some((3.0, 1.0))), (1.0, 3.0));
        assert_eq!(settled(Some((0.0, 0.0))), (-0.5, 0.5));
        assert_eq!(settled(Some((100.0, 100.0))), (95.0, 105.0));
        let (lo, hi) = settled(Some((1e15, 1e15 + 1.0)));
        assert!(hi - lo > 1e13);
    }

    #[test]
    fn data_outside_the_shown_x_does_not_stretch_y() {
        let curve = Curve::new("a", vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 900.0], [0, 0, 0]);
        let panel = Panel::curves("", "", vec![curve]);
        assert_eq!(y_range(&panel, (0.0, 1.0)), Some((0.95, 2.05)));
        let band = Some(vec![1.0, 2.0, 0.0].into());
        let banded = Panel::curves(
            "",
            "",
            vec![Curve { band, ..Curve::new("a", vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 900.0], [0; 3]) }],
        );
        assert_eq!(y_range(&banded, (0.0, 1.0)), Some((-0.2, 4.2)));
        assert_eq!(y_range(&panel, (5.0, 6.0)), None);
        assert_eq!(x_range(&panel), Some((0.0, 2.0)));
    }
}
