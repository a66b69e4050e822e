//! Opening what the user gives: files, folders and archives, streamed in order as they are decoded.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::formats::{Batch, Decoded, Limits, Opened, Progress, count_files, open_batches};

use super::{Failure, Handle, Jobs, Lane, Ticket};

/// One content and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// Path as the user gave it, with the way through containers: `archive.zip/folder/inner.txt`.
    pub name: String,
    /// The file on disk that it came from.
    pub path: PathBuf,
    /// The format it was taken for.
    pub format: Option<&'static str>,
    /// The spectra, or the sentence that says what was wrong.
    pub result: Result<Decoded, String>,
    /// Size of the content.
    pub bytes: u64,
    /// A file that nobody named and no reader knows (a README beside the data): not worth a notice.
    pub skipped: bool,
}

/// The account of a load that was not cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadEnd {
    /// Contents that gave spectra.
    pub read: usize,
    /// Contents and folders with an error.
    pub failed: usize,
    /// Files that are no data.
    pub skipped: usize,
    /// Size of all contents.
    pub bytes: u64,
}

impl Jobs {
    /// Opens files, folders and archives, all equal. A bad one is one [`Loaded`] with a sentence and stops nothing. After
    /// a cancel what was read already is still handed over, and the end is [`Failure::Cancelled`].
    pub fn load(&self, paths: Vec<PathBuf>, limits: Limits) -> Handle<Loaded, LoadEnd> {
        let title = match paths.as_slice() {
            [one] => format!("Opening {}", file_name(one)),
            many => format!("Opening {} files", many.len()),
        };
        self.submit(title, Lane::Quick, move |ticket| load(ticket, &paths, &limits))
    }
}

/// File or folder name without the way to it.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A folder that the user gave and what was found in it.
struct Folder<'a> {
    path: &'a Path,
    contents: usize,
    skipped: usize,
}

fn load(ticket: &Ticket<Loaded>, paths: &[PathBuf], limits: &Limits) -> Result<LoadEnd, Failure> {
    let mut folders: Vec<Folder> = paths
        .iter()
        .filter(|path| path.is_dir())
        .map(|path| Folder { path, contents: 0, skipped: 0 })
        .collect();
    ticket.progress(None, "counting the files");
    let mut go_on = || if ticket.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let total = count_files(paths, limits, &mut go_on);
    let mut end = LoadEnd::default();
    let mut watch = |progress: Progress| {
        go_on()?;
        // How much is in a single archive is not known before its end.
        let fraction = (total > 1).then(|| progress.on_disk as f32 / total as f32);
        ticket.progress(fraction, words(&progress));
        ControlFlow::Continue(())
    };
    let mut visit = |batch: Batch| {
        // What is read is decoded also after a cancel: at most one batch.
        ticket.wide(|| batch.decode()).into_iter().map(loaded).try_for_each(|loaded| {
            for folder in folders.iter_mut().filter(|folder| loaded.path.starts_with(folder.path)) {
                folder.contents += 1;
                folder.skipped += usize::from(loaded.skipped);
            }
            give(ticket, &mut end, loaded)
        })
    };
    if open_batches(paths, limits, &mut watch, &mut visit).is_break() {
        return Err(Failure::Cancelled);
    }
    ticket.go_on()?;
    for folder in &folders {
        if let Some(sentence) = nothing_in(folder)
            && give(ticket, &mut end, sentence).is_break()
        {
            return Err(Failure::Cancelled);
        }
    }
    Ok(end)
}

fn give(ticket: &Ticket<Loaded>, end: &mut LoadEnd, loaded: Loaded) -> ControlFlow<()> {
    end.bytes = end.bytes.saturating_add(loaded.bytes);
    match &loaded.result {
        Ok(_) => end.read += 1,
        Err(_) if loaded.skipped => end.skipped += 1,
        Err(_) => end.failed += 1,
    }
    match ticket.give(loaded) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_nobody_listens) => ControlFlow::Break(()),
    }
}

fn loaded(opened: Opened) -> Loaded {
    let skipped = opened.skipped();
    let Opened { name, path, bytes, format, result, .. } = opened;
    let result = result.map_err(|error| error.to_string());
    Loaded { name, path, format: format.map(|f| f.name), result, bytes, skipped }
}

/// The sentence about a folder in which there was nothing to read.
fn nothing_in(folder: &Folder) -> Option<Loaded> {
    let path = folder.path;
    let what = match folder.contents {
        0 => "the folder holds no files; drop a folder with spectrum files".to_owned(),
        n if n == folder.skipped => {
            format!("none of the {n} files in this folder is a spectrum file that Unravel knows")
        }
        _ => return None,
    };
    let name = path.display().to_string();
    let result = Err(format!("{name}: {what}"));
    Some(Loaded { name, path: path.to_path_buf(), format: None, result, bytes: 0, skipped: false })
}

/// `312 files, 4.2 MB: quartz.txt`.
fn words(progress: &Progress) -> String {
    let name = progress.name.rsplit(['/', '\\']).next().unwrap_or(progress.name);
    let files = if progress.files == 1 { "1 file".to_owned() } else { format!("{} files", progress.files) };
    format!("{files}, {:.1} MB: {name}", progress.bytes as f64 / 1e6)
}
