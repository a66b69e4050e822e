use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Node as Drawn, Tree};
use roxmltree::Document;

use super::checks::{ROUNDING, class, flawless, rect, text_rect, texts};
use super::samples::{BLUE, GREEN, ORANGE, single};
use crate::figure::font::{Weight, width};
use crate::figure::png::options;
use crate::figure::{Figure, HeatMap, Panel, colormap, png, svg};

/// Kerning is not in our widths; a text may be a little longer or shorter than they say.
const KERNING: f64 = 0.03;

#[test]
fn our_widths_are_those_the_renderer_uses() {
    for text in ["Raman shift (cm⁻¹)", "Polystyrene 48 %", "−15000", "Intensity (counts) ×10⁵", "AVATAR To"]
    {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let bold = if weight == Weight::SemiBold { " font-weight=\"600\"" } else { "" };
            let document = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"999\" height=\"99\"><text y=\"50\" font-size=\"20\"{bold}>{text}</text></svg>"
            );
            let tree = Tree::from_str(&document, &options()).unwrap();
            let Some(Drawn::Text(drawn)) = tree.root().children().first() else { panic!("no text") };
            let (ours, theirs) = (width(text, 20.0, weight), f64::from(drawn.bounding_box().width()));
            // Ours also counts the free space at both ends of the text.
            assert!(theirs < ours * (1.0 + KERNING) && theirs > ours * 0.9 - 3.0, "{text}: {ours} {theirs}");
        }
    }
}

fn pixel(pixels: &Pixmap, x: f64, y: f64) -> [u8; 3] {
    let p = pixels.pixel(x as u32, y as u32).unwrap().demultiply();
    [p.red(), p.green(), p.blue()]
}

#[test]
fn the_picture_shows_curves_words_and_a_white_page() {
    let figure = single();
    let pixels = Pixmap::decode_png(&png(&figure, 150).unwrap()).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (502, 384));
    assert_eq!(pixel(&pixels, 0.0, 0.0), [255; 3]);
    assert!(pixels.pixels().iter().all(|p| p.alpha() == 255));
    for color in [BLUE, ORANGE, GREEN] {
        let near = |p: &[u8; 3]| p.iter().zip(color).all(|(a, b)| a.abs_diff(b) < 12);
        let count = pixels.pixels().iter().filter(|p| near(&[p.red(), p.green(), p.blue()])).count();
        assert!(count > 100, "{color:?}: {count}");
    }
    // The x title is drawn with the built-in font: dark pixels where its text stands.
    let svg = svg(&figure);
    let document = Document::parse(&svg).unwrap();
    let title = document.descendants().find(|n| n.text() == Some("Raman shift (cm⁻¹)")).unwrap();
    let [left, top, right, bottom] = text_rect(&title).map(|pt| (pt * 150.0 / 72.0) as u32);
    let dark = |x: u32, y: u32| pixels.pixel(x, y).is_some_and(|p| p.red() < 100);
    let inked = (left..right).filter(|&x| (top..bottom).any(|y| dark(x, y))).count();
    assert!(inked * 2 > (right - left) as usize, "{inked} of {}", right - left);
}

#[test]
fn the_cells_of_a_map_have_the_colours_of_their_values() {
    let map = HeatMap {
        width: 2,
        height: 2,
        values: vec![0.0, 1.0, 0.5, f32::NAN].into(),
        x_edges: (0.0, 2.0),
        y_edges: (2.0, 0.0),
        range: None,
        unit: "Share".to_owned(),
    };
    let mut figure = Figure::new(60.0, 60.0);
    figure.panels.push(Panel::map("x (µm)", "y (µm)", map));
    let svg = flawless("map", &figure);
    let document = Document::parse(&svg).unwrap();
    let plot = rect(&class(&document.root_element(), "plot")[0]);
    assert!((plot[2] - plot[0] - (plot[3] - plot[1])).abs() < 2.0 * ROUNDING, "cells are square");
    let pixels = Pixmap::decode_png(&png(&figure, 144).unwrap()).unwrap();
    let cell = |x: f64, y: f64| {
        pixel(&pixels, 2.0 * (plot[0] + x * (plot[2] - plot[0])), 2.0 * (plot[1] + y * (plot[3] - plot[1])))
    };
    assert_eq!(cell(0.25, 0.25), colormap(0.0));
    assert_eq!(cell(0.75, 0.25), colormap(1.0));
    assert_eq!(cell(0.25, 0.75), colormap(0.5));
    assert_eq!(cell(0.75, 0.75), colormap(f32::NAN));
    // Sharp to the border: no smoothing between cells.
    assert_eq!(cell(0.49, 0.25), colormap(0.0));
    let numbers = texts(&class(&document.root_element(), "axes")[0]);
    let top = numbers.iter().rposition(|t| *t == "2.0").unwrap();
    let bottom = numbers.iter().rposition(|t| *t == "0.0").unwrap();
    assert!(bottom < top);
}
