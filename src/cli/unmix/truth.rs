//! Pure spectra that the user knows to be in the mixtures.

use std::path::PathBuf;

use super::super::Usage;
use super::super::output;
use crate::spectrum::{AxisKind, Spectrum};

/// The spectra of these files, over Raman shift.
pub fn open(paths: &[PathBuf]) -> Result<Vec<Spectrum>, Usage> {
    let (mut pure, mut trouble) = (Vec::new(), None);
    output::each_input(paths, true, &mut |opened| match opened.result {
        Ok(decoded) => pure.extend(decoded.spectra().map(|s| (opened.name.clone(), s))),
        Err(error) => trouble = trouble.take().or(Some(error.to_string())),
    });
    if let Some(trouble) = trouble {
        return Err(Usage(format!("--truth {trouble}")));
    }
    if pure.is_empty() {
        return Err(Usage("--truth: there is no spectrum in it".to_owned()));
    }
    let converted = pure.into_iter().map(|(file, spectrum)| {
        spectrum.converted(&AxisKind::RamanShift).map_err(|e| Usage(format!("--truth {file}: {e}")))
    });
    converted.collect()
}
