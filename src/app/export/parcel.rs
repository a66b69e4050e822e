//! What an export is made of, and how it becomes files.

use std::convert::Infallible;
use std::sync::Arc;

use crate::app::derived::step_references;
use crate::app::plot::{PlotView, Shown, Still};
use crate::figure;
use crate::formats::Item as FormatItem;
use crate::formats::write::{Separator, WriteOptions, Written, encode};
use crate::jobs::{Failure, Ticket};
use crate::methods::export::{OutcomeRow, curves_csv as outcome_csv, summary_csv};
use crate::methods::score;
use crate::session::export::{batch_csv, curves_csv, curves_file, report, results_csv};
use crate::session::{Answer, BatchRow, BatchTable, Data, Document, Item};
use crate::spectrum::Spectrum;

use super::compared::Compared;
use super::recovered::RecoveredParcel;
use super::report::ReportParcel;
use super::settings::{FigureFormat, FileFormat};
use super::sketch::{Print, Sketch};

/// One item, or one row of it.
#[derive(Clone)]
pub struct Piece {
    /// The item.
    pub item: Arc<Item>,
    /// Only this row of a map.
    pub row: Option<usize>,
    /// Its name in the file.
    pub name: String,
}

/// What an export is made of. All of it is shared with the session, which goes on meanwhile.
pub enum Parcel {
    /// A table for each method, and the summary.
    Components {
        /// The comparison.
        compared: Compared,
        /// Ids of the methods.
        methods: Vec<String>,
    },
    /// Recovered Raman spectra: a table for each method, the lines and the summary.
    Recovered(RecoveredParcel),
    /// The table of a comparison.
    Table(Compared, Separator),
    /// The table of many spectra, these rows of it.
    Batch {
        /// Names and places.
        document: Arc<Document>,
        /// The table.
        table: Arc<BatchTable>,
        /// Numbers of the rows, in the order shown.
        rows: Vec<usize>,
        /// Mark between cells.
        separator: Separator,
    },
    /// The curves of the main plot.
    Curves {
        /// The curves.
        shown: Vec<Shown>,
        /// How they are shown.
        view: PlotView,
        /// Whether they are written as they are normalised for the view.
        normalised: bool,
        /// Mark between cells.
        separator: Separator,
    },
    /// Spectra after their preparation.
    Spectra {
        /// For the steps that ask for other spectra.
        document: Arc<Document>,
        /// The spectra.
        pieces: Vec<Piece>,
        /// Format of the files.
        format: FileFormat,
        /// How they are written.
        options: WriteOptions,
    },
    /// What is shown.
    Figure {
        /// What is drawn.
        sketch: Box<Sketch>,
        /// On which paper.
        print: Print,
        /// As what.
        format: FigureFormat,
        /// Dots per inch.
        dpi: u32,
    },
    /// Everything, for reading.
    Report(Box<ReportParcel>),
}

/// Takes the content of the file with this number.
pub(super) type Put<'a> = &'a mut dyn FnMut(usize, Written) -> Result<(), Failure>;

impl Parcel {
    /// Makes the files one after the other and hands them over; `names` are those they will have.
    pub fn make(&self, names: &[String], ticket: &Ticket<Infallible>, put: Put) -> Result<(), Failure> {
        let bytes = match self {
            Self::Components { compared, methods } => {
                return components(compared, methods, names, ticket, put);
            }
            Self::Recovered(parcel) => return parcel.make(names, put),
            Self::Spectra { document, pieces, format, options } => {
                for (at, (piece, name)) in pieces.iter().zip(names).enumerate() {
                    put(at, piece.written(name, document, *format, *options, ticket)?)?;
                }
                return Ok(());
            }
            Self::Table(compared, separator) => {
                results_csv(&compared.rows(&compared.known(ticket)?), *separator)
            }
            Self::Batch { document, table, rows, separator } => {
                let rows = rows.iter().filter_map(|at| table.rows.get(*at)).collect::<Vec<&BatchRow>>();
                batch_csv(document, rows, *separator)
            }
            Self::Curves { shown, view, normalised, separator } => {
                let (curves, warnings) = visible(shown, view, *normalised)?;
                return put(0, Written { bytes: curves_csv(&curves, *separator), warnings });
            }
            Self::Figure { sketch, print, format, dpi } => {
                let figure = sketch.figure(print, ticket)?;
                match format {
                    FigureFormat::Svg => figure::svg(&figure).into_bytes(),
                    FigureFormat::Png => {
                        figure::png(&figure, *dpi).map_err(|e| Failure::Refused(e.to_string()))?
                    }
                }
            }
            Self::Report(parcel) => report(&parcel.input(ticket)?).into_bytes(),
        };
        put(0, Written { bytes, warnings: Vec::new() })
    }
}

/// The files of `unravel unmix`: a table for each method and the summary, which also names methods that failed.
fn components(
    compared: &Compared,
    methods: &[String],
    names: &[String],
    ticket: &Ticket<Infallible>,
    put: Put,
) -> Result<(), Failure> {
    let comparison = &compared.comparison;
    let subject = comparison.subject;
    let item = compared.document.item(subject.item);
    let path = item.map_or("", |item| item.source.path.as_str());
    let number = subject.row.map_or(item.map_or(1, |item| item.source.number), |row| row + 1);
    let truths = compared.truths();
    let (mut rows, mut files) = (Vec::new(), 0);
    for method in methods {
        ticket.go_on()?;
        match compared.answers.get(comparison.id, method) {
            Some(Answer::Done(outcome)) => {
                let name = names.get(files).map(String::as_str).unwrap_or_default();
                let bytes = outcome_csv(outcome)?;
                put(files, Written { bytes, warnings: Vec::new() })?;
                files += 1;
                rows.push(OutcomeRow::of(path, number, name, outcome, &score(outcome, &truths), &truths));
            }
            Some(Answer::Failed(why)) => {
                let title = compared.document.subject_name(subject);
                rows.push(OutcomeRow::failed(path, number, &title, method, why.clone()));
            }
            None => {}
        }
    }
    put(files, Written { bytes: summary_csv(&rows)?, warnings: Vec::new() })
}

/// Curves with their names, and sentences about those left out.
type Named = (Vec<(String, Spectrum)>, Vec<String>);

/// The curves as they are drawn: over the positions shown, normalised on demand, without the offsets of a stack.
fn visible(shown: &[Shown], view: &PlotView, normalised: bool) -> Result<Named, Failure> {
    let still = Still::of(shown, view);
    let mut curves = Vec::with_capacity(still.curves.len());
    for curve in &still.curves {
        let scale = if normalised { curve.y_scale as f32 } else { 1.0 };
        let y: Vec<f32> = curve.spectrum.y().iter().map(|v| v * scale).collect();
        let spectrum = Spectrum::new(Arc::clone(&curve.axis), y, curve.spectrum.meta.clone())
            .map_err(|error| Failure::Refused(format!("{}: {error}", curve.name)))?;
        curves.push((curve.name.to_string(), spectrum));
    }
    let missing = |name: &Arc<str>| format!("{name} was left out: its laser wavelength is not known");
    Ok((curves, still.left_out.iter().map(missing).collect()))
}

impl Piece {
    fn written(
        &self,
        file: &str,
        document: &Document,
        format: FileFormat,
        options: WriteOptions,
        ticket: &Ticket<Infallible>,
    ) -> Result<Written, Failure> {
        ticket.go_on()?;
        let steps = &self.item.steps;
        let references = step_references(document, steps);
        let refused = |error: String| Failure::Refused(format!("{}: {error}", self.name));
        match (&self.item.raw, self.row) {
            (Data::Set(set), None) => {
                let done =
                    ticket.wide(|| steps.run_set(set, &references, &crate::process::ignore_progress))?;
                let mut set = done.set;
                set.meta.title = Some(self.name.clone());
                let mut written = encode(file, &[FormatItem::Set(set)], format.write_format(true), options)
                    .map_err(|e| refused(e.to_string()))?;
                let zero = |(row, error): &(usize, _)| {
                    format!("{}, spectrum {}: {error}; it is written as zeros", self.name, row + 1)
                };
                written.warnings.extend(done.refused.iter().map(zero));
                Ok(written)
            }
            (raw, row) => {
                let raw = raw.spectrum(row).ok_or_else(|| refused("this spectrum is gone".to_owned()))?;
                let spectrum = steps.run(&raw, &references).map_err(|e| refused(e.to_string()))?;
                curves_file(file, &[(self.name.clone(), spectrum)], format.write_format(false), options)
                    .map_err(|e| refused(e.to_string()))
            }
        }
    }
}
