//! A map as a figure: colours over the stage with a colour bar, or curves along a series.

use std::sync::Arc;

use crate::app::panels::map::{along, image_shape, length_unit};
use crate::app::theme::Theme;
use crate::figure::{Curve, Figure, HeatMap, Panel};
use crate::spectrum::{MapShape, Positions, SpectrumSet};

use super::{Print, rgb};

/// Images side by side at most.
const MOST_COLUMNS: usize = 3;

/// One value for each row of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// What it is.
    pub heading: String,
    /// What the values are, with their unit.
    pub unit: String,
    /// The values.
    pub values: Arc<[f32]>,
    /// Values of the darkest and the brightest colour; those of the data when `None`.
    pub range: Option<(f32, f32)>,
}

/// A map and what is shown of it.
#[derive(Clone)]
pub struct MapSketch {
    /// The map.
    pub set: Arc<SpectrumSet>,
    /// The images, at least one.
    pub layers: Vec<Layer>,
}

impl MapSketch {
    /// Columns and lines of images.
    pub fn grid(&self) -> [usize; 2] {
        if image_shape(&self.set).is_none() {
            return [1, 1];
        }
        let columns = match self.layers.len() {
            4 => 2,
            many => many.clamp(1, MOST_COLUMNS),
        };
        [columns, self.layers.len().div_ceil(columns).max(1)]
    }

    /// The figure.
    pub fn figure(&self, print: &Print) -> Figure {
        let panels = match image_shape(&self.set) {
            Some(shape) => self.layers.iter().map(|layer| self.image(layer, shape)).collect(),
            None => vec![self.series()],
        };
        Figure { columns: self.grid()[0], panels, ..print.figure() }
    }

    fn image(&self, layer: &Layer, shape: MapShape) -> Panel {
        let positions = &self.set.positions;
        let lengths = edges(positions, shape);
        let (x_label, y_label) = match (&lengths, length_unit(positions)) {
            (Some(_), Some(unit)) => (format!("x ({unit})"), format!("y ({unit})")),
            (Some(_), None) => ("x".to_owned(), "y".to_owned()),
            (None, _) => ("Column".to_owned(), "Line".to_owned()),
        };
        let counted = [(0.0, shape.width as f64), (0.0, shape.height as f64)];
        let [x_edges, y_edges] = lengths.unwrap_or(counted);
        let map = HeatMap {
            width: shape.width,
            height: shape.height,
            values: Arc::clone(&layer.values),
            x_edges,
            y_edges,
            range: layer.range,
            unit: layer.unit.clone(),
        };
        Panel { heading: layer.heading.clone(), ..Panel::map(&x_label, &y_label, map) }
    }

    fn series(&self) -> Panel {
        let (title, positions) = along(&self.set);
        let x: Arc<[f64]> = positions.into();
        let theme = Theme::get(false);
        let curve = |(slot, layer): (usize, &Layer)| {
            Curve::new(&layer.heading, Arc::clone(&x), Arc::clone(&layer.values), rgb(theme.curve(slot)))
        };
        let curves = self.layers.iter().enumerate().map(curve).collect();
        Panel::curves(&title, self.layers.first().map_or("", |layer| &layer.unit), curves)
    }
}

/// Outer edges of the first and last places, left to right and top to bottom; `None` where the stage says nothing.
fn edges(positions: &Positions, shape: MapShape) -> Option<[(f64, f64); 2]> {
    let ends = |first: f64, last: f64, count: usize| {
        let half = 0.5 * (last - first) / (count.checked_sub(1).filter(|steps| *steps > 0)? as f64);
        (half.is_finite() && half.abs() > 0.0).then_some((first - half, last + half))
    };
    let Positions { x, y, .. } = positions;
    let last_line = shape.height.checked_sub(1)?.checked_mul(shape.width)?;
    let across = ends(*x.first()?, *x.get(shape.width.checked_sub(1)?)?, shape.width)?;
    let down = ends(*y.first()?, *y.get(last_line)?, shape.height)?;
    Some([across, down])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Content, svg};
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn sketch(positions: Positions, shaped: bool) -> MapSketch {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 1.0, 2).unwrap();
        let set = SpectrumSet::new(axis, vec![0.0; 12], 6, Metadata::default()).unwrap();
        let mut set = set.with_positions(positions).unwrap();
        if shaped {
            set = set.with_shape(3, 2);
        }
        let layer = |heading: &str| Layer {
            heading: heading.to_owned(),
            unit: "Height (counts)".to_owned(),
            values: Arc::from([0.0, 1.0, 2.0, 3.0, 4.0, f32::NAN]),
            range: Some((0.0, 4.0)),
        };
        MapSketch { set: Arc::new(set), layers: vec![layer("Band"), layer("Other")] }
    }

    fn panels(sketch: &MapSketch) -> Vec<Panel> {
        let figure = sketch.figure(&Print { width_mm: 120.0, height_mm: 100.0, font_pt: 8.0 });
        assert!(svg(&figure).contains("<svg"));
        figure.panels
    }

    fn heat(panel: &Panel) -> &HeatMap {
        let Content::Map(map) = &panel.content else { panic!("a map") };
        map
    }

    #[test]
    fn a_map_stands_on_the_scale_of_its_stage() {
        let x = [0.0, 2.0, 4.0, 0.0, 2.0, 4.0].to_vec();
        let y = [7.0, 7.0, 7.0, 6.0, 6.0, 6.0].to_vec();
        let stage = Positions { x, y, length_unit: "um".to_owned(), ..Positions::default() };
        let sketch = sketch(stage, true);
        let panels = panels(&sketch);
        assert_eq!((panels.len(), sketch.grid()), (2, [2, 1]));
        assert_eq!((panels[0].x_label.as_str(), panels[1].heading.as_str()), ("x (µm)", "Other"));
        assert_eq!(heat(&panels[0]).unit, "Height (counts)");
        assert_eq!((heat(&panels[0]).x_edges, heat(&panels[0]).y_edges), ((-1.0, 5.0), (7.5, 5.5)));
    }

    #[test]
    fn without_a_stage_places_are_counted_and_a_series_is_curves() {
        let panels_of = |shaped| panels(&sketch(Positions::default(), shaped));
        let counted = panels_of(true);
        assert_eq!(counted[0].x_label, "Column");
        assert_eq!((heat(&counted[0]).x_edges, heat(&counted[0]).y_edges), ((0.0, 3.0), (0.0, 2.0)));
        let series = panels_of(false);
        let Content::Curves(curves) = &series[0].content else { panic!("curves") };
        assert_eq!((series.len(), curves.len(), series[0].x_label.as_str()), (1, 2, "Spectrum number"));
    }
}
