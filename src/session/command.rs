//! Everything that changes a document, as values with a name: logged, tested, undone.

use std::sync::Arc;

use crate::library::{EntryId, Facts, Library};
use crate::process::Pipeline;
use crate::spectrum::Spectrum;

use super::{
    Ask, BatchId, Chosen, Colour, ComparisonId, Data, ItemId, LibraryId, Pin, PinKey, Source, Subject,
    Verdict,
};

/// One change of the document.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one exists at a time; a box in the variants would be in every caller's way"
)]
pub enum Command {
    /// New spectra or maps at the end of the list.
    Add(Vec<NewItem>),
    /// Takes items out of the list, and the comparisons about them.
    Remove(Vec<ItemId>),
    /// Another name for an item.
    Rename(ItemId, String),
    /// Draws or hides curves.
    Show(Vec<ItemId>, bool),
    /// Draws these and hides all others.
    ShowOnly(Vec<ItemId>),
    /// Colour of a curve.
    Paint(ItemId, Colour),
    /// Puts items into a group; the empty name takes them out.
    Group(Vec<ItemId>, String),
    /// Moves items, in their order, so that they stand before the one that has this place now.
    Move(Vec<ItemId>, usize),
    /// What is done to the raw data of these items.
    Prepare(Vec<ItemId>, Pipeline),
    /// Pure spectra that the item is known to be mixed from.
    SetTruths(ItemId, Vec<ItemId>),
    /// Keeps a pipeline under a name, in place of one of that name.
    SaveRecipe(String, Pipeline),
    /// Forgets a recipe.
    ForgetRecipe(String),
    /// Opens a library and uses it.
    OpenLibrary {
        /// Where it came from.
        path: String,
        /// What it holds.
        library: Arc<Library>,
    },
    /// Closes a library; the two that are always there stay.
    CloseLibrary(LibraryId),
    /// The library for searches and comparisons.
    UseLibrary(LibraryId),
    /// Adds a spectrum to the user's own library.
    AddToMine(Facts, Spectrum),
    /// Takes an entry out of the user's own library.
    RemoveFromMine(EntryId),
    /// The user's own library as it was kept on disk.
    SetMine(Arc<Library>),
    /// Asks methods about one spectrum.
    Compare(Subject, Ask),
    /// Forgets a comparison.
    RemoveComparison(ComparisonId),
    /// Adds a method to a comparison.
    AddMethod(ComparisonId, Chosen),
    /// Compares a component with this reference; `None` goes back to the method's own.
    SetPin(ComparisonId, PinKey, Option<Pin>),
    /// Accepts or rejects a species; `None` takes it back.
    Judge(ComparisonId, String, Option<Verdict>),
    /// Asks methods about many spectra.
    CompareMany(Vec<Subject>, Ask),
    /// Forgets a batch.
    RemoveBatch(BatchId),
}

/// An item before it has its id, colour and version.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    /// Name in lists and legends.
    pub name: String,
    /// As measured.
    pub raw: Data,
    /// Where it came from.
    pub source: Source,
    /// What the reader did not do exactly as the file asked.
    pub warnings: Vec<String>,
    /// Group in the list; empty for none.
    pub group: String,
}

impl Command {
    /// What it does, for the undo menu and the log.
    pub fn label(&self) -> String {
        let many = |n: usize| if n == 1 { "1 spectrum".to_owned() } else { format!("{n} spectra") };
        match self {
            Self::Add(items) => format!("Add {}", many(items.len())),
            Self::Remove(ids) => format!("Remove {}", many(ids.len())),
            Self::Rename(_, name) => format!("Rename to {name}"),
            Self::Show(ids, true) => format!("Show {}", many(ids.len())),
            Self::Show(ids, false) => format!("Hide {}", many(ids.len())),
            Self::ShowOnly(ids) => format!("Show only {}", many(ids.len())),
            Self::Paint(..) => "Change colour".to_owned(),
            Self::Group(ids, name) if name.is_empty() => format!("Ungroup {}", many(ids.len())),
            Self::Group(ids, name) => format!("Group {} as {name}", many(ids.len())),
            Self::Move(ids, _) => format!("Move {}", many(ids.len())),
            Self::Prepare(ids, steps) if steps.steps.is_empty() => {
                format!("Remove the preparation of {}", many(ids.len()))
            }
            Self::Prepare(ids, _) => format!("Prepare {}", many(ids.len())),
            Self::SetTruths(..) => "Assign true components".to_owned(),
            Self::SaveRecipe(name, _) => format!("Save recipe {name}"),
            Self::ForgetRecipe(name) => format!("Delete recipe {name}"),
            Self::OpenLibrary { library, .. } => format!("Open library {}", library.name),
            Self::CloseLibrary(_) => "Close library".to_owned(),
            Self::UseLibrary(_) => "Choose library".to_owned(),
            Self::AddToMine(facts, _) => format!("Add {} to my library", facts.name),
            Self::RemoveFromMine(_) => "Remove from my library".to_owned(),
            Self::SetMine(_) => "Load my library".to_owned(),
            Self::Compare(..) => "Compare methods".to_owned(),
            Self::RemoveComparison(_) => "Remove comparison".to_owned(),
            Self::AddMethod(..) => "Add method".to_owned(),
            Self::SetPin(_, _, Some(_)) => "Pin reference".to_owned(),
            Self::SetPin(_, _, None) => "Unpin reference".to_owned(),
            Self::Judge(_, species, Some(Verdict::Accepted)) => format!("Accept {species}"),
            Self::Judge(_, species, Some(Verdict::Rejected)) => format!("Reject {species}"),
            Self::Judge(_, species, None) => format!("Take back the verdict on {species}"),
            Self::CompareMany(subjects, _) => format!("Compare methods on {}", many(subjects.len())),
            Self::RemoveBatch(_) => "Remove results table".to_owned(),
        }
    }

    /// Whether this command continues `before`, as the next small move of one drag does: both are then one step of undo.
    pub(super) fn continues(&self, before: &Self) -> bool {
        match (self, before) {
            // The files of one drop arrive in portions.
            (Self::Add(_), Self::Add(_)) => true,
            (Self::Prepare(a, _), Self::Prepare(b, _)) => a == b,
            (Self::Paint(a, _), Self::Paint(b, _)) | (Self::Rename(a, _), Self::Rename(b, _)) => a == b,
            _ => false,
        }
    }
}
