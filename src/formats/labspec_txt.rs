//! Horiba LabSpec text: `#Key=<tab>value` lines (absent when the user switched them off), then two columns, or one
//! spectrum a row behind its coordinates with the axis in a first row that begins with one empty cell a coordinate.

use crate::spectrum::{AxisKind, Metadata, Positions};

use super::cells::axis_kind;
use super::dates;
use super::vendor::{Block, Columns, RowTable, Rows, Style, block, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// LabSpec text.
pub const FORMAT: Format =
    Format { id: "labspec_txt", name: "Horiba LabSpec text", extensions: &["txt"], sniff, read };

/// Coordinates a row can carry: x, y, z and time.
const MOST_COORDINATES: usize = 4;
/// Cells that an axis row holds at least, so that a table with an empty first cell is not taken for one.
const FEWEST_AXIS_CELLS: usize = 5;

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let mut filled = text::lines(text).filter(|l| !l.trim().is_empty());
    let Some(first) = filled.next() else { return Sniff::No };
    if first.starts_with('#') {
        let keyed = |l: &str| l.starts_with('#') && (l.contains("=\t") || l.starts_with("#AxisType["));
        return (keyed(first) || filled.take(100).any(keyed)).into();
    }
    // Without header the empty cells before the axis are all there is to see. The last cell may be cut by the head.
    let axis = first.trim_start_matches('\t');
    let empty = first.len() - axis.len();
    if !(1..=MOST_COORDINATES).contains(&empty) {
        return Sniff::No;
    }
    let style = Style::of('\t', [axis].into_iter());
    let mut cells: Vec<f64> = style.cells(axis.trim_end()).map(|c| style.number(c)).collect();
    cells.pop();
    let monotone = cells.is_sorted_by(|a, b| a < b) || cells.is_sorted_by(|a, b| a > b);
    // Whole numbers over a column with decimals name columns (10, 20, 30 s); LabSpec's axes have decimals.
    let column: Vec<&str> =
        filled.take(cells.len() + 2).filter_map(|line| line.trim().split('\t').next()).collect();
    let broken = |text: &&str| text.contains(['.', ',']);
    if empty == 1 && !axis.contains(['.', ',']) && column.len() > cells.len() && column.iter().any(broken) {
        return Sniff::No;
    }
    (cells.len() >= FEWEST_AXIS_CELLS && monotone).into()
}

/// What the `#` lines say.
#[derive(Debug, Default)]
struct Header {
    meta: Metadata,
    /// `#AxisType[n]` and `#AxisUnit[n]`: 0 intensity, 1 spectral, from 2 the coordinates.
    axes: Vec<(String, String)>,
    acquired: bool,
    spectral: Option<AxisKind>,
}

impl Header {
    fn add(&mut self, line: &str) {
        let Some((key, value)) = line.trim_start_matches('#').split_once('=') else { return };
        let (key, value) = (key.trim(), value.trim());
        if let Some(index) = axis_index(key) {
            if self.axes.len() <= index {
                self.axes.resize(index + 1, Default::default());
            }
            if let Some(axis) = self.axes.get_mut(index) {
                let part = if key.starts_with("AxisType") { &mut axis.0 } else { &mut axis.1 };
                value.clone_into(part);
            }
            return;
        }
        let lower = key.to_lowercase();
        let name = lower.split('(').next().unwrap_or_default().trim();
        let meta = &mut self.meta;
        let text = (!value.is_empty()).then(|| value.to_owned());
        match name {
            "title" => meta.title = text,
            "sample" => meta.sample = text,
            "instrument" => meta.instrument = text,
            "acq. time" | "exposition" | "exposure" | "exposure time" | "acquisition time" => {
                meta.integration_time_s = facts::whole_number(value).filter(|v| *v > 0.0);
            }
            "accumulations" | "accumulation" => meta.accumulations = facts::count(value),
            "laser" => {
                meta.laser_nm = facts::laser_nm(value);
                meta.push(key, value);
            }
            "acquired" => {
                self.acquired = true;
                meta.date = dates::iso(value, dates::Order::Day).or(text);
            }
            // The date of saving stands in for the date of measuring in old files.
            "date" if !self.acquired => {
                meta.date = dates::iso(value, dates::Order::Day).or(text);
                meta.push(key, value);
            }
            _ => {
                if name == "spectro" {
                    self.spectral =
                        lower.split_once('(').map(|(_, unit)| kind_of(unit.trim_end_matches(')')));
                }
                meta.push(key, value);
            }
        }
    }

    fn finish(&mut self, input: &Input) {
        if let Some((_, unit)) = self.axes.first().filter(|(_, unit)| !unit.is_empty()) {
            self.meta.intensity_unit = Some(unit.clone());
        }
        if let Some((_, unit)) = self.axes.get(1).filter(|(_, unit)| !unit.is_empty()) {
            self.spectral = Some(kind_of(unit));
        }
        self.meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    }

    /// Old headers and header-less files name no unit; LabSpec shows Raman shifts unless told otherwise.
    fn kind(&self) -> AxisKind {
        self.spectral.clone().unwrap_or(AxisKind::RamanShift)
    }
}

/// `n` of `AxisType[n]` or `AxisUnit[n]`.
fn axis_index(key: &str) -> Option<usize> {
    let rest = key.strip_prefix("AxisType[").or_else(|| key.strip_prefix("AxisUnit["))?;
    rest.strip_suffix(']')?.parse().ok().filter(|n| *n < 2 + MOST_COORDINATES)
}

/// LabSpec means Raman shifts where it writes 1/cm, and in every unit it does not write out.
fn kind_of(unit: &str) -> AxisKind {
    axis_kind(unit).unwrap_or(AxisKind::RamanShift)
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let mut header = Header::default();
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut last = 0;
    for (index, line) in text::lines(&text.text).enumerate() {
        last = index + 1;
        if lines.is_empty() && line.starts_with('#') {
            header.add(line);
        } else if !line.trim().is_empty() {
            lines.push((index + 1, line));
        }
    }
    header.finish(input);
    let Some((number, first)) = lines.first().copied() else {
        return Err(input.malformed(Place::Line(last), "the header is not followed by numbers"));
    };
    let style = Style::guess(lines.iter().map(|(_, line)| *line));
    let is_empty = |cell: &&str| cell.trim().is_empty();
    let cells = style.cells(first.trim_end()).count();
    let empty = style.cells(first).take_while(is_empty).count();
    let next = lines.get(1).map_or(0, |(_, line)| style.cells(line.trim_end()).count());
    if empty > 0 && empty < cells {
        return series(input, header, style, &lines, (empty, empty));
    }
    // Editors that trim lines take the empty cells before the axis with them.
    if cells >= FEWEST_AXIS_CELLS && (cells + 1..=cells + MOST_COORDINATES).contains(&next) {
        return series(input, header, style, &lines, (0, next - cells));
    }
    if cells < 2 {
        let problem = format!("found `{}`, expected a position and an intensity", facts::clip(first));
        return Err(input.malformed(Place::Line(number), problem));
    }
    table(input, header, style, &lines, cells)
}

/// Two columns, or a position and several intensities.
fn table(
    input: &Input,
    header: Header,
    style: Style,
    lines: &[(usize, &str)],
    width: usize,
) -> Result<Decoded, FormatError> {
    let columns = Columns::read(style, width, lines.iter().map(|(_, line)| *line));
    let stop = columns.stop.and_then(|at| lines.get(at)).copied();
    if let (0, Some((number, line))) = (columns.rows, stop) {
        return Err(
            input.malformed(Place::Line(number), format!("found `{}`, expected numbers", facts::clip(line)))
        );
    }
    let place = Place::Line(lines.first().map_or(1, |(number, _)| *number));
    let intensities: Vec<&[f64]> = columns.cells.iter().skip(1).map(Vec::as_slice).collect();
    let block = Block::from_columns(header.kind(), place, columns.get(0), &intensities);
    let mut decoded = block.decode(input, header.meta, Rows::default())?;
    if let Some((number, line)) = stop {
        decoded.warn(format!(
            "Reading stopped at line {number} (`{}`), which is no row of numbers.",
            facts::clip(line)
        ));
    }
    Ok(decoded)
}

/// The axis in the first row behind `skip` empty cells, then one spectrum a row behind its coordinates.
fn series(
    input: &Input,
    header: Header,
    style: Style,
    lines: &[(usize, &str)],
    (skip, coordinates): (usize, usize),
) -> Result<Decoded, FormatError> {
    let place = Place::Line(lines.first().map_or(1, |(number, _)| *number));
    if coordinates > MOST_COORDINATES {
        let problem = format!("{coordinates} empty cells before the axis, expected 1 to {MOST_COORDINATES}");
        return Err(input.malformed(place, problem));
    }
    let mut table = RowTable::read(input, style, lines, skip, coordinates)?;
    let warning = table.warning();
    let places = (0..coordinates).map(|i| table.coordinate(style, i)).collect();
    let mut rows = Rows::default();
    locate(&header, places, &mut rows);
    rows.shape = block::arrange_grid(input, &mut rows.positions, &mut table.values)?;
    let block = Block { kind: header.kind(), axis: table.axis, values: table.values, place };
    let mut decoded = block.decode(input, header.meta, rows)?;
    decoded.warnings.extend(warning);
    Ok(decoded)
}

/// Gives the coordinate columns their meaning.
fn locate(header: &Header, places: Vec<Vec<f64>>, rows: &mut Rows) {
    let count = places.len();
    let mut positions = Positions { length_unit: "um".into(), time_unit: "s".into(), ..Positions::default() };
    for (index, list) in places.into_iter().enumerate() {
        let (name, unit) = header.axes.get(index + 2).cloned().unwrap_or_default();
        let unit = unit.replace(['\u{b5}', '\u{3bc}'], "u");
        let complete = list.iter().all(|v| v.is_finite());
        let target = match name.to_lowercase().as_str() {
            _ if !complete => None,
            "x" | "xa" => Some(&mut positions.x),
            "y" | "ya" => Some(&mut positions.y),
            "z" | "za" | "depth" => Some(&mut positions.z),
            "t" | "time" => {
                if !unit.is_empty() {
                    positions.time_unit.clone_from(&unit);
                }
                positions.time = list;
                continue;
            }
            "" => Some(unnamed(&mut positions, index, count, &list)),
            _ => None,
        };
        let Some(target) = target else {
            label(rows, &name, &unit, &list);
            continue;
        };
        *target = list;
        if !unit.is_empty() {
            positions.length_unit = unit;
        }
    }
    rows.positions = positions;
}

/// Old headers do not say what a coordinate is: two are x and y; one is the time when it counts up from 0 or more,
/// otherwise a depth.
fn unnamed<'a>(positions: &'a mut Positions, index: usize, count: usize, list: &[f64]) -> &'a mut Vec<f64> {
    match (count, index) {
        (1, _) if list.is_sorted() && list.first().is_some_and(|v| *v >= 0.0) => &mut positions.time,
        (1, _) | (_, 2) => &mut positions.z,
        (_, 0) => &mut positions.x,
        (_, 1) => &mut positions.y,
        _ => &mut positions.time,
    }
}

/// Coordinates without a field of their own (point numbers, temperatures) name the rows.
fn label(rows: &mut Rows, name: &str, unit: &str, list: &[f64]) {
    let name = if name == "Points" { "Point" } else { name };
    let of = |value: &f64| format!("{name} {value} {unit}").trim().to_owned();
    if rows.labels.is_empty() {
        rows.labels = list.iter().map(of).collect();
    } else {
        for (label, value) in rows.labels.iter_mut().zip(list) {
            *label = format!("{label}, {}", of(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Item, Limits, decode};
    use crate::spectrum::{MapShape, SpectrumSet};

    const HEAD: &str = "#Acq. time (s)=\t10\n#Accumulations=\t2\n#Laser=\t532nm_Edge\n#Spectro (cm\u{b9})=\t940.8\n\
                        #Title=\tSi\n#Date=\t16.12.2019 09:57\n#Acquired=\t16.12.2019 09:57:07\n#Remark=\t\n";
    const AXES: &str = "#AxisType[0]=Intens\n#AxisUnit[0]=Cnt\n#AxisType[1]=Spectr\n#AxisUnit[1]=1/cm\n\
                        #AxisType[2]=XA\n#AxisUnit[2]=\u{b5}m\n#AxisType[3]=YA\n#AxisUnit[3]=\u{b5}m\n";
    const AXIS: &str = "100.5\t101.5\t102.5\t103.5\t104.5\t105.5\t106.5";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        // LabSpec writes Latin-1.
        let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let (format, result) = decode("dir/run.txt", &bytes, Limits::default());
        assert_eq!(format.map(|f| f.id), Some("labspec_txt"));
        result
    }

    fn row(first: f32) -> String {
        (0..7_u8).fold(String::new(), |row, i| row + "\t" + &(first + f32::from(i)).to_string())
    }

    fn set_of(decoded: &Decoded) -> &SpectrumSet {
        match decoded.items.first() {
            Some(Item::Set(set)) => set,
            other => panic!("no set but {other:?}"),
        }
    }

    #[test]
    fn whole_numbers_over_a_column_with_decimals_name_columns() {
        let rows = (0..12).map(|i| format!("{i}00,5\t1\t2\t3\t4\t5\t6\n")).collect::<Vec<_>>().concat();
        let (format, decoded) =
            decode("a.txt", format!("\t10\t20\t30\t40\t50\t60\n{rows}").as_bytes(), Limits::default());
        assert_eq!((format.map(|f| f.id), decoded.unwrap().count()), (Some("text_table"), 6));
    }

    #[test]
    fn two_columns_with_their_header_are_read() {
        let decoded = read_text(&format!("{HEAD}46.6\t37\r\n48.4\t33\r\n50.3\t39\r\n")).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[46.6, 48.4, 50.3][..], &[37.0, 33.0, 39.0][..]));
        let meta = &spectrum.meta;
        assert_eq!(
            (meta.laser_nm, meta.integration_time_s, meta.accumulations),
            (Some(532.0), Some(10.0), Some(2))
        );
        assert_eq!(meta.date.as_deref(), Some("2019-12-16T09:57:07"));
        assert_eq!(meta.title.as_deref(), Some("Si"));
        assert_eq!(meta.get("Spectro (cm\u{b9})"), Some("940.8"));
        assert!(decoded.warnings.is_empty());
    }

    #[test]
    fn a_decimal_comma_and_an_unsorted_axis_are_read() {
        let decoded = read_text("#Exposition=\t10\n50,5\t39\n46,5\t37,25\n48,5\t33\n").unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[46.5, 48.5, 50.5][..], &[37.25, 33.0, 39.0][..]));
        assert_eq!(decoded.warnings.len(), 1);
        assert_eq!(spectrum.meta.title.as_deref(), Some("run"));
    }

    #[test]
    fn a_series_without_header_is_known_by_its_empty_cell() {
        let decoded =
            read_text(&format!("\t{AXIS}\n0{}\n5.8{}\n11.4{}\n", row(1.0), row(2.0), row(0.0))).unwrap();
        let set = set_of(&decoded);
        assert_eq!((set.len(), set.points()), (3, 7));
        assert_eq!(set.positions.time, [0.0, 5.8, 11.4]);
        assert_eq!(set.row(1).unwrap()[5..], [7.0, 8.0]);
        let down = read_text(&format!("\t{AXIS}\n-5{}\n-2{}\n", row(1.0), row(2.0))).unwrap();
        assert_eq!(set_of(&down).positions.z, [-5.0, -2.0]);
    }

    #[test]
    fn a_map_whose_y_runs_fastest_is_turned_into_an_image() {
        let rows = [(3, 1), (3, 2), (2, 1), (2, 2), (1, 1), (1, 2)]
            .map(|(x, y)| format!("{x}\t{y}{}\n", row((10 * x + y) as f32)))
            .concat();
        let decoded = read_text(&format!("{HEAD}{AXES}\t\t{AXIS}\n{rows}")).unwrap();
        let set = set_of(&decoded);
        assert_eq!(set.shape, Some(MapShape { width: 3, height: 2 }));
        assert_eq!(set.positions.x, [3.0, 2.0, 1.0, 3.0, 2.0, 1.0]);
        let firsts: Vec<f32> = set.rows().map(|r| r[0]).collect();
        assert_eq!(firsts, [31.0, 21.0, 11.0, 32.0, 22.0, 12.0]);
        assert_eq!(set.positions.length_unit, "um");
        assert_eq!(set.meta.intensity_unit.as_deref(), Some("Cnt"));
    }

    #[test]
    fn a_map_that_is_no_grid_keeps_its_rows_and_zeros() {
        let zeros = "\t0".repeat(7);
        let decoded =
            read_text(&format!("\t\t{AXIS}\n0\t0{}\n0\t1{zeros}\n7\t3{}\n", row(1.0), row(2.0))).unwrap();
        let set = set_of(&decoded);
        assert_eq!((set.len(), set.shape), (3, None));
        assert_eq!(set.row(1).unwrap(), [0.0; 7]);
    }

    #[test]
    fn point_numbers_name_the_rows_and_trimmed_axis_rows_are_understood() {
        let axes = "#AxisType[1]=Spectr\n#AxisUnit[1]=nm\n#AxisType[2]=Points\n#AxisUnit[2]=\n";
        let decoded = read_text(&format!("{axes}{AXIS}\n1{}\n2{}\n", row(1.0), row(2.0))).unwrap();
        let set = set_of(&decoded);
        assert_eq!(set.labels, ["Point 1", "Point 2"]);
        assert_eq!(set.axis().kind(), &AxisKind::Wavelength);
    }

    #[test]
    fn gaps_and_cut_rows_are_told() {
        let text = format!("\t{AXIS}\n0\t1\t2\t\t4\t5\t6\t7\n1{}\n2\t5\t6", row(1.0));
        let decoded = read_text(&text).unwrap();
        assert_eq!(set_of(&decoded).row(0).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(decoded.warnings.len(), 2);
        assert!(decoded.warnings[1].contains("Line 4"), "{:?}", decoded.warnings);
    }

    #[test]
    fn damaged_files_are_errors_that_name_the_place() {
        let cases = [
            (HEAD.to_owned(), "line 8"),
            (format!("{HEAD}nothing\n"), "line 9"),
            (format!("{HEAD}a\tb\nc\td\n"), "line 9"),
            (format!("{HEAD}1\t2\n"), "at least 2"),
            (format!("{HEAD}1\t2\n1\t3\n"), "constant"),
            (format!("{HEAD}\t{AXIS}\n"), "no row of 7"),
            (format!("{HEAD}\t{AXIS}\n1\t2\t3\n"), "no row of 7"),
            (format!("{HEAD}\t1\t2\tx\t4\t5\t6\n1\t2\t3\t4\t5\t6\t7\n"), "axis value 3"),
            (format!("{HEAD}\t\t\t\t\t\t{AXIS}\n"), "6 empty cells"),
            (format!("{HEAD}\t1\t1\t1\t1\t1\t1\n0{}\n1{}\n", row(1.0), row(1.0)), "constant"),
        ];
        for (text, part) in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains(part) && error.contains("run.txt"), "{part}: {error}");
        }
    }

    #[test]
    fn other_texts_are_left_to_their_readers() {
        for text in [
            "#Wave\t\t#Intensity\n1\t\t2\n",
            "# laser: 532\n1\t2\n",
            "\tsample a\tsample b\n1\t2\t3\n",
            "1\t2\n",
        ] {
            assert_eq!(sniff(&Head::new("a.txt", text.as_bytes())), Sniff::No, "{text}");
        }
    }
}
