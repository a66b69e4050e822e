//! Non-negative least squares over the whole library.

use crate::solvers::{self, NnlsSettings};

use super::classic::{By, COSINES, Classic, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch};

/// Non-negative least squares.
pub(super) struct Nnls;

static INFO: MethodInfo = MethodInfo {
    id: "nnls",
    name: "NNLS",
    about: "Fits all library spectra at once with weights that are not negative; with large libraries it also fits noise.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, MIN_SHARE, DETAIL],
};

impl Method for Nnls {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let run = Classic::start(&INFO, request, watch)?;
        let solution = solvers::nnls(&run.dictionary, &run.target, NnlsSettings::default(), None)
            .map_err(run.refused())?;
        run.finish_by_share(&solution, By::Energy)
    }
}
