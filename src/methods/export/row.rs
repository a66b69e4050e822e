//! What the rows of every account say, whichever kind of method answered.

use serde::Serialize;

/// One spectrum taken apart by one method; `A` is what that kind of method answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row<A> {
    /// The file it came from.
    pub path: String,
    /// Number of the spectrum in its file, from 1.
    pub spectrum: usize,
    /// Its title.
    pub title: String,
    /// Id of the method.
    pub method: String,
    /// The table with all curves, a file in the folder of the results.
    pub file: Option<String>,
    /// What was found; empty where there is no answer.
    #[serde(flatten)]
    pub found: A,
    /// Time the method took, without preparing a library.
    pub ms: Option<f64>,
    /// What it ran on.
    pub device: Option<String>,
    /// What the answer says about itself.
    pub notes: Vec<String>,
    /// Why there is no answer.
    pub error: Option<String>,
}

impl<A: Default> Row<A> {
    /// A row that says what went wrong.
    pub fn failed(path: &str, spectrum: usize, title: &str, method: &str, error: String) -> Self {
        Self {
            path: path.to_owned(),
            spectrum,
            title: title.to_owned(),
            method: method.to_owned(),
            error: Some(error),
            ..Self::default()
        }
    }
}

impl<A> Row<A> {
    /// The first cells in every table: path, spectrum, title, method.
    pub(in crate::methods) fn origin(&self) -> [String; 4] {
        [self.path.clone(), self.spectrum.to_string(), self.title.clone(), self.method.clone()]
    }
}
