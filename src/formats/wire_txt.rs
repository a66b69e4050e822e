//! Renishaw `WiRE` long text: each line repeats time or place before shift and intensity; the shifts start again with
//! each spectrum.

use super::cells;
use super::table::{self, Header, Numbers};
use super::{Decoded, Format, FormatError, Head, Input, Item, Place, Sniff};
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, SpectrumSet};

/// `WiRE` text.
pub const FORMAT: Format =
    Format { id: "wire_txt", name: "Renishaw WiRE text", extensions: &["txt"], sniff, read };

/// Rows that a leading coordinate must stay the same for before one spectrum alone is taken for this format.
const ENOUGH: usize = 20;

fn sniff(head: &Head) -> Sniff {
    let Some((header, numbers)) = head.text().and_then(table::sample_numbers) else { return Sniff::No };
    if !(3..=5).contains(&numbers.width()) {
        return Sniff::No;
    }
    if header.names.iter().any(|name| name.eq_ignore_ascii_case("#wave")) {
        return Sniff::Sure;
    }
    let pieces = pieces(&numbers);
    let whole = pieces.len().saturating_sub(1);
    let steady = whole > 0 && pieces.iter().all(|piece| is_steady(&numbers, piece));
    if steady && whole >= 2 {
        return Sniff::Sure;
    }
    let shift = numbers.column(numbers.width() - 2);
    let falls = shift.is_sorted_by(|a, b| a > b) || shift.is_sorted_by(|a, b| a < b);
    let alone = pieces.is_empty() && falls && shift.len() >= ENOUGH && is_steady(&numbers, &(0..shift.len()));
    if steady || (alone && header.names.is_empty()) { Sniff::Maybe } else { Sniff::No }
}

fn pieces(numbers: &Numbers) -> Vec<std::ops::Range<usize>> {
    table::restarts(&numbers.column(numbers.width() - 2))
}

/// The columns before the shift do not change within the piece.
fn is_steady(numbers: &Numbers, piece: &std::ops::Range<usize>) -> bool {
    (0..numbers.width() - 2).all(|column| {
        let column = numbers.column(column);
        let mut values = column.get(piece.clone()).unwrap_or_default().windows(2);
        values.all(|w| w[0].total_cmp(&w[1]).is_eq())
    })
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let content = input.text()?;
    let (header, numbers, place, warnings) = table::first(input, &content.text)?;
    let mut decoded = Decoded { items: Vec::new(), warnings };
    let width = numbers.width();
    if width < 3 {
        return Err(
            input.malformed(place, format!("{width} columns; coordinate, shift and intensity were expected"))
        );
    }
    let shift = numbers.column(width - 2);
    let mut pieces = table::restarts(&shift);
    if pieces.is_empty() {
        pieces.push(0..shift.len());
    }
    let points = pieces.first().map_or(0, std::ops::Range::len);
    let total = pieces.len();
    if total > 1 && pieces.last().is_some_and(|last| last.len() < points) {
        pieces.pop();
        decoded.warn(format!(
            "The last of {total} spectra ends early (the file may be cut short); it was left out."
        ));
    }
    series(input, &header, &numbers, &shift, &pieces, place, &mut decoded)?;
    Ok(decoded)
}

fn series(
    input: &Input,
    header: &Header,
    numbers: &Numbers,
    shift: &[f64],
    pieces: &[std::ops::Range<usize>],
    place: Place,
    decoded: &mut Decoded,
) -> Result<(), FormatError> {
    let width = numbers.width();
    let kind = header.axis_of(width - 2).or_else(|| header.axis.clone()).unwrap_or(AxisKind::RamanShift);
    let intensity: Vec<f32> = numbers.column(width - 1).iter().map(|v| *v as f32).collect();
    let mut meta = header.meta.clone();
    meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    let first = pieces.first().and_then(|p| shift.get(p.clone())).unwrap_or_default();
    let same = pieces.iter().all(|p| shift.get(p.clone()) == Some(first));
    let finite = intensity.iter().all(|v| v.is_finite()) && first.iter().all(|v| v.is_finite());
    if same && finite {
        let axis = Axis::new(kind, first.to_vec())
            .map_err(|e| input.malformed(place, format!("column {} is no axis: {e}", width - 1)))?;
        let rows = pieces.len();
        let values: Vec<f32> = intensity.into_iter().take(rows * first.len()).collect();
        let set = SpectrumSet::new(axis, values, rows, meta).map_err(input.spectrum_error())?;
        let positions = positions(header, numbers, pieces);
        let shape = shape(&positions);
        let set = set.with_positions(positions).map_err(input.spectrum_error())?;
        let set = match shape {
            Some((width, height)) => set.with_shape(width, height),
            None => set,
        };
        decoded.items.push(Item::Set(set));
        return Ok(());
    }
    input.allowed_copies(place, pieces.len(), &meta)?;
    for (number, piece) in pieces.iter().enumerate() {
        let x = shift.get(piece.clone()).unwrap_or_default().to_vec();
        let y = intensity.get(piece.clone()).unwrap_or_default().to_vec();
        let title = format!("{} [{}]", meta.display_name(), number + 1);
        let meta = Metadata { title: Some(title), ..meta.clone() };
        let spectrum = cells::curve(input, place, kind.clone(), x, y, meta, &mut decoded.warnings)?;
        decoded.items.push(Item::Spectrum(spectrum));
    }
    Ok(())
}

/// What the columns before the shift say of each spectrum: by their names, else time, place, or place and depth.
fn positions(header: &Header, numbers: &Numbers, pieces: &[std::ops::Range<usize>]) -> Positions {
    let leading = numbers.width() - 2;
    let mut positions = Positions { length_unit: "um".into(), time_unit: "s".into(), ..Positions::default() };
    for index in 0..leading {
        let column = numbers.column(index);
        let values: Vec<f64> = pieces.iter().filter_map(|p| column.get(p.start).copied()).collect();
        let name = cells::normalised(header.name(index));
        let name = name.trim_start_matches('#').split(['(', '[', ' ']).next().unwrap_or_default().to_owned();
        match (name.as_str(), leading, index) {
            ("t" | "time", ..) | ("", 1, _) => positions.time = values,
            ("x", ..) | ("", _, 0) => positions.x = values,
            ("y", ..) | ("", _, 1) => positions.y = values,
            ("z" | "depth", ..) | ("", _, 2) => positions.z = values,
            _ => {}
        }
    }
    positions
}

/// Columns and lines of a map whose x runs fastest.
fn shape(positions: &Positions) -> Option<(usize, usize)> {
    let (x, y) = (&positions.x, &positions.y);
    let first = y.first()?;
    let width = y.iter().take_while(|v| v.total_cmp(first).is_eq()).count();
    let rows = x.len();
    if rows != y.len() || width == 0 || !rows.is_multiple_of(width) {
        return None;
    }
    let top = x.get(..width)?;
    let regular = x.chunks_exact(width).all(|line| line == top)
        && y.chunks_exact(width).all(|line| line.iter().all(|v| Some(v) == line.first()));
    regular.then_some((width, rows / width))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::{Limits, decode};
    use super::*;

    fn map(width: usize, height: usize, points: usize, head: &str) -> String {
        let mut text = head.to_owned();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            for p in 0..points {
                writeln!(text, "{x}.5\t{y}.25\t{:.3}\t{}", 1000.0 - 1.5 * p as f64, x + y + p).unwrap();
            }
        }
        text
    }

    fn read(content: &str) -> (Option<&'static str>, Result<Decoded, FormatError>) {
        let (format, decoded) = decode("map.txt", content.as_bytes(), Limits::default());
        (format.map(|f| f.id), decoded)
    }

    #[test]
    fn a_map_becomes_one_set_with_places_and_shape() {
        for head in ["", "#X\t\t#Y\t\t#Wave\t\t#Intensity\n"] {
            let (format, decoded) = read(&map(3, 2, 30, head));
            assert_eq!(format, Some("wire_txt"));
            let decoded = decoded.unwrap();
            let [Item::Set(set)] = decoded.items.as_slice() else { panic!("{decoded:?}") };
            assert_eq!((set.len(), set.points(), set.shape.unwrap().width), (6, 30, 3));
            assert_eq!(
                (set.positions.x.as_slice(), set.positions.y[4]),
                (&[0.5, 1.5, 2.5, 0.5, 1.5, 2.5][..], 1.25)
            );
            assert_eq!(set.row(4).unwrap()[27..], [29.0, 30.0, 31.0]);
            assert_eq!(set.axis().kind(), &AxisKind::RamanShift);
            assert!(decoded.warnings.is_empty());
        }
    }

    #[test]
    fn a_time_series_keeps_its_times() {
        let mut text = String::new();
        for (t, p) in [0, 2, 6].into_iter().flat_map(|t| (0..25).map(move |p| (t, p))) {
            writeln!(text, "{t}\t{}\t{}", 99.5 - f64::from(p), t + p).unwrap();
        }
        let decoded = read(&text).1.unwrap();
        let [Item::Set(set)] = decoded.items.as_slice() else { panic!("{decoded:?}") };
        assert_eq!(set.positions.time, [0.0, 2.0, 6.0]);
    }

    #[test]
    fn a_cut_map_gives_its_whole_spectra_and_a_warning() {
        let text = map(3, 2, 30, "");
        let (_, decoded) = read(&text[..text.len() - 200]);
        let decoded = decoded.unwrap();
        assert_eq!(decoded.count(), 5);
        assert!(decoded.warnings[0].contains("cut short"));
    }

    #[test]
    fn spectra_over_different_axes_stay_apart_and_gaps_are_counted() {
        let mut text = String::new();
        for (t, p) in (0..3).flat_map(|t| (0..25).map(move |p| (t, p))) {
            let y = if (t, p) == (1, 3) { "NaN".into() } else { format!("{p}") };
            writeln!(text, "{t}\t{}\t{y}", 50.0 + f64::from(p) * (1.0 + f64::from(t.min(p)))).unwrap();
        }
        let decoded = read(&text).1.unwrap();
        assert_eq!(decoded.items.len(), 3);
        assert_eq!(decoded.items[1].spectrum(0).unwrap().len(), 24);
        assert!(decoded.warnings.iter().any(|w| w.contains("1 of 25 rows was left out")));
    }

    #[test]
    fn damaged_long_tables_are_errors_with_a_line() {
        let head = "#Time\t\t#Wave\t\t#Intensity\n";
        for rows in
            ["0\t1\t2\n", "0\t5\t1\n0\t5\t2\n0\t5\t3\n", "0\t1\tNaN\n0\t2\tNaN\n", "0\tNaN\t1\n0\tNaN\t2\n"]
        {
            let error = read(&format!("{head}{rows}")).1.unwrap_err().to_string();
            assert!(error.contains("map.txt") && error.contains("line 2"), "{rows:?}: {error}");
        }
        assert!(read(head).1.is_err());
    }
}
