//! Floor 7: the window.

pub mod plot;
