//! One request through one method, and its parts back on the user's axis.

use std::time::Instant;

use super::super::{Diagnostic, MethodError, Resolved, Watch};
use super::{CarsRequest, Consistency, Measured, Parts, Recovered, Recovery};
use crate::solvers::cars::{Hilbert, forward};
use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, Spectrum};

/// Part of the window at each end where lines suffer from what lies outside.
const EDGE: f64 = 0.03;

/// Takes one CARS spectrum apart.
pub fn recover(
    method: &dyn Recovery,
    request: &CarsRequest,
    watch: &dyn Watch,
) -> Result<Recovered, MethodError> {
    let settings = Resolved::new(method.info(), &request.settings)?;
    watch.go_on()?;
    watch.progress(0.0, "preparing");
    let (own, measured, notes) = request.measured()?;
    let started = Instant::now();
    watch.progress(0.1, "recovering");
    let parts = method.split(&measured, &settings, watch)?;
    let elapsed_ms = 1e3 * started.elapsed().as_secs_f64();
    watch.go_on()?;
    finished(method, &settings, (own, &measured, notes), parts, elapsed_ms)
}

/// Takes many spectra apart, such as those of a map, in their order; each with its own error where it has one. All must
/// share one axis for a method to batch them.
pub fn recover_many(
    method: &dyn Recovery,
    requests: &[CarsRequest],
    watch: &dyn Watch,
) -> Result<Vec<Result<Recovered, MethodError>>, MethodError> {
    let Some(first) = requests.first() else { return Ok(Vec::new()) };
    let settings = Resolved::new(method.info(), &first.settings)?;
    let mut ready = Vec::with_capacity(requests.len());
    let mut measured = Vec::with_capacity(requests.len());
    for request in requests {
        watch.go_on()?;
        ready.push(request.measured().map(|(own, one, notes)| {
            measured.push(one);
            (own, measured.len() - 1, notes)
        }));
    }
    let started = Instant::now();
    let mut parts: Vec<Option<_>> =
        method.split_many(&measured, &settings, watch).into_iter().map(Some).collect();
    let elapsed_ms = 1e3 * started.elapsed().as_secs_f64() / measured.len().max(1) as f64;
    watch.go_on()?;
    let done = ready.into_iter().map(|ready| {
        let (own, at, notes) = ready?;
        let (Some(one), Some(parts)) = (measured.get(at), parts.get_mut(at).and_then(Option::take)) else {
            return Err(numbers(method, "gave fewer answers than there are spectra"));
        };
        finished(method, &settings, (own, one, notes), parts?, elapsed_ms)
    });
    Ok(done.collect())
}

/// The parts that a method finds in a measurement that stands on its grid already, checked.
pub fn recover_measured(
    method: &dyn Recovery,
    measured: &Measured,
    settings: &Resolved,
    watch: &dyn Watch,
) -> Result<Parts, MethodError> {
    let parts = method.split(measured, settings, watch)?;
    checked(method, measured, &parts)?;
    Ok(parts)
}

fn checked(method: &dyn Recovery, measured: &Measured, parts: &Parts) -> Result<(), MethodError> {
    let points = measured.len();
    if parts.raman.len() != points || parts.background.len() != points {
        let (a, b) = (parts.raman.len(), parts.background.len());
        return Err(numbers(method, &format!("gave {a} and {b} values for {points} points")));
    }
    // Curves are kept in single precision.
    let fits = |v: &f64| v.abs() < f64::from(f32::MAX).sqrt();
    if !parts.raman.iter().chain(&parts.background).all(fits) {
        return Err(numbers(
            method,
            "the recovered curves are not finite: the spectrum has values too near to zero or too far apart; cut it to the range that has signal",
        ));
    }
    Ok(())
}

fn numbers(method: &dyn Recovery, problem: &str) -> MethodError {
    MethodError::Numbers { method: method.info().id, problem: problem.to_owned() }
}

fn finished(
    method: &dyn Recovery,
    settings: &Resolved,
    (own, measured, mut notes): (Spectrum, &Measured, Vec<String>),
    parts: Parts,
    elapsed_ms: f64,
) -> Result<Recovered, MethodError> {
    checked(method, measured, &parts)?;
    let hilbert = Hilbert::new(measured.len(), 0);
    let fit = forward(&parts.raman, &parts.background, &hilbert);
    let consistency = Consistency::of(&fit, measured.intensity());
    let axis = own.axis();
    let back = |values: &[f64]| on_own(values, measured.grid(), axis);
    notes.extend(parts.notes);
    let edge = EDGE * (axis.high() - axis.low());
    let mut diagnostics = vec![Diagnostic::plain("consistency", consistency.ratio)];
    diagnostics.extend(parts.diagnostics);
    Ok(Recovered {
        method: method.id().to_owned(),
        method_name: method.name().to_owned(),
        settings: settings.spelled_out(),
        raman: back(&parts.raman),
        background: back(&parts.background),
        forward: back(&fit),
        consistency,
        inner: (axis.low() + edge, axis.high() - edge),
        measured: own,
        diagnostics,
        notes,
        elapsed_ms,
        device: parts.device.unwrap_or_else(|| "CPU, 1 thread".to_owned()),
    })
}

/// Values on the grid as values on the user's own points, in their order.
fn on_own(values: &[f64], grid: &Axis, own: &Axis) -> Vec<f32> {
    let y: Vec<f32> = values.iter().map(|v| *v as f32).collect();
    if own == grid {
        return y;
    }
    let first = y.first().copied().unwrap_or_default();
    let back = resample(grid, &y, own, Interpolation::Cubic, first);
    back.into_iter().map(|v| if v.is_finite() { v } else { 0.0 }).collect()
}
