//! The task: estimates of a mixture's components, whatever their order, scale and offset.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::super::task::{Set, Task};
use super::super::{Material, Plan, TrainError};
use super::recipe::{paper, realistic};
use crate::nets::{Dropout, Separator, separation_loss};
use crate::spectrum::metrics::si_snr_db;
use crate::synth::{Batch, Rng, Stream};

/// Marks the validation's mixtures among those of the same seed.
const CHECKS: u64 = 0x0C4E_C450;
/// Mixtures whose mean input SI-SNR is stated.
const STATED: u64 = 1000;

/// A separator's training and validation.
#[derive(Debug)]
pub struct Separation {
    stream: Stream,
    /// Mixtures of trained rows, then as many of rows held out.
    checks: [Batch; 2],
    sources: usize,
    dropout: f64,
}

impl Separation {
    /// The task of a plan. Validation is always by the paper's protocol, so that figures compare.
    pub fn new(plan: &Plan, material: &Material) -> Result<Self, TrainError> {
        let sources = plan.network.sources();
        if sources > 3 {
            return Err(TrainError::Asked(format!("{sources} components: up to 3 can be trained")));
        }
        let recipe = if plan.realistic { realistic(sources) } else { paper(sources) };
        let of =
            |rows: &[usize], recipe, seed| Stream::of_rows(Arc::clone(&material.pures), rows, recipe, seed);
        let check = |rows: &[usize]| -> Result<Batch, TrainError> {
            let mut batch = Batch::default();
            let stream = of(rows, paper(sources), plan.seed ^ CHECKS)?;
            stream.fill(0..plan.validation as u64, &mut batch);
            Ok(batch)
        };
        let checks = [check(&material.trained)?, check(&material.held_out)?];
        let stream = of(&material.trained, recipe, plan.seed)?;
        Ok(Self { stream, checks, sources, dropout: plan.network.dropout() })
    }

    /// Mean SI-SNR of the training mixtures against their components (spec section 7: -1.1 to -1.4 dB for RRUFF).
    pub fn input_si_snr_db(&self) -> f64 {
        let mut batch = Batch::default();
        self.stream.fill(0..STATED, &mut batch);
        (0..batch.len()).map(|i| self.untouched(&batch, i)).sum::<f64>() / batch.len().max(1) as f64
    }

    /// Mean SI-SNR of a mixture itself.
    fn untouched(&self, batch: &Batch, i: usize) -> f64 {
        let parts = (0..self.sources).map(|c| si_snr_db(batch.mixture(i), batch.part(i, c)));
        parts.sum::<f64>() / self.sources as f64
    }
}

impl Task for Separation {
    type Net = Separator;
    type Batch = Batch;

    fn batch(&self, first: u64, count: usize) -> Batch {
        let mut batch = Batch::default();
        self.stream.fill(first..first + count as u64, &mut batch);
        batch
    }

    fn loss(
        &self,
        net: &Separator,
        batch: &Batch,
        rows: Range<usize>,
        chance: Rng,
        device: &Device,
    ) -> Tensor<1> {
        let (n, points, most) = (rows.len(), batch.points(), batch.most_parts());
        let part = |values: &[f32], width: usize| {
            let values = values.get(rows.start * width..rows.end * width).unwrap_or_default();
            Tensor::<1>::from_floats(values, device)
        };
        let mixtures = part(batch.mixtures(), points).reshape([n, points]);
        let references = part(batch.parts(), points * most).reshape([n, most, points]);
        let mut dropout =
            if self.dropout > 0.0 { Dropout::new(self.dropout, chance) } else { Dropout::none() };
        separation_loss(net.forward(mixtures, &mut dropout), references)
    }

    fn sets(&self) -> Vec<Set> {
        let [known, held_out] = &self.checks;
        let end = known.len() + held_out.len();
        vec![
            Set { name: "known_si_snri_db", label: "known", items: 0..known.len() },
            Set { name: "held_out_si_snri_db", label: "held out", items: known.len()..end },
        ]
    }

    fn judge(&self, net: &Separator, items: Range<usize>, device: &Device) -> Result<Vec<f64>, String> {
        let places: Vec<(&Batch, usize)> = items
            .map(|item| match item.checked_sub(self.checks[0].len()) {
                None => (&self.checks[0], item),
                Some(item) => (&self.checks[1], item),
            })
            .collect();
        let points = self.stream.points();
        let flat: Vec<f32> = places.iter().flat_map(|(batch, i)| batch.mixture(*i)).copied().collect();
        let input = Tensor::<1>::from_floats(flat.as_slice(), device).reshape([places.len(), points]);
        let output = net.forward(input, &mut Dropout::none());
        let data = output.try_into_data().map_err(|e| format!("the estimates cannot be read: {e:?}"))?;
        let values = data.try_to_vec::<f32>().map_err(|e| format!("the estimates cannot be read: {e:?}"))?;
        let gain = |((batch, i), estimates): (&(&Batch, usize), &[f32])| {
            let table: Vec<Vec<f64>> = estimates
                .chunks_exact(points)
                .map(|e| (0..self.sources).map(|c| si_snr_db(e, batch.part(*i, c))).collect())
                .collect();
            best_order(&table, 0) / self.sources as f64 - self.untouched(batch, *i)
        };
        Ok(places.iter().zip(values.chunks_exact(points * self.sources)).map(gain).collect())
    }
}

/// Largest sum of one cell a row, no column twice, from this row on; `used` holds the columns taken, bit by bit.
fn best_order(table: &[Vec<f64>], used: u32) -> f64 {
    let Some((row, rest)) = table.split_first() else { return 0.0 };
    let free = row.iter().enumerate().filter(|(c, _)| used & (1 << c) == 0);
    free.map(|(c, cell)| cell + best_order(rest, used | (1 << c))).fold(f64::MIN, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_order_is_found_and_never_takes_a_reference_twice() {
        let table = [vec![9.0, 8.0], vec![7.0, 1.0]];
        assert!((best_order(&table, 0) - 15.0).abs() < 1e-12);
        let table = [vec![1.0, 2.0, 3.0], vec![2.0, 3.0, 1.0], vec![3.0, 1.0, 2.0]];
        assert!((best_order(&table, 0) - 9.0).abs() < 1e-12);
    }
}
