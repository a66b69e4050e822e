//! TrueMatch particles: for each `[SpectrumHeader]`, `[SampleMetaData]` and `[SpectrumData]` with two columns.

use crate::formats::cells::key_value;
use crate::formats::vendor::{Block, Columns, Rows, facts};
use crate::formats::{Decoded, FormatError, Input, Place};
use crate::spectrum::{AxisKind, Metadata};

use super::{kind_of, style_of};

/// A spectrum's lines as they are collected.
#[derive(Default)]
struct Part<'a> {
    meta: Metadata,
    kind: Option<AxisKind>,
    size: u32,
    rows: Vec<(usize, &'a str)>,
}

pub fn read(input: &Input, lines: &[(usize, &str)]) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::default();
    let mut section = String::new();
    let mut part: Option<Part> = None;
    for (number, line) in lines {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_lowercase();
            if section == "spectrumheader"
                && let Some(done) = part.replace(Part::default())
            {
                finish(input, done, &mut decoded)?;
            }
            continue;
        }
        let Some(part) = &mut part else { continue };
        match (section.as_str(), key_value(line, Some('='))) {
            ("spectrumdata", _) => part.rows.push((*number, line)),
            ("spectrumheader", Some((key, value))) => match key {
                "Title" => part.meta.title = facts::filled(value),
                "ExcitationWavelength" => part.meta.laser_nm = facts::laser_nm(value),
                "SpectrumSize" => part.size = facts::count(value).unwrap_or(0),
                "XDataKind" => part.kind = kind_of(value),
                _ => part.meta.push(key, value),
            },
            (_, Some((key, value))) => part.meta.push(key, value),
            _ => {}
        }
    }
    let Some(part) = part else {
        let place = Place::Line(lines.last().map_or(1, |(number, _)| *number));
        return Err(input.malformed(place, "the file ends without a [SpectrumHeader]"));
    };
    finish(input, part, &mut decoded)?;
    crate::formats::settle::share_axes(&mut decoded.items);
    Ok(decoded)
}

fn finish(input: &Input, part: Part, decoded: &mut Decoded) -> Result<(), FormatError> {
    let Part { mut meta, kind, size, rows } = part;
    let place = Place::Line(rows.first().map_or(1, |(number, _)| *number));
    let name = meta.title.get_or_insert_with(|| input.file_stem().to_owned()).clone();
    let columns = Columns::read(style_of(&rows), 2, rows.iter().map(|(_, l)| *l));
    if columns.rows == 0 {
        return Err(input.malformed(place, format!("`{name}` has no [SpectrumData] with two numbers a line")));
    }
    // A kind that is not known keeps its positions without a unit.
    let kind = kind.unwrap_or(AxisKind::Other(String::new()));
    let block = Block::from_columns(kind, place, columns.get(0), &[columns.get(1)]);
    decoded.items.push(block.item(input, meta, Rows::default(), &mut decoded.warnings)?);
    if size as usize > columns.rows {
        decoded.warn(format!("`{name}`: {} of {size} announced points were stored.", columns.rows));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::formats::{Decoded, FormatError, Limits, decode};
    use crate::spectrum::AxisKind;

    fn particle(title: &str, rows: &str) -> String {
        format!(
            "[SpectrumHeader]\nTitle = {title}\nExcitationWavelength = 532.2\nSpectrumSize = 2\nXDataKind = nm\n\n\
             [SampleMetaData]\nArea = 17.5\n\n[SpectrumData]\n{rows}\n"
        )
    }

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let text = format!("[WITEC_TRUEMATCH_ASCII_HEADER]\nVersion = 1.0\n\n{text}");
        let (format, result) = decode("particles.txt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("witec_txt"));
        result
    }

    #[test]
    fn every_particle_keeps_its_facts_and_equal_axes_are_shared() {
        let rows = "528.5\t683\n529.5\t680.5\n";
        let decoded = read_text(&format!("{}{}", particle("P 1", rows), particle("P 2", rows))).unwrap();
        let spectra: Vec<_> = decoded.spectra().collect();
        assert_eq!(spectra[1].y(), [683.0, 680.5]);
        assert_eq!(spectra[1].axis().kind(), &AxisKind::Wavelength);
        let meta = &spectra[1].meta;
        assert_eq!(
            (meta.title.as_deref(), meta.laser_nm, meta.get("Area")),
            (Some("P 2"), Some(532.2), Some("17.5"))
        );
        assert!(std::sync::Arc::ptr_eq(spectra[0].axis(), spectra[1].axis()));
    }

    #[test]
    fn damaged_files_are_errors_and_cut_ones_are_told() {
        let long = particle("P 1", "1\t2\n2\t3\n").replace("SpectrumSize = 2", "SpectrumSize = 99");
        assert_eq!(read_text(&long).unwrap().warnings, ["`P 1`: 2 of 99 announced points were stored."]);
        for text in [
            "",
            "[SpectrumData]\n1\t2\n",
            &particle("P", ""),
            &particle("P", "a\tb"),
            &particle("P", "1\t2\n"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.contains("particles.txt"), "{error}");
        }
    }
}
