//! From what the network says to what is answered: which slots, their curves, their names.

use super::super::grid::Grid;
use super::refine::Said;
use crate::nets::{Slot, chosen_slots};

/// Least log odds of being there of a candidate that is named.
const NAMED: f32 = 0.1;
/// Least part of the power of the strongest component of what the library lacks: a hundredth of its height.
const VISIBLE: f64 = 1e-4;

/// One component of the answer, over the measured points that the network knows.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    /// The slot it comes from.
    pub slot: usize,
    /// To be added to the likely component; nothing where that is the true one as it is.
    pub correction: Option<Vec<f32>>,
    /// Half the width of the 90 % interval of every point; empty from a network that states none.
    pub band: Vec<f32>,
    /// The same of the logarithm of its size.
    pub level: f64,
    /// Probability that the candidate's name is right, and whether that is enough to give it.
    pub name: (f64, bool),
    /// Probability that the library holds what is there.
    pub listed: f64,
}

/// Which slots are the answer. `exactly` so many are wanted; without it every slot whose species is there, and every other
/// candidate of the search that is more than noise.
pub(super) fn settle(
    slots: &[Slot],
    said: &[Said],
    fixed: &[bool],
    noise: f64,
    exactly: Option<usize>,
    grid: &Grid,
) -> Vec<Settled> {
    let curve = |slot: usize| -> Vec<f32> {
        let likely = &slots[slot].likely;
        if said[slot].exact {
            return likely.clone();
        }
        likely.iter().zip(&said[slot].correction).map(|(a, b)| a + b).collect()
    };
    let powers: Vec<f64> =
        (0..slots.len()).map(|slot| curve(slot).iter().map(|v| f64::from(*v).powi(2)).sum::<f64>()).collect();
    let lacking: Vec<bool> = slots.iter().map(|slot| slot.lacking).collect();
    // What the user settled is there, and so is what deserves its name.
    let there: Vec<f32> = said
        .iter()
        .enumerate()
        .map(|(at, s)| match s.name {
            _ if fixed[at] => f32::MAX,
            (_, true) if !lacking[at] => s.there.max(NAMED),
            _ => s.there,
        })
        .collect();
    let floor = (3.0 * noise).powi(2);
    let candidate = |slot: usize| fixed[slot] || powers[slot] > floor;
    let visible = floor.max(VISIBLE * powers.iter().copied().fold(0.0, f64::max));
    let something = |slot: &usize| {
        if lacking[*slot] { there[*slot] > 0.0 && powers[*slot] > visible } else { candidate(*slot) }
    };
    let mut chosen = match exactly {
        Some(count) => chosen_slots(&powers, &lacking, Some(&there), count),
        None => (0..slots.len()).filter(something).collect(),
    };
    chosen.sort_unstable();
    chosen
        .into_iter()
        .map(|slot| {
            let s = &said[slot];
            let certain = fixed[slot];
            Settled {
                slot,
                correction: (!s.exact).then(|| grid.to_here(&s.correction)),
                band: if s.band.is_empty() { Vec::new() } else { grid.to_here(&s.band) },
                level: s.level,
                name: if certain { (1.0, true) } else { s.name },
                listed: if certain { 1.0 } else { probability(s.listed) },
            }
        })
        .collect()
}

/// Of log odds.
fn probability(odds: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(odds)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::CardAxis;
    use crate::spectrum::{Axis, AxisKind};

    fn grid() -> Grid {
        let axis = Axis::even(AxisKind::RamanShift, 100.0, 163.0, 64).unwrap();
        Grid::new(CardAxis { first_cm1: 100.0, last_cm1: 163.0, points: 64 }, &axis).unwrap()
    }

    fn slot(height: f32, lacking: bool) -> Slot {
        let likely = vec![height; 64];
        Slot { stored: likely.clone(), likely, confidence: 0.5, lacking }
    }

    fn said(exact: bool, there: f32, correction: f32) -> Said {
        let (correction, band) = (vec![correction; 64], vec![0.5; 64]);
        Said { correction, band, level: 0.1, exact, there, listed: there, name: (0.7, true) }
    }

    #[test]
    fn an_exact_component_is_left_alone_and_a_certain_one_stays() {
        let slots = [slot(1.0, false), slot(2.0, false), slot(0.0, true)];
        let all = [said(true, 2.0, 9.0), said(false, -2.0, 0.5), said(false, -2.0, 0.1)];
        let found = settle(&slots, &all, &[false, false, false], 0.01, Some(2), &grid());
        assert_eq!(found.iter().map(|s| s.slot).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(found[0].correction, None);
        assert!(found[1].correction.as_ref().is_some_and(|c| (c[5] - 0.5).abs() < 1e-5));
        assert_eq!(found[0].name, (0.7, true));
        let fixed = settle(&slots, &all, &[false, true, false], 0.01, Some(1), &grid());
        assert_eq!((fixed.len(), fixed[0].slot, fixed[0].name), (1, 1, (1.0, true)));
    }

    #[test]
    fn what_the_library_lacks_is_answered_where_there_is_something() {
        let slots = [slot(1.0, false), slot(0.0, true)];
        for (odds, expected) in [(2.0, 2), (-2.0, 1)] {
            let all = [said(false, 2.0, 0.0), said(false, odds, 0.7)];
            assert_eq!(settle(&slots, &all, &[false; 2], 0.01, None, &grid()).len(), expected);
        }
    }
}
