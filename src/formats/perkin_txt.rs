//! PerkinElmer PEDS text (`PE FL SPECTRUM ASCII PEDS 1.60`): one value a line with a fixed meaning by position, the
//! parts `#HDR`, `#GR` (units and declared size) and `#DATA` (two columns).

use crate::spectrum::Metadata;

use super::cells::declared_kind;
use super::dates;
use super::vendor::{Block, Columns, Rows, Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// PerkinElmer PEDS text.
pub const FORMAT: Format = Format {
    id: "perkinelmer_txt",
    name: "PerkinElmer PEDS text",
    extensions: &["txt", "asc", "sp", "td"],
    sniff,
    read,
};

fn sniff(head: &Head) -> Sniff {
    head.first_line().is_some_and(is_magic).into()
}

fn is_magic(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("PE") && words.clone().any(|w| w == "ASCII") && words.any(|w| w == "PEDS")
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let lines: Vec<&str> = text::lines(&text.text).map(str::trim).skip_while(|l| l.is_empty()).collect();
    let find = |part: &str| lines.iter().position(|l| l.eq_ignore_ascii_case(part));
    let Some(data) = find("#DATA") else {
        let problem = "the file ends without the line #DATA, behind which the points stand";
        return Err(input.malformed(Place::Line(lines.len()), problem));
    };
    let graph = find("#GR").filter(|at| *at < data);
    let header = lines.get(..graph.unwrap_or(data)).unwrap_or_default();
    let declared = |offset: usize| graph.and_then(|at| lines.get(at + offset)).copied().unwrap_or_default();
    let meta = metadata(input, header, declared(2));
    let points = lines.get(data + 1..).unwrap_or_default();
    let style = Style::guess(points.iter().copied());
    let columns = Columns::read(style, 2, points.iter().copied());
    if columns.rows == 0 {
        let found = points.first().copied().unwrap_or("the end of the file");
        let problem = format!("found `{found}` behind #DATA, expected two numbers");
        return Err(input.malformed(Place::Line(data + 2), problem));
    }
    let raman = header.first().is_some_and(|magic| magic.to_uppercase().contains("RAMAN"));
    let kind = declared_kind(declared(1), raman);
    let block = Block::from_columns(kind, Place::Line(data + 2), columns.get(0), &[columns.get(1)]);
    let mut decoded = block.decode(input, meta, Rows::default())?;
    let announced = facts::whole_number(declared(7)).unwrap_or_default();
    if announced >= 1.0 && announced > columns.rows as f64 {
        decoded.warn(format!("{} of {announced} announced points were stored.", columns.rows));
    }
    Ok(decoded)
}

/// Lines by position: name, creation date and time, last change, analyst, sample; the instrument stands further down,
/// in a line that depends on the version.
fn metadata(input: &Input, header: &[&str], y_unit: &str) -> Metadata {
    let line = |index: usize| header.get(index).copied().unwrap_or_default();
    let filled = |index: usize| facts::filled(line(index));
    let mut meta = Metadata::titled(filled(2).unwrap_or_else(|| input.file_stem().to_owned()));
    let written = format!("{} {}", line(3), line(4));
    meta.date = dates::iso(&written, dates::Order::Year).or_else(|| facts::filled(&written));
    meta.sample = filled(8);
    meta.intensity_unit = facts::filled(y_unit);
    meta.push("Analyst", line(7));
    let version = line(0).split_whitespace().last().and_then(|v| v.parse::<f64>().ok()).unwrap_or_default();
    meta.instrument = filled(if version >= 4.0 { 11 } else { 20 });
    if version >= 4.0 {
        meta.push("Serial number", line(12));
        meta.push("Software", line(13));
    } else if line(0).split_whitespace().nth(1) == Some("FL") {
        for (key, index) in
            [("Fixed wavelength (nm)", 21), ("Excitation slit (nm)", 22), ("Emission slit (nm)", 23)]
        {
            meta.push(key, line(index));
        }
    }
    meta.push("Format", line(0).split_whitespace().collect::<Vec<_>>().join(" "));
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};
    use crate::spectrum::AxisKind;

    const HEAD: &str = "PE FL    SPECTRUM    ASCII       PEDS        1.60   \n  -1\nRUN1.TXT\n07/12/10\n13:48:37.00\n\
                        07/12/10\n13:51:32.00\nAnn\nQuinine\n#HDR\n-1\n#GR\nNM\nINT\n0.1\n0.0\n405.0\n0.5\n3\n8\n2.0\n1.0\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("run.txt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("perkinelmer_txt"));
        result
    }

    #[test]
    fn points_units_and_header_are_read() {
        let decoded = read_text(&format!("{HEAD}#DATA\n405.0\t1.0  \n405.5\t2.0  \n406.0\t1.5\n\n")).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.y(), [1.0, 2.0, 1.5]);
        assert_eq!(spectrum.axis().kind(), &AxisKind::Wavelength);
        assert_eq!(spectrum.meta.date.as_deref(), Some("2007-12-10T13:48:37.00"));
        assert_eq!(spectrum.meta.sample.as_deref(), Some("Quinine"));
        assert_eq!(spectrum.meta.title.as_deref(), Some("RUN1.TXT"));
        assert!(decoded.warnings.is_empty());
    }

    #[test]
    fn a_decimal_comma_and_a_missing_graph_part_are_read() {
        let decoded =
            read_text("PE IR SUBTECH SPECTRUM ASCII PEDS 4.00\n-1\n#DATA\n4000,0\t1,5\n3999,0\t2,5\n")
                .unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[4000.0, 3999.0][..], &[1.5, 2.5][..]));
    }

    #[test]
    fn a_file_cut_in_its_points_says_how_many_are_there() {
        let decoded = read_text(&format!("{HEAD}#DATA\n405.0\t1.0\n405.5\t2.0\n")).unwrap();
        assert_eq!(decoded.warnings, ["2 of 3 announced points were stored."]);
    }

    #[test]
    fn damaged_files_are_errors_that_name_the_place() {
        let cases = [
            (HEAD.to_owned(), "#DATA"),
            (format!("{HEAD}#DATA\n"), "two numbers"),
            (format!("{HEAD}#DATA\nabc\tdef\n"), "two numbers"),
            (format!("{HEAD}#DATA\n405.0\t1.0\n"), "at least 2 rows"),
            (format!("{HEAD}#DATA\n405.0\t1.0\n405.0\t2.0\n"), "constant"),
            (format!("{HEAD}#DATA\n405.0\n406.0\n407.0\n"), "at least 2 rows"),
        ];
        for (text, part) in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains(part) && error.contains("run.txt"), "{error}");
        }
    }
}
