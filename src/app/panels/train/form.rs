//! What is to be trained, as far as the user has said.

use eframe::egui::{DragValue, Role, TextEdit, Ui, WidgetInfo};

use super::pick::{Pick, picks};
use crate::app::view::View;
use crate::app::widgets::{choice, hint};
use crate::app::work::TrainOrder;
use crate::jobs::folder_name;
use crate::nets::Version;
use crate::session::{Document, ItemId};
use crate::spectrum::Spectrum;
use crate::train::ramixnet::{hindrances, usual_minutes};

/// Mixtures to begin with where the user sets their number.
const MIXTURES: u64 = 20_000;
/// Letters of a name that was made of the substances.
const NAME: usize = 40;

/// The form.
pub struct TrainForm {
    /// Spectra with their substances.
    pub picks: Vec<Pick>,
    /// Items that the form was made of.
    pub of: Vec<ItemId>,
    /// Substances whose spectra are listed.
    pub open: Vec<String>,
    /// Name of the model; one is made of the substances where the user gives none.
    name: Option<String>,
    version: Version,
    minutes: Option<f64>,
    samples: Option<u64>,
    /// What was looked at last, and what hinders it.
    checked: Option<(Vec<Pick>, Vec<String>)>,
}

impl Default for TrainForm {
    fn default() -> Self {
        Self {
            picks: Vec::new(),
            of: Vec::new(),
            open: Vec::new(),
            name: None,
            version: Version::II,
            minutes: None,
            samples: None,
            checked: None,
        }
    }
}

impl TrainForm {
    /// Of the selected spectra; what was set besides stays.
    pub fn take(&mut self, document: &Document, selection: &[ItemId]) {
        self.picks = picks(document, selection);
        self.of = selection.to_vec();
        self.open.clear();
        self.checked = None;
    }

    /// The substances in the order in which they come, with the number of spectra used of each.
    pub fn substances(&self) -> Vec<(String, usize)> {
        let mut all: Vec<(String, usize)> = Vec::new();
        for pick in &self.picks {
            let used = usize::from(pick.used);
            match all.iter_mut().find(|(name, _)| *name == pick.substance) {
                Some((_, count)) => *count += used,
                None => all.push((pick.substance.clone(), used)),
            }
        }
        all
    }

    /// What is written where the user gives no name.
    fn own_name(&self) -> String {
        joined(&self.used().into_iter().map(|(name, _)| name).collect::<Vec<_>>())
    }

    fn used(&self) -> Vec<(String, usize)> {
        self.substances().into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// Sentences about everything that keeps this from being trained.
    pub fn hindrances(&mut self, view: &View) -> Vec<String> {
        if self.picks.is_empty() {
            return vec![
                "Select the pure spectra of at least two substances in the list on the left".to_owned(),
            ];
        }
        if self.checked.as_ref().is_none_or(|(of, _)| *of != self.picks) {
            let measured: Vec<(String, Spectrum)> = self
                .picks
                .iter()
                .filter(|pick| pick.used)
                .filter_map(|pick| {
                    let item = view.document.item(pick.subject.item)?;
                    Some((pick.substance.trim().to_owned(), item.raw.spectrum(pick.subject.row)?))
                })
                .collect();
            self.checked = Some((self.picks.clone(), hindrances(&measured)));
        }
        let mut all = self.checked.as_ref().map(|(_, found)| found.clone()).unwrap_or_default();
        if self.picks.iter().any(|pick| pick.used && pick.substance.trim().is_empty()) {
            all.push("A substance has no name".to_owned());
        }
        let name = self.name();
        let (train, folder) = (&view.work.train, folder_name(&name));
        let taken = |path: &std::path::Path| path.file_name().is_some_and(|f| f.to_string_lossy() == folder);
        if train.shelf.models.iter().any(|m| taken(&m.folder))
            || train.shelf.unfinished.iter().any(|u| taken(&u.folder))
        {
            all.push(format!(
                "There is a model called {name} already: give this one another name, or delete that one"
            ));
        }
        if train.runs() {
            all.push("One model is trained at a time: this one can begin when the other is done".to_owned());
        }
        if !train.kept {
            all.push(
                "This system names no folder for your own data, so that no model can be kept".to_owned(),
            );
        }
        all
    }

    fn name(&self) -> String {
        match self.name.as_deref().map(str::trim) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.own_name(),
        }
    }

    /// What is to be done.
    pub fn order(&self) -> TrainOrder {
        let pures = self.picks.iter().filter(|pick| pick.used);
        TrainOrder {
            name: self.name(),
            version: self.version,
            minutes: self.minutes.unwrap_or_else(|| usual_minutes(self.used().len())),
            samples: self.samples,
            seed: 1,
            pures: pures.map(|pick| (pick.subject, pick.substance.clone())).collect(),
        }
    }
}

/// The substances, as many as fit, and how many more there are: two models are seldom called the same.
fn joined(names: &[String]) -> String {
    let first = |count: usize| match names.len() - count {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..count].join(", ")),
    };
    let fits = |name: &String| name.chars().count() <= NAME;
    (1..=names.len()).rev().map(first).find(fits).unwrap_or_else(|| format!("{} substances", names.len()))
}

/// Draws name, network, time and number of mixtures.
pub fn form_ui(ui: &mut Ui, form: &mut TrainForm) {
    let own = form.own_name();
    ui.horizontal(|ui| {
        let label = ui.label("Name of the model").id;
        let mut name = form.name.clone().unwrap_or_default();
        let field = TextEdit::singleline(&mut name).hint_text(own).desired_width(260.0);
        if ui
            .add(field)
            .labelled_by(label)
            .on_hover_text("Under this name it stands among the methods")
            .changed()
        {
            form.name = Some(name);
        }
    });
    ui.horizontal(|ui| {
        ui.label("Network");
        let all = [(Version::II, "II, names and doses"), (Version::I, "I, names only")];
        choice(ui, &mut form.version, &all);
    });
    ui.horizontal(|ui| {
        let label = ui.label("At most").id;
        let mut minutes = form.minutes.unwrap_or_else(|| usual_minutes(form.used().len()));
        let field = DragValue::new(&mut minutes).range(0.1..=600.0).speed(0.1).max_decimals(1).suffix(" min");
        let field = ui.add(field).labelled_by(label);
        field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Minutes at most"));
        if field.on_hover_text("It ends before where it gets no better").changed() {
            form.minutes = Some(minutes);
        }
        ui.add_space(12.0);
        ui.label("Mixtures");
        let mut given = form.samples.is_some();
        if choice(ui, &mut given, &[(false, "As many as needed"), (true, "This many")]) {
            form.samples = given.then_some(MIXTURES);
        }
        if let Some(samples) = &mut form.samples {
            let field = ui.add(DragValue::new(samples).range(64..=10_000_000).speed(100.0));
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Number of mixtures"));
        }
    });
    hint(
        ui,
        "It learns from mixtures that are made of these spectra while it is trained, on all cores; everything else can be used meanwhile.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_called_after_as_many_of_its_substances_as_fit() {
        let named = |names: &[&str]| joined(&names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            named(&["aniline", "o-xylene", "pyridine", "toluene"]),
            "aniline, o-xylene, pyridine, toluene"
        );
        let acids = ["alanine", "asparagine", "aspartic acid", "glutamic acid", "histidine", "glucosamine"];
        assert_eq!(named(&acids), "alanine, asparagine and 4 more");
        assert_eq!(named(&["a name that is longer than a model's may be", "water"]), "2 substances");
        assert_eq!(named(&[]), "0 substances");
    }
}
