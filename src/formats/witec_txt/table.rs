//! WITec's Table export: positions in the first column, a spectrum in each other one; names and units above, or not.

use crate::formats::cells::number;
use crate::formats::vendor::{Block, Columns, Rows, Style, block, facts};
use crate::formats::{Decoded, FormatError, Input, Place};
use crate::spectrum::{AxisKind, Positions};

use super::{Known, kind_of, style_of};

/// Name of the first column.
const AXIS: &str = "X-Axis";

/// A row of names or of units as only WITec writes them.
pub fn is_header(line: &str) -> bool {
    let names = Style::point('\t').names(line);
    let first = names.first().copied().unwrap_or_default();
    names.len() > 1 && (first.eq_ignore_ascii_case(AXIS) || is_units(&names))
}

fn is_units(names: &[&str]) -> bool {
    let first = names.first().copied().unwrap_or_default();
    let counts = names.iter().skip(1).any(|n| *n == "CCD cts");
    first.starts_with("rel. ") || (counts && kind_of(first).is_some())
}

/// A row of numbers in WITec's spelling: ` 8.77367E+01`, a sign or a blank, six digits, two of exponent.
pub fn is_bare_row(line: &str) -> bool {
    let mut cells = line.split('\t').filter(|c| !c.is_empty());
    let spelled = |cell: &str| {
        let bytes = cell.as_bytes();
        let fits = |at: usize, allowed: &[u8]| bytes.get(at).is_some_and(|b| allowed.contains(b));
        bytes.len() == 12 && fits(0, b" -") && fits(2, b".,") && fits(8, b"E") && fits(9, b"+-")
    };
    cells.clone().count() > 1 && cells.all(spelled)
}

pub fn read(input: &Input, lines: &[(usize, &str)], mut known: Known) -> Result<Decoded, FormatError> {
    let numeric = |line: &str| {
        let first = line.trim_start().split(['\t', ';', ' ']).next().unwrap_or_default();
        number(&first.replace(',', "."), crate::formats::cells::Decimal::Point).is_some()
    };
    let place =
        |index: usize| Place::Line(lines.get(index).or(lines.last()).map_or(1, |(number, _)| *number));
    let Some(start) = lines.iter().position(|(_, l)| numeric(l)) else {
        return Err(input.malformed(place(lines.len()), "no row of numbers follows the header"));
    };
    let rows = lines.get(start..).unwrap_or_default();
    let style = style_of(rows);
    let header = || lines.iter().take(start).map(|(_, l)| style.names(l.trim_end()));
    let units = header().find(|names| is_units(names) || names.first().is_some_and(|n| kind_of(n).is_some()));
    let names = header().find(|names| Some(names) != units.as_ref()).unwrap_or_default();
    let width = rows.first().map_or(0, |(_, l)| style.cells(l.trim_end()).count());
    let columns = Columns::read(style, width, rows.iter().map(|(_, l)| *l));
    if width < 2 {
        let found = rows.first().map(|(_, l)| facts::clip(l)).unwrap_or_default();
        return Err(
            input.malformed(place(start), format!("found `{found}`, expected a position and an intensity"))
        );
    }
    if let Some(unit) = units.as_ref().and_then(|u| u.get(1)).and_then(|u| facts::filled(u)) {
        known.meta.intensity_unit = Some(unit);
    }
    let kind = units.as_ref().and_then(|u| u.first()).and_then(|u| kind_of(u)).or(known.kind);
    // Without a unit row nothing says what the positions are; WITec shows Raman shifts unless told otherwise.
    let kind = kind.unwrap_or(AxisKind::RamanShift);
    let is_axis = |i: usize| i == 0 || names.get(i).is_some_and(|n| n.eq_ignore_ascii_case(AXIS));
    let axes: Vec<usize> = (0..width).filter(|i| is_axis(*i)).collect();
    let mut decoded = Decoded::default();
    for (index, axis) in axes.iter().enumerate() {
        let end = axes.get(index + 1).copied().unwrap_or(width);
        let chosen: Vec<usize> = (axis + 1..end).collect();
        if chosen.is_empty() {
            continue;
        }
        let intensities: Vec<&[f64]> = chosen.iter().map(|i| columns.get(*i)).collect();
        let mut block = Block::from_columns(kind.clone(), place(start), columns.get(*axis), &intensities);
        let labels = chosen.iter().filter_map(|i| names.get(*i).map(|n| (*n).to_owned())).collect();
        let rows = arrange(input, labels, known.shape, &mut block)?;
        decoded.items.push(block.item(input, known.meta.clone(), rows, &mut decoded.warnings)?);
    }
    if let Some((number, _)) = columns.stop.and_then(|at| rows.get(at)) {
        decoded.warn(format!("Reading stopped at line {number}, which is no row of numbers."));
    }
    Ok(decoded)
}

/// Positions in the image from names such as `Map_000_Spec.Data 1_F(3/0)`: column and line, counted from 0.
fn arrange(
    input: &Input,
    labels: Vec<String>,
    shape: Option<(usize, usize)>,
    block: &mut Block,
) -> Result<Rows, FormatError> {
    let mut rows = Rows { shape, ..Rows::default() };
    let places: Option<Vec<(f64, f64)>> = labels.iter().map(|l| place_in_image(l)).collect();
    if let Some(places) = places.filter(|p| p.len() > 1) {
        let (x, y) = places.into_iter().unzip();
        rows.positions = Positions { x, y, length_unit: "pixel".into(), ..Positions::default() };
        let before = rows.positions.x.clone();
        rows.shape = block::arrange_grid(input, &mut rows.positions, &mut block.values)?;
        if before != rows.positions.x {
            // The names went with the old order; the positions say the same.
            return Ok(rows);
        }
    }
    rows.labels = labels;
    Ok(rows)
}

fn place_in_image(label: &str) -> Option<(f64, f64)> {
    let (_, inside) = label.strip_suffix(')')?.rsplit_once('(')?;
    let (column, line) = inside.split_once('/')?;
    Some((f64::from(column.trim().parse::<u32>().ok()?), f64::from(line.trim().parse::<u32>().ok()?)))
}

#[cfg(test)]
mod tests {
    use crate::formats::{Decoded, FormatError, Item, Limits, decode};
    use crate::spectrum::{AxisKind, MapShape};

    const NAMES: &str = "X-Axis\tM_F(0/0)\tM_F(1/0)\tM_F(0/1)\tM_F(1/1)\n";
    const UNITS: &str = "rel. 1/cm\tCCD cts\tCCD cts\tCCD cts\tCCD cts\n";
    const ROWS: &str = " 8.77367E+01\t 9.94000E+02\t 9.92000E+02\t 9.91000E+02\t 9.93000E+02\n \
                        9.10310E+01\t 9.92000E+02\t 9.93000E+02\t 9.92000E+02\t-9.94000E+02\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("map.txt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("witec_txt"));
        result
    }

    #[test]
    fn tables_with_none_one_or_two_header_rows_are_read() {
        for header in [String::new(), NAMES.into(), UNITS.into(), format!("{NAMES}{UNITS}")] {
            let decoded = read_text(&format!("{header}{ROWS}")).unwrap();
            let Some(Item::Set(set)) = decoded.items.first() else { panic!("{decoded:?}") };
            assert_eq!(set.axis().values(), [87.7367, 91.031]);
            assert_eq!(set.row(3).unwrap(), [993.0, -994.0]);
            assert_eq!(set.shape.is_some(), header.contains("X-Axis"));
            assert_eq!(set.meta.intensity_unit.is_some(), header.contains("CCD"));
        }
    }

    #[test]
    fn names_give_the_place_in_the_map() {
        let decoded = read_text(&format!("{NAMES}{ROWS}")).unwrap();
        let Some(Item::Set(set)) = decoded.items.first() else { panic!("{decoded:?}") };
        assert_eq!(set.shape, Some(MapShape { width: 2, height: 2 }));
        assert_eq!(
            (&set.positions.x[..], &set.positions.y[..]),
            (&[0.0, 1.0, 0.0, 1.0][..], &[0.0, 0.0, 1.0, 1.0][..])
        );
        assert_eq!(set.labels[3], "M_F(1/1)");
    }

    #[test]
    fn one_spectrum_in_nm_and_several_axes_are_read() {
        let decoded = read_text("X-Axis\tsilicon\nnm\tCCD cts\n 500,5\t 10,5\n 501,5\t 11,5\n").unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.y(), spectrum.axis().kind()), (&[10.5, 11.5][..], &AxisKind::Wavelength));
        assert_eq!(spectrum.meta.title.as_deref(), Some("silicon"));
        let decoded = read_text("X-Axis\ta\tX-Axis\tb\n1\t2\t10\t20\n2\t3\t11\t21\n\t\t12\t22\n").unwrap();
        let spectra: Vec<_> = decoded.spectra().collect();
        assert_eq!((spectra[0].x(), spectra[1].y()), (&[1.0, 2.0][..], &[20.0, 21.0, 22.0][..]));
    }

    #[test]
    fn graph_files_are_read_with_their_header() {
        let text = "//Exported ASCII-File\n[Header]\nFileName = a.wip\nGraphName = Spec 1\nSizeX = 2\nSizeY = 1\n\
                    SizeGraph = 3\nXAxisUnit = nm\nDataUnit = CCD cts\n\n[Data]\nX-Axis\tA\tB\n500.5\t1\t2\n501.5\t3\t4\n";
        let decoded = read_text(text).unwrap();
        let Some(Item::Set(set)) = decoded.items.first() else { panic!("{decoded:?}") };
        assert_eq!(set.shape, Some(MapShape { width: 2, height: 1 }));
        assert_eq!(set.axis().kind(), &AxisKind::Wavelength);
        assert_eq!((set.meta.title.as_deref(), set.meta.get("FileName")), (Some("Spec 1"), Some("a.wip")));
        assert_eq!(decoded.warnings, ["2 of 3 announced points were stored."]);
    }

    #[test]
    fn damaged_and_partial_files_are_errors() {
        let cases = [
            (NAMES.to_owned(), "no row of numbers"),
            (format!("{NAMES}{UNITS}"), "no row of numbers"),
            (format!("{NAMES}1\t2\t3\t4\t5\n"), "at least 2"),
            (format!("{NAMES}1\t2\t3\t4\t5\n1\t2\t3\t4\t5\n"), "no axis"),
            ("X-Axis\ta\n1\n2\n".to_owned(), "expected a position"),
            ("//Exported ASCII-File\n[Header]\nSizeX = 1\n".to_owned(), "(Y-Axis)"),
            ("//Exported ASCII-File\n[Header]\nPointsPerLine = 9\n[Data]\n1 2 3\n".to_owned(), "image"),
            ("//Exported ASCII-File\n[Header]\nSizeX = 1\n[Data]\n".to_owned(), "line 4"),
        ];
        for (text, part) in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains(part) && error.contains("map.txt"), "{part}: {error}");
        }
    }
}
