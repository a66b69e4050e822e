//! Tables behind lines of `key<separator>value`: Neegala CSV (`Pixels,Wavelength,Wavenumbers,Raman_Shift,...`) and
//! Lightnovo TSV (`DeviceSN<tab>...`, then two columns).

use crate::spectrum::{AxisKind, Metadata};

use super::cells::Decimal;
use super::dates;
use super::vendor::{Block, Columns, Rows, Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// Neegala CSV and Lightnovo TSV.
pub const FORMAT: Format = Format {
    id: "csv_header_meta",
    name: "Neegala or Lightnovo text",
    extensions: &["txt", "csv", "tsv"],
    sniff,
    read,
};

fn sniff(head: &Head) -> Sniff {
    let Some(text) = head.text() else { return Sniff::No };
    let lightnovo = head.first_line().is_some_and(|l| l.starts_with("DeviceSN\t"));
    let neegala = || text::lines(text).take(100).any(|l| is_neegala(Style::point(','), l));
    (lightnovo || neegala()).into()
}

/// Its header row names both a Raman shift and processed data, with underscores.
fn is_neegala(style: Style, line: &str) -> bool {
    let has = |name: &str| style.cells(line).any(|c| c.trim().eq_ignore_ascii_case(name));
    has("Raman_Shift") && (has("Processed_Data") || has("Raw_Data"))
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let lines: Vec<&str> = text::lines(&text.text).collect();
    let csv = Style::point(',');
    match lines.iter().position(|l| is_neegala(csv, l)) {
        Some(at) => neegala(input, &lines, at),
        None => lightnovo(input, &lines),
    }
}

fn neegala(input: &Input, lines: &[&str], at: usize) -> Result<Decoded, FormatError> {
    let style = Style::point(',');
    let mut meta = Metadata::default();
    let mut unit = "ms";
    let mut integration = None;
    for line in lines.get(..at).unwrap_or_default() {
        let Some((key, value)) = line.split_once(',') else { continue };
        let (key, value) = (key.trim(), value.trim());
        match key.to_lowercase().as_str() {
            "name" => meta.title = facts::filled(value),
            "device" => meta.instrument = facts::filled(value),
            "time_stamp" => {
                meta.date = dates::iso(value, dates::Order::Day).or_else(|| facts::filled(value));
            }
            "integ_time" => integration = facts::whole_number(value),
            "integ_unit" => unit = value,
            "averages" => meta.accumulations = facts::count(value),
            "wl" => meta.laser_nm = facts::laser_nm(value),
            _ => meta.push(key, value),
        }
    }
    meta.integration_time_s = integration.and_then(|v| facts::seconds(v, unit));
    meta.title.get_or_insert_with(|| input.file_stem().to_owned());
    let names: Vec<&str> = lines.get(at).map(|l| style.names(l)).unwrap_or_default();
    let find = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let columns = Columns::read(style, names.len(), lines.iter().skip(at + 1).copied());
    if columns.rows == 0 {
        return Err(input.malformed(Place::Line(at + 2), "no row of numbers follows the column names"));
    }
    let x = find("Raman_Shift").unwrap_or_default();
    let (y, processed) = (find("Processed_Data"), find("Processed_Data").is_some());
    let y = y.or_else(|| find("Raw_Data")).unwrap_or_default();
    let others: Vec<&str> =
        names.iter().enumerate().filter(|(i, _)| *i != x && *i != y).map(|(_, n)| *n).collect();
    meta.push("Intensity column", names.get(y).copied().unwrap_or_default());
    meta.push("Columns not read", others.join(", "));
    let block =
        Block::from_columns(AxisKind::RamanShift, Place::Line(at + 2), columns.get(x), &[columns.get(y)]);
    let mut decoded = block.decode(input, meta, Rows::default())?;
    if !processed {
        decoded.warn("There is no column Processed_Data; Raw_Data was taken.");
    }
    decoded.warnings.extend(columns.stop_warning(at + 1));
    Ok(decoded)
}

fn lightnovo(input: &Input, lines: &[&str]) -> Result<Decoded, FormatError> {
    let tabs = Style::point('\t');
    let commas = Style { separator: '\t', decimal: Decimal::Comma };
    let numeric = |l: &&str| tabs.is_numeric(l) || commas.is_numeric(l);
    let Some(at) = lines.iter().position(numeric) else {
        return Err(input.malformed(Place::Line(lines.len()), "no row of numbers follows the header"));
    };
    let mut meta = Metadata::default();
    for line in lines.get(..at).unwrap_or_default() {
        let Some((key, value)) = line.split_once('\t') else { continue };
        let (key, value) = (key.trim(), value.trim());
        match key.to_lowercase().as_str() {
            "devicesn" => meta.instrument = Some(format!("Lightnovo {value}").trim().to_owned()),
            "laserwavelength_nm" => meta.laser_nm = facts::laser_nm(value),
            "exposure_ms" => {
                meta.integration_time_s = facts::whole_number(value).and_then(|v| facts::seconds(v, "ms"));
            }
            "repetitioncount" => meta.accumulations = facts::count(value),
            _ => meta.push(key, value),
        }
    }
    meta.title = Some(input.file_stem().to_owned());
    let rows = lines.get(at..).unwrap_or_default();
    let style = Style::of('\t', rows.iter().copied());
    let width = rows.first().map_or(0, |l| style.cells(l.trim_end()).count());
    let columns = Columns::read(style, width, rows.iter().copied());
    let intensities: Vec<&[f64]> = columns.cells.iter().skip(1).map(Vec::as_slice).collect();
    if intensities.is_empty() {
        return Err(
            input.malformed(Place::Line(at + 1), "one number a row, expected a Raman shift and an intensity")
        );
    }
    let block = Block::from_columns(AxisKind::RamanShift, Place::Line(at + 1), columns.get(0), &intensities);
    let mut decoded = block.decode(input, meta, Rows::default())?;
    decoded.warnings.extend(columns.stop_warning(at));
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};

    const NAMES: &str = "Pixels,Wavelength,Wavenumbers,Raman_Shift,Raw_Data,Background_Data,Processed_Data\n";

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("pst.txt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("csv_header_meta"));
        result
    }

    #[test]
    fn neegala_gives_processed_data_over_the_shift() {
        let text = format!(
            "name,PST\nwl,532nm\ntime_stamp,2022-07-29 11:23:40\ninteg_time,9000\ninteg_unit,ms\naverages,20\nuser,Ann\n\
             {NAMES}0,502.2,14040.1,-1118.2,898,902,-4\n1,502.4,14041.0,-1111.7,898,900,-2\n"
        );
        let decoded = read_text(&text).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!((spectrum.x(), spectrum.y()), (&[-1118.2, -1111.7][..], &[-4.0, -2.0][..]));
        let meta = &spectrum.meta;
        assert_eq!(
            (meta.laser_nm, meta.integration_time_s, meta.accumulations),
            (Some(532.0), Some(9.0), Some(20))
        );
        assert_eq!(meta.date.as_deref(), Some("2022-07-29T11:23:40"));
        assert_eq!(meta.get("user"), Some("Ann"));
    }

    #[test]
    fn lightnovo_is_read_with_either_decimal_mark() {
        for rows in ["100\t4.53\n101\t-0.5\n", "100\t4,53\n101\t-0,5\n"] {
            let text =
                format!("DeviceSN\t11111\r\nLaserWavelength_nm\t785\r\nExposure_ms\t111\r\nTags\t\r\n{rows}");
            let decoded = read_text(&text).unwrap();
            let spectrum = decoded.spectra().next().unwrap();
            assert_eq!(spectrum.y(), [4.53, -0.5]);
            assert_eq!(spectrum.meta.laser_nm, Some(785.0));
            assert_eq!(spectrum.meta.integration_time_s, Some(0.111));
        }
    }

    #[test]
    fn missing_columns_and_rows_that_stop_are_said() {
        let raw = read_text("Raman_Shift,Raw_Data\n1,2\n2,3\nend of file\n").unwrap();
        assert_eq!(raw.warnings.len(), 2);
        assert!(raw.warnings[1].contains("line 4"), "{:?}", raw.warnings);
    }

    #[test]
    fn damaged_files_are_errors() {
        let cases = [
            NAMES.to_owned(),
            format!("{NAMES}abc\n"),
            format!("{NAMES}0,1,2,3,4,5,6\n"),
            format!("{NAMES}0,1,2,3,4,5,6\n1,1,2,3,4,5,6\n"),
            "DeviceSN\t1\nTags\t\n".to_owned(),
            "DeviceSN\t1\n100\n101\n".to_owned(),
            format!("{NAMES}0,1,2,,4,5,6\n1,1,2,,4,5,6\n"),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("pst.txt"), "{error}");
        }
    }
}
