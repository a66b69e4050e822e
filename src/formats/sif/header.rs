//! The text before the numbers.

use crate::formats::bytes::Bytes;
use crate::formats::{FormatError, Input, Place, dates, text};
use crate::spectrum::Metadata;

/// The header is searched no further than this; calibrations of thousands of frames fit.
const HEADER_BYTES: usize = 16 << 20;
/// Lines between the calibration's first line and the labels, with room for versions to come.
const CALIBRATION_LINES: usize = 24;

/// A rectangle of the detector; `xbin` pixels make one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subimage {
    pub width: u64,
    pub height: u64,
}

impl Subimage {
    pub(super) fn pixels(self) -> u64 {
        self.width.saturating_mul(self.height)
    }
}

/// What the header says.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub frames: u64,
    pub subimages: Vec<Subimage>,
    /// Byte of the first number.
    pub data: u64,
    /// Polynomials: none, one for all, or one a frame.
    pub calibrations: Vec<Vec<f64>>,
    pub frame_time_s: Option<f64>,
    pub meta: Metadata,
}

impl Header {
    pub(super) fn read(input: &Input, bytes: Bytes) -> Result<Self, FormatError> {
        let head = bytes.slice(0, bytes.len().min(HEADER_BYTES as u64), "the header")?;
        let labels = Labels::find(head).ok_or_else(|| {
            let found = head.len();
            input.malformed(
                Place::Byte(0),
                format!("no axis labels with image sizes behind them were found in the first {found} bytes"),
            )
        })?;
        let mut cursor = Cursor { bytes: head, at: labels.sizes };
        let (frames, subimages) = sizes(input, &mut cursor)?;
        let data = skip_time_stamps(input, &mut cursor, frames)?;
        let before = head.get(..labels.start).unwrap_or_default();
        let mut acquisition = Acquisition::read(before).unwrap_or_default();
        let calibration = Calibration::before_labels(before);
        let mut meta = Metadata { intensity_unit: Some(labels.data.clone()), ..Metadata::default() };
        meta.instrument = acquisition.detector.take();
        meta.date = acquisition.seconds.and_then(dates::from_unix);
        meta.integration_time_s = acquisition.exposure_s;
        meta.accumulations = acquisition.accumulations;
        let excitation = calibration.excitation_nm;
        if labels.frame_axis.to_lowercase().contains("raman") {
            meta.laser_nm = excitation;
        } else if let Some(nm) = excitation {
            // 422 or 433 stands in files that have nothing to do with Raman.
            meta.push("Raman excitation setting (nm)", nm.to_string());
        }
        meta.push("Frame axis", labels.frame_axis);
        if let Some(degrees) = acquisition.temperature {
            meta.push("Detector temperature (°C)", degrees.to_string());
        }
        meta.push("Original file", acquisition.file.unwrap_or_default());
        let own = acquisition.calibrations;
        let calibrations = if own.is_empty() { calibration.coefficients.into_iter().collect() } else { own };
        Ok(Self { frames, subimages, data, calibrations, frame_time_s: acquisition.cycle_s, meta })
    }
}

/// The three labels, and where they stand.
struct Labels {
    start: usize,
    frame_axis: String,
    data: String,
    sizes: usize,
}

impl Labels {
    /// The first line start from which `length line, text` three times leads to the line of image sizes.
    fn find(head: &[u8]) -> Option<Self> {
        memchr::memchr_iter(b'\n', head).find_map(|end| Self::at(head, end + 1))
    }

    fn at(head: &[u8], start: usize) -> Option<Self> {
        let mut cursor = Cursor { bytes: head, at: start };
        let frame_axis = cursor.label()?;
        let data = cursor.label()?;
        let _image_axis = cursor.label()?;
        let sizes = cursor.at;
        let words = cursor.integers()?;
        let plausible = words.len() >= 9 && (65_536..66_000).contains(words.first()?);
        plausible.then_some(Self { start, frame_axis, data, sizes })
    }
}

fn sizes(input: &Input, cursor: &mut Cursor) -> Result<(u64, Vec<Subimage>), FormatError> {
    let place = Place::Byte(cursor.at as u64);
    let words = cursor.integers().unwrap_or_default();
    let word = |index: usize| words.get(index).copied().and_then(|w| u64::try_from(w).ok()).unwrap_or(0);
    let (frames, count, per_frame) = (word(5), word(6), word(8));
    if frames == 0 || count == 0 || count > 10_000 {
        let problem = format!("{frames} frames of {count} subimages were declared; 1 or more were expected");
        return Err(input.malformed(place, problem));
    }
    let mut subimages = Vec::new();
    for _ in 0..count {
        let place = Place::Byte(cursor.at as u64);
        let words = cursor.integers().unwrap_or_default();
        // version x0 y1 x1 y0 ybin xbin
        let [_, x0, y1, x1, y0, ybin, xbin, ..] = words[..] else {
            return Err(input.malformed(place, "a line with the edges of a subimage was expected"));
        };
        let span = |low: i64, high: i64, bin: i64| {
            let length = high.checked_sub(low)?.checked_add(1)?.checked_div(bin)?;
            u64::try_from(length).ok().filter(|n| *n > 0)
        };
        let (Some(width), Some(height)) = (span(x0, x1, xbin), span(y0, y1, ybin)) else {
            let problem = format!(
                "columns {x0} to {x1} by {xbin} and rows {y0} to {y1} by {ybin} do not make an image"
            );
            return Err(input.malformed(place, problem));
        };
        subimages.push(Subimage { width, height });
    }
    let sum = subimages.iter().fold(0, |sum: u64, s| sum.saturating_add(s.pixels()));
    if per_frame != sum {
        let problem = format!("a frame should hold {per_frame} numbers but its subimages hold {sum}");
        return Err(input.malformed(place, problem));
    }
    Ok((frames, subimages))
}

/// One line a frame, then in newer versions a line `0`, or a line `1` and one more line a frame.
fn skip_time_stamps(input: &Input, cursor: &mut Cursor, frames: u64) -> Result<u64, FormatError> {
    for frame in 1..=frames {
        let place = Place::Byte(cursor.at as u64);
        cursor.integers().filter(|w| w.len() == 1).ok_or_else(|| {
            input.malformed(place, format!("the time stamp of frame {frame} of {frames} was expected here"))
        })?;
    }
    let mut ahead = Cursor { ..*cursor };
    match ahead.integers().as_deref() {
        Some([0]) => cursor.at = ahead.at,
        Some([1]) if (0..frames).all(|_| ahead.integers().is_some_and(|w| w.len() == 1)) => {
            cursor.at = ahead.at;
        }
        _ => {}
    }
    Ok(cursor.at as u64)
}

/// What stands before the version-dependent lines. All of it may be missing: nothing here is needed for the numbers.
#[derive(Debug, Default)]
struct Acquisition {
    seconds: Option<i64>,
    temperature: Option<f64>,
    exposure_s: Option<f64>,
    cycle_s: Option<f64>,
    accumulations: Option<u32>,
    detector: Option<String>,
    file: Option<String>,
    calibrations: Vec<Vec<f64>>,
}

impl Acquisition {
    fn read(head: &[u8]) -> Option<Self> {
        let mut found = Self::default();
        let mut cursor = Cursor { bytes: head, at: 0 };
        cursor.line()?;
        cursor.line()?;
        for _ in 0..4 {
            cursor.word()?;
        }
        found.seconds = cursor.word()?.parse().ok();
        // -999 stands for a sensor that could not be read.
        found.temperature = cursor.word()?.parse().ok().filter(|t: &f64| t.is_finite() && *t > -273.2);
        // Five bytes, each followed by a blank; any of them may look like a separator.
        cursor.at += 10;
        cursor.word()?;
        let positive = |text: String| text.parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
        found.exposure_s = cursor.word().and_then(positive);
        cursor.word()?;
        cursor.word()?;
        found.accumulations = cursor.word()?.parse().ok().filter(|n| *n > 0);
        cursor.at += 2;
        found.cycle_s = cursor.word().and_then(positive);
        cursor.line()?;
        found.detector = Some(cursor.line_text()?).filter(|name| !name.is_empty());
        // Width, height, and the length of the file name.
        let name_length = *cursor.integers()?.get(2)?;
        found.file = Some(text::lossy(cursor.take(name_length)?).trim().to_owned());
        cursor.line()?;
        let text_length = *cursor.integers()?.get(1)?;
        let user_text = cursor.take(text_length)?;
        found.calibrations = frame_calibrations(&text::lossy(user_text)).unwrap_or_default();
        Some(found)
    }
}

/// `Calibration data for frame 1: c0,c1,c2,c3` a line a frame.
fn frame_calibrations(user_text: &str) -> Option<Vec<Vec<f64>>> {
    const KEY: &str = "Calibration data for frame ";
    let lines = text::lines(user_text).filter(|line| line.starts_with(KEY));
    lines
        .map(|line| {
            let numbers = line[KEY.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
            usable(&floats(numbers.trim_start_matches([':', ' ']), ',')?)
        })
        .collect()
}

/// The lines `6553x ..., polynomial, older polynomial, another, laser`, which stand before the labels.
#[derive(Debug, Default)]
struct Calibration {
    coefficients: Option<Vec<f64>>,
    excitation_nm: Option<f64>,
}

impl Calibration {
    fn before_labels(before: &[u8]) -> Self {
        let trimmed = before.strip_suffix(b"\n").unwrap_or(before);
        let mut lines: Vec<&[u8]> = trimmed.rsplit(|b| *b == b'\n').take(CALIBRATION_LINES).collect();
        lines.reverse();
        let Some(start) = lines.iter().rposition(|line| is_version(line)) else {
            return Self::default();
        };
        // One of the bytes in the first line may be a line feed: the polynomial is the first line of several numbers.
        let lines: Vec<Option<Vec<f64>>> =
            lines.iter().skip(start + 1).map(|line| floats(&text::lossy(line), ' ')).collect();
        let several = |line: &Option<Vec<f64>>| line.as_ref().is_some_and(|l| l.len() >= 3);
        let Some(first) = lines.iter().position(several) else { return Self::default() };
        let at = |index: usize| lines.get(first + index).and_then(Option::as_ref);
        let coefficients = at(0).and_then(|c| usable(c));
        let excitation_nm = match at(3).map(Vec::as_slice) {
            Some([nm]) => Some(*nm).filter(|nm| (100.0..20_000.0).contains(nm)),
            _ => None,
        };
        Self { coefficients, excitation_nm }
    }
}

/// A whole number such as 65539; a polynomial may begin with 655 as well (`655.12 0.03`, nanometres).
fn is_version(line: &[u8]) -> bool {
    let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
    digits == 5 && line.starts_with(b"655") && line.get(digits).is_none_or(u8::is_ascii_whitespace)
}

/// Finite coefficients that change with the pixel.
fn usable(coefficients: &[f64]) -> Option<Vec<f64>> {
    let finite = coefficients.iter().all(|c| c.is_finite());
    let changing = coefficients.iter().skip(1).any(|c| c.abs() > 0.0);
    (finite && changing && coefficients.len() <= 16).then(|| coefficients.to_vec())
}

fn floats(text: &str, separator: char) -> Option<Vec<f64>> {
    let words = text.split(separator).map(str::trim).filter(|w| !w.is_empty());
    words.map(|w| fast_float2::parse(w).ok()).collect()
}

/// Reads lines, words and texts of stated length.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Up to the next line feed, which is taken too; `None` at the end.
    fn line(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b'\n', self.rest())?;
        let line = self.rest().get(..end)?;
        self.at += end + 1;
        Some(line)
    }

    fn line_text(&mut self) -> Option<String> {
        self.line().map(|line| text::lossy(line).trim().to_owned())
    }

    /// Up to the next blank or line feed; several blanks count as one.
    fn word(&mut self) -> Option<String> {
        let blanks = self.rest().iter().take_while(|b| **b == b' ').count();
        self.at += blanks;
        let end = memchr::memchr2(b' ', b'\n', self.rest())?;
        let word = self.rest().get(..end)?;
        // A line feed stays: the caller may want the rest of the line, which is then empty.
        self.at += end + usize::from(self.rest().get(end) == Some(&b' '));
        Some(text::lossy(word).into_owned())
    }

    fn take(&mut self, length: i64) -> Option<&'a [u8]> {
        let length = usize::try_from(length).ok()?;
        let taken = self.rest().get(..length)?;
        self.at += length;
        Some(taken)
    }

    /// A line of whole numbers. A line too long to be one is not looked through.
    fn integers(&mut self) -> Option<Vec<i64>> {
        let line = self.rest().get(..self.rest().len().min(512))?;
        let line = line.get(..memchr::memchr(b'\n', line)?)?;
        let words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
        let numbers: Vec<i64> = words.map(|w| w.parse().ok()).collect::<Option<_>>()?;
        self.at += line.len() + 1;
        (!numbers.is_empty()).then_some(numbers)
    }

    /// A line with one length, then a text of that length.
    fn label(&mut self) -> Option<String> {
        let [length] = self.integers()?[..] else { return None };
        let label = self.take((1..=128).contains(&length).then_some(length)?)?;
        let printable = !label.iter().any(u8::is_ascii_control);
        printable.then(|| text::lossy(label).trim().to_owned())
    }
}
