//! Recovered Raman spectra on their way to files: the layout that `unravel recover` writes.

use std::sync::Arc;

use crate::formats::write::Written;
use crate::jobs::{Failure, Named};
use crate::methods::recovery::{RecoveredRow, curves_csv, lines_csv, summary_csv};

use super::parcel::Put;

/// What the methods said to one CARS spectrum.
pub struct RecoveredParcel {
    /// The file it came from.
    pub path: String,
    /// Its number in that file, from 1.
    pub number: usize,
    /// Its name.
    pub title: String,
    /// Ids of methods with their answers, or why there is none.
    pub methods: Vec<(String, Result<Arc<Named>, String>)>,
}

impl RecoveredParcel {
    /// A table for each answer, then the lines of all and the summary, which also names methods that failed.
    pub fn make(&self, names: &[String], put: Put) -> Result<(), Failure> {
        let plain = |bytes| Written { bytes, warnings: Vec::new() };
        let (mut rows, mut files) = (Vec::new(), 0);
        for (method, answer) in &self.methods {
            match answer {
                Ok(named) => {
                    let name = names.get(files).map(String::as_str).unwrap_or_default();
                    put(files, plain(curves_csv(&named.recovered)?))?;
                    files += 1;
                    rows.push(RecoveredRow::of(
                        &self.path,
                        self.number,
                        name,
                        &named.recovered,
                        named.hits.clone(),
                    ));
                }
                Err(why) => {
                    rows.push(RecoveredRow::failed(
                        &self.path,
                        self.number,
                        &self.title,
                        method,
                        why.clone(),
                    ));
                }
            }
        }
        put(files, plain(lines_csv(&rows)?))?;
        put(files + 1, plain(summary_csv(&rows)?))
    }
}
