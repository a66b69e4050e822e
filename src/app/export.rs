//! What can be exported and where it goes.

/// An export that the user is setting up.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportForm {
    /// What.
    pub what: What,
    /// Path of the file, or of the folder where several files are made.
    pub path: String,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One CSV for each method.
    Components,
    /// The visible curves in one CSV.
    Curves,
    /// The selected spectra, one file each.
    Spectra,
    /// The table of the comparison.
    Table,
    /// The table of many spectra.
    Batch,
    /// What is shown, as a figure.
    Figure,
    /// Everything, for reading.
    Report,
}
