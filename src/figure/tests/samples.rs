//! Typical figures for the tests.

use crate::figure::{Curve, Figure, HeatMap, Panel, PeakLabel};

pub(super) const BLUE: [u8; 3] = [0, 114, 178];
pub(super) const ORANGE: [u8; 3] = [213, 94, 0];
pub(super) const GREEN: [u8; 3] = [0, 158, 115];

/// Lorentz lines (position, width, height) on a Raman axis, with a ripple that stands for noise.
pub(super) fn spectrum(
    label: &str,
    lines: &[(f64, f64, f64)],
    scale: f64,
    ripple: f64,
    color: [u8; 3],
) -> Curve {
    let x: Vec<f64> = (0..1600).map(|i| 200.0 + f64::from(i)).collect();
    let y: Vec<f32> = x
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let sum: f64 = lines.iter().map(|(at, w, h)| h / (1.0 + ((x - at) / w).powi(2))).sum();
            let noise = ((i * 7919 % 997) as f64 / 498.0 - 1.0) * ripple;
            (scale * (sum + noise)) as f32
        })
        .collect();
    Curve::new(label, x, y, color)
}

pub(super) const CALCITE: &[(f64, f64, f64)] = &[(282.0, 8.0, 0.3), (712.0, 5.0, 0.2), (1086.0, 4.0, 1.0)];
pub(super) const QUARTZ: &[(f64, f64, f64)] = &[(206.0, 12.0, 0.4), (355.0, 6.0, 0.1), (464.0, 5.0, 0.9)];
pub(super) const STYRENE: &[(f64, f64, f64)] =
    &[(621.0, 4.0, 0.2), (1001.0, 3.5, 1.0), (1031.0, 4.0, 0.3), (1602.0, 6.0, 0.4)];

/// Three spectra with labelled peaks.
pub(super) fn single() -> Figure {
    let mut figure = Figure::new(85.0, 65.0);
    let mut panel = Panel::curves(
        "Raman shift (cm⁻¹)",
        "Intensity (counts)",
        vec![
            spectrum("Calcite", CALCITE, 24_000.0, 0.01, BLUE),
            spectrum("Quartz", QUARTZ, 24_000.0, 0.01, ORANGE),
            spectrum("Polystyrene", STYRENE, 24_000.0, 0.01, GREEN),
        ],
    );
    for (x, y) in
        [(1086.0, 1.02), (464.0, 0.93), (1001.0, 1.07), (1602.0, 0.41), (282.0, 0.39), (1004.0, 0.6)]
    {
        panel.peaks.push(PeakLabel { x, y: y * 24_000.0, text: format!("{x:.0}") });
    }
    figure.panels.push(panel);
    figure
}

/// Three methods side by side: mixture, two components, residual.
pub(super) fn comparison() -> Figure {
    let mut figure = Figure::new(178.0, 130.0);
    figure.title = "Mixture 3 of calcite and polystyrene".to_owned();
    figure.columns = 3;
    figure.column_headings = ["NNLS", "SUnSAL", "Evidence search"].map(str::to_owned).to_vec();
    figure.row_weights = vec![1.4, 1.0, 1.0, 0.6];
    figure.share_x = true;
    figure.share_y = true;
    let mixed: Vec<_> = CALCITE.iter().chain(STYRENE).copied().collect();
    let gray = [120; 3];
    for row in 0..4 {
        for method in 0..3 {
            let off = 0.01 * f64::from(method);
            let (label, curves) = match row {
                0 => (
                    "Intensity (counts)",
                    vec![
                        spectrum("Mixture", &mixed, 140_000.0, 0.03, gray),
                        spectrum("Reconstruction", &mixed, 140_000.0 * (1.0 - off), 0.0, [0; 3]),
                    ],
                ),
                1 => ("Share", vec![spectrum("Calcite 52 %", CALCITE, 0.5 - off, 0.0, BLUE)]),
                2 => ("Share", vec![spectrum("Polystyrene 48 %", STYRENE, 0.5 + off, 0.0, GREEN)]),
                _ => ("Residual", vec![spectrum("", CALCITE, 140_000.0 * (off - 0.013), 0.3, gray)]),
            };
            figure.panels.push(Panel::curves("Raman shift (cm⁻¹)", label, curves));
        }
    }
    figure
}

/// The abundance of one substance over a small map.
pub(super) fn map() -> Figure {
    let mut figure = Figure::new(85.0, 70.0);
    let values: Vec<f32> = (0..40 * 30)
        .map(|i| {
            let (x, y) = ((i % 40) as f32 - 15.0, (i / 40) as f32 - 12.0);
            if i == 205 { f32::NAN } else { (-(x * x + y * y) / 90.0).exp() + 0.1 * (x * 0.7).sin().abs() }
        })
        .collect();
    let map = HeatMap {
        width: 40,
        height: 30,
        values: values.into(),
        x_edges: (-20.0, 20.0),
        y_edges: (15.0, -15.0),
        range: None,
        unit: "Abundance of calcite".to_owned(),
    };
    let mut panel = Panel::map("x (µm)", "y (µm)", map);
    panel.heading = "Calcite".to_owned();
    figure.panels.push(panel);
    figure
}
