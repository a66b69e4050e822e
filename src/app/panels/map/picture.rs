//! The image of a map with its scale bar, reading and keys.

use eframe::egui::{Align2, Event, EventFilter, Id, Key, Memory, Rect, Stroke, TextStyle, Ui, pos2, vec2};

use super::panel::MapLook;
use super::places::{length_unit, place_size, place_text, round_length};
use crate::app::plot::{MapCache, MapImage, MapOptions, MapOutput, map_image_ui, significant};
use crate::app::view::View;
use crate::app::widgets::hint;
use crate::app::wish::{Wish, Wishes};
use crate::app::work::BandImage;
use crate::session::{Item, Subject};
use crate::spectrum::{MapShape, SpectrumSet};

/// Room for the scale bar and the reading under an image.
const FOOT: f32 = 46.0;

/// Draws the image of a band.
#[expect(clippy::too_many_arguments, reason = "what a panel gets, and what is drawn")]
pub fn picture_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    shape: MapShape,
    image: &BandImage,
    look: &MapLook,
    pictures: &mut MapCache,
    wishes: &mut Wishes,
) {
    let title = look.kind.title(set);
    let map = MapImage {
        values: &image.values,
        width: shape.width,
        height: shape.height,
        version: image.number,
        label: &title,
    };
    let id = Id::unique(("map image", item.id));
    place_ui(ui, view, item, set, shape, id, &map, Some(look.scale.range(image)), pictures, wishes);
}

/// An image of a map in which places can be read and picked.
#[expect(clippy::too_many_arguments, reason = "what a panel gets, and what is drawn")]
pub fn place_ui(
    ui: &mut Ui,
    view: &View,
    item: &Item,
    set: &SpectrumSet,
    shape: MapShape,
    id: Id,
    map: &MapImage,
    range: Option<[f32; 2]>,
    pictures: &mut MapCache,
    wishes: &mut Wishes,
) {
    let size = place_size(set, shape);
    let active = view.session.active().filter(|s| s.item == item.id).and_then(|s| s.row);
    let options = MapOptions {
        range,
        marked: active.map(|row| [row % shape.width, row / shape.width]),
        aspect: size.map(|[across, down]| (across / down) as f32),
    };
    let room = vec2(ui.available_width(), (ui.available_height() - FOOT).max(80.0));
    let output = ui.allocate_ui(room, |ui| map_image_ui(ui, id, map, pictures, &options)).inner;
    scale_bar_ui(ui, &output, set, shape, size);
    let row_at = |[column, line]: [usize; 2]| line * shape.width + column;
    let mut picked = output.clicked.map(row_at);
    if output.clicked.is_some() {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    if let Some(step) = arrow(ui, id) {
        picked = Some(stepped(active, step, shape));
    }
    if let Some(row) = picked.filter(|row| Some(*row) != active) {
        wishes.push(Wish::Activate(Subject { item: item.id, row: Some(row) }));
    }
    let read = output.hovered.map(|(place, value)| (row_at(place), value));
    let chosen = active.and_then(|row| Some((row, *map.values.get(row)?)));
    let text = match read.or(chosen) {
        Some((row, value)) => format!("{} · {}", place_text(set, row), significant(f64::from(value))),
        None => "Click a pixel for its spectrum; the arrow keys go on from there.".to_owned(),
    };
    hint(ui, text);
}

/// The step that an arrow key asks for, unless someone else has the keyboard.
fn arrow(ui: &Ui, id: Id) -> Option<[i64; 2]> {
    let focused = ui.memory(Memory::focused);
    if focused == Some(id) {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    } else if focused.is_some() {
        return None;
    }
    ui.input(|input| {
        input.events.iter().rev().find_map(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } if modifiers.is_none() => match key {
                Key::ArrowLeft => Some([-1, 0]),
                Key::ArrowRight => Some([1, 0]),
                Key::ArrowUp => Some([0, -1]),
                Key::ArrowDown => Some([0, 1]),
                _ => None,
            },
            _ => None,
        })
    })
}

/// The row beside the active one; the first one while none is.
fn stepped(active: Option<usize>, [across, down]: [i64; 2], shape: MapShape) -> usize {
    let Some(row) = active else { return 0 };
    let go = |at: usize, by: i64, count: usize| (at as i64 + by).clamp(0, count as i64 - 1) as usize;
    go(row / shape.width, down, shape.height) * shape.width + go(row % shape.width, across, shape.width)
}

/// A line of a round length under the image.
fn scale_bar_ui(ui: &mut Ui, output: &MapOutput, set: &SpectrumSet, shape: MapShape, size: Option<[f64; 2]>) {
    let (bar, _) = ui.allocate_exact_size(vec2(output.rect.width(), 18.0), eframe::egui::Sense::hover());
    let font = TextStyle::Small.resolve(ui.style());
    let colour = ui.visuals().text_color();
    let painter = ui.painter();
    let (Some([across, _]), Some(unit)) = (size, length_unit(&set.positions)) else {
        let text = format!("{} × {} places, their distances are not in the file", shape.width, shape.height);
        painter.text(bar.left_center(), Align2::LEFT_CENTER, text, font, ui.visuals().weak_text_color());
        return;
    };
    let points = f64::from(output.rect.width()) / (across * shape.width as f64);
    let length = round_length(across * shape.width as f64 / 3.0);
    let line = Rect::from_min_size(
        pos2(output.rect.left(), bar.center().y - 1.0),
        vec2((length * points) as f32, 2.0),
    );
    painter.rect_filled(line, 0.0, colour);
    for x in [line.left(), line.right()] {
        painter.line_segment(
            [pos2(x, line.center().y - 4.0), pos2(x, line.center().y + 4.0)],
            Stroke::new(1.0, colour),
        );
    }
    let text = format!("{} {unit}", significant(length));
    painter.text(line.right_center() + vec2(6.0, 0.0), Align2::LEFT_CENTER, text, font, colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stay_inside_the_map() {
        let shape = MapShape { width: 4, height: 3 };
        assert_eq!(stepped(None, [1, 0], shape), 0);
        assert_eq!(stepped(Some(5), [1, 0], shape), 6);
        assert_eq!(stepped(Some(5), [0, 1], shape), 9);
        assert_eq!(stepped(Some(3), [1, 0], shape), 3);
        assert_eq!(stepped(Some(9), [0, 1], shape), 9);
        assert_eq!(stepped(Some(0), [-1, -1], shape), 0);
    }
}
