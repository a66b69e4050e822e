//! What a report is made of.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::figure::svg;
use crate::formats::from_unix;
use crate::jobs::{Failure, Ticket};
use crate::methods::ReferenceCache;
use crate::session::export::{ReportComparison, ReportFigure, ReportInput};
use crate::session::{Answers, Document};

use super::compared::Compared;
use super::settings::Picture;
use super::sketch::{Print, Sketch, comparison_figure};
use crate::app::plot::PlotView;

/// Size of axis titles in pt: as the text of the page.
const FONT_PT: f64 = 8.0;

/// Everything a report needs, shared.
pub struct ReportParcel {
    /// Name of the session.
    pub session: String,
    /// When it was asked for.
    pub now: SystemTime,
    /// The document.
    pub document: Arc<Document>,
    /// The answers.
    pub answers: Arc<Answers>,
    /// Libraries on the axes of answers.
    pub cache: Arc<ReferenceCache>,
    /// What stands in front, with a sentence for each.
    pub sketches: Vec<(String, Sketch)>,
}

impl ReportParcel {
    /// Draws the figures and fills the tables.
    pub fn input(&self, ticket: &Ticket<Infallible>) -> Result<ReportInput, Failure> {
        let mut figures = Vec::new();
        for (caption, sketch) in &self.sketches {
            let [width_mm, height_mm] = sketch.picture().usual_mm();
            let figure = sketch.figure(&Print { width_mm, height_mm, font_pt: FONT_PT }, ticket)?;
            figures.push(ReportFigure { caption: caption.clone(), svg: svg(&figure) });
        }
        let mut comparisons = Vec::new();
        for (at, comparison) in self.document.comparisons.iter().enumerate() {
            let total = self.document.comparisons.len();
            ticket.progress(Some(at as f32 / total as f32), format!("comparison {} of {total}", at + 1));
            let compared = Compared {
                document: Arc::clone(&self.document),
                answers: Arc::clone(&self.answers),
                comparison: Arc::clone(comparison),
                cache: Arc::clone(&self.cache),
            };
            if compared.answers.of(comparison.id).next().is_none() {
                continue;
            }
            let known = compared.known(ticket)?;
            let mut drawn = Vec::new();
            if !compared.done().is_empty() {
                let rows = super::sketch::rows(&compared);
                let [width_mm, height_mm] = Picture::Comparison { rows }.usual_mm();
                let print = Print { width_mm, height_mm, font_pt: FONT_PT };
                let figure = comparison_figure(&compared, &known, &PlotView::default(), &print);
                let name = self.document.subject_name(comparison.subject);
                let caption = format!(
                    "{name}: mixture and reconstruction, the components over their library spectra, and what is left over, method by method."
                );
                drawn.push(ReportFigure { caption, svg: svg(&figure) });
            }
            comparisons.push(ReportComparison {
                id: comparison.id,
                rows: compared.rows(&known),
                figures: drawn,
            });
        }
        let batches = self.document.batches.iter().map(|batch| batch.id);
        Ok(ReportInput {
            session: self.session.clone(),
            date: date(self.now),
            document: Arc::clone(&self.document),
            answers: Arc::clone(&self.answers),
            figures,
            comparisons,
            batches: batches.filter(|id| self.answers.batch(*id).is_some()).collect(),
        })
    }
}

/// `2026-11-21 15:36 UTC`.
fn date(when: SystemTime) -> String {
    let seconds = when.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let iso = i64::try_from(seconds).ok().and_then(from_unix).unwrap_or_default();
    match iso.split_once('T') {
        Some((day, clock)) => format!("{day} {} UTC", clock.get(..5).unwrap_or_default()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_date_is_that_of_the_clock() {
        assert_eq!(date(UNIX_EPOCH + Duration::from_secs(1_790_000_000)), "2026-09-21 14:13 UTC");
    }
}
