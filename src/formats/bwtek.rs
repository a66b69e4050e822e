//! B&W Tek text: `key;value` lines, one row of column names, then one row a pixel. The decimal mark
//! follows the locale of the computer that wrote the file.

use crate::spectrum::{AxisKind, Metadata};

use super::dates;
use super::vendor::{Block, Columns, Rows, Style, facts};
use super::{Decoded, Format, FormatError, Head, Input, Place, Sniff, text};

/// B&W Tek text.
pub const FORMAT: Format =
    Format { id: "bwtek_txt", name: "B&W Tek text", extensions: &["txt", "csv"], sniff, read };

/// Axis columns in the order of preference. B&W Tek's `Wavenumber` is absolute.
const AXES: [(&str, AxisKind); 4] = [
    ("raman shift", AxisKind::RamanShift),
    ("wavelength", AxisKind::Wavelength),
    ("wavenumber", AxisKind::Wavenumber),
    ("pixel", AxisKind::Pixel),
];
/// Intensity columns in the order of preference, without the `#1` that numbers the spectra.
const INTENSITIES: [&str; 3] = ["dark subtracted", "raw data", "raw"];

fn sniff(head: &Head) -> Sniff {
    let Some(first) = head.first_line() else { return Sniff::No };
    (first.starts_with("File Version") && first.contains("BW")).into()
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    let text = input.text()?;
    let lines: Vec<&str> = text::lines(&text.text).collect();
    let first = lines.iter().find(|l| !l.trim().is_empty()).copied().unwrap_or_default();
    let separator = first.chars().find(|c| matches!(c, ';' | '\t' | ',')).unwrap_or(';');
    let names_style = Style::point(separator);
    let is_names = |line: &&str| {
        let mut cells = names_style.cells(line).map(|c| c.trim().to_lowercase());
        let known = |c: &String| AXES.iter().any(|(name, _)| c == name);
        cells.clone().count() > 2 && cells.any(|c| known(&c))
    };
    let Some(at) = lines.iter().position(is_names) else {
        let problem = "the file ends without the row of column names (Pixel;Wavelength;...)";
        return Err(input.malformed(Place::Line(lines.len()), problem));
    };
    let names: Vec<String> = lines
        .get(at)
        .map(|l| names_style.cells(l).map(|c| c.trim().to_lowercase()).collect())
        .unwrap_or_default();
    let rows = lines.get(at + 1..).unwrap_or_default();
    let style = Style::of(separator, rows.iter().copied());
    let columns = Columns::read(style, names.len(), rows.iter().copied());
    if columns.rows == 0 {
        return Err(input.malformed(Place::Line(at + 2), "no row of numbers follows the column names"));
    }
    let mut meta = metadata(input, lines.get(..at).unwrap_or_default(), separator);
    let usable = |name: &str| names.iter().position(|n| n == name).filter(|i| columns.is_filled(*i));
    let Some((x, kind)) = AXES.iter().find_map(|(name, kind)| usable(name).map(|x| (x, kind.clone()))) else {
        return Err(input.malformed(Place::Line(at + 1), "no column of positions holds numbers"));
    };
    let numbered = |wanted: &str| -> Vec<usize> {
        let same = |n: &String| n.split('#').next().unwrap_or_default().trim() == wanted;
        names.iter().enumerate().filter(|(_, n)| same(n)).map(|(i, _)| i).collect()
    };
    let chosen = INTENSITIES.iter().map(|name| (*name, numbered(name))).find(|(_, found)| !found.is_empty());
    let Some((name, chosen)) = chosen else {
        let problem = "found neither `Dark Subtracted` nor `Raw data` among the column names";
        return Err(input.malformed(Place::Line(at + 1), problem));
    };
    let rest: Vec<&str> = names
        .iter()
        .enumerate()
        .filter(|(i, n)| *i != x && chosen.binary_search(i).is_err() && !n.is_empty())
        .map(|(_, n)| n.as_str())
        .collect();
    meta.push("Intensity column", name);
    meta.push("Columns not read", rest.join(", "));
    let announced = meta.get("pixel_num").and_then(facts::count);
    let block = calibrated(&columns, kind, Place::Line(at + 2), x, &chosen);
    let mut decoded = block.decode(input, meta, labels(&names, &chosen))?;
    if name != INTENSITIES[0] {
        decoded.warn("There is no column `Dark Subtracted`; the raw data were taken.");
    }
    if let Some(announced) = announced.filter(|n| *n as usize > columns.rows) {
        decoded.warn(format!("{} of {announced} announced pixels were stored.", columns.rows));
    }
    decoded.warnings.extend(columns.stop_warning(at + 1));
    Ok(decoded)
}

/// Pixels outside the calibrated range have blank positions. Every file has them, so they go without a warning.
fn calibrated(columns: &Columns, kind: AxisKind, place: Place, x: usize, chosen: &[usize]) -> Block {
    let part = |index: usize| -> Vec<f64> {
        let known = columns.get(x).iter().zip(columns.get(index)).filter(|(x, _)| x.is_finite());
        known.map(|(_, value)| *value).collect()
    };
    let intensities: Vec<Vec<f64>> = chosen.iter().map(|i| part(*i)).collect();
    let intensities: Vec<&[f64]> = intensities.iter().map(Vec::as_slice).collect();
    Block::from_columns(kind, place, &part(x), &intensities)
}

fn labels(names: &[String], chosen: &[usize]) -> Rows {
    let number =
        |i: &usize| names.get(*i).and_then(|n| n.split_once('#')).map(|(_, n)| format!("#{}", n.trim()));
    let labels = if chosen.len() > 1 { chosen.iter().filter_map(number).collect() } else { Vec::new() };
    Rows { labels, ..Rows::default() }
}

fn metadata(input: &Input, lines: &[&str], separator: char) -> Metadata {
    let mut meta = Metadata::titled(input.file_stem());
    for line in lines {
        let Some((key, value)) = line.split_once(separator) else { continue };
        let (key, value) = (key.trim(), value.trim_end_matches(separator).trim());
        let text = || facts::filled(value);
        match key.to_lowercase().as_str() {
            "date" => meta.date = dates::iso(value, dates::Order::Day).or_else(text),
            // The title is the spectrometer's product name in every file seen, so it does not name the spectrum.
            "model" => meta.instrument = text(),
            // The misspelling is theirs.
            "intigration times(ms)" | "integration times(ms)" | "integration time(ms)" => {
                meta.integration_time_s = facts::whole_number(value).and_then(|v| facts::seconds(v, "ms"));
            }
            "average number" => meta.accumulations = facts::count(value),
            "laser_wavelength" => meta.laser_nm = facts::laser_nm(value),
            _ => meta.push(key, value),
        }
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Limits, decode};

    const NAMES: &str =
        "Pixel;Wavelength;Wavenumber;Raman Shift;Dark;Reference;Raw data #1;Dark Subtracted #1;\n";

    fn head(mark: char) -> String {
        format!(
            "File Version;BWSpec4.11_1\nDate;2021-10-29 16:24:49\ntitle;BWS415-532S\nmodel;BTC162E\n\
             intigration times(ms);2500\naverage number;3\npixel_num;3\nlaser_wavelength;532{mark}07\n"
        )
    }

    fn read_text(text: &str) -> Result<Decoded, FormatError> {
        let (format, result) = decode("pst02.txt", text.as_bytes(), Limits::default());
        assert_eq!(format.map(|f| f.id), Some("bwtek_txt"));
        result
    }

    #[test]
    fn either_decimal_mark_and_blank_pixels_are_read() {
        for (mark, other) in [(',', '.'), ('.', ',')] {
            let rows = "0;   ;   ;   ;1186.0;65535.0;1128.0;-58.0;\n1;531.98;18797.60;-3.08;1.0;2.0;3.0;1031.5;\n\
                        2;532.07;18794.56;-0.04;1.0;2.0;3.0;1487.25;\n";
            let rows = rows.replace('.', &mark.to_string());
            assert!(!rows.contains(other));
            let decoded = read_text(&format!("{}{NAMES}{rows}", head(mark))).unwrap();
            let spectrum = decoded.spectra().next().unwrap();
            assert_eq!((spectrum.x(), spectrum.y()), (&[-3.08, -0.04][..], &[1031.5, 1487.25][..]));
            assert_eq!(spectrum.meta.laser_nm, Some(532.07));
            assert_eq!(spectrum.meta.integration_time_s, Some(2.5));
            assert_eq!(spectrum.meta.date.as_deref(), Some("2021-10-29T16:24:49"));
            assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
        }
    }

    #[test]
    fn numbered_columns_become_a_set() {
        let text = format!(
            "{}Pixel;Raman Shift;Raw data #1;Dark Subtracted #1;Raw data #2;Dark Subtracted #2\n\
             0;10;1;2;3;4\n1;11;1;5;3;6\n2;12;1;7;3;8\n",
            head('.')
        );
        let decoded = read_text(&text).unwrap();
        let spectra: Vec<_> = decoded.spectra().collect();
        assert_eq!((spectra[0].y(), spectra[1].y()), (&[2.0, 5.0, 7.0][..], &[4.0, 6.0, 8.0][..]));
        assert_eq!(spectra[1].meta.title.as_deref(), Some("#2"));
    }

    #[test]
    fn commas_may_separate_and_columns_may_be_missing() {
        let text = "File Version,BWRam4.11_1\nlaser_wavelength,785\nPixel,Wavelength,Raman Shift,Raw data #1\n\
                    0,800.5,,5\n1,801.5,,6\n";
        let decoded = read_text(text).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.axis().kind(), &AxisKind::Wavelength);
        assert_eq!(spectrum.y(), [5.0, 6.0]);
        assert_eq!(decoded.warnings.len(), 1);
    }

    #[test]
    fn a_file_cut_in_its_rows_says_so() {
        let text = format!("{}{NAMES}0;1;2;3;4;5;6;7;\n1;1;2;4;4;5;6;7;\n", head('.'));
        assert_eq!(read_text(&text).unwrap().warnings, ["2 of 3 announced pixels were stored."]);
    }

    #[test]
    fn damaged_files_are_errors() {
        let cases = [
            head('.'),
            format!("{}{NAMES}", head('.')),
            format!("{}{NAMES}x;y;z\n", head('.')),
            format!("{}{NAMES}0;1;2;3;4;5;6;7;\n", head('.')),
            format!("{}{NAMES}0;1;2;3;4;5;6;7;\n1;1;2;3;4;5;6;7;\n", head('.')),
            format!("{}Pixel;Raman Shift;Temperature\n0;1;2\n1;2;3\n", head('.')),
        ];
        for text in cases {
            let error = read_text(&text).unwrap_err().to_string();
            assert!(error.contains("pst02.txt"), "{error}");
        }
    }
}
