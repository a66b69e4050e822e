//! The XML that LightField appends: the layout of the frames, the wavelengths of the sensor, the settings.

use roxmltree::Node;

use crate::formats::bytes::Bytes;
use crate::formats::xml::{self, child, children, is};
use crate::formats::{FormatError, Input, Place, text};
use crate::spectrum::{AxisKind, Metadata};

use super::header::Header;
use super::{DATA_START, Layout, Pixel, Region};

/// Frames, regions and axes as the footer states them; the header's own sizes may be 0 or those of another region.
pub(super) fn layout(input: &Input, bytes: Bytes, header: &Header) -> Result<Layout, FormatError> {
    let start = header.footer;
    if start < DATA_START || start >= bytes.len() {
        return Err(input.malformed(
            Place::Byte(678),
            format!("the XML footer should start at byte {start} but the file has {} bytes", bytes.len()),
        ));
    }
    let raw = bytes.slice(start, bytes.len() - start, "the XML footer")?;
    let text = text::lossy(raw);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    let document =
        xml::parse(text).map_err(|e| input.malformed(Place::Byte(start), format!("XML footer: {e}")))?;
    let root = document.root_element();
    let missing = |what: &str| input.malformed(Place::Byte(start), format!("the XML footer has no {what}"));
    let frame = child(root, "DataFormat")
        .and_then(|f| child(f, "DataBlock"))
        .ok_or_else(|| missing("frame description"))?;
    let pixel = match frame.attribute("pixelFormat") {
        Some(name) => Pixel::from_name(name)
            .ok_or_else(|| input.unsupported(format!("numbers of the kind {name} are not read")))?,
        None => header.pixel,
    };
    let blocks: Vec<Node> =
        children(frame, "DataBlock").filter(|n| n.attribute("type") != Some("Frame")).collect();
    let calibrations = child(root, "Calibrations");
    let mut regions = Vec::new();
    for block in &blocks {
        let size = |name: &str| number(*block, name).filter(|n| *n > 0).ok_or_else(|| missing(name));
        let (width, height) = (size("width")?, size("height")?);
        let own = width.saturating_mul(height).saturating_mul(pixel.size());
        let stride = number(*block, "stride").unwrap_or(own);
        if stride < own {
            let problem = format!("a region of {width} x {height} pixels cannot stand in {stride} bytes");
            return Err(input.malformed(Place::Byte(start), problem));
        }
        // Before positions are made for every pixel: the file must hold at least one row of them.
        bytes.slice(DATA_START, width.saturating_mul(pixel.size()), "the first row")?;
        let (kind, x) = axis(calibrations, *block, width);
        regions.push(Region { width, height, stride, kind, x });
    }
    if regions.is_empty() {
        return Err(missing("region"));
    }
    let rows: u64 = regions.iter().fold(0, |sum, r| sum.saturating_add(r.stride));
    let stride = number(frame, "stride").unwrap_or(rows);
    if stride < rows {
        let problem = format!("regions of {rows} bytes cannot stand in a frame of {stride} bytes");
        return Err(input.malformed(Place::Byte(start), problem));
    }
    let frames = frame_count(input, header, number(frame, "count"), stride, start)?;
    let meta = metadata(root, calibrations);
    let stamp = time_stamp(root, number(frame, "size").unwrap_or(rows), stride);
    Ok(Layout { pixel, frames, stride, regions, stamp, meta })
}

/// The first of the values behind each frame, if it is a time.
fn time_stamp(root: Node, data_size: u64, stride: u64) -> Option<(u64, f64)> {
    let block = child(child(root, "MetaFormat")?, "MetaBlock")?;
    let first = block.children().find(Node::is_element).filter(|node| is(*node, "TimeStamp"))?;
    let whole = first.attribute("type").is_none_or(|form| form == "Int64");
    let ticks: f64 = first.attribute("resolution")?.trim().parse().ok()?;
    let fits = data_size.checked_add(8).is_some_and(|end| end <= stride);
    (whole && fits && ticks.is_finite() && ticks > 0.0).then_some((data_size, ticks))
}

/// Both the header and the XML state the number of frames. The header's is 0 in some files; a larger one that the
/// file cannot hold means damage.
fn frame_count(
    input: &Input,
    header: &Header,
    stated: Option<u64>,
    stride: u64,
    footer: u64,
) -> Result<u64, FormatError> {
    let in_header = u64::try_from(header.frames).unwrap_or(0);
    let frames = stated.filter(|n| *n > 0).unwrap_or(in_header);
    let room = (footer - DATA_START) / stride.max(1);
    if in_header > frames && in_header > room {
        return Err(input.malformed(
            Place::Byte(1446),
            format!(
                "the header says {in_header} frames, the XML footer {frames}, and there is room for {room}"
            ),
        ));
    }
    if frames == 0 {
        return Err(input.malformed(Place::Byte(1446), "0 frames were declared, at least 1 was expected"));
    }
    Ok(frames)
}

/// Wavelengths of the region's columns, or its pixels where the file has no wavelengths.
fn axis(calibrations: Option<Node>, block: Node, width: u64) -> (AxisKind, Vec<f64>) {
    let mapping = calibrations.and_then(|c| sensor_mapping(c, block));
    let start = mapping.and_then(|m| number(m, "x")).unwrap_or(0);
    let binning = mapping.and_then(|m| number(m, "xBinning")).unwrap_or(1).max(1);
    let column = |i: u64| start.saturating_add(i.saturating_mul(binning));
    let wavelengths = calibrations.map(wavelengths).unwrap_or_default();
    let at = |i: u64| usize::try_from(i).ok().and_then(|i| wavelengths.get(i).copied());
    // Full sensor as a rule; a processed file may carry just the columns that it holds.
    let found: Option<Vec<f64>> = if wavelengths.len() as u64 == width {
        Some(wavelengths.clone())
    } else {
        (0..width).map(|i| at(column(i))).collect()
    };
    match found.filter(|x| x.first() != x.last()) {
        Some(x) => (AxisKind::Wavelength, x),
        None => (AxisKind::Pixel, (0..width).map(|i| column(i).saturating_add(1) as f64).collect()),
    }
}

fn sensor_mapping<'a, 'i>(calibrations: Node<'a, 'i>, block: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    let ids: Vec<&str> = block.attribute("calibrations").unwrap_or("").split(',').map(str::trim).collect();
    let all = || children(calibrations, "SensorMapping");
    all().find(|n| n.attribute("id").is_some_and(|id| ids.contains(&id))).or_else(|| all().next())
}

/// `Wavelength` is a comma list; `WavelengthError` holds blank-separated pairs of wavelength and error.
fn wavelengths(calibrations: Node) -> Vec<f64> {
    let Some(mapping) = child(calibrations, "WavelengthMapping") else { return Vec::new() };
    let parse = |word: &str| fast_float2::parse::<f64, _>(word.trim()).ok();
    if let Some(list) = child(mapping, "Wavelength").and_then(|n| n.text()) {
        return list.split(',').map_while(parse).collect();
    }
    let pairs = child(mapping, "WavelengthError").and_then(|n| n.text()).unwrap_or("");
    pairs.split_whitespace().map_while(|pair| parse(pair.split(',').next()?)).collect()
}

fn metadata(root: Node, calibrations: Option<Node>) -> Metadata {
    let mut meta = Metadata { intensity_unit: Some("counts".into()), ..Metadata::default() };
    let find = |name: &str| root.descendants().find(|n| is(*n, name));
    let value = |name: &str| find(name).and_then(|n| n.text()).map(str::trim).filter(|t| !t.is_empty());
    meta.laser_nm = calibrations
        .and_then(|c| child(c, "WavelengthMapping"))
        .and_then(|m| m.attribute("laserLine"))
        .or_else(|| value("ExcitationWavelength"))
        .or_else(|| value("LaserLine"))
        .and_then(|text| text.trim().parse::<f64>().ok())
        .filter(|nm| (100.0..20_000.0).contains(nm));
    // Milliseconds in LightField.
    meta.integration_time_s = value("ExposureTime")
        .and_then(|text| text.parse::<f64>().ok())
        .filter(|ms| ms.is_finite() && *ms > 0.0)
        .map(|ms| (ms * 1e6).round() / 1e9);
    let exposures = find("OnlineProcessing")
        .and_then(|n| n.descendants().find(|d| is(*d, "FramesCombined")))
        .and_then(|n| n.text());
    meta.accumulations = exposures.and_then(|t| t.trim().parse().ok()).filter(|n| *n > 0);
    let origin = find("Origin");
    let information = find("FileInformation");
    let attribute = |node: Option<Node>, name: &str| node.and_then(|n| n.attribute(name)).map(str::to_owned);
    meta.date = attribute(origin, "created").or_else(|| attribute(information, "created"));
    let camera = find("Camera").and_then(|n| n.attribute("model"));
    let spectrometer = find("Spectrometer").and_then(|n| n.attribute("model"));
    let parts: Vec<&str> = [spectrometer, camera].into_iter().flatten().collect();
    meta.instrument = (!parts.is_empty()).then(|| parts.join(", "));
    if let Some(origin) = origin {
        let software = ["software", "softwareVersion"].iter().filter_map(|a| origin.attribute(*a));
        meta.push("Software", software.collect::<Vec<_>>().join(" "));
        meta.push("Operator", origin.attribute("creator").unwrap_or(""));
    }
    meta.push("Camera serial number", find("Camera").and_then(|n| n.attribute("serialNumber")).unwrap_or(""));
    let grating = find("Grating").filter(|n| n.children().any(|c| is(c, "Selected")));
    let selected = grating.and_then(|n| child(n, "Selected")).and_then(|n| n.text());
    meta.push("Grating", selected.unwrap_or(""));
    let centre = find("Grating").and_then(|n| child(n, "CenterWavelength")).and_then(|n| n.text());
    meta.push("Centre wavelength (nm)", centre.unwrap_or(""));
    let notes = information.and_then(|n| child(n, "Notes")).and_then(|n| n.text());
    meta.push("Notes", notes.unwrap_or(""));
    meta
}

fn number(node: Node, name: &str) -> Option<u64> {
    node.attribute(name)?.trim().parse().ok()
}

impl Pixel {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "MonochromeUnsigned16" => Self::U16,
            "MonochromeUnsigned32" => Self::U32,
            "MonochromeFloating32" => Self::F32,
            "MonochromeUnsigned8" => Self::U8,
            "MonochromeSigned16" => Self::I16,
            "MonochromeSigned32" => Self::I32,
            "MonochromeFloating64" => Self::F64,
            _ => return None,
        })
    }
}
