//! A WiRE 2 file: a database of packed files with one row each.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::Seed;

const SCHEMA: &str = "dirs[name:S,parent:I,ctime:I,atime:I,mtime:I,clsid:S,state:I,files[_B[name:S,size:I,date:I,\
                      state:I,contents:B]]]";

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    [&(units.len() as u32).to_le_bytes()[..], &units].concat()
}

fn property(name: &str, kind: u16, value: &[u8]) -> Vec<u8> {
    [&wide(name)[..], &kind.to_le_bytes(), value].concat()
}

fn list(values: [f64; 3]) -> Vec<u8> {
    let mut out = [3_u32.to_le_bytes(), [0; 4]].concat();
    for value in values {
        out.extend(5_u16.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0xC0, 0xFF, 0xEE, 0x01]);
    out
}

/// A number of the database: 7 bits a byte, the last marked.
fn packed(value: usize) -> Vec<u8> {
    let mut out = vec![value as u8 & 0x7F | 0x80];
    let mut rest = value >> 7;
    while rest > 0 {
        out.insert(0, rest as u8 & 0x7F);
        rest >>= 7;
    }
    out
}

/// Appends a column and gives its size and place.
fn column(body: &mut Vec<u8>, content: &[u8]) -> Vec<u8> {
    let at = body.len();
    body.extend(content);
    if content.is_empty() { packed(0) } else { [packed(content.len()), packed(at)].concat() }
}

fn zipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail; an empty seed would be refused by the reader.
    encoder.write_all(content).and_then(|()| encoder.finish()).unwrap_or_default()
}

pub fn seeds() -> Vec<Seed> {
    let properties = [
        property("dataListUnits0", 3, &16_i32.to_le_bytes()),
        property("dataListUnits1", 3, &1_i32.to_le_bytes()),
        property("Wavenumber", 5, &18_796.99_f64.to_le_bytes()),
        property("Exposure Time", 3, &10_000_i32.to_le_bytes()),
        property("CreationTime", 7, &44_518.4_f64.to_le_bytes()),
        property("Laser", 8, &wide("532 nm edge")),
    ]
    .concat();
    let set = [
        [&wide("DataList2")[..], &13_u16.to_le_bytes(), &[7; 16]].concat(),
        list([5.0, 6.0, 7.0]),
        property("dataListType2", 3, &2_i32.to_le_bytes()),
    ]
    .concat();
    let files = [properties, list([300.0, 200.5, 100.0]), set];
    let sizes: Vec<u8> = files.iter().flat_map(|c| (c.len() as u32).to_le_bytes()).collect();
    let contents = files.map(|content| zipped(&content));
    let mut body = b"JL\x1A\0\0\0\0\0".to_vec();
    let names = b"Properties\0DataList1\0DataSet0\0";
    let [first, rest @ ..] = &contents;
    // The first stands in the common column, the others outside.
    let lengths = [&(first.len() as u16).to_le_bytes()[..], &[0; 4]].concat();
    let mut memo = Vec::new();
    for (row, content) in rest.iter().enumerate() {
        memo.extend(packed(usize::from(row == 0)));
        memo.extend(column(&mut body, content));
    }
    let none = || [packed(0), packed(0)].concat();
    let rows = [
        [packed(0), packed(contents.len()), column(&mut body, names), none()].concat(),
        [column(&mut body, &sizes), none(), column(&mut body, first)].concat(),
        [column(&mut body, &lengths), column(&mut body, &memo), none()].concat(),
    ]
    .concat();
    let blocks = [packed(0), packed(2), column(&mut body, &rows)].concat();
    let mut folders = [packed(0), packed(1)].concat();
    (0..11).for_each(|_| folders.extend(packed(0)));
    folders.extend(column(&mut body, &blocks));
    let mut root = [packed(0), packed(SCHEMA.len()), SCHEMA.as_bytes().to_vec(), packed(1)].concat();
    root.extend(column(&mut body, &folders));
    let at = body.len() as u32;
    body.extend(&root);
    let end = body.len() as u32;
    body.extend([0x80, 0, 0, 0]);
    body.extend([end, 0x8000_0000 | root.len() as u32, at].map(u32::to_be_bytes).concat());
    vec![("renishaw_wxd", "single", [&b"#WXD0000000."[..], &body].concat())]
}
