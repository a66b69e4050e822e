//! A map as a figure: colours over the stage, with a colour bar.

use std::sync::Arc;

use crate::figure::{Figure, HeatMap, Panel};
use crate::spectrum::{MapShape, Positions, SpectrumSet};

use super::Print;

/// A map with one value a place.
#[derive(Clone)]
pub struct MapSketch {
    /// The map.
    pub set: Arc<SpectrumSet>,
    /// How its rows lie.
    pub shape: MapShape,
    /// One value for each row; their mean intensities when `None`.
    pub values: Option<Arc<[f32]>>,
    /// Values of the darkest and the brightest colour; those of the data when `None`.
    pub range: Option<(f32, f32)>,
    /// What the values are, with their unit.
    pub title: String,
}

impl MapSketch {
    /// The figure.
    pub fn figure(&self, print: &Print) -> Figure {
        let MapShape { width, height } = self.shape;
        let positions = &self.set.positions;
        let lengths = edges(positions, self.shape);
        let (x_label, y_label) = match (&lengths, unit(positions)) {
            (Some(_), Some(unit)) => (format!("x ({unit})"), format!("y ({unit})")),
            (Some(_), None) => ("x".to_owned(), "y".to_owned()),
            (None, _) => ("Column".to_owned(), "Line".to_owned()),
        };
        let counted = [(0.0, width as f64), (0.0, height as f64)];
        let [x_edges, y_edges] = lengths.unwrap_or(counted);
        let map = HeatMap {
            width,
            height,
            values: self.values.as_ref().map_or_else(|| means(&self.set), Arc::clone),
            x_edges,
            y_edges,
            range: self.range,
            unit: self.title.clone(),
        };
        Figure { panels: vec![Panel::map(&x_label, &y_label, map)], ..print.figure() }
    }
}

fn means(set: &SpectrumSet) -> Arc<[f32]> {
    let points = set.points().max(1) as f64;
    set.rows().map(|row| (row.iter().map(|v| f64::from(*v)).sum::<f64>() / points) as f32).collect()
}

fn unit(positions: &Positions) -> Option<&str> {
    match positions.length_unit.trim() {
        "" => None,
        "um" | "μm" | "micron" | "microns" | "micrometer" => Some("µm"),
        other => Some(other),
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

    fn sketch(positions: Positions) -> MapSketch {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 1.0, 2).unwrap();
        let set = SpectrumSet::new(axis, (0..12_u8).map(f32::from).collect(), 6, Metadata::default()).unwrap();
        MapSketch {
            set: Arc::new(set.with_positions(positions).unwrap()),
            shape: MapShape { width: 3, height: 2 },
            values: None,
            range: None,
            title: "Band at 1001 cm⁻¹ (counts)".to_owned(),
        }
    }

    fn heat(sketch: &MapSketch) -> (String, HeatMap) {
        let print = Print { width_mm: 120.0, height_mm: 100.0, font_pt: 8.0 };
        let figure = sketch.figure(&print);
        assert!(svg(&figure).contains("Band at 1001"));
        let panel = figure.panels.into_iter().next().unwrap();
        let Content::Map(map) = panel.content else { panic!("a map") };
        (panel.x_label, map)
    }

    #[test]
    fn a_map_stands_on_the_scale_of_its_stage() {
        let x = [0.0, 2.0, 4.0, 0.0, 2.0, 4.0].to_vec();
        let y = [7.0, 7.0, 7.0, 6.0, 6.0, 6.0].to_vec();
        let stage = Positions { x, y, length_unit: "um".to_owned(), ..Positions::default() };
        let (label, map) = heat(&sketch(stage));
        assert_eq!(label, "x (µm)");
        assert_eq!((map.x_edges, map.y_edges), ((-1.0, 5.0), (7.5, 5.5)));
    }

    #[test]
    fn without_a_stage_places_are_counted() {
        let (label, map) = heat(&sketch(Positions::default()));
        assert_eq!(label, "Column");
        assert_eq!((map.x_edges, map.y_edges), ((0.0, 3.0), (0.0, 2.0)));
        assert_eq!(map.values[..3], [0.5, 2.5, 4.5], "means of the rows");
    }
}
