//! The network that ships with the program, or another one from a file.

use std::sync::Arc;

use super::super::MethodError;
use super::super::model::{Model, Shelf};
use crate::nets::SeparatorConfig;

static SHELF: Shelf<SeparatorConfig> = Shelf::new(
    include_str!("../../../models/rssnet.json"),
    include_bytes!("../../../models/rssnet.safetensors"),
    "rssnet.json",
);

/// The model of a setting: `built-in`, a card, weights with their card beside them, or a folder with a card in it.
pub fn model(setting: &str) -> Result<Arc<Model<SeparatorConfig>>, MethodError> {
    SHELF.model(setting)
}
