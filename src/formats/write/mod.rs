//! Spectra to files: CSV (one curve or one table), JCAMP-DX 4.24 and Galactic SPC.
//!
//! [`encode`] gives bytes and never touches the disk; [`files`] names one file for each curve where a format holds
//! only one; [`save()`] is the only way to the disk and never overwrites unasked. Everything written here is read
//! back by our own readers: CSV exactly, JCAMP-DX with exact intensities, SPC with 32-bit positions where the axis
//! is uneven.

mod csv;
mod curve;
mod jcamp;
mod save;
mod spc;

use super::{FormatError, Item};

pub use csv::position_name;
pub use save::{Overwrite, safe_stem, save};

/// A format that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFormat {
    /// One curve: two columns under `# key: value` lines.
    Csv,
    /// Many curves over one axis: a column each.
    CsvTable,
    /// JCAMP-DX 4.24; several curves make a link file.
    Jcamp,
    /// Galactic SPC, new format; several curves make a multifile.
    Spc,
}

impl WriteFormat {
    /// All of them, in the order of dialogs.
    pub const ALL: [Self; 4] = [Self::Csv, Self::CsvTable, Self::Jcamp, Self::Spc];

    /// Stable machine name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::CsvTable => "csv-table",
            Self::Jcamp => "jcamp",
            Self::Spc => "spc",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV, one file per spectrum",
            Self::CsvTable => "CSV, one table",
            Self::Jcamp => "JCAMP-DX",
            Self::Spc => "Galactic SPC",
        }
    }

    /// Extension without dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvTable => "csv",
            Self::Jcamp => "jdx",
            Self::Spc => "spc",
        }
    }

    /// True when one file holds any number of curves.
    #[must_use]
    fn holds_many(self) -> bool {
        self != Self::Csv
    }
}

/// Mark between the cells of a CSV file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Separator {
    /// `,` with `.` as decimal mark.
    #[default]
    Comma,
    /// `;` with `,` as decimal mark, as European spreadsheets expect.
    SemicolonDecimalComma,
}

/// Choices a user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// Mark between CSV cells.
    pub separator: Separator,
    /// Whether CSV files begin with the `# key: value` lines from which Unravel restores everything. Without them
    /// the file begins with the column names, as other programs like it.
    pub metadata: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { separator: Separator::Comma, metadata: true }
    }
}

/// The content of a file, and what was not done exactly as asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Full sentences.
    pub warnings: Vec<String>,
}

/// One file of [`files`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// File name without folder.
    pub name: String,
    /// Its content.
    pub written: Written,
}

/// The bytes of one file that holds all `items`. `name` is only for errors. [`WriteFormat::Csv`] takes exactly one
/// curve; [`files`] makes one file for each.
pub fn encode(
    name: &str,
    items: &[Item],
    format: WriteFormat,
    options: WriteOptions,
) -> Result<Written, FormatError> {
    let curves = curve::all(items);
    let refuse = |problem: &str| FormatError::Unsupported {
        file: name.to_owned(),
        format: format.name(),
        problem: problem.to_owned(),
    };
    let Some(first) = curves.first() else { return Err(refuse("there is no spectrum to write")) };
    match format {
        WriteFormat::Csv if curves.len() > 1 => {
            Err(refuse("this format holds one spectrum a file; write several files or one table"))
        }
        WriteFormat::Csv => Ok(csv::one(first, options)),
        WriteFormat::CsvTable => csv::table(items, &curves, options).map_err(|problem| refuse(&problem)),
        WriteFormat::Jcamp => Ok(jcamp::write(&curves)),
        WriteFormat::Spc => spc::write(items, &curves).map_err(|problem| refuse(&problem)),
    }
}

/// The files that hold all `items`: one, or one for each curve in formats that hold only one. Made one at a time.
pub fn files<'a>(
    stem: &str,
    items: &'a [Item],
    format: WriteFormat,
    options: WriteOptions,
) -> impl Iterator<Item = Result<OutFile, FormatError>> + 'a {
    let stem = safe_stem(stem);
    let curves = curve::all(items);
    let (count, single) = (curves.len(), !format.holds_many());
    let width = count.to_string().len();
    let file = move |index: usize| {
        let name = match (single, count) {
            (true, 2..) => format!("{stem}_{:0width$}.{}", index + 1, format.extension()),
            _ => format!("{stem}.{}", format.extension()),
        };
        let written = match curves.get(index) {
            Some(curve) if single => Ok(csv::one(curve, options)),
            _ => encode(&name, items, format, options),
        };
        written.map(|written| OutFile { name, written })
    };
    (0..if single { count } else { 1 }).map(file)
}

/// Shortest decimal text that reads back as the same number, with an exponent where it would be long.
pub(crate) fn shortest<T: std::fmt::Display + std::fmt::LowerExp + Into<f64> + Copy>(value: T) -> String {
    let size = value.into().abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) { format!("{value}") } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests;
