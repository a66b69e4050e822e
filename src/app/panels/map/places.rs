//! Where the rows of a map or series lie: shape, distances, words.

use crate::app::plot::significant;
use crate::session::{Data, Item};
use crate::spectrum::{MapShape, Positions, SpectrumSet};

/// The map of an item, if it is one.
pub fn set_of(item: &Item) -> Option<&SpectrumSet> {
    match &item.raw {
        Data::Set(set) => Some(set),
        Data::Curve(_) => None,
    }
}

/// The shape of a set that fills an image; one line of places is a series.
pub fn image_shape(set: &SpectrumSet) -> Option<MapShape> {
    set.shape.filter(|shape| shape.width > 1 && shape.height > 1)
}

/// The unit of lengths as people write it; `None` where the file names none.
pub fn length_unit(positions: &Positions) -> Option<&str> {
    match positions.length_unit.trim() {
        "" => None,
        "um" | "µm" | "μm" | "micron" | "microns" | "Micron" | "micrometer" => Some("µm"),
        other => Some(other),
    }
}

/// Width and height of one place, where the file knows them.
pub fn place_size(set: &SpectrumSet, shape: MapShape) -> Option<[f64; 2]> {
    let Positions { x, y, .. } = &set.positions;
    let across = (x.get(shape.width - 1)? - x.first()?).abs() / (shape.width - 1) as f64;
    let down = (y.get((shape.height - 1) * shape.width)? - y.first()?).abs() / (shape.height - 1) as f64;
    let good = |step: f64| step.is_finite() && step > 0.0;
    (good(across) && good(down)).then_some([across, down])
}

/// Where a row was measured, in words.
pub fn place_text(set: &SpectrumSet, row: usize) -> String {
    let positions = &set.positions;
    let length = length_unit(positions).unwrap_or("");
    let lists = [
        ("x", &positions.x, length),
        ("y", &positions.y, length),
        ("z", &positions.z, length),
        ("time", &positions.time, positions.time_unit.as_str()),
    ];
    let mut text = format!("Spectrum {}", row + 1);
    for (name, list, unit) in lists {
        if let Some(value) = list.get(row) {
            text = format!("{text} · {name} {} {unit}", significant(*value));
            text.truncate(text.trim_end().len());
        }
    }
    text
}

/// What the rows of a series run along: time, depth or distance where they are known and rise or fall, else their number.
pub fn along(set: &SpectrumSet) -> (String, Vec<f64>) {
    let positions = &set.positions;
    let length = length_unit(positions);
    let titled = |name: &str, unit: Option<&str>| match unit.map(str::trim).filter(|unit| !unit.is_empty()) {
        Some(unit) => format!("{name} ({unit})"),
        None => name.to_owned(),
    };
    if runs(&positions.time) {
        return (titled("Time", Some(&positions.time_unit)), positions.time.clone());
    }
    if runs(&positions.z) {
        return (titled("Depth", length), positions.z.clone());
    }
    let distances = distances(positions);
    if runs(&distances) {
        return (titled("Distance", length), distances);
    }
    ("Spectrum number".to_owned(), (1..=set.len()).map(|i| i as f64).collect())
}

/// Whether positions only rise or only fall, and move at all.
fn runs(positions: &[f64]) -> bool {
    let (Some(first), Some(last)) = (positions.first(), positions.last()) else { return false };
    let up = last > first;
    (last - first).abs() > 0.0
        && positions.iter().all(|p| p.is_finite())
        && positions.windows(2).all(|w| if up { w[1] > w[0] } else { w[1] < w[0] })
}

/// Distance of each place from the first one, where x and y are known or one of them.
fn distances(positions: &Positions) -> Vec<f64> {
    let rows = positions.x.len().max(positions.y.len());
    let from_first = |list: &[f64], i: usize| list.get(i).zip(list.first()).map_or(0.0, |(a, b)| a - b);
    (0..rows).map(|i| from_first(&positions.x, i).hypot(from_first(&positions.y, i))).collect()
}

/// A round length, 1, 2 or 5 times a power of ten, of at most `most`.
pub fn round_length(most: f64) -> f64 {
    let power = 10_f64.powf(most.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|length| *length <= most).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn set(rows: usize, positions: Positions) -> SpectrumSet {
        let axis = Axis::even(AxisKind::RamanShift, 0.0, 1.0, 2).unwrap();
        SpectrumSet::new(axis, vec![0.0; 2 * rows], rows, Metadata::default())
            .unwrap()
            .with_positions(positions)
            .unwrap()
    }

    #[test]
    fn places_have_the_steps_of_the_stage_and_words_with_units() {
        let x = [0.0, 0.5, 1.0, 0.0, 0.5, 1.0].to_vec();
        let y = [7.0, 7.0, 7.0, 5.0, 5.0, 5.0].to_vec();
        let set = set(6, Positions { x, y, length_unit: "um".to_owned(), ..Positions::default() });
        assert_eq!(place_size(&set, MapShape { width: 3, height: 2 }), Some([0.5, 2.0]));
        assert_eq!(place_text(&set, 4), "Spectrum 5 · x 0.5 µm · y 5 µm");
    }

    #[test]
    fn a_series_runs_along_what_is_known() {
        let time = Positions { time: vec![0.0, 2.0, 9.0], time_unit: "s".to_owned(), ..Positions::default() };
        assert_eq!(along(&set(3, time)), ("Time (s)".to_owned(), vec![0.0, 2.0, 9.0]));
        let line = Positions {
            x: vec![1.0, 4.0, 7.0],
            y: vec![1.0, 5.0, 9.0],
            length_unit: "um".to_owned(),
            ..Positions::default()
        };
        assert_eq!(along(&set(3, line)), ("Distance (µm)".to_owned(), vec![0.0, 5.0, 10.0]));
        let still = Positions { time: vec![1.0, 1.0, 1.0], ..Positions::default() };
        assert_eq!(along(&set(3, still)), ("Spectrum number".to_owned(), vec![1.0, 2.0, 3.0]));
    }

    #[test]
    fn a_scale_bar_has_a_round_length() {
        for (most, want) in [(7.3, 5.0), (4.9, 2.0), (1.0, 1.0), (0.034, 0.02), (1_900.0, 1_000.0)] {
            assert!((round_length(most) - want).abs() < 1e-9 * want, "{most}");
        }
    }
}
