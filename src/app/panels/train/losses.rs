//! The plot of losses: what is learned and what is not, on a logarithmic scale.

use eframe::egui::{Id, Role, Stroke, Ui, Vec2b, WidgetInfo};
use egui_plot::{Corner, GridInput, GridMark, HoverPosition, Legend, Line, Plot, PlotPoints, Points};

use crate::app::theme::Theme;
use crate::jobs::TrainCourse;

/// Height of the plot.
const HEIGHT: f32 = 220.0;
/// Losses below this are drawn there.
const LEAST: f64 = 1e-6;

/// Draws the plot.
pub fn losses_ui(ui: &mut Ui, theme: &Theme, name: &str, course: &TrainCourse) {
    let curve = |of: &dyn Fn(&crate::jobs::LossPoint) -> Option<f64>| -> Vec<[f64; 2]> {
        let points = course.points.iter();
        points.filter_map(|p| Some([p.samples as f64, of(p)?.max(LEAST).log10()])).collect()
    };
    let (learned, held) = (curve(&|p| p.loss), curve(&|p| p.validation));
    let last = course.all.max(course.samples).max(1) as f64;
    let plot = Plot::new(("losses", name))
        .id(Id::unique(("losses", name)))
        .height(HEIGHT)
        .include_x(0.0)
        .include_x(last)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .show_x(false)
        .show_y(false)
        .auto_bounds(Vec2b::TRUE)
        .y_grid_spacer(decades)
        .y_axis_formatter(|mark, _| loss_text(10.0_f64.powf(mark.value)))
        .x_axis_label("Mixtures seen")
        .y_axis_label("Loss")
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => Some(format!(
                "{plot_name} {}\nafter {:.0} mixtures",
                loss_text(10.0_f64.powf(position.y)),
                position.x
            )),
            HoverPosition::Elsewhere { .. } => None,
        })
        .grid_color(theme.line)
        .legend(Legend::default().position(Corner::RightTop));
    let (training, validation) = (theme.curve(0), theme.curve(1));
    let response = plot.show(ui, |plot| {
        plot.line(Line::new("Training", PlotPoints::from(learned)).stroke(Stroke::new(1.5, training)));
        plot.line(
            Line::new("Validation", PlotPoints::from(held.clone())).stroke(Stroke::new(2.0, validation)),
        );
        plot.points(Points::new("Validation", PlotPoints::from(held)).radius(3.0).color(validation));
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Losses of {name}")));
}

/// Lines at 1, 2 and 5 of every decade.
#[expect(clippy::needless_pass_by_value, reason = "the plot wants a function of this kind")]
fn decades(input: GridInput) -> Vec<GridMark> {
    let (low, high) = (input.bounds.0.max(-8.0).floor() as i32, input.bounds.1.min(8.0).ceil() as i32);
    let mut marks = Vec::new();
    for decade in low..=high {
        for (step, size) in [(1.0_f64, 1.0), (2.0, 0.3), (5.0, 0.3)] {
            let value = f64::from(decade) + step.log10();
            // Numbers outside of the frame would be written all the same.
            if (input.bounds.0..=input.bounds.1).contains(&value) {
                marks.push(GridMark { value, step_size: size });
            }
        }
    }
    marks
}

/// `0.05`, `1`, `20`.
fn loss_text(loss: f64) -> String {
    if loss >= 0.999 { format!("{loss:.0}") } else { format!("{loss:.3}").trim_end_matches('0').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_losses() {
        let marks = decades(GridInput { bounds: (-1.2, 0.4), base_step_size: 0.1 });
        let texts: Vec<String> = marks.iter().map(|m| loss_text(10.0_f64.powf(m.value))).collect();
        assert_eq!(texts, ["0.1", "0.2", "0.5", "1", "2"]);
    }
}
