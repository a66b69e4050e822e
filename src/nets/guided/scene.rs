//! What the network looks at: the search's explanation of one mixture, slot by slot.

use super::{Form, GuidedConfig};

/// Slots with less than this part of the mixture's power count as this much: their shape is noise.
const LEAST_POWER: f64 = 1e-6;

/// One candidate component. Curves stand on the network's axis in the units of the mixture.
#[derive(Debug, Clone)]
pub struct Slot {
    /// As the search thinks it is in the sample; zeros for the slot of what the library lacks.
    pub likely: Vec<f32>,
    /// Stored spectra times their weights.
    pub stored: Vec<f32>,
    /// Probability of its species by the search, 0 to 1.
    pub confidence: f32,
    /// No candidate: what the library lacks.
    pub lacking: bool,
}

impl Slot {
    /// The slot of what the library lacks.
    pub fn lacking(points: usize) -> Self {
        Self { likely: vec![0.0; points], stored: vec![0.0; points], confidence: 0.0, lacking: true }
    }
}

/// One mixture as the search explains it: mixture = background + likely components + what is left.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The mixture.
    pub mixture: Vec<f32>,
    /// The smooth part that belongs to no component.
    pub background: Vec<f32>,
    /// The slots; at most one of them `lacking`, the last.
    pub slots: Vec<Slot>,
    /// The stored spectra explain the mixture better as they are than with deviations.
    pub exact: bool,
    /// Standard deviation of the noise of one point.
    pub noise: f64,
}

impl Scene {
    /// Points of the axis.
    pub fn points(&self) -> usize {
        self.mixture.len()
    }

    /// What everything is divided by before the network sees it: root mean square of the mixture over its background.
    pub fn unit(&self) -> f64 {
        let over = self.mixture.iter().zip(&self.background).map(|(y, b)| f64::from(y - b));
        rms(over, self.points()).max(f64::MIN_POSITIVE)
    }

    /// Root mean square of every slot's likely component in that unit; what its own corrections are scaled by.
    pub fn sizes(&self) -> Vec<f32> {
        let unit = self.unit();
        let size = |slot: &Slot| {
            let own = rms(slot.likely.iter().map(|v| f64::from(*v) / unit), self.points());
            own.max(LEAST_POWER.sqrt()) as f32
        };
        self.slots.iter().map(size).collect()
    }

    /// Input of the network: `[slot, point, channel]` one after the other.
    pub fn channels(&self, config: &GuidedConfig, into: &mut Vec<f32>) {
        let scale = (1.0 / self.unit()) as f32;
        let sizes = self.sizes();
        let mut sum = vec![0.0_f32; self.points()];
        for slot in &self.slots {
            sum.iter_mut().zip(&slot.likely).for_each(|(s, v)| *s += v);
        }
        let noise = ((self.noise * f64::from(scale)).max(1e-6).ln() * 0.25) as f32;
        for (slot, size) in self.slots.iter().zip(&sizes) {
            let constants = [
                0.25 * size.ln(),
                slot.confidence,
                f32::from(u8::from(self.exact)),
                f32::from(u8::from(slot.lacking)),
                noise,
            ];
            let whole = self.mixture.iter().zip(&self.background).zip(&sum);
            for (((y, background), all), (likely, stored)) in whole.zip(slot.likely.iter().zip(&slot.stored))
            {
                let (over, own, all) = (scale * (y - background), scale * likely, scale * all);
                into.extend([over, own, all - own, over - all]);
                if config.form == Form::Full {
                    into.extend([scale * stored, limited(scale * background), own / size]);
                    into.extend(constants);
                }
            }
        }
    }
}

/// The same for small values, never beyond 4: fluorescence may be a hundred times as strong as any line.
fn limited(v: f32) -> f32 {
    v / (1.0 + 0.25 * v.abs())
}

fn rms(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    (values.map(|v| v * v).sum::<f64>() / count.max(1) as f64).sqrt()
}

/// Which slots are the answer when `asked` components are wanted: those whose species is there (log odds `there` above
/// 0), strongest first, then the strongest of the others. Without odds all candidates count as there.
pub fn chosen_slots(powers: &[f64], lacking: &[bool], there: Option<&[f32]>, asked: usize) -> Vec<usize> {
    let sure = |slot: usize| match there {
        Some(odds) => odds[slot] > 0.0,
        None => !lacking[slot],
    };
    let mut order: Vec<usize> = (0..powers.len()).collect();
    order.sort_by(|a, b| sure(*b).cmp(&sure(*a)).then(powers[*b].total_cmp(&powers[*a])));
    order.truncate(asked);
    order
}
