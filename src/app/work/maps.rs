//! Images of maps on their way: a band is dragged, the image of its newest place follows.

use std::convert::Infallible;
use std::sync::Arc;

use crate::app::app::App;
use crate::app::derived::step_references;
use crate::jobs::{Failure, Handle, Lane};
use crate::process::SetOutcome;
use crate::session::{Data, ItemId, Version};
use crate::spectrum::{Band, BandPlan, Measure, SpectrumSet};

/// Which image of a map is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImageKey {
    /// The map.
    pub item: ItemId,
    /// State of its preparation; `None` for the map as measured.
    pub version: Option<Version>,
    /// The band.
    pub band: Band,
    /// What is measured in it.
    pub measure: Measure,
}

/// One value for every row of a map.
#[derive(Debug, Clone)]
pub struct BandImage {
    /// What it is an image of.
    pub key: ImageKey,
    /// The values, row by row; not a number where there is none.
    pub values: Arc<[f32]>,
    /// No other image has this number.
    pub number: u64,
    /// Smallest and largest value.
    pub whole: [f32; 2],
    /// The values that 1 % and 99 % of all are below: one hot pixel does not darken the rest.
    pub most: [f32; 2],
}

/// Images of the map that is looked at.
#[derive(Default)]
pub struct Maps {
    wanted: Option<ImageKey>,
    running: Option<(ImageKey, Handle<Infallible, BandImage>)>,
    image: Option<BandImage>,
    /// Why the image that is wanted cannot be had.
    failed: Option<(ImageKey, String)>,
    prepared: Option<(ItemId, Version, Arc<SpectrumSet>)>,
    preparing: Option<(ItemId, Version, Handle<Infallible, SetOutcome>)>,
    numbers: u64,
}

impl Maps {
    /// The image asked for last, or the one before it while that is in the making.
    pub fn image(&self, item: ItemId) -> Option<&BandImage> {
        self.image.as_ref().filter(|image| image.key.item == item)
    }

    /// Whether this image is there, in the making, or known to be impossible.
    pub fn knows(&self, key: &ImageKey) -> bool {
        self.wanted.as_ref() == Some(key)
    }

    /// Why there is no such image.
    pub fn failure(&self, key: &ImageKey) -> Option<&str> {
        self.failed.as_ref().filter(|(failed, _)| failed == key).map(|(_, why)| why.as_str())
    }

    /// Whether the steps of this map are being done.
    pub fn preparing(&self, item: ItemId) -> bool {
        self.preparing.as_ref().is_some_and(|(id, ..)| *id == item)
    }

    /// The map after its steps, if it is ready.
    fn ready(&self, item: ItemId, version: Version) -> Option<Arc<SpectrumSet>> {
        self.prepared
            .as_ref()
            .filter(|(i, v, _)| (*i, *v) == (item, version))
            .map(|(.., set)| Arc::clone(set))
    }
}

impl App {
    /// Makes an image of a map; of several asked for meanwhile only the last is made.
    pub(in crate::app) fn want_image(&mut self, key: ImageKey) {
        self.work.maps.wanted = Some(key);
        self.begin_image();
    }

    /// Takes images and prepared maps in.
    pub(in crate::app) fn take_maps(&mut self) {
        let document = self.session.document();
        let maps = &mut self.work.maps;
        if maps.wanted.is_some_and(|key| document.item(key.item).is_none()) {
            *maps = Maps { numbers: maps.numbers, ..Maps::default() };
        }
        if let Some((item, version, handle)) = &mut maps.preparing
            && let Some(end) = handle.ended()
        {
            let (item, version) = (*item, *version);
            maps.preparing = None;
            match end {
                Ok(outcome) => {
                    let bad = outcome.refused.len();
                    maps.prepared = Some((item, version, Arc::new(outcome.set)));
                    if bad > 0 {
                        let sentence =
                            format!("{bad} spectra of the map could not be prepared and are shown as zero");
                        let details =
                            outcome.refused.iter().map(|(row, e)| format!("spectrum {}: {e}", row + 1));
                        self.notices.warning(sentence, details.collect());
                    }
                }
                Err(failure) => maps.fail(&failure),
            }
        }
        if let Some((key, handle)) = &mut maps.running
            && let Some(end) = handle.ended()
        {
            let key = *key;
            maps.running = None;
            match end {
                Ok(image) => {
                    maps.image = Some(image);
                    maps.failed = None;
                }
                Err(failure) if maps.wanted == Some(key) => maps.fail(&failure),
                Err(_) => {}
            }
        }
        self.begin_image();
    }

    /// Begins the image that is wanted, or what it needs, unless something is under way.
    fn begin_image(&mut self) {
        let document = Arc::clone(self.session.document());
        let maps = &mut self.work.maps;
        let Some(key) = maps.wanted else { return };
        let there = maps.image.as_ref().is_some_and(|image| image.key == key);
        if there || maps.running.is_some() || maps.failure(&key).is_some() {
            return;
        }
        let Some(item) = document.item(key.item) else { return };
        let Data::Set(raw) = &item.raw else { return };
        let set = match key.version {
            Some(version) if !item.steps.steps.is_empty() => {
                if let Some(set) = maps.ready(key.item, version) {
                    set
                } else {
                    let under_way =
                        maps.preparing.as_ref().is_some_and(|(i, v, _)| (*i, *v) == (key.item, version));
                    if !under_way && item.version == version {
                        let references = step_references(&document, &item.steps);
                        let handle = self.jobs.prepare_set(Arc::clone(raw), item.steps.clone(), references);
                        maps.preparing = Some((key.item, version, handle));
                    }
                    return;
                }
            }
            _ => Arc::clone(raw),
        };
        maps.numbers += 1;
        let number = maps.numbers;
        let handle = self.jobs.submit(format!("Drawing {}", item.name), Lane::Quick, move |ticket| {
            let Some(plan) = BandPlan::new(set.axis(), key.band, key.measure) else {
                return Err(Failure::Refused(
                    "no point of the spectra lies in the band: make it wider or move it".to_owned(),
                ));
            };
            let values = ticket.wide(|| plan.of_set(&set));
            Ok(BandImage::new(key, values, number))
        });
        maps.running = Some((key, handle));
    }
}

impl Maps {
    fn fail(&mut self, failure: &Failure) {
        self.failed = self.wanted.map(|key| (key, failure.to_string()));
    }
}

impl BandImage {
    fn new(key: ImageKey, values: Vec<f32>, number: u64) -> Self {
        let mut finite: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
        finite.sort_unstable_by(f32::total_cmp);
        let at = |part: f64| {
            let last = finite.len().saturating_sub(1) as f64;
            finite.get((part * last).round() as usize).copied().unwrap_or_default()
        };
        Self { key, values: values.into(), number, whole: [at(0.0), at(1.0)], most: [at(0.01), at(0.99)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hot_pixel_and_missing_ones_do_not_set_the_scale() {
        let key =
            ImageKey { item: ItemId(1), version: None, band: Band::new(1.0, 2.0), measure: Measure::Mean };
        let mut values: Vec<f32> = (0..=200_u8).map(f32::from).collect();
        values[7] = 1e9;
        values.push(f32::NAN);
        let image = BandImage::new(key, values, 1);
        let bits = |range: [f32; 2]| range.map(f32::to_bits);
        assert_eq!(bits(image.whole), bits([0.0, 1e9]));
        assert_eq!(bits(image.most), bits([2.0, 199.0]));
        assert_eq!(bits(BandImage::new(key, vec![f32::NAN], 2).whole), bits([0.0, 0.0]));
    }
}
