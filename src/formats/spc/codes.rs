//! The numbers by which SPC names units and experiments.

use super::super::cells::declared_kind;
use crate::spectrum::AxisKind;

/// Highest x, z or w unit code apart from 255.
pub(super) const LAST_UNIT: u8 = 30;

/// Unit of an x, z or w code as text.
pub(super) fn unit(code: u8) -> &'static str {
    const UNITS: [&str; 31] = [
        "", "cm-1", "um", "nm", "s", "min", "Hz", "kHz", "MHz", "m/z", "ppm", "days", "years", "cm-1", "eV",
        "", "diode", "channel", "degree", "F", "C", "K", "points", "ms", "us", "ns", "GHz", "cm", "m", "mm",
        "h",
    ];
    match code {
        255 => "double interferogram",
        _ => UNITS.get(usize::from(code)).copied().unwrap_or(""),
    }
}

/// True for codes of the x, z and w tables.
pub(super) fn known_unit(code: u8) -> bool {
    code <= LAST_UNIT || code == 255
}

/// Unit or quantity of a y code as text.
pub(super) fn ordinate(code: u8) -> &'static str {
    match code {
        1 => "interferogram",
        2 => "absorbance",
        3 => "Kubelka-Munk",
        4 => "counts",
        5 => "V",
        6 => "degree",
        7 => "mA",
        8 => "mm",
        9 => "mV",
        10 => "log(1/R)",
        11 => "%",
        12 => "intensity",
        13 => "relative intensity",
        14 => "energy",
        16 => "dB",
        19 => "F",
        20 => "C",
        21 => "K",
        22 => "refractive index n",
        23 => "extinction k",
        24 => "real part",
        25 => "imaginary part",
        26 => "complex",
        128 => "transmission",
        129 => "reflectance",
        130 => "single beam",
        131 => "emission",
        _ => "",
    }
}

/// True for codes of the y table.
pub(super) fn known_ordinate(code: u8) -> bool {
    code <= 31 || (128..=140).contains(&code)
}

/// Name of the experiment code.
pub(super) fn experiment(code: u8) -> &'static str {
    match code {
        1 => "gas chromatogram",
        2 => "general chromatogram",
        3 => "HPLC chromatogram",
        4 => "FT-IR, FT-NIR or FT-Raman",
        5 => "NIR",
        7 => "UV-Vis",
        8 => "X-ray diffraction",
        9 => "mass spectrum",
        10 => "NMR",
        11 => "Raman",
        12 => "fluorescence",
        13 => "atomic",
        14 => "chromatography diode array",
        _ => "",
    }
}

/// Kind of an x code; `label` is the text label where there is one.
pub(super) fn axis_kind(code: u8, label: &str) -> AxisKind {
    match code {
        1 => AxisKind::Wavenumber,
        3 => AxisKind::Wavelength,
        13 => AxisKind::RamanShift,
        14 => AxisKind::Energy,
        16 | 17 | 22 => AxisKind::Pixel,
        0 | 15 if !label.is_empty() => declared_kind(label, false),
        _ => AxisKind::Other(unit(code).to_owned()),
    }
}
