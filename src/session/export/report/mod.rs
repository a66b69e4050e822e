//! The report: one HTML page with figures, tables, how the data was prepared and what it was made with.

mod html;
mod page;
mod sections;

pub use page::{ReportComparison, ReportFigure, ReportInput, report};
