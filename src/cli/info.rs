//! `unravel info`: what is in files.

use serde::Serialize;

use super::args::InfoArgs;
use super::output::{self, print_json, say};
use super::{Ended, Usage};
use crate::formats::{Decoded, Item, Opened};
use crate::spectrum::{Axis, Metadata};

/// The documented JSON of `info --json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
struct InfoJson<'a> {
    files: &'a [FileJson],
}

/// One file, or one entry of a folder or archive.
#[derive(Debug, Serialize)]
struct FileJson {
    path: String,
    /// Name of the format for people; null when nothing recognises the content.
    format: Option<&'static str>,
    /// Machine name of the reader.
    reader: Option<&'static str>,
    /// Number of spectra in all entries of `spectra`.
    count: usize,
    spectra: Vec<SpectraJson>,
    warnings: Vec<String>,
    error: Option<String>,
}

/// One curve (`count` 1), or the curves of one map or series.
#[derive(Debug, Serialize)]
struct SpectraJson {
    count: usize,
    points: usize,
    axis: AxisJson,
    title: String,
    laser_nm: Option<f64>,
    /// Width and height when the curves fill an image.
    map: Option<[usize; 2]>,
    metadata: Metadata,
}

#[derive(Debug, Serialize)]
struct AxisJson {
    kind: &'static str,
    unit: String,
    first: f64,
    last: f64,
}

impl From<&Axis> for AxisJson {
    fn from(axis: &Axis) -> Self {
        Self {
            kind: axis.kind().id(),
            unit: axis.kind().unit().to_owned(),
            first: axis.first(),
            last: axis.last(),
        }
    }
}

impl From<&Item> for SpectraJson {
    fn from(item: &Item) -> Self {
        let (axis, meta, map) = match item {
            Item::Spectrum(spectrum) => (spectrum.axis(), &spectrum.meta, None),
            Item::Set(set) => (set.axis(), &set.meta, set.shape.map(|s| [s.width, s.height])),
        };
        Self {
            count: item.len(),
            points: axis.len(),
            axis: AxisJson::from(axis.as_ref()),
            title: meta.display_name().to_owned(),
            laser_nm: meta.laser_nm,
            map,
            metadata: meta.clone(),
        }
    }
}

impl FileJson {
    fn new(opened: &Opened) -> Self {
        let (decoded, error) = match &opened.result {
            Ok(decoded) => (Some(decoded), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            path: opened.name.clone(),
            format: opened.format.map(|f| f.name),
            reader: opened.format.map(|f| f.id),
            count: decoded.map_or(0, Decoded::count),
            spectra: decoded.map(|d| d.items.iter().map(SpectraJson::from).collect()).unwrap_or_default(),
            warnings: decoded.map(|d| d.warnings.clone()).unwrap_or_default(),
            error,
        }
    }

    fn print(&self) {
        say!("{}", self.path);
        if let Some(error) = &self.error {
            say!("  error      {error}");
            return;
        }
        say!("  format     {}", self.format.unwrap_or("unknown"));
        for (index, spectra) in self.spectra.iter().enumerate().take(LISTED) {
            let what = match (spectra.count, spectra.map) {
                (1, _) => "spectrum".to_owned(),
                (n, Some([width, height])) => format!("map of {width} x {height} = {n} spectra"),
                (n, None) => format!("series of {n} spectra"),
            };
            let axis = &spectra.axis;
            say!("  {:<10} {what}, {} points, {}", index + 1, spectra.points, spectra.title);
            let laser = spectra.laser_nm.map(|nm| format!(", laser {nm:.2} nm")).unwrap_or_default();
            say!("  {:<10} {} {:.2} to {:.2} {}{laser}", "", axis.kind, axis.first, axis.last, axis.unit);
        }
        if self.spectra.len() > LISTED {
            say!("  {:<10} and {} more", "", self.spectra.len() - LISTED);
        }
        for warning in &self.warnings {
            say!("  warning    {warning}");
        }
    }
}

/// Spectra of one file listed in words; JSON has them all.
const LISTED: usize = 20;

pub fn run(args: &InfoArgs) -> Result<Ended, Usage> {
    let mut files = Vec::new();
    let mut failures = 0;
    output::each_input(&args.files, args.json, &mut |opened| {
        let file = FileJson::new(&opened);
        failures += usize::from(file.error.is_some());
        if args.json {
            files.push(file);
        } else {
            file.print();
        }
    });
    if args.json {
        print_json(&InfoJson { files: &files })?;
    }
    Ok(Ended::from_failures(failures))
}
