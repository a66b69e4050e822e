//! What is scored: a recovery method with settings, or a row that stands for none.

use std::sync::Arc;

use super::super::BenchError;
use super::sets::Set;
use crate::methods::recovery::{Measured, Recovery, find_recovery, recover_measured, recoveries};
use crate::methods::{MethodError, ModelUsed, Resolved, Settings, Unwatched};

/// The answer that is zero everywhere: what spectra without any answer score.
pub const ZERO: &str = "zero";
/// Kramers-Kronig over the true background, its phase as it is: what a perfect reference would give.
const TRUE_BACKGROUND: &str = "kk-true";

/// A row of the table.
#[derive(Clone)]
pub enum Contender {
    /// All zeros.
    Zero,
    /// Kramers-Kronig over the true background.
    TrueBackground,
    /// A method with its settings.
    Method { name: String, method: &'static dyn Recovery, settings: Resolved, model: Option<ModelUsed> },
}

impl Contender {
    /// Reads one name with its settings: `kk:amplitude=true`.
    pub fn parse(text: &str) -> Result<Self, BenchError> {
        let name = text.trim();
        if name == ZERO {
            return Ok(Self::Zero);
        }
        if name == TRUE_BACKGROUND {
            return Ok(Self::TrueBackground);
        }
        let refused = |error: MethodError| {
            BenchError::Asked(format!("--methods {name}: {error}; besides, {ZERO} and {TRUE_BACKGROUND}"))
        };
        let mut parts = name.split(':');
        let method = find_recovery(parts.next().unwrap_or_default()).map_err(refused)?;
        let mut settings = Settings::default();
        for part in parts {
            let (key, value) = part.split_once('=').ok_or_else(|| {
                BenchError::Asked(format!("--methods {name}: expected name=value, found '{part}'"))
            })?;
            settings = settings.with_text(method.info(), key, value).map_err(refused)?;
        }
        let model = method.model(&settings).map_err(refused)?;
        let settings = Resolved::new(method.info(), &settings).map_err(refused)?;
        Ok(Self::Method { name: name.to_owned(), method, settings, model })
    }

    /// Reads all names; every method there is and the zeros when there are none.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>, BenchError> {
        if texts.is_empty() {
            let mut all: Vec<Self> =
                recoveries().iter().map(|m| Self::parse(m.id())).collect::<Result<_, _>>()?;
            all.push(Self::Zero);
            return Ok(all);
        }
        texts.iter().map(|text| Self::parse(text)).collect()
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Zero => ZERO,
            Self::TrueBackground => TRUE_BACKGROUND,
            Self::Method { name, .. } => name,
        }
    }

    pub fn model(&self) -> Option<ModelUsed> {
        match self {
            Self::Method { model, .. } => model.clone(),
            _ => None,
        }
    }

    /// The Raman spectrum of spectrum `k` of a set; `None` where the set does not hold what this row needs.
    pub fn raman(&self, set: &Set, k: usize) -> Option<Result<Vec<f64>, String>> {
        let cars = set.cars.get(k)?;
        if let Self::Zero = self {
            return Some(Ok(vec![0.0; cars.len()]));
        }
        let Some(measured) = Measured::from_grid(Arc::clone(&set.grid), cars) else {
            return Some(Err("no intensity is above zero".to_owned()));
        };
        match self {
            Self::Zero => None,
            Self::TrueBackground => {
                let squares: Vec<f64> = set.background.as_ref()?.get(k)?.iter().map(|b| b * b).collect();
                Self::over(&measured.with_reference(&squares)?)
            }
            Self::Method { method, settings, .. } => Some(answer(*method, &measured, settings)),
        }
    }

    fn over(measured: &Measured) -> Option<Result<Vec<f64>, String>> {
        let method = find_recovery("kk").ok()?;
        let settings = Settings::default().with("phase_error", "none");
        let settings = Resolved::new(method.info(), &settings).ok()?;
        Some(answer(method, measured, &settings))
    }
}

fn answer(method: &dyn Recovery, measured: &Measured, settings: &Resolved) -> Result<Vec<f64>, String> {
    recover_measured(method, measured, settings, &Unwatched)
        .map(|parts| parts.raman)
        .map_err(|e| e.to_string())
}
