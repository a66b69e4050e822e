//! The colours of a map on the screen: those of the figures, and nothing where there is no number.

use eframe::egui::Color32;

use crate::figure::colormap;

/// Colour of a part from 0 to 1; clear where there is no number.
pub(super) fn map_colour(part: f32) -> Color32 {
    if part.is_nan() {
        return Color32::TRANSPARENT;
    }
    let [r, g, b] = colormap(part);
    Color32::from_rgb(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_data_is_clear_and_values_beyond_the_ends_take_the_ends() {
        assert_eq!(map_colour(f32::NAN), Color32::TRANSPARENT);
        assert_eq!(map_colour(7.0), map_colour(1.0));
        assert_ne!(map_colour(0.0), map_colour(1.0));
    }
}
