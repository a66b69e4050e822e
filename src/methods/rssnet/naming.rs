//! What a library calls the network's components: for each the entry of least spectral angle.

use super::super::classic::DEFAULT_COSINES;
use super::super::grid::Grid;
use super::super::matching::flattened;
use super::super::signal::Smooth;
use super::super::{MethodError, Selection};
use super::method::INFO;
use crate::solvers::Metric;

/// Other species listed for a component.
const OTHERS: usize = 3;

/// What a component looks like most.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Likeness {
    /// Index into the species of the references.
    pub species: usize,
    /// Its row most like the component.
    pub row: usize,
    /// Cosine of the angle between both without their smooth background.
    pub cosine: f64,
    /// The next species with their cosines, best first.
    pub others: Vec<(usize, f64)>,
}

/// One name a component, no name twice: where two components look like one species most, the one that looks like it
/// more has the name. Species that are fixed are components already. `None` where nothing is left.
pub(super) fn likenesses(
    curves: &[&[f32]],
    references: &Selection<'_>,
    grid: &Grid,
    smooth: &Smooth,
) -> Result<Vec<Option<Likeness>>, MethodError> {
    let ranked = curves
        .iter()
        .map(|curve| Ok(by_species(&cosines(curve, references, grid, smooth)?, references)))
        .collect::<Result<Vec<_>, MethodError>>()?;
    let mut names: Vec<Option<Likeness>> = vec![None; curves.len()];
    let mut taken: Vec<usize> = references.fixed().to_vec();
    for _ in 0..curves.len() {
        let free = |at: &usize| names.get(*at).is_some_and(Option::is_none);
        let first = |at: usize| {
            let best = ranked.get(at)?.iter().find(|(species, ..)| !taken.contains(species))?;
            Some((at, *best))
        };
        let best = (0..curves.len())
            .filter(free)
            .filter_map(first)
            .reduce(|best, next| if next.1.2 > best.1.2 { next } else { best });
        let Some((at, (species, row, cosine))) = best else { break };
        taken.push(species);
        let others =
            ranked[at].iter().filter(|(other, ..)| *other != species && !references.fixed().contains(other));
        let others = others.take(OTHERS).map(|(other, _, cosine)| (*other, *cosine)).collect();
        names[at] = Some(Likeness { species, row, cosine, others });
    }
    Ok(names)
}

/// Cosine of a curve with every row, both without smooth background.
fn cosines(
    curve: &[f32],
    references: &Selection<'_>,
    grid: &Grid,
    smooth: &Smooth,
) -> Result<Vec<f64>, MethodError> {
    if grid.inside.len() == references.axis().len() {
        let dictionary = references
            .dictionary(Metric::Cosines(DEFAULT_COSINES))
            .map_err(|e| MethodError::numbers(&INFO, e))?;
        let target = dictionary.target(curve).map_err(|e| MethodError::numbers(&INFO, e))?;
        let size = target.norm().max(f64::MIN_POSITIVE);
        return Ok(target.correlations().iter().map(|c| c / size).collect());
    }
    let own = flattened(curve, smooth);
    let cosine = |row: usize| {
        let stored = references.row(row).get(grid.inside.clone()).unwrap_or_default();
        flattened(stored, smooth).iter().zip(&own).map(|(a, b)| a * b).sum()
    };
    Ok((0..references.len()).map(cosine).collect())
}

/// Each species with its best row, best first; of equals the one that comes first in the library.
fn by_species(cosines: &[f64], references: &Selection<'_>) -> Vec<(usize, usize, f64)> {
    let best_row = |species: usize| {
        let rows = references.rows_of(species).iter().copied();
        let best = rows
            .filter_map(|row| Some((row, *cosines.get(row)?)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Some((species, best.0, best.1))
    };
    let mut ranked: Vec<(usize, usize, f64)> = (0..references.species().len()).filter_map(best_row).collect();
    ranked.sort_by(|a, b| b.2.total_cmp(&a.2));
    ranked
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{LINES, axis, curve, references};
    use super::super::super::{Request, testing::mixed};
    use super::*;
    use crate::nets::CardAxis;

    fn named(curves: &[&[f32]], excluded: &[&str], fixed: &[&str]) -> Vec<Option<String>> {
        let (references, mixture) = (references(), mixed());
        let request = Request::new(&mixture, Some(&references)).with_excluded(excluded.iter().copied());
        let selection = request.with_fixed(fixed.iter().copied()).library(&INFO).unwrap();
        let card = CardAxis { first_cm1: 150.0, last_cm1: 1500.0, points: 1024 };
        let grid = Grid::new(card, &axis()).unwrap();
        let smooth = Smooth::new(grid.here.len(), DEFAULT_COSINES);
        let found = likenesses(curves, &selection, &grid, &smooth).unwrap();
        found.into_iter().map(|l| l.map(|l| selection.species()[l.species].to_string())).collect()
    }

    #[test]
    fn components_are_called_what_they_look_like_and_nothing_twice() {
        let (calcite, quartz) = (curve(LINES[0].2), curve(LINES[1].2));
        let both: Vec<f32> = calcite.iter().zip(&quartz).map(|(a, b)| a + 0.8 * b).collect();
        let is = |names: &[&str]| names.iter().map(|n| Some((*n).to_owned())).collect::<Vec<_>>();
        assert_eq!(named(&[&quartz, &calcite], &[], &[]), is(&["Quartz", "Calcite"]));
        // The mixture looks like calcite most, too, but pure calcite looks like it more.
        assert_eq!(named(&[&both, &calcite], &[], &[]), is(&["Quartz", "Calcite"]));
        assert_ne!(named(&[&quartz], &["Quartz"], &[]), is(&["Quartz"]));
        assert_ne!(named(&[&quartz], &[], &["Quartz"]), is(&["Quartz"]));
    }
}
