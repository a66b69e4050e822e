//! Everything a user can do, by name: menus, buttons, the command palette, shortcuts, tooltips and the help page are
//! made from this list.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use super::screen::{Side, Tab};

/// Menu that an action stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    /// Files and sessions.
    File,
    /// Changes and selection.
    Edit,
    /// What is seen and how.
    View,
    /// Methods and libraries.
    Analyse,
    /// Help.
    Help,
}

impl Menu {
    /// All menus in their order.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Analyse, Self::Help];

    /// Its title.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Analyse => "Analyse",
            Self::Help => "Help",
        }
    }
}

/// When an action makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Always.
    Nothing,
    /// Some spectrum in the list.
    Spectra,
    /// A selected spectrum.
    Selection,
    /// A spectrum in the middle of attention with a comparison.
    Comparison,
    /// The same, or one with recovered spectra.
    Answers,
    /// A CARS spectrum in the middle of attention with recovered spectra.
    Recovered,
    /// A results table of many spectra.
    Table,
    /// Something to undo.
    Undo,
    /// Something to redo.
    Redo,
    /// A running job.
    Job,
}

impl Needs {
    /// What is missing when an action makes no sense, and what to do; nothing where silence says enough.
    pub fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Spectra | Self::Selection => {
                Some("This needs a spectrum: drop files into the window or open a sample")
            }
            Self::Comparison | Self::Answers => {
                Some("This needs a comparison of the active spectrum: press Compare methods first")
            }
            Self::Recovered => {
                Some("This needs spectra recovered from CARS: press Recover Raman from CARS first")
            }
            Self::Table => {
                Some("This needs a results table: select several spectra, then compare on all selected")
            }
            Self::Nothing | Self::Undo | Self::Redo | Self::Job => None,
        }
    }
}

macro_rules! actions {
    ($($action:ident, $menu:ident, $needs:ident, $keys:expr, $name:literal, $what:literal;)*) => {
        /// One thing a user can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Action {
            $(#[doc = $what] $action,)*
        }

        /// All actions in the order of the menus.
        pub const ACTIONS: &[ActionInfo] = &[
            $(ActionInfo {
                action: Action::$action, menu: Menu::$menu, needs: Needs::$needs, shortcut: $keys, name: $name, what: $what,
            },)*
        ];
    };
}

/// An action's description of itself.
#[derive(Debug, Clone, Copy)]
pub struct ActionInfo {
    /// The action.
    pub action: Action,
    /// Its menu.
    pub menu: Menu,
    /// When it makes sense.
    pub needs: Needs,
    /// Keys that do it.
    pub shortcut: Option<KeyboardShortcut>,
    /// Name in menus and in the palette.
    pub name: &'static str,
    /// What it does, one sentence.
    pub what: &'static str,
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds shortcuts and None")]
const fn ctrl(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds shortcuts and None")]
const fn ctrl_shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key))
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds shortcuts and None")]
const fn alt(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::ALT, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds shortcuts and None")]
const fn bare(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::NONE, key))
}

actions! {
    Open, File, Nothing, ctrl(Key::O), "Open files…", "Choose instrument files or archives to open; dropping them into the window does the same.";
    OpenFolder, File, Nothing, ctrl_shift(Key::O), "Open folder…", "Choose a folder; everything readable in it is opened.";
    OpenPath, File, Nothing, ctrl(Key::L), "Open path…", "Type or paste the path of a file or folder.";
    OpenSamples, File, Nothing, None, "Open sample data", "Open the synthetic samples that ship with the program.";
    NewSession, File, Nothing, ctrl(Key::N), "New session", "Start over with an empty list.";
    SaveSession, File, Spectra, ctrl(Key::S), "Save session", "Write data, preparation, comparisons and answers into one file.";
    SaveSessionAs, File, Spectra, ctrl_shift(Key::S), "Save session as…", "Write the session into another file.";
    ExportComponents, File, Answers, ctrl(Key::E), "Export components (CSV)…", "One CSV for each method: mixture, reconstruction, residual and every component; in the CARS view what was recovered.";
    ExportCurves, File, Spectra, ctrl_shift(Key::E), "Export visible curves (CSV)…", "The curves in the plot as they are drawn, as columns.";
    ExportSpectrum, File, Selection, None, "Export spectra (CSV, JCAMP-DX, SPC)…", "The selected spectra after their preparation, one file each.";
    ExportTable, File, Comparison, None, "Export comparison table (CSV)…", "The table above the comparison: methods, components, shares, scores, times.";
    ExportBatch, File, Table, None, "Export results of many (CSV)…", "The results table of many spectra as it is filtered and sorted.";
    ExportFigure, File, Spectra, ctrl(Key::P), "Export figure (PNG, SVG)…", "What is shown in the middle as a figure for print.";
    ExportReport, File, Spectra, None, "Export report (HTML)…", "One file with figures, tables, processing history, versions and libraries.";
    Quit, File, Nothing, ctrl(Key::Q), "Quit", "Close the window; unsaved work is asked about.";

    Undo, Edit, Undo, ctrl(Key::Z), "Undo", "Take back the last change.";
    Redo, Edit, Redo, ctrl_shift(Key::Z), "Redo", "Do again what was taken back.";
    SelectAll, Edit, Spectra, ctrl(Key::A), "Select all", "Select every spectrum in the list.";
    Next, Edit, Spectra, alt(Key::ArrowDown), "Next spectrum", "Go to the next spectrum in the list.";
    Previous, Edit, Spectra, alt(Key::ArrowUp), "Previous spectrum", "Go to the previous spectrum in the list.";
    Rename, Edit, Selection, bare(Key::F2), "Rename…", "Give the spectrum another name.";
    Group, Edit, Selection, ctrl(Key::G), "Group…", "Put the selected spectra into a group.";
    Remove, Edit, Selection, bare(Key::Delete), "Remove", "Take the selected spectra out of the session; undo brings them back.";
    Show, Edit, Selection, bare(Key::Space), "Show or hide", "Draw or hide the curves of the selected spectra.";
    ShowOnly, Edit, Selection, ctrl_shift(Key::H), "Show only selected", "Hide all other curves.";
    ShowAll, Edit, Spectra, None, "Show all", "Draw every curve.";
    Truths, Edit, Selection, None, "Assign true components…", "Say which pure spectra a mixture is made of: methods are then scored against them.";
    AddToMine, Edit, Selection, None, "Add to my library…", "Keep the selected spectrum as a reference for later.";

    ViewSpectra, View, Nothing, ctrl(Key::Num1), "Spectra", "The curves of the list in one plot.";
    ViewMap, View, Nothing, ctrl(Key::Num2), "Map", "A map as an image of one band.";
    ViewCompare, View, Nothing, ctrl(Key::Num3), "Comparison", "Methods side by side.";
    ViewTable, View, Nothing, ctrl(Key::Num4), "Results of many", "The table of a comparison over many spectra.";
    SidePrepare, View, Nothing, alt(Key::Num1), "Tools, Prepare", "The pipeline of the selected spectra.";
    SideLibrary, View, Nothing, alt(Key::Num2), "Tools, Library", "Browse and search reference spectra.";
    SideMethods, View, Nothing, alt(Key::Num3), "Tools, Methods", "Methods and their settings.";
    SideDetails, View, Nothing, alt(Key::Num4), "Tools, Details", "What is known about the spectrum.";
    ToggleTools, View, Nothing, ctrl(Key::T), "Tools", "Show the tools on the right, or give their room to the middle.";
    ToggleList, View, Nothing, ctrl(Key::B), "List", "Show the list of spectra on the left, or give its room to the middle.";
    ResetView, View, Nothing, bare(Key::Home), "Reset zoom", "Show everything again.";
    Normalise, View, Nothing, alt(Key::N), "Normalise for view", "Draw all curves to the same height; the data stays as it is.";
    Stack, View, Nothing, alt(Key::S), "Stack", "Overlay, stacked or waterfall.";
    Reverse, View, Nothing, alt(Key::R), "Reverse axis", "High positions on the left.";
    Unit, View, Nothing, alt(Key::U), "Axis in cm⁻¹ or nm", "Draw over Raman shift or over wavelength.";
    Crosshair, View, Nothing, alt(Key::C), "Crosshair", "Read position and value under the pointer.";
    Peaks, View, Nothing, alt(Key::P), "Peak labels", "Write the positions of peaks above them.";
    Ruler, View, Nothing, alt(Key::M), "Ruler", "Measure the distance between two peaks: click one, then the other.";
    Bands, View, Nothing, alt(Key::B), "Error bands", "How far the spectra of components may be off, from methods that know: they lie within the band in nine cases of ten.";
    ToggleLog, View, Nothing, None, "Log", "What happened in this session.";
    ToggleTheme, View, Nothing, None, "Light or dark", "Change between the light and the dark theme.";
    ZoomIn, View, Nothing, ctrl(Key::Plus), "Larger text", "Enlarge the whole window's contents.";
    ZoomOut, View, Nothing, ctrl(Key::Minus), "Smaller text", "Shrink the whole window's contents.";

    Compare, Analyse, Selection, ctrl(Key::Enter), "Compare methods", "Run the chosen methods on the active spectrum, side by side.";
    CompareMany, Analyse, Selection, ctrl_shift(Key::Enter), "Compare on all selected", "Run the chosen methods on every selected spectrum, or on every pixel of a map.";
    SearchLibrary, Analyse, Selection, ctrl(Key::F), "Search library", "Rank the references that the active spectrum is most like.";
    RecoverCars, Analyse, Selection, ctrl(Key::R), "Recover Raman from CARS", "Take the active spectrum for CARS: its Raman spectrum and background by all recovery methods, side by side.";
    KeepRecovered, Analyse, Recovered, None, "Add recovered spectra to the list", "Go on with the spectra recovered from CARS as with any others: search, compare, export.";
    TrainModel, Analyse, Nothing, ctrl(Key::M), "Train a mixture model…", "A network of your own that names and doses the substances whose pure spectra are selected, in minutes.";
    OpenLibrary, Analyse, Nothing, None, "Open library…", "Load reference spectra from a folder, an archive or a library file.";
    CancelJobs, Analyse, Job, bare(Key::Escape), "Cancel running jobs", "Stop what is running; what was finished stays.";

    Palette, Help, Nothing, ctrl(Key::K), "Search commands…", "Find any command by its name.";
    Help, Help, Nothing, bare(Key::F1), "Help", "What every command does, and its keys.";
    Notices, Help, Nothing, None, "Copy all notices", "Put the open notices on the clipboard.";
    About, Help, Nothing, None, "About Unravel", "Version, device, licences.";
}

impl Action {
    /// Its description.
    pub fn info(self) -> &'static ActionInfo {
        // The table holds every action, in the order of the enumeration.
        &ACTIONS[self as usize]
    }

    /// Name in menus.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The view in the middle that it stands for.
    pub fn tab(self) -> Option<Tab> {
        match self {
            Self::ViewSpectra => Some(Tab::Spectra),
            Self::ViewMap => Some(Tab::Map),
            Self::ViewCompare => Some(Tab::Compare),
            Self::ViewTable => Some(Tab::Table),
            _ => None,
        }
    }

    /// The tools on the right that it stands for.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::SidePrepare => Some(Side::Prepare),
            Self::SideLibrary => Some(Side::Library),
            Self::SideMethods => Some(Side::Methods),
            Self::SideDetails => Some(Side::Details),
            _ => None,
        }
    }
}

impl ActionInfo {
    /// What it does and the keys for it, for tooltips.
    pub fn tooltip(&self, keys: impl Fn(&KeyboardShortcut) -> String) -> String {
        match &self.shortcut {
            Some(shortcut) => format!("{}\n{}", self.what, keys(shortcut)),
            None => self.what.to_owned(),
        }
    }

    /// Whether it goes with what the user typed: every word somewhere in name or description.
    pub fn matches(&self, typed: &str) -> bool {
        let text = format!("{} {} {}", self.menu.name(), self.name, self.what).to_lowercase();
        typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_finds_its_own_description() {
        for (index, info) in ACTIONS.iter().enumerate() {
            assert_eq!(info.action as usize, index, "{}", info.name);
            assert_eq!(info.action.info().name, info.name);
        }
    }

    #[test]
    fn no_two_actions_share_keys_or_a_name() {
        for (i, a) in ACTIONS.iter().enumerate() {
            for b in &ACTIONS[..i] {
                assert_ne!(a.name, b.name);
                assert!(a.shortcut.is_none() || a.shortcut != b.shortcut, "{} and {}", a.name, b.name);
            }
        }
    }

    #[test]
    fn the_palette_finds_actions_by_words_in_any_order() {
        assert!(Action::ExportComponents.info().matches("csv components"));
        assert!(!Action::ExportComponents.info().matches("csv nothing"));
    }
}
