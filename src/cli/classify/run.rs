//! Opens, judges, tells.

use serde::Serialize;

use super::ClassifyArgs;
use super::table::{Row, csv};
use crate::cli::output::{self, print_json, say};
use crate::cli::{Ended, Usage, own};
use crate::formats::write::{Overwrite, save};
use crate::methods::{MethodError, Unwatched, classifier, is_trained, prepare, probes};
use crate::spectrum::Spectrum;

/// The documented JSON (docs/json.md).
#[derive(Debug, Serialize)]
struct Report {
    model: String,
    sha256: String,
    spectra: Vec<Row>,
    /// Spectra that were judged, and the milliseconds each of them took.
    judged: usize,
    ms_each: f64,
}

/// A spectrum in the form that models take, or why it has none.
type Ready = Result<(Spectrum, Vec<String>), String>;

pub fn run(args: &ClassifyArgs) -> Result<Ended, Usage> {
    if is_trained(&args.model) {
        own::models();
    }
    let ready = classifier(&args.model)?;
    args.device.prepare(probes(), args.json)?;
    let mut rows: Vec<(Row, Ready)> = Vec::new();
    output::each_input(&args.files, args.json, &mut |opened| match opened.result {
        Ok(decoded) => {
            for (k, spectrum) in decoded.spectra().enumerate() {
                let title = spectrum.meta.display_name().to_owned();
                let row =
                    Row { input: opened.name.clone(), spectrum: k + 1, title, verdict: None, error: None };
                rows.push((row, prepare(&spectrum, None, None).map_err(|e| refused(&e))));
            }
        }
        Err(error) => {
            let row = Row {
                input: opened.name.clone(),
                spectrum: 0,
                title: String::new(),
                verdict: None,
                error: None,
            };
            rows.push((row, Err(error.to_string())));
        }
    });
    let spectra: Vec<&Spectrum> = rows.iter().filter_map(|(_, r)| r.as_ref().ok().map(|(s, _)| s)).collect();
    let begun = std::time::Instant::now();
    let verdicts = ready.judge(&spectra, &Unwatched)?;
    let (judged, ms) = (spectra.len(), 1e3 * begun.elapsed().as_secs_f64());
    let mut verdicts = verdicts.into_iter();
    let mut told: Vec<Row> = Vec::with_capacity(rows.len());
    for (mut row, ready) in rows {
        match ready {
            Err(error) => row.error = Some(error),
            Ok((_, notes)) => match verdicts.next() {
                Some(Ok(mut verdict)) => {
                    verdict.notes.splice(0..0, notes);
                    row.verdict = Some(verdict);
                }
                Some(Err(error)) => row.error = Some(error.to_string()),
                None => row.error = Some("no answer".into()),
            },
        }
        told.push(row);
    }
    if let Some(path) = &args.csv {
        let overwrite = Overwrite::when(args.overwrite);
        save(path, &csv(&told)?, overwrite)?;
    }
    let failed = told.iter().filter(|row| row.error.is_some()).count();
    let card = ready.card();
    let ms_each = ms / judged.max(1) as f64;
    if args.json {
        let sha256 = card.weights.sha256.clone();
        print_json(&Report { model: card.name.clone(), sha256, spectra: told, judged, ms_each })?;
    } else {
        say!("{}", card.name);
        for line in told.iter().flat_map(Row::words) {
            say!("{line}");
        }
        let spectra = if judged == 1 { "spectrum" } else { "spectra" };
        say!("{judged} {spectra} judged, {ms_each:.2} ms each");
        if let Some(path) = &args.csv {
            say!("-> {}", path.display());
        }
    }
    Ok(Ended::from_failures(failed))
}

/// Why a spectrum cannot be judged. Steps are another command's: this one has no option for them.
fn refused(error: &MethodError) -> String {
    match error {
        MethodError::NoRamanShift { found, advice } if advice.contains("raman_shift:laser") => format!(
            "this axis is {found}, and models look at Raman shift: classify what `unravel process FILE --steps \
             'raman_shift:laser=785' --out DIR` writes, with the wavelength of your laser in nm"
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::{Axis, AxisKind, Metadata};

    #[test]
    fn an_axis_without_a_laser_is_answered_with_a_command_that_there_is() {
        let y = vec![1.0; 64];
        let axis = Axis::even(AxisKind::Wavelength, 800.0, 900.0, 64).unwrap();
        let spectrum = Spectrum::new(axis, y, Metadata::default()).unwrap();
        let said = refused(&prepare(&spectrum, None, None).unwrap_err());
        assert!(said.contains("Wavelength") && said.contains("unravel process FILE --steps"), "{said}");
        assert!(!said.contains("--process"), "{said}");
    }
}
