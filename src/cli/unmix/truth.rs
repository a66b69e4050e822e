//! Pure spectra that the user knows to be in the mixtures, and how well components agree with them.

use std::path::PathBuf;

use super::super::Usage;
use super::super::output;
use crate::methods::{Component, Outcome};
use crate::solvers::best_assignment;
use crate::spectrum::metrics::si_snr_db;
use crate::spectrum::resample::on_axis;
use crate::spectrum::{AxisKind, Spectrum};

/// The pure spectra.
pub struct Truth(Vec<Spectrum>);

/// A component's partner among the pure spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub name: String,
    pub si_snr_db: f64,
}

impl Truth {
    pub fn open(paths: &[PathBuf]) -> Result<Self, Usage> {
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
        Ok(Self(converted.collect::<Result<_, _>>()?))
    }

    /// The assignment of pure spectra to components with the largest sum of SI-SNR; a component beyond their number
    /// has none.
    pub fn matched(&self, outcome: &Outcome) -> Vec<Option<Match>> {
        let pure: Vec<Vec<f32>> = self.0.iter().map(|s| on_axis(s.axis(), s.y(), outcome.axis())).collect();
        let score = |c: &Component| pure.iter().map(|p| si_snr_db(&c.spectrum, p)).collect::<Vec<f64>>();
        let scores: Vec<Vec<f64>> = outcome.components.iter().map(score).collect();
        let found = |(partner, scores): (Option<usize>, &Vec<f64>)| {
            let at = partner?;
            let name = self.0.get(at)?.meta.display_name().to_owned();
            Some(Match { name, si_snr_db: *scores.get(at)? })
        };
        best_assignment(&scores).into_iter().zip(&scores).map(found).collect()
    }
}
