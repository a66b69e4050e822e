//! Undo through the window: whatever was done, everything is taken back and done again, with all panels drawn.

use std::sync::Arc;

use eframe::egui::{Key, Modifiers};
use serde_json::json;
use unravel::library::Facts;
use unravel::session::{Colour, Command, Data, Document, ItemId, NewItem, Source, UNDO_STEPS};
use unravel::spectrum::{Axis, AxisKind, Metadata, Spectrum};

use super::drive::{Window, opened};
use super::{drop_files, sample, session, settle};

/// Commands of one run: more than half of what is kept for undo, with drags that make one step of several.
const STEPS: usize = 300;

/// Marsaglia's xorshift: the same run on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

fn curve(number: usize) -> Spectrum {
    let axis = Axis::even(AxisKind::RamanShift, 200.0, 1_800.0, 64).unwrap();
    let y: Vec<f32> = (0..64).map(|i| ((i * (number + 3)) % 17) as f32).collect();
    Spectrum::new(axis, y, Metadata::titled(format!("curve {number}"))).unwrap()
}

fn random_command(dice: &mut Dice, document: &Document, number: usize) -> Command {
    let ids: Vec<ItemId> = document.items.iter().map(|item| item.id).collect();
    let new = NewItem {
        name: format!("curve {number}"),
        raw: Data::Curve(curve(number)),
        source: Source::default(),
        warnings: Vec::new(),
        group: String::new(),
    };
    if ids.len() < 2 {
        return Command::Add(vec![new]);
    }
    let (one, other) = (dice.pick(&ids), dice.pick(&ids));
    let both = if one == other { vec![one] } else { vec![one, other] };
    let steps = ["", "despike", "arpls", "crop:300-900|normalize:max", "snip|despike"];
    match dice.below(14) {
        0 | 1 => Command::Add(vec![new]),
        2 => Command::Remove(vec![one]),
        3 => Command::Rename(one, format!("name {number}")),
        4 => Command::Show(both, dice.below(2) == 0),
        5 => Command::ShowOnly(both),
        6 => Command::Paint(one, Colour::Slot(dice.below(12))),
        7 => Command::Group(both, dice.pick(&["", "one", "two"]).to_owned()),
        8 => Command::Move(both, dice.below(ids.len() + 1)),
        9 | 10 => Command::Prepare(both, dice.pick(&steps).parse().unwrap()),
        11 => Command::SetTruths(one, ids.iter().copied().filter(|id| *id != one).take(2).collect()),
        12 => Command::SaveRecipe(
            dice.pick(&["a", "b", "c"]).to_owned(),
            dice.pick(&steps[1..]).parse().unwrap(),
        ),
        _ => Command::AddToMine(Facts::named(format!("mine {number}")), curve(number)),
    }
}

fn document(window: &Window) -> Arc<Document> {
    Arc::clone(session(window).document())
}

/// Presses keys until nothing is left to do; gives how often.
fn press_out(window: &mut Window, modifiers: Modifiers, key: Key, left: impl Fn(&Window) -> bool) -> usize {
    let mut pressed = 0;
    while left(window) {
        window.key_press_modifiers(modifiers, key);
        window.step();
        pressed += 1;
        assert!(pressed <= UNDO_STEPS, "a step of undo that does nothing");
    }
    pressed
}

fn all_back_and_forth(seed: u64, tab: &str, side: &str) {
    let screen = json!({ "tab": tab, "side": side, "look": "Light" });
    let mut window = opened(Vec::new(), &screen);
    let first = document(&window);
    drop_files(&mut window, &[sample("polystyrene.spc"), sample("polymer_map.txt")]);
    assert_eq!(document(&window).items.len(), 2);
    let mut dice = Dice(seed);
    for number in 0..STEPS {
        let now = document(&window);
        let command = random_command(&mut dice, &now, number);
        window.state_mut().wish_command(command);
        window.step();
    }
    settle(&mut window);
    let last = document(&window);
    let undone = press_out(&mut window, Modifiers::COMMAND, Key::Z, |w| session(w).undo_label().is_some());
    assert!(undone >= STEPS / 2, "{undone} steps of {STEPS} commands");
    assert!(*document(&window) == *first, "all taken back is the empty window");
    settle(&mut window);
    let redone = press_out(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z, |w| {
        session(w).redo_label().is_some()
    });
    assert_eq!(redone, undone);
    assert!(*document(&window) == *last, "all done again is what it was");
    settle(&mut window);
}

/// Slow because three hundred frames and as many for undo and redo are drawn in the dev profile.
#[test]
fn three_hundred_commands_are_taken_back_and_done_again_beside_the_curves() {
    all_back_and_forth(0x9e37_79b9_7f4a_7c15, "Spectra", "Prepare");
}

/// Slow for the same reason.
#[test]
fn three_hundred_commands_are_taken_back_and_done_again_beside_the_map_and_the_library() {
    all_back_and_forth(0x2545_f491_4f6c_dd1d, "Map", "Library");
}
