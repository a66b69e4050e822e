//! Browsing and searching reference spectra.

use eframe::egui::{Key, Pos2, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use unravel::session::LibraryId;

use super::desk::Desk;
use super::sample;

fn mixture() -> Desk {
    Desk::new("Library", &["calcite_quartz_mixture.csv"])
}

#[test]
fn calcite_is_found_by_its_formula_and_laid_over_the_plot() {
    let mut desk = mixture();
    assert!(!desk.shows("Remove references"));
    desk.type_into("Find in library", "CaCO3");
    assert!(desk.window.query_by_role_and_label(Role::Button, "Gypsum").is_none(), "{}", desk.text());
    desk.click_role(Role::Button, "Calcite");
    assert!(desk.shows("Strongest lines"), "{}", desk.text());
    desk.click("Remove references");
    assert!(!desk.shows("Remove references"));
}

#[test]
fn an_entry_is_dragged_into_the_plot() {
    let mut desk = mixture();
    desk.type_into("Find in library", "CaCO3");
    let from = desk.window.get_by_role_and_label(Role::Button, "Calcite").rect().center();
    let to = Pos2::new(600.0, 400.0);
    desk.window.hover_at(from);
    desk.window.step();
    desk.window.drag_at(from);
    desk.window.step();
    for part in [0.2, 0.5, 1.0] {
        desk.window.hover_at(from + part * (to - from));
        desk.window.step();
    }
    assert!(!desk.shows("Remove references"));
    desk.window.drop_at(to);
    desk.rest();
    assert!(desk.shows("Remove references"));
}

#[test]
fn the_search_ranks_calcite_first_and_the_arrow_keys_walk_through_the_hits() {
    let mut desk = mixture();
    desk.ctrl(Key::F);
    desk.wait("the search", |desk| desk.shows("1. Calcite, score"));
    assert!(desk.shows("calcite quartz mixture"));
    assert!(!desk.shows("Remove references"));
    desk.window.key_press(Key::ArrowDown);
    desk.rest();
    assert!(desk.shows("Remove references"), "the first hit is laid over the plot");
    let marked = |desk: &Desk| {
        let hits = desk.window.get_all_by_role(Role::Button);
        let focused = hits.filter(egui_kittest::Node::is_focused);
        focused.map(|hit| hit.rect().top()).collect::<Vec<_>>()
    };
    let first = marked(&desk);
    desk.window.key_press(Key::ArrowDown);
    desk.rest();
    let second = marked(&desk);
    assert!(first.len() == 1 && second.len() == 1 && second[0] > first[0], "{first:?} {second:?}");
}

#[test]
fn hits_of_another_spectrum_are_marked_as_such() {
    let mut desk = Desk::new("Library", &["calcite_quartz_mixture.csv", "quartz_rruff.txt"]);
    desk.click_role(Role::Button, "Search");
    desk.wait("the search", |desk| desk.shows("1. "));
    let active = desk.active().id;
    let other = desk.document().items.iter().find(|item| item.id != active).unwrap().name.clone();
    desk.choose(&other);
    assert!(desk.shows("These hits belong to another spectrum"), "{}", desk.text());
    desk.click("Search again");
    desk.wait("the second search", |desk| !desk.shows("These hits belong to another spectrum"));
}

#[test]
fn a_spectrum_is_added_to_my_library_found_there_and_removed() {
    let mut desk = Desk::new("Library", &["quartz_rruff.txt"]);
    desk.click("Add active spectrum to my library…");
    desk.type_into("Formula", "SiO2");
    desk.type_into("Name of the substance", " of mine");
    desk.click_role(Role::Button, "Add");
    let name = desk.document().open_library(LibraryId::MINE).unwrap().library.entries()[0].facts.name.clone();
    assert!(name.ends_with("of mine"), "{name}");
    let open = desk.document().chosen_library().unwrap();
    let combo = format!("Library, {} ({} entries)", open.library.name, open.library.len());
    desk.click(&combo);
    desk.click("My library (1 entry)");
    assert_eq!(desk.document().library, LibraryId::MINE);
    desk.type_into("Find in library", "sio2 mine");
    desk.click_role(Role::Button, &name);
    assert!(desk.shows("Remove references"));
    desk.click(&format!("Remove {name} from my library"));
    assert!(desk.document().open_library(LibraryId::MINE).unwrap().library.is_empty());
    assert!(desk.shows("This library is empty"));
}

#[test]
fn a_library_is_opened_by_its_path_and_closing_it_goes_back_to_the_default_one() {
    let mut desk = mixture();
    desk.click("Type a path…");
    desk.type_into("File or folder", &sample("quartz_rruff.txt").display().to_string());
    desk.click_role(Role::Button, "Open");
    desk.wait("opening the library", |desk| desk.document().libraries.len() == 3);
    assert_eq!(desk.document().chosen_library().unwrap().library.len(), 1);
    desk.click_role(Role::Button, "Close");
    assert_eq!((desk.document().library, desk.document().libraries.len()), (LibraryId::DEFAULT, 2));
}

#[test]
fn a_search_that_cannot_be_done_says_why() {
    let mut desk = mixture();
    desk.click_role(Role::Button, "Search");
    desk.wait("the search", |desk| desk.shows("1. "));
    desk.click("Options");
    desk.click("Add range");
    desk.wait("the search in one range", |desk| desk.shows("1. Calcite"));
    desk.window.get_by_role_and_label(Role::SpinButton, "Range 1 from, in cm⁻¹").set_value_accesskit(9_000.0);
    desk.wait("the reason", |desk| desk.shows("not usable"));
}
