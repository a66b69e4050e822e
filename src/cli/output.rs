//! What every command shares: opening what the user named, writing results, printing JSON.

use std::collections::HashSet;
use std::fmt;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{OutputArgs, To};
use super::{Usage, progress};
use crate::formats::write::{self, Overwrite, Separator, WriteFormat, WriteOptions};
use crate::formats::{Decoded, Item, Limits, Opened, open};

/// Prints one line to standard output. A reader that has seen enough (`unravel ... | head`) is no error.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::output::say_line(format_args!($($words)*))
    };
}
pub(super) use say;

impl From<To> for WriteFormat {
    fn from(to: To) -> Self {
        match to {
            To::Csv => Self::Csv,
            To::CsvTable => Self::CsvTable,
            To::Jcamp => Self::Jcamp,
            To::Spc => Self::Spc,
        }
    }
}

/// Opens everything the user named, in order, one content at a time; folders and archives give their entries. Files in
/// them that are no data are counted in one notice.
pub fn each_input(paths: &[PathBuf], quiet: bool, visit: &mut dyn FnMut(Opened)) {
    let bar = progress::bar(0, "opening", quiet);
    let mut skipped = 0;
    for path in paths {
        let _never_broken_off = open(path, &Limits::default(), &mut |opened| {
            bar.inc(1);
            if opened.skipped() {
                skipped += 1;
            } else {
                bar.suspend(|| visit(opened));
            }
            ControlFlow::Continue(())
        });
    }
    bar.finish_and_clear();
    match skipped {
        0 => {}
        _ if quiet => {}
        1 => eprintln!("unravel: 1 file in a folder or archive is no spectrum and was left out"),
        _ => eprintln!("unravel: {skipped} files in folders or archives are no spectra and were left out"),
    }
}

/// Hands over the files of an option with their names; one that cannot be read is an error that names the option.
pub fn each_of(option: &str, paths: &[PathBuf], take: &mut dyn FnMut(&str, &Decoded)) -> Result<(), Usage> {
    let mut trouble = None;
    each_input(paths, true, &mut |opened| match opened.result {
        Ok(decoded) => take(&opened.name, &decoded),
        Err(error) => trouble = trouble.take().or(Some(error.to_string())),
    });
    trouble.map_or(Ok(()), |trouble| Err(Usage(format!("{option} {trouble}"))))
}

/// What `say!` calls.
pub fn say_line(line: fmt::Arguments) {
    let mut out = std::io::stdout().lock();
    let _nobody_listens = out.write_fmt(line).and_then(|()| out.write_all(b"\n"));
}

/// Prints one JSON document to standard output.
pub fn print_json(value: &impl Serialize) -> Result<(), Usage> {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// The documented JSON of `convert --json` and `process --json` (docs/json.md).
#[derive(Debug, Default, Serialize)]
pub struct WriteReport {
    files: Vec<WrittenJson>,
}

#[derive(Debug, Serialize)]
struct WrittenJson {
    path: String,
    /// Files written for this input.
    written: Vec<String>,
    warnings: Vec<String>,
    error: Option<String>,
}

/// Writes results and keeps account of them.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    format: WriteFormat,
    options: WriteOptions,
    overwrite: Overwrite,
    quiet: bool,
    /// Stems used in this run, lower case: two inputs of one name must not overwrite each other.
    stems: HashSet<String>,
    report: WriteReport,
}

impl Writer {
    /// Makes the folder for the results.
    pub fn new(args: &OutputArgs) -> Result<Self, Usage> {
        let folder = args.out.clone();
        std::fs::create_dir_all(&folder).map_err(|e| {
            Usage(format!("{}: cannot make the folder for the results: {e}", folder.display()))
        })?;
        let separator = if args.decimal_comma { Separator::SemicolonDecimalComma } else { Separator::Comma };
        Ok(Self {
            folder,
            format: args.to.into(),
            options: WriteOptions { separator, metadata: !args.no_metadata },
            overwrite: Overwrite::when(args.overwrite),
            quiet: args.json,
            stems: HashSet::new(),
            report: WriteReport::default(),
        })
    }

    /// Writes all curves of one input.
    pub fn write(&mut self, input: &str, items: &[Item], mut warnings: Vec<String>) {
        let stem = self.free_stem(input);
        let mut written = Vec::new();
        for file in write::files(&stem, items, self.format, self.options) {
            let saved = file.and_then(|file| {
                let path = self.folder.join(&file.name);
                write::save(&path, &file.written.bytes, self.overwrite)?;
                warnings.extend(file.written.warnings);
                Ok(path.display().to_string())
            });
            match saved {
                Ok(path) => written.push(path),
                Err(error) => {
                    self.note(input, written, warnings, Some(error.to_string()));
                    return;
                }
            }
        }
        self.note(input, written, warnings, None);
    }

    /// Records an input that gave nothing to write.
    pub fn failed(&mut self, input: &str, error: &str) {
        self.note(input, Vec::new(), Vec::new(), Some(error.to_owned()));
    }

    /// Inputs that failed so far.
    pub fn failures(&self) -> usize {
        self.report.files.iter().filter(|f| f.error.is_some()).count()
    }

    /// The account, for `--json`.
    pub fn report(&self) -> &WriteReport {
        &self.report
    }

    /// File stem of an input, with a number behind it when another input of this run has the same.
    fn free_stem(&mut self, input: &str) -> String {
        let name = Path::new(input).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = write::safe_stem(&name);
        let mut candidate = stem.clone();
        let mut number = 2;
        while !self.stems.insert(candidate.to_lowercase()) {
            candidate = format!("{stem}-{number}");
            number += 1;
        }
        candidate
    }

    fn note(&mut self, path: &str, written: Vec<String>, warnings: Vec<String>, error: Option<String>) {
        if !self.quiet {
            match written.as_slice() {
                [] => {}
                [one] => say!("{path} -> {one}"),
                [first, .., last] => say!("{path} -> {first} ... {last} ({} files)", written.len()),
            }
            for warning in &warnings {
                say!("  warning: {warning}");
            }
            if let Some(error) = &error {
                eprintln!("unravel: {error}");
            }
        }
        self.report.files.push(WrittenJson { path: path.to_owned(), written, warnings, error });
    }
}
