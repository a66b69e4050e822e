//! Records to metadata.

use super::super::dates;
use super::records::{Block, Document, Record, normalised};
use crate::spectrum::Metadata;

/// Longest value kept: longer ones are tables of instrument settings.
const VALUE_BYTES: usize = 2000;
/// Records kept.
const RECORDS: usize = 500;

/// Labels that describe the table or the file's structure, not the measurement.
const STRUCTURE: [&str; 37] = [
    "TITLE",
    "JCAMPDX",
    "JCAMPCS",
    "END",
    "BLOCKS",
    "BLOCKID",
    "XUNITS",
    "YUNITS",
    "XFACTOR",
    "YFACTOR",
    "DELTAX",
    "FIRSTX",
    "LASTX",
    "FIRSTY",
    "LASTY",
    "MINX",
    "MAXX",
    "MINY",
    "MAXY",
    "NPOINTS",
    "XYDATA",
    "XYPOINTS",
    "PEAKTABLE",
    "PEAKASSIGNMENTS",
    "NTUPLES",
    "VARNAME",
    "SYMBOL",
    "VARTYPE",
    "VARFORM",
    "VARDIM",
    "UNITS",
    "FIRST",
    "LAST",
    "FACTOR",
    "PAGE",
    "DATATABLE",
    "ENDNTUPLES",
];
/// Records of a link block that hold for the blocks in it.
const SHARED: [&str; 6] = ["ORIGIN", "OWNER", "DATE", "TIME", "LONGDATE", "SPECTROMETERDATASYSTEM"];

/// True for labels that the writer has its own records for.
pub(in super::super) fn is_structural(label: &str) -> bool {
    let name = normalised(label);
    STRUCTURE.contains(&name.as_str()) || matches!(name.as_str(), "DATATYPE" | "ORIGIN" | "OWNER")
}

/// Everything a block says about its measurement.
pub(super) fn metadata(document: &Document, block: &Block) -> Metadata {
    let mut meta = Metadata::default();
    if let Some(title) = block.get("TITLE") {
        meta.title = Some(document.full_value(title)).filter(|t| !t.is_empty());
    }
    meta.intensity_unit = block.get("YUNITS").map(|r| r.value.to_owned());
    for record in block.records.iter().take(RECORDS) {
        take(document, record, &mut meta);
    }
    let parent = block.parent.and_then(|p| document.blocks.get(p));
    for record in parent.iter().flat_map(|p| &p.records).take(RECORDS) {
        let own = block.records.iter().any(|r| r.name == record.name && !r.value.is_empty());
        if SHARED.contains(&record.name.as_str()) && !own {
            take(document, record, &mut meta);
        }
    }
    meta.date = date(document, block).or_else(|| parent.and_then(|p| date(document, p)));
    meta
}

fn take(document: &Document, record: &Record, meta: &mut Metadata) {
    let name = record.name.as_str();
    if STRUCTURE.contains(&name) || matches!(name, "DATE" | "TIME" | "LONGDATE") {
        return;
    }
    let value = document.full_value(record);
    if value.is_empty() || value.len() > VALUE_BYTES {
        return;
    }
    let bare = name.trim_start_matches(['$', '.']);
    match bare {
        "SPECTROMETERDATASYSTEM" if meta.instrument.is_none() => {
            meta.instrument = Some(value);
            return;
        }
        "SAMPLEDESCRIPTION" if meta.sample.is_none() => {
            meta.sample = Some(value);
            return;
        }
        "UNRAVELHISTORY" => {
            meta.history.push(value);
            return;
        }
        "UNRAVELSOURCE" => {
            meta.source_file = Some(value);
            return;
        }
        "LASERWAVELENGTH(NM)" if meta.laser_nm.is_none() && value.parse::<f64>().is_ok() => {
            meta.laser_nm = value.parse().ok();
            return;
        }
        "INTEGRATIONTIME(S)" if meta.integration_time_s.is_none() && value.parse::<f64>().is_ok() => {
            meta.integration_time_s = value.parse().ok();
            return;
        }
        "ACCUMULATIONS" if meta.accumulations.is_none() && value.parse::<u32>().is_ok() => {
            meta.accumulations = value.parse().ok();
            return;
        }
        "AVERAGES" => meta.accumulations = meta.accumulations.or(value.parse().ok()),
        _ if meta.laser_nm.is_none() && (bare.contains("LASER") || bare.contains("EXCITATION")) => {
            meta.laser_nm = laser(bare, &value);
        }
        _ if meta.integration_time_s.is_none()
            && (bare.contains("INTEGRATIONTIME") || bare.contains("EXPOSURETIME")) =>
        {
            meta.integration_time_s = seconds(&value);
        }
        _ => {}
    }
    meta.push(record.label.trim_start_matches('$'), value);
}

/// A laser line in nm, or in cm-1 when the number says so.
fn laser(name: &str, value: &str) -> Option<f64> {
    const OTHERS: [&str; 4] = ["POWER", "FOCUS", "INTENSITY", "MODE"];
    if OTHERS.iter().any(|o| name.contains(o)) {
        return None;
    }
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let rest = value.get(start..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let found: f64 = rest.get(..end)?.trim_end_matches('.').parse().ok()?;
    match found {
        150.0..=2000.0 => Some(found),
        5_000.0..=50_000.0 => Some(1e7 / found),
        _ => None,
    }
}

fn seconds(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let found: f64 = value.get(..end)?.parse().ok()?;
    match value.get(end..)?.trim().to_lowercase().as_str() {
        "" | "s" | "sec" | "seconds" => Some(found),
        "ms" | "msec" => Some(found / 1000.0),
        _ => None,
    }
}

/// `LONGDATE`, or `DATE` with `TIME`: ISO 8601 where the form leaves no doubt, else as written.
fn date(document: &Document, block: &Block) -> Option<String> {
    let text = |name: &str| block.get(name).map(|r| document.full_value(r)).filter(|v| !v.is_empty());
    let written = text("LONGDATE").or_else(|| text("DATE"))?;
    if written.as_bytes().get(10) == Some(&b'T') && calendar_day(written.get(..10)?).is_some() {
        return Some(written);
    }
    let mut words = written.splitn(2, |c: char| c == 'T' || c == ' ' && written.trim_start().len() > 10);
    let (day, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Some(day) = calendar_day(if rest.is_empty() { &written } else { day }) else { return Some(written) };
    let time = text("TIME").unwrap_or_else(|| rest.split_whitespace().next().unwrap_or_default().to_owned());
    Some(match clock(&time) {
        Some(time) => format!("{day}T{time}"),
        None => day,
    })
}

/// `1997/01/31`, `96/11/05` (years before 50 are 20xx), or `13/2/1997` where only one reading is possible.
fn calendar_day(written: &str) -> Option<String> {
    let parts: Vec<&str> = written.split(['/', '-', '.']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (first, middle, third): (u32, u32, u32) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    let (year, month, day) = match (a.len(), c.len()) {
        (4, _) => (first, middle, third),
        (_, 4) if first > 12 => (third, middle, first),
        (_, 4) if middle > 12 => (third, first, middle),
        (2, 1..=2) if written.contains('/') => (if first < 50 { 2000 } else { 1900 } + first, middle, third),
        _ => return None,
    };
    dates::day(year, month, day)
}

/// `hh:mm[:ss]`, fractions cut.
fn clock(written: &str) -> Option<String> {
    let mut parts = written.trim().split(':').map(|p| p.split('.').next().unwrap_or(p).trim().parse::<u32>());
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().and_then(Result::ok).unwrap_or(0);
    (hour < 24 && minute < 60 && second < 61).then(|| format!("{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_iso_where_they_leave_no_doubt() {
        let iso = |text: &str| {
            let text = format!("##TITLE=a\n{text}\n##END=");
            let document = Document::parse(&text);
            date(&document, &document.blocks[0]).unwrap()
        };
        assert_eq!(iso("##DATE= 96/11/05\n##TIME= 18:35:10.00"), "1996-11-05T18:35:10");
        assert_eq!(iso("##DATE= 81/ 1/ 3"), "1981-01-03");
        assert_eq!(iso("##DATE=13/2/1997\n##TIME=14:55"), "1997-02-13T14:55:00");
        assert_eq!(iso("##LONG DATE=2001/02/14 15:15:42 +0100"), "2001-02-14T15:15:42");
        assert_eq!(iso("##LONGDATE=2021-03-04T05:06:07"), "2021-03-04T05:06:07");
        assert_eq!(iso("##DATE=8/8/2023"), "8/8/2023");
        assert_eq!(iso("##DATE=March 2017"), "March 2017");
    }

    #[test]
    fn laser_records_are_understood() {
        assert_eq!(laser("LASER", "785 nm edge"), Some(785.0));
        assert!((laser("RAMANLASER", "9394.9 cm-1").unwrap() - 1064.4).abs() < 0.1);
        assert_eq!(laser("LASERPOWER", "300"), None);
        assert_eq!(seconds("250 ms"), Some(0.25));
    }
}
