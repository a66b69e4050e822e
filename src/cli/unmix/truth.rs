//! Pure spectra that the user knows to be in the mixtures.

use std::path::PathBuf;

use super::super::Usage;
use super::super::output::each_of;
use crate::spectrum::{AxisKind, Spectrum};

/// The spectra of these files, over Raman shift.
pub fn open(paths: &[PathBuf]) -> Result<Vec<Spectrum>, Usage> {
    let mut pure = Vec::new();
    each_of("--truth", paths, &mut |name, decoded| {
        pure.extend(decoded.spectra().map(|spectrum| (name.to_owned(), spectrum)));
    })?;
    if pure.is_empty() {
        return Err(Usage("--truth: there is no spectrum in it".to_owned()));
    }
    let converted = pure.into_iter().map(|(file, spectrum)| {
        spectrum.converted(&AxisKind::RamanShift).map_err(|e| Usage(format!("--truth {file}: {e}")))
    });
    converted.collect()
}
