//! The offer above the plot of a spectrum that may be CARS. Nothing is done before the user says so.

use std::collections::BTreeSet;

use eframe::egui::{Button, Ui};

use crate::app::view::View;
use crate::app::widgets::{one_line, sign_button};
use crate::app::wish::{Wish, Wishes};
use crate::methods::recovery::{Suggestion, suggestion};
use crate::session::{ItemId, Subject, Version};

/// What was found out about the spectra looked at.
#[derive(Default)]
pub struct OfferState {
    looked_at: Option<(Subject, Version, Option<Suggestion>)>,
    /// Spectra whose offer the user has closed.
    declined: BTreeSet<ItemId>,
}

impl OfferState {
    /// Why the active spectrum may be CARS.
    pub fn suggestion(&mut self, view: &View) -> Option<Suggestion> {
        let subject = view.session.active()?;
        let version = view.derived.version(subject)?;
        if let Some((seen, of, found)) = self.looked_at
            && (seen, of) == (subject, version)
        {
            return found;
        }
        // The spectrum as measured: a baseline taken off hides the shape.
        let found = view.derived.raw(subject).and_then(|raw| suggestion(&raw));
        self.looked_at = Some((subject, version, found));
        found
    }
}

/// Draws the offer where there is one.
pub fn offer_ui(ui: &mut Ui, view: &View, state: &mut OfferState, wishes: &mut Wishes) {
    let Some(subject) = view.session.active() else { return };
    if state.declined.contains(&subject.item) || view.work.cars.of(subject).is_some() {
        return;
    }
    let Some(found) = state.suggestion(view) else { return };
    ui.horizontal(|ui| {
        let tip = "By phase retrieval and by a network, side by side; nothing in the list is changed";
        if ui.add(Button::new("Recover its Raman spectrum")).on_hover_text(tip).clicked() {
            wishes.push(Wish::RecoverCars(subject));
        }
        if sign_button(ui, "×", "Do not offer this again").clicked() {
            state.declined.insert(subject.item);
        }
        one_line(ui, found.sentence());
    });
}
