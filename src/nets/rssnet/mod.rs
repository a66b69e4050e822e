//! RSSNet: dual-path separation with top-down attention (arXiv 2604.22324; spec sections 3 and 4).

mod block;
mod config;
mod network;
#[cfg(test)]
mod tests;

pub use config::{RssnetConfig, Side};
pub use network::Rssnet;
