//! The picture of a map: one pixel a measured place, with a colour bar, a reading under the pointer and a click.

use std::collections::HashMap;

use eframe::egui;
use eframe::egui::{
    Align2, Color32, ColorImage, Id, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, TextStyle,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

use super::map_colour::map_colour;
use super::text::significant;

const BAR_WIDTH: f32 = 14.0;
const BAR_GAP: f32 = 12.0;
/// Steps of the colour bar.
const BAR_STEPS: usize = 128;
/// Passes after which the texture of a map that is no longer drawn is given back.
const KEEP_PASSES: u64 = 120;
/// Room for the numbers at the colour bar, in points.
const NUMBERS_WIDTH: f32 = 64.0;

/// Values over a grid of places, line after line from the top.
#[derive(Debug, Clone, Copy)]
pub struct MapImage<'a> {
    /// One value a place; not a number where there is none.
    pub values: &'a [f32],
    /// Places a line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// Grows whenever the values change.
    pub version: u64,
    /// What the values are, with their unit, for the colour bar: `Intensity at 520 cm⁻¹ (counts)`.
    pub label: &'a str,
}

/// How a map is shown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MapOptions {
    /// Values of the darkest and the brightest colour; the smallest and the largest value when `None`.
    pub range: Option<[f32; 2]>,
    /// A place to mark: column and line.
    pub marked: Option<[usize; 2]>,
    /// Width of a place over its height (steps of the stage); 1 when `None`.
    pub aspect: Option<f32>,
}

/// What happened in a map.
pub struct MapOutput {
    /// Column, line and value under the pointer.
    pub hovered: Option<([usize; 2], f32)>,
    /// Column and line that were clicked or dragged over.
    pub clicked: Option<[usize; 2]>,
    /// Where the picture is.
    pub rect: Rect,
}

/// Textures of maps, made when the values change. One for the whole window.
#[derive(Default)]
pub struct MapCache {
    maps: HashMap<Id, MapTexture>,
    bar: Option<TextureHandle>,
}

struct MapTexture {
    key: (u64, usize, usize, Option<[u32; 2]>),
    texture: TextureHandle,
    range: [f32; 2],
    seen: u64,
}

/// Draws the map as large as there is room, with square places unless the options say otherwise.
pub fn map_image_ui(
    ui: &mut Ui,
    id: Id,
    map: &MapImage<'_>,
    cache: &mut MapCache,
    options: &MapOptions,
) -> MapOutput {
    let (texture, range) = cache.texture(ui, id, map, options);
    let bar = cache.bar_texture(ui);
    let room = ui.available_size().max(vec2(60.0, 40.0));
    let title_height = ui.text_style_height(&TextStyle::Small) + 4.0;
    let for_picture =
        vec2(room.x - BAR_GAP - BAR_WIDTH - NUMBERS_WIDTH, room.y - title_height).max(vec2(20.0, 20.0));
    let place = options.aspect.filter(|a| a.is_finite() && *a > 0.0).unwrap_or(1.0);
    let (columns, lines) = (map.width.max(1) as f32 * place, map.height.max(1) as f32);
    let scale = (for_picture.x / columns).min(for_picture.y / lines);
    let size = vec2(columns, lines) * scale;
    let (whole, _) = ui.allocate_exact_size(
        vec2(size.x + BAR_GAP + BAR_WIDTH + NUMBERS_WIDTH, size.y + title_height),
        Sense::hover(),
    );
    let rect = Rect::from_min_size(whole.min + vec2(0.0, title_height), size);
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| {
        let name = format!("Map of {} by {} places, {}", map.width, map.height, map.label);
        WidgetInfo::labeled(Role::Image, true, name)
    });

    let painter = ui.painter();
    let whole_texture = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    painter.image(texture, rect, whole_texture, Color32::WHITE);
    let frame = ui.visuals().widgets.noninteractive.bg_stroke;
    painter.rect_stroke(rect, 0.0, frame, StrokeKind::Outside);
    if let Some(marked) = options.marked.filter(|m| m[0] < map.width && m[1] < map.height) {
        mark(ui, place_rect(rect, map, marked), 2.0);
    }

    let pixel_at = |at: Pos2| pixel(at, rect, map.width, map.height);
    let hovered = response
        .hover_pos()
        .and_then(pixel_at)
        .and_then(|place| map.values.get(place[1] * map.width + place[0]).map(|value| (place, *value)));
    let mut reading = Rect::from_min_size(rect.min, vec2(0.0, 0.0));
    if let Some((place, value)) = hovered {
        mark(ui, place_rect(rect, map, place), 1.0);
        let text =
            format!("column {} · line {} · {}", place[0] + 1, place[1] + 1, significant(f64::from(value)));
        let font = TextStyle::Small.resolve(ui.style());
        let colour = ui.visuals().text_color();
        let at = rect.left_top() - vec2(0.0, 3.0);
        reading = ui.painter().text(at, Align2::LEFT_BOTTOM, text, font, colour);
    }
    colour_bar(ui, rect, bar, range, map.label, reading.right());
    let pressed = response.clicked() || response.dragged_by(egui::PointerButton::Primary);
    let clicked = response.interact_pointer_pos().filter(|_| pressed).and_then(pixel_at);
    MapOutput { hovered, clicked, rect }
}

/// Column and line at a place on the screen.
fn pixel(at: Pos2, rect: Rect, width: usize, height: usize) -> Option<[usize; 2]> {
    if !rect.contains(at) || width == 0 || height == 0 {
        return None;
    }
    let part = (at - rect.min) / rect.size();
    let index = |part: f32, count: usize| ((part * count as f32) as usize).min(count - 1);
    Some([index(part.x, width), index(part.y, height)])
}

fn place_rect(rect: Rect, map: &MapImage<'_>, [column, line]: [usize; 2]) -> Rect {
    let step = rect.size() / vec2(map.width as f32, map.height as f32);
    Rect::from_min_size(rect.min + step * vec2(column as f32, line as f32), step)
}

/// A frame that is seen on dark and on bright places.
fn mark(ui: &Ui, place: Rect, width: f32) {
    let (dark, bright) = (Color32::BLACK, Color32::WHITE);
    let small: f32 = 3.0 - 0.5 * place.width().min(place.height());
    let place = place.expand(small.max(0.0));
    ui.painter().rect_stroke(place, 0.0, Stroke::new(width + 1.0, dark), StrokeKind::Outside);
    ui.painter().rect_stroke(place, 0.0, Stroke::new(width, bright), StrokeKind::Outside);
}

fn colour_bar(
    ui: &Ui,
    picture: Rect,
    texture: egui::TextureId,
    range: [f32; 2],
    label: &str,
    free_from: f32,
) {
    let bar =
        Rect::from_min_size(picture.right_top() + vec2(BAR_GAP, 0.0), vec2(BAR_WIDTH, picture.height()));
    let painter = ui.painter();
    painter.image(texture, bar, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    painter.rect_stroke(bar, 0.0, ui.visuals().widgets.noninteractive.bg_stroke, StrokeKind::Outside);
    let font = TextStyle::Small.resolve(ui.style());
    let colour = ui.visuals().text_color();
    let line = font.size + 4.0;
    let numbers = if bar.height() > 5.0 * line { 5 } else { 2 };
    for k in 0..numbers {
        let part = k as f32 / (numbers - 1) as f32;
        let y = bar.bottom() - part * bar.height();
        let align = match k {
            0 => Align2::LEFT_BOTTOM,
            _ if k + 1 == numbers => Align2::LEFT_TOP,
            _ => Align2::LEFT_CENTER,
        };
        painter.add(Shape::line_segment(
            [pos2(bar.right(), y), pos2(bar.right() + 3.0, y)],
            Stroke::new(1.0, colour),
        ));
        let value = f64::from(range[0]) + f64::from(part) * (f64::from(range[1]) - f64::from(range[0]));
        painter.text(pos2(bar.right() + 6.0, y), align, significant(value), font.clone(), colour);
    }
    let title = painter.layout_no_wrap(label.to_owned(), font, colour);
    let place =
        Align2::RIGHT_BOTTOM.anchor_size(pos2(bar.right() + NUMBERS_WIDTH, bar.top() - 3.0), title.size());
    if place.left() > free_from + BAR_GAP {
        painter.galley(place.min, title, colour);
    }
}

impl MapCache {
    fn texture(
        &mut self,
        ui: &Ui,
        id: Id,
        map: &MapImage<'_>,
        options: &MapOptions,
    ) -> (egui::TextureId, [f32; 2]) {
        let pass = ui.ctx().cumulative_pass_nr();
        self.maps.retain(|_, kept| kept.seen + KEEP_PASSES >= pass);
        let key = (map.version, map.width, map.height, options.range.map(|r| r.map(f32::to_bits)));
        if let Some(kept) = self.maps.get_mut(&id)
            && kept.key == key
        {
            kept.seen = pass;
            return (kept.texture.id(), kept.range);
        }
        let range = options.range.unwrap_or_else(|| value_range(map.values));
        let texture = ui.ctx().load_texture("map", picture(map, range), TextureOptions::NEAREST);
        let texture_id = texture.id();
        self.maps.insert(id, MapTexture { key, texture, range, seen: pass });
        (texture_id, range)
    }

    fn bar_texture(&mut self, ui: &Ui) -> egui::TextureId {
        let bar = self.bar.get_or_insert_with(|| {
            let step = |i: usize| map_colour(1.0 - i as f32 / (BAR_STEPS - 1) as f32);
            let image = ColorImage::new([1, BAR_STEPS], (0..BAR_STEPS).map(step).collect());
            ui.ctx().load_texture("colour bar", image, TextureOptions::LINEAR)
        });
        bar.id()
    }
}

/// Smallest and largest finite value; 0 and 1 where there is none.
fn value_range(values: &[f32]) -> [f32; 2] {
    let finite = values.iter().copied().filter(|v| v.is_finite());
    let [low, high] =
        finite.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], v| [low.min(v), high.max(v)]);
    if low <= high { [low, high] } else { [0.0, 1.0] }
}

fn picture(map: &MapImage<'_>, [low, high]: [f32; 2]) -> ColorImage {
    let span = high - low;
    let part = |v: f32| if span > 0.0 || !v.is_finite() { (v - low) / span } else { 0.5 };
    let colour = |i: usize| {
        let value = map.values.get(i).copied().filter(|v| v.is_finite());
        map_colour(value.map_or(f32::NAN, part))
    };
    let (width, height) = (map.width.max(1), map.height.max(1));
    ColorImage::new([width, height], (0..width * height).map(colour).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: &[f32], width: usize, height: usize) -> MapImage<'_> {
        MapImage { values, width, height, version: 1, label: "a" }
    }

    #[test]
    fn pixels_lie_where_they_are_drawn() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(40.0, 20.0));
        let map = map(&[0.0; 8], 4, 2);
        for line in 0..2 {
            for column in 0..4 {
                let centre = place_rect(rect, &map, [column, line]).center();
                assert_eq!(pixel(centre, rect, 4, 2), Some([column, line]));
            }
        }
        assert_eq!(pixel(pos2(50.0, 40.0), rect, 4, 2), Some([3, 1]));
        assert_eq!(pixel(pos2(9.0, 25.0), rect, 4, 2), None);
    }

    #[test]
    fn the_range_is_that_of_the_finite_values() {
        let bits = |range: [f32; 2]| range.map(f32::to_bits);
        assert_eq!(bits(value_range(&[f32::NAN, 3.0, -1.0, f32::INFINITY])), bits([-1.0, 3.0]));
        assert_eq!(bits(value_range(&[f32::NAN])), bits([0.0, 1.0]));
    }

    #[test]
    fn places_without_data_are_clear_and_an_even_map_has_one_colour() {
        let values = [1.0, f32::NAN, 1.0];
        let image = picture(&map(&values, 2, 2), value_range(&values));
        assert_eq!(image.pixels[1], Color32::TRANSPARENT);
        assert_eq!(image.pixels[3], Color32::TRANSPARENT);
        assert_eq!(image.pixels[0], map_colour(0.5));
    }
}
