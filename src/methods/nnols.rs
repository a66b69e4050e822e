//! NNOLS: non-negative orthogonal least squares.

use crate::solvers;

use super::classic::{COSINES, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch, greedy};

/// Non-negative orthogonal least squares.
pub(super) struct Nnols;

static INFO: MethodInfo = MethodInfo {
    id: "nnols",
    name: "NNOLS",
    about: "As NNOMP, but adds the library spectrum with which the refitted whole leaves the least unexplained.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, MIN_SHARE, DETAIL],
};

impl Method for Nnols {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        greedy::run(&INFO, request, watch, solvers::nnols)
    }
}
