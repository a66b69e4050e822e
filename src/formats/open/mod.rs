//! Opening what a user gives: a file, a folder, a zip, a gzipped file, in any mixture and nested.
//!
//! `walk` finds the contents and hands them over one at a time; here they are decoded, one after another ([`open`])
//! or many at once ([`open_all`], [`open_batches`]). A bad file never stops the rest. Nothing is written to disk.

mod container;
mod walk;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Decoded, Format, FormatError, Limits, decode};

use self::walk::{Found, count, walk};

/// Contents decoded at once: this many, or this many bytes. The first batch is small, so that something is there soon.
const FIRST_FILES: usize = 8;
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 64 << 20;

/// One content and what became of it.
#[derive(Debug)]
pub struct Opened {
    /// Path as the user gave it, with the way through containers: `archive.zip/folder/inner.txt`.
    pub name: String,
    /// The file on disk that it came from; the folder where one could not be listed.
    pub path: PathBuf,
    /// Size of the content in bytes.
    pub bytes: u64,
    /// The reader that took it.
    pub format: Option<&'static Format>,
    /// The spectra, or what was wrong.
    pub result: Result<Decoded, FormatError>,
    /// True when the user named this very file; false when it was met in a folder or container.
    pub asked: bool,
}

impl Opened {
    /// True for a file that nobody asked for and no reader knows (a README beside the data): no error, just not data.
    #[must_use]
    pub fn skipped(&self) -> bool {
        !self.asked && matches!(self.result, Err(FormatError::Unrecognised { .. }))
    }

    fn new(path: PathBuf, found: Found, limits: Limits) -> Self {
        let Found { name, asked, content } = found;
        match content {
            Ok(content) => {
                let (format, result) = decode(&name, &content, limits);
                Self { name, path, bytes: content.len() as u64, format, result, asked }
            }
            Err(error) => Self { name, path, bytes: 0, format: None, result: Err(error), asked },
        }
    }
}

/// How far [`open_batches`] has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Files on disk that were read through before this content; see [`count_files`].
    pub on_disk: usize,
    /// Contents read so far.
    pub files: usize,
    /// Their size.
    pub bytes: u64,
    /// The content read last.
    pub name: &'a str,
}

/// Opens one path and hands over each content as soon as it is decoded; only one is in memory at a time. Ends early
/// when `visit` breaks.
pub fn open(
    path: &Path,
    limits: &Limits,
    visit: &mut dyn FnMut(Opened) -> ControlFlow<()>,
) -> ControlFlow<()> {
    walk(path, limits, &mut |path, found| visit(Opened::new(path.to_path_buf(), found, *limits)))
}

/// Opens several paths on all cores and gives everything in order. `progress` is asked before each content; when it
/// breaks, what was read so far is decoded and given back.
pub fn open_all(
    paths: &[PathBuf],
    limits: &Limits,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Vec<Opened> {
    let mut all = Vec::new();
    let _all_the_same = open_batches(paths, limits, progress, &mut |batch| {
        all.extend(batch.decode());
        ControlFlow::Continue(())
    });
    all
}

/// Reads several paths in order and hands over what was read a batch at a time, for [`Batch::decode`]; only one batch is
/// in memory. `progress` is asked before each content; when it breaks, what was read so far is still handed over. Ends
/// early when `visit` breaks.
pub fn open_batches(
    paths: &[PathBuf],
    limits: &Limits,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    visit: &mut dyn FnMut(Batch) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut batch = Batch::new(*limits);
    let (mut files, mut bytes, mut most) = (0, 0_u64, FIRST_FILES);
    let (mut on_disk, mut last) = (0, None);
    let mut visited = ControlFlow::Continue(());
    for path in paths {
        let flow = walk(path, limits, &mut |path, found| {
            files += 1;
            if last.as_deref().is_some_and(|last| last != path) {
                on_disk += 1;
            }
            last = Some(path.to_path_buf());
            let size = found.content.as_ref().map_or(0, |content| content.len() as u64);
            bytes = bytes.saturating_add(size);
            progress(Progress { on_disk, files, bytes, name: &found.name })?;
            batch.bytes = batch.bytes.saturating_add(size);
            batch.found.push((path.to_path_buf(), found));
            if batch.found.len() >= most || batch.bytes >= BATCH_BYTES {
                most = (2 * most).min(BATCH_FILES);
                visited = visit(std::mem::replace(&mut batch, Batch::new(*limits)));
            }
            visited
        });
        if flow.is_break() {
            break;
        }
    }
    visited?;
    if batch.found.is_empty() { ControlFlow::Continue(()) } else { visit(batch) }
}

/// Number of files on disk under these paths, archives counted as one; none is opened. Ends early when `go_on` breaks.
pub fn count_files(paths: &[PathBuf], limits: &Limits, go_on: &mut dyn FnMut() -> ControlFlow<()>) -> usize {
    paths.iter().map(|path| count(path, limits, go_on)).sum()
}

/// Contents waiting to be decoded together.
pub struct Batch {
    found: Vec<(PathBuf, Found)>,
    bytes: u64,
    limits: Limits,
}

impl Batch {
    fn new(limits: Limits) -> Self {
        Self { found: Vec::new(), bytes: 0, limits }
    }

    /// Decodes all of them on all cores, in order.
    #[must_use]
    pub fn decode(self) -> Vec<Opened> {
        let limits = self.limits;
        self.found.into_par_iter().map(|(path, found)| Opened::new(path, found, limits)).collect()
    }
}

#[cfg(test)]
mod tests;
