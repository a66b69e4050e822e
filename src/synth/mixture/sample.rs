//! One mixture and what is true about it.

use super::stream::{Scratch, Slots};

/// What happened to the axis and the resolution of one component.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Distortion {
    /// Shift of the wavenumber scale in cm-1.
    pub shift_cm1: f64,
    /// Relative stretch about the middle of the axis.
    pub stretch: f64,
    /// Broadening, full width at half maximum in cm-1.
    pub broadening_cm1: f64,
}

/// What is in a sample. Component `i` is row `rows[i]`, scaled as the recipe says, times `weights[i] * gain`, distorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Truth {
    /// Rows of the pure spectra.
    pub rows: Vec<usize>,
    /// Species of each.
    pub groups: Vec<u32>,
    /// Further rows that were blended into components.
    pub blended: Vec<usize>,
    /// Weights as drawn.
    pub weights: Vec<f64>,
    /// Distortion of each component.
    pub distortions: Vec<Distortion>,
    /// Factor on the whole mixture: gain and normalising.
    pub gain: f64,
    /// 10 log10(mean(clean^2) / mean(noise^2)); infinite without noise. Spikes do not count.
    pub snr_db: f64,
    /// Where cosmic rays hit.
    pub spikes: Vec<usize>,
}

impl Truth {
    /// The `RaMixNet` label for these species in this order: presence of each (0 or 1), then the weight of each. `out` has
    /// twice as many places as there are species.
    pub fn label(&self, species: &[u32], out: &mut [f32]) {
        out.fill(0.0);
        for (place, wanted) in species.iter().enumerate() {
            for (group, weight) in self.groups.iter().zip(&self.weights) {
                if group == wanted && *weight > 0.0 {
                    out[place] = 1.0;
                    out[species.len() + place] += *weight as f32;
                }
            }
        }
    }
}

/// One mixture, its clean components and its truth. Kept between samples it is filled again without allocation.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    mixture: Vec<f32>,
    clean: Vec<f32>,
    background: Vec<f32>,
    parts: Vec<f32>,
    truth: Truth,
    scratch: Scratch,
}

impl Sample {
    /// As measured: clean + background + noise + spikes.
    pub fn mixture(&self) -> &[f32] {
        &self.mixture
    }

    /// Sum of the components.
    pub fn clean(&self) -> &[f32] {
        &self.clean
    }

    /// Background and vertical shift.
    pub fn background(&self) -> &[f32] {
        &self.background
    }

    /// The components as mixed: weighted, scaled and distorted, so that they sum to [`Sample::clean`].
    pub fn parts(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.parts.chunks_exact(self.mixture.len().max(1)).take(self.truth.rows.len())
    }

    /// What is in it.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Borrowed places for a sample of this size.
    pub(super) fn slots(&mut self, points: usize, most: usize) -> (Slots<'_>, &mut Scratch) {
        for part in [&mut self.mixture, &mut self.clean, &mut self.background] {
            part.resize(points, 0.0);
        }
        self.parts.resize(points * most, 0.0);
        let slots = Slots {
            mixture: &mut self.mixture,
            clean: &mut self.clean,
            background: &mut self.background,
            parts: &mut self.parts,
            truth: &mut self.truth,
        };
        (slots, &mut self.scratch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_presence_then_level() {
        let truth =
            Truth { rows: vec![0, 9], groups: vec![4, 7], weights: vec![0.1, 0.7], ..Truth::default() };
        let mut label = [9.0; 8];
        truth.label(&[4, 5, 6, 7], &mut label);
        let bits = |label: [f32; 8]| label.map(f32::to_bits);
        assert_eq!(bits(label), bits([1.0, 0.0, 0.0, 1.0, 0.1, 0.0, 0.0, 0.7]));
    }
}
