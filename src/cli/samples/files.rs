//! Sample recipes to bytes, each in its format.

use std::fmt::Write as _;

use super::measure::{Measured, measure};
use super::recipes::{Content, Form, Recipe};
use crate::cli::Usage;
use crate::formats::Item;
use crate::formats::write::{WriteFormat, WriteOptions, encode};
use crate::library::peaks::Substance;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, SpectrumSet, wavelength_from_shift};

/// Beginning of the folder's README.
pub const README_HEAD: &str = "# Sample data\n\n\
Synthetic spectra, free to use: rebuilt from published and fitted line positions (the default library's tables) with the\n\
noise of a camera, fluorescence and a scale error. No measured spectrum is in here. Every file says so in its title or\n\
comment and was made by\n\n    unravel library samples --out sample_data --overwrite\n\n\
| file | holds |\n| --- | --- |\n";

/// What every file says of itself.
const COMMENT: &str = "Synthetic, made by `unravel library samples` from line tables; not a measurement";

pub fn readme_row(recipe: &Recipe) -> String {
    format!("| `{}` | {} |\n", recipe.file, recipe.what)
}

pub fn make(recipe: &Recipe, substances: &[Substance]) -> Result<Vec<u8>, Usage> {
    let measured = measure(recipe, substances)?;
    match recipe.form {
        Form::Rruff => Ok(rruff(recipe, &measured).into_bytes()),
        Form::WavelengthText => Ok(wavelength_text(recipe, &measured)?.into_bytes()),
        Form::LabSpecMap => Ok(labspec_map(recipe, &measured).into_bytes()),
        Form::Spc => ours(recipe, measured, WriteFormat::Spc),
        Form::Jcamp => ours(recipe, measured, WriteFormat::Jcamp),
        Form::Csv => ours(recipe, measured, WriteFormat::Csv),
    }
}

fn title(recipe: &Recipe) -> String {
    let stem = recipe.file.rsplit_once('.').map_or(recipe.file, |(stem, _)| stem);
    format!("{} (synthetic)", stem.replace('_', " "))
}

fn shares(parts: &[(&'static str, f64)]) -> String {
    parts.iter().map(|(name, share)| format!("{name} {share:.2}")).collect::<Vec<_>>().join(", ")
}

fn ours(recipe: &Recipe, measured: Measured, format: WriteFormat) -> Result<Vec<u8>, Usage> {
    let mut meta = Metadata {
        title: Some(title(recipe)),
        laser_nm: Some(recipe.laser_nm),
        integration_time_s: Some(1.0),
        accumulations: Some(1),
        instrument: Some("synthetic".into()),
        intensity_unit: Some("counts".into()),
        ..Metadata::default()
    };
    meta.push("comment", COMMENT);
    if matches!(recipe.content, Content::Cars(_)) {
        meta.push("measurement", "CARS");
    }
    let axis = Axis::new(AxisKind::RamanShift, measured.x)?;
    let item = match measured.rows.as_slice() {
        [row] => {
            meta.push("composition", shares(&measured.shares[0]));
            Item::Spectrum(Spectrum::new(axis, row.as_slice(), meta)?)
        }
        rows => {
            let labels = measured.shares.iter().map(|parts| shares(parts)).collect();
            Item::Set(SpectrumSet::new(axis, rows.concat(), rows.len(), meta)?.with_labels(labels))
        }
    };
    Ok(encode(recipe.file, &[item], format, WriteOptions::default())?.bytes)
}

fn rruff(recipe: &Recipe, measured: &Measured) -> String {
    let name = measured.shares[0][0].0;
    let mut text = format!(
        "##NAMES={name}\n##RRUFFID=synthetic\n##DESCRIPTION={COMMENT}\n##STATUS=synthetic\n##LASER={}\n",
        recipe.laser_nm
    );
    for (x, y) in measured.x.iter().zip(&measured.rows[0]) {
        let _infallible = writeln!(text, "{x:.4}, {y:.3}");
    }
    text.push_str("##END=\n");
    text
}

fn wavelength_text(recipe: &Recipe, measured: &Measured) -> Result<String, Usage> {
    let mut text = format!(
        "# {}\n# {COMMENT}\n# composition: {}\n# laser wavelength: {} nm\nWavelength (nm)\tIntensity (counts)\n",
        title(recipe),
        shares(&measured.shares[0]),
        recipe.laser_nm
    );
    for (x, y) in measured.x.iter().zip(&measured.rows[0]) {
        let nm = wavelength_from_shift(*x, recipe.laser_nm)?;
        let _infallible = writeln!(text, "{nm:.5}\t{y}");
    }
    Ok(text)
}

fn labspec_map(recipe: &Recipe, measured: &Measured) -> String {
    let Content::Map(_, width, _) = recipe.content else { return String::new() };
    let mut text = format!(
        "#Title=\t{}\n#Remark=\t{COMMENT}\n#Laser (nm)=\t{}\n#Acq. time (s)=\t1\n#Accumulations=\t1\n#Spectro (cm-1)=\t0\n\t",
        title(recipe),
        recipe.laser_nm
    );
    for x in &measured.x {
        let _infallible = write!(text, "\t{x:.2}");
    }
    text.push('\n');
    for (k, row) in measured.rows.iter().enumerate() {
        let _infallible = write!(text, "{}\t{}", k % width, k / width);
        for y in row {
            let _infallible = write!(text, "\t{y}");
        }
        text.push('\n');
    }
    text
}
