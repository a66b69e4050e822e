//! Sorting a header's keys and values into metadata.

use crate::spectrum::Metadata;

use super::words::{laser_nm, normalised};
use super::{Decimal, number};
use crate::formats::dates::iso_date;

/// Free facts kept from one file; more than this is no header.
const MOST_FACTS: usize = 500;

/// Puts one fact where it belongs; what has no place of its own goes to `extra`. The first of equals stays.
pub fn keep(meta: &mut Metadata, key: &str, value: &str) {
    let name = normalised(key);
    let is = |words: &[&str]| words.contains(&name.trim_end_matches(['.', ':', ' ']));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let text = || Some(value.trim().to_owned());
    let taken = if let (None, Some(nm)) = (meta.laser_nm, laser_nm([(key, value)])) {
        meta.laser_nm = Some(nm);
        // The name of the laser says more than its wavelength: it is kept as well.
        value.trim().parse::<f64>().is_ok()
    } else if is(&["title", "titel", "titre", "spectrum name", "spectrum title", "measurement name"]) {
        meta.title.is_none().then(|| meta.title = text()).is_some()
    } else if is(&["sample", "sample name", "sample id", "probe", "specimen", "sampleid", "samplename"]) {
        meta.sample.is_none().then(|| meta.sample = text()).is_some()
    } else if is(&[
        "instrument",
        "spectrometer",
        "instrument name",
        "model",
        "device",
        "spectrometers",
        "system",
    ]) {
        meta.instrument.is_none().then(|| meta.instrument = text()).is_some()
    } else if is(&[
        "date",
        "datum",
        "date/time",
        "acquired",
        "timestamp",
        "date and time",
        "acquisition date",
        "created",
    ]) || has(&["date measured", "measurement date", "datetime"])
    {
        let date = iso_date(value).or_else(text);
        meta.date.is_none().then(|| meta.date = date).is_some()
    } else if has(&[
        "accumulation",
        "co-add",
        "coadd",
        "averages",
        "average number",
        "number of scans",
        "spectra averaged",
    ]) || is(&["scans", "averaging", "scan averaging", "scans to average", "spectra averaged"])
    {
        let count = number(value, Decimal::Point).filter(|v| (1.0..1e9).contains(v)).map(|v| v as u32);
        meta.accumulations.is_none() && count.inspect(|n| meta.accumulations = Some(*n)).is_some()
    } else if has(&[
        "integration time",
        "exposure",
        "acq. time",
        "acquisition time",
        "integrationszeit",
        "int. time",
        "intigration time",
    ]) && !has(&["total", "cumul", "accumulated"])
    {
        let seconds = seconds(&name, value);
        meta.integration_time_s.is_none() && seconds.inspect(|s| meta.integration_time_s = Some(*s)).is_some()
    } else {
        false
    };
    if !taken && meta.extra.len() < MOST_FACTS {
        meta.push(key, value);
    }
}

/// A duration in seconds from a value whose unit stands behind it or in its key; seconds when there is none.
#[must_use]
pub fn seconds(key: &str, value: &str) -> Option<f64> {
    let value = value.trim();
    let end = value.find(|c: char| !(c.is_ascii_digit() || "+-.,eE".contains(c))).unwrap_or(value.len());
    let digits = value.get(..end)?.trim_end_matches(['e', 'E']);
    let amount = number(digits, Decimal::Point).or_else(|| number(digits, Decimal::Comma))?;
    let behind = normalised(value.get(end..)?);
    let key = normalised(key);
    let inside =
        key.rsplit_once(['(', '[']).map_or("", |(_, unit)| unit.trim_end_matches([')', ']', ':', ' ']));
    let unit = if behind.trim().is_empty() { inside.to_owned() } else { behind };
    let unit = unit.trim().trim_matches(['(', ')', '[', ']']);
    let factor = match unit {
        "us" | "\u{3bc}s" | "usec" | "\u{3bc}sec" | "microseconds" | "microsecond" => 1e-6,
        "ms" | "msec" | "milliseconds" | "millisecond" => 1e-3,
        "" | "s" | "sec" | "seconds" | "second" | "sek" => 1.0,
        "min" | "minutes" => 60.0,
        _ => return None,
    };
    (amount >= 0.0).then_some(amount * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_find_their_places() {
        let mut meta = Metadata::default();
        for (key, value) in [
            ("Title", "quartz"),
            ("Laser", "532nm_Edge"),
            ("Acq. time (s)", "10"),
            ("Accumulations", "3"),
            ("Date", "16.12.2019 09:57:06"),
            ("Instrument", "LabRAM"),
            ("Grating", "600 gr/mm"),
            ("Title", "second"),
        ] {
            keep(&mut meta, key, value);
        }
        assert_eq!(meta.title.as_deref(), Some("quartz"));
        assert_eq!(
            (meta.laser_nm, meta.integration_time_s, meta.accumulations),
            (Some(532.0), Some(10.0), Some(3))
        );
        assert_eq!(meta.date.as_deref(), Some("2019-12-16T09:57:06"));
        assert_eq!(meta.get("Laser"), Some("532nm_Edge"));
        assert_eq!(meta.get("title"), Some("second"));
        assert_eq!(meta.extra.len(), 3);
    }

    #[test]
    fn durations_come_in_several_units() {
        for (key, value, expected) in [
            ("Integration Time (ms)", "250", Some(0.25)),
            ("Integration time", "100 ms", Some(0.1)),
            ("Exposure (sec)", "1,5", Some(1.5)),
            ("Integration Time (usec)", "100000 (USB4C00008)", None),
            ("Exposure", "abc", None),
        ] {
            assert_eq!(seconds(key, value), expected, "{key} {value}");
        }
    }
}
