//! Every sample of the real-data folder decodes to the values that a second, independent reader gave, within the
//! tolerances stated in that folder's README; every damaged one gives a clear error or a visible warning.

use std::fs;
use std::path::Path;

use unravel::formats::{Decoded, FormatError, Limits, decode};
use unravel::spectrum::Spectrum;

use crate::data;

/// One line of the manifest.
struct Sample {
    format: String,
    file: String,
    expect: String,
    spectra: usize,
    first_points: usize,
    mean_y: Option<f64>,
    note: String,
}

/// How far x (share of the span) and y (share of the largest value) may lie from the truth.
struct Tolerance {
    x: f64,
    y: f64,
}

impl Sample {
    fn tolerance(&self, content: &[u8]) -> Tolerance {
        match self.format.as_str() {
            // These truths come from text exports with 6 significant digits.
            "labspec6_l6s" | "renishaw_wxd" => Tolerance { x: 5e-3, y: 1e-4 },
            // The reference reader rounds x to 3 decimals.
            "spa" | "spg" => Tolerance { x: 1e-3, y: 1e-6 },
            "labspec_txt" if content.starts_with(b"#") => Tolerance { x: 1e-3, y: 1e-6 },
            _ => Tolerance { x: 1e-5, y: 1e-6 },
        }
    }

    /// Detector images list only their first and last row in the manifest.
    fn counts_only_ends(&self) -> bool {
        self.note.contains("rows first and last only")
    }
}

fn manifest(folder: &Path, format: &str) -> Vec<Sample> {
    let mut reader = csv::Reader::from_path(folder.join("manifest.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let [f, file, expect, n, p, mean, note] =
        ["format", "file", "expect", "n_spectra", "n_points_first", "mean_y_all", "note"].map(column);
    reader
        .records()
        .map(Result::unwrap)
        .filter(|r| &r[f] == format)
        .map(|r| Sample {
            format: r[f].into(),
            file: r[file].into(),
            expect: r[expect].into(),
            spectra: r[n].parse().unwrap_or(0),
            first_points: r[p].parse().unwrap_or(0),
            mean_y: r[mean].parse().ok(),
            note: r[note].into(),
        })
        .collect()
}

fn expected_rows(path: &Path) -> Option<Vec<(f64, f64)>> {
    let text = fs::read_to_string(path).ok()?;
    let rows: Vec<(f64, f64)> = text
        .lines()
        .filter_map(|line| {
            let (x, y) = line.split_once(',')?;
            Some((x.trim().parse::<f64>().ok()?, y.trim().parse::<f64>().ok()?))
        })
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .collect();
    Some(sorted(rows))
}

fn sorted(mut rows: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    rows
}

fn compare(found: &Spectrum, expected: &[(f64, f64)], tolerance: &Tolerance) -> Result<(), String> {
    let rows = sorted(found.x().iter().copied().zip(found.y().iter().map(|v| f64::from(*v))).collect());
    if rows.len() != expected.len() {
        return Err(format!("{} points, expected {}", rows.len(), expected.len()));
    }
    let span = expected[expected.len() - 1].0 - expected[0].0;
    let peak = expected.iter().fold(0.0_f64, |m, r| m.max(r.1.abs()));
    for (i, (f, e)) in rows.iter().zip(expected).enumerate() {
        if (f.0 - e.0).abs() > tolerance.x * span.abs() {
            return Err(format!("x of point {i} is {}, expected {}", f.0, e.0));
        }
        if (f.1 - e.1).abs() > tolerance.y * peak {
            return Err(format!("y of point {i} (x {}) is {}, expected {}", f.0, f.1, e.1));
        }
    }
    Ok(())
}

fn check_decoded(folder: &Path, sample: &Sample, decoded: &Decoded, content: &[u8]) -> Result<(), String> {
    let spectra: Vec<Spectrum> = decoded.spectra().collect();
    let found = spectra.len();
    if found != decoded.count() {
        return Err(format!("{} spectra announced, {found} given", decoded.count()));
    }
    if found != sample.spectra && !(sample.counts_only_ends() && found > sample.spectra) {
        return Err(format!("{found} spectra, expected {}", sample.spectra));
    }
    let tolerance = sample.tolerance(content);
    let base = folder.join(&sample.format).join(&sample.file);
    let with = |suffix: &str| Path::new(&format!("{}{suffix}", base.display())).to_owned();
    let first = expected_rows(&with(".expected.csv")).ok_or("the sample has no .expected.csv")?;
    if first.len() > sample.first_points {
        return Err("the expected file and the manifest disagree".into());
    }
    compare(&spectra[0], &first, &tolerance).map_err(|e| format!("first spectrum: {e}"))?;
    if let Some(last) = expected_rows(&with(".expected.last.csv")) {
        compare(&spectra[found - 1], &last, &tolerance).map_err(|e| format!("last spectrum: {e}"))?;
    }
    if let (Some(expected), false) = (sample.mean_y, sample.counts_only_ends()) {
        let values = || spectra.iter().flat_map(|s| s.y().iter().map(|v| f64::from(*v)));
        let mean = values().sum::<f64>() / values().count() as f64;
        let peak = values().fold(0.0_f64, |m, v| m.max(v.abs()));
        if (mean - expected).abs() > 2.0 * tolerance.y * peak {
            return Err(format!("mean of all values is {mean}, expected {expected}"));
        }
    }
    Ok(())
}

/// An error must name the file and say something about what was wrong.
fn check_error(sample: &Sample, error: &FormatError) -> Result<(), String> {
    let sentence = error.to_string();
    if !sentence.contains(&sample.file) || sentence.len() < sample.file.len() + 15 {
        return Err(format!("the error does not say enough: {sentence}"));
    }
    Ok(())
}

fn check(folder: &Path, sample: &Sample) -> Result<(), String> {
    let path = folder.join(&sample.format).join(&sample.file);
    let content = fs::read(&path).map_err(|e| e.to_string())?;
    let (_, result) = decode(&path.display().to_string(), &content, Limits::default());
    match (sample.expect.as_str(), &result) {
        ("ok", Ok(decoded)) => check_decoded(folder, sample, decoded, &content),
        ("ok", Err(error)) => Err(format!("refused: {error}")),
        (_, Err(error)) => check_error(sample, error),
        // A SPC file under another name: read by content.
        ("ok_or_error", Ok(decoded)) if sample.file == "n39_binary_renamed.csv" => {
            let twin = expected_rows(&folder.join("spc/RAMAN.SPC.expected.csv")).ok_or("no twin")?;
            let spectrum = decoded.spectra().next().ok_or("nothing decoded")?;
            compare(&spectrum, &twin, &Tolerance { x: 1e-5, y: 1e-6 })
        }
        ("ok_or_error", Ok(decoded)) if !decoded.warnings.is_empty() => Ok(()),
        ("ok_or_error", Ok(decoded)) if sample.spectra > 0 => {
            check_decoded(folder, sample, decoded, &content)
        }
        ("error", Ok(decoded))
            if sample.note.contains("with a visible warning") && !decoded.warnings.is_empty() =>
        {
            Ok(())
        }
        (expect, Ok(decoded)) => {
            Err(format!("{} spectra without a word, expected {expect}: {}", decoded.count(), sample.note))
        }
    }
}

fn judge(format: &str) {
    let Some(folder) = data::folder("formats") else { return };
    let samples = manifest(&folder, format);
    assert!(!samples.is_empty(), "the manifest has no {format}");
    let wrong: Vec<String> = samples
        .iter()
        .filter_map(|sample| check(&folder, sample).err().map(|e| format!("{}: {e}", sample.file)))
        .collect();
    println!("{format}: {} of {} samples right", samples.len() - wrong.len(), samples.len());
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), samples.len(), wrong.join("\n"));
}

macro_rules! truth {
    ($($format:ident)*) => { $(
        #[test]
        fn $format() {
            judge(stringify!($format));
        }
    )* };
}

truth! {
    avantes_txt bwtek_txt csv_header_meta jcamp jobinyvon_xml labspec6_l6s labspec_txt mat multicol ocean_txt opus
    perkinelmer_sp perkinelmer_txt renishaw_txt renishaw_wxd rruff_txt sif spa spc spe spg trivista_tvf twocol
    wasatch_csv wdf witec_txt xlsx
}
