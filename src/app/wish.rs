//! What panels ask for. Drawing returns wishes; `grant` is the one place that fulfils them.

use std::path::PathBuf;

use crate::jobs::JobId;
use crate::session::{Ask, BatchId, Command, ItemId, Subject};
use crate::spectrum::Spectrum;

use super::actions::Action;
use super::dialogs::{Dialog, Then};
use super::export::ExportForm;
use super::notices::NoticeId;
use super::screen::Tab;
use super::work::{ImageKey, TrainOrder};

/// One wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Change the document.
    Do(Command),
    /// The drag is over: the next change is a new step of undo.
    EndGesture,
    /// What a menu entry, button or shortcut stands for.
    Act(Action),
    /// Select these items.
    Select(Vec<ItemId>),
    /// Put this spectrum in the middle of attention.
    Activate(Subject),
    /// Open files, folders and archives.
    Open(Vec<PathBuf>),
    /// Open one of the samples that ship with the program, or all of them.
    OpenSample(Option<&'static str>),
    /// Open a library of reference spectra.
    OpenLibrary(PathBuf),
    /// Ask methods about a spectrum and run them.
    Compare(Subject, Ask),
    /// Stop a comparison of many; the rows that are there stay.
    CancelMany(BatchId),
    /// Run a comparison of many where it has no rows yet.
    ContinueMany(BatchId),
    /// The same comparison of many on the spectra as they are now, in a new table.
    RepeatMany(BatchId),
    /// Recover the Raman spectrum of a CARS spectrum, as the panel says.
    RecoverCars(Subject),
    /// Put the Raman spectrum that this method recovered into the list.
    KeepRecovered(Subject, String),
    /// Train a mixture model.
    Train(Box<TrainOrder>),
    /// Take an interrupted training up, or make a model of what it reached.
    GoOnTraining(PathBuf, bool),
    /// Delete a trained model, or an interrupted training.
    RemoveModel(PathBuf),
    /// Make an image of a map.
    Image(ImageKey),
    /// Write what was set up.
    Export(Box<ExportForm>),
    /// Choose where an export goes in the dialog of the system.
    ChoosePlace {
        /// A folder instead of a file.
        folder: bool,
        /// The path as it stands.
        now: PathBuf,
    },
    /// Lay a reference over the main plot.
    Overlay {
        /// Its name in the legend.
        name: String,
        /// Its curve.
        spectrum: Spectrum,
        /// It stays when another one is looked at.
        stays: bool,
    },
    /// Stop a job.
    Cancel(JobId),
    /// Write the session into this file, then do what was asked for.
    SaveAs(PathBuf, Option<Then>),
    /// Write the session into its file, then do what was asked for.
    Save(Option<Then>),
    /// Give unsaved work up for this.
    Leave(Then),
    /// Bring back the work in this one of the autosaves found.
    Recover(usize),
    /// Throw this one of the autosaves found away.
    ForgetRecoverable(usize),
    /// Put a text on the clipboard.
    Copy(String),
    /// The notice was read.
    Dismiss(NoticeId),
    /// Show this in the middle.
    Tab(Tab),
    /// Ask the user something.
    Ask(Dialog),
    /// Close the open dialog.
    CloseDialog,
}

/// The wishes of one frame, in the order they were made.
#[derive(Debug, Default)]
pub struct Wishes(Vec<Wish>);

impl Wishes {
    /// One more.
    pub fn push(&mut self, wish: Wish) {
        self.0.push(wish);
    }

    /// A change of the document.
    pub fn command(&mut self, command: Command) {
        self.push(Wish::Do(command));
    }

    /// A change that is a step of undo of its own.
    pub fn step(&mut self, command: Command) {
        self.push(Wish::Do(command));
        self.push(Wish::EndGesture);
    }

    /// What a menu entry stands for.
    pub fn act(&mut self, action: Action) {
        self.push(Wish::Act(action));
    }

    /// All of them.
    pub fn take(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.0)
    }
}
