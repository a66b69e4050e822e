//! Networks trained on the pure spectra of a set.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::bench::BenchError;
use crate::bench::mixtures::set::{self, MixtureSet};
use crate::methods::Classifier;
use crate::nets::Version;
use crate::spectrum::Spectrum;
use crate::train::Crew;
use crate::train::ramixnet::{RamixPlan, Substances, substance_name, train_ramixnet, usual_minutes};

/// Measured single spectra of the pure substances, where a set has them.
const SINGLE: &str = "pure_single_shots.csv";

/// A trained model, and the minutes its training took; none where it was there already.
pub struct Ready {
    pub classifier: Classifier,
    pub minutes: Option<f64>,
}

/// Where models are made and kept.
pub struct Models {
    pub folder: PathBuf,
    pub threads: usize,
    pub seed: u64,
    pub minutes: Option<f64>,
}

impl Models {
    /// The model of a set; trained where the folder has none yet.
    pub fn of(&self, set: &MixtureSet, from: &Path, version: Version) -> Result<Ready, BenchError> {
        let out = self.folder.join(format!("{}_{version:?}", set.name));
        let card = out.join("model.json");
        let problem =
            |e: &dyn std::fmt::Display| BenchError::Asked(format!("{}, RaMixNet {version:?}: {e}", set.name));
        if card.is_file() {
            let classifier = Classifier::read(&card).map_err(|e| problem(&e))?;
            let minutes =
                classifier.card().panel.as_ref().and_then(|p| p.curve.last()).map(|step| step.minutes);
            return Ok(Ready { classifier, minutes });
        }
        let single = from.join(SINGLE);
        let spectra = if single.is_file() { set::curves(&single)? } else { set.pures.clone() };
        let named: Vec<(String, Spectrum)> =
            spectra.into_iter().map(|s| (substance_name(s.meta.display_name()), s)).collect();
        let substances = Substances::new(&named).map_err(|e| problem(&e))?;
        let plan = RamixPlan::new(version, substances.names.clone(), self.seed);
        let minutes = Some(self.minutes.unwrap_or_else(|| usual_minutes(plan.names.len())));
        let crew = Crew::of_cpu(Device::flex(), self.threads).map_err(|e| problem(&e))?;
        let device = format!("CPU, {} threads", self.threads);
        let trained =
            train_ramixnet(&plan, &substances, minutes, &out, (&crew, &device), "", &|| true, &mut |_| {});
        let trained = trained.map_err(|e| problem(&e))?.ok_or_else(|| problem(&"no model came out"))?;
        let classifier = Classifier::read(&card).map_err(|e| problem(&e))?;
        Ok(Ready { classifier, minutes: Some(trained.minutes) })
    }
}
