//! What is known about a measurement besides its numbers.

use serde::{Deserialize, Serialize};

/// Facts about a measurement, as its file states them. Everything is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Title of the measurement.
    pub title: Option<String>,
    /// File it came from, as the user named it (`archive.zip/inner.txt` inside a container).
    pub source_file: Option<String>,
    /// Sample name.
    pub sample: Option<String>,
    /// Laser wavelength in nm.
    pub laser_nm: Option<f64>,
    /// Integration time of one accumulation in seconds.
    pub integration_time_s: Option<f64>,
    /// Number of accumulations averaged or summed.
    pub accumulations: Option<u32>,
    /// Date and time; ISO 8601 where the file's own form could be read, otherwise as the file wrote it.
    pub date: Option<String>,
    /// Instrument name.
    pub instrument: Option<String>,
    /// Unit of the intensities as the file states it (`counts`, `a.u.`).
    pub intensity_unit: Option<String>,
    /// Anything else, in file order.
    pub extra: Vec<(String, String)>,
    /// What was done to the spectrum since it was read, oldest first.
    pub history: Vec<String>,
}

impl Metadata {
    /// Metadata with only a title.
    #[must_use]
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::default() }
    }

    /// Value of a free key, compared without case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.extra.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v.as_str())
    }

    /// Adds a free key; blank keys and blank values are not kept.
    pub fn push(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        if !key.trim().is_empty() && !value.trim().is_empty() {
            self.extra.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }

    /// Title if there is one, else the sample, else the file name without folders, else `untitled`.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let file_name = || self.source_file.as_deref().map(|f| f.rsplit(['/', '\\']).next().unwrap_or(f));
        let named = |name: &&str| !name.trim().is_empty();
        self.title
            .as_deref()
            .filter(named)
            .or(self.sample.as_deref().filter(named))
            .or_else(file_name)
            .unwrap_or("untitled")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_display_name_falls_back_in_order() {
        let mut meta = Metadata { source_file: Some("data/quartz.txt".into()), ..Metadata::default() };
        assert_eq!(meta.display_name(), "quartz.txt");
        meta.sample = Some("Quartz".into());
        assert_eq!(meta.display_name(), "Quartz");
        meta.title = Some("  ".into());
        assert_eq!(meta.display_name(), "Quartz");
        meta.title = Some("Run 7".into());
        assert_eq!(meta.display_name(), "Run 7");
    }

    #[test]
    fn free_keys_are_found_without_case_and_blanks_are_dropped() {
        let mut meta = Metadata::default();
        meta.push("Grating", " 600 l/mm ");
        meta.push("Operator", "  ");
        assert_eq!(meta.get("grating"), Some("600 l/mm"));
        assert_eq!(meta.extra.len(), 1);
    }
}
