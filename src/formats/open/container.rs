//! Contents inside contents: zip archives and gzipped files, with bounds on depth, number and inflated size.

use std::io::{self, Cursor, Read, Seek};
use std::ops::ControlFlow;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::formats::{FormatError, Head, Limits, Place, recognise};

use super::walk::{Emit, Found, too_large};

/// Containers inside a container.
const DEPTH: usize = 2;
/// All entries of one container together may inflate to this many times the largest single one.
const TOTAL_FACTOR: u64 = 4;

const ZIP: &str = "Zip archive";
const GZIP: &str = "Gzip file";

/// What one file given by the user, with all containers in it, may still cost.
pub(super) struct Budget {
    bytes: u64,
    entries: usize,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { bytes: limits.file_bytes.saturating_mul(TOTAL_FACTOR), entries: limits.entries }
    }
}

/// Names that file managers and systems leave behind.
pub(super) fn hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX" || name.eq_ignore_ascii_case("thumbs.db")
}

/// A zip archive that may be entered. NumPy archives hold arrays, not files.
pub(super) fn is_zip(name: &str, content: &[u8]) -> bool {
    (content.starts_with(b"PK\x03\x04") || content.starts_with(b"PK\x05\x06")) && !has_extension(name, "npz")
}

fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

/// Hands over a content, or what is in it when it is a container that no reader recognises.
pub(super) fn content(
    found: Found,
    depth: usize,
    limits: &Limits,
    budget: &mut Budget,
    emit: &mut Emit,
) -> ControlFlow<()> {
    let Ok(bytes) = &found.content else { return emit(found) };
    let gzipped = bytes.starts_with(&[0x1F, 0x8B, 8]);
    let zipped = is_zip(&found.name, bytes);
    if !(gzipped || zipped) || recognise(&Head::new(&found.name, bytes)).is_some() {
        let advice = advice(&found.name, bytes);
        return match advice {
            Some(error) => emit(Found { content: Err(error), ..found }),
            None => emit(found),
        };
    }
    if depth > DEPTH {
        let error = FormatError::Unsupported {
            file: found.name.clone(),
            format: if zipped { ZIP } else { GZIP },
            problem: format!("more than {DEPTH} containers stand inside this one's; unpack it first"),
        };
        return emit(Found { content: Err(error), ..found });
    }
    if zipped {
        return zip(&found.name, found.asked, Cursor::new(bytes), depth, limits, budget, emit);
    }
    let name = inner_gzip_name(&found.name);
    let unpacked = inflate(MultiGzDecoder::new(bytes.as_slice()), &found.name, GZIP, limits, budget);
    let inner = Found { name, asked: found.asked, content: unpacked };
    drop(found.content);
    content(inner, depth + 1, limits, budget, emit)
}

/// Containers that are known and not entered.
fn advice(name: &str, bytes: &[u8]) -> Option<FormatError> {
    let (format, problem) = if bytes.get(257..262) == Some(b"ustar") {
        ("Tar archive", "tar archives are not entered; unpack it, or pack the files as zip")
    } else if bytes.starts_with(b"PK\x03\x04") && has_extension(name, "npz") {
        ("NumPy archive", "arrays packed as .npz are not read; save the array as .npy, or as CSV")
    } else if bytes.starts_with(b"7z\xBC\xAF\x27\x1C") || bytes.starts_with(b"Rar!\x1A\x07") {
        ("Archive", "7z and rar archives are not entered; unpack it, or pack the files as zip")
    } else {
        return None;
    };
    Some(FormatError::Unsupported { file: name.to_owned(), format, problem: problem.to_owned() })
}

/// `a/b.txt.gz` to `a/b.txt.gz/b.txt`.
fn inner_gzip_name(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let inner = match file.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("gz") && !stem.is_empty() => stem,
        _ => file,
    };
    format!("{name}/{inner}")
}

/// Every entry of a zip archive, in its own order.
pub(super) fn zip<R: Read + Seek>(
    name: &str,
    asked: bool,
    reader: R,
    depth: usize,
    limits: &Limits,
    budget: &mut Budget,
    emit: &mut Emit,
) -> ControlFlow<()> {
    let refuse = |error| Found { name: name.to_owned(), asked, content: Err(error) };
    let mut archive = match ZipArchive::new(reader) {
        Ok(archive) => archive,
        Err(error) => {
            return emit(refuse(damaged(name, format!("the archive is damaged or cut short: {error}"))));
        }
    };
    let mut files = 0;
    for index in 0..archive.len() {
        let stored = match archive.name_for_index(index) {
            Some(Ok(stored)) => stored.into_owned(),
            _ => format!("entry {}", index + 1),
        };
        let clean = clean(&stored);
        let folder = stored.ends_with(['/', '\\']);
        if folder || clean.is_empty() || clean.split('/').any(hidden) {
            continue;
        }
        files += 1;
        if budget.entries == 0 {
            let count = archive.len() as u64;
            return emit(refuse(too_large(name, ZIP, count, limits.entries as u64)));
        }
        budget.entries -= 1;
        let full = format!("{name}/{clean}");
        let unpacked = match archive.by_index(index) {
            Ok(entry) => inflate(entry, &full, ZIP, limits, budget),
            // Encrypted, or packed in a way that this build does not know.
            Err(error) => Err(damaged(&full, format!("this entry cannot be read: {error}"))),
        };
        let inner = Found { name: full, asked: false, content: unpacked };
        content(inner, depth + 1, limits, budget, emit)?;
        if budget.bytes == 0 {
            let limit = limits.file_bytes.saturating_mul(TOTAL_FACTOR);
            return emit(refuse(too_large(name, ZIP, limit.saturating_add(1), limit)));
        }
    }
    if files == 0 {
        return emit(refuse(damaged(name, "the archive holds no files".into())));
    }
    ControlFlow::Continue(())
}

fn damaged(file: &str, problem: String) -> FormatError {
    FormatError::Malformed { file: file.to_owned(), format: ZIP, place: Place::Whole, problem }
}

/// The whole of a stream, unless it is longer than one content may be or all contents together may be.
fn inflate(
    stream: impl Read,
    name: &str,
    format: &'static str,
    limits: &Limits,
    budget: &mut Budget,
) -> Result<Vec<u8>, FormatError> {
    let limit = limits.file_bytes.min(budget.bytes);
    let mut content = Vec::new();
    let read = stream.take(limit.saturating_add(1)).read_to_end(&mut content);
    let size = content.len() as u64;
    budget.bytes = budget.bytes.saturating_sub(size);
    if size > limit {
        return Err(too_large(name, format, size, limit));
    }
    read.map_err(|error: io::Error| FormatError::Malformed {
        file: name.to_owned(),
        format,
        place: Place::Whole,
        problem: format!("the packed data is damaged or cut short after {size} bytes: {error}"),
    })?;
    Ok(content)
}

/// Entry names as people may see them: no way upwards, no drive, no root, forward slashes, no control characters.
fn clean(name: &str) -> String {
    let parts =
        name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..") && !part.ends_with(':'));
    let joined = parts.collect::<Vec<_>>().join("/");
    joined.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_names_are_cleaned() {
        assert_eq!(clean("../../etc/passwd"), "etc/passwd");
        assert_eq!(clean("C:\\data\\a.txt"), "data/a.txt");
        assert_eq!(clean("/./a//b.txt"), "a/b.txt");
        assert_eq!(clean(".."), "");
        assert_eq!(clean("a\n\u{1b}[31m.txt"), "a[31m.txt");
    }

    #[test]
    fn gzip_names_lose_their_ending_once() {
        assert_eq!(inner_gzip_name("d/a.txt.gz"), "d/a.txt.gz/a.txt");
        assert_eq!(inner_gzip_name("blob"), "blob/blob");
    }
}
