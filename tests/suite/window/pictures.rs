//! The pictures of the README: the main states of the window, in two sizes, light and dark.

use std::path::PathBuf;

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};

use super::drive::{Window, compare, sized};
use super::{sample, session, settle, until};

/// One main state of the window.
struct State {
    /// Name of its pictures.
    name: &'static str,
    /// Samples that are open.
    samples: &'static [&'static str],
    /// What stands in the middle.
    tab: &'static str,
    /// What stands on the right.
    side: &'static str,
    /// What the user does first.
    act: fn(&mut Window),
}

const STATES: &[State] = &[
    State { name: "empty", samples: &[], tab: "Spectra", side: "Methods", act: |_| {} },
    State {
        name: "spectra",
        samples: &["calcite_quartz_mixture.csv", "quartz_rruff.txt", "unknown_powder.spc"],
        tab: "Spectra",
        side: "Details",
        act: |window| {
            for key in [Key::N, Key::S, Key::P] {
                window.key_press_modifiers(Modifiers::ALT, key);
                window.run_steps(2);
            }
        },
    },
    State {
        name: "prepare",
        samples: &["pain_tablet.jdx"],
        tab: "Spectra",
        side: "Prepare",
        act: |window| window.get_by_label("Flatten and smooth").click(),
    },
    State {
        name: "comparison",
        samples: &["calcite_quartz_mixture.csv"],
        tab: "Compare",
        side: "Methods",
        act: compare,
    },
    State { name: "map", samples: &["polymer_map.txt"], tab: "Map", side: "Methods", act: |_| {} },
    State {
        name: "table",
        samples: &["calcite_quartz_series.spc"],
        tab: "Table",
        side: "Methods",
        act: |window| {
            window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
            until(window, "the table is full", |w| {
                let session = session(w);
                let rows = session.answers().batches().map(|(_, table)| table.rows.len()).max().unwrap_or(0);
                let wanted =
                    session.document().batches.last().map(|b| b.subjects.len() * b.ask.methods.len());
                wanted == Some(rows)
            });
        },
    },
    State {
        name: "cars",
        samples: &["toluene_cars.csv"],
        tab: "Spectra",
        side: "Methods",
        act: |window| {
            window.key_press_modifiers(Modifiers::COMMAND, Key::R);
            until(window, "every method has answered", |w| {
                w.query_by_label_contains("Maximum entropy · ").is_some() && !w.state().busy()
            });
        },
    },
];

/// The look of a picture, as it is saved. Methods that take long are left out of the table.
fn screen(state: &State, dark: bool) -> Value {
    let look = if dark { "Dark" } else { "Light" };
    let mut screen = json!({ "tab": state.tab, "side": state.side, "look": look });
    if state.tab == "Table" {
        screen["methods"] = json!({ "chosen": ["nnomp", "nnls", "sunsal"] });
    }
    screen
}

#[test]
#[ignore = "writes the pictures of the README: UNRAVEL_PICTURES=docs/pictures cargo test --test suite pictures -- --ignored"]
fn the_pictures_of_the_readme() {
    let folder =
        PathBuf::from(std::env::var_os("UNRAVEL_PICTURES").expect("UNRAVEL_PICTURES names a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    for state in STATES {
        for (size, wide) in [([1280.0, 800.0], "1280"), ([1920.0, 1080.0], "1920")] {
            for (dark, look) in [(false, "light"), (true, "dark")] {
                let files = state.samples.iter().map(|name| sample(name)).collect();
                let mut window = sized(size, files, &screen(state, dark));
                settle(&mut window);
                (state.act)(&mut window);
                window.remove_cursor();
                settle(&mut window);
                let picture = window.render().unwrap();
                picture.save(folder.join(format!("{}_{wide}_{look}.png", state.name))).unwrap();
            }
        }
    }
}
