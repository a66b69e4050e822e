//! Many spectra at once, over all cores, with progress and cancel.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::spectrum::SpectrumSet;

use super::{Pipeline, ProcessError, References, Row};

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Spectra finished.
    pub done: usize,
    /// Spectra to do.
    pub total: usize,
}

/// Told after every spectrum, from any of the worker threads; `Break` cancels the rest.
pub type Watch<'a> = &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// A [`Watch`] for callers who want neither progress nor cancel.
pub fn ignore_progress(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A processed set, with the rows that could not be processed.
#[derive(Debug, Clone, PartialEq)]
pub struct SetOutcome {
    /// The set over its new axis, every row in its old place.
    pub set: SpectrumSet,
    /// Rows that a step refused, in order, with the reason. They hold zeros in `set`.
    pub refused: Vec<(usize, ProcessError)>,
}

/// Counts finished spectra and remembers a wish to stop.
struct Counter<'a> {
    watch: Watch<'a>,
    total: usize,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl<'a> Counter<'a> {
    fn new(watch: Watch<'a>, total: usize) -> Self {
        Self { watch, total, done: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn count(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if (self.watch)(Progress { done, total: self.total }).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// A wish to stop that came with the last spectrum changes nothing.
    fn finish(&self) -> Result<(), ProcessError> {
        let done = self.done.load(Ordering::Relaxed);
        if done < self.total {
            return Err(ProcessError::Cancelled { done, total: self.total });
        }
        Ok(())
    }
}

impl Pipeline {
    /// Runs the pipeline on every row of a set in parallel, into one new block of memory. A row that a step refuses
    /// (a dead pixel that cannot be normalised) is filled with zeros and reported; the others stand.
    pub fn run_set(
        &self,
        set: &SpectrumSet,
        references: &References,
        watch: Watch<'_>,
    ) -> Result<SetOutcome, ProcessError> {
        let plan = self.plan(set.axis(), set.meta.laser_nm, references)?;
        let (rows, points) = (set.len(), plan.output_axis().len());
        let too_large = || ProcessError::TooLarge { rows, points };
        let size = rows.checked_mul(points).ok_or_else(too_large)?;
        let mut values: Vec<f32> = Vec::new();
        if values.try_reserve_exact(size).is_err() {
            return Err(too_large());
        }
        values.resize(size, 0.0);
        let counter = Counter::new(watch, rows);
        let refused: Vec<(usize, ProcessError)> = values
            .par_chunks_exact_mut(points)
            .zip(set.values().par_chunks_exact(set.points()))
            .enumerate()
            .map_init(Row::new, |row, (index, (out, y))| {
                if counter.is_stopped() {
                    return None;
                }
                let result = plan.run_row(y, out, row);
                counter.count();
                result.err().map(|error| (index, error))
            })
            .flatten_iter()
            .collect();
        counter.finish()?;
        if refused.len() == rows
            && let Some((_, error)) = refused.first()
        {
            return Err(error.clone());
        }
        let mut meta = set.meta.clone();
        meta.laser_nm = plan.laser_nm();
        meta.history.extend(plan.history().map(str::to_owned));
        let mut processed = SpectrumSet::new(Arc::clone(plan.output_axis()), values, rows, meta)
            .map_err(|source| ProcessError::Spectrum { step: "pipeline", source })?;
        processed.positions = set.positions.clone();
        processed.shape = set.shape;
        processed.labels.clone_from(&set.labels);
        Ok(SetOutcome { set: processed, refused })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{measured_like, over_points};
    use super::*;
    use crate::spectrum::{Axis, AxisKind, Metadata};

    fn set(rows: usize, points: usize) -> SpectrumSet {
        let block: Vec<f32> = (0..rows).flat_map(|seed| measured_like(points, 5.0, seed as u64)).collect();
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 1000.0, points).unwrap();
        SpectrumSet::new(axis, block, rows, Metadata::titled("map")).unwrap()
    }

    fn pipeline() -> Pipeline {
        "crop:150-900|despike|arpls|savgol|normalize:vector".parse().unwrap()
    }

    #[test]
    fn rows_of_a_set_come_out_like_single_spectra() {
        let set = set(9, 300).with_shape(3, 3);
        let outcome = pipeline().run_set(&set, &References::none(), &ignore_progress).unwrap();
        assert_eq!(outcome.refused, []);
        assert_eq!(outcome.set.shape, set.shape);
        assert_eq!(outcome.set.meta.history.len(), 5);
        for (row, spectrum) in outcome.set.rows().zip((0..9).map(|i| set.spectrum(i).unwrap())) {
            let single = pipeline().run(&spectrum, &References::none()).unwrap();
            assert_eq!(row, single.y());
            assert_eq!(outcome.set.axis(), single.axis());
        }
    }

    #[test]
    fn a_pipeline_equals_its_steps_one_after_the_other() {
        let start = over_points(&measured_like(400, 5.0, 2));
        let text = "despike|asls|resample:points=333,method=cubic|derivative|normalize:snv";
        let pipeline: Pipeline = text.parse().unwrap();
        let mut by_hand = start.clone();
        for step in &pipeline.steps {
            by_hand = step.run(&by_hand, &References::none()).unwrap();
        }
        assert_eq!(pipeline.run(&start, &References::none()).unwrap(), by_hand);
        assert_eq!(by_hand.meta.history.len(), 5);
    }

    #[test]
    fn a_dead_pixel_is_reported_and_keeps_its_place() {
        let mut values = set(4, 200).values().to_vec();
        values[200..400].fill(0.0);
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 1000.0, 200).unwrap();
        let map = SpectrumSet::new(axis, values, 4, Metadata::default()).unwrap();
        let steps: Pipeline = "normalize".parse().unwrap();
        let outcome = steps.run_set(&map, &References::none(), &ignore_progress).unwrap();
        assert_eq!(outcome.refused.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1]);
        assert!(outcome.set.row(1).unwrap().iter().all(|v| *v == 0.0));
        assert!(outcome.set.row(2).unwrap().iter().any(|v| *v > 0.9));
        let all_dead =
            SpectrumSet::new(Arc::clone(map.axis()), vec![0.0; 400], 2, Metadata::default()).unwrap();
        assert!(steps.run_set(&all_dead, &References::none(), &ignore_progress).is_err());
    }

    #[test]
    fn a_batch_reports_progress_and_can_be_cancelled() {
        let set = set(64, 100);
        let seen = AtomicUsize::new(0);
        let watch = |progress: Progress| {
            seen.fetch_max(progress.done, Ordering::Relaxed);
            if progress.done >= 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let result = pipeline().run_set(&set, &References::none(), &watch);
        assert!(matches!(result, Err(ProcessError::Cancelled { total: 64, .. })), "{result:?}");
        assert!(seen.load(Ordering::Relaxed) >= 3);
    }
}
