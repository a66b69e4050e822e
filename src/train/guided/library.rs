//! The library that explains the training's mixtures, parts of it hidden for each of them.

use super::super::TrainError;
use super::super::separator::Material;
use super::draw::Hidden;
use crate::nets::{Scene, Slot};
use crate::solvers::evidence::{Effort, EvidenceLibrary, EvidenceSettings, Found, search_batch};
use crate::solvers::{Dictionary, Metric};
use crate::synth::Truth;

/// Cosines that count as background when pairs are compared, as in the method.
const COSINES: usize = 12;
