//! SUnSAL: sparse unmixing by least squares with a penalty on the sum of the weights.

use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::{self, Lambda, SunsalSettings};

use super::classic::{By, COSINES, Classic, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch};

/// Sparse unmixing by variable splitting (Bioucas-Dias and Figueiredo 2010).
pub(super) struct Sunsal;

const LAMBDA: Param = Param {
    name: "lambda",
    short: "lam",
    unit: "",
    what: "Weight of the penalty, as a part of the largest correlation between mixture and library; more gives fewer \
           components",
    kind: ParamKind::Number { min: 0.0, max: 1.0, log: true },
    default: ParamDefault::Number(0.02),
};

static INFO: MethodInfo = MethodInfo {
    id: "sunsal",
    name: "SUnSAL",
    about: "Fits all library spectra at once with weights that are not negative and a penalty on their sum, which leaves \
            few of them.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, LAMBDA, MIN_SHARE, DETAIL],
};

impl Method for Sunsal {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let run = Classic::start(&INFO, request, watch)?;
        let lambda = Lambda::Relative(run.settings.number("lambda"));
        let free = run.fixed_rows().concat();
        let settings = SunsalSettings { lambda, free: &free, ..SunsalSettings::default() };
        let solution =
            solvers::sunsal(&run.dictionary, &run.target, settings, None).map_err(run.refused())?;
        run.finish_by_share(&solution, By::Amount)
    }
}
