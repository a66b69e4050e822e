//! Maps: the image of a band, its pixels, series, and images of what methods found.

use std::collections::BTreeMap;

use eframe::egui::{Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use unravel::app::App;
use unravel::session::BatchRow;

use super::{choose_methods, click, drop_files, keys, sample, session, settle, until, with_sample};

/// Shows the map panel.
fn map_of(name: &str) -> Harness<'static, App> {
    let mut harness = with_sample(name);
    keys(&mut harness, Modifiers::COMMAND, Key::Num2);
    settle(&mut harness);
    harness
}

fn press(harness: &mut Harness<'_, App>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
    harness.drop_at(at);
    harness.step();
    settle(harness);
}

/// The middle of a pixel of the sample map.
fn pixel(harness: &Harness<'_, App>, column: usize, line: usize) -> Pos2 {
    let rect = harness.get_by_label_contains("Map of 12 by 10 places").rect();
    let part = |at: usize, count: f32| (at as f32 + 0.5) / count;
    Pos2::new(rect.left() + part(column, 12.0) * rect.width(), rect.top() + part(line, 10.0) * rect.height())
}

/// What the line under the image says of the active pixel.
fn reading(harness: &Harness<'_, App>, spectrum: usize) -> String {
    let start = format!("Spectrum {spectrum} · ");
    let node = harness.get_by_label_contains(&start);
    node.value().or_else(|| node.accesskit_node().label()).expect("the reading is text")
}

#[test]
fn a_map_is_an_image_in_which_a_click_and_the_arrows_pick_a_pixel() {
    let mut harness = map_of("polymer_map.txt");
    let at = pixel(&harness, 4, 2);
    press(&mut harness, at);
    assert_eq!(session(&harness).active().unwrap().row, Some(2 * 12 + 4));
    keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    keys(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(session(&harness).active().unwrap().row, Some(3 * 12 + 3));
    harness.get_by_label_contains("Plot of 2 curves");
}

#[test]
fn another_band_and_another_measure_are_other_values() {
    let mut harness = map_of("polymer_map.txt");
    let at = pixel(&harness, 4, 2);
    press(&mut harness, at);
    harness.hover_at(Pos2::new(5.0, 5.0));
    settle(&mut harness);
    let first = reading(&harness, 29);
    let band = harness.get_by_label("Band").rect().center();
    harness.drag_at(band);
    harness.step();
    harness.hover_at(band + eframe::egui::vec2(60.0, 0.0));
    harness.step();
    harness.drop_at(band + eframe::egui::vec2(60.0, 0.0));
    harness.step();
    harness.hover_at(Pos2::new(5.0, 5.0));
    settle(&mut harness);
    let moved = reading(&harness, 29);
    assert_ne!(first, moved);
    harness.get_by_label_contains("Measure, ").click();
    settle(&mut harness);
    click(&mut harness, "Mean intensity");
    settle(&mut harness);
    harness.hover_at(Pos2::new(5.0, 5.0));
    settle(&mut harness);
    assert_ne!(reading(&harness, 29), moved);
    harness.get_by_label_contains("Mean intensity (");
}

#[test]
fn a_series_is_a_curve_in_which_a_click_picks_a_spectrum() {
    let mut harness = map_of("calcite_quartz_series.spc");
    let plots: Vec<Pos2> =
        harness.query_all_by_label_contains("Plot of 1 curve").map(|node| node.rect().center()).collect();
    let below = plots.into_iter().max_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
    press(&mut harness, below);
    // The middle of eleven spectra, give or take what the margins of the plot shift.
    let row = session(&harness).active().unwrap().row.unwrap();
    assert!((4..=6).contains(&row), "{row}");
    keys(&mut harness, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(session(&harness).active().unwrap().row, Some(row + 1));
}

#[test]
fn a_single_spectrum_is_no_map_and_the_way_to_the_maps_is_one_click() {
    let mut harness = with_sample("polymer_map.txt");
    drop_files(&mut harness, &[sample("polystyrene.spc")]);
    keys(&mut harness, Modifiers::COMMAND, Key::Num2);
    harness.get_by_label("The active spectrum is no map");
    harness.get_by_label_contains(", 120 spectra").click();
    until(&mut harness, "the image is there", |h| {
        h.query_by_label_contains("Map of 12 by 10 places").is_some()
    });
}

/// The substance with the largest share in a pixel.
fn largest(rows: &[BatchRow], pixel: usize) -> String {
    let row = rows.iter().find(|row| row.of.row == Some(pixel)).expect("every pixel has an answer");
    row.shares[0].name.clone()
}

#[test]
fn shares_over_the_sample_map_show_three_regions() {
    let mut harness = with_sample("polymer_map.txt");
    choose_methods(&mut harness, &["NNOLS"]);
    click(&mut harness, "On all selected");
    settle(&mut harness);
    let document = session(&harness).document();
    let rows = session(&harness).answers().batch(document.batches[0].id).unwrap().rows.clone();
    assert_eq!(rows.len(), 120);
    let mut regions: BTreeMap<String, usize> = BTreeMap::new();
    (0..120).for_each(|pixel| *regions.entry(largest(&rows, pixel)).or_default() += 1);
    // Polyethylene is like long alkanes to a method that knows no shifts: its region is the one that is neither of the
    // two others.
    let of = |name: &str| regions.get(name).copied().unwrap_or_default();
    let (styrene, propylene) = (of("Polystyrene"), of("Polypropylene"));
    assert!(styrene >= 20 && propylene >= 20 && 120 - styrene - propylene >= 20, "{regions:?}");
    let corners = [largest(&rows, 0), largest(&rows, 11), largest(&rows, 114)];
    assert_eq!([corners[0].as_str(), corners[2].as_str()], ["Polystyrene", "Polypropylene"]);
    assert!(!["Polystyrene", "Polypropylene"].contains(&corners[1].as_str()), "{corners:?}");
    keys(&mut harness, Modifiers::COMMAND, Key::Num2);
    click(&mut harness, "Shares of substances");
    settle(&mut harness);
    for substance in &corners {
        harness.get_by_label(&format!("Enlarge {substance}"));
    }
    click(&mut harness, "Enlarge Polypropylene");
    let at = pixel(&harness, 11, 0);
    press(&mut harness, at);
    assert_eq!(session(&harness).active().unwrap().row, Some(11));
    click(&mut harness, "All substances");
    harness.get_by_label("Enlarge Polystyrene");
}
