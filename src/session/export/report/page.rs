//! The whole page.

use std::sync::Arc;

use super::super::super::{Answers, BatchId, ComparisonId, Document};
use super::super::ResultRow;
use super::html::{Html, escape};
use super::sections;

/// What a report is made of. There is no clock in here: the caller gives the date.
#[derive(Debug, Clone)]
pub struct ReportInput {
    /// Name of the session.
    pub session: String,
    /// Date and time as it shall be printed.
    pub date: String,
    /// The document.
    pub document: Arc<Document>,
    /// The answers.
    pub answers: Arc<Answers>,
    /// Figures in front of everything: the curves in view.
    pub figures: Vec<ReportFigure>,
    /// The comparisons to be reported, in order.
    pub comparisons: Vec<ReportComparison>,
    /// The batches to be reported, in order.
    pub batches: Vec<BatchId>,
}

/// One comparison of a report.
#[derive(Debug, Clone)]
pub struct ReportComparison {
    /// Which one.
    pub id: ComparisonId,
    /// Its results table, as [`super::super::comparison_rows`] gives it.
    pub rows: Vec<ResultRow>,
    /// Its figures.
    pub figures: Vec<ReportFigure>,
}

/// A drawing and what it shows.
#[derive(Debug, Clone)]
pub struct ReportFigure {
    /// One sentence.
    pub caption: String,
    /// The drawing as `figure::svg` makes it. It is taken as it is.
    pub svg: String,
}

const STYLE: &str = "\
:root{color-scheme:light}\
body{margin:2rem auto;max-width:60rem;padding:0 1rem;background:#fff;color:#1a1a1a;\
font:15px/1.5 Inter,system-ui,sans-serif}\
h1{font-size:1.6rem;margin:0}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:1px solid #ccc}\
h3{font-size:1rem;margin:1.4rem 0 .4rem}p{margin:.4rem 0}header p{color:#555}\
table{border-collapse:collapse;margin:.4rem 0 1rem;font-size:.87rem}\
th,td{padding:.22rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #ddd;overflow-wrap:anywhere}\
th{border-bottom:1px solid #888}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}figcaption{color:#555;font-size:.87rem}\
@media print{@page{margin:15mm}body{margin:0;max-width:none;padding:0;font-size:10pt}\
h2,h3{break-after:avoid}figure,tr{break-inside:avoid}thead{display:table-header-group}}";

/// The page. It needs no other file and no network, and holds no script.
pub fn report(input: &ReportInput) -> String {
    let ReportInput { session, date, document, answers, figures, comparisons, batches } = input;
    let mut html = Html::default();
    html.0 += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html.0 += "<meta name=\"viewport\" content=\"width=device-width\">\n";
    html.0 +=
        &format!("<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n", escape(session));
    html.heading(1, session);
    html.paragraph(&format!("{date} · Unravel {}", env!("CARGO_PKG_VERSION")));
    html.0 += "</header>\n<main>\n";
    for figure in figures {
        html.figure(&figure.caption, &figure.svg);
    }
    sections::spectra(&mut html, document);
    for comparison in comparisons {
        sections::comparison(&mut html, document, answers, comparison);
    }
    for id in batches {
        sections::batch(&mut html, document, answers, *id);
    }
    sections::libraries(&mut html, document);
    html.0 += "</main>\n</body>\n</html>\n";
    html.0
}
