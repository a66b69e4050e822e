//! The known substances, and one mixture after the other.

use super::super::background::{Background, Family, Shape, Smooth};
use super::super::distort::{BroadenScratch, broaden_in_place, shift_and_stretch_into};
use super::super::{Rng, SynthError};
use super::Ranges;
use super::foreign::foreign;
use super::levels::levels;
use super::vary::response;

/// Chance that a background is one of the published families; the others are smooth random curves.
const PUBLISHED: f64 = 0.5;
/// Level of something else over the sum of what is known, drawn by its logarithm.
const FOREIGN: (f64, f64) = (0.1, 1.5);
/// Share of mixtures with something else that hold nothing known.
const NOTHING_KNOWN: f64 = 0.1;

/// Spectra of known substances over one even axis, each of height 1 and without a background.
#[derive(Debug, Clone)]
pub struct Panel {
    x: Vec<f64>,
    /// Spectra of every substance, at least one each.
    spectra: Vec<Vec<Vec<f32>>>,
}

/// One mixture and its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// What an instrument would give.
    pub y: Vec<f32>,
    /// Level of every substance.
    pub levels: Vec<f32>,
    /// Level of something else.
    pub other: f32,
}

impl Scene {
    /// Levels over the largest: the dosages.
    pub fn dosages(&self) -> Vec<f32> {
        let most = self.levels.iter().copied().fold(0.0_f32, f32::max);
        self.levels.iter().map(|level| if most > 0.0 { level / most } else { 0.0 }).collect()
    }
}

impl Panel {
    /// Of the spectra of every substance over these rising positions.
    pub fn new(x: Vec<f64>, spectra: Vec<Vec<Vec<f32>>>) -> Result<Self, SynthError> {
        if let Some(index) = (1..x.len()).find(|i| !(x[*i].is_finite() && x[*i] > x[i - 1])) {
            return Err(SynthError::Axis { index });
        }
        if spectra.is_empty() || spectra.iter().any(Vec::is_empty) {
            return Err(SynthError::TooFew { needed: 1, what: "spectra", found: 0 });
        }
        for (row, y) in spectra.iter().flatten().enumerate() {
            if y.len() != x.len() {
                return Err(SynthError::Shape { values: y.len(), groups: 1, points: x.len() });
            }
            if y.iter().any(|v| !v.is_finite()) {
                return Err(SynthError::NotFinite { row });
            }
            if y.iter().all(|v| *v <= 0.0) {
                return Err(SynthError::Empty { row });
            }
        }
        Ok(Self { x, spectra })
    }

    /// Substances.
    pub fn classes(&self) -> usize {
        self.spectra.len()
    }

    /// Mixture `k` of a seed.
    pub fn scene(&self, seed: u64, k: u64, ranges: &Ranges) -> Scene {
        let mut rng = Rng::new(seed, k);
        let mut levels = levels(&mut rng, self.classes());
        let holds = rng.unit() < ranges.foreign;
        if holds && rng.unit() < NOTHING_KNOWN {
            levels.fill(0.0);
        }
        let other = if holds {
            let known: f32 = levels.iter().sum();
            let level = FOREIGN.0 * libm::pow(FOREIGN.1 / FOREIGN.0, rng.unit());
            if known > 0.0 { level as f32 * known } else { 1.0 }
        } else {
            0.0
        };
        self.mixture(&mut rng, levels, other, None, ranges)
    }

    /// A mixture of these levels and so much of something else: of `stranger` where it is given, else drawn.
    pub fn mixture(
        &self,
        rng: &mut Rng,
        levels: Vec<f32>,
        other: f32,
        stranger: Option<&[f32]>,
        ranges: &Ranges,
    ) -> Scene {
        let points = self.x.len();
        let mut sum = vec![0.0_f32; points];
        let mut moved = vec![0.0_f32; points];
        let shift = rng.uniform(-ranges.shift_cm1, ranges.shift_cm1);
        let mut put = |rng: &mut Rng, curve: &[f32], level: f32| {
            let own = shift + ranges.own_shift_cm1 * rng.normal().clamp(-3.0, 3.0);
            shift_and_stretch_into(&self.x, curve, own, 0.0, &mut moved);
            let factor = response(rng, points, ranges.own_response);
            for ((s, v), f) in sum.iter_mut().zip(&moved).zip(&factor) {
                *s += level * v * f;
            }
        };
        for (spectra, level) in self.spectra.iter().zip(&levels) {
            if *level > 0.0 {
                let curve = specimen(rng, spectra);
                put(rng, &curve, *level);
            }
        }
        if other > 0.0 {
            let curve = if let Some(curve) = stranger {
                curve.to_vec()
            } else {
                let spectra = &self.spectra[rng.below(self.classes())];
                let known = &spectra[rng.below(spectra.len())];
                foreign(rng, &self.x, known)
            };
            put(rng, &curve, other);
        }
        let factor = response(rng, points, ranges.response);
        sum.iter_mut().zip(&factor).for_each(|(s, f)| *s *= f);
        let width = rng.uniform(ranges.broadening_cm1.0, ranges.broadening_cm1.1);
        broaden_in_place(&self.x, &mut sum, width, &mut BroadenScratch::default());
        let top = sum.iter().fold(f32::MIN_POSITIVE, |m, v| m.max(*v));
        for v in &mut sum {
            *v /= top;
        }
        let back = self.background(rng, ranges);
        let noise = by_logarithm(rng, ranges.noise);
        // Light counts: where it is bright the noise is larger.
        let counted = rng.unit();
        for (v, b) in sum.iter_mut().zip(&back) {
            let bright = (1.0 + counted * (f64::from(v.max(0.0)) + f64::from(b.abs()))).sqrt();
            *v += b + (noise * bright * rng.normal()) as f32;
        }
        Scene { y: sum, levels, other }
    }

    fn background(&self, rng: &mut Rng, ranges: &Ranges) -> Vec<f32> {
        let factor = by_logarithm(rng, ranges.background);
        if rng.unit() < PUBLISHED {
            let family = Family::PAPER[rng.below(Family::PAPER.len())];
            let curve = Background::draw(rng, family);
            return self.x.iter().map(|x| (factor * curve.at(*x)) as f32).collect();
        }
        let shape = Shape::ALL[rng.below(Shape::ALL.len())];
        let curve = Smooth::draw(rng, shape);
        let mut out = vec![0.0; self.x.len()];
        curve.fill(&self.x, 0.5 * factor, &mut out);
        out.into_iter().map(|v| v as f32).collect()
    }
}

/// One of a substance's spectra, or something between two of them.
fn specimen(rng: &mut Rng, spectra: &[Vec<f32>]) -> Vec<f32> {
    let (a, b) = (rng.below(spectra.len()), rng.below(spectra.len()));
    let share = rng.unit() as f32;
    if a == b {
        return spectra[a].clone();
    }
    spectra[a].iter().zip(&spectra[b]).map(|(a, b)| a + share * (b - a)).collect()
}

fn by_logarithm(rng: &mut Rng, span: super::super::mixture::Span) -> f64 {
    span.0 * libm::pow(span.1 / span.0, rng.unit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Span;

    fn panel(classes: usize) -> Panel {
        let x: Vec<f64> = (0..400).map(|i| 300.0 + 3.0 * f64::from(i)).collect();
        let line =
            |at: f64| x.iter().map(|x| libm::exp(-((x - at) / 10.0).powi(2)) as f32).collect::<Vec<f32>>();
        let spectra = (0..classes).map(|c| vec![line(500.0 + 200.0 * c as f64)]).collect();
        Panel::new(x.clone(), spectra).unwrap()
    }

    /// Nothing happens.
    fn still() -> Ranges {
        Ranges {
            shift_cm1: 0.0,
            own_shift_cm1: 0.0,
            broadening_cm1: Span(0.0, 0.0),
            response: 0.0,
            own_response: 0.0,
            noise: Span(1e-9, 1e-9),
            background: Span(1e-9, 1e-9),
            foreign: 0.0,
        }
    }

    #[test]
    fn without_faults_a_mixture_is_the_sum_of_its_parts_with_height_one() {
        let scene = panel(3).mixture(&mut Rng::new(1, 0), vec![0.2, 0.0, 0.8], 0.0, None, &still());
        let near = |x: f64| scene.y[((x - 300.0) / 3.0).round() as usize];
        assert!(
            (near(900.0) - 1.0).abs() < 0.02 && (near(500.0) - 0.25).abs() < 0.02 && near(700.0).abs() < 1e-3
        );
        assert_eq!(scene.dosages(), [0.25, 0.0, 1.0]);
        let silent = panel(2).mixture(&mut Rng::new(1, 0), vec![0.0; 2], 0.0, None, &still());
        assert!(silent.y.iter().all(|v| v.is_finite()) && silent.dosages() == [0.0; 2]);
    }

    #[test]
    fn a_scene_depends_on_seed_and_number_alone_and_something_else_is_as_frequent_as_asked() {
        let (panel, ranges) = (panel(4), Ranges::default());
        assert_eq!(panel.scene(5, 7, &ranges), panel.scene(5, 7, &ranges));
        assert_ne!(panel.scene(5, 7, &ranges).y, panel.scene(5, 8, &ranges).y);
        let others = (0..2000).filter(|k| panel.scene(1, *k, &ranges).other > 0.0).count();
        // Standard error 19.
        assert!((others as i32 - 500).abs() < 80, "{others}");
        for k in 0..50 {
            assert!(panel.scene(3, k, &ranges).y.iter().all(|v| v.is_finite()));
        }
    }

    #[test]
    fn spectra_and_ranges_that_cannot_be_mixed_are_refused() {
        let x = vec![1.0, 2.0, 3.0];
        let new =
            |x: &[f64], spectra: Vec<Vec<Vec<f32>>>| Panel::new(x.to_vec(), spectra).map(|_| ()).unwrap_err();
        assert!(matches!(new(&[1.0, 1.0], vec![]), SynthError::Axis { index: 1 }));
        assert!(matches!(new(&x, vec![vec![]]), SynthError::TooFew { .. }));
        assert!(matches!(new(&x, vec![vec![vec![1.0; 2]]]), SynthError::Shape { .. }));
        assert!(matches!(new(&x, vec![vec![vec![0.0; 3]]]), SynthError::Empty { row: 0 }));
        assert!(matches!(new(&x, vec![vec![vec![1.0, f32::NAN, 1.0]]]), SynthError::NotFinite { row: 0 }));
        assert_eq!(Ranges::default().check(), Ok(()));
        for wrong in [
            Ranges { noise: Span(0.0, 1.0), ..Ranges::default() },
            Ranges { background: Span(2.0, 1.0), ..Ranges::default() },
            Ranges { foreign: 1.5, ..Ranges::default() },
            Ranges { response: f64::NAN, ..Ranges::default() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
