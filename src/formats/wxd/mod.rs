//! Old Renishaw `WiRE` (.wxd): `#WXD`, then a Metakit database whose rows are packed files. `Properties` names the data
//! lists with label and unit, `DataListN` is a list of numbers, `DataSet0` is a property bag that holds the intensities
//! as a list of its own. Layout worked out on one file beside its text export; whatever differs from it is refused.

mod bag;
mod metakit;
#[cfg(test)]
mod tests;

use crate::spectrum::{AxisKind, Metadata};

use self::bag::Bag;
use self::metakit::Archive;
use super::settle::Curves;
use super::{Decoded, Format, FormatError, Head, Input, Sniff, dates};

/// Old Renishaw `WiRE`.
pub const FORMAT: Format =
    Format { id: "renishaw_wxd", name: "Renishaw WiRE 2/3 (.wxd)", extensions: &["wxd"], sniff, read };

/// Data lists asked for by number; a single spectrum has three.
const LISTS: usize = 16;
/// Type code of intensities.
const INTENSITY: i32 = 2;
const ADVICE: &str = "open it in WiRE and save it as .wdf, .spc or text";

fn sniff(head: &Head) -> Sniff {
    head.starts_with(b"#WXD").into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let archive = Archive::read(input)?;
    let sets = archive.names().filter(|name| name.starts_with("DataSet")).count();
    if sets != 1 {
        return Err(
            input.unsupported(format!("it holds {sets} data sets, only single spectra are read; {ADVICE}"))
        );
    }
    let properties = archive.unpack(input, "Properties")?;
    let properties = Bag::new(&properties);
    let data_set = archive.unpack(input, "DataSet0")?;
    let data_set = Bag::new(&data_set);
    let spectral = |unit: i32| (1..=4).contains(&unit);
    let axes: Vec<(usize, i32)> = (0..LISTS)
        .filter_map(|n| Some((n, properties.integer(&format!("dataListUnits{n}"))?)))
        .filter(|(_, unit)| spectral(*unit))
        .collect();
    let curves: Vec<usize> =
        (0..LISTS).filter(|n| data_set.integer(&format!("dataListType{n}")) == Some(INTENSITY)).collect();
    let (&[(axis, unit)], &[curve]) = (axes.as_slice(), curves.as_slice()) else {
        return Err(input.unsupported(format!(
            "it holds {} axes and {} lists of intensities, only single spectra are read; {ADVICE}",
            axes.len(),
            curves.len()
        )));
    };
    let name = format!("DataList{axis}");
    let x = archive.unpack(input, &name)?;
    let refuse = |what: &str| input.unsupported(format!("{what} is laid out in a way not known; {ADVICE}"));
    let x = bag::list(&x).ok_or_else(|| refuse(&name))?;
    let y = data_set.list(&format!("DataList{curve}")).ok_or_else(|| refuse("the list of intensities"))?;
    if x.len() != y.len() {
        return Err(input.malformed(
            super::Place::Whole,
            format!("{} intensities stand beside {} positions", y.len(), x.len()),
        ));
    }
    let kind = match unit {
        1 => AxisKind::RamanShift,
        2 => AxisKind::Wavenumber,
        3 => AxisKind::Wavelength,
        _ => AxisKind::Energy,
    };
    let mut meta = metadata(&properties);
    meta.intensity_unit = data_set.text(&format!("dataListLabels{curve}")).map(|label| label.to_lowercase());
    let mut curves = Curves::new(input);
    curves.add(kind, x, y.into_iter().map(|v| v as f32).collect(), meta)?;
    Ok(curves.finish())
}

fn metadata(properties: &Bag) -> Metadata {
    let laser_nm = properties.number("Wavenumber").map(|cm1| 1e7 / cm1);
    let exposure_ms = properties.number("Exposure Time").filter(|ms| *ms > 0.0);
    let accumulations = properties.number("Accumulations").filter(|n| *n > 0.0);
    let mut meta = Metadata {
        laser_nm: laser_nm.filter(|nm| (100.0..=20_000.0).contains(nm)),
        integration_time_s: exposure_ms.map(|ms| ms / 1000.0),
        accumulations: accumulations.map(|n| n as u32),
        date: properties.number("CreationTime").and_then(dates::from_ole),
        instrument: Some("Renishaw".into()),
        ..Metadata::default()
    };
    for name in ["Laser", "Objective name", "Grating", "ND Transmission %", "Operator", "CCD serial number"] {
        if let Some(value) = properties.text(name) {
            meta.push(name, value);
        }
    }
    meta
}
