//! Fully constrained least squares: weights not negative and adding up to one.

use crate::solvers::{self, FclsSettings};

use super::classic::{By, COSINES, Classic, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch};

/// Fully constrained least squares.
pub(super) struct Fcls;

static INFO: MethodInfo = MethodInfo {
    id: "fcls",
    name: "FCLS",
    about: "As NNLS with weights that add up to one, mixture and library spectra scaled alike; for completeness: Raman \
            intensities give that sum no meaning.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, MIN_SHARE, DETAIL],
};

impl Method for Fcls {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    /// Mixture and rows are scaled to norm 1 in the metric, because the sum needs a common scale.
    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let mut run = Classic::start(&INFO, request, watch)?;
        let norm = run.target.norm();
        if norm > 0.0 {
            let scaled: Vec<f32> =
                request.mixture.y().iter().map(|v| (f64::from(*v) / norm) as f32).collect();
            run.dictionary = run.references.unit_dictionary(run.metric).map_err(run.refused())?;
            run.target = run.dictionary.target(&scaled).map_err(run.refused())?;
        }
        let solution = solvers::fcls(&run.dictionary, &run.target, FclsSettings::default(), None)
            .map_err(run.refused())?;
        run.finish_by_share(&solution, By::Amount)
    }
}
