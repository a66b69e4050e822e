//! What is packed or nested: spreadsheets, MATLAB and NumPy arrays, zip archives and gzipped files.

use std::io::{self, Cursor, Write as _};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Seed;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const X: [f64; 4] = [100.0, 200.0, 300.0, 400.0];
const Y: [f64; 4] = [5.0, 7.0, 6.0, 9.0];

fn zipped(parts: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).map_err(io::Error::other)?;
        writer.write_all(content)?;
    }
    Ok(writer.finish().map_err(io::Error::other)?.into_inner())
}

pub fn spreadsheets() -> Result<Vec<Seed>, String> {
    let fail = |error: io::Error| error.to_string();
    Ok(vec![("xlsx", "xlsx", xlsx().map_err(fail)?), ("xlsx", "ods", ods().map_err(fail)?)])
}

fn xlsx() -> io::Result<Vec<u8>> {
    let mut rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
                    <c r=\"B1\" t=\"inlineStr\"><is><t>quartz</t></is></c></row>"
        .to_owned();
    for (number, (x, y)) in X.into_iter().zip(Y).enumerate() {
        let n = number + 2;
        rows += &format!("<row r=\"{n}\"><c r=\"A{n}\"><v>{x}</v></c><c r=\"B{n}\"><v>{y}</v></c></row>");
    }
    let relation = |id: &str, kind: &str, to: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{to}\"/>")
    };
    let relations = |inner: String| format!("<Relationships xmlns=\"{PACKAGE}\">{inner}</Relationships>");
    let parts = [
        ("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/_rels/workbook.xml.rels",
            relations(
                relation("rId1", "worksheet", "worksheets/sheet1.xml")
                    + &relation("rId2", "sharedStrings", "sharedStrings.xml"),
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\" count=\"1\"><si><t>Shift (cm-1)</t></si></sst>"),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{MAIN}\"><dimension ref=\"A1:B5\"/><sheetData>{rows}</sheetData></worksheet>"
            ),
        ),
    ];
    zipped(&parts.each_ref().map(|(name, content)| (*name, content.as_bytes())))
}

fn ods() -> io::Result<Vec<u8>> {
    let cell = |v: f64| format!("<table:table-cell office:value=\"{v}\"/>");
    let rows: String = X
        .into_iter()
        .zip(Y)
        .map(|(x, y)| format!("<table:table-row>{}{}</table:table-row>", cell(x), cell(y)))
        .collect();
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         <table:table table:name=\"A\">{rows}<table:table-row table:number-rows-repeated=\"1000\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, options, content) in [
        ("mimetype", stored, "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", SimpleFileOptions::default(), content.as_str()),
    ] {
        writer.start_file(name, options).map_err(io::Error::other)?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish().map_err(io::Error::other)?.into_inner())
}

/// MATLAB levels 4 and 5, plain and compressed, and NumPy.
pub fn arrays() -> Result<Vec<Seed>, String> {
    let compressed = || -> io::Result<Vec<u8>> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&matrix("y", &Y))?;
        let data = encoder.finish()?;
        Ok([&15_u32.to_le_bytes()[..], &(data.len() as u32).to_le_bytes(), &data].concat())
    };
    let packed = compressed().map_err(|error| error.to_string())?;
    let header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 4), }\n";
    let npy =
        [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header, &doubles(&X), &doubles(&Y)];
    Ok(vec![
        ("mat", "plain", level5(&[matrix("wavenumber", &X), matrix("intensity", &Y)])),
        ("mat", "packed", level5(&[matrix("x", &X), packed])),
        ("mat", "struct", level5(&[structure()])),
        ("mat", "level4", [level4("x", &X), level4("y", &Y)].concat()),
        ("npy", "rows", npy.concat()),
    ])
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn element(kind: u32, data: &[u8]) -> Vec<u8> {
    let mut out = [&kind.to_le_bytes()[..], &(data.len() as u32).to_le_bytes(), data].concat();
    out.resize(out.len().div_ceil(8) * 8, 0);
    out
}

fn array(class: u32, dims: [i32; 2], name: &str, body: &[u8]) -> Vec<u8> {
    let flags = element(6, &[class.to_le_bytes(), [0; 4]].concat());
    let dims = element(5, &dims.map(i32::to_le_bytes).concat());
    element(14, &[&flags, &dims, &element(1, name.as_bytes()), body].concat())
}

fn matrix(name: &str, values: &[f64; 4]) -> Vec<u8> {
    array(6, [1, 4], name, &element(9, &doubles(values)))
}

fn structure() -> Vec<u8> {
    let width = [0x0004_0005_u32, 8].map(u32::to_le_bytes).concat();
    let text = array(4, [1, 4], "", &element(16, b"1/cm"));
    let fields = [matrix("", &X), matrix("", &Y), text].concat();
    array(
        2,
        [1, 1],
        "s",
        &[width, element(1, b"x\0\0\0\0\0\0\0y\0\0\0\0\0\0\0unit\0\0\0\0"), fields].concat(),
    )
}

fn level5(variables: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"MATLAB 5.0 MAT-file".to_vec();
    file.resize(124, b' ');
    file.extend([0, 1, b'I', b'M']);
    file.extend(variables.concat());
    file
}

fn level4(name: &str, values: &[f64; 4]) -> Vec<u8> {
    let head = [0, 4, 1, 0, name.len() as u32 + 1].map(u32::to_le_bytes).concat();
    [&head, name.as_bytes(), &[0], &doubles(values)].concat()
}

/// Archives of some of the seeds: plain, nested, gzipped.
pub fn containers(seeds: &[Seed]) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let small: Vec<(&str, &[u8])> = seeds
        .iter()
        .filter(|(id, ..)| matches!(*id, "rruff" | "jcamp" | "spc"))
        .map(|(id, _, bytes)| (*id, bytes.as_slice()))
        .collect();
    let mut parts: Vec<(String, &[u8])> = Vec::new();
    for (number, (id, bytes)) in small.iter().enumerate() {
        parts.push((format!("folder/{number}.{id}"), bytes));
    }
    let names: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let plain = zipped(&names)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(names.first().map_or(&[][..], |(_, bytes)| *bytes))?;
    let gzip = gzip.finish()?;
    let nested = zipped(&[("a.zip", &plain), ("b.txt.gz", &gzip), ("README", b"words")])?;
    Ok(vec![("plain.zip", plain), ("gzip.gz", gzip), ("nested.zip", nested)])
}
