//! What the panel shows, for figures.

use std::sync::Arc;

use super::controls::Shows;
use super::panel::MapState;
use crate::app::export::Layer;
use crate::app::plot::{significant, unit_text};
use crate::app::view::View;
use crate::session::Item;
use crate::spectrum::SpectrumSet;

impl MapState {
    /// The images that the panel shows of this map; none where they are not made yet.
    pub fn layers(&self, view: &View, item: &Item, set: &SpectrumSet) -> Vec<Layer> {
        let Some(look) = self.looks.get(&item.id) else { return Vec::new() };
        if look.shows == Shows::Shares {
            return self.shares.layers(item.id);
        }
        let image = view.work.maps.image(item.id);
        let unit = unit_text(set.axis().kind());
        let layer = image.map(|image| {
            let [low, high] = look.scale.range(image);
            Layer {
                heading: format!(
                    "Band {} to {} {unit}",
                    significant(look.band.low()),
                    significant(look.band.high())
                ),
                unit: look.kind.title(set),
                values: Arc::clone(&image.values),
                range: Some((low, high)),
            }
        });
        layer.into_iter().collect()
    }
}
