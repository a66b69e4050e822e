use resvg::tiny_skia::Pixmap;

use super::checks::flawless;
use super::samples::{BLUE, comparison, map, single};
use crate::figure::{Content, Curve, Dash, Figure, HeatMap, LegendPlace, Panel, PeakLabel, png};

/// Neither drawing nor picture may fail, and every word and line stands inside the page.
fn survives(name: &str, figure: &Figure) {
    flawless(name, figure);
    let png = png(figure, 40).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(Pixmap::decode_png(&png).is_ok(), "{name}");
}

fn of(panel: Panel) -> Figure {
    let mut figure = Figure::new(85.0, 60.0);
    figure.panels.push(panel);
    figure
}

fn of_points(x: Vec<f64>, y: Vec<f32>) -> Figure {
    of(Panel::curves("Raman shift (cm⁻¹)", "Intensity", vec![Curve::new("curve", x, y, BLUE)]))
}

fn short(label: &str, height: f32) -> Curve {
    let x: Vec<f64> = (0..40).map(|i| 200.0 + 40.0 * f64::from(i)).collect();
    let y: Vec<f32> = (0..40).map(|i| height * (i * 7 % 11) as f32).collect();
    Curve::new(label, x, y, BLUE)
}

fn endless() -> String {
    "<&\"'>\u{0}\u{8}\u{202e}漢字 name ".repeat(700)
}

#[test]
fn figures_with_nothing_in_them_are_drawn() {
    survives("no panels", &Figure::new(85.0, 60.0));
    survives("no curves", &of(Panel::curves("", "", Vec::new())));
    survives("no points", &of_points(Vec::new(), Vec::new()));
    survives("no cells", &{
        let mut figure = map();
        if let Content::Map(map) = &mut figure.panels[0].content {
            (map.width, map.height) = (0, 0);
            map.values = Vec::new().into();
        }
        figure
    });
}

#[test]
fn numbers_that_are_none_are_left_out() {
    let nan = f32::NAN;
    survives("one point", &of_points(vec![5.0], vec![1.0]));
    survives("all NaN", &of_points(vec![1.0, 2.0], vec![nan, nan]));
    survives("NaN axis", &of_points(vec![f64::NAN, f64::NAN], vec![1.0, 2.0]));
    survives(
        "infinite",
        &of_points(vec![1.0, 2.0, 3.0, f64::INFINITY], vec![f32::INFINITY, 1.0, f32::NEG_INFINITY, 0.0]),
    );
    survives("lengths differ", &of_points(vec![1.0, 2.0, 3.0], vec![1.0]));
    survives("every second", &of_points((0..100).map(f64::from).collect(), [1.0, nan].repeat(50)));
}

#[test]
fn ranges_without_a_length_and_of_any_size_are_drawn() {
    for c in [0.0, 1e-45, -7.0, 1e5, f32::MAX, f32::MIN, f32::MIN_POSITIVE] {
        survives("constant", &of_points(vec![1.0, 2.0], vec![c, c]));
        survives("one step", &of_points(vec![1.0, 2.0], vec![0.0, c]));
    }
    survives("same x", &of_points(vec![3.0; 4], vec![0.0, 1.0, 2.0, 3.0]));
    survives("far x", &of_points(vec![1e300, -1e300, 1e99, 1.0], vec![0.0, 1.0, 2.0, 3.0]));
    survives("close x", &of_points(vec![1e15, 1e15 + 1.0], vec![0.0, 1.0]));
    survives("tiny x", &of_points(vec![0.0, 1e-300], vec![0.0, 1.0]));
    survives("full f32", &of_points(vec![0.0, 1.0], vec![f32::MIN, f32::MAX]));
    for asked in
        [(f64::NAN, 1.0), (1.0, 1.0), (5.0, -5.0), (0.0, f64::INFINITY), (1e6, 2e6), (0.5, 0.5 + 1e-12)]
    {
        let mut figure = single();
        figure.panels[0].x_range = Some(asked);
        survives("x range", &figure);
        figure.panels[0].y_range = Some(asked);
        survives("y range", &figure);
    }
}

#[test]
fn two_hundred_curves_with_endless_names_stay_on_the_page() {
    for legend in [LegendPlace::Panel, LegendPlace::Below, LegendPlace::Hidden] {
        let name = endless();
        let curves = (0..200)
            .map(|i| {
                let mut curve = short(&format!("{i} {name}"), i as f32);
                curve.width_pt = [1.0, f64::NAN, -4.0, 1e9][i as usize % 4];
                curve.dash = [Dash::Solid, Dash::Dashed, Dash::Dotted][i as usize % 3];
                curve
            })
            .collect();
        let mut panel = Panel::curves(&name, &name, curves);
        panel.heading.clone_from(&name);
        for x in [f64::NAN, 0.0, 200.0, 1000.0, 1000.1, 1799.0, 1e200] {
            panel.peaks.push(PeakLabel { x, y: x / 10.0, text: name.clone() });
            panel.peaks.push(PeakLabel { x, y: f64::INFINITY, text: "inf".into() });
        }
        let mut figure = of(panel);
        figure.title.clone_from(&name);
        figure.column_headings = vec![name.clone(); 3];
        figure.legend = legend;
        survives("200 curves", &figure);
    }
}

#[test]
fn pages_of_any_size_and_grids_of_any_shape_hold_their_panels() {
    for (width, height) in [(0.0, 0.0), (f64::NAN, f64::INFINITY), (-5.0, 20.0), (20.0, 300.0), (300.0, 20.0)]
    {
        for font in [f64::NAN, 0.0, 8.0, 1e9] {
            for columns in [0, 1, 5, usize::MAX] {
                let panel = Panel::curves("x", "y", vec![short("curve", 1.0), short("other", 1e6)]);
                let mut figure = comparison();
                figure
                    .panels
                    .iter_mut()
                    .for_each(|p| *p = Panel { heading: p.heading.clone(), ..panel.clone() });
                (figure.width_mm, figure.height_mm) = (width, height);
                (figure.font_pt, figure.columns) = (font, columns);
                figure.row_weights = vec![f64::NAN, -1.0, 1e9, 0.0];
                figure.panels.truncate(11);
                figure.panels.push(map().panels.remove(0));
                flawless(&format!("{width} x {height} mm, {font} pt, {columns} columns"), &figure);
            }
        }
    }
    let mut figure = map();
    figure.panels = vec![figure.panels.remove(0); 1000];
    figure.columns = 7;
    assert!(flawless("1000 maps", &figure).matches("class=\"panel\"").count() == 400);
}

#[test]
fn maps_of_any_content_are_drawn() {
    let base = HeatMap {
        width: 3,
        height: 2,
        values: vec![1.0; 6].into(),
        x_edges: (0.0, 3.0),
        y_edges: (0.0, 2.0),
        range: None,
        unit: endless(),
    };
    let of_map = |map: HeatMap| of(Panel::map(&endless(), &endless(), map));
    survives("constant", &of_map(base.clone()));
    survives("all NaN", &of_map(HeatMap { values: vec![f32::NAN; 6].into(), ..base.clone() }));
    survives("too few", &of_map(HeatMap { values: vec![0.0, f32::MAX].into(), ..base.clone() }));
    survives(
        "huge",
        &of_map(HeatMap { values: vec![f32::MIN, f32::MAX, f32::INFINITY].into(), ..base.clone() }),
    );
    survives("lying size", &of_map(HeatMap { width: usize::MAX, height: usize::MAX, ..base.clone() }));
    survives("lying width", &of_map(HeatMap { width: usize::MAX / 4, height: 2, ..base.clone() }));
    survives(
        "long",
        &of_map(HeatMap { width: 5000, height: 1, values: vec![0.5; 5000].into(), ..base.clone() }),
    );
    for edges in [(0.0, 0.0), (f64::NAN, 1.0), (1e300, 0.0), (1e15, 1e15 + 1.0), (-1e50, 1e50)] {
        survives("edges", &of_map(HeatMap { x_edges: edges, ..base.clone() }));
        survives("edges", &of_map(HeatMap { y_edges: edges, range: Some((f32::NAN, 1.0)), ..base.clone() }));
    }
}
