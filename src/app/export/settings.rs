//! Choices of the export dialogs that are kept for the next time.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::figure::DEFAULT_DPI;
use crate::formats::write::{Separator, WriteFormat, WriteOptions};

/// What was chosen last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportSettings {
    /// Folder of the last export.
    pub folder: Option<PathBuf>,
    /// Semicolons and decimal commas instead of commas and decimal points.
    pub decimal_comma: bool,
    /// Format of spectra.
    pub format: FileFormat,
    /// Whether CSV files of spectra begin with what is known about the measurement.
    pub metadata: bool,
    /// Whether visible curves are written as they are normalised for the view.
    pub normalised: bool,
    /// Format of figures.
    pub figure: FigureFormat,
    /// Dots per inch of PNG.
    pub dpi: u32,
    /// Size of the axis titles in pt.
    pub font_pt: f64,
    /// Width and height in mm of each kind of figure, where the user chose them.
    pub sizes_mm: [Option<[f64; 2]>; 3],
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            folder: None,
            decimal_comma: false,
            format: FileFormat::Csv,
            metadata: true,
            normalised: true,
            figure: FigureFormat::Png,
            dpi: DEFAULT_DPI,
            font_pt: 8.0,
            sizes_mm: [None; 3],
        }
    }
}

impl ExportSettings {
    /// Mark between the cells of tables.
    pub fn separator(&self) -> Separator {
        if self.decimal_comma { Separator::SemicolonDecimalComma } else { Separator::Comma }
    }

    /// How spectra are written.
    pub fn options(&self) -> WriteOptions {
        WriteOptions { separator: self.separator(), metadata: self.metadata }
    }
}

/// Formats of spectra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Two columns, maps as one table.
    Csv,
    /// JCAMP-DX 4.24.
    Jcamp,
    /// Galactic SPC.
    Spc,
}

impl FileFormat {
    /// All of them with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Csv, "CSV"), (Self::Jcamp, "JCAMP-DX"), (Self::Spc, "Galactic SPC")];

    /// Extension without dot.
    pub fn extension(self) -> &'static str {
        self.write_format(false).extension()
    }

    /// The writer, for one curve or for a map.
    pub fn write_format(self, many: bool) -> WriteFormat {
        match self {
            Self::Csv if many => WriteFormat::CsvTable,
            Self::Csv => WriteFormat::Csv,
            Self::Jcamp => WriteFormat::Jcamp,
            Self::Spc => WriteFormat::Spc,
        }
    }
}

/// Formats of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureFormat {
    /// Pixels.
    Png,
    /// Lines and letters.
    Svg,
}

impl FigureFormat {
    /// Both with their names.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Png, "PNG"), (Self::Svg, "SVG")];

    /// Extension without dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// What a figure shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Picture {
    /// The visible curves.
    #[default]
    Curves,
    /// Methods side by side; so many rows.
    Comparison {
        /// Rows of the grid.
        rows: usize,
    },
    /// The map.
    Map {
        /// Columns and lines of images.
        grid: [usize; 2],
    },
}

impl Picture {
    fn place(self) -> usize {
        match self {
            Self::Curves => 0,
            Self::Comparison { .. } => 1,
            Self::Map { .. } => 2,
        }
    }

    /// Width and height in mm that suit it, a page of a journal wide where it needs that.
    pub fn usual_mm(self) -> [f64; 2] {
        match self {
            Self::Curves => [178.0, 110.0],
            Self::Comparison { rows } => [178.0, (30.0 + 30.0 * rows as f64).min(240.0)],
            Self::Map { grid: [1, 1] } => [120.0, 100.0],
            Self::Map { grid: [columns, lines] } => {
                [178.0, (10.0 + lines as f64 * 160.0 / columns as f64).min(240.0)]
            }
        }
    }

    /// Width and height in mm.
    pub fn size_mm(self, settings: &ExportSettings) -> [f64; 2] {
        settings.sizes_mm[self.place()].unwrap_or(self.usual_mm())
    }

    /// Notes the size that the user chose.
    pub fn set_size_mm(self, settings: &mut ExportSettings, size: [f64; 2]) {
        let usual = self.usual_mm();
        let differs = size.iter().zip(&usual).any(|(a, b)| (a - b).abs() > 1e-6);
        settings.sizes_mm[self.place()] = differs.then_some(size);
    }
}
