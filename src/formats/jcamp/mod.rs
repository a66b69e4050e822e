//! JCAMP-DX 4.24 to 6: single and link files; `XYDATA` in every ASDF form, `XYPOINTS`, peak tables, `NTUPLES` pages.
//!
//! `records` finds labels and blocks, `asdf` and `pairs` decode tables, `block` and `ntuples` scale them, `notes`
//! keeps what is said about the measurement.

mod asdf;
mod block;
mod notes;
mod ntuples;
mod pairs;
mod records;

use super::settle::{Settler, share_axes};
use super::{Decoded, Format, FormatError, Head, Input, Item, Place, Sniff, text};
use crate::spectrum::{Metadata, Spectrum, SpectrumSet};
use block::{Curve, Reading, Scale, axis_kind};

pub(super) use notes::is_structural;
use records::{Block, Document, Record, normalised};

/// JCAMP-DX.
pub const FORMAT: Format =
    Format { id: "jcamp", name: "JCAMP-DX", extensions: &["jdx", "dx", "jcm", "jcamp"], sniff, read };

/// Points that repeat counts may add beyond one a byte; more is no measurement but an attack on memory.
const EXTRA_POINTS: usize = 1 << 24;

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let mut lines = text::lines(text).map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("$$"));
    let label =
        |line: &str| line.strip_prefix("##").and_then(|l| l.split_once('=')).map(|(l, _)| normalised(l));
    match lines.next().and_then(label).as_deref() {
        Some("TITLE" | "JCAMPDX") => Sniff::Sure,
        _ if FORMAT.extensions.contains(&head.extension.as_str())
            && lines.any(|l| {
                matches!(label(l).as_deref(), Some("TITLE" | "JCAMPDX" | "XYDATA" | "XYPOINTS"))
            }) =>
        {
            Sniff::Maybe
        }
        _ => Sniff::No,
    }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?.text;
    let document = Document::parse(&text);
    if !document.blocks.iter().any(|b| b.records.iter().any(|r| r.name == "TITLE")) {
        return Err(
            input.malformed(Place::Line(1), "found no ##TITLE=, with which every JCAMP-DX block begins")
        );
    }
    let budget = EXTRA_POINTS.saturating_add(input.bytes.len());
    let mut reading =
        Reading { input, document: &document, warnings: Vec::new(), settler: Settler::default(), budget };
    let mut items = Vec::new();
    for block in &document.blocks {
        let start = block.records.first().map_or(1, |r| r.line);
        match read_block(&mut reading, block, &mut items) {
            Ok(()) => {}
            // What stands before a damaged block is whole.
            Err(error) if !items.is_empty() => {
                reading.warnings.push(format!("The block at line {start} could not be read: {error}"));
            }
            Err(error) => return Err(error),
        }
    }
    if items.is_empty() {
        let last = document.lines.len();
        return Err(input.malformed(
            Place::Line(last),
            "the file ends without a data table (##XYDATA=, ##XYPOINTS=, ##PEAK TABLE= or ##NTUPLES=)",
        ));
    }
    if document.blocks.iter().any(|b| !b.ended) {
        reading.warnings.push("A block has no ##END=; the file may have been cut off.".into());
    }
    share_axes(&mut items);
    let mut warnings = reading.warnings;
    warnings.extend(reading.settler.warnings());
    Ok(Decoded { items, warnings })
}

fn read_block(reading: &mut Reading, block: &Block, items: &mut Vec<Item>) -> Result<(), FormatError> {
    const CURVES: [&str; 2] = ["XYDATA", "XYPOINTS"];
    const PEAKS: [&str; 2] = ["PEAKTABLE", "PEAKASSIGNMENTS"];
    let all = |names: &[&str]| -> Vec<&Record> {
        block
            .records
            .iter()
            .filter(|r| names.contains(&r.name.as_str()) && r.value.starts_with('('))
            .collect()
    };
    let (curves, peaks) = (all(&CURVES), all(&PEAKS));
    let tuples = block.records.iter().any(|r| r.name == "DATATABLE");
    if curves.is_empty() && peaks.is_empty() && !tuples {
        return Ok(());
    }
    let data_type = block.get("DATATYPE").map_or("", |r| r.value);
    let units = block.get("XUNITS").map_or("", |r| r.value);
    let scale = Scale::of(reading.input, block, &mut reading.warnings)?;
    let meta = notes::metadata(reading.document, block);
    if tuples {
        let pages = ntuples::read(reading, block, &scale, data_type)?;
        return add_pages(reading, pages, &meta, items);
    }
    let (tables, sticks) =
        if curves.is_empty() { (peaks.get(..1).unwrap_or_default(), true) } else { (&curves[..], false) };
    if !sticks && !peaks.is_empty() {
        reading.warnings.push("A peak table beside the spectrum was left out.".into());
    }
    reading.input.allowed_copies(Place::Whole, tables.len(), &meta)?;
    for record in tables {
        let curve = reading.table(record, &scale, axis_kind(units, data_type), block.ended)?;
        items.push(Item::Spectrum(spectrum(reading, curve, meta.clone(), sticks)?));
    }
    Ok(())
}

fn spectrum(
    reading: &mut Reading,
    (axis, y): Curve,
    mut meta: Metadata,
    peaks: bool,
) -> Result<Spectrum, FormatError> {
    if peaks {
        meta.push("data form", "peak table");
        let sentence = "The file holds a peak table (sticks), not a continuous spectrum.";
        if !reading.warnings.iter().any(|w| w == sentence) {
            reading.warnings.push(sentence.into());
        }
    }
    Spectrum::new(axis, y, meta).map_err(reading.input.spectrum_error())
}

/// Pages over one axis are a series; others are curves of their own.
fn add_pages(
    reading: &mut Reading,
    pages: Vec<ntuples::Page>,
    meta: &Metadata,
    items: &mut Vec<Item>,
) -> Result<(), FormatError> {
    let base = meta.display_name().to_owned();
    let title = |name: &str| if name.is_empty() { base.clone() } else { format!("{base} {name}") };
    let one_axis = pages.len() > 1 && pages.windows(2).all(|w| w[0].curve.0 == w[1].curve.0);
    if one_axis && pages.iter().all(|p| !p.peaks) {
        let labels = pages.iter().map(|p| title(&p.name)).collect();
        let rows = pages.len();
        let mut axis = None;
        let mut values = Vec::new();
        for page in pages {
            axis.get_or_insert(page.curve.0);
            values.extend(page.curve.1);
        }
        if let Some(axis) = axis {
            let set =
                SpectrumSet::new(axis, values, rows, meta.clone()).map_err(reading.input.spectrum_error())?;
            items.push(Item::Set(set.with_labels(labels)));
        }
        return Ok(());
    }
    reading.input.allowed_copies(Place::Whole, pages.len(), meta)?;
    for page in pages {
        let mut meta = meta.clone();
        meta.title = Some(title(&page.name));
        meta.push("page", page.name);
        items.push(Item::Spectrum(spectrum(reading, page.curve, meta, page.peaks)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
