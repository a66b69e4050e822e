//! The parts of the window, one file each; `States` is what they remember between frames.

pub mod bar;
pub mod cars;
pub mod compare;
pub mod details;
pub mod dialogs;
pub mod export;
pub mod library;
pub mod list;
pub mod log;
pub mod map;
pub mod methods;
pub mod notices;
pub mod palette;
pub mod prepare;
pub mod session;
pub mod spectra;
pub mod status;
pub mod table;
pub mod train;
pub mod welcome;

/// What panels remember between frames and no longer.
#[derive(Default)]
pub struct States {
    /// Whether the dark theme is shown.
    pub dark: bool,
    /// The main plot.
    pub spectra: spectra::SpectraState,
    /// The pipeline editor.
    pub prepare: prepare::PrepareState,
    /// Libraries and search.
    pub library: library::LibraryState,
    /// Maps.
    pub map: map::MapState,
    /// The comparison grid.
    pub compare: compare::CompareState,
    /// Results of many spectra.
    pub table: table::TableState,
    /// Raman spectra recovered from CARS.
    pub cars: cars::CarsState,
    /// Training of mixture models.
    pub train: train::TrainState,
    /// What was found out about spectra that may be CARS.
    pub offer: cars::OfferState,
}
