//! The reference figures of the specification (section 10.2), printed beside ours.

use serde::Serialize;

use super::super::text::number;

/// Figures that the specification states.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Stated {
    /// Raw PSNR in dB; of measured spectra that of both curves from 0 to 1.
    pub psnr: Option<f64>,
    /// Pearson correlation.
    pub r: Option<f64>,
    /// F1 of the peaks.
    pub peak_f1: Option<f64>,
}

impl Stated {
    /// As the specification writes them.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} / {} / {}", number(self.psnr, 1), number(self.r, 3), number(self.peak_f1, 2))
    }
}

type Three = (f64, f64, f64);

/// Set, then the zeros, blind Kramers-Kronig, blind maximum entropy, and Kramers-Kronig over the true background. NaN is
/// nothing stated.
const TABLE: &[(&str, Three, Three, Three, Three)] = &[
    ("synth/mix", (24.4, 0.0, 0.0), (33.9, 0.916, 0.69), (33.0, 0.902, 0.79), (32.0, 0.758, 0.71)),
    ("synth/specnet", (24.2, 0.0, 0.0), (34.1, 0.926, 0.71), (32.6, 0.899, 0.75), (30.0, 0.762, 0.71)),
    ("synth/lut-poly", (24.7, 0.0, 0.0), (35.2, 0.938, 0.72), (33.7, 0.912, 0.75), (33.0, 0.840, 0.75)),
    ("synth/lut-onesig", (24.4, 0.0, 0.0), (36.5, 0.934, 0.74), (33.5, 0.903, 0.73), (34.8, 0.734, 0.72)),
    ("synth/vector-2b", (22.5, 0.0, 0.0), (31.0, 0.895, 0.68), (30.5, 0.893, 0.78), (28.9, 0.797, 0.74)),
    ("synth/crimson", (21.6, 0.0, 0.0), (28.4, 0.872, 0.49), (28.6, 0.894, 0.58), (31.1, 0.852, 0.43)),
    ("synth/weak", (41.7, 0.0, 0.0), (47.9, 0.886, 0.58), (47.9, 0.891, 0.66), (55.5, 0.974, 0.74)),
    ("vector_valid/1a", (25.2, 0.0, 0.0), (35.8, 0.938, 0.65), (34.8, 0.923, 0.76), NONE),
    ("vector_valid/2b", (23.1, 0.0, 0.0), (31.5, 0.895, 0.67), (31.0, 0.887, 0.76), NONE),
    ("vector_valid/3c", (18.5, 0.0, 0.0), (22.4, 0.757, 0.50), (22.1, 0.763, 0.62), NONE),
    ("noise/0.000", NONE, (35.0, 0.922, 0.91), (33.8, 0.905, 0.90), (35.5, 0.769, 0.90)),
    ("noise/0.003", NONE, (34.7, 0.919, 0.77), (33.8, 0.904, 0.83), (34.6, 0.770, 0.79)),
    ("noise/0.010", NONE, (32.0, 0.887, 0.19), (32.7, 0.885, 0.33), (31.8, 0.745, 0.22)),
    ("noise/0.030", NONE, (25.1, 0.722, 0.06), (28.0, 0.781, 0.10), (27.6, 0.636, 0.07)),
    ("real/amdc", NONE, (19.4, 0.81, f64::NAN), (18.5, 0.82, f64::NAN), NONE),
    ("real/glucose", NONE, (17.5, 0.78, f64::NAN), (16.4, 0.77, f64::NAN), NONE),
];

const NONE: Three = (f64::NAN, f64::NAN, f64::NAN);

/// Published predictions: set, method, raw PSNR and r.
const PUBLISHED: &[(&str, &str, f64, f64)] = &[
    ("vector_valid/1a", "specnet (published)", 39.6, 0.979),
    ("vector_valid/1a", "vector (published)", 54.9, 0.998),
    ("vector_valid/1b", "specnet (published)", 37.1, 0.976),
    ("vector_valid/1c", "specnet (published)", 36.3, 0.976),
    ("vector_valid/2a", "specnet (published)", 39.9, 0.986),
    ("vector_valid/2b", "specnet (published)", 38.2, 0.975),
    ("vector_valid/2c", "specnet (published)", 35.6, 0.976),
    ("vector_valid/3a", "specnet (published)", 34.1, 0.969),
    ("vector_valid/3b", "specnet (published)", 31.6, 0.958),
    ("vector_valid/3c", "specnet (published)", 32.2, 0.963),
];

/// What the specification states for a method (with its default settings) on a set.
pub fn stated(set: &str, method: &str) -> Option<Stated> {
    let known = |v: f64| (!v.is_nan()).then_some(v);
    if let Some((_, _, psnr, r)) = PUBLISHED.iter().find(|row| row.0 == set && row.1 == method) {
        return Some(Stated { psnr: known(*psnr), r: known(*r), peak_f1: None });
    }
    let row = TABLE.iter().find(|row| row.0 == set)?;
    let (psnr, r, peak_f1) = match method {
        "zero" => row.1,
        "kk" => row.2,
        "mem" => row.3,
        "kk-true" => row.4,
        _ => return None,
    };
    known(psnr).map(|psnr| Stated { psnr: Some(psnr), r: known(r), peak_f1: known(peak_f1) })
}
