//! Many samples in flat blocks, as training and scoring take them.

use super::sample::Truth;

/// Samples one after the other in memory. Kept between fills of one size it is filled again without allocation.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub(super) points: usize,
    pub(super) most: usize,
    pub(super) mixtures: Vec<f32>,
    pub(super) backgrounds: Vec<f32>,
    pub(super) parts: Vec<f32>,
    pub(super) truths: Vec<Truth>,
}

impl Batch {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.truths.len()
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.truths.is_empty()
    }

    /// Points of each spectrum.
    pub fn points(&self) -> usize {
        self.points
    }

    /// Places for components in each sample; those that a sample does not use are zero.
    pub fn most_parts(&self) -> usize {
        self.most
    }

    /// Mixtures. `[sample, point]`
    pub fn mixtures(&self) -> &[f32] {
        &self.mixtures
    }

    /// Backgrounds with vertical shifts. `[sample, point]`
    pub fn backgrounds(&self) -> &[f32] {
        &self.backgrounds
    }

    /// Components as mixed. `[sample, component, point]`
    pub fn parts(&self) -> &[f32] {
        &self.parts
    }

    /// What is in each sample.
    pub fn truths(&self) -> &[Truth] {
        &self.truths
    }

    /// One mixture. Panics beyond the end, as a slice does.
    pub fn mixture(&self, sample: usize) -> &[f32] {
        &self.mixtures[sample * self.points..(sample + 1) * self.points]
    }

    /// One component of one sample.
    ///
    /// # Panics
    /// Beyond the end, as a slice does.
    pub fn part(&self, sample: usize, part: usize) -> &[f32] {
        assert!(part < self.most, "component {part} of {}", self.most);
        let first = (sample * self.most + part) * self.points;
        &self.parts[first..first + self.points]
    }

    pub(super) fn resize(&mut self, samples: usize, points: usize, most: usize) {
        (self.points, self.most) = (points, most);
        self.mixtures.resize(samples * points, 0.0);
        self.backgrounds.resize(samples * points, 0.0);
        self.parts.resize(samples * most * points, 0.0);
        self.truths.resize_with(samples, Truth::default);
    }
}
