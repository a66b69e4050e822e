//! The widgets in a window without a screen: what they answer to, and how they look.
//!
//! `PLOT_PICTURES=DIR cargo test --lib app::plot` writes the pictures there.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui;
use egui::{Color32, Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

const DARK_FRIENDLY: [u32; 6] = [0x00_9e_73, 0xe6_9f_00, 0x56_b4_e9, 0xcc_79_a7, 0xd5_5e_00, 0x00_72_b2];

fn colour(i: usize) -> Color32 {
    let [_, r, g, b] = DARK_FRIENDLY[i % DARK_FRIENDLY.len()].to_be_bytes();
    Color32::from_rgb(r, g, b)
}

fn spectrum(bands: &[(f64, f64, f64)], noise: f32, seed: u64) -> Arc<Spectrum> {
    let axis = Axis::even(AxisKind::RamanShift, 150.0, 1500.0, 1024).unwrap();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let y: Vec<f32> = axis
        .values()
        .iter()
        .map(|x| {
            let signal: f64 = bands.iter().map(|(at, h, w)| h / (1.0 + ((x - at) / w).powi(2))).sum();
            signal as f32 + 40.0 + noise * ((0..12).map(|_| uniform()).sum::<f32>() - 6.0)
        })
        .collect();
    let meta = Metadata {
        laser_nm: Some(532.0),
        intensity_unit: Some("counts".into()),
        ..Metadata::titled("a spectrum")
    };
    Arc::new(Spectrum::new(axis, y, meta).unwrap())
}

fn shown(count: usize) -> Vec<Shown> {
    let names = ["Quartz", "Calcite", "Albite", "Gypsum", "Olivine", "Hematite"];
    let place = |i: usize, k: usize| 220.0 + ((i * 173 + k * 311) % 1200) as f64;
    (0..count)
        .map(|i| {
            let bands: Vec<_> =
                (0..5).map(|k| (place(i, k), 900.0 / (k + 1) as f64, 4.0 + 3.0 * k as f64)).collect();
            Shown {
                id: i as u64,
                name: names[i % names.len()].into(),
                spectrum: spectrum(&bands, 8.0, i as u64 + 1),
                colour: colour(i),
                version: 1,
                role: if i == 1 { Role::Library } else { Role::Measured },
                band: None,
            }
        })
        .collect()
}

struct State {
    shown: Vec<Shown>,
    view: PlotView,
    cache: PlotCache,
    options: PlotOptions,
    output: Option<PlotOutput>,
}

fn fonts(ctx: &egui::Context) {
    let mut fonts = egui::FontDefinitions::default();
    let inter = egui::FontData::from_static(include_bytes!("../../../assets/fonts/Inter-Regular.otf"));
    fonts.font_data.insert("Inter".into(), Arc::new(inter));
    for family in fonts.families.values_mut() {
        family.insert(0, "Inter".into());
    }
    ctx.set_fonts(fonts);
}

fn window(shown: Vec<Shown>, view: PlotView, theme: Theme) -> Harness<'static, State> {
    let state =
        State { shown, view, cache: PlotCache::default(), options: PlotOptions::default(), output: None };
    let mut harness = Harness::builder()
        .with_size(vec2(900.0, 480.0))
        .with_step_dt(1.0 / 60.0)
        .with_theme(theme)
        .with_context_setup(fonts)
        .build_ui_state(
            |ui, state: &mut State| {
                let State { shown, view, cache, options, .. } = state;
                let output = spectra_plot_ui(ui, egui::Id::unique("plot"), shown, view, cache, options);
                if let Some(ruler) = output.ruler {
                    state.view.ruler = ruler;
                }
                state.output = Some(output);
            },
            state,
        );
    harness.run_steps(3);
    harness
}

fn output<'a>(harness: &'a Harness<'_, State>) -> &'a PlotOutput {
    harness.state().output.as_ref().unwrap()
}

fn on_screen(harness: &Harness<'_, State>, x: f64, y: f64) -> Pos2 {
    output(harness).transform.position_from_point(&egui_plot::PlotPoint::new(x, y))
}

fn button(harness: &Harness<'_, State>, pos: Pos2, button: PointerButton, pressed: bool) {
    harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
}

fn click(harness: &mut Harness<'_, State>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    button(harness, at, PointerButton::Primary, true);
    harness.step();
    button(harness, at, PointerButton::Primary, false);
    harness.run_steps(2);
}

fn drag(harness: &mut Harness<'_, State>, from: Pos2, to: Pos2, which: PointerButton) {
    harness.hover_at(from);
    harness.step();
    button(harness, from, which, true);
    harness.step();
    for part in [0.02, 0.04, 0.5, 1.0] {
        harness.hover_at(from + part * (to - from));
        harness.step();
    }
    button(harness, to, which, false);
    harness.run_steps(2);
}

fn picture<S>(harness: &mut Harness<'_, S>, name: &str) {
    let Some(folder) = std::env::var_os("PLOT_PICTURES").map(PathBuf::from) else { return };
    harness.render().unwrap().save(folder.join(format!("plot_{name}.png"))).unwrap();
}

#[test]
fn the_pointer_reads_the_nearest_curve() {
    let mut harness = window(shown(1), PlotView::default(), Theme::Light);
    let spectrum = Arc::clone(&harness.state().shown[0].spectrum);
    let top = (0..1024).max_by(|a, b| spectrum.y()[*a].total_cmp(&spectrum.y()[*b])).unwrap();
    let (x, y) = (spectrum.x()[top], spectrum.y()[top]);
    let at = on_screen(&harness, x, f64::from(y));
    harness.hover_at(at + vec2(0.5, 2.0));
    harness.run_steps(2);
    let reading = output(&harness).hovered.clone().unwrap();
    let near = reading.nearest.unwrap();
    assert_eq!((near.index, near.value, near.name.as_ref()), (top, y, "Quartz"));
    harness.hover_at(on_screen(&harness, 1450.0, 800.0));
    harness.run_steps(2);
    assert!(output(&harness).hovered.as_ref().is_some_and(|r| r.nearest.is_none()));
}

#[test]
fn dragging_moves_and_a_double_click_shows_all_again() {
    let mut harness = window(shown(2), PlotView::default(), Theme::Light);
    let before = output(&harness).x_range;
    let centre = output(&harness).rect.center();
    drag(&mut harness, centre, centre + vec2(100.0, 0.0), PointerButton::Primary);
    let moved = output(&harness).x_range;
    assert!(moved[0] < before[0] - 50.0, "{before:?} {moved:?}");
    assert!(((moved[1] - moved[0]) - (before[1] - before[0])).abs() < 1e-6);
    click(&mut harness, centre);
    click(&mut harness, centre);
    assert_eq!(output(&harness).x_range.map(f64::to_bits), before.map(f64::to_bits));
}

#[test]
fn a_box_by_the_right_button_is_zoomed_to() {
    let mut harness = window(shown(1), PlotView::default(), Theme::Light);
    let (a, b) = (on_screen(&harness, 400.0, 600.0), on_screen(&harness, 700.0, 100.0));
    drag(&mut harness, a, b, PointerButton::Secondary);
    let range = output(&harness).x_range;
    // The box begins where the press becomes a drag, a few pixels on.
    assert!((range[0] - 400.0).abs() < 20.0 && (range[1] - 700.0).abs() < 3.0, "{range:?}");
}

#[test]
fn the_wheel_zooms_around_the_pointer() {
    let mut harness = window(shown(1), PlotView::default(), Theme::Light);
    let before = output(&harness).x_range;
    harness.hover_at(on_screen(&harness, 500.0, 300.0));
    harness.step();
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 120.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    harness.run_steps(20);
    let after = output(&harness).x_range;
    assert!(after[1] - after[0] < 0.8 * (before[1] - before[0]), "{before:?} {after:?}");
    let share = |r: [f64; 2]| (500.0 - r[0]) / (r[1] - r[0]);
    assert!((share(before) - share(after)).abs() < 0.01);
}

#[test]
fn two_clicks_measure_from_peak_to_peak() {
    let bands = [(400.0, 800.0, 6.0), (1000.0, 500.0, 6.0)];
    let mut one = shown(1);
    one[0].spectrum = spectrum(&bands, 0.0, 1);
    let mut harness = window(one, PlotView { ruler: Ruler::Ready, ..PlotView::default() }, Theme::Dark);
    let (a, b) = (on_screen(&harness, 401.0, 820.0), on_screen(&harness, 1001.5, 520.0));
    click(&mut harness, a);
    assert!(matches!(harness.state().view.ruler, Ruler::Started { .. }));
    // Two clicks on one spot in quick succession would be a double click.
    harness.run_steps(40);
    click(&mut harness, b);
    let Ruler::Set { from, to } = harness.state().view.ruler else { panic!() };
    assert!((from - 400.0).abs() < 1.4 && (to - 1000.0).abs() < 1.4, "{from} {to}");
    picture(&mut harness, "ruler_dark");
}

#[test]
fn a_click_in_the_legend_brings_a_curve_out() {
    let mut harness = window(shown(3), PlotView::default(), Theme::Light);
    harness.get_by_label("Plot of 3 curves");
    harness.get_by_label("Calcite").click();
    harness.run_steps(3);
    assert_eq!(output(&harness).brought_out, Some(1));
    picture(&mut harness, "brought_out_light");
    harness.get_by_label("Calcite").click();
    harness.run_steps(3);
    assert_eq!(output(&harness).brought_out, None);
    harness.state_mut().shown = shown(11);
    harness.run_steps(2);
    assert!(harness.query_by_label("Calcite").is_none());
}

#[test]
fn another_unit_or_norm_is_shown_whole() {
    let mut harness = window(shown(2), PlotView::default(), Theme::Light);
    let centre = output(&harness).rect.center();
    drag(&mut harness, centre, centre + vec2(60.0, 0.0), PointerButton::Primary);
    harness.state_mut().view.unit = ViewUnit::Wavelength { laser_nm: None };
    harness.run_steps(3);
    let range = output(&harness).x_range;
    assert!(range[0] > 530.0 && range[1] < 590.0, "{range:?}");
    assert_eq!(output(&harness).kind, AxisKind::Wavelength);
}

#[test]
fn the_ruler_stays_on_its_peaks_when_the_unit_changes() {
    let ruler = Ruler::Set { from: 400.0, to: 1000.0 };
    let mut harness = window(shown(1), PlotView { ruler, ..PlotView::default() }, Theme::Light);
    harness.run_steps(2);
    assert_eq!(harness.state().view.ruler, ruler);
    harness.state_mut().view.unit = ViewUnit::Wavelength { laser_nm: None };
    harness.run_steps(3);
    let laser = harness.state().shown[0].spectrum.meta.laser_nm.unwrap();
    let Ruler::Set { from, to } = harness.state().view.ruler else { panic!() };
    for (found, shift) in [(from, 400.0), (to, 1000.0)] {
        let expected = 1e7 / (1e7 / laser - shift);
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
    harness.state_mut().view.unit = ViewUnit::AsMeasured;
    harness.run_steps(3);
    let Ruler::Set { from, to } = harness.state().view.ruler else { panic!() };
    assert!((from - 400.0).abs() < 1e-6 && (to - 1000.0).abs() < 1e-6);
}

#[test]
fn linked_plots_share_their_range() {
    let mut cache = PlotCache::default();
    let link = PlotLink { group: egui::Id::unique("grid"), x: true, y: false, cursor: true };
    let all = shown(2);
    let mut harness = Harness::builder()
        .with_size(Vec2::new(700.0, 500.0))
        .with_theme(Theme::Dark)
        .with_context_setup(fonts)
        .build_ui_state(
            move |ui, ranges: &mut [Option<[f64; 2]>; 2]| {
                for k in 0..2 {
                    let options =
                        PlotOptions { link: Some(link), height: Some(230.0), ..PlotOptions::default() };
                    let id = egui::Id::unique(("cell", k));
                    let view = PlotView { crosshair: k == 0, ..PlotView::default() };
                    let output = spectra_plot_ui(ui, id, &all[k..=k], &view, &mut cache, &options);
                    ranges[k] = Some(output.x_range);
                }
            },
            [None, None],
        );
    harness.run_steps(3);
    let from = pos2(400.0, 120.0);
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from + vec2(80.0, 0.0));
    harness.run_steps(3);
    let [Some(a), Some(b)] = *harness.state() else { panic!() };
    assert!(a[0] < 120.0, "{a:?}");
    assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9, "{a:?} {b:?}");
    picture(&mut harness, "linked_dark");
}

#[test]
fn curves_are_drawn_in_light_and_dark() {
    let stacked = Stacking::Offset { spacing: 0.6 };
    let waterfall = Stacking::Waterfall { spacing: 0.25, slant: 0.015 };
    let peaks = PeakLabels { shown: true, prominence: 0.05 };
    let plain = PlotView::default();
    let states = [
        ("one", 1, PlotView { peaks, ..plain.clone() }),
        ("overlay", 4, PlotView { normalise: ViewNorm::Max, ..plain.clone() }),
        ("stacked", 5, PlotView { stacking: stacked, reversed: true, peaks, ..plain.clone() }),
        ("waterfall", 40, PlotView { stacking: waterfall, ..plain }),
    ];
    for (name, count, view) in states {
        for (theme, side) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let mut harness = window(shown(count), view.clone(), theme);
            harness.hover_at(pos2(420.0, 300.0));
            harness.run_steps(2);
            let image = harness.render().unwrap();
            // The curves' own colours reach the screen.
            let [r, g, b, _] = colour(0).to_array();
            let like = image.pixels().filter(|p| {
                let near = |a: u8, b: u8| a.abs_diff(b) < 12;
                near(p[0], r) && near(p[1], g) && near(p[2], b)
            });
            assert!(like.count() > 100, "{name} {side}");
            picture(&mut harness, &format!("{name}_{side}"));
        }
    }
}

#[test]
fn a_map_tells_the_place_and_its_value() {
    let values: Vec<f32> = (0..30 * 20)
        .map(|i| {
            let (x, y) = ((i % 30) as f32, (i / 30) as f32);
            if i == 45 { f32::NAN } else { 1000.0 * (-((x - 12.0).powi(2) + (y - 8.0).powi(2)) / 60.0).exp() }
        })
        .collect();
    let mut harness = Harness::builder()
        .with_size(vec2(560.0, 360.0))
        .with_theme(Theme::Dark)
        .with_context_setup(fonts)
        .build_ui_state(
            move |ui, (cache, output): &mut (MapCache, Option<MapOutput>)| {
                let label = "Intensity at 520 cm⁻¹ (counts)";
                let map = MapImage { values: &values, width: 30, height: 20, version: 1, label };
                let options = MapOptions { marked: Some([3, 4]), ..MapOptions::default() };
                *output = Some(map_image_ui(ui, egui::Id::unique("map"), &map, cache, &options));
            },
            (MapCache::default(), None),
        );
    harness.run_steps(2);
    let rect = harness.state().1.as_ref().unwrap().rect;
    assert!((rect.width() / rect.height() - 1.5).abs() < 1e-3);
    let at = rect.min + vec2(12.5 / 30.0, 8.5 / 20.0) * rect.size();
    harness.hover_at(at);
    harness.run_steps(2);
    let hovered = harness.state().1.as_ref().unwrap().hovered.unwrap();
    assert_eq!(hovered, ([12, 8], 1000.0));
    harness.drag_at(at);
    harness.step();
    harness.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed: false,
        modifiers: Modifiers::NONE,
    });
    harness.step();
    assert_eq!(harness.state().1.as_ref().unwrap().clicked, Some([12, 8]));
    picture(&mut harness, "map_dark");
}
