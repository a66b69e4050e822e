//! What an SPC file says besides its numbers: header texts and the log block, into which vendors write anything.

use super::super::bytes::Bytes;
use super::super::{Input, text};
use super::codes;
use super::header::{Header, LABELS};
use super::layout;
use super::raw::printable;
use crate::spectrum::Metadata;

/// Log text looked at.
const LOG_BYTES: u64 = 16 << 20;
/// Log lines kept.
const LOG_LINES: usize = 200_000;

/// Metadata of the whole file. Nothing in the log block can stop the data: what is damaged there gives a warning.
pub(super) fn metadata(input: &Input, header: &Header, warnings: &mut Vec<String>) -> Metadata {
    let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut meta = Metadata {
        title: named(&header.comment),
        date: header.date.clone(),
        instrument: named(&header.instrument),
        intensity_unit: named(ordinate(header)),
        ..Metadata::default()
    };
    meta.push("experiment", codes::experiment(header.experiment));
    meta.push("resolution", header.resolution.clone());
    meta.push("method", header.method.clone());
    if let Some(log) = log_text(input, header, warnings) {
        for line in text::lines(&log).map(str::trim).filter(|l| !l.is_empty()).take(LOG_LINES) {
            take_line(&mut meta, line);
        }
    }
    meta
}

fn ordinate(header: &Header) -> &str {
    let label = &header.labels[1];
    if !label.is_empty() && (header.has(LABELS) || header.y_code == 0) {
        label
    } else {
        codes::ordinate(header.y_code)
    }
}

fn log_text(input: &Input, header: &Header, warnings: &mut Vec<String>) -> Option<String> {
    if header.log == 0 {
        return None;
    }
    let bytes = Bytes::new(input);
    let field = |at: u64| {
        let raw: [u8; 4] =
            bytes.slice(header.log.checked_add(at)?, 4, "the log block").ok()?.try_into().ok()?;
        let big = header.order == super::raw::Order::Big;
        Some(u64::from(if big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) }))
    };
    let (Some(size), Some(start)) = (field(0), field(8)) else {
        warnings
            .push(format!("The log block at byte {} lies outside the file and was left out.", header.log));
        return None;
    };
    let end = bytes.len().min(header.log.saturating_add(size));
    if header.log.saturating_add(size) > bytes.len() {
        warnings.push("The log block runs past the end of the file; its readable part was kept.".into());
    }
    let start = header.log.saturating_add(start);
    let found = bytes.slice(start, end.checked_sub(start)?.min(LOG_BYTES), "the log text").ok()?;
    let end = memchr::memchr(0, found).unwrap_or(found.len());
    Some(text::lossy(found.get(..end)?).into_owned())
}

fn take_line(meta: &mut Metadata, line: &str) {
    let line = printable(line.to_owned());
    let Some((key, value)) = line.split_once('=') else {
        if !line.starts_with('[') {
            meta.push("log", line);
        }
        return;
    };
    let (key, value) = (key.trim(), value.trim());
    match key {
        layout::LOG_TITLE => meta.title = Some(value.to_owned()),
        layout::LOG_INSTRUMENT => meta.instrument = Some(value.to_owned()),
        layout::LOG_DATE => meta.date = Some(value.to_owned()),
        layout::LOG_SOURCE => meta.source_file = Some(value.to_owned()),
        layout::LOG_HISTORY => meta.history.push(value.to_owned()),
        _ => take_pair(meta, key, value),
    }
}

/// Takes the titles of subfiles, which only we write, out of the free keys. Empty unless every subfile has one.
pub(super) fn subfile_titles(meta: &mut Metadata, count: usize) -> Vec<String> {
    let is_title = |key: &str| key.starts_with(layout::LOG_SUBFILE);
    let titles: Vec<String> =
        meta.extra.iter().filter(|(k, _)| is_title(k)).map(|(_, title)| title.clone()).collect();
    meta.extra.retain(|(k, _)| !is_title(k));
    if titles.len() == count { titles } else { Vec::new() }
}

/// The keys of Horiba's export, which ours uses too, hold plain numbers and need not be kept twice.
fn take_number(meta: &mut Metadata, key: &str, value: &str) -> bool {
    let Some(number) = value.parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0) else { return false };
    match key {
        "LASER (NM)" if meta.laser_nm.is_none() => meta.laser_nm = Some(number),
        "ACQ. TIME (S)" if meta.integration_time_s.is_none() => meta.integration_time_s = Some(number),
        "ACCUMULATIONS" if meta.accumulations.is_none() => meta.accumulations = value.parse().ok(),
        _ => return false,
    }
    true
}

fn take_pair(meta: &mut Metadata, key: &str, value: &str) {
    if take_number(meta, key, value) {
        return;
    }
    let name = key.to_lowercase().replace(['_', '.'], " ");
    if meta.laser_nm.is_none() {
        meta.laser_nm = laser(&name, value);
    }
    if meta.integration_time_s.is_none() {
        meta.integration_time_s = seconds(&name, value);
    }
    if meta.accumulations.is_none() && (name.starts_with("accum") || name == "scans") {
        meta.accumulations = accumulations(value);
    }
    let target = match name.as_str() {
        "instrument" | "model" => &mut meta.instrument,
        "sample" => &mut meta.sample,
        "title" => &mut meta.title,
        _ => {
            meta.push(key, value);
            return;
        }
    };
    if target.is_some() {
        meta.push(key, value);
    } else if !value.is_empty() {
        *target = Some(value.to_owned());
    }
}

/// First decimal number in a text.
fn number(value: &str) -> Option<f64> {
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let rest = value.get(start..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest.get(..end)?.trim_end_matches('.').parse().ok()
}

/// The excitation wavelength, where this key gives it. `Laser wavenumber` is the interferometer's own laser.
fn laser(name: &str, value: &str) -> Option<f64> {
    const OTHERS: [&str; 7] = ["power", "focus", "wavenumber", "sampling", "intensity", "lens", "mode"];
    let about_laser = name.starts_with("laser") || name.contains("excit") || name == "ramanfreq";
    if !about_laser || OTHERS.iter().any(|o| name.contains(o)) {
        return None;
    }
    let found = number(value)?;
    if (150.0..=2000.0).contains(&found) {
        Some(found)
    } else if name == "ramanfreq" && (5_000.0..=50_000.0).contains(&found) {
        Some(1e7 / found)
    } else {
        None
    }
}

/// Exposure in seconds. `WiRE` writes `Time: 10s`, or milliseconds without a unit (`Time: 3000`).
fn seconds(name: &str, value: &str) -> Option<f64> {
    let known =
        matches!(name, "time" | "acq time (s)" | "acq  time (s)" | "exposure time" | "integration time")
            || name.starts_with("acq") && name.ends_with("time (s)");
    let found = number(value).filter(|v| known && *v > 0.0)?;
    let unit = value.trim_end().trim_start_matches(|c: char| !c.is_ascii_digit());
    let unit = unit.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim().to_lowercase();
    match unit.as_str() {
        "ms" => Some(found / 1000.0),
        "" if value.starts_with("Time:") => Some(found / 1000.0),
        "" | "s" | "sec" | "secs" => Some(found),
        _ => None,
    }
}

/// `2`, `Accumulations: 2`, or `1 X 3` (windows times accumulations).
fn accumulations(value: &str) -> Option<u32> {
    let mut product: Option<u32> = None;
    for part in value.split(['X', 'x']) {
        let digits: String =
            part.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        if let Ok(factor) = digits.parse::<u32>() {
            product = Some(product.unwrap_or(1).checked_mul(factor)?);
        }
    }
    product.filter(|p| *p > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(all: &[&str]) -> Metadata {
        let mut meta = Metadata::default();
        for line in all {
            take_line(&mut meta, line);
        }
        meta
    }

    #[test]
    fn the_logs_of_three_vendors_give_laser_time_and_accumulations() {
        let horiba =
            lines(&["ACQ. TIME (S) = 5", "ACCUMULATIONS = ", "LASER (NM) = 632.81", "SAMPLE = quartz"]);
        assert_eq!((horiba.laser_nm, horiba.integration_time_s), (Some(632.81), Some(5.0)));
        assert_eq!(horiba.sample.as_deref(), Some("quartz"));
        let wire = lines(&[
            "Laser_power=Laser power: 10%",
            "Laser=Laser: 532 nm edge",
            "Exposure_time=Time: 10s",
            "Accumulations=Accumulations: 2",
        ]);
        assert_eq!(
            (wire.laser_nm, wire.integration_time_s, wire.accumulations),
            (Some(532.0), Some(10.0), Some(2))
        );
        let nicolet = lines(&["LWN= 15798", "RAMANFREQ= 9395  ", "SCANS= 50"]);
        assert!((nicolet.laser_nm.unwrap() - 1064.4).abs() < 0.1);
        assert_eq!(nicolet.accumulations, Some(50));
        let new_wire = lines(&["Exposure_time=Time: 3000", "ACCUM = 1 X 3"]);
        assert_eq!((new_wire.integration_time_s, new_wire.accumulations), (Some(3.0), Some(3)));
        assert_eq!(lines(&["Laser Wavenumber= 15800.823"]).laser_nm, None);
    }
}
