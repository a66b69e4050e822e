//! What a frame of the plots costs without a screen, layout and triangles together: `cargo bench --bench frame`.
//!
//! A still frame is one in which only the pointer moves. In a panning frame the bounds move, in a map all values change.
//! The same content drawn by the items of `egui_plot` runs in turn with ours; the table at the end gives medians and ratios.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot begin should say so and stop")]
#![allow(clippy::print_stdout, reason = "the table is what the bench is for")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use criterion::Criterion;
use eframe::egui;
use egui::{Color32, Event, Id, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use egui_plot::{Heatmap, Line, Plot, PlotPoint, PlotPoints};
use unravel::app::plot::{
    MapCache, MapImage, MapOptions, PlotCache, PlotOptions, PlotView, Role, Shown, map_image_ui,
    spectra_plot_ui,
};
use unravel::spectrum::{Axis, AxisKind, Metadata, Spectrum};

/// Frames of one kind in a row: a window shows the same content frame after frame.
const BLOCK: usize = 13;
/// Blocks of each kind, in turn.
const BLOCKS: usize = 5;
const SIDE: usize = 200;

fn uniform(state: &mut u64) -> f32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 40) as f32 / (1_u64 << 24) as f32
}

/// Five bands on a slope with noise of one per cent.
fn spectrum(points: usize, seed: u64) -> Arc<Spectrum> {
    let axis = Axis::even(AxisKind::RamanShift, 150.0, 1500.0, points).expect("an axis");
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let bands: Vec<(f64, f64)> = (0..5)
        .map(|k| (150.0 + 1350.0 * f64::from(uniform(&mut state)), 1000.0 / f64::from(k + 1)))
        .collect();
    let y: Vec<f32> = axis
        .values()
        .iter()
        .map(|x| {
            let signal: f64 = bands.iter().map(|(at, h)| h / (1.0 + ((x - at) / 6.0).powi(2))).sum();
            let noise = (0..12).map(|_| uniform(&mut state)).sum::<f32>() - 6.0;
            (signal + 0.1 * x) as f32 + 10.0 * noise
        })
        .collect();
    Arc::new(Spectrum::new(axis, y, Metadata::titled("bench")).expect("a spectrum"))
}

type Draw<'a> = Box<dyn FnMut(&mut egui::Ui, usize) + 'a>;

/// A window that draws one thing, frame after frame.
struct Window<'a> {
    ctx: egui::Context,
    draw: Draw<'a>,
    frame: usize,
    panning: bool,
}

impl<'a> Window<'a> {
    fn new(panning: bool, draw: impl FnMut(&mut egui::Ui, usize) + 'a) -> Self {
        let mut window = Self { ctx: egui::Context::default(), draw: Box::new(draw), frame: 0, panning };
        for _ in 0..4 {
            window.frame();
        }
        window
    }

    /// One frame; panning is a drag that goes to and fro.
    fn frame(&mut self) -> usize {
        let at: Pos2 = pos2(640.0 + (self.frame % 97) as f32 * 2.0, 400.0 + (self.frame % 31) as f32);
        let mut events = vec![Event::PointerMoved(at)];
        if self.frame == 2 && self.panning {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            events.push(Event::PointerButton { pos: at, button, pressed: true, modifiers });
        }
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))),
            time: Some(self.frame as f64 / 60.0),
            events,
            ..RawInput::default()
        };
        let (draw, frame) = (&mut self.draw, self.frame);
        let mut output = self.ctx.run_ui(input, |ui| draw(ui, frame));
        let triangles = self.ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        output.drop_without_applying_deltas();
        self.frame += 1;
        black_box(triangles).len()
    }

    fn timed(&mut self) -> f64 {
        let start = Instant::now();
        self.frame();
        start.elapsed().as_secs_f64() * 1e3
    }
}

fn ours(shown: &[Shown], panning: bool) -> Window<'_> {
    let (mut cache, view, options) = (PlotCache::default(), PlotView::default(), PlotOptions::default());
    Window::new(panning, move |ui, _| {
        spectra_plot_ui(ui, Id::unique("plot"), shown, &view, &mut cache, &options);
    })
}

fn theirs(points: &[Vec<PlotPoint>], panning: bool) -> Window<'_> {
    Window::new(panning, move |ui, _| {
        Plot::new("plot").show(ui, |plot| {
            for (i, points) in points.iter().enumerate() {
                plot.line(Line::new(i.to_string(), PlotPoints::Borrowed(points)).color(Color32::GREEN));
            }
        });
    })
}

fn map_values(frame: usize) -> Vec<f32> {
    let step = frame as f32 * 0.1;
    (0..SIDE * SIDE).map(|i| ((i % SIDE) as f32 * 0.05 + step).sin() * (i / SIDE) as f32).collect()
}

fn our_map(panning: bool) -> Window<'static> {
    let all: Vec<Vec<f32>> = (0..8).map(map_values).collect();
    let (mut cache, options) = (MapCache::default(), MapOptions::default());
    Window::new(panning, move |ui, frame| {
        let version = if panning { frame } else { 0 };
        let values = &all[version % all.len()];
        let map = MapImage { values, width: SIDE, height: SIDE, version: version as u64, label: "counts" };
        map_image_ui(ui, Id::unique("map"), &map, &mut cache, &options);
    })
}

fn their_map(panning: bool) -> Window<'static> {
    let all: Vec<Vec<f64>> = (0..8).map(|k| map_values(k).into_iter().map(f64::from).collect()).collect();
    Window::new(panning, move |ui, frame| {
        let values = all[if panning { frame % all.len() } else { 0 }].clone();
        Plot::new("map").show(ui, |plot| {
            plot.heatmap(Heatmap::new(values, SIDE).show_labels(false));
        });
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let shown = |count: u64, points: usize| -> Vec<Shown> {
        let one = |id: u64| Shown {
            id,
            name: id.to_string().into(),
            spectrum: spectrum(points, id + 1),
            colour: Color32::from_rgb(40, (id % 200) as u8, 120),
            version: 1,
            role: Role::Measured,
            band: None,
        };
        (0..count).map(one).collect()
    };
    let copied = |shown: &[Shown]| -> Vec<Vec<PlotPoint>> {
        let points = |s: &Shown| {
            s.spectrum.x().iter().zip(s.spectrum.y()).map(|(x, y)| PlotPoint::new(*x, *y)).collect()
        };
        shown.iter().map(points).collect()
    };
    let (many, long) = (shown(200, 1024), shown(1, 1_000_000));
    let (many_points, long_points) = (copied(&many), copied(&long));

    let mut criterion = Criterion::default().configure_from_args().sample_size(30);
    let mut rows = Vec::new();
    for panning in [false, true] {
        let motion = if panning { "panning" } else { "still" };
        let pairs = [
            ("200 curves x 1,024", ours(&many, panning), theirs(&many_points, panning)),
            ("1 curve x 1,000,000", ours(&long, panning), theirs(&long_points, panning)),
            ("map 200 x 200", our_map(panning), their_map(panning)),
        ];
        for (what, mut ours, mut theirs) in pairs {
            criterion.bench_function(&format!("{what}, {motion}"), |b| b.iter(|| ours.frame()));
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for _ in 0..BLOCKS {
                a.extend((0..BLOCK).map(|_| ours.timed()));
                b.extend((0..BLOCK).map(|_| theirs.timed()));
            }
            rows.push((what, motion, median(a), median(b)));
        }
    }
    println!("\n{:<22} {:<8} {:>9} {:>14} {:>7}", "content", "frame", "ours (ms)", "egui_plot (ms)", "ratio");
    for (what, motion, ours, theirs) in rows {
        println!("{what:<22} {motion:<8} {ours:>9.2} {theirs:>14.2} {:>7.1}", theirs / ours);
    }
    criterion.final_summary();
}
