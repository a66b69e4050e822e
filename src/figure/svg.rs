//! The whole figure as an SVG document.

use super::axes::{self, Axis, small};
use super::font::Weight;
use super::layout::{Cell, Sheet};
use super::model::{Content, Figure};
use super::pen::{Anchor, Pen, Place};
use super::room::tops;
use super::words::fit;
use super::{curves, heat, legend, peaks};

/// The figure as an SVG document with its size in mm, texts as text, everything inside the page. Any figure gives a
/// valid one; what cannot be drawn (no finite values, no room) is left out.
pub fn svg(figure: &Figure) -> String {
    let sheet = Sheet::of(figure);
    let mut pen = Pen::page(sheet.width, sheet.height);
    let heading = |x, y, size, anchor| Place { x, y, size, weight: Weight::SemiBold, anchor, upright: false };
    let title_size = 1.15 * sheet.size;
    let title = fit(&figure.title, title_size, Weight::SemiBold, sheet.inner.width());
    pen.text(heading(sheet.inner.left, sheet.inner.top + title_size, title_size, Anchor::Start), &title);
    for (text, (centre, room)) in figure.column_headings.iter().zip(&sheet.columns) {
        let text = fit(text, sheet.size, Weight::SemiBold, *room);
        pen.text(heading(*centre, sheet.headings_y, sheet.size, Anchor::Middle), &text);
    }
    for cell in &sheet.cells {
        panel(&mut pen, cell, sheet.size);
    }
    if let Some(block) = &sheet.below {
        let left = sheet.inner.centre().0 - block.width / 2.0;
        block.draw(&mut pen, left, sheet.inner.bottom - block.height);
    }
    pen.finish()
}

fn panel(pen: &mut Pen, cell: &Cell, size: f64) {
    let Cell { panel, plot, x, y, .. } = cell;
    pen.open("panel");
    match &panel.content {
        Content::Curves(all) => {
            curves::draw(pen, all, x, y, plot);
            peaks::draw(pen, &panel.peaks, x, y, plot, small(size));
        }
        Content::Map(map) => heat::draw(pen, map, plot, size),
    }
    let x_axis = Axis { scale: *x, ticks: &cell.x_ticks, numbers: cell.x_numbers, title: cell.x_title };
    let y_axis = Axis { scale: *y, ticks: &cell.y_ticks, numbers: cell.y_numbers, title: cell.y_title };
    axes::draw(pen, plot, &x_axis, &y_axis, cell.edges, size);
    let heading = fit(&panel.heading, size, Weight::SemiBold, plot.width());
    let place = Place {
        x: plot.left,
        y: plot.top - 0.4 * size,
        size,
        weight: Weight::SemiBold,
        anchor: Anchor::Start,
        upright: false,
    };
    pen.text(place, &heading);
    if let Some((block, outside)) = &cell.legend {
        if *outside {
            block.draw(pen, plot.right + 2.0 * legend::GAP_PT, plot.top);
        } else {
            let rect = legend::corner(block, plot, &tops(panel, x, y, plot, small(size)));
            pen.fill(&rect, [255; 3], 0.75);
            block.draw(pen, rect.left, rect.top);
        }
    }
    pen.close();
}
