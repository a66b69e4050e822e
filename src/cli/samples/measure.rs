//! The instrument of the sample data: lines to counts.

use super::recipes::{Content, Recipe};
use crate::cli::Usage;
use crate::library::peaks::{Substance, rebuild};
use crate::synth::cars::{Resonance, intensity, susceptibility};
use crate::synth::distort::broaden;
use crate::synth::noise::{Detector, cosmic_rays, detect};
use crate::synth::{Rng, background};

/// Readout noise and offset of a usual cooled camera; one count is two electrons.
const CAMERA: Detector = Detector { electrons_per_count: 2.0, readout_counts: 4.0, offset_counts: 300.0 };

/// Background of a CARS spectrum in units of the strongest resonance, at the low and the high end.
const CARS_BACKGROUND: (f64, f64) = (0.9, 0.6);

/// Measured rows over the recipe's axis, each with the shares that went into it.
pub struct Measured {
    pub x: Vec<f64>,
    pub rows: Vec<Vec<f32>>,
    pub shares: Vec<Vec<(&'static str, f64)>>,
}

pub fn measure(recipe: &Recipe, substances: &[Substance]) -> Result<Measured, Usage> {
    let (low, high, points) = recipe.axis;
    let step = (high - low) / (points - 1) as f64;
    let x: Vec<f64> = (0..points).map(|i| low + step * i as f64).collect();
    let mixtures: Vec<Vec<(&'static str, f64)>> = match &recipe.content {
        Content::Mixture(parts) => vec![parts.clone()],
        Content::Series(from, to, steps) => (0..*steps)
            .map(|k| k as f64 / (*steps - 1).max(1) as f64)
            .map(|share| vec![(*from, 1.0 - share), (*to, share)])
            .collect(),
        Content::Map(corners, width, height) => map_shares(corners, *width, *height),
        Content::Cars(name) => {
            let row = cars(recipe, &x, find(substances, name)?);
            return Ok(Measured { x, rows: vec![row], shares: vec![vec![(*name, 1.0)]] });
        }
    };
    let rows = mixtures
        .iter()
        .enumerate()
        .map(|(k, parts)| raman(recipe, &x, parts, substances, k as u64))
        .collect::<Result<_, _>>()?;
    Ok(Measured { x, rows, shares: mixtures })
}

fn find<'a>(substances: &'a [Substance], name: &str) -> Result<&'a Substance, Usage> {
    substances
        .iter()
        .find(|s| s.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| Usage(format!("the default library has no {name}")))
}

/// One Raman measurement: lines at shifted positions, broadened, over fluorescence, as a camera counts them.
fn raman(
    recipe: &Recipe,
    x: &[f64],
    parts: &[(&'static str, f64)],
    substances: &[Substance],
    sample: u64,
) -> Result<Vec<f32>, Usage> {
    let mut rng = Rng::new(recipe.seed, sample);
    let true_x: Vec<f64> = x.iter().map(|v| v - recipe.shift_cm1).collect();
    let mut clean = vec![0.0_f32; x.len()];
    for (name, share) in parts {
        let pure = broaden(x, &rebuild(&find(substances, name)?.lines, &true_x), recipe.broadening_cm1);
        let top = pure.iter().fold(f32::MIN_POSITIVE, |m, v| m.max(*v));
        for (sum, v) in clean.iter_mut().zip(&pure) {
            *sum += (share * f64::from(v / top)) as f32;
        }
    }
    let glow = background::smooth(&mut rng, x, recipe.fluorescence);
    let mut counts: Vec<f32> = clean
        .iter()
        .zip(&glow)
        .map(|(signal, glow)| (recipe.peak_counts * f64::from(signal + glow)) as f32)
        .collect();
    detect(&mut rng, &mut counts, &CAMERA);
    cosmic_rays(&mut rng, &mut counts, recipe.cosmic_rays, 0.5 * recipe.peak_counts, recipe.peak_counts);
    // A camera gives whole counts.
    Ok(counts.into_iter().map(f32::round).collect())
}

/// One CARS measurement: each line a resonance of the same height and width, over a sloping real background.
fn cars(recipe: &Recipe, x: &[f64], substance: &Substance) -> Vec<f32> {
    let mut rng = Rng::new(recipe.seed, 0);
    let resonances: Vec<Resonance> = substance
        .lines
        .iter()
        .map(|line| {
            let half_width = 0.5 * line.fwhm_cm1;
            Resonance { amplitude: line.height * half_width, centre: line.position_cm1, half_width }
        })
        .collect();
    let (re, im) = susceptibility(x, &resonances);
    let top = im.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(*v));
    let scaled = |v: &[f64]| v.iter().map(|v| v / top).collect::<Vec<f64>>();
    let last = (x.len() - 1) as f64;
    let slope = CARS_BACKGROUND.1 - CARS_BACKGROUND.0;
    let background: Vec<f64> = (0..x.len()).map(|i| CARS_BACKGROUND.0 + slope * i as f64 / last).collect();
    let mut counts: Vec<f32> = intensity(&scaled(&re), &scaled(&im), &background)
        .into_iter()
        .map(|v| (0.5 * recipe.peak_counts * v) as f32)
        .collect();
    detect(&mut rng, &mut counts, &CAMERA);
    counts.into_iter().map(f32::round).collect()
}

/// Shares over a map: a substance's share falls with the square of the distance from its place on the rim.
fn map_shares(corners: &[&'static str], width: usize, height: usize) -> Vec<Vec<(&'static str, f64)>> {
    const PLACES: [(f64, f64); 3] = [(0.1, 0.15), (0.9, 0.3), (0.4, 0.95)];
    (0..width * height)
        .map(|k| {
            let (u, v) = ((k % width) as f64 / (width - 1) as f64, (k / width) as f64 / (height - 1) as f64);
            let weights: Vec<f64> = PLACES
                .iter()
                .take(corners.len())
                .map(|(cu, cv)| libm::exp(-((u - cu).powi(2) + (v - cv).powi(2)) / 0.08))
                .collect();
            let total: f64 = weights.iter().sum();
            corners.iter().zip(weights).map(|(name, w)| (*name, w / total)).collect()
        })
        .collect()
}
