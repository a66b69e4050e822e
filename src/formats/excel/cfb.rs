//! The container of old office files: sectors chained by a table, like a small file system.
//!
//! calamine follows these chains without asking whether they end; here every chain is followed once beforehand, and
//! the workbook's own stream is given back so that its size can be judged.

const END: u32 = 0xFFFF_FFFE;
/// Sector numbers from here on have other meanings.
const RESERVED: u32 = 0xFFFF_FFFA;
const ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Streams shorter than this stand in the mini stream.
const MINI_CUTOFF: u64 = 4096;
/// Sectors of all streams together against sectors of the file: more means that chains share sectors.
const SHARED: usize = 4;

/// A container whose chains all end inside the file.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    /// Sectors that may still be visited.
    steps: usize,
}

/// The stream of that name (the first that exists), after every chain of the container was checked.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Result<Vec<u8>, String> {
    let word = |at: usize| word(bytes, at).ok_or_else(|| "its header is cut short".to_owned());
    let sector = match word(28)? >> 16 {
        9 => 512,
        12 => 4096,
        shift => return Err(format!("sectors of 2^{shift} bytes are unknown")),
    };
    let sectors = bytes.len() / sector + 1;
    let mut container = Container { bytes, sector, table: Vec::new(), steps: sectors.saturating_mul(SHARED) };
    container.read_table(word(68)?)?;
    let directory = container.follow(word(48)?, u64::MAX)?;
    let entries: Vec<Entry> = directory.chunks_exact(ENTRY).filter_map(Entry::read).collect();
    let root = entries.first().ok_or("its directory is empty")?;
    let has_mini = word(64)? > 0;
    let (mini, mini_table) = if has_mini {
        (container.follow(root.start, root.length)?, container.follow(word(60)?, u64::MAX)?)
    } else {
        (Vec::new(), Vec::new())
    };
    let mini_table: Vec<u32> = mini_table.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
    let mini_steps = (mini.len() / MINI_SECTOR + 1).saturating_mul(SHARED);
    let mut mini = Container { bytes: &mini, sector: MINI_SECTOR, table: mini_table, steps: mini_steps };
    let mut found = None;
    // Kind 2 is a stream; others have no chain of their own.
    for entry in entries.iter().filter(|entry| entry.kind == 2 && entry.length > 0) {
        let content = if entry.length < MINI_CUTOFF {
            mini.follow(entry.start, entry.length)?
        } else {
            container.follow(entry.start, entry.length)?
        };
        if found.is_none() && names.iter().any(|name| entry.name.eq_ignore_ascii_case(name)) {
            found = Some(content);
        }
    }
    found.ok_or_else(|| "it holds no workbook".to_owned())
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// One name in the directory.
struct Entry {
    name: String,
    kind: u8,
    start: u32,
    length: u64,
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let units = bytes.get(..64)?.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b));
        let name = String::from_utf16_lossy(&units.take_while(|unit| *unit != 0).collect::<Vec<_>>());
        Some(Self {
            name,
            kind: *bytes.get(66)?,
            start: word(bytes, 116)?,
            length: u64::from(word(bytes, 120)?),
        })
    }
}

impl Container<'_> {
    /// The table that says which sector follows which: its first 109 sectors are named in the header, more in a
    /// chain of lists.
    fn read_table(&mut self, list: u32) -> Result<(), String> {
        let mut named: Vec<u32> = (0..109).filter_map(|i| word(self.bytes, 76 + 4 * i)).collect();
        let mut list = list;
        while list < RESERVED {
            let mut more: Vec<u32> = words(self.get(list)?);
            list = more.pop().unwrap_or(END);
            named.extend(more);
        }
        for sector in named.into_iter().filter(|sector| *sector < RESERVED) {
            let words = words(self.get(sector)?);
            self.table.extend(words);
        }
        Ok(())
    }

    /// One sector; the last of a file may be short.
    fn get(&mut self, number: u32) -> Result<&[u8], String> {
        self.steps = self.steps.checked_sub(1).ok_or("its chains of sectors run in circles")?;
        // The file's header takes the place of a sector; the mini stream has none.
        let before = usize::from(self.sector != MINI_SECTOR);
        let start = (number as usize).saturating_add(before).saturating_mul(self.sector);
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or_else(|| format!("sector {number} lies behind its end"))?;
        Ok(rest.get(..self.sector).unwrap_or(rest))
    }

    /// A chain of sectors to its end, or to `length` bytes.
    fn follow(&mut self, start: u32, length: u64) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        let mut at = start;
        while at != END {
            let sector = self.get(at)?;
            content.extend_from_slice(sector);
            if content.len() as u64 >= length {
                break;
            }
            let next = self.table.get(at as usize).copied();
            at = next.ok_or_else(|| format!("nothing says which sector follows sector {at}"))?;
        }
        content.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(content)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header, sector 0: table, sector 1: directory, sectors 2 to 9: a stream of 4096 bytes.
    fn container(table: &[u32]) -> Vec<u8> {
        let mut file = vec![0_u8; 512 * 11];
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &super::super::OLE2[..8]);
        put(30, &[9, 0, 6, 0]);
        put(48, &1_u32.to_le_bytes());
        put(68, &END.to_le_bytes());
        put(76, &0_u32.to_le_bytes());
        for i in 1..109 {
            put(76 + 4 * i, &u32::MAX.to_le_bytes());
        }
        for (i, next) in table.iter().enumerate() {
            put(512 + 4 * i, &next.to_le_bytes());
        }
        for (i, unit) in "Workbook".encode_utf16().enumerate() {
            put(1024 + ENTRY + 2 * i, &unit.to_le_bytes());
        }
        put(1024 + 66, &[5]);
        put(1024 + ENTRY + 66, &[2]);
        put(1024 + ENTRY + 116, &2_u32.to_le_bytes());
        put(1024 + ENTRY + 120, &4096_u32.to_le_bytes());
        put(1536, b"content");
        file
    }

    const TABLE: [u32; 10] = [END, END, 3, 4, 5, 6, 7, 8, 9, END];

    #[test]
    fn a_stream_is_the_chain_of_its_sectors() {
        let stream = stream(&container(&TABLE), &["workbook"]).unwrap();
        assert_eq!((stream.len(), &stream[..7]), (4096, &b"content"[..]));
    }

    #[test]
    fn circles_and_sectors_outside_are_told() {
        let error = |table: &[u32]| stream(&container(table), &["Workbook"]).unwrap_err();
        let mut circle = TABLE;
        circle[1] = 1;
        assert!(error(&circle).contains("circles"));
        let mut outside = TABLE;
        outside[4] = 5000;
        assert!(error(&outside).contains("sector 5000"));
        assert!(stream(&container(&TABLE)[..700], &["Workbook"]).is_err());
        assert!(stream(&container(&TABLE), &["Other"]).unwrap_err().contains("no workbook"));
        assert!(stream(&[], &["Other"]).is_err());
    }
}
