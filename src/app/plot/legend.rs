//! The legend: a name and a piece of line for each of up to ten curves; a click brings a curve out.

use eframe::egui;
use eframe::egui::{
    Align2, Id, Pos2, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::curve::CurveItem;
use super::text::shortened;

/// More curves than this have no legend.
pub(super) const MOST_CURVES: usize = 10;
/// Longest name in characters; the whole name is in the tooltip.
const LONGEST: usize = 32;
const SAMPLE: f32 = 18.0;
const GAP: f32 = 6.0;
const PADDING: f32 = 6.0;

/// What the pointer did in the legend.
#[derive(Default)]
pub(super) struct LegendOutput {
    pub rect: Option<Rect>,
    pub hovered: Option<u64>,
    pub clicked: Option<u64>,
}

/// Draws the legend into the upper right corner of `frame`. `top_first`: last curve on top, as in a stack.
pub(super) fn legend_ui(
    ui: &mut Ui,
    id: Id,
    frame: Rect,
    curves: &[CurveItem],
    top_first: bool,
    brought_out: Option<u64>,
) -> LegendOutput {
    let mut output = LegendOutput::default();
    if curves.is_empty() || curves.len() > MOST_CURVES {
        return output;
    }
    let font = TextStyle::Small.resolve(ui.style());
    let (plain, strong) = (ui.visuals().text_color(), ui.visuals().strong_text_color());
    let painter = ui.painter().with_clip_rect(frame);
    let mut rows: Vec<(&CurveItem, _)> = curves
        .iter()
        .map(|curve| {
            let colour = if brought_out == Some(curve.id) { strong } else { plain };
            (curve, painter.layout_no_wrap(shortened(&curve.name, LONGEST), font.clone(), colour))
        })
        .collect();
    if top_first {
        rows.reverse();
    }
    let row_height = rows.iter().map(|(_, g)| g.size().y).fold(0.0, f32::max) + 3.0;
    let width = rows.iter().map(|(_, g)| g.size().x).fold(0.0, f32::max) + SAMPLE + GAP;
    let size = vec2(width + 2.0 * PADDING, row_height * rows.len() as f32 + 2.0 * PADDING - 3.0);
    let rect = Align2::RIGHT_TOP.anchor_size(frame.right_top() + vec2(-8.0, 8.0), size);
    if rect.width() > 0.6 * frame.width() || rect.height() > 0.8 * frame.height() {
        return output;
    }
    painter.rect(
        rect,
        4.0,
        ui.visuals().extreme_bg_color.gamma_multiply(0.85),
        ui.visuals().widgets.noninteractive.bg_stroke,
        egui::StrokeKind::Inside,
    );
    for (k, (curve, galley)) in rows.into_iter().enumerate() {
        let top = rect.top() + PADDING + k as f32 * row_height;
        let row = Rect::from_min_size(pos2(rect.left(), top - 1.5), vec2(rect.width(), row_height));
        // Dragging is taken too, so that it does not reach the plot below.
        let response = ui.interact(row.shrink(0.5), id.with(("legend", curve.id)), Sense::click_and_drag());
        let chosen = brought_out == Some(curve.id);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, curve.name.as_ref()));
        if response.hovered() || chosen {
            painter.rect_filled(row, 3.0, ui.visuals().widgets.hovered.weak_bg_fill.gamma_multiply(0.6));
        }
        if response.hovered() {
            output.hovered = Some(curve.id);
        }
        if response.clicked() {
            output.clicked = Some(curve.id);
        }
        let y = row.center().y;
        let left = rect.left() + PADDING;
        let line: [Pos2; 2] = [pos2(left, y), pos2(left + SAMPLE, y)];
        let stroke = Stroke::new(2.0, curve.colour);
        if curve.dashed {
            painter.extend(Shape::dashed_line(&line, stroke, 4.0, 3.0));
        } else {
            painter.line_segment(line, stroke);
        }
        let at = pos2(left + SAMPLE + GAP, y - 0.5 * galley.size().y);
        painter.galley(at, galley, plain);
        if curve.name.chars().count() > LONGEST {
            response.on_hover_text(curve.name.as_ref());
        }
    }
    output.rect = Some(rect);
    output
}
