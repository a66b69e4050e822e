//! The colours of maps: dark blue over green to yellow, even in lightness and safe for colour-blind eyes (viridis).

/// Viridis at nine even steps (the published table of matplotlib, CC0); between them straight lines in sRGB.
const ANCHORS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// Colour of a cell that has no value.
const NO_VALUE: [u8; 3] = [217, 217, 217];

/// Colour of a value between 0 (dark) and 1 (bright); values outside take the nearer end, NaN a light grey.
pub fn colormap(t: f32) -> [u8; 3] {
    if t.is_nan() {
        return NO_VALUE;
    }
    let last = ANCHORS.len() - 1;
    let position = t.clamp(0.0, 1.0) * last as f32;
    let below = (position as usize).min(last - 1);
    let part = position - below as f32;
    let (a, b) = (ANCHORS[below], ANCHORS[below + 1]);
    std::array::from_fn(|i| {
        let (a, b) = (f32::from(a[i]), f32::from(b[i]));
        (a + (b - a) * part).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_dark_and_bright_and_lightness_rises_between() {
        assert_eq!(colormap(0.0), ANCHORS[0]);
        assert_eq!(colormap(1.0), ANCHORS[8]);
        assert_eq!(colormap(-3.0), ANCHORS[0]);
        assert_eq!(colormap(f32::INFINITY), ANCHORS[8]);
        assert_eq!(colormap(f32::NAN), NO_VALUE);
        let light = |t: f32| {
            let [r, g, b] = colormap(t).map(f32::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        for i in 0..64 {
            assert!(light(i as f32 / 64.0) < light((i + 1) as f32 / 64.0), "{i}");
        }
    }
}
