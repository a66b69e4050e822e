//! The colours of a map: dark to bright with even steps for the eye, also without colour vision (viridis).

use eframe::egui::Color32;

/// Nine stops of viridis (matplotlib, CC0), evenly spaced.
const STOPS: [[u8; 3]; 9] = [
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

/// Colour of a part from 0 to 1; clear where there is no number.
pub(super) fn map_colour(part: f32) -> Color32 {
    if part.is_nan() {
        return Color32::TRANSPARENT;
    }
    let at = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f32;
    let below = (at as usize).min(STOPS.len() - 2);
    let share = at - below as f32;
    let mix = |c: usize| {
        let (a, b) = (f32::from(STOPS[below][c]), f32::from(STOPS[below + 1][c]));
        (a + share * (b - a)).round() as u8
    };
    Color32::from_rgb(mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_rises_from_end_to_end_and_no_data_is_clear() {
        let brightness =
            |c: Color32| 0.3 * f32::from(c.r()) + 0.6 * f32::from(c.g()) + 0.1 * f32::from(c.b());
        let all: Vec<f32> = (0..=100_u8).map(|i| brightness(map_colour(f32::from(i) / 100.0))).collect();
        assert!(all.windows(2).all(|w| w[1] > w[0] - 1.0));
        assert_eq!(map_colour(f32::NAN), Color32::TRANSPARENT);
        assert_eq!(map_colour(7.0), map_colour(1.0));
    }
}
