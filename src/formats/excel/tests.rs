//! Workbooks written by hand (zip and XML), and everything that can be wrong with them.

use std::io::{Cursor, Read as _, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::formats::Limits;
use crate::spectrum::AxisKind;

fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Sheets of rows of cells; a text that is no number becomes an inline string.
fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut parts = Vec::new();
    let (mut list, mut relations) = (String::new(), String::new());
    for (number, (name, rows)) in sheets.iter().enumerate() {
        let id = number + 1;
        list += &format!("<sheet name=\"{name}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>");
        relations += &format!(
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
        let mut data = String::new();
        for (r, row) in rows.iter().enumerate() {
            data += &format!("<row r=\"{}\">", r + 1);
            for (c, cell) in row.iter().enumerate() {
                let place = format!("{}{}", char::from(b'A' + c as u8), r + 1);
                data += &match cell.parse::<f64>() {
                    _ if cell.is_empty() => String::new(),
                    Ok(_) => format!("<c r=\"{place}\"><v>{cell}</v></c>"),
                    Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
                };
            }
            data += "</row>";
        }
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{data}</sheetData></worksheet>"
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!(
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"
        ),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"),
    ));
    parts.push((
        "_rels/.rels".into(),
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".into(),
    ));
    let parts: Vec<(&str, String)> = parts.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    zipped(&parts)
}

fn ods(body: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    writer.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(content.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn decode_with(bytes: &[u8], limits: Limits) -> Result<Decoded, FormatError> {
    assert_eq!(sniff(&Head::new("a", bytes)), Sniff::Sure);
    read(&Input { name: "a.xlsx", bytes, limits, format: FORMAT.name })
}

fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
    decode_with(bytes, Limits::default())
}

const TABLE: &[&[&str]] =
    &[&["Raman shift (cm-1)", "quartz"], &["100.5", "5"], &["200.25", "7"], &["300", "6"], &["400", "8"]];

#[test]
fn a_table_with_header_is_a_spectrum() {
    let decoded = decode(&xlsx(&[("Sheet1", TABLE)])).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [100.5, 200.25, 300.0, 400.0]);
    assert_eq!(spectrum.y(), [5.0, 7.0, 6.0, 8.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::RamanShift);
    assert_eq!(spectrum.meta.get("sheet"), Some("Sheet1"));
}

#[test]
fn numbers_as_text_with_decimal_comma_may_stand_beside_real_ones() {
    let rows: &[&[&str]] = &[
        &["Measured by somebody"],
        &["", ""],
        &["100", "5,5"],
        &["200.5", "7,25"],
        &["300", "6,125"],
        &["400", "8,5"],
    ];
    let decoded = decode(&xlsx(&[("Sheet1", rows)])).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [100.0, 200.5, 300.0, 400.0]);
    assert_eq!(spectrum.y(), [5.5, 7.25, 6.125, 8.5]);
}

#[test]
fn sheets_give_their_names_and_those_without_a_table_are_skipped() {
    let notes: &[&[&str]] = &[&["only words"]];
    let decoded = decode(&xlsx(&[("first", TABLE), ("notes", notes), ("second", TABLE)])).unwrap();
    assert_eq!(decoded.count(), 2);
    let sheets: Vec<_> = decoded.spectra().map(|s| s.meta.get("sheet").unwrap().to_owned()).collect();
    assert_eq!(sheets, ["first", "second"]);
}

#[test]
fn an_open_document_repeats_what_it_says() {
    let cell = |v: &str| format!("<table:table-cell office:value=\"{v}\"/>");
    let mut rows = String::from(
        "<table:table-row><table:table-cell><text:p>Wavelength (nm)</text:p></table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row>",
    );
    for x in ["500", "501.5", "502", "503"] {
        rows += &format!("<table:table-row>{}{}</table:table-row>", cell(x), cell("2"));
    }
    let empty = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let decoded =
        decode(&ods(&format!("<table:table table:name=\"A\">{rows}{empty}</table:table>"))).unwrap();
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!(spectrum.x(), [500.0, 501.5, 502.0, 503.0]);
    assert_eq!(*spectrum.axis().kind(), AxisKind::Wavelength);
}

#[test]
fn repeated_and_far_cells_stop_at_the_limit() {
    let full = "<table:table><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row></table:table>";
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(decode_with(&ods(full), limits), Err(FormatError::TooLarge { .. })));
    let mut sheet = Sheet::new("far");
    for i in 0..2000_u32 {
        sheet.push(i, i * 8, sheet::Cell::Number(1.0));
    }
    let input = Input { name: "a.xlsx", bytes: &[], limits, format: FORMAT.name };
    assert!(matches!(sheet.text(&input), Err(FormatError::TooLarge { .. })));
}

#[test]
fn a_bomb_is_not_inflated() {
    let zeros = zipped(&[("xl/workbook.xml", "0".repeat(4 << 20))]);
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(decode_with(&zeros, limits), Err(FormatError::TooLarge { .. })));
}

#[test]
fn damaged_workbooks_are_refused_by_name() {
    let sentence = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
    let good = xlsx(&[("Sheet1", TABLE)]);
    assert!(sentence(&good[..good.len() / 2]).contains("a.xlsx"));
    assert!(sentence(&xlsx(&[("notes", &[&["only words"]])])).contains("sheets: notes"));
    assert!(sentence(&xlsx(&[])).contains("a.xlsx"));
    assert!(sentence(&zipped(&[("xl/workbook.xml", "<workbook>".into())])).contains("a.xlsx"));
    assert!(sentence(&zipped(&[("xl/workbook.bin", "x".into())])).contains(".xlsb"));
    assert!(sentence(&ods("<table:table>")).contains("content.xml"));
    let mut locked = OLE2.to_vec();
    locked.extend("EncryptedPackage".bytes().flat_map(|b| [b, 0]));
    assert!(sentence(&locked).contains("password"));
    let mut old = OLE2.to_vec();
    old.extend("Workbook".bytes().flat_map(|b| [b, 0]));
    assert!(sentence(&old).contains("damaged"));
}

#[test]
fn a_panic_in_the_library_is_a_damaged_file() {
    let far = xlsx(&[("Sheet1", TABLE)]);
    let mut archive = zip::ZipArchive::new(Cursor::new(far)).unwrap();
    let mut texts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        texts.push((name, text.replace("r=\"A2\"", "r=\"ZZZZZZZZZZZZZZ99999999999999\"")));
    }
    let parts: Vec<(&str, String)> = texts.iter().map(|(n, t)| (&**n, t.clone())).collect();
    match decode(&zipped(&parts)) {
        Ok(decoded) => assert!(decoded.count() > 0),
        Err(error) => assert!(error.to_string().contains("a.xlsx"), "{error}"),
    }
}
