//! The course of a training as a figure.

use super::course::Course;
use super::task::Set;
use crate::figure::{Curve, Dash, Figure, Panel, svg};

/// Blue, orange, green of a palette that colour-blind people can tell apart (Okabe and Ito).
const COLOURS: [[u8; 3]; 3] = [[0, 114, 178], [230, 159, 0], [0, 158, 115]];
const GREY: [u8; 3] = [110, 110, 110];
/// How far the dashed line goes on: to so many times the samples.
const AHEAD: f64 = 10.0;

/// Validation above, loss below, over the logarithm of the samples; dashed, how the validation would go on.
pub fn figure(course: &Course, sets: &[Set], [score, loss]: [&str; 2]) -> String {
    let place = |samples: f64| samples.max(1.0).log10();
    let mut figure = Figure::new(120.0, 110.0);
    figure.share_x = true;
    let mut curves = Vec::new();
    for (i, set) in sets.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let (x, y): (Vec<f64>, Vec<f32>) =
            course.validations(i).iter().map(|(samples, db)| (place(*samples as f64), *db as f32)).unzip();
        curves.push(Curve::new(set.label, x, y, colour));
        if let Some(trend) = course.trend(i) {
            let ends = [trend.from as f64, AHEAD * trend.to as f64];
            let line = Curve::new("", ends.map(place), ends.map(|x| trend.db_at(x) as f32), colour);
            curves.push(Curve { dash: Dash::Dashed, ..line });
        }
    }
    let samples = "Samples (log10); dashed: extrapolation";
    figure.panels.push(Panel::curves(samples, score, curves));
    let (x, y): (Vec<f64>, Vec<f32>) =
        course.rows.iter().map(|row| (place(row.samples as f64), row.loss as f32)).unzip();
    figure.panels.push(Panel::curves(samples, loss, vec![Curve::new("", x, y, GREY)]));
    svg(&figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashed_line_is_there_once_four_validations_are() {
        let sets = [Set { name: "known_db", label: "known", items: 0..2 }];
        let mut course = Course::default();
        for k in 1..=4_u64 {
            course.samples = 1000 * k;
            course.tell(1e-3, vec![(k as f64).log2()]);
            let dashed = figure(&course, &sets, ["validation", "loss"]).contains("stroke-dasharray");
            assert_eq!(dashed, k == 4, "after {k} validations");
        }
    }
}
