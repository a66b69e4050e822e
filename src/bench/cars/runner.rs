//! Runs every contender over every set and scores what comes out.

use std::path::PathBuf;
use std::time::Instant;

use super::super::{BenchError, stats};
use super::contender::Contender;
use super::report::{CarsReport, CarsRow, Inner};
use super::sets::{self, Set};
use super::stated::stated;
use crate::solvers::cars::{min_max, peak_f1, score};
use crate::spectrum::evenly;

/// Part of the points at each end that the inner figures leave out.
const EDGE: f64 = 0.05;

/// Which half of each set is scored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Half {
    /// The half that may be used to choose settings.
    First,
    /// The half that figures are told on.
    #[default]
    Second,
    /// Everything.
    Both,
}

impl Half {
    /// The spectra of a set of `count`; a set of one has no halves.
    fn of(self, count: usize) -> std::ops::Range<usize> {
        match self {
            _ if count < 2 => 0..count,
            Self::First => 0..count / 2,
            Self::Second => count / 2..count,
            Self::Both => 0..count,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Both => "both",
        }
    }
}

/// What is run.
#[derive(Debug, Clone, Default)]
pub struct CarsOptions {
    /// Folder with the CARS data, or with a folder `cars` that holds it.
    pub data: PathBuf,
    /// Sets whose name holds one of these; all when empty.
    pub sets: Vec<String>,
    /// Methods, with settings behind colons; all and the zeros when empty.
    pub methods: Vec<String>,
    /// Which half of each set.
    pub half: Half,
}

/// Runs the benchmark. `progress` is told how many of how many spectra are done.
pub fn bench_cars(
    options: &CarsOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<CarsReport, BenchError> {
    let contenders = Contender::parse_all(&options.methods)?;
    let mut sets = sets::all(&sets::folder(&options.data)?)?;
    let names: Vec<String> = sets.iter().map(|set| set.name.clone()).collect();
    sets.retain(|set| {
        options.sets.is_empty() || options.sets.iter().any(|part| set.name.contains(part.trim()))
    });
    if sets.is_empty() {
        let asked = options.sets.join(",");
        return Err(BenchError::Asked(format!(
            "--sets {asked}: no such set; there are {}",
            names.join(", ")
        )));
    }
    let total =
        sets.iter().map(|set| options.half.of(set.cars.len()).len()).sum::<usize>() * contenders.len();
    let mut rows = Vec::new();
    let mut done = 0;
    for set in &sets {
        for contender in &contenders {
            let spectra = options.half.of(set.cars.len());
            rows.extend(row(set, contender, spectra.clone()));
            done += spectra.len();
            progress(done, total);
        }
        for (name, curves) in &set.published {
            rows.extend(published(set, name, curves, options.half.of(curves.len())));
        }
    }
    Ok(CarsReport { bench: "cars", half: options.half.word(), rows })
}

/// One method over one set; nothing where the set lacks what it needs.
fn row(set: &Set, contender: &Contender, spectra: std::ops::Range<usize>) -> Option<CarsRow> {
    let mut sums = Sums::default();
    let mut elapsed = Vec::new();
    for k in spectra {
        let started = Instant::now();
        let answer = contender.raman(set, k)?;
        let ms = 1e3 * started.elapsed().as_secs_f64();
        match (answer, set.raman.get(k)) {
            (Ok(found), Some(truth)) => {
                sums.add(&found, truth, set.shapes_only);
                elapsed.push(ms);
            }
            (Err(error), _) => sums.failed(error),
            (Ok(_), None) => {}
        }
    }
    let mut row = sums.row(&set.name, contender.name());
    row.model = contender.model();
    row.stated = stated(&set.name, contender.name());
    row.ms = stats::mean(&elapsed);
    Some(row)
}

/// Predictions that came with the set, on their own number of points.
fn published(set: &Set, name: &str, curves: &[Vec<f64>], spectra: std::ops::Range<usize>) -> Option<CarsRow> {
    let mut sums = Sums::default();
    for k in spectra {
        let (found, truth) = (curves.get(k)?, set.raman.get(k)?);
        sums.add(found, &brought(truth, found.len()), false);
    }
    let mut row = sums.row(&set.name, name);
    row.stated = stated(&set.name, name);
    Some(row)
}

/// A curve on another number of even points over the same span, straight between its points.
fn brought(curve: &[f64], points: usize) -> Vec<f64> {
    if curve.len() == points || curve.len() < 2 {
        return curve.to_vec();
    }
    let last = curve.len() - 1;
    evenly(0.0, last as f64, points)
        .into_iter()
        .map(|at| {
            let below = (at as usize).min(last - 1);
            let (a, b) = (curve[below], curve[below + 1]);
            a + (b - a) * (at - below as f64)
        })
        .collect()
}

/// Figures of the spectra of one row.
#[derive(Debug, Default)]
struct Sums {
    raw: Figures,
    shapes: Figures,
    inner_raw: Figures,
    inner_shapes: Figures,
    failed: usize,
    error: Option<String>,
    shapes_only: bool,
}

#[derive(Debug, Default)]
struct Figures {
    mse: Vec<f64>,
    mae: Vec<f64>,
    psnr: Vec<f64>,
    r: Vec<f64>,
    r2: Vec<f64>,
    ssim: Vec<f64>,
    f1: Vec<f64>,
}

impl Figures {
    fn add(&mut self, found: &[f64], truth: &[f64]) {
        let one = score(found, truth);
        self.mse.push(one.mse);
        self.mae.push(one.mae);
        self.psnr.push(one.psnr_db);
        self.r.push(one.r);
        self.r2.push(one.r2);
        self.ssim.push(one.ssim);
        self.f1.push(peak_f1(found, truth));
    }
}

impl Sums {
    fn add(&mut self, found: &[f64], truth: &[f64], shapes_only: bool) {
        let edge = (EDGE * truth.len() as f64) as usize;
        let inner =
            |curve: &[f64]| curve.get(edge..curve.len().saturating_sub(edge)).unwrap_or(curve).to_vec();
        let (found_inner, truth_inner) = (inner(found), inner(truth));
        self.raw.add(found, truth);
        self.shapes.add(&min_max(found), &min_max(truth));
        self.inner_raw.add(&found_inner, &truth_inner);
        self.inner_shapes.add(&min_max(&found_inner), &min_max(&truth_inner));
        self.shapes_only = shapes_only;
    }

    fn failed(&mut self, error: String) {
        self.failed += 1;
        self.error.get_or_insert(error);
    }

    fn row(&self, set: &str, method: &str) -> CarsRow {
        let raw = |values: &[f64]| if self.shapes_only { None } else { stats::mean(values) };
        CarsRow {
            set: set.to_owned(),
            method: method.to_owned(),
            model: None,
            n: self.raw.r.len(),
            psnr_raw: raw(&self.raw.psnr),
            psnr_minmax: stats::mean(&self.shapes.psnr),
            r: stats::mean(&self.raw.r),
            r2_median: if self.shapes_only { None } else { median(&self.raw.r2) },
            r2_median_minmax: median(&self.shapes.r2),
            ssim_raw: raw(&self.raw.ssim),
            ssim_minmax: stats::mean(&self.shapes.ssim),
            peak_f1: stats::mean(&self.raw.f1),
            mse_raw: raw(&self.raw.mse),
            mae_raw: raw(&self.raw.mae),
            inner: Inner {
                psnr_raw: raw(&self.inner_raw.psnr),
                psnr_minmax: stats::mean(&self.inner_shapes.psnr),
                r: stats::mean(&self.inner_raw.r),
                ssim_raw: raw(&self.inner_raw.ssim),
                peak_f1: stats::mean(&self.inner_raw.f1),
            },
            ms: None,
            failed: self.failed,
            error: self.error.clone(),
            stated: None,
        }
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.get(sorted.len().saturating_sub(1) / 2)?, sorted.get(sorted.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}
