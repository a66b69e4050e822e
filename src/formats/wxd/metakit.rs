//! The Metakit database inside a .wxd file, as far as `WiRE` uses it: one folder row with one block of files.
//!
//! The last 16 bytes point to the root record. Records are numbers of 7 bits a byte, the last byte marked by its high
//! bit; a column is its size and, unless that is 0, its place. Places count from the `JL` mark.
//!
//! ```text
//! root:   0 | schema | 1 row | folders column -> 0 | 1 row | 11 columns | files column -> 0 | 2 rows | blocks column
//! blocks: 0 | n files | names, their sizes, memo | size | date | state | contents, their sizes, memo | 0 | 0 rows
//! ```

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::super::bytes::Bytes;
use super::super::text::lossy;
use super::super::{FormatError, Input, Place};

/// The only schema whose layout is known.
const SCHEMA: &[u8] = b"dirs[name:S,parent:I,ctime:I,atime:I,mtime:I,clsid:S,state:I,\
files[_B[name:S,size:I,date:I,state:I,contents:B]]]";
/// The database's own mark, byte order included.
const MARK: &[u8] = b"JL\x1a\0";
/// Files in the archive; a single spectrum has six.
const FILES: u64 = 1000;
/// Deflate packs at most 1032 to 1; a little is added for its frame.
const PACKED: u64 = 1032;

/// One packed file.
#[derive(Debug)]
struct File {
    name: String,
    offset: u64,
    packed: u64,
    size: u64,
}

/// The files of the database.
#[derive(Debug)]
pub struct Archive {
    files: Vec<File>,
}

/// A record being read.
struct Record<'a> {
    input: &'a Input<'a>,
    rest: &'a [u8],
    at: u64,
}

/// A column's place in the file.
#[derive(Debug, Clone, Copy)]
struct Column {
    offset: u64,
    size: u64,
}

impl<'a> Record<'a> {
    fn new(input: &'a Input<'a>, column: Column) -> Result<Self, FormatError> {
        let rest = Bytes::new(input).slice(column.offset, column.size, "a database record")?;
        Ok(Self { input, rest, at: column.offset })
    }

    fn number(&mut self) -> Result<u64, FormatError> {
        let mut value = 0_u64;
        while let Some((&byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            self.at += 1;
            value = value << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 != 0 {
                return Ok(value);
            }
            if value > u64::from(u32::MAX) {
                break;
            }
        }
        Err(self.input.malformed(Place::Byte(self.at), "a number of the database does not end"))
    }

    fn expect(&mut self, wanted: u64, what: &str) -> Result<(), FormatError> {
        let (at, found) = (self.at, self.number()?);
        if found == wanted {
            return Ok(());
        }
        Err(self.input.malformed(Place::Byte(at), format!("{what} is {found}, expected {wanted}")))
    }

    fn column(&mut self, base: u64) -> Result<Column, FormatError> {
        let size = self.number()?;
        Ok(Column { offset: base + if size > 0 { self.number()? } else { 0 }, size })
    }

    fn skip(&mut self, columns: usize, base: u64) -> Result<(), FormatError> {
        (0..columns).try_for_each(|_| self.column(base).map(drop))
    }
}

impl Archive {
    /// Reads the list of files.
    pub fn read(input: &Input) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        let foot = bytes.len().saturating_sub(16);
        let tail = bytes.slice(foot, 16, "the end of the database")?;
        let big =
            |at: usize| tail.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
        let broken = |what: &str| input.malformed(Place::Byte(foot), what.to_owned());
        let base = foot
            .checked_sub(big(4).into())
            .filter(|_| big(0) == 0x8000_0000 && big(8) >> 24 == 0x80)
            .ok_or_else(|| {
                broken("the database does not end as it should; the file was cut or is still open")
            })?;
        if bytes.slice(base, 4, "the database's mark")? != MARK {
            return Err(input.malformed(Place::Byte(base), "the database does not begin where its end says"));
        }
        let place = |size: u32, offset: u32| Column { offset: base + u64::from(offset), size: size.into() };
        let mut root = Record::new(input, place(big(8) & 0x00ff_ffff, big(12)))?;
        root.expect(0, "the root's mark")?;
        let length = usize::try_from(root.number()?).unwrap_or(usize::MAX);
        let Some((schema, rest)) = root.rest.split_at_checked(length) else {
            return Err(broken("the database's schema is cut"));
        };
        if schema != SCHEMA {
            return Err(input
                .unsupported(format!("its database has another layout than is known; {}", super::ADVICE)));
        }
        root.rest = rest;
        root.at += schema.len() as u64;
        root.expect(1, "the number of folder tables")?;
        let mut folders = Record::new(input, root.column(base)?)?;
        folders.expect(0, "the folders' mark")?;
        folders.expect(1, "the number of folders")?;
        folders.skip(11, base)?;
        let mut blocks = Record::new(input, folders.column(base)?)?;
        blocks.expect(0, "the blocks' mark")?;
        blocks.expect(2, "the number of blocks")?;
        let list = Record::new(input, blocks.column(base)?)?;
        Self::files(input, list, base)
    }

    fn files(input: &Input, mut list: Record, base: u64) -> Result<Self, FormatError> {
        let bytes = Bytes::new(input);
        list.expect(0, "the files' mark")?;
        let (at, count) = (list.at, list.number()?);
        if count == 0 || count > FILES {
            return Err(input.malformed(Place::Byte(at), format!("{count} files in the database")));
        }
        let names = list.column(base)?;
        list.skip(2, base)?;
        let sizes = list.column(base)?;
        list.skip(2, base)?;
        let contents = list.column(base)?;
        let lengths = list.column(base)?;
        let memo = list.column(base)?;
        let sizes = integers(input, sizes, count)?;
        let lengths = integers(input, lengths, count)?;
        let mut names = bytes.slice(names.offset, names.size, "the file names")?.split(|b| *b == 0);
        let (mut files, mut offset) = (Vec::new(), contents.offset);
        for (size, packed) in sizes.into_iter().zip(lengths) {
            let name = names.next().map(|n| lossy(n).into_owned()).unwrap_or_default();
            files.push(File { name, offset, packed, size });
            offset += packed;
        }
        // Large contents stand outside the common column; the memo says where.
        let mut memo = Record::new(input, memo)?;
        let mut row = 0_usize;
        while !memo.rest.is_empty() {
            let at = memo.at;
            row = row.saturating_add(usize::try_from(memo.number()?).unwrap_or(usize::MAX));
            let column = memo.column(base)?;
            let Some(file) = files.get_mut(row) else {
                return Err(input.malformed(Place::Byte(at), format!("content for file {row} of {count}")));
            };
            (file.offset, file.packed) = (column.offset, column.size);
            row += 1;
        }
        Ok(Self { files })
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| f.name.as_str())
    }

    /// A file's content.
    pub fn unpack(&self, input: &Input, name: &str) -> Result<Vec<u8>, FormatError> {
        let missing = || input.malformed(Place::Whole, format!("the database holds no {name}"));
        let file = self.files.iter().find(|f| f.name == name).ok_or_else(missing)?;
        let place = Place::Byte(file.offset);
        let packed = Bytes::new(input).slice(file.offset, file.packed, "a packed file")?;
        if file.packed == file.size {
            return Ok(packed.to_vec());
        }
        if file.size > file.packed.saturating_mul(PACKED) {
            return Err(input.malformed(
                place,
                format!("{name} cannot unpack to {} bytes from {}", file.size, file.packed),
            ));
        }
        let size = input.allowed(place, file.size, 1)?;
        let mut content = Vec::with_capacity(size);
        let result = ZlibDecoder::new(packed).take(file.size + 1).read_to_end(&mut content);
        match result {
            Ok(length) if length == size => Ok(content),
            Ok(length) => {
                Err(input.malformed(place, format!("{name} unpacks to {length} bytes, expected {size}")))
            }
            Err(error) => Err(input.malformed(place, format!("{name} does not unpack: {error}"))),
        }
    }
}

/// A column of whole numbers of 8, 16 or 32 bits; an empty column is all zeros.
fn integers(input: &Input, column: Column, count: u64) -> Result<Vec<u64>, FormatError> {
    let bytes = Bytes::new(input).slice(column.offset, column.size, "a column of numbers")?;
    Ok(match column.size {
        0 => vec![0; count as usize],
        size if size == count => bytes.iter().map(|b| u64::from(*b)).collect(),
        size if size == count * 2 => {
            bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b).into()).collect()
        }
        size if size == count * 4 => {
            bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b).into()).collect()
        }
        size => {
            return Err(input.malformed(
                Place::Byte(column.offset),
                format!("{size} bytes for {count} numbers, expected 1, 2 or 4 each"),
            ));
        }
    })
}
