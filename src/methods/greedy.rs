//! What NNOMP and NNOLS share: one atom more until there are enough species, or until another one is no better than
//! chance.

use crate::solvers::{Dictionary, GreedySettings, Solution, SolverError, Target};

use super::classic::{By, Classic, MOST_COMPONENTS};
use super::{Components, MethodError, MethodInfo, Outcome, Request, Watch};

/// Atoms for each component asked for: several may fall to one species before the next species comes.
const ATOMS_PER_COMPONENT: usize = 4;

/// The solver: at most so many atoms, from a warm start.
type Step = fn(&Dictionary, &Target, GreedySettings, Option<&Solution>) -> Result<Solution, SolverError>;

pub(super) fn run(
    info: &'static MethodInfo,
    request: &Request,
    watch: &dyn Watch,
    step: Step,
) -> Result<Outcome, MethodError> {
    let run = Classic::start(info, request, watch)?;
    let solution = match request.components {
        Components::Exactly(count) => until_enough(&run, step, count)?,
        Components::Auto => until_chance(&run, step)?,
    };
    run.finish_by_share(&solution, By::Amount)
}

fn atoms(
    run: &Classic<'_>,
    step: Step,
    max_atoms: usize,
    fixed: &[&[usize]],
    warm: Option<&Solution>,
) -> Result<Solution, MethodError> {
    run.watch.go_on()?;
    let settings = GreedySettings { max_atoms, fixed, ..GreedySettings::default() };
    step(&run.dictionary, &run.target, settings, warm).map_err(run.refused())
}

/// Atoms are added until so many species have weight, or nothing is gained any more.
fn until_enough(run: &Classic<'_>, step: Step, count: usize) -> Result<Solution, MethodError> {
    let fixed = run.fixed_rows();
    let mut solution = atoms(run, step, count, &fixed, None)?;
    for size in count + 1..=ATOMS_PER_COMPONENT * count {
        if run.species(&solution, By::Amount).len() >= count {
            break;
        }
        let next = atoms(run, step, size, &fixed, Some(&solution))?;
        if next.residual_norm >= solution.residual_norm {
            break;
        }
        solution = next;
    }
    Ok(solution)
}

/// One atom of each fixed species that can have weight, and the rows of these species.
fn start<'a>(run: &'a Classic<'_>, step: Step) -> Result<(Vec<&'a [usize]>, Solution), MethodError> {
    let mut fixed = run.fixed_rows();
    let mut solution = atoms(run, step, fixed.len(), &fixed, None)?;
    let all = fixed.len();
    fixed.retain(|rows| rows.iter().any(|row| solution.support.contains(row)));
    if fixed.len() < all {
        // Another atom took the place of the species without weight, and has not been compared with chance.
        solution = atoms(run, step, fixed.len(), &fixed, None)?;
    }
    Ok((fixed, solution))
}

/// Atoms are added while each beats chance: among `n` atoms of pure noise the best lowers the residual energy by
/// `2 ln n` noise variances, and 6 more are one in twenty.
fn until_chance(run: &Classic<'_>, step: Step) -> Result<Solution, MethodError> {
    let chance = 2.0 * (run.dictionary.count() as f64).ln() + 6.0;
    let (fixed, mut solution) = start(run, step)?;
    for size in solution.support.len() + 1..=ATOMS_PER_COMPONENT * MOST_COMPONENTS {
        let next = atoms(run, step, size, &fixed, Some(&solution))?;
        let (before, after) = (solution.residual_norm.powi(2), next.residual_norm.powi(2));
        let variance = run.chance_variance(&next);
        let enough = run.species(&next, By::Amount).len() > MOST_COMPONENTS;
        if before - after <= chance * variance || enough {
            break;
        }
        solution = next;
    }
    Ok(solution)
}
