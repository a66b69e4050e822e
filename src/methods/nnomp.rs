//! NNOMP: non-negative orthogonal matching pursuit.

use crate::solvers;

use super::classic::{COSINES, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch, greedy};

/// Non-negative orthogonal matching pursuit.
pub(super) struct Nnomp;

static INFO: MethodInfo = MethodInfo {
    id: "nnomp",
    name: "NNOMP",
    about: "Adds the library spectrum most like what is still unexplained, refits all weights, and goes on until nothing beats chance.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, MIN_SHARE, DETAIL],
};

impl Method for Nnomp {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        greedy::run(&INFO, request, watch, solvers::nnomp)
    }
}
