//! `unravel train`: trains a network in a folder, stops by itself, goes on where it stopped.

mod args;
mod begin;
mod cars;
mod family;
mod follow;
mod live;
mod network;
mod outlook;
mod plan;
mod ramixnet;
mod run;

pub use args::TrainArgs;
pub use run::run;
