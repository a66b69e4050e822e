//! Files on their way into the document.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::widgets::spectra;
use crate::formats::{Decoded, Item as Found, Limits, decode};
use crate::jobs::{Failure, Handle, Lane, LoadEnd, Loaded};
use crate::library::{Library, LoadOptions};
use crate::session::{Command, Data, ItemId, NewItem, Source, Subject};

use super::naming::item_name;

/// Contents taken in during one frame: the window must stay quick while thousands arrive.
const AT_ONCE: usize = 200;

/// One load: everything that was dropped or chosen together.
pub struct Load {
    handle: Handle<Loaded, LoadEnd>,
    added: Vec<ItemId>,
    failures: Vec<String>,
    warnings: Vec<String>,
    /// Files given by the user, for the list of recent ones.
    paths: Vec<PathBuf>,
    read: BTreeSet<PathBuf>,
}

/// A library on its way in.
pub struct LibraryLoad {
    path: PathBuf,
    handle: Handle<Infallible, (Library, Vec<String>)>,
}

impl App {
    /// Begins to open files, folders and archives.
    pub(in crate::app) fn load(&mut self, paths: Vec<PathBuf>) {
        if paths.is_empty() {
            return;
        }
        let handle = self.jobs.load(paths.clone(), Limits::default());
        self.work.loads.push(Load {
            handle,
            added: Vec::new(),
            failures: Vec::new(),
            warnings: Vec::new(),
            paths,
            read: BTreeSet::new(),
        });
    }

    /// Opens one of the samples that ship with the program, or all.
    pub(in crate::app) fn load_samples(&mut self, wanted: Option<&str>) {
        let mut items = Vec::new();
        for (name, _, bytes) in crate::app::samples::SAMPLES {
            if wanted.is_some_and(|wanted| wanted != *name) {
                continue;
            }
            match decode(name, bytes, Limits::default()) {
                (format, Ok(decoded)) => {
                    items.extend(new_items(name, format.map_or("", |f| f.name), decoded));
                }
                (_, Err(error)) => self.notices.error(error.to_string()),
            }
        }
        self.add(items);
        self.session.end_adding();
    }

    fn add(&mut self, items: Vec<NewItem>) -> Vec<ItemId> {
        if items.is_empty() {
            return Vec::new();
        }
        self.command(&Command::Add(items)).map(|made| made.items).unwrap_or_default()
    }

    /// Takes in what loads have read since the last frame; true when there may be more at once.
    pub(in crate::app) fn take_loads(&mut self) -> bool {
        let mut more = false;
        // One after the other, so that each is one step of undo; the later ones are read meanwhile.
        let mut wait = false;
        let mut loads = std::mem::take(&mut self.work.loads);
        loads.retain_mut(|load| {
            if wait {
                return true;
            }
            let mut items = Vec::new();
            let mut count = 0;
            for loaded in load.handle.take() {
                count += 1;
                let format = loaded.format.unwrap_or_default();
                match loaded.result {
                    Ok(decoded) => {
                        load.read.insert(loaded.path);
                        load.warnings
                            .extend(decoded.warnings.iter().map(|w| format!("{}: {w}", loaded.name)));
                        items.extend(new_items(&loaded.name, format, decoded));
                    }
                    Err(_) if loaded.skipped => {}
                    Err(sentence) => load.failures.push(sentence),
                }
            }
            more |= count >= AT_ONCE;
            load.added.extend(self.add(items));
            let Some(end) = load.handle.ended() else {
                wait = true;
                return true;
            };
            self.session.end_adding();
            self.loaded(load, end);
            false
        });
        loads.append(&mut self.work.loads);
        self.work.loads = loads;
        more
    }

    /// The account of a load that ended.
    fn loaded(&mut self, load: &mut Load, end: Result<LoadEnd, Failure>) {
        let added = spectra(load.added.len());
        if let Some(&first) = load.added.first() {
            self.session.select(&load.added);
            self.session.activate(Subject { item: first, row: None });
        }
        match end {
            Ok(_) if !load.added.is_empty() => self.notices.info(format!("Opened {added}")),
            Ok(_) if load.failures.is_empty() => {
                let names: Vec<String> = load.paths.iter().map(|p| p.display().to_string()).collect();
                self.notices.error(format!("Nothing that can be read was found in {}", names.join(", ")));
            }
            Ok(_) => {}
            Err(Failure::Cancelled) => self.notices.info(format!("Opening was cancelled; {added} stay")),
            Err(failure) => self.notices.error(failure.to_string()),
        }
        let failures = std::mem::take(&mut load.failures);
        match failures.as_slice() {
            [] => {}
            [one] => self.notices.error(one.clone()),
            many => {
                let sentence = format!("{} files could not be read; {added} were opened", many.len());
                self.notices.errors(sentence, failures);
            }
        }
        let warnings = std::mem::take(&mut load.warnings);
        match warnings.as_slice() {
            [] => {}
            [one] => self.notices.warning(one.clone(), Vec::new()),
            many => self.notices.warning(format!("{} remarks about opened files", many.len()), warnings),
        }
        let opened: Vec<PathBuf> =
            load.paths.iter().filter(|p| load.read.iter().any(|r| r.starts_with(p))).cloned().collect();
        self.remember(&opened);
    }

    /// Begins to open a library.
    pub(in crate::app) fn load_library(&mut self, path: PathBuf) {
        let from = path.clone();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let handle = self.jobs.submit(format!("Opening library {name}"), Lane::Quick, move |_| {
            let loaded = Library::load(&from, &LoadOptions::default())?;
            if loaded.library.is_empty() {
                return Err(Failure::Refused(format!(
                    "{}: no reference spectrum was found in it",
                    from.display()
                )));
            }
            Ok((loaded.library, loaded.warnings))
        });
        self.work.libraries.push(LibraryLoad { path, handle });
    }

    /// Takes libraries in that are ready.
    pub(in crate::app) fn take_libraries(&mut self) {
        let mut loads = std::mem::take(&mut self.work.libraries);
        loads.retain_mut(|load| {
            match load.handle.ended() {
                None => return true,
                Some(Ok((library, warnings))) => {
                    let sentence = format!("Library {} with {} entries is open", library.name, library.len());
                    let path = load.path.display().to_string();
                    self.command(&Command::OpenLibrary { path, library: Arc::new(library) });
                    if warnings.is_empty() {
                        self.notices.good(sentence);
                    } else {
                        self.notices.warning(sentence, warnings);
                    }
                }
                Some(Err(Failure::Cancelled)) => {}
                Some(Err(failure)) => self.notices.error(failure.to_string()),
            }
            false
        });
        self.work.libraries.append(&mut loads);
    }
}

/// The contents of one file as items of the document.
fn new_items(path: &str, format: &str, decoded: Decoded) -> Vec<NewItem> {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (warnings, count) = (decoded.warnings, decoded.items.len());
    let item = |(index, found): (usize, Found)| {
        let raw = match found {
            Found::Spectrum(spectrum) => Data::Curve(spectrum),
            Found::Set(set) if set.len() == 1 => match set.spectrum(0) {
                Some(spectrum) => Data::Curve(spectrum),
                None => Data::Set(Arc::new(set)),
            },
            Found::Set(set) => Data::Set(Arc::new(set)),
        };
        NewItem {
            name: item_name(raw.meta().title.as_deref(), stem, (index, count)),
            raw,
            source: Source { path: path.to_owned(), number: index + 1, format: format.to_owned() },
            warnings: warnings.clone(),
            group: if count > 3 { file.to_owned() } else { String::new() },
        }
    };
    decoded.items.into_iter().enumerate().map(item).collect()
}
