//! What the window looks like: kept between runs, but no part of the document.

use serde::{Deserialize, Serialize};

use super::export::ExportSettings;
use super::panels::list::ListState;
use super::panels::methods::MethodsState;
use super::plot::{PlotView, ViewUnit};

/// What stands in the middle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// Curves.
    #[default]
    Spectra,
    /// A map as an image.
    Map,
    /// Methods side by side.
    Compare,
    /// Results of many spectra.
    Table,
    /// Raman spectra recovered from CARS.
    Cars,
    /// Mixture models of the user's own.
    Train,
}

impl Tab {
    /// Those that are always there, in their order, with their titles.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Spectra, "Spectra"),
        (Self::Map, "Map"),
        (Self::Compare, "Comparison"),
        (Self::Table, "Results of many"),
    ];
}

/// What stands on the right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// The pipeline editor.
    Prepare,
    /// Reference spectra.
    Library,
    /// Methods and their settings.
    #[default]
    Methods,
    /// Metadata.
    Details,
}

impl Side {
    /// All of them in their order, with their titles.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Prepare, "Prepare"),
        (Self::Library, "Library"),
        (Self::Methods, "Methods"),
        (Self::Details, "Details"),
    ];
}

/// Light, dark, or as the system is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// As the system is set.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The look of the window.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    /// In the middle.
    pub tab: Tab,
    /// On the right.
    pub side: Side,
    /// Theme.
    pub look: Look,
    /// Whether the tools on the right make room for the middle.
    pub tools_hidden: bool,
    /// Whether the list on the left does.
    pub list_hidden: bool,
    /// Whether the log is open.
    pub log_open: bool,
    /// The main plot.
    pub plot: PlotView,
    /// The list of spectra.
    pub list: ListState,
    /// What is compared with what settings.
    pub methods: MethodsState,
    /// What was chosen in exports last.
    pub export: ExportSettings,
}

impl Default for Screen {
    /// Spectra over different axes are drawn over Raman shift, so that their bands stand above one another.
    fn default() -> Self {
        Self {
            tab: Tab::default(),
            side: Side::default(),
            look: Look::default(),
            tools_hidden: false,
            list_hidden: false,
            log_open: false,
            plot: PlotView { unit: ViewUnit::Shift { laser_nm: None }, ..PlotView::default() },
            list: ListState::default(),
            methods: MethodsState::default(),
            export: ExportSettings::default(),
        }
    }
}
