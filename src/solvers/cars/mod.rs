//! Phase retrieval from CARS spectra.
//!
//! A CARS spectrum is `I = |chi_R + chi_NR|^2`; the Raman spectrum is `Im chi_R`. [`Hilbert`] ties the real to the imaginary
//! part, [`forward()`] is the measurement, and [`smooth_background`] reads `chi_NR` off a spectrum whose `Im chi_R` is known.
//! [`kramers_kronig`] and [`maximum_entropy`] retrieve the phase, [`Phase`] says how slow errors of it are taken off.
//! [`fit_forward`] fits both parts through the forward model, on from a first guess. [`score()`] compares a recovered Raman spectrum with the true one. Everything stands on an even, rising grid in f64.

mod als;
mod descent;
mod fit;
mod forward;
mod hilbert;
mod kk;
mod mem;
mod phase;
mod score;
#[cfg(test)]
mod truth;

pub use als::{als, scaled_lambda, smooth};
pub use fit::{FitSettings, Fitted, fit_forward};
pub use forward::{forward, real_part, smooth_background};
pub use hilbert::{Hilbert, Pad};
pub use kk::{KkSettings, kramers_kronig};
pub use mem::{MemSettings, entropy_phase, maximum_entropy, maximum_entropy_corrected};
pub use phase::{Phase, Retrieved, floored};
pub use score::{Score, min_max, peak_f1, score};
