//! Mixtures of pure spectra: what to mix ([`Pures`]), how ([`Recipe`]), and the [`Stream`] that does.

mod batch;
mod choose;
mod pures;
mod recipe;
mod sample;
mod settings;
mod stream;
#[cfg(test)]
mod tests;

pub use batch::Batch;
pub use pures::{Pures, Scale};
pub use recipe::Recipe;
pub use sample::{Distortion, Sample, Truth};
pub use settings::{Blend, Choice, Curve, Glow, Noise, Parts, Span, Spikes};
pub use stream::Stream;
