//! S&I TriVista (.tvf): XML with the axis as a list between bars and one element a frame.
//!
//! ```text
//! XmlMain / Documents / Document (InfoSerialized: an XML of settings inside an attribute)
//!                       / xDim / Calibration ValueArray="n|v|v..."   Data / Frame "v;v;v..."
//! ```

use roxmltree::Node;

use crate::spectrum::{AxisKind, Metadata, Positions};

use super::cells::{Decimal, axis_kind, number};
use super::dates;
use super::settle::Grid;
use super::xml::{self, child, children};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff};

/// TriVista.
pub const FORMAT: Format =
    Format { id: "trivista_tvf", name: "TriVista TVF", extensions: &["tvf"], sniff, read };

/// Length of a tick in the frames' time stamps.
const TICKS_PER_SECOND: f64 = 1e7;

fn sniff(head: &Head) -> Sniff {
    head.text().is_some_and(|text| text.contains("<XmlMain") || text.contains("TriVista-File")).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?.text;
    let xml = xml::document(input, &text)?;
    let root = xml.root_element();
    let list = child(root, "Documents").ok_or_else(|| missing(input, root, "Documents"))?;
    let mut decoded = Decoded::default();
    let documents: Vec<Node> = children(list, "Document").collect();
    if documents.is_empty() {
        return Err(missing(input, list, "a Document"));
    }
    for (number, document) in documents.iter().enumerate() {
        let mut grid = measurement(input, *document, &mut decoded.warnings)?;
        if documents.len() > 1 {
            grid.0.meta.title = Some(format!("{} [{}]", input.file_stem(), number + 1));
        }
        decoded.items.push(grid.0.finish(input, grid.1, &mut decoded.warnings)?);
    }
    Ok(decoded)
}

fn missing(input: &Input, node: Node, what: &str) -> FormatError {
    input.malformed(Place::Line(xml::line(node)), format!("{what} was expected in here"))
}

fn measurement(
    input: &Input,
    document: Node,
    warnings: &mut Vec<String>,
) -> Result<(Grid, AxisKind), FormatError> {
    let encoding = document.attribute("Encoding").unwrap_or("Ascii");
    if !encoding.eq_ignore_ascii_case("ascii") {
        let problem = format!("frames stored as {encoding} are not read; save the file with Ascii encoding");
        return Err(input.unsupported(problem));
    }
    let calibration = child(document, "xDim")
        .and_then(|dim| child(dim, "Calibration"))
        .ok_or_else(|| missing(input, document, "the x axis"))?;
    let mut x = axis_values(input, calibration)?;
    let data = child(document, "Data").ok_or_else(|| missing(input, document, "Data"))?;
    let frames: Vec<Node> = children(data, "Frame").collect();
    let first = frames.first().ok_or_else(|| missing(input, data, "a Frame"))?;
    let unit = calibration.attribute("Unit").unwrap_or("");
    let mut kind = kind(unit);
    if x.is_empty() {
        let width = xml::text(*first).split(';').filter(|cell| !cell.trim().is_empty()).count();
        x = (1..=width).map(|p| p as f64).collect();
        kind = AxisKind::Pixel;
    }
    let mut values: Vec<f32> = Vec::new();
    for frame in &frames {
        let before = values.len();
        // Finding the line means counting from the start of the file: only for an error.
        let place = || Place::Line(xml::line(*frame));
        for cell in xml::text(*frame).split(';').map(str::trim).filter(|cell| !cell.is_empty()) {
            let value = number(cell, Decimal::Point).or_else(|| number(cell, Decimal::Comma));
            let missing = cell.eq_ignore_ascii_case("nan").then_some(f64::NAN);
            let value = value.or(missing).ok_or_else(|| {
                let cell: String = cell.chars().take(40).collect();
                input.malformed(place(), format!("\"{cell}\" was found where an intensity was expected"))
            })?;
            values.push(value as f32);
        }
        let found = values.len() - before;
        if found == 0 || !found.is_multiple_of(x.len()) {
            let problem = format!("a frame of {} intensities was expected, {found} were found", x.len());
            return Err(input.malformed(place(), problem));
        }
    }
    let settings = Settings::read(document);
    let rows = values.len() / x.len().max(1);
    let mut meta = metadata(&settings, document);
    let laser = calibration.attribute("LaserWave").and_then(|nm| number(nm, Decimal::Point));
    meta.laser_nm =
        laser.or_else(|| settings.number("Laser_Wavelength")).filter(|nm| (100.0..20_000.0).contains(nm));
    let parts = child(document, "Childs").map_or(0, |c| c.children().filter(Node::is_element).count());
    if parts > 0 {
        meta.push("Glued from parts", parts.to_string());
    }
    let (positions, shape) = positions(&settings, &frames, rows, warnings);
    Ok((Grid { x, values, meta, positions, shape, ..Grid::default() }, kind))
}

/// `n|v1|v2|...|vn`; empty when there is no calibration.
fn axis_values(input: &Input, calibration: Node) -> Result<Vec<f64>, FormatError> {
    let place = Place::Line(xml::line(calibration));
    let Some(list) = calibration.attribute("ValueArray") else {
        let form = calibration.attribute("Type").unwrap_or("unknown");
        let problem = format!("an axis of the form {form} is not read; save the file with a list of values");
        return Err(input.unsupported(problem));
    };
    let mut cells = list.split('|');
    let count: usize = cells.next().and_then(|c| c.trim().parse().ok()).unwrap_or(0);
    let values: Vec<f64> = cells
        .map(|cell| number(cell, Decimal::Point).or_else(|| number(cell, Decimal::Comma)))
        .collect::<Option<_>>()
        .ok_or_else(|| input.malformed(place, "the axis holds something that is not a number"))?;
    if values.len() != count {
        let problem = format!("an axis of {count} values was announced, {} were found", values.len());
        return Err(input.malformed(place, problem));
    }
    Ok(values)
}

fn kind(unit: &str) -> AxisKind {
    match unit.to_lowercase().as_str() {
        "nanometer" | "" => AxisKind::Wavelength,
        "electronvolt" => AxisKind::Energy,
        "pixel" => AxisKind::Pixel,
        "absolutewavenumber" | "absolute wavenumber" => AxisKind::Wavenumber,
        "relativewavenumber" | "relative wavenumber" => AxisKind::RamanShift,
        _ => axis_kind(unit).unwrap_or_else(|| AxisKind::Other(unit.to_owned())),
    }
}

/// Groups of settings, flattened: group, name, value.
struct Settings(Vec<(String, String, String)>);

impl Settings {
    /// From the XML that stands inside an attribute; what cannot be read is left out.
    fn read(document: Node) -> Self {
        let mut found = Vec::new();
        if let Some(text) = document.attribute("InfoSerialized")
            && let Ok(info) = xml::parse(text.trim_start_matches('\u{feff}'))
        {
            for group in info.descendants().filter(|n| xml::is(*n, "Group")) {
                let name = child(group, "Name").map(xml::text).unwrap_or_default();
                for item in child(group, "Items").into_iter().flat_map(|items| children(items, "Item")) {
                    let part = |part| child(item, part).map(xml::text).unwrap_or_default().to_owned();
                    found.push((name.to_owned(), part("Name"), part("Value")));
                }
            }
        }
        Self(found)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(_, n, v)| n == name && !v.is_empty()).map(|(_, _, v)| v.as_str())
    }

    fn number(&self, name: &str) -> Option<f64> {
        number(self.text(name)?, Decimal::Point)
    }

    /// First position, step and count of a stage axis.
    fn stage(&self, group: &str) -> Option<(f64, f64, usize)> {
        let value = |name: &str| self.0.iter().find(|(g, n, _)| g == group && n == name).map(|(_, _, v)| v);
        let real = |name: &str| number(value(name)?, Decimal::Point);
        Some((real("From")?, real("Step")?, value("Points")?.trim().parse().ok()?))
    }
}

/// Stage positions (x runs fastest), else times of the frames.
fn positions(
    settings: &Settings,
    frames: &[Node],
    rows: usize,
    warnings: &mut Vec<String>,
) -> (Positions, Option<(usize, usize)>) {
    let mut positions = Positions::default();
    let (x, y) = (settings.stage("X-Axis"), settings.stage("Y-Axis"));
    if x.is_some() || y.is_some() {
        let columns = x.map_or(1, |(_, _, points)| points.max(1));
        let lines = y.map_or(1, |(_, _, points)| points.max(1));
        let planned = columns.saturating_mul(lines);
        if rows > planned {
            warnings.push(format!("{rows} spectra were stored but the scan has {planned} positions."));
            return (positions, None);
        }
        if rows < planned {
            warnings.push(format!("{rows} of {planned} planned spectra were stored."));
        }
        if let Some((from, step, _)) = x {
            positions.x = (0..rows).map(|row| from + step * (row % columns) as f64).collect();
        }
        if let Some((from, step, _)) = y {
            positions.y = (0..rows).map(|row| from + step * (row / columns) as f64).collect();
        }
        positions.length_unit = "um".into();
        let shape = (x.is_some() && y.is_some()).then_some((columns, lines));
        return (positions, shape);
    }
    let stamps: Vec<i64> =
        frames.iter().filter_map(|frame| frame.attribute("TimeStamp")?.trim().parse().ok()).collect();
    if let [first, .., last] = stamps[..]
        && rows == stamps.len()
        && first != last
    {
        let since = |stamp: &i64| stamp.saturating_sub(first) as f64 / TICKS_PER_SECOND;
        positions.time = stamps.iter().map(since).collect();
        positions.time_unit = "s".into();
    }
    (positions, None)
}

/// `06/07/2022 18:17:03.5` is 7 June; dates of another form stay as written.
fn month_first(written: &str) -> String {
    dates::iso(written, dates::Order::Month).unwrap_or_else(|| written.trim().to_owned())
}

fn metadata(settings: &Settings, document: Node) -> Metadata {
    let mut meta = Metadata {
        intensity_unit: document
            .attribute("DataLabel")
            .filter(|unit| !unit.is_empty())
            .map(str::to_lowercase),
        date: document.attribute("RecordTime").filter(|t| !t.is_empty()).map(month_first),
        integration_time_s: settings.number("Exposure_Time_(ms)").filter(|ms| *ms > 0.0).map(|ms| ms / 1e3),
        accumulations: settings.text("No_of_Accumulations").and_then(|n| n.parse().ok()).filter(|n| *n > 0),
        instrument: settings.text("Model").map(str::to_owned),
        ..Metadata::default()
    };
    for (group, name, value) in &settings.0 {
        meta.push(format!("{group}: {}", name.trim_end_matches(':').replace('_', " ")), value.as_str());
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Item, Limits};

    fn file(settings: &str, frames: &str) -> String {
        let info =
            format!("<Info><Groups>{settings}</Groups></Info>").replace('<', "&lt;").replace('"', "&quot;");
        format!(
            "\u{feff}<!--TriVista-File. (c) S&I GmbH -->\n<XmlMain Version=\"1.0.1\"><Hardware/><Documents Count=\"1\">\n\
             <Document DataLabel=\"Counts\" RecordTime=\"06/07/2022 13:34:27.4\" Encoding=\"Ascii\" InfoSerialized=\"{info}\">\n\
             <xDim><Calibration Unit=\"Nanometer\" Type=\"ValueArray\" LaserWave=\"790.000\" ValueArray=\"3|800|801|802.5\"/></xDim>\n\
             <Data>{frames}</Data><Childs Count=\"0\"/></Document></Documents></XmlMain>"
        )
    }

    fn group(name: &str, items: &[(&str, &str)]) -> String {
        let items: String =
            items.iter().map(|(n, v)| format!("<Item><Name>{n}</Name><Value>{v}</Value></Item>")).collect();
        format!("<Group><Name>{name}</Name><Items>{items}</Items></Group>")
    }

    fn decode(text: &str) -> Result<Decoded, FormatError> {
        let bytes = text.as_bytes();
        assert_eq!(sniff(&Head::new("a.tvf", bytes)), Sniff::Sure);
        read(&Input { name: "a.tvf", bytes, limits: Limits::default(), format: FORMAT.name })
    }

    #[test]
    fn a_spectrum_has_its_laser_date_and_settings() {
        let detector = group("Detector", &[("Exposure_Time_(ms)", "1500"), ("No_of_Accumulations", "2")]);
        let decoded = decode(&file(&detector, "<Frame TimeStamp=\"0\">1;2.5;3</Frame>")).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[800.0, 801.0, 802.5][..], &[1.0, 2.5, 3.0][..]));
        let meta = &spectrum.meta;
        assert_eq!(meta.laser_nm, Some(790.0));
        assert_eq!((meta.integration_time_s, meta.accumulations), (Some(1.5), Some(2)));
        assert_eq!(meta.date.as_deref(), Some("2022-06-07T13:34:27.4"));
        assert_eq!(meta.get("Detector: No of Accumulations"), Some("2"));
    }

    #[test]
    fn frames_make_a_time_series() {
        let frames = "<Frame TimeStamp=\"10000000\">1;2;3</Frame><Frame TimeStamp=\"25000000\">4;5;6</Frame>";
        let decoded = decode(&file("", frames)).unwrap();
        let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
        assert_eq!(set.positions.time, [0.0, 1.5]);
    }

    #[test]
    fn a_map_has_stage_positions() {
        let axis = |name, from, points| group(name, &[("From", from), ("Step", "0.5"), ("Points", points)]);
        let settings = axis("X-Axis", "-1", "2") + &axis("Y-Axis", "3", "2");
        let frames: String = (0..4).map(|i| format!("<Frame TimeStamp=\"0\">{i};2;3</Frame>")).collect();
        let decoded = decode(&file(&settings, &frames)).unwrap();
        let [Item::Set(set)] = &decoded.items[..] else { panic!("a set was expected") };
        assert_eq!(set.positions.x, [-1.0, -0.5, -1.0, -0.5]);
        assert_eq!(set.positions.y, [3.0, 3.0, 3.5, 3.5]);
        assert_eq!(set.shape.map(|s| (s.width, s.height)), Some((2, 2)));
    }

    #[test]
    fn damaged_files_are_refused_with_their_place() {
        let good = file("", "<Frame>1;2;3</Frame>");
        let with = |from: &str, to: &str| decode(&good.replace(from, to)).unwrap_err().to_string();
        assert!(decode(&good[..good.len() / 2]).unwrap_err().to_string().contains("cut short"));
        assert!(with("1;2;3", "1;2").contains("a frame of 3 intensities was expected, 2 were found"));
        assert!(with("1;2;3", "1;x;3").contains("\"x\""));
        assert!(with("3|800", "4000000000|800").contains("4000000000 values was announced"));
        assert!(with("|801|", "|eight|").contains("not a number"));
        assert!(with("Ascii", "Binary").contains("Binary"));
        assert!(with("<Frame>1;2;3</Frame>", "").contains("a Frame was expected"));
        assert!(with("|800|801|802.5", "|800|800|800").contains("constant"));
    }

    #[test]
    fn settings_that_are_no_xml_do_not_stop_the_data() {
        let text = file("", "<Frame>1;2;3</Frame>").replace("&lt;/Info>", "");
        assert_eq!(decode(&text).unwrap().count(), 1);
    }
}
