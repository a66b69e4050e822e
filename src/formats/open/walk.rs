//! Folders and files on disk, in a stable order.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::formats::registry::HEAD_BYTES;
use crate::formats::{FormatError, Head, Limits, Place, recognise};

use super::container::{self, Budget};

/// Folders inside each other.
const FOLDER_DEPTH: usize = 64;

/// A content, or why there is none.
pub(super) struct Found {
    pub name: String,
    /// The user named it.
    pub asked: bool,
    pub content: Result<Vec<u8>, FormatError>,
}

/// What takes the contents of one file.
pub(super) type Emit<'a> = dyn FnMut(Found) -> ControlFlow<()> + 'a;

/// What takes the contents of all files, with the file or folder on disk that each came from.
pub(super) type Sink<'a> = dyn FnMut(&Path, Found) -> ControlFlow<()> + 'a;

/// Everything under one path.
pub(super) fn walk(path: &Path, limits: &Limits, sink: &mut Sink) -> ControlFlow<()> {
    let mut visit = |met: Met| match met {
        Met::File { path, asked } => file(path, asked, limits, sink),
        Met::Nothing { path, found } => sink(path, found),
    };
    files(path, limits, &mut visit)
}

/// Number of files on disk under one path, none of them opened. Ends early when `go_on` breaks.
pub(super) fn count(path: &Path, limits: &Limits, go_on: &mut dyn FnMut() -> ControlFlow<()>) -> usize {
    let mut count = 0;
    let _counted_so_far = files(path, limits, &mut |met| {
        count += usize::from(matches!(met, Met::File { .. }));
        go_on()
    });
    count
}

/// What is met on the way through folders.
enum Met<'a> {
    /// A file, named by the user or found in a folder.
    File { path: &'a Path, asked: bool },
    /// A place where there is no file, and why.
    Nothing { path: &'a Path, found: Found },
}

/// What looks at everything met.
type Visit<'a> = dyn FnMut(Met) -> ControlFlow<()> + 'a;

fn files(path: &Path, limits: &Limits, visit: &mut Visit) -> ControlFlow<()> {
    let name = path.display().to_string();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return visit(Met::Nothing { path, found: failed(name, true, error) }),
    };
    if !metadata.is_dir() {
        return visit(Met::File { path, asked: true });
    }
    let mut folders = Folders { limits, files: 0, full: false, seen: BTreeSet::new() };
    folders.enter(path, 0, visit)
}

fn failed(file: String, asked: bool, source: io::Error) -> Found {
    Found { name: file.clone(), asked, content: Err(FormatError::Io { file, source }) }
}

struct Folders<'l> {
    limits: &'l Limits,
    files: usize,
    /// The limit was reached and told.
    full: bool,
    /// Real paths of folders already entered: links can lead in circles.
    seen: BTreeSet<PathBuf>,
}

impl Folders<'_> {
    fn enter(&mut self, folder: &Path, depth: usize, visit: &mut Visit) -> ControlFlow<()> {
        let fail = |error| failed(folder.display().to_string(), false, error);
        let real = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(error) => return visit(Met::Nothing { path: folder, found: fail(error) }),
        };
        if self.full || depth > FOLDER_DEPTH || !self.seen.insert(real) {
            return ControlFlow::Continue(());
        }
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return visit(Met::Nothing { path: folder, found: fail(error) }),
        };
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            if file_name.is_none_or(|name| container::hidden(&name)) {
                continue;
            }
            // A link to nowhere is not data.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if metadata.is_dir() {
                self.enter(&path, depth + 1, visit)?;
            } else if metadata.is_file() {
                if self.files >= self.limits.entries {
                    if self.full {
                        break;
                    }
                    self.full = true;
                    let name = folder.display().to_string();
                    let limit = self.limits.entries as u64;
                    let content = Err(too_large(&name, "Folder", limit.saturating_add(1), limit));
                    let found = Found { name, asked: false, content };
                    return visit(Met::Nothing { path: folder, found });
                }
                self.files += 1;
                visit(Met::File { path: &path, asked: false })?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// One file: a content that some reader recognises, else a container, else a content that nobody knows.
fn file(path: &Path, asked: bool, limits: &Limits, sink: &mut Sink) -> ControlFlow<()> {
    let emit: &mut Emit = &mut |found| sink(path, found);
    let name = path.display().to_string();
    let found = |content: Result<Vec<u8>, FormatError>| Found { name: name.clone(), asked, content };
    match read(path, &name, limits) {
        Err(error) => emit(found(Err(error))),
        Ok(Source::Bytes(content)) => {
            let mut budget = Budget::new(limits);
            container::content(found(Ok(content)), 0, limits, &mut budget, emit)
        }
        Ok(Source::Zip(file)) => {
            let mut budget = Budget::new(limits);
            container::zip(&name, asked, io::BufReader::new(file), 0, limits, &mut budget, emit)
        }
    }
}

enum Source {
    Bytes(Vec<u8>),
    /// Not taken into memory: only its entries are, one at a time.
    Zip(File),
}

fn read(path: &Path, name: &str, limits: &Limits) -> Result<Source, FormatError> {
    let io = |source| FormatError::Io { file: name.to_owned(), source };
    let metadata = fs::metadata(path).map_err(io)?;
    // Pipes and devices would be waited for without end.
    if !metadata.is_file() {
        return Err(io(io::Error::other("not an ordinary file")));
    }
    let mut file = File::open(path).map_err(io)?;
    let mut content = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut content).map_err(io)?;
    if container::is_zip(name, &content) && recognise(&Head::new(name, &content)).is_none() {
        return Ok(Source::Zip(file));
    }
    let size = metadata.len().max(content.len() as u64);
    if size > limits.file_bytes {
        return Err(too_large(name, "File", size, limits.file_bytes));
    }
    // One byte more than allowed shows that the file has grown since its size was asked.
    let rest = limits.file_bytes.saturating_sub(content.len() as u64).saturating_add(1);
    file.take(rest).read_to_end(&mut content).map_err(io)?;
    let size = content.len() as u64;
    if size > limits.file_bytes {
        return Err(too_large(name, "File", size, limits.file_bytes));
    }
    Ok(Source::Bytes(content))
}

pub(super) fn too_large(file: &str, format: &'static str, wanted: u64, limit: u64) -> FormatError {
    FormatError::TooLarge { file: file.to_owned(), format, place: Place::Whole, wanted, limit }
}
