//! The course of a training as a figure.

use super::course::Course;
use super::task::Set;
use crate::figure::{Curve, Figure, Panel, svg};

/// Blue, orange, green of a palette that colour-blind people can tell apart (Okabe and Ito).
const COLOURS: [[u8; 3]; 3] = [[0, 114, 178], [230, 159, 0], [0, 158, 115]];
const GREY: [u8; 3] = [110, 110, 110];

/// Validation above, loss below, over thousands of samples.
pub fn figure(course: &Course, sets: &[Set]) -> String {
    let thousands = |samples: u64| samples as f64 / 1000.0;
    let mut figure = Figure::new(120.0, 110.0);
    figure.share_x = true;
    let judged: Vec<_> = course.rows.iter().filter(|row| !row.scores.is_empty()).collect();
    let x: Vec<f64> = judged.iter().map(|row| thousands(row.samples)).collect();
    let curves = sets.iter().enumerate().map(|(i, set)| {
        let y: Vec<f32> =
            judged.iter().map(|row| row.scores.get(i).map_or(f32::NAN, |s| *s as f32)).collect();
        Curve::new(set.label, x.clone(), y, COLOURS[i % COLOURS.len()])
    });
    figure.panels.push(Panel::curves("Samples (thousands)", "Validation (dB)", curves.collect()));
    let x: Vec<f64> = course.rows.iter().map(|row| thousands(row.samples)).collect();
    let y: Vec<f32> = course.rows.iter().map(|row| row.loss as f32).collect();
    figure.panels.push(Panel::curves(
        "Samples (thousands)",
        "Training loss (dB)",
        vec![Curve::new("", x, y, GREY)],
    ));
    svg(&figure)
}
