//! Where no candidate is more likely right than wrong, the network that knows no library is asked: what it makes of two
//! unknown substances is better than the repair of two wrong ones.

use super::super::evidence::Explained;
use super::super::grid::Grid;
use super::super::{Components, MethodError, Request, Watch, find};
use super::settle::Settled;
use crate::nets::Scene;
use crate::spectrum::metrics::cosine;

/// Probability of a name from which its candidate is worth repairing.
const RATHER_RIGHT: f64 = 0.5;
/// Noise over the root mean square of the lines beyond which the blind network was not trained.
const NOISY: f64 = 0.3;
/// The network, and how many components it was made for.
const BLIND: (&str, usize) = ("rssnet", 2);

/// Gives the components of the blind network to an answer whose names are all rather wrong; a sentence about it. Names and
/// verdicts stay, and bands hold what was there before.
pub(super) fn blind(
    request: &Request,
    explained: &Explained<'_>,
    scene: &Scene,
    settled: &mut Vec<Settled>,
    grid: &Grid,
    watch: &dyn Watch,
) -> Result<Option<String>, MethodError> {
    let (id, count) = BLIND;
    let doubted = settled.iter().all(|s| s.name.0 < RATHER_RIGHT);
    // Where two were asked for, the blind network finds them even if the search has found none.
    let missing = match request.components {
        Components::Exactly(asked) if asked == count => count.saturating_sub(settled.len()),
        _ => 0,
    };
    if settled.len() + missing != count || !doubted || scene.noise > NOISY * scene.unit() {
        return Ok(None);
    }
    let method = find(id)?;
    let asked = Request::new(request.mixture, None).with_components(Components::Exactly(count));
    let outcome = match method.run(&asked, watch) {
        Ok(outcome) => outcome,
        Err(MethodError::Cancelled) => return Err(MethodError::Cancelled),
        Err(error) => return Ok(Some(format!("{} could not be asked instead: {error}", method.info().name))),
    };
    let curves: Vec<&[f32]> =
        outcome.components.iter().filter_map(|c| c.spectrum.get(grid.inside.clone())).collect();
    let [first, second] = curves[..] else { return Ok(None) };
    settled.extend((0..missing).map(|k| Settled {
        slot: scene.slots.len() + k,
        correction: None,
        band: Vec::new(),
        level: 0.0,
        name: (0.0, false),
        listed: 0.0,
    }));
    let likely: Vec<Vec<f32>> = settled.iter().map(|s| likely(explained, s.slot, grid)).collect();
    let now: Vec<Vec<f32>> = settled.iter().zip(&likely).map(|(s, likely)| corrected(s, likely)).collect();
    let as_they_are = cosine(first, &now[0]) + cosine(second, &now[1]);
    let crossed = cosine(second, &now[0]) + cosine(first, &now[1]);
    let order = if crossed > as_they_are { [second, first] } else { [first, second] };
    for (((settled, likely), now), curve) in settled.iter_mut().zip(&likely).zip(&now).zip(order) {
        settled.correction = Some(curve.iter().zip(likely).map(|(c, l)| c - l).collect());
        for ((band, before), after) in settled.band.iter_mut().zip(now).zip(curve) {
            *band = band.max((before - after).abs());
        }
    }
    Ok(Some(format!(
        "no name is more likely right than wrong: the spectra are those of {}, which knows no library",
        method.info().name
    )))
}

/// The search's component of a slot over the points that the network knows.
fn likely(explained: &Explained<'_>, slot: usize, grid: &Grid) -> Vec<f32> {
    let fit = explained.refit.fits.get(slot).and_then(|fit| fit.get(grid.inside.clone()));
    fit.map_or_else(|| vec![0.0; grid.inside.len()], |fit| fit.iter().map(|v| *v as f32).collect())
}

fn corrected(settled: &Settled, likely: &[f32]) -> Vec<f32> {
    match &settled.correction {
        Some(correction) => likely.iter().zip(correction).map(|(l, c)| l + c).collect(),
        None => likely.to_vec(),
    }
}
