use roxmltree::Document;

use super::checks::{ROUNDING, class, complaints, flawless, points, rect, text_rect, texts};
use super::samples::{BLUE, STYRENE, comparison, map, single, spectrum};
use crate::figure::{Content, Curve, Figure, LegendPlace, Panel, svg};

#[test]
fn typical_figures_keep_everything_in_its_place() {
    flawless("single", &single());
    flawless("comparison", &comparison());
    flawless("map", &map());
}

#[test]
fn the_check_for_places_finds_what_it_is_for() {
    let good = flawless("single", &single());
    assert_eq!(complaints(&good.replacen(">Quartz<", &format!(">{}<", "Quartz".repeat(20)), 1)).len(), 1);
    let at = good.find("points=\"").unwrap();
    let moved = format!("{}points=\"-5,-5 {}", &good[..at], &good[at + "points=\"".len()..]);
    assert_eq!(complaints(&moved).len(), 1);
    assert_eq!(complaints(&good.replacen("width=\"0.6\"", "width=\"NaN\"", 1)).len(), 1);
}

#[test]
fn numbers_names_and_titles_are_written_as_text() {
    let svg = svg(&single());
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    let axes = texts(&class(&root, "axes")[0]);
    assert_eq!(axes[..3], ["500", "1000", "1500"]);
    assert_eq!(axes[3..6], ["0", "5000", "10000"]);
    assert_eq!(texts(&class(&root, "legend")[0]), ["Calcite", "Quartz", "Polystyrene"]);
    assert!(texts(&root).contains(&"Raman shift (cm⁻¹)") && texts(&root).contains(&"Intensity (counts)"));
    // 1004 would stand on 1001 and is the lower of the two.
    assert_eq!(texts(&class(&root, "peaks")[0]), ["1001", "1086", "464", "1602", "282"]);
    assert_eq!(root.attribute("width"), Some("85mm"));
}

#[test]
fn coordinates_have_at_most_two_decimals() {
    let svg = svg(&comparison());
    for number in svg.split(|c: char| !(c.is_ascii_digit() || c == '.')) {
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        assert!(decimals <= 2, "{number}");
    }
}

#[test]
fn shared_axes_are_written_once_per_row_and_column() {
    let svg = svg(&comparison());
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    let count = |text: &str| texts(&root).iter().filter(|t| **t == text).count();
    assert_eq!(count("Raman shift (cm⁻¹)"), 3);
    assert_eq!(count("1000"), 3);
    assert_eq!(count("Intensity (counts) ×10⁵"), 1);
    assert_eq!(count("Share"), 2);
    assert_eq!(count("Evidence search"), 1);
    let plots: Vec<[f64; 4]> = class(&root, "plot").iter().map(rect).collect();
    assert_eq!(plots.len(), 12);
    for (at, plot) in plots.iter().enumerate() {
        assert!((plot[0] - plots[at % 3][0]).abs() < ROUNDING, "column {at}");
        assert!((plot[1] - plots[at - at % 3][1]).abs() < ROUNDING, "row {at}");
        assert!((plot[2] - plot[0] - (plots[0][2] - plots[0][0])).abs() < 2.0 * ROUNDING);
    }
}

#[test]
fn the_legend_covers_no_curve_and_moves_out_when_it_grows() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    for count in 1..=7 {
        let curves =
            names[..count].iter().map(|name| spectrum(name, STYRENE, 1.0, 0.01, BLUE)).collect::<Vec<_>>();
        let mut figure = Figure::new(85.0, 60.0);
        figure.panels.push(Panel::curves("x", "y", curves));
        let svg = flawless("legend", &figure);
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        let plot = rect(&class(&root, "plot")[0]);
        let legend = class(&root, "legend")[0];
        let samples: Vec<(f64, f64)> =
            legend.descendants().filter(|n| n.has_tag_name("polyline")).flat_map(|n| points(&n)).collect();
        assert_eq!(samples.len(), 2 * count);
        let lowest = samples.iter().map(|p| p.1).fold(0.0, f64::max);
        let left = samples.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
        if count == 7 {
            assert!(left > plot[2]);
            continue;
        }
        assert!(left > plot[0] && left < plot[2]);
        let right = legend.descendants().filter(|n| n.has_tag_name("text")).map(|n| text_rect(&n)[2]);
        let right = right.fold(0.0, f64::max);
        let curves = class(&root, "curves")[0];
        for line in curves.descendants().filter(|n| n.has_tag_name("polyline")) {
            assert!(!points(&line).iter().any(|p| p.0 > left && p.0 < right && p.1 < lowest), "{count}");
        }
    }
}

#[test]
fn one_legend_below_names_each_look_once() {
    let mut figure = comparison();
    figure.legend = LegendPlace::Below;
    let svg = flawless("below", &figure);
    let document = Document::parse(&svg).unwrap();
    let legends = class(&document.root_element(), "legend");
    assert_eq!(legends.len(), 1);
    assert_eq!(texts(&legends[0]), ["Mixture", "Reconstruction", "Calcite 52 %", "Polystyrene 48 %"]);
    figure.legend = LegendPlace::Hidden;
    assert!(!flawless("hidden", &figure).contains("class=\"legend\""));
}

#[test]
fn a_reversed_axis_and_a_descending_one_both_show_the_data() {
    let at = |figure: &Figure| {
        let svg = flawless("axis", figure);
        let document = Document::parse(&svg).unwrap();
        let line = document.descendants().find(|n| n.has_tag_name("polyline")).unwrap();
        points(&line).iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0
    };
    let mut figure = Figure::new(85.0, 60.0);
    figure.panels.push(Panel::curves(
        "x",
        "y",
        vec![Curve::new("", vec![1.0, 2.0, 5.0], vec![0.0, 1.0, 0.0], BLUE)],
    ));
    let ascending = at(&figure);
    figure.panels[0].content =
        Content::Curves(vec![Curve::new("", vec![5.0, 2.0, 1.0], vec![0.0, 1.0, 0.0], BLUE)]);
    assert!((at(&figure) - ascending).abs() < ROUNDING);
    figure.panels[0].x_reversed = true;
    assert!(at(&figure) > ascending + 50.0);
}

#[test]
fn a_band_is_filled_in_the_colour_of_its_curve_and_has_room_in_the_plot() {
    let curve = Curve::new("c", vec![1.0, 2.0, 5.0], vec![0.0, 1.0, 0.0], BLUE);
    let mut figure = Figure::new(85.0, 60.0);
    figure.panels.push(Panel::curves("x", "y", vec![curve.clone()]));
    assert!(!flawless("bare", &figure).contains("class=\"bands\""));
    let band = Some(vec![0.5, 0.5, 2.0].into());
    figure.panels[0].content = Content::Curves(vec![Curve { band, ..curve }]);
    let svg = flawless("band", &figure);
    let document = Document::parse(&svg).unwrap();
    let fill = document.descendants().find(|n| n.has_tag_name("polygon")).unwrap();
    let line = document.descendants().find(|n| n.has_tag_name("polyline")).unwrap();
    assert!(fill.range().start < line.range().start, "the line lies on the band");
    assert!(line.attribute("stroke").is_some() && line.attribute("stroke") == fill.attribute("fill"));
    let heights: Vec<f64> = points(&fill).iter().map(|p| p.1).collect();
    let last = points(&line)[2].1;
    assert!(heights.iter().any(|y| *y < last - 20.0) && heights.iter().any(|y| *y > last + 20.0));
    assert_eq!(heights.len(), 6);
}

#[test]
fn a_million_points_make_a_small_file() {
    let n = 1_000_000;
    let x: Vec<f64> = (0..n).map(f64::from).collect();
    let y: Vec<f32> = (0..n).map(|i| (i % 1009 * 7919 % 1013) as f32).collect();
    let mut figure = Figure::new(178.0, 100.0);
    figure.panels.push(Panel::curves("x", "y", vec![Curve::new("noise", x, y, BLUE)]));
    let svg = flawless("million", &figure);
    assert!(svg.len() < 300_000, "{}", svg.len());
}
