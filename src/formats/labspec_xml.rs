//! Horiba (Jobin Yvon) LabSpec XML: a tree whose nodes are told by number, and a matrix with one row a spectrum.
//!
//! ```text
//! LSX_Data / LSX_Tree   / 0x7A74D9D6 / 0x7B697861 / 0x0 intensity, 0x1 spectral axis, 0x2 x, 0x3 y (or time)
//!                       / 0x6C62D4D9 / groups of entries (name, text, number)
//!          / LSX_Matrix / LSX_Row ...    x runs fastest
//! ```

use roxmltree::Node;

use crate::spectrum::{AxisKind, Metadata, Positions};

use super::cells::axis_kind;
use super::dates::iso_date;
use super::settle::Grid;
use super::xml::{self, child, children};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// LabSpec XML.
pub const FORMAT: Format =
    Format { id: "jobinyvon_xml", name: "LabSpec XML", extensions: &["xml"], sniff, read };

/// Numbers by which LabSpec tells its nodes.
mod id {
    pub const TITLE: &str = "0x6C7469D9";
    pub const METADATA: &str = "0x6C62D4D9";
    pub const DATE_GROUP: &str = "0x7CECDBD7";
    pub const SETUP_GROUP: &str = "0x8716361";
    pub const FILE_GROUP: &str = "0x7C73E2D2";
    pub const NAME: &str = "0x6D6D616E";
    pub const TEXT: &str = "0x7D6C61DB";
    pub const NUMBER: &str = "0x8736F70";
    pub const DATA: &str = "0x7A74D9D6";
    pub const AXES: &str = "0x7B697861";
    pub const KIND: &str = "0x6D707974";
    pub const UNIT: &str = "0x7C696E75";
    pub const VALUES: &str = "0x7D6CD4DB";
    pub const ROTATION: &str = "0x6C676EC6";
}

fn sniff(head: &Head) -> Sniff {
    head.text().is_some_and(|text| text.contains("<LSX_Data") || text.contains("<LSX_Tree")).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?.text;
    let document = xml::document(input, &text)?;
    let root = document.root_element();
    let at = |node: Node| Place::Line(xml::line(node));
    let missing = |node: Node, what: &str| input.malformed(at(node), format!("{what} was expected in here"));
    let tree = child(root, "LSX_Tree").ok_or_else(|| missing(root, "LSX_Tree"))?;
    let matrix = child(root, "LSX_Matrix").ok_or_else(|| missing(root, "LSX_Matrix"))?;
    let axes = with_id(tree, id::DATA)
        .and_then(|data| with_id(data, id::AXES))
        .ok_or_else(|| missing(tree, "the list of axes (0x7B697861)"))?;
    let spectral = axes
        .children()
        .find(|a| text_of(*a, id::KIND) == "Spectr")
        .or_else(|| with_id(axes, "0x1"))
        .ok_or_else(|| missing(axes, "the spectral axis"))?;
    let x = with_id(spectral, id::VALUES).ok_or_else(|| missing(spectral, "axis values"))?;
    let x = numbers(input, x)?;
    let values = rows(input, matrix, x.len())?;
    let count = values.len() / x.len().max(1);

    let mut decoded = Decoded::default();
    let mut meta = metadata(tree);
    if let Some(intensity) = with_id(axes, "0x0") {
        meta.intensity_unit = Some(text_of(intensity, id::UNIT).to_owned()).filter(|unit| !unit.is_empty());
    }
    let unit = text_of(spectral, id::UNIT);
    let kind = axis_kind(unit).unwrap_or_else(|| AxisKind::Other(unit.to_owned()));
    let scan: Vec<ScanAxis> = axes
        .children()
        .filter(|axis| axis.is_element() && *axis != spectral && axis.attribute("ID") != Some("0x0"))
        .map(|axis| ScanAxis::read(input, axis))
        .collect::<Result<_, _>>()?;
    let (positions, shape) = positions(&scan, count, &mut decoded.warnings);
    let grid = Grid { x, values, meta, positions, shape, ..Grid::default() };
    decoded.items.push(grid.finish(input, kind, &mut decoded.warnings)?);
    Ok(decoded)
}

/// All rows, each as long as the axis.
fn rows(input: &Input, matrix: Node, points: usize) -> Result<Vec<f32>, FormatError> {
    let mut values = Vec::new();
    for row in children(matrix, "LSX_Row") {
        // Finding the line means counting from the start of the file: only for an error.
        let place = || Place::Line(xml::line(row));
        let before = values.len();
        // The row's own `Size` is not believed: its numbers are counted.
        for word in xml::text(row).split_ascii_whitespace() {
            let value: f64 = fast_float2::parse(word).map_err(|_error| not_a_number(input, place(), word))?;
            values.push(value as f32);
        }
        let found = values.len() - before;
        if found != points {
            let problem = format!("a row of {points} intensities was expected, {found} were found");
            return Err(input.malformed(place(), problem));
        }
    }
    if values.is_empty() {
        return Err(input.malformed(Place::Line(xml::line(matrix)), "the matrix has no rows"));
    }
    Ok(values)
}

fn numbers(input: &Input, node: Node) -> Result<Vec<f64>, FormatError> {
    let place = Place::Line(xml::line(node));
    let words = xml::text(node).split_ascii_whitespace();
    words.map(|word| fast_float2::parse(word).map_err(|_error| not_a_number(input, place, word))).collect()
}

fn not_a_number(input: &Input, place: Place, word: &str) -> FormatError {
    let word: String = word.chars().take(40).collect();
    input.malformed(place, format!("\"{word}\" was found where a number was expected"))
}

/// A direction in which the stage moved, or time.
struct ScanAxis {
    kind: String,
    unit: String,
    values: Vec<f64>,
}

impl ScanAxis {
    fn read(input: &Input, node: Node) -> Result<Self, FormatError> {
        let values = with_id(node, id::VALUES).map(|v| numbers(input, v)).transpose()?.unwrap_or_default();
        let own = |id| text_of(node, id).to_owned();
        Ok(Self { kind: own(id::KIND), unit: own(id::UNIT), values })
    }
}

/// Position of each row; the first axis runs fastest.
fn positions(
    axes: &[ScanAxis],
    rows: usize,
    warnings: &mut Vec<String>,
) -> (Positions, Option<(usize, usize)>) {
    let axes: Vec<&ScanAxis> = axes.iter().filter(|axis| axis.values.len() > 1).collect();
    let planned = axes.iter().fold(1_usize, |product, axis| product.saturating_mul(axis.values.len()));
    let mut positions = Positions::default();
    if axes.is_empty() || rows > planned {
        if rows > 1 {
            warnings.push(format!("The positions of the {rows} spectra are not in the file."));
        }
        return (positions, None);
    }
    if rows < planned {
        warnings.push(format!("{rows} of {planned} planned spectra were stored."));
    }
    let mut repeat = 1;
    for axis in &axes {
        let list = (0..rows).filter_map(|row| axis.values.get(row / repeat % axis.values.len()).copied());
        let (slot, unit) = match axis.kind.chars().next().map(|c| c.to_ascii_uppercase()) {
            Some('X') => (&mut positions.x, &mut positions.length_unit),
            Some('Y') => (&mut positions.y, &mut positions.length_unit),
            Some('Z') => (&mut positions.z, &mut positions.length_unit),
            _ => (&mut positions.time, &mut positions.time_unit),
        };
        *slot = list.collect();
        if !axis.unit.is_empty() {
            *unit = axis.unit.replace(['\u{b5}', '\u{3bc}'], "u");
        }
        repeat = repeat.saturating_mul(axis.values.len());
    }
    let shape = match axes[..] {
        [columns, lines] => Some((columns.values.len(), lines.values.len())),
        _ => None,
    };
    (positions, shape)
}

fn metadata(tree: Node) -> Metadata {
    let mut meta = Metadata::default();
    let title = text_of(tree, id::TITLE);
    meta.title = Some(title.to_owned()).filter(|t| !t.is_empty());
    let Some(groups) = with_id(tree, id::METADATA) else { return meta };
    for group in [id::SETUP_GROUP, id::FILE_GROUP, id::DATE_GROUP] {
        let Some(group) = with_id(groups, group) else { continue };
        for entry in group.children().filter(Node::is_element) {
            let (key, value) = (text_of(entry, id::NAME), text_of(entry, id::TEXT));
            take(&mut meta, key, value, text_of(entry, id::NUMBER));
        }
    }
    if let Some(angle) = with_id(tree, id::ROTATION).and_then(|r| with_id(r, "0x0")) {
        meta.push("Map rotation (rad)", xml::text(angle));
    }
    meta
}

fn take(meta: &mut Metadata, key: &str, value: &str, number: &str) {
    let positive = |text: &str| text.parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
    let date = || Some(iso_date(value).unwrap_or_else(|| value.to_owned())).filter(|d| !d.is_empty());
    match key {
        // The text is rounded (633), the number is the calibrated line (632.817).
        "Laser (nm)" | "Laser" => {
            let leading = value.trim_end_matches(|c: char| !c.is_ascii_digit());
            let plausible = |nm: &f64| (100.0..20_000.0).contains(nm);
            meta.laser_nm = positive(number).filter(plausible).or(positive(leading).filter(plausible));
        }
        "Acq. time (s)" => meta.integration_time_s = positive(value),
        "Accumulations" => meta.accumulations = value.parse().ok().filter(|n| *n > 0),
        "Instrument" => meta.instrument = Some(value.to_owned()).filter(|v| !v.is_empty()),
        "Sample" => meta.sample = Some(value.to_owned()).filter(|v| !v.is_empty()),
        "Title" if meta.title.is_none() => meta.title = Some(value.to_owned()).filter(|v| !v.is_empty()),
        "Title" => {}
        "Acquired" => meta.date = date(),
        "Date" => meta.date = meta.date.take().or_else(date),
        _ => meta.push(key, value),
    }
}

fn with_id<'a, 'i>(node: Node<'a, 'i>, id: &str) -> Option<Node<'a, 'i>> {
    let same = |found: &str| found.eq_ignore_ascii_case(id);
    node.children().find(|n| n.is_element() && n.attribute("ID").is_some_and(same))
}

fn text_of<'a>(node: Node<'a, '_>, id: &str) -> &'a str {
    with_id(node, id).map(xml::text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Item, Limits};

    const SPECTRUM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<LSX_Data>
<LSX_Tree ID="0x69746164"><LSX ID="0x6C7469D9">quartz</LSX>
<LSX ID="0x7A74D9D6"><LSX ID="0x7B697861">
<LSX ID="0x0"><LSX ID="0x7C696E75">Cnt/sec</LSX></LSX>
<LSX ID="0x1"><LSX ID="0x7D6CD4DB"> 300 200 100 </LSX><LSX ID="0x6D707974">Spectr</LSX><LSX ID="0x7C696E75">1/cm</LSX></LSX>
</LSX></LSX>
<LSX ID="0x6C62D4D9"><LSX ID="0x8716361">
<LSX ID="0x1"><LSX ID="0x6D6D616E">Laser (nm)</LSX><LSX ID="0x7D6C61DB">633 </LSX><LSX ID="0x8736F70">632.817</LSX></LSX>
<LSX ID="0x2"><LSX ID="0x6D6D616E">Acq. time (s)</LSX><LSX ID="0x7D6C61DB">2</LSX></LSX>
<LSX ID="0x3"><LSX ID="0x6D6D616E">Objective</LSX><LSX ID="0x7D6C61DB">x50</LSX></LSX></LSX>
<LSX ID="0x7CECDBD7"><LSX ID="0x0"><LSX ID="0x6D6D616E">Acquired</LSX><LSX ID="0x7D6C61DB">27.06.2022 16:36:48</LSX></LSX></LSX></LSX>
</LSX_Tree>
<LSX_Matrix Size="3"><LSX_Row Index="0" Size="3"> 3 2 1.5 </LSX_Row></LSX_Matrix>
</LSX_Data>"#;

    fn map() -> String {
        let axes = r#"</LSX><LSX ID="0x2"><LSX ID="0x7D6CD4DB">0 2</LSX><LSX ID="0x6D707974">XA</LSX><LSX ID="0x7C696E75">µm</LSX></LSX>
            <LSX ID="0x3"><LSX ID="0x7D6CD4DB">7 8</LSX><LSX ID="0x6D707974">YA</LSX></LSX></LSX></LSX>
<LSX ID="0x6C62D4D9">"#;
        let rows: String = (0..4).map(|i| format!("<LSX_Row> {i} 2 1 </LSX_Row>\n")).collect();
        SPECTRUM
            .replace("</LSX>\n</LSX></LSX>\n<LSX ID=\"0x6C62D4D9\">", axes)
            .replace("<LSX_Row Index=\"0\" Size=\"3\"> 3 2 1.5 </LSX_Row>", &rows)
    }

    fn decode(text: &str) -> Result<Decoded, FormatError> {
        let bytes = text.as_bytes();
        assert_eq!(sniff(&Head::new("a.xml", bytes)), Sniff::Sure);
        read(&Input { name: "a.xml", bytes, limits: Limits::default(), format: FORMAT.name })
    }

    #[test]
    fn a_spectrum_keeps_its_order_and_its_metadata() {
        let spectrum = decode(SPECTRUM).unwrap().spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[300.0, 200.0, 100.0][..], &[3.0, 2.0, 1.5][..]));
        assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
        let meta = &spectrum.meta;
        assert_eq!((meta.laser_nm, meta.integration_time_s), (Some(632.817), Some(2.0)));
        assert_eq!(meta.date.as_deref(), Some("2022-06-27T16:36:48"));
        assert_eq!(meta.intensity_unit.as_deref(), Some("Cnt/sec"));
        assert_eq!(meta.get("objective"), Some("x50"));
    }

    #[test]
    fn a_map_runs_fastest_along_x() {
        let decoded = decode(&map()).unwrap();
        let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
        assert_eq!(set.positions.x, [0.0, 2.0, 0.0, 2.0]);
        assert_eq!(set.positions.y, [7.0, 7.0, 8.0, 8.0]);
        assert_eq!(set.positions.length_unit, "um");
        assert_eq!(set.shape.map(|s| (s.width, s.height)), Some((2, 2)));
        assert!(decoded.warnings.is_empty());
    }

    #[test]
    fn an_unfinished_map_says_how_much_is_there() {
        let decoded = decode(&map().replace("<LSX_Row> 3 2 1 </LSX_Row>\n", "")).unwrap();
        assert_eq!(decoded.count(), 3);
        assert_eq!(decoded.warnings, ["3 of 4 planned spectra were stored."]);
    }

    #[test]
    fn units_tell_the_kind_of_axis() {
        for (unit, kind) in [
            ("1/cm abs", AxisKind::Wavenumber),
            ("nm", AxisKind::Wavelength),
            ("eV", AxisKind::Energy),
            ("Cnt", AxisKind::Other("Cnt".into())),
        ] {
            let decoded = decode(&SPECTRUM.replace("1/cm", unit)).unwrap();
            assert_eq!(*decoded.spectra().next().unwrap().axis().kind(), kind);
        }
    }

    #[test]
    fn damaged_files_are_refused_with_their_line() {
        let half = &SPECTRUM[..SPECTRUM.len() / 2];
        let with = |from: &str, to: &str| SPECTRUM.replace(from, to);
        for (text, expected) in [
            (half.to_owned(), "cut short"),
            (with("3 2 1.5", "3 2"), "a row of 3 intensities was expected, 2 were found"),
            (with("3 2 1.5", "3 two 1"), "\"two\""),
            (with("300 200 100", "100 100 100"), "constant"),
            (with("0x7B697861", "0x1234"), "list of axes"),
            (with("LSX_Matrix", "LSX_Other"), "LSX_Matrix was expected"),
            (with("<LSX_Row Index=\"0\" Size=\"3\"> 3 2 1.5 </LSX_Row>", ""), "no rows"),
        ] {
            let error = decode(&text).unwrap_err().to_string();
            assert!(error.contains("a.xml") && error.contains(expected), "{expected}: {error}");
        }
    }
}
