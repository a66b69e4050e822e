//! The export that the user is setting up.

use std::path::{Path, PathBuf};

use super::order::{Order, Target};
use super::settings::{ExportSettings, FigureFormat, FileFormat, Picture};

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
    /// Raman spectra recovered from a CARS spectrum, one CSV for each method.
    Recovered,
    /// What is shown, as a figure.
    Figure,
    /// Everything, for reading.
    Report,
}

impl What {
    /// Title of its dialog.
    pub fn title(self) -> &'static str {
        match self {
            Self::Components => "Export components",
            Self::Curves => "Export visible curves",
            Self::Spectra => "Export spectra",
            Self::Table => "Export comparison table",
            Self::Batch => "Export results of many",
            Self::Recovered => "Export recovered spectra",
            Self::Figure => "Export figure",
            Self::Report => "Export report",
        }
    }

    /// What stands behind the name of the spectrum in the name of the file or folder.
    fn tail(self) -> &'static str {
        match self {
            Self::Components => "_components",
            Self::Curves => "_curves",
            Self::Spectra | Self::Figure => "",
            Self::Table => "_comparison",
            Self::Batch => "_results",
            Self::Recovered => "_recovered",
            Self::Report => "_report",
        }
    }
}

/// An export that the user is setting up.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportForm {
    /// What.
    pub what: What,
    /// Path of the file, or of the folder where several files are made.
    pub path: String,
    /// Name for the files.
    pub stem: String,
    /// Choices that are kept.
    pub settings: ExportSettings,
    /// Files that are there already and may be replaced.
    pub replace: Vec<PathBuf>,
    /// Components and recovered spectra: ids and names of the methods with an answer.
    pub methods: Vec<(String, String)>,
    /// Of those only this method.
    pub method: Option<String>,
    /// Spectra: a stem for each.
    pub spectra: Vec<String>,
    /// Spectra: the one row of a map that is active.
    pub row: Option<String>,
    /// Spectra: only that row.
    pub only_row: bool,
    /// Figure: what it shows.
    pub picture: Picture,
}

impl ExportForm {
    /// A form without a path yet.
    pub fn new(what: What, stem: String, settings: ExportSettings) -> Self {
        Self {
            what,
            path: String::new(),
            stem,
            settings,
            replace: Vec::new(),
            methods: Vec::new(),
            method: None,
            spectra: Vec::new(),
            row: None,
            only_row: false,
            picture: Picture::Curves,
        }
    }

    /// Proposes a path: where the last export went, else the user's home.
    pub fn propose(&mut self) {
        let folder = self.settings.folder.clone().filter(|folder| folder.is_absolute());
        let folder = folder.or_else(std::env::home_dir).unwrap_or_default();
        self.path = folder.join(self.default_name()).display().to_string();
    }

    /// Whether the path is that of a folder.
    pub fn several(&self) -> bool {
        match self.what {
            What::Components | What::Recovered => true,
            What::Spectra => !self.only_row && self.spectra.len() != 1,
            _ => false,
        }
    }

    /// Extension of a single file.
    pub fn extension(&self) -> &'static str {
        match self.what {
            What::Spectra => self.settings.format.extension(),
            What::Figure => self.settings.figure.extension(),
            What::Report => "html",
            _ => "csv",
        }
    }

    /// Name of the file or folder that is proposed.
    pub fn default_name(&self) -> String {
        let stem = match (&self.row, self.what) {
            (Some(row), What::Spectra) if self.only_row => row,
            (_, What::Spectra) => self.spectra.first().filter(|_| !self.several()).unwrap_or(&self.stem),
            _ => &self.stem,
        };
        let tail = if self.what == What::Spectra && self.several() { "_spectra" } else { self.what.tail() };
        if self.several() { format!("{stem}{tail}") } else { format!("{stem}{tail}.{}", self.extension()) }
    }

    /// Ids of the methods that are exported.
    pub fn chosen_methods(&self) -> impl Iterator<Item = &str> {
        let wanted = |id: &str| self.method.as_deref().is_none_or(|only| only == id);
        self.methods.iter().map(|(id, _)| id.as_str()).filter(move |id| wanted(id))
    }

    /// Names of the files in a folder.
    fn names(&self) -> Vec<String> {
        let accounts: &[&str] = match self.what {
            What::Components => &["summary.csv"],
            What::Recovered => &["lines.csv", "summary.csv"],
            _ => &[],
        };
        if !accounts.is_empty() {
            let mut names: Vec<String> =
                self.chosen_methods().map(|id| format!("{}_{id}.csv", self.stem)).collect();
            if !names.is_empty() {
                names.extend(accounts.iter().map(ToString::to_string));
            }
            return names;
        }
        let extension = self.extension();
        self.spectra.iter().map(|stem| format!("{stem}.{extension}")).collect()
    }

    /// Where it goes.
    pub fn order(&self) -> Order {
        let target = if self.several() {
            Target::Folder { names: self.names() }
        } else {
            Target::File { default_name: self.default_name(), extension: self.extension() }
        };
        Order { typed: crate::app::panels::dialogs::typed_path(&self.path), target }
    }

    /// Another format, file or folder was chosen: the path goes with it as far as it was proposed or has an extension.
    pub fn follow(&mut self, change: impl FnOnce(&mut Self)) {
        let (before, extension) = (self.default_name(), self.extension());
        change(self);
        self.replace.clear();
        if let Some(folder) = self.path.strip_suffix(&before) {
            self.path = format!("{folder}{}", self.default_name());
        } else if !self.several()
            && let Some(stem) = self.path.strip_suffix(extension).filter(|stem| stem.ends_with('.'))
        {
            self.path = format!("{stem}{}", self.extension());
        }
    }

    /// The user typed a path: its extension chooses the format.
    pub fn typed(&mut self) {
        let extension =
            Path::new(self.path.trim()).extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        match (self.what, extension.as_deref()) {
            (What::Figure, Some("png")) => self.settings.figure = FigureFormat::Png,
            (What::Figure, Some("svg")) => self.settings.figure = FigureFormat::Svg,
            (What::Spectra, Some("csv")) if !self.several() => self.settings.format = FileFormat::Csv,
            (What::Spectra, Some("jdx" | "dx")) if !self.several() => {
                self.settings.format = FileFormat::Jcamp;
            }
            (What::Spectra, Some("spc")) if !self.several() => self.settings.format = FileFormat::Spc,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(what: What) -> ExportForm {
        let settings = ExportSettings { folder: Some(PathBuf::from("/data")), ..ExportSettings::default() };
        let mut form = ExportForm::new(what, "calcite".to_owned(), settings);
        form.spectra = vec!["calcite".to_owned()];
        form.propose();
        form
    }

    #[test]
    fn a_path_follows_the_format_and_the_format_follows_the_path() {
        let mut form = form(What::Figure);
        assert!(form.path.ends_with("calcite.png"), "{}", form.path);
        form.follow(|form| form.settings.figure = FigureFormat::Svg);
        assert!(form.path.ends_with("calcite.svg"), "{}", form.path);
        form.path = "/tmp/mine.PNG".to_owned();
        form.typed();
        assert_eq!(form.settings.figure, FigureFormat::Png);
        form.path = "/tmp/mine.png".to_owned();
        form.follow(|form| form.settings.figure = FigureFormat::Svg);
        assert_eq!(form.path, "/tmp/mine.svg");
    }

    #[test]
    fn one_method_has_one_table_and_the_summary() {
        let mut form = form(What::Components);
        assert!(form.names().is_empty(), "no answer, no file");
        form.methods = vec![("nnls".into(), "NNLS".into()), ("nnomp".into(), "NNOMP".into())];
        assert_eq!(form.names(), ["calcite_nnls.csv", "calcite_nnomp.csv", "summary.csv"]);
        form.method = Some("nnomp".into());
        assert_eq!(form.names(), ["calcite_nnomp.csv", "summary.csv"]);
        assert!(form.path.ends_with("calcite_components"));
    }

    #[test]
    fn recovered_spectra_have_a_table_each_their_lines_and_a_summary() {
        let mut form = form(What::Recovered);
        assert!(form.several() && form.names().is_empty());
        form.methods = vec![("kk".into(), "Kramers-Kronig".into())];
        assert_eq!(form.names(), ["calcite_kk.csv", "lines.csv", "summary.csv"]);
        assert!(form.path.ends_with("calcite_recovered"));
    }

    #[test]
    fn one_spectrum_is_a_file_and_several_are_a_folder() {
        let mut form = form(What::Spectra);
        assert!(!form.several() && form.path.ends_with("calcite.csv"));
        form.follow(|form| form.spectra.push("quartz".to_owned()));
        assert!(form.several() && form.path.ends_with("calcite_spectra"), "{}", form.path);
        form.settings.format = FileFormat::Spc;
        assert_eq!(form.names(), ["calcite.spc", "quartz.spc"]);
    }
}
