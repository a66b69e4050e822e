//! Reads a drawing back: where its words and lines stand, and what is wrong with that.

use roxmltree::{Document, Node};

use crate::figure::font::{Weight, width};
use crate::figure::{Figure, svg};

/// Coordinates are rounded to two decimals.
pub(super) const ROUNDING: f64 = 0.02;

pub(super) fn value(node: &Node, name: &str) -> f64 {
    node.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(f64::NAN)
}

/// Left, top, right, bottom.
pub(super) fn rect(node: &Node) -> [f64; 4] {
    let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| value(node, name));
    [x, y, x + w, y + h]
}

pub(super) fn within(inner: [f64; 4], outer: [f64; 4]) -> bool {
    inner[0] >= outer[0] - ROUNDING
        && inner[1] >= outer[1] - ROUNDING
        && inner[2] <= outer[2] + ROUNDING
        && inner[3] <= outer[3] + ROUNDING
}

pub(super) fn class<'a>(node: &Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    node.descendants().filter(|n| n.attribute("class") == Some(name)).collect()
}

pub(super) fn texts<'a>(node: &Node<'a, 'a>) -> Vec<&'a str> {
    node.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect()
}

pub(super) fn points(node: &Node) -> Vec<(f64, f64)> {
    let text = node.attribute("points").unwrap();
    text.split(' ')
        .map(|p| p.split_once(',').unwrap())
        .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
        .collect()
}

/// The rectangle of a text by the widths of the font.
pub(super) fn text_rect(node: &Node) -> [f64; 4] {
    let size = value(node, "font-size");
    let weight = if node.attribute("font-weight").is_some() { Weight::SemiBold } else { Weight::Regular };
    let long = width(node.text().unwrap_or(""), size, weight);
    let start = match node.attribute("text-anchor") {
        Some("middle") => -long / 2.0,
        Some("end") => -long,
        _ => 0.0,
    };
    if let Some(turned) = node.attribute("transform") {
        let inside = turned.strip_prefix("translate(").and_then(|t| t.split_once(')')).unwrap().0;
        let (x, y) = inside.split_once(' ').unwrap();
        let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
        return [x - 0.75 * size, y - start - long, x + 0.25 * size, y - start];
    }
    let (x, y) = (value(node, "x") + start, value(node, "y"));
    [x, y - 0.75 * size, x + long, y + 0.25 * size]
}

/// Complaints about a drawing: words outside the page, curves outside their axes, numbers that are none.
pub(super) fn complaints(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    let view: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|v| v.parse().unwrap()).collect();
    let page = [0.0, 0.0, view[2], view[3]];
    let mut found = Vec::new();
    for node in root.descendants() {
        let (name, text) = (node.tag_name().name(), node.text().unwrap_or(""));
        let numbers = node.attributes().filter(|a| a.name() != "href");
        found.extend(
            numbers
                .filter(|a| a.value().contains("NaN") || a.value().contains("inf"))
                .map(|a| format!("{name} {} {}", a.name(), a.value())),
        );
        if name == "text" && !within(text_rect(&node), page) {
            found.push(format!("'{text}' at {:?} is outside the page {page:?}", text_rect(&node)));
        }
        if (name == "rect" || name == "image") && !within(rect(&node), page) {
            found.push(format!("{name} at {:?} is outside the page {page:?}", rect(&node)));
        }
    }
    for panel in class(&root, "panel") {
        let plot = rect(&class(&panel, "plot")[0]);
        for curves in class(&panel, "curves") {
            for line in curves.descendants().filter(|n| n.has_tag_name("polyline")) {
                let outside = |p: &(f64, f64)| !within([p.0, p.1, p.0, p.1], plot);
                found.extend(points(&line).iter().find(|p| outside(p)).map(|p| format!("{p:?}: {plot:?}")));
            }
            for dot in curves.descendants().filter(|n| n.has_tag_name("circle")) {
                let at = (value(&dot, "cx"), value(&dot, "cy"));
                if !within([at.0, at.1, at.0, at.1], plot) {
                    found.push(format!("dot {at:?}: {plot:?}"));
                }
            }
        }
    }
    found
}

pub(super) fn flawless(name: &str, figure: &Figure) -> String {
    let svg = svg(figure);
    let found = complaints(&svg);
    assert!(found.is_empty(), "{name}: {}", found.join("\n"));
    svg
}
