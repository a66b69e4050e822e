//! A pipeline made ready for one axis: everything that depends on positions only is done once, rows follow cheaply.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::spectrum::{Axis, Metadata, Spectrum, SpectrumError};

use super::{ProcessError, Step};

/// Other spectra that steps may ask for by name (the blank of `subtract`).
#[derive(Debug, Clone, Default)]
pub struct References(BTreeMap<String, Spectrum>);

impl References {
    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds or replaces one.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, spectrum: Spectrum) -> Self {
        self.0.insert(name.into(), spectrum);
        self
    }

    /// The spectrum of that name, or an error that lists the names at hand.
    pub(super) fn get(&self, step: &'static str, name: &str) -> Result<&Spectrum, ProcessError> {
        self.0.get(name).ok_or_else(|| ProcessError::NoReference {
            step,
            name: name.to_owned(),
            known: if self.0.is_empty() {
                "none".into()
            } else {
                self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
            },
        })
    }
}

/// One row on its way through a plan, with the scratch memory of the steps. Reuse it for many rows: after the first
/// row of a length, penalised baselines and smoothers allocate nothing.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The intensities; between steps always exact `f32` values.
    pub(super) y: Vec<f64>,
    /// The baseline that the last baseline step took away, before rounding.
    pub(super) baseline: Vec<f64>,
    /// What the last step found out about this row, for its history.
    pub(super) note: Option<String>,
    pub(super) system: super::banded::System,
    pub(super) scratch: [Vec<f64>; 3],
}

impl Row {
    /// An empty row with no memory yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// What a step knows before it sees intensities.
pub(super) struct Stage<'a> {
    pub axis: Arc<Axis>,
    pub laser_nm: Option<f64>,
    pub references: &'a References,
}

/// Works on the intensities of one row.
pub(super) type RowOp = Box<dyn Fn(&mut Row) -> Result<(), ProcessError> + Send + Sync>;

/// A step made ready for a stage: the axis it leaves behind and the work on each row.
pub(super) struct Prepared {
    pub axis: Arc<Axis>,
    pub laser_nm: Option<f64>,
    pub op: RowOp,
}

impl Prepared {
    /// A step that leaves the axis alone.
    pub fn same_axis(
        stage: &Stage<'_>,
        op: impl Fn(&mut Row) -> Result<(), ProcessError> + Send + Sync + 'static,
    ) -> Self {
        Self::new_axis(stage, Arc::clone(&stage.axis), op)
    }

    /// A step that leaves another axis behind.
    pub fn new_axis(
        stage: &Stage<'_>,
        axis: Arc<Axis>,
        op: impl Fn(&mut Row) -> Result<(), ProcessError> + Send + Sync + 'static,
    ) -> Self {
        Self { axis, laser_nm: stage.laser_nm, op: Box::new(op) }
    }
}

/// Steps made ready for spectra over one axis with one laser.
pub struct Plan {
    input: Arc<Axis>,
    output: Arc<Axis>,
    laser_nm: Option<f64>,
    /// Step name, history line and work, in order.
    ops: Vec<(&'static str, String, RowOp)>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("steps", &self.history().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

impl Plan {
    pub(super) fn new(
        steps: &[Step],
        axis: &Arc<Axis>,
        laser_nm: Option<f64>,
        references: &References,
    ) -> Result<Self, ProcessError> {
        let mut stage = Stage { axis: Arc::clone(axis), laser_nm, references };
        let mut ops = Vec::with_capacity(steps.len());
        for step in steps {
            step.validate()?;
            let prepared = step.body().prepare(&stage)?;
            stage.axis = prepared.axis;
            stage.laser_nm = prepared.laser_nm;
            ops.push((step.name(), step.full_text(), prepared.op));
        }
        Ok(Self { input: Arc::clone(axis), output: stage.axis, laser_nm: stage.laser_nm, ops })
    }

    /// Axis of the rows that come out.
    #[must_use]
    pub fn output_axis(&self) -> &Arc<Axis> {
        &self.output
    }

    /// The history lines that the steps leave, all parameters spelled out.
    pub fn history(&self) -> impl Iterator<Item = &str> {
        self.ops.iter().map(|(_, line, _)| line.as_str())
    }

    /// Runs all steps on one row of intensities, as many as the axis has points that the plan was made for, and writes `output_axis().len()` of them.
    pub fn run_row(&self, y: &[f32], out: &mut [f32], row: &mut Row) -> Result<(), ProcessError> {
        self.run_noting(y, row, |_, _| ())?;
        if out.len() != row.y.len() {
            return Err(length_mismatch(self.output.len(), out.len()));
        }
        for (to, from) in out.iter_mut().zip(&row.y) {
            *to = *from as f32;
        }
        Ok(())
    }

    /// Runs all steps and returns a spectrum with their history.
    pub(super) fn run_spectrum(&self, spectrum: &Spectrum, row: &mut Row) -> Result<Spectrum, ProcessError> {
        let mut meta = spectrum.meta.clone();
        self.run_noting(spectrum.y(), row, |line, note| {
            meta.history.push(match note {
                Some(note) => format!("{line} ({note})"),
                None => line.to_owned(),
            });
        })?;
        self.finish(meta, row)
    }

    fn finish(&self, mut meta: Metadata, row: &Row) -> Result<Spectrum, ProcessError> {
        meta.laser_nm = self.laser_nm;
        let y: Vec<f32> = row.y.iter().map(|v| *v as f32).collect();
        let step = self.ops.last().map_or("pipeline", |(name, ..)| name);
        Spectrum::new(Arc::clone(&self.output), y, meta)
            .map_err(|source| ProcessError::Spectrum { step, source })
    }

    /// Laser wavelength after all steps.
    pub(super) fn laser_nm(&self) -> Option<f64> {
        self.laser_nm
    }

    fn run_noting(
        &self,
        y: &[f32],
        row: &mut Row,
        mut done: impl FnMut(&str, Option<String>),
    ) -> Result<(), ProcessError> {
        if y.len() != self.input.len() {
            return Err(length_mismatch(self.input.len(), y.len()));
        }
        row.y.clear();
        row.y.extend(y.iter().map(|v| f64::from(*v)));
        for (name, line, op) in &self.ops {
            row.note = None;
            op(row)?;
            round_to_f32(name, &mut row.y)?;
            done(line, row.note.take());
        }
        Ok(())
    }
}

/// Spectra are `f32`: rounding after every step makes a pipeline equal to its steps run one by one.
fn round_to_f32(step: &'static str, y: &mut [f64]) -> Result<(), ProcessError> {
    for (index, value) in y.iter_mut().enumerate() {
        let rounded = f64::from(*value as f32);
        if !rounded.is_finite() {
            return Err(ProcessError::NotFinite { step, index, value: *value });
        }
        *value = rounded;
    }
    Ok(())
}

fn length_mismatch(axis: usize, intensities: usize) -> ProcessError {
    ProcessError::Spectrum { step: "pipeline", source: SpectrumError::LengthMismatch { axis, intensities } }
}
