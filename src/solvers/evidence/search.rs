//! Candidates, their evidence, and the set of species that wins.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::super::{Dictionary, SmallWorkspace, SolverError, Target, nnls_small};
use super::local::{Deviation, LocalModel, Workspace};
use super::pairs::best_pairs;

/// A library as the search sees it.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceLibrary<'a> {
    /// Stored rows one after the other.
    pub rows: &'a [f32],
    /// The same rows in the metric of the search.
    pub dictionary: &'a Dictionary,
    /// Species of each row.
    pub species: &'a [usize],
    /// Positions, rising.
    pub axis: &'a [f64],
}

/// Settings of [`search`].
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceSettings {
    /// How many components the answer may have.
    pub components: RangeInclusive<usize>,
    /// Standard deviation of local gains.
    pub gain: f64,
    /// Standard deviation of local shifts, in units of the axis.
    pub shift: f64,
    /// Distance between knots, in units of the axis.
    pub spacing: f64,
    /// Pairs of species that are weighed.
    pub pairs: usize,
    pub lse: bool,
    pub use_occam: bool,
    pub prior_rows: f64,
    pub drifts: Vec<f64>,
    pub penalty: f64,
    pub per_decade: f64,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self { components: 1..=5, gain: 0.2, shift: 2.0, spacing: 21.0, pairs: 150, lse: true, use_occam: true, prior_rows: 0.0, drifts: vec![0.1, 1.0, 10.0, 100.0, 1e3, 1e4], penalty: 0.0, per_decade: 30.0 }
    }
}

/// A set of species and how well it explains the spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// The species, rising.
    pub species: Vec<usize>,
    /// Rows with their weights, by species.
    pub rows: Vec<Vec<(usize, f64)>>,
    /// The stored spectra explain it as they are.
    pub exact: bool,
    /// Log evidence, prior included.
    pub score: f64,
    pub exact_score: f64,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Every set that was weighed, most likely first.
    pub ranked: Vec<Hypothesis>,
    /// What deviations were assumed.
    pub deviation: Deviation,
}

struct Scorer<'a> {
    library: EvidenceLibrary<'a>,
    gram: &'a [f32],
    model: LocalModel,
    spectrum: Vec<f64>,
    target: Target,
    rows_of: Vec<Vec<usize>>,
    deviation: Deviation,
    workspace: Workspace,
    small: SmallWorkspace,
    seen: HashMap<Vec<usize>, usize>,
    all: Vec<Hypothesis>,
    penalty: f64,
    variance: f64,
    size: f64,
    norms: Vec<f64>,
    lse: bool,
    use_occam: bool,
    prior_rows: f64,
}

/// Most rows of one species that enter a fit.
const MAX_ROWS: usize = 24;

impl Scorer<'_> {
    fn weigh(&mut self, species: &[usize], pair: Option<[usize; 2]>) -> usize {
        let mut species = species.to_vec();
        species.sort_unstable();
        if let Some(at) = self.seen.get(&species) {
            return *at;
        }
        let hypothesis = self.fit(&species, pair);
        self.seen.insert(species, self.all.len());
        self.all.push(hypothesis);
        self.all.len() - 1
    }

    fn gram_of(&self, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let n = self.library.dictionary.count();
        let mut gram = Vec::with_capacity(rows.len() * rows.len());
        for i in rows {
            let row = &self.gram[i * n..(i + 1) * n];
            gram.extend(rows.iter().map(|j| f64::from(row[*j])));
        }
        for k in 0..rows.len() {
            gram[k * rows.len() + k] = 1.0;
        }
        (gram, rows.iter().map(|i| self.target.correlations()[*i]).collect())
    }

    fn curve(&self, rows: &[(usize, f64)]) -> Vec<f64> {
        let n = self.model.len();
        let mut curve = vec![0.0; n];
        for (row, weight) in rows {
            for (c, v) in curve.iter_mut().zip(&self.library.rows[row * n..(row + 1) * n]) {
                *c += weight * f64::from(*v);
            }
        }
        curve
    }

    fn weights(&mut self, rows: &[usize]) -> Vec<f64> {
        let (gram, b) = self.gram_of(rows);
        nnls_small(&mut self.small, &gram, &b, 0);
        let scales = self.library.dictionary.scales();
        rows.iter().zip(self.small.weights()).map(|(i, w)| if scales[*i] > 0.0 { w / scales[*i] } else { 0.0 }).collect()
    }

    fn fit(&mut self, species: &[usize], pair: Option<[usize; 2]>) -> Hypothesis {
        let rows: Vec<usize> = species.iter().flat_map(|s| self.rows_of[*s].iter().copied()).collect();
        let weights = self.weights(&rows);
        let by_species = |rows: &[usize], weights: &[f64]| -> Vec<Vec<(usize, f64)>> {
            species
                .iter()
                .map(|s| {
                    rows.iter()
                        .zip(weights)
                        .filter(|(i, w)| self.library.species[**i] == *s && **w > 0.0)
                        .map(|(i, w)| (*i, *w))
                        .collect()
                })
                .collect()
        };
        let bundle = by_species(&rows, &weights);
        let scales = self.library.dictionary.scales();
        let heaviest: Vec<usize> = bundle
            .iter()
            .filter_map(|rows| {
                rows.iter().max_by(|a, b| (a.1 * scales[a.0]).total_cmp(&(b.1 * scales[b.0]))).map(|r| r.0)
            })
            .collect();
        let none = Hypothesis {
            species: species.to_vec(),
            rows: bundle.clone(),
            exact: false,
            score: f64::NEG_INFINITY,
            exact_score: f64::NEG_INFINITY,
        };
        if bundle.iter().any(Vec::is_empty) {
            return none;
        }
        let relative = self.evidence(&bundle, true);
        let mut singles = by_species(&heaviest, &self.weights(&heaviest));
        let mut exact = if singles.iter().any(Vec::is_empty) {
            f64::NEG_INFINITY
        } else {
            self.evidence(&singles, false)
        };
        if let Some(pair) = pair {
            let by_species = |rows: &[usize], weights: &[f64]| -> Vec<Vec<(usize, f64)>> {
                species
                    .iter()
                    .map(|s| {
                        rows.iter()
                            .zip(weights)
                            .filter(|(i, w)| self.library.species[**i] == *s && **w > 0.0)
                            .map(|(i, w)| (*i, *w))
                            .collect()
                    })
                    .collect()
            };
            let other = by_species(&pair, &self.weights(&pair));
            if other.iter().all(|r| !r.is_empty()) {
                let e = self.evidence(&other, false);
                if e > exact {
                    (exact, singles) = (e, other);
                }
            }
        }
        let relative = relative + self.occam(&heaviest);
        if exact > f64::NEG_INFINITY {
            let used: Vec<usize> = singles.iter().map(|r| r[0].0).collect();
            exact += if used.len() == 2 && self.lse { self.over_rows(species, &used) } else { self.occam(&used) };
        }
        let high = exact.max(relative);
        let counts: f64 = species.iter().map(|s| (self.rows_of[*s].len() as f64).ln()).sum();
        let (exact, relative) = (exact - if self.lse && species.len() == 2 { counts } else { 0.0 } + self.prior_rows * counts, relative + self.prior_rows * counts);
        let high = exact.max(relative);
        let prior = self.penalty * species.len() as f64;
        Hypothesis {
            species: species.to_vec(),
            rows: if exact >= relative { singles } else { bundle },
            exact: exact >= relative,
            score: high + ((exact - high).exp() + (relative - high).exp()).ln() - prior,
            exact_score: exact - prior,
        }
    }

    fn occam(&self, rows: &[usize]) -> f64 {
        if !self.use_occam { return 0.0 }
        let (gram, _) = self.gram_of(rows);
        let k = rows.len();
        let mut chol = super::super::linalg::Cholesky::with_capacity(k);
        let mut log_det = 0.0;
        for i in 0..k {
            if !chol.append((0..i).map(|j| gram[i * k + j]), 1.0) { return -20.0 }
        }
        for i in 0..k { log_det += 2.0 * chol.row(i)[i].ln(); }
        rows.iter().map(|r| self.width(*r)).sum::<f64>() - 0.5 * log_det
    }

    fn width(&self, row: usize) -> f64 {
        0.5 * (2.0 * std::f64::consts::PI * self.variance).ln()
            - (self.size * self.library.dictionary.scales()[row] / self.norms[row]).ln()
    }

    fn over_rows(&self, species: &[usize], used: &[usize]) -> f64 {
        let n = self.library.dictionary.count();
        let b = self.target.correlations();
        let energy = |i: usize, j: usize| {
            let g = f64::from(self.gram[i * n + j]);
            let (own, other) = (b[i] - g * b[j], b[j] - g * b[i]);
            let angle = 1.0 - g * g;
            (own > 0.0 && other > 0.0 && angle > 1e-4).then(|| ((b[i] * own + b[j] * other) / angle, angle))
        };
        let best = energy(used[0], used[1]).map_or(0.0, |e| e.0);
        let mut sum = 0.0;
        for i in &self.rows_of[species[0]] {
            for j in &self.rows_of[species[1]] {
                if let Some((e, angle)) = energy(*i, *j) {
                    let o = if self.use_occam { self.width(*i) + self.width(*j) - 0.5 * angle.ln() } else { 0.0 };
                    sum += (((e - best) / (2.0 * self.variance)).min(30.0) + o).exp();
                }
            }
        }
        if sum > 0.0 { sum.ln() } else { self.occam(used) }
    }

    fn evidence(&mut self, rows: &[Vec<(usize, f64)>], relative: bool) -> f64 {
        let curves: Vec<Vec<f64>> = rows.iter().map(|r| self.curve(r)).collect();
        let parts: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
        let deviation =
            if relative { self.deviation } else { Deviation { gain: 0.0, shift: 0.0, ..self.deviation } };
        self.model.log_evidence(&self.spectrum, &parts, &deviation, &mut self.workspace)
    }

    /// Species by how much of a residual they would explain, best first.
    fn wanted(&self, correlations: &[f64], without: &[usize]) -> Vec<usize> {
        let mut best = vec![0.0_f64; self.rows_of.len()];
        for (c, s) in correlations.iter().zip(self.library.species) {
            best[*s] = best[*s].max(*c);
        }
        let mut order: Vec<usize> = (0..best.len()).filter(|s| best[*s] > 0.0 && !without.contains(s)).collect();
        order.sort_by(|a, b| best[*b].total_cmp(&best[*a]).then(a.cmp(b)));
        order
    }

    fn residual_correlations(&mut self, at: usize) -> Result<Vec<f64>, SolverError> {
        let h = &self.all[at];
        let curves: Vec<Vec<f64>> = h.rows.iter().map(|r| self.curve(r)).collect();
        let parts: Vec<&[f64]> = curves.iter().map(Vec::as_slice).collect();
        let deviation = if h.exact { Deviation { gain: 0.0, shift: 0.0, ..self.deviation } } else { self.deviation };
        let posterior = self.model.posterior(&self.spectrum, &parts, &deviation, &mut self.workspace);
        let rest: Vec<f32> = self
            .spectrum
            .iter()
            .enumerate()
            .map(|(i, y)| (y - posterior.background[i] - posterior.components.iter().map(|c| c[i]).sum::<f64>()) as f32)
            .collect();
        Ok(self.library.dictionary.target(&rest)?.correlations().to_vec())
    }
}

/// Standard deviation of the white noise, from the quarter of the cosines with the highest frequency.
fn white_noise(target: &Target, length: usize) -> f64 {
    let from = length - length / 4;
    let mut high: Vec<f64> = target.whitened()[from..length].iter().map(|v| v * v).collect();
    high.sort_by(f64::total_cmp);
    // Median of a chi-square of one degree of freedom.
    (high[high.len() / 2] / 0.4549).sqrt()
}

/// Finds the most likely set of species.
pub fn search(
    library: EvidenceLibrary<'_>,
    spectrum: &[f32],
    settings: &EvidenceSettings,
) -> Result<Found, SolverError> {
    let length = spectrum.len();
    let target = library.dictionary.target(spectrum)?;
    let species_count = library.species.iter().max().map_or(0, |s| s + 1);
    let mut rows_of = vec![Vec::new(); species_count];
    for (i, s) in library.species.iter().enumerate() {
        rows_of[*s].push(i);
    }
    let b = target.correlations();
    for rows in &mut rows_of {
        if rows.len() > MAX_ROWS {
            rows.sort_by(|i, j| b[*j].total_cmp(&b[*i]).then(i.cmp(j)));
            rows.truncate(MAX_ROWS);
            rows.sort_unstable();
        }
    }
    let step = (library.axis[length - 1] - library.axis[0]) / (length - 1) as f64;
    let noise = white_noise(&target, length).powi(2);
    let base = noise * 6.0 / length as f64 / step;
    let deviation = Deviation { gain: settings.gain, shift: settings.shift, noise, drift: base };
    let gram = library.dictionary.gram();
    let mut scorer = Scorer {
        library,
        gram,
        model: LocalModel::new(library.axis, settings.spacing),
        spectrum: spectrum.iter().map(|v| f64::from(*v)).collect(),
        rows_of,
        deviation,
        workspace: Workspace::default(),
        small: SmallWorkspace::with_capacity(128),
        seen: HashMap::new(),
        all: Vec::new(),
        penalty: (species_count as f64).ln() + settings.penalty,
        variance: noise * if matches!(library.dictionary.metric(), super::super::Metric::Noise { .. }) { 2.0 } else { 1.0 },
        size: spectrum.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt(),
        norms: library.rows.chunks_exact(length).map(|r| r.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt()).collect(),
        lse: settings.lse,
        use_occam: settings.use_occam,
        prior_rows: settings.prior_rows,
        target,
    };
    let hits = best_pairs(gram, scorer.target.correlations(), library.species, settings.pairs);
    // Drift
    if let Some(hit) = hits.first() {
        let mut best = (f64::NEG_INFINITY, deviation);
        let sets: Vec<[usize; 2]> = hits.iter().take(4).map(|h| h.rows.map(|r| library.species[r])).collect();
        let _ = hit;
        for factor in settings.drifts.iter().copied() {
            scorer.deviation.drift = base * factor;
            for set in &sets {
                let mut s = set.to_vec();
                s.sort_unstable();
                let e = scorer.fit(&s, None).score - settings.per_decade * factor.log10().abs();
                if e > best.0 {
                    best = (e, scorer.deviation);
                }
            }
        }
        scorer.deviation = best.1;
    }
    if settings.components.contains(&1) {
        let singles = scorer.wanted(scorer.target.correlations(), &[]);
        for s in singles.into_iter().take(60) {
            scorer.weigh(&[s], None);
        }
    }
    for hit in &hits {
        scorer.weigh(&hit.rows.map(|r| library.species[r]), Some(hit.rows));
    }
    let most = *settings.components.end();
    for k in 3..=most {
        let best_before = best_of(&scorer.all, |h| h.species.len() < k);
        let mut beam: Vec<usize> = (0..scorer.all.len()).filter(|i| scorer.all[*i].species.len() == k - 1).collect();
        beam.sort_by(|a, b| scorer.all[*b].score.total_cmp(&scorer.all[*a].score));
        beam.truncate(4);
        for at in beam {
            let own = scorer.all[at].species.clone();
            if scorer.all[at].score == f64::NEG_INFINITY {
                continue;
            }
            let correlations = scorer.residual_correlations(at)?;
            for s in scorer.wanted(&correlations, &own).into_iter().take(40) {
                let mut set = own.clone();
                set.push(s);
                scorer.weigh(&set, None);
            }
        }
        let now = best_of(&scorer.all, |h| h.species.len() == k);
        if now <= best_before && *settings.components.start() <= k {
            break;
        }
    }
    let mut ranked = scorer.all;
    ranked.retain(|h| settings.components.contains(&h.species.len()));
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.species.cmp(&b.species)));
    Ok(Found { ranked, deviation: scorer.deviation })
}

fn best_of(all: &[Hypothesis], which: impl Fn(&Hypothesis) -> bool) -> f64 {
    all.iter().filter(|h| which(h)).map(|h| h.score).fold(f64::NEG_INFINITY, f64::max)
}
