//! A map as a small embedded picture: one pixel per cell, PNG in a data address.

use resvg::tiny_skia::{ColorU8, Pixmap};

use super::colormap::colormap;
use super::model::HeatMap;
use super::ranges::{settled, span};

/// Most cells along one side; larger maps are averaged down (more than print resolves on a journal column).
const MOST_CELLS: usize = 1_000;

/// Most values of a map; a larger size can only be a mistake.
const MOST_VALUES: usize = 100_000_000;

/// The values at the two ends of the colours.
pub(super) fn value_range(map: &HeatMap) -> (f64, f64) {
    let asked = map.range.map(|(lo, hi)| (f64::from(lo), f64::from(hi)));
    settled(asked.or_else(|| span(map.values.iter().map(|&v| f64::from(v)))))
}

/// The map's cells as a picture; `None` for a map without cells or with impossibly many.
pub(super) fn picture(map: &HeatMap) -> Option<String> {
    let (lo, hi) = value_range(map);
    let (columns, rows) = (map.width.min(MOST_CELLS), map.height.min(MOST_CELLS));
    map.width.checked_mul(map.height).filter(|&cells| cells <= MOST_VALUES)?;
    encoded(columns, rows, |column, row| {
        let mean = mean(
            map,
            (column * map.width / columns, (column + 1) * map.width / columns),
            (row * map.height / rows, (row + 1) * map.height / rows),
        );
        ((mean - lo) / (hi - lo)) as f32
    })
}

/// Mean of the usable values in a block of cells; NaN where there are none.
fn mean(map: &HeatMap, columns: (usize, usize), rows: (usize, usize)) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for row in rows.0..rows.1 {
        let start = row * map.width;
        let cells = map.values.get(start + columns.0..).unwrap_or_default();
        for &value in cells.iter().take(columns.1 - columns.0).filter(|v| v.is_finite()) {
            sum += f64::from(value);
            count += 1.0;
        }
    }
    sum / count
}

/// The colours from bright at the top to dark at the bottom.
pub(super) fn color_bar() -> Option<String> {
    const STEPS: usize = 128;
    encoded(1, STEPS, |_, row| 1.0 - row as f32 / (STEPS - 1) as f32)
}

fn encoded(columns: usize, rows: usize, shade: impl Fn(usize, usize) -> f32) -> Option<String> {
    let mut pixels = Pixmap::new(columns as u32, rows as u32)?;
    for (at, pixel) in pixels.pixels_mut().iter_mut().enumerate() {
        let [r, g, b] = colormap(shade(at % columns, at / columns));
        *pixel = ColorU8::from_rgba(r, g, b, 255).premultiply();
    }
    let png = pixels.encode_png().ok()?;
    Some(format!("data:image/png;base64,{}", base64(&png)))
}

fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    for chunk in data.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, &b| bits << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_usual_one() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("?>~", "Pz5+")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn blocks_of_a_large_map_are_averaged_without_their_holes() {
        let map = HeatMap {
            width: 2,
            height: 2,
            values: vec![1.0, f32::NAN, 3.0].into(),
            x_edges: (0.0, 1.0),
            y_edges: (0.0, 1.0),
            range: None,
            unit: String::new(),
        };
        assert!((mean(&map, (0, 2), (0, 2)) - 2.0).abs() < 1e-12);
        assert!(mean(&map, (1, 2), (0, 1)).is_nan());
        assert_eq!(value_range(&map), (1.0, 3.0));
    }
}
