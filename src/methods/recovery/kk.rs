//! Kramers-Kronig retrieval with correction of the phase error.

use super::super::{MethodError, MethodInfo, Resolved, Watch};
use super::{Measured, Parts, Recovery};
use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::cars::{Hilbert, KkSettings, Phase, kramers_kronig};

/// Windows of padding on each side of the Hilbert transform.
pub(in crate::methods) const PADDING: usize = 1;

/// Kramers-Kronig retrieval.
pub(super) struct Kk;

static INFO: MethodInfo = MethodInfo {
    id: "kk",
    name: "Kramers-Kronig",
    about: "Takes the phase from the logarithm of the spectrum, over a measured reference or a smooth curve, and slow phase errors off.",
    needs_library: false,
    network: false,
    settings: &[PHASE_ERROR, AMPLITUDE, SCALE],
};

pub(super) const PHASE_ERROR: Param = Param {
    name: "phase_error",
    short: "phase_error",
    unit: "",
    what: "How slow errors of the phase are taken off: a smooth curve below the phase (below), its least value for spectra that were corrected before (least), or not at all (none)",
    kind: ParamKind::Choice(&["below", "least", "none"]),
    default: ParamDefault::Word("below"),
};

const AMPLITUDE: Param = Param {
    name: "amplitude",
    short: "amplitude",
    unit: "",
    what: "Take off the amplitude error that belongs to the phase error, too",
    kind: ParamKind::Flag,
    default: ParamDefault::Flag(false),
};

const SCALE: Param = Param {
    name: "scale",
    short: "scale",
    unit: "",
    what: "Take the background from the slowly varying mean of the corrected ratio instead of what the lines leave",
    kind: ParamKind::Flag,
    default: ParamDefault::Flag(false),
};

/// The correction of the phase that the settings name.
pub(in crate::methods) fn phase(settings: &Resolved, measured: &Measured) -> Phase {
    match settings.word("phase_error") {
        "none" => Phase::AsIs,
        "least" => Phase::FromLeast,
        _ if measured.reference().is_some() => Phase::REFERENCED,
        _ => Phase::BLIND,
    }
}

impl Recovery for Kk {
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
        let how = KkSettings {
            phase: phase(settings, measured),
            amplitude: settings.flag("amplitude"),
            scale: settings.flag("scale"),
            positive: true,
        };
        let found = kramers_kronig(measured.intensity(), measured.reference(), how, &hilbert);
        Ok(Parts { raman: found.raman, background: found.background, ..Parts::default() })
    }
}
