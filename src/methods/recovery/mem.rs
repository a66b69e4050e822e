//! Maximum entropy retrieval with correction of the phase error.

use super::super::{MethodError, MethodInfo, Resolved, Watch};
use super::kk::{PADDING, PHASE_ERROR, phase};
use super::{Measured, Parts, Recovery};
use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::cars::{Hilbert, MemSettings, maximum_entropy, maximum_entropy_corrected};

/// Maximum entropy retrieval.
pub(super) struct Mem;

static INFO: MethodInfo = MethodInfo {
    id: "mem",
    name: "Maximum entropy",
    about: "Takes the phase from an all-pole model of the spectrum over a measured reference or a smooth curve, and slow phase errors off.",
    needs_library: false,
    network: false,
    settings: &[
        Param {
            name: "poles",
            short: "poles",
            unit: "",
            what: "Poles of the model as a part of the number of points",
            kind: ParamKind::Number { min: 0.01, max: 0.95, log: false },
            default: ParamDefault::Number(0.5),
        },
        Param {
            name: "corrected",
            short: "corrected",
            unit: "",
            what: "Whether the background was divided out of the spectrum before, so that it is modelled as it is",
            kind: ParamKind::Flag,
            default: ParamDefault::Flag(false),
        },
        PHASE_ERROR,
    ],
};

impl Recovery for Mem {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn split(
        &self,
        measured: &Measured,
        settings: &Resolved,
        watch: &dyn Watch,
    ) -> Result<Parts, MethodError> {
        watch.go_on()?;
        let hilbert = Hilbert::new(measured.len(), PADDING);
        let how =
            MemSettings { order: settings.number("poles"), phase: phase(settings, measured), positive: true };
        let found = if settings.flag("corrected") {
            maximum_entropy_corrected(measured.intensity(), how, &hilbert)
        } else {
            maximum_entropy(measured.intensity(), measured.reference(), how, &hilbert)
        };
        Ok(Parts { raman: found.raman, background: found.background, ..Parts::default() })
    }
}
