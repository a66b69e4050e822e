//! Pure spectra that the user knows to be in the mixtures, and how well components agree with them.

use std::path::PathBuf;

use super::super::Usage;
use super::super::output;
use crate::methods::{Component, Outcome};
use crate::spectrum::metrics::si_snr_db;
use crate::spectrum::resample::{Interpolation, resample};
use crate::spectrum::{Axis, AxisKind, Spectrum};

/// Most pure spectra: every assignment to the components is tried.
const MOST: usize = 12;

/// The pure spectra.
pub struct Truth(Vec<Spectrum>);

/// A component's partner among the pure spectra.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub name: String,
    pub si_snr_db: f64,
}

impl Truth {
    pub fn open(paths: &[PathBuf]) -> Result<Self, Usage> {
        let (mut pure, mut trouble) = (Vec::new(), None);
        output::each_input(paths, true, &mut |opened| match opened.result {
            Ok(decoded) => pure.extend(decoded.spectra().map(|s| (opened.name.clone(), s))),
            Err(error) => trouble = trouble.take().or(Some(error.to_string())),
        });
        if let Some(trouble) = trouble {
            return Err(Usage(format!("--truth {trouble}")));
        }
        if pure.is_empty() || pure.len() > MOST {
            return Err(Usage(format!("--truth: found {} pure spectra, expected 1 to {MOST}", pure.len())));
        }
        let converted = pure.into_iter().map(|(file, spectrum)| {
            spectrum.converted(&AxisKind::RamanShift).map_err(|e| Usage(format!("--truth {file}: {e}")))
        });
        Ok(Self(converted.collect::<Result<_, _>>()?))
    }

    /// The assignment of pure spectra to components with the largest sum of SI-SNR; a component beyond their number
    /// has none.
    pub fn matched(&self, outcome: &Outcome) -> Vec<Option<Match>> {
        let pure: Vec<Vec<f32>> = self.0.iter().map(|s| on_axis(s, outcome.axis())).collect();
        let score = |c: &Component| pure.iter().map(|p| si_snr_db(&c.spectrum, p)).collect::<Vec<f64>>();
        let scores: Vec<Vec<f64>> = outcome.components.iter().map(score).collect();
        let found = |(partner, scores): (Option<usize>, &Vec<f64>)| {
            let at = partner?;
            let name = self.0.get(at)?.meta.display_name().to_owned();
            Some(Match { name, si_snr_db: *scores.get(at)? })
        };
        assignment(&scores, pure.len()).into_iter().zip(&scores).map(found).collect()
    }
}

fn on_axis(spectrum: &Spectrum, axis: &Axis) -> Vec<f32> {
    let own = spectrum.axis();
    if own.as_ref() == axis {
        return spectrum.y().to_vec();
    }
    let finer = own.mean_step() < 0.75 * axis.mean_step();
    resample(own, spectrum.y(), axis, if finer { Interpolation::Area } else { Interpolation::Cubic }, 0.0)
}

/// Best partner of each row, no partner twice, as many partners as there can be. `scores`: [rows, partners]. Goes
/// through sets of used partners, keeping the best way to each.
fn assignment(scores: &[Vec<f64>], partners: usize) -> Vec<Option<usize>> {
    // Larger than any sum of scores: a further partner always counts more than a better one.
    const PARTNER: f64 = 1e6;
    let sets = 1_usize << partners.min(MOST);
    let mut best: Vec<Option<(f64, Vec<Option<usize>>)>> = vec![None; sets];
    best[0] = Some((0.0, Vec::new()));
    for row in scores {
        let mut next: Vec<Option<(f64, Vec<Option<usize>>)>> = vec![None; sets];
        for (set, way) in best.into_iter().enumerate() {
            let Some((sum, way)) = way else { continue };
            let mut offer = |set: usize, sum: f64, partner: Option<usize>| {
                let better = next[set].as_ref().is_none_or(|(have, _)| sum > *have);
                if better {
                    let mut way = way.clone();
                    way.push(partner);
                    next[set] = Some((sum, way));
                }
            };
            offer(set, sum, None);
            for (partner, score) in row.iter().enumerate().take(MOST) {
                if set & (1 << partner) == 0 {
                    offer(set | (1 << partner), sum + score + PARTNER, Some(partner));
                }
            }
        }
        best = next;
    }
    let top = best.into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a });
    top.map(|(_, way)| way).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_sum_wins_not_the_best_first_choice() {
        assert_eq!(assignment(&[vec![10.0, 9.0], vec![9.5, 1.0]], 2), [Some(1), Some(0)]);
        assert_eq!(assignment(&[vec![-5.0], vec![3.0], vec![1.0]], 1), [None, Some(0), None]);
        assert_eq!(assignment(&[vec![-20.0, -30.0]], 2), [Some(0)]);
        assert!(assignment(&[], 2).is_empty());
    }
}
