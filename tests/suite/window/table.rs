//! Results of many spectra: rows stream in, sort, filter; a run can be cancelled, undone and taken up again.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use unravel::app::App;
use unravel::session::{BatchRow, Command, ItemId};

use super::{choose_methods, click, keys, session, settle, type_text, until, window, with_sample};

/// The rows of the newest table.
fn rows(harness: &Harness<'_, App>) -> Vec<BatchRow> {
    let session = session(harness);
    let Some(batch) = session.document().batches.last() else { return Vec::new() };
    session.answers().batch(batch.id).map(|table| table.rows.clone()).unwrap_or_default()
}

/// Labels of the rows on the screen from top to bottom.
fn shown(harness: &Harness<'_, App>) -> Vec<String> {
    let mut nodes: Vec<(f32, String)> = harness
        .query_all_by_label_contains(", spectrum ")
        .filter_map(|node| Some((node.rect().top(), node.accesskit_node().label()?)))
        .filter(|(_, label)| label.ends_with("NNLS") || label.ends_with("NNOLS"))
        .collect();
    nodes.sort_by(|a, b| a.0.total_cmp(&b.0));
    nodes.into_iter().map(|(_, label)| label).collect()
}

fn series() -> Harness<'static, App> {
    let mut harness = with_sample("calcite_quartz_series.spc");
    choose_methods(&mut harness, &["NNLS", "NNOLS"]);
    click(&mut harness, "On all selected");
    settle(&mut harness);
    harness
}

/// A method that 120 spectra keep busy long enough to be stopped by hand, in this profile.
const UNHURRIED: &str = if cfg!(debug_assertions) { "NNOLS" } else { "NNLS" };

#[test]
fn an_empty_table_says_how_to_fill_it() {
    let mut harness = with_sample("polystyrene.spc");
    keys(&mut harness, Modifiers::COMMAND, Key::Num4);
    harness.get_by_label("No results of many spectra yet");
    harness.get_by_label("Compare on all selected");
}

#[test]
fn a_series_gives_a_row_for_each_method_and_spectrum_that_sorts_and_filters() {
    let mut harness = series();
    assert_eq!(rows(&harness).len(), 11 * 2);
    harness.get_by_label("22 rows");
    click(&mut harness, "Sort by Calcite");
    assert!(shown(&harness)[0].contains(", spectrum 1, "), "{:?}", shown(&harness));
    click(&mut harness, "Sort by Calcite");
    assert!(!shown(&harness)[0].contains(", spectrum 1, "), "{:?}", shown(&harness));
    harness.get_by_label("Filter rows").click();
    harness.run_ok();
    type_text(&mut harness, "calcite > 0.6 and nnols");
    harness.run_ok();
    let left = shown(&harness);
    assert!(!left.is_empty() && left.len() < 11 && left.iter().all(|l| l.ends_with("NNOLS")), "{left:?}");
    let first = left[0].clone();
    click(&mut harness, &first);
    let row = session(&harness).active().unwrap().row.unwrap();
    assert!(first.contains(&format!(", spectrum {}, ", row + 1)));
    click(&mut harness, "Compare this one");
    settle(&mut harness);
    let document = session(&harness).document();
    assert_eq!(document.comparisons.last().unwrap().ask.methods.len(), 2);
}

#[test]
fn a_cancelled_run_keeps_its_rows_and_can_be_undone_and_taken_up_again() {
    let mut harness = with_sample("polymer_map.txt");
    choose_methods(&mut harness, &[UNHURRIED]);
    click(&mut harness, "On all selected");
    until(&mut harness, "some rows are there", |h| !rows(h).is_empty());
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    let some = rows(&harness).len();
    assert!(some > 0 && some < 120, "{some}");
    keys(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(session(&harness).document().batches.is_empty());
    keys(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(rows(&harness).len(), some);
    click(&mut harness, "Run the rest");
    settle(&mut harness);
    assert_eq!(rows(&harness).len(), 120);
    let places: Vec<(usize, String)> = rows(&harness).into_iter().map(|r| (r.subject, r.method)).collect();
    assert!(places.windows(2).all(|w| w[0] < w[1]));
}

#[test]
fn undo_of_a_run_and_removing_its_spectra_stop_it() {
    for undo in [true, false] {
        let mut harness = with_sample("polymer_map.txt");
        choose_methods(&mut harness, &[UNHURRIED]);
        click(&mut harness, "On all selected");
        until(&mut harness, "some rows are there", |h| !rows(h).is_empty());
        let id = session(&harness).document().batches[0].id;
        if undo {
            keys(&mut harness, Modifiers::COMMAND, Key::Z);
        } else {
            let ids: Vec<ItemId> = session(&harness).document().items.iter().map(|item| item.id).collect();
            harness.state_mut().wish_command(Command::Remove(ids));
        }
        until(&mut harness, "the run has stopped", |h| !h.state().busy());
        harness.run_ok();
        let some = session(&harness).answers().batch(id).map_or(0, |table| table.rows.len());
        assert!(some > 0 && some < 120, "{some}");
    }
}

#[test]
fn changed_spectra_are_run_again_in_a_new_table() {
    let mut harness = series();
    let id = session(&harness).document().items[0].id;
    harness.state_mut().wish_command(Command::Prepare(vec![id], "crop:300-1400".parse().unwrap()));
    settle(&mut harness);
    harness.get_by_label_contains("11 spectra changed since");
    click(&mut harness, "Run again on changed spectra");
    until(&mut harness, "all rows are new", |h| !h.state().busy() && rows(h).len() == 22);
    assert_eq!(session(&harness).document().batches.len(), 2);
    click(&mut harness, "Remove table");
    assert_eq!(session(&harness).document().batches.len(), 1);
}

#[test]
fn the_start_has_no_table_to_show() {
    let mut harness = window();
    keys(&mut harness, Modifiers::COMMAND, Key::Num4);
    assert!(rows(&harness).is_empty());
}
