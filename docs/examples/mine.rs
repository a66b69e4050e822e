//! The method as papers call it.

use crate::solvers::{self, NnlsSettings};

use super::classic::{By, COSINES, Classic, DETAIL, METRIC, MIN_SHARE};
use super::{Method, MethodError, MethodInfo, Outcome, Request, Watch};

pub(super) struct Mine;

static INFO: MethodInfo = MethodInfo {
    id: "mine",
    name: "Mine",
    about: "What it does, one sentence.",
    needs_library: true,
    network: false,
    settings: &[METRIC, COSINES, MIN_SHARE, DETAIL],
};

impl Method for Mine {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let run = Classic::start(&INFO, request, watch)?;
        let solution = solvers::nnls(&run.dictionary, &run.target, NnlsSettings::default(), None)
            .map_err(run.refused())?;
        run.finish_by_share(&solution, By::Amount)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{mixed, references};
    use super::super::{Components, Unwatched};
    use super::*;

    #[test]
    fn a_mixture_of_two_is_named() {
        let (mixture, references) = (mixed(), references());
        let request = Request::new(&mixture, Some(&references)).with_components(Components::Exactly(2));
        let outcome = Mine.run(&request, &Unwatched).unwrap();
        let names: Vec<&str> = outcome.components.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["Calcite", "Quartz"]);
    }
}
