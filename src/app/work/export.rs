//! Exports on their way: from the form to files.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::app::app::App;
use crate::app::dialogs::Dialog;
use crate::app::export::{
    Compared, CurvesSketch, Delivered, ExportForm, MapSketch, Order, Parcel, Piece, Places, Print,
    RecoveredParcel, ReportParcel, Sketch, What, deliver, short_stem, unique_stems,
};
use crate::app::panels::spectra::drawn;
use crate::app::screen::Tab;
use crate::app::theme::Theme;
use crate::app::view::View;
use crate::jobs::{Failure, Handle, Lane};
use crate::session::{BatchTable, Data};

use super::{CarsMethod, CarsState};

/// Exports under way, and what the places look like that the open dialog speaks of.
#[derive(Default)]
pub struct Exports {
    running: Vec<(ExportForm, Handle<Infallible, Delivered>)>,
    looked: Option<(Order, Places)>,
    looking: Option<(Order, Handle<Infallible, Places>)>,
}

impl Exports {
    /// What is known about the disk where an order goes; of an order just changed what was known before. True when it is
    /// about this very order.
    pub fn places(&self, order: &Order) -> Option<(&Places, bool)> {
        self.looked.as_ref().map(|(of, places)| (places, of == order))
    }
}

impl App {
    /// Opens the dialog of an export.
    pub(in crate::app) fn ask_export(&mut self, what: What) {
        let document = Arc::clone(self.session.document());
        let active = self.session.active();
        let name = active.map(|subject| match (what, document.item(subject.item)) {
            (What::Spectra | What::Batch, Some(item)) => item.name.clone(),
            _ => document.subject_name(subject),
        });
        let stem = short_stem(name.as_deref().unwrap_or("spectra"));
        let mut form = ExportForm::new(what, stem, self.screen.export.clone());
        match what {
            What::Components => {
                let done = self.compared().map(|compared| {
                    let named = |(id, outcome): &(&str, &Arc<_>)| named(id, outcome);
                    compared.done().iter().map(named).collect()
                });
                form.methods = done.unwrap_or_default();
            }
            What::Recovered => {
                let answers = active.and_then(|subject| self.work.cars.of(subject));
                let methods = answers.iter().flat_map(|answers| &answers.methods);
                let done = methods.filter(|method| method.done().is_some());
                form.methods = done.map(|method| (method.id.clone(), method.name.clone())).collect();
            }
            What::Spectra => {
                let items = self.session.selection().iter().filter_map(|id| document.item(*id));
                form.spectra = unique_stems(items.map(|item| item.name.as_str()));
                let row = active.filter(|subject| subject.row.is_some());
                form.row = row.map(|subject| short_stem(&document.subject_name(subject)));
                form.only_row = form.row.is_some();
            }
            What::Figure => form.picture = self.sketch().picture(),
            _ => {}
        }
        form.propose();
        self.dialog = Some(Dialog::Export(Box::new(form)));
    }

    /// The user chose a path in the dialog of the system.
    pub(in crate::app) fn place_chosen(&mut self, paths: &[PathBuf]) {
        if let (Some(Dialog::Export(form)), Some(path)) = (&mut self.dialog, paths.first()) {
            form.path = path.display().to_string();
            form.typed();
        }
    }

    /// Begins to write.
    pub(in crate::app) fn export(&mut self, form: ExportForm) {
        let order = form.order();
        let Some(parcel) = self.parcel(&form).filter(|_| order.complete()) else {
            self.notices.error("There is nothing to export any more, or no path to export it to");
            return;
        };
        let replace = form.replace.clone();
        let handle = self
            .jobs
            .submit(form.what.title(), Lane::Quick, move |ticket| deliver(&parcel, &order, &replace, ticket));
        self.work.exports.running.push((form, handle));
    }

    /// Takes in what became of exports, and looks where the open dialog points.
    pub(in crate::app) fn take_exports(&mut self) {
        let mut running = std::mem::take(&mut self.work.exports.running);
        running.retain_mut(|(form, handle)| {
            let Some(end) = handle.ended() else { return true };
            self.exported(form, end);
            false
        });
        running.append(&mut self.work.exports.running);
        self.work.exports.running = running;
        self.look_at_places();
    }

    fn exported(&mut self, form: &ExportForm, end: Result<Delivered, Failure>) {
        match end {
            Ok(Delivered::Written { files, warnings }) => {
                let folder = files.first().and_then(|file| file.parent());
                let sentence = match (files.as_slice(), folder) {
                    (_, Some(folder)) if form.several() => {
                        format!("Exported {} files to {}", files.len(), folder.display())
                    }
                    ([file], _) => format!("Exported to {}", file.display()),
                    _ => "Exported".to_owned(),
                };
                // Of several files the folder was made for them: the next export goes beside it.
                let kept = if form.several() { folder.and_then(|folder| folder.parent()) } else { folder };
                self.screen.export = form.settings.clone();
                self.screen.export.folder = kept.map(PathBuf::from);
                if warnings.is_empty() {
                    self.notices.good(sentence);
                } else {
                    self.notices.warning(format!("{sentence}, with {} remarks", warnings.len()), warnings);
                }
            }
            Ok(Delivered::Exists(files)) => {
                self.work.exports.looked = None;
                if self.dialog.is_none() {
                    self.dialog = Some(Dialog::Export(Box::new(form.clone())));
                } else {
                    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                    self.notices
                        .errors("Nothing was exported: files of these names are there already", names);
                }
            }
            Err(Failure::Cancelled) => self.notices.info(format!("{} was cancelled", form.what.title())),
            Err(failure) => self.notices.error(failure.to_string()),
        }
    }

    /// Which files are there already where the dialog points, for the dialog to say so.
    fn look_at_places(&mut self) {
        let exports = &mut self.work.exports;
        if let Some((order, handle)) = &mut exports.looking
            && let Some(end) = handle.ended()
        {
            exports.looked = end.ok().map(|places| (order.clone(), places));
            exports.looking = None;
        }
        let Some(Dialog::Export(form)) = &self.dialog else {
            exports.looked = None;
            return;
        };
        let order = form.order();
        if exports.looking.is_some() || exports.looked.as_ref().is_some_and(|(of, _)| *of == order) {
            return;
        }
        let asked = order.clone();
        let handle = self.jobs.submit("Looking at the folder", Lane::Quick, move |_| Ok(asked.places()));
        exports.looking = Some((order, handle));
    }

    /// The comparison that is looked at.
    fn compared(&self) -> Option<Compared> {
        let document = self.session.document();
        let subject = self.session.active()?;
        let shown = self.panels.compare.shown.and_then(|id| document.comparison(id));
        let comparison =
            shown.filter(|c| c.subject == subject).or_else(|| document.comparison_of(subject))?;
        Some(Compared {
            comparison: Arc::clone(comparison),
            document: Arc::clone(document),
            answers: Arc::clone(self.session.answers()),
            cache: Arc::clone(&self.work.cache),
        })
    }

    /// The curves of the main plot, in the colours of the light theme.
    fn curves(&mut self) -> CurvesSketch {
        let mut state = std::mem::take(&mut self.panels.spectra);
        let view = View { theme: Theme::get(false), ..self.view() };
        let shown = drawn(&view, &self.screen.plot, &mut state);
        let sketch = CurvesSketch { shown, view: self.screen.plot.clone(), seen: state.seen };
        self.panels.spectra = state;
        sketch
    }

    /// The map that is looked at, as far as its images are made.
    fn map(&self) -> Option<MapSketch> {
        let item = self.session.document().item(self.session.active()?.item)?;
        let Data::Set(set) = &item.raw else { return None };
        let layers = self.panels.map.layers(&self.view(), item, set);
        (!layers.is_empty()).then(|| MapSketch { set: Arc::clone(set), layers })
    }

    /// What stands in the middle; the curves where that is no picture.
    fn sketch(&mut self) -> Sketch {
        let look = self.screen.plot.clone();
        let shown = match self.screen.tab {
            Tab::Compare => self
                .compared()
                .filter(|compared| !compared.done().is_empty())
                .map(|compared| Sketch::Comparison(compared, look)),
            Tab::Map => self.map().map(Sketch::Map),
            Tab::Spectra | Tab::Table | Tab::Cars | Tab::Train => None,
        };
        shown.unwrap_or_else(|| Sketch::Curves(self.curves()))
    }

    /// Everything that an export needs, shared with the session.
    fn parcel(&mut self, form: &ExportForm) -> Option<Parcel> {
        let document = Arc::clone(self.session.document());
        let settings = &form.settings;
        let separator = settings.separator();
        Some(match form.what {
            What::Components => {
                let methods = form.chosen_methods().map(str::to_owned).collect();
                Parcel::Components { compared: self.compared()?, methods }
            }
            What::Recovered => Parcel::Recovered(self.recovered(form)?),
            What::Table => Parcel::Table(self.compared()?, separator),
            What::Batch => {
                let (table, rows) = self.batch_rows()?;
                Parcel::Batch { document, table, rows, separator }
            }
            What::Curves => {
                let CurvesSketch { shown, view, .. } = self.curves();
                Parcel::Curves { shown, view, normalised: settings.normalised, separator }
            }
            What::Spectra => Parcel::Spectra {
                pieces: self.pieces(form),
                document,
                format: settings.format,
                options: settings.options(),
            },
            What::Figure => {
                let sketch = Box::new(self.sketch());
                let [width_mm, height_mm] = form.picture.size_mm(settings);
                let print = Print { width_mm, height_mm, font_pt: settings.font_pt };
                Parcel::Figure { sketch, print, format: settings.figure, dpi: settings.dpi }
            }
            What::Report => Parcel::Report(Box::new(self.report())),
        })
    }

    /// The table of many spectra that is shown, with its rows as they are filtered and sorted.
    fn batch_rows(&self) -> Option<(Arc<BatchTable>, Vec<usize>)> {
        let (batch, rows) = self.panels.table.shown_rows(&self.session)?;
        Some((Arc::clone(self.session.answers().batch(batch)?), rows))
    }

    /// What the chosen methods recovered from the active spectrum, and why others have nothing to say.
    fn recovered(&self, form: &ExportForm) -> Option<RecoveredParcel> {
        let subject = self.session.active()?;
        let document = self.session.document();
        let item = document.item(subject.item)?;
        let answers = self.work.cars.of(subject)?;
        let wanted = |id: &str| form.method.as_deref().is_none_or(|only| only == id);
        let told = |method: &CarsMethod| {
            let answer = match &method.answer {
                CarsState::Done(named) => Ok(Arc::clone(named)),
                CarsState::Failed(why) => Err(why.clone()),
                CarsState::Open => return None,
            };
            Some((method.id.clone(), answer))
        };
        Some(RecoveredParcel {
            path: item.source.path.clone(),
            number: subject.row.map_or(item.source.number, |row| row + 1),
            title: document.subject_name(subject),
            methods: answers.methods.iter().filter(|method| wanted(&method.id)).filter_map(told).collect(),
        })
    }

    fn pieces(&self, form: &ExportForm) -> Vec<Piece> {
        let document = self.session.document();
        if form.only_row
            && let Some(subject) = self.session.active()
            && let Some(item) = document.item(subject.item)
        {
            let name = document.subject_name(subject);
            return vec![Piece { item: Arc::clone(item), row: subject.row, name }];
        }
        let items = self.session.selection().iter().filter_map(|id| document.item(*id));
        items.map(|item| Piece { item: Arc::clone(item), row: None, name: item.name.clone() }).collect()
    }

    fn report(&mut self) -> ReportParcel {
        let curves = self.curves();
        let file = self.session.path().and_then(|path| path.file_stem());
        let session =
            file.map_or_else(|| "Raman report".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let mut sketches = Vec::new();
        if !curves.shown.is_empty() {
            sketches.push(("The curves in view.".to_owned(), Sketch::Curves(curves)));
        }
        if let Some(map) = self.map() {
            sketches.push(("The map.".to_owned(), Sketch::Map(map)));
        }
        ReportParcel {
            session,
            now: SystemTime::now(),
            document: Arc::clone(self.session.document()),
            answers: Arc::clone(self.session.answers()),
            cache: Arc::clone(&self.work.cache),
            sketches,
        }
    }
}

fn named(id: &str, outcome: &crate::methods::Outcome) -> (String, String) {
    (id.to_owned(), outcome.method_name.clone())
}
