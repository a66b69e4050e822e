//! `RSSNet` and its like: a trained network takes the spectrum apart without a library; a library then names what came out.
//!
//! ```text
//! mixture --raw--> without background --grid--> the model's axis --forward--> two curves without scale, sign, offset
//!   --apart--> scaled to the mixture, more or fewer than two --naming--> species of the library --write--> Outcome
//! ```
//!
//! `model` is the network that ships with the program, or another one from a file.

mod apart;
mod forward;
mod grid;
mod method;
mod model;
mod naming;
mod probes;
mod raw;
#[cfg(test)]
mod tests;
mod write;

pub(super) use method::Rssnet;
pub use model::model;
pub use probes::probes;
