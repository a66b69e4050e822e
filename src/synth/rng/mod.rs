//! Random numbers: [`Rng`], its normals by a ziggurat and its Poisson counts.

mod generator;
mod poisson;
mod ziggurat;

pub use generator::Rng;
