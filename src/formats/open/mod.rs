//! Opening what a user gives: a file, a folder, a zip, a gzipped file, in any mixture and nested.
//!
//! `walk` finds the contents and hands them over one at a time; here they are decoded, one after another ([`open`])
//! or many at once ([`open_all`]). A bad file never stops the rest. Nothing is written to disk.

mod container;
mod walk;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Decoded, Format, FormatError, Limits, decode};

use self::walk::{Found, walk};

/// Contents decoded at once: this many, or this many bytes.
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 64 << 20;

/// One content and what became of it.
#[derive(Debug)]
pub struct Opened {
    /// Path as the user gave it, with the way through containers: `archive.zip/folder/inner.txt`.
    pub name: String,
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

    fn new(found: Found, limits: Limits) -> Self {
        let Found { name, asked, content } = found;
        match content {
            Ok(content) => {
                let (format, result) = decode(&name, &content, limits);
                Self { name, bytes: content.len() as u64, format, result, asked }
            }
            Err(error) => Self { name, bytes: 0, format: None, result: Err(error), asked },
        }
    }
}

/// How far [`open_all`] has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
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
    walk(path, limits, &mut |found| visit(Opened::new(found, *limits)))
}

/// Opens several paths on all cores and gives everything in order. `progress` is asked before each content; when it
/// breaks, what was read so far is decoded and given back.
pub fn open_all(
    paths: &[PathBuf],
    limits: &Limits,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Vec<Opened> {
    let mut opened = Vec::new();
    let mut batch = Batch::default();
    let (mut files, mut bytes) = (0, 0_u64);
    for path in paths {
        let flow = walk(path, limits, &mut |found| {
            files += 1;
            let size = found.content.as_ref().map_or(0, |content| content.len() as u64);
            bytes = bytes.saturating_add(size);
            progress(Progress { files, bytes, name: &found.name })?;
            batch.bytes = batch.bytes.saturating_add(size);
            batch.found.push(found);
            if batch.found.len() >= BATCH_FILES || batch.bytes >= BATCH_BYTES {
                batch.decode(*limits, &mut opened);
            }
            ControlFlow::Continue(())
        });
        if flow.is_break() {
            break;
        }
    }
    batch.decode(*limits, &mut opened);
    opened
}

/// Contents waiting to be decoded together.
#[derive(Default)]
struct Batch {
    found: Vec<Found>,
    bytes: u64,
}

impl Batch {
    fn decode(&mut self, limits: Limits, opened: &mut Vec<Opened>) {
        self.bytes = 0;
        let found = std::mem::take(&mut self.found);
        opened.par_extend(found.into_par_iter().map(|found| Opened::new(found, limits)));
    }
}

#[cfg(test)]
mod tests;
