//! Answers in the index: what methods found, with the numbers of their curves in place of the curves.

use serde::{Deserialize, Serialize};

use super::super::Subject;
use super::exact::Exact;
use crate::library::{EntryId, StoredMeta};
use crate::methods::{Components, Settings};
use crate::spectrum::Metadata;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredAnswer {
    Done(Box<StoredOutcome>),
    Failed(String),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredOutcome {
    pub method: String,
    pub method_name: String,
    pub settings: Settings,
    pub asked: Components,
    pub library: Option<String>,
    pub axis: u64,
    pub mixture: u64,
    #[serde(with = "StoredMeta")]
    pub meta: Metadata,
    pub components: Vec<StoredComponent>,
    /// Label, value, unit.
    pub concentrations: Vec<(String, Exact, String)>,
    /// Recovered spectrum and background.
    pub cars: Option<(u64, u64)>,
    pub reconstruction: u64,
    pub background: u64,
    pub residual: u64,
    pub noise: Exact,
    pub ratio: Exact,
    /// Position, height, significance.
    pub peaks: Vec<(Exact, Exact, Exact)>,
    /// Name, value, unit.
    pub diagnostics: Vec<(String, Exact, String)>,
    pub notes: Vec<String>,
    pub elapsed_ms: Exact,
    pub device: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredComponent {
    pub name: String,
    pub species: Option<String>,
    pub entries: Vec<StoredWeight>,
    pub spectrum: u64,
    pub library_part: Option<u64>,
    pub share: Exact,
    pub confidence: Option<Exact>,
    /// Species, probability.
    pub alternatives: Vec<(String, Exact)>,
    #[serde(default)]
    pub uncertainty: Option<StoredUncertainty>,
    #[serde(default)]
    pub unlisted: Option<StoredUnlisted>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredUncertainty {
    pub band: u64,
    pub share: (Exact, Exact),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredUnlisted {
    pub probability: Exact,
    pub peaks_cm1: Vec<Exact>,
    pub nearest: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredWeight {
    pub id: EntryId,
    pub name: String,
    pub weight: Exact,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredRow {
    pub subject: usize,
    pub of: Subject,
    pub method: String,
    /// Name, share, confidence.
    pub shares: Vec<(String, Exact, Option<Exact>)>,
    pub residual_over_noise: Option<Exact>,
    pub elapsed_ms: Exact,
    pub error: Option<String>,
}
