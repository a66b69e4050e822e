//! The table of `bench cars`.

use std::fmt;

use serde::Serialize;

use super::super::text::{number, table};
use super::stated::Stated;
use crate::methods::ModelUsed;

/// All rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarsReport {
    /// Which benchmark it is.
    pub bench: &'static str,
    /// Which half of each set was scored: `first`, `second` or `both`.
    pub half: &'static str,
    /// One a set and method.
    pub rows: Vec<CarsRow>,
}

/// One method over one set: means over its spectra.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarsRow {
    /// The set: `synth/mix`, `noise/0.010`, `real/amdc`.
    pub set: String,
    /// The method as it was named, settings included.
    pub method: String,
    /// The trained network it ran; null for methods without one.
    pub model: Option<ModelUsed>,
    /// Spectra scored.
    pub n: usize,
    /// PSNR of `Im chi_R` as it stands, data range 1; null where the set has shapes only.
    pub psnr_raw: Option<f64>,
    /// PSNR of both curves from 0 to 1.
    pub psnr_minmax: Option<f64>,
    /// Pearson correlation.
    pub r: Option<f64>,
    /// Median of `1 - mse / variance of the truth`.
    pub r2_median: Option<f64>,
    /// The same of both curves from 0 to 1.
    pub r2_median_minmax: Option<f64>,
    /// Structural similarity of `Im chi_R` as it stands.
    pub ssim_raw: Option<f64>,
    /// Structural similarity of both curves from 0 to 1.
    pub ssim_minmax: Option<f64>,
    /// F1 of the peaks.
    pub peak_f1: Option<f64>,
    /// Mean square error.
    pub mse_raw: Option<f64>,
    /// Mean absolute error.
    pub mae_raw: Option<f64>,
    /// The same on the inner 90 % of the points.
    pub inner: Inner,
    /// Mean time of one spectrum in ms; null for published predictions.
    pub ms: Option<f64>,
    /// Spectra that the method refused.
    pub failed: usize,
    /// Why it refused the first of them.
    pub error: Option<String>,
    /// What the specification's reference scripts found for this method on their held-out spectra.
    pub stated: Option<Stated>,
}

/// Figures on the inner 90 % of the points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inner {
    /// PSNR of `Im chi_R` as it stands.
    pub psnr_raw: Option<f64>,
    /// PSNR of both curves from 0 to 1.
    pub psnr_minmax: Option<f64>,
    /// Pearson correlation.
    pub r: Option<f64>,
    /// Structural similarity of `Im chi_R` as it stands.
    pub ssim_raw: Option<f64>,
    /// F1 of the peaks.
    pub peak_f1: Option<f64>,
}

impl CarsRow {
    fn cells(&self) -> Vec<String> {
        let stated = self.stated.map_or_else(String::new, |stated| stated.words());
        let inner = &self.inner;
        vec![
            self.set.clone(),
            self.method.clone(),
            self.n.to_string(),
            number(self.psnr_raw, 1),
            number(self.psnr_minmax, 1),
            number(self.r, 3),
            number(self.r2_median, 3),
            number(self.ssim_raw, 3),
            number(self.peak_f1, 2),
            format!("{} / {} / {}", number(inner.psnr_raw, 1), number(inner.r, 3), number(inner.peak_f1, 2)),
            number(self.ms, 2),
            stated,
        ]
    }
}

const HEADER: [&str; 12] = [
    "set",
    "method",
    "n",
    "PSNR raw",
    "minmax",
    "r",
    "R2 med.",
    "SSIM",
    "peak F1",
    "inner: PSNR / r / F1",
    "ms",
    "stated: PSNR / r / F1",
];

impl fmt::Display for CarsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Raman spectra recovered from CARS, {} half of each set; PSNR in dB at data range 1; inner: the middle 90 % of the points\n",
            self.half
        )?;
        let rows: Vec<Vec<String>> = self.rows.iter().map(CarsRow::cells).collect();
        writeln!(f, "{}", table(&HEADER, &rows))?;
        for row in self.rows.iter().filter(|row| row.failed > 0) {
            let why = row.error.as_deref().unwrap_or_default();
            writeln!(f, "{} on {}: {} spectra refused; the first: {why}", row.method, row.set, row.failed)?;
        }
        write!(
            f,
            "stated: figures of the specification (section 10.2) on spectra of its own; of real files min-max PSNR"
        )
    }
}
