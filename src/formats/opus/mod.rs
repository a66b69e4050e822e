//! Bruker OPUS (.0, .1, .0000, ...): a directory of blocks. A data block holds one spectrum (or interferogram, phase,
//! match); its twin with the same type, the data status block, holds point count, axis ends and scale. Spectra come
//! out results first (Raman before the rest), then the sample's single channel, then the reference; of equals the
//! one stored last comes first, as OPUS itself shows it.

mod directory;
mod params;
mod series;
#[cfg(test)]
mod tests;

use crate::spectrum::{AxisKind, Metadata, evenly};

use self::directory::{Block, Directory, Form, Pairing};
use self::params::Params;
use super::bytes::Bytes;
use super::settle::Curves;
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// Bruker OPUS.
pub const FORMAT: Format =
    Format { id: "opus", name: "Bruker OPUS", extensions: &["0", "1", "0000", "001"], sniff, read };

/// Highest position that is taken for a Raman shift; absolute positions of FT-Raman (1064 nm) lie above.
const SHIFT_MAX_CM1: f64 = 5000.0;

fn sniff(head: &Head) -> Sniff {
    head.starts_with(b"\n\n\xfe\xfe").into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let directory = Directory::read(input)?;
    let spectra = directory.spectra();
    if spectra.is_empty() {
        return Err(if directory.holds_interferograms() {
            input.unsupported(
                "the file holds only interferograms or phases; compute the spectrum in OPUS and save it",
            )
        } else {
            input.malformed(Place::Byte(directory.at), "the directory lists no spectrum")
        });
    }
    let facts = Facts::read(input, &directory);
    let mut curves = Curves::new(input);
    let mut left_out: Vec<(Place, String)> = Vec::new();
    let mut pairing = Pairing::new(input);
    let mut taken = 0_u64;
    for block in &spectra {
        let curve = match Curve::read(input, &directory, block, &mut pairing) {
            Ok(curve) => curve,
            Err(problem) => {
                left_out.push((Place::Byte(block.offset), format!("{}: {problem}", block.label())));
                continue;
            }
        };
        // Blocks do not overlap in honest files; without this a small file could ask for any amount of memory.
        taken = taken.saturating_add(curve.bytes);
        if taken > Bytes::new(input).len() {
            return Err(input.malformed(Place::Byte(block.offset), "the blocks of the directory overlap"));
        }
        let meta = facts.metadata(input, block, &curve.status, spectra.len() > 1);
        let kind = axis_kind(block, &curve, &mut curves);
        match block.form() {
            Form::Series => series::add(input, block, &curve, kind, meta, &mut curves)?,
            _ => curves.add(kind, curve.x(), curve.values(input)?, meta)?,
        }
    }
    if left_out.len() == spectra.len()
        && let Some((place, problem)) = left_out.first()
    {
        return Err(input.malformed(*place, problem.as_str()));
    }
    let (cut, all) = directory.cut_off(input);
    if cut > 0 {
        curves.warn(format!("{cut} of {all} blocks lie beyond the end of the file, which was cut short."));
    }
    for (place, problem) in &left_out {
        curves.warn(format!(
            "{} of {} spectra left out: {problem} ({place}).",
            left_out.len(),
            spectra.len()
        ));
    }
    Ok(curves.finish())
}

/// One data block with what its status block says.
struct Curve {
    status: Params,
    points: usize,
    first: f64,
    last: f64,
    scale: f64,
    integers: bool,
    start: u64,
    bytes: u64,
}

impl Curve {
    fn read(
        input: &Input,
        directory: &Directory,
        block: &Block,
        pairing: &mut Pairing,
    ) -> Result<Self, String> {
        let len = Bytes::new(input).len();
        let whole = |points: u64| {
            let wanted = points * 4;
            if wanted > block.size {
                return Err(format!("{points} points do not fit into a block of {} bytes", block.size));
            }
            if block.offset.saturating_add(wanted) > len {
                return Err(format!("{wanted} bytes are needed here but the file ends at byte {len}"));
            }
            Ok(wanted)
        };
        whole(0)?;
        let Some(status) = directory.status_of(input, block, pairing) else {
            return Err("no data status block (points and axis) belongs to it".into());
        };
        let points = u64::try_from(status.integer("NPT").unwrap_or(0)).unwrap_or(0);
        let (first, last) = (status.number("FXV"), status.number("LXV"));
        let (Some(first), Some(last)) = (first, last) else {
            return Err("its status block has no axis ends (FXV, LXV)".into());
        };
        if points < 2 || !first.is_finite() || !last.is_finite() {
            return Err(format!("{points} points from {first} to {last} are no axis"));
        }
        let wanted = whole(points)?;
        let integers = match status.integer("DPF").unwrap_or(1) {
            1 => false,
            2 => true,
            other => return Err(format!("its data point format is {other}, expected 1 or 2")),
        };
        let (start, bytes) = match block.form() {
            Form::Compact => {
                let start = block.offset + block.size - wanted;
                if start.saturating_add(wanted) > len {
                    return Err(format!("its values end behind the file's last byte {len}"));
                }
                (start, wanted)
            }
            Form::Series => (block.offset, block.size),
            _ => (block.offset, wanted),
        };
        let scale = status.number("CSF").filter(|s| s.is_finite() && s.abs() > 0.0).unwrap_or(1.0);
        let points = usize::try_from(points).map_err(|_overflow| "too many points".to_owned())?;
        Ok(Self { status, points, first, last, scale, integers, start, bytes })
    }

    fn x(&self) -> Vec<f64> {
        evenly(self.first, self.last, self.points)
    }

    fn values(&self, input: &Input) -> Result<Vec<f32>, FormatError> {
        self.values_at(input, self.start)
    }

    fn values_at(&self, input: &Input, start: u64) -> Result<Vec<f32>, FormatError> {
        let raw = Bytes::new(input).f32s(start, self.points as u64, "a spectrum")?;
        let scaled = |v: f64| (v * self.scale) as f32;
        Ok(if self.integers {
            raw.iter().map(|v| scaled(f64::from(v.to_bits() as i32))).collect()
        } else if (self.scale - 1.0).abs() > 0.0 {
            raw.iter().map(|v| scaled(f64::from(*v))).collect()
        } else {
            raw
        })
    }
}

fn axis_kind(block: &Block, curve: &Curve, curves: &mut Curves) -> AxisKind {
    match curve.status.text("DXU").unwrap_or("") {
        "WN" if block.is_raman() => {
            if curve.first.max(curve.last) <= SHIFT_MAX_CM1 {
                return AxisKind::RamanShift;
            }
            curves.warn(format!(
                "The Raman spectrum runs from {:.0} to {:.0} cm-1, which cannot be a shift; it was taken for absolute \
                 wavenumbers.",
                curve.first, curve.last
            ));
            AxisKind::Wavenumber
        }
        "WN" => AxisKind::Wavenumber,
        "NM" => AxisKind::Wavelength,
        "MI" => AxisKind::Other("um".into()),
        "LGW" => AxisKind::Other("log wavenumber".into()),
        "MIN" => AxisKind::Other("min".into()),
        "PNT" => AxisKind::Other("points".into()),
        other => AxisKind::Other(other.to_owned()),
    }
}

/// The parameter blocks of the measurement and of its reference.
struct Facts {
    sample: Params,
    reference: Params,
}

/// Parameters kept besides the ones with a field of their own.
const EXTRA: [(&str, &str); 17] = [
    ("RES", "Resolution (cm-1)"),
    ("SFM", "Sample form"),
    ("CNM", "Operator"),
    ("EXP", "Experiment"),
    ("PLF", "Result"),
    ("SRC", "Source"),
    ("DTC", "Detector"),
    ("BMS", "Beam splitter"),
    ("APT", "Aperture"),
    ("ACC", "Accessory"),
    ("CHN", "Channel"),
    ("VEL", "Scanner velocity"),
    ("APF", "Apodization"),
    ("DUR", "Scan time (s)"),
    ("RLP", "Raman laser power (mW)"),
    ("RLW", "Raman laser (cm-1)"),
    ("LWN", "Reference laser (cm-1)"),
];

impl Facts {
    fn read(input: &Input, directory: &Directory) -> Self {
        let (mut sample, mut reference) = (Params::default(), Params::default());
        for block in directory.parameters() {
            let params = Params::read(input, block.offset, block.size);
            if block.is_reference() { reference.replace(params) } else { sample.replace(params) }
        }
        Self { sample, reference }
    }

    fn metadata(&self, input: &Input, block: &Block, status: &Params, several: bool) -> Metadata {
        let own = if block.is_reference() { &self.reference } else { &self.sample };
        let either = |name: &str| own.shown(name).or_else(|| self.sample.shown(name));
        let scans = if block.is_reference() { "NSR" } else { "NSS" };
        let sample = self.sample.shown("SNM");
        let name = sample.clone().unwrap_or_else(|| input.file_stem().to_owned());
        let laser = own.number("RLW").or_else(|| self.sample.number("RLW")).map(|cm1| 1e7 / cm1);
        let instrument = [either("INS"), either("SRN")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let mut meta = Metadata {
            title: Some(if several { format!("{name} - {}", block.label()) } else { name }),
            sample,
            laser_nm: laser.filter(|nm| (100.0..=20_000.0).contains(nm)),
            accumulations: own.integer(scans).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0),
            date: params::date(status.text("DAT"), status.text("TIM")),
            instrument: Some(instrument).filter(|i| !i.is_empty()),
            intensity_unit: block.intensity_unit().map(str::to_owned),
            ..Metadata::default()
        };
        meta.push("Block", block.label());
        for (name, label) in EXTRA {
            if let Some(value) = either(name) {
                meta.push(label, value);
            }
        }
        meta
    }
}
