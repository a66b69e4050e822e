//! Which estimate belongs to which truth: the assignment with the largest sum.

/// For each row of `gain` (rows of one length) its column, no column twice, as many as there can be: the choice with
/// the largest sum. Rows beyond the number of columns get none.
///
/// The Hungarian method with potentials: one row after the other finds its shortest augmenting path.
pub fn best_assignment(gain: &[Vec<f64>]) -> Vec<Option<usize>> {
    let (rows, columns) = (gain.len(), gain.first().map_or(0, Vec::len));
    if rows > columns {
        let turned: Vec<Vec<f64>> =
            (0..columns).map(|column| gain.iter().map(|row| row[column]).collect()).collect();
        let mut chosen = vec![None; rows];
        for (column, row) in best_assignment(&turned).into_iter().enumerate() {
            if let Some(row) = row {
                chosen[row] = Some(column);
            }
        }
        return chosen;
    }
    let (mut of_row, mut of_column) = (vec![0.0; rows], vec![0.0; columns]);
    let mut owner: Vec<Option<usize>> = vec![None; columns];
    for new in 0..rows {
        let mut distance = vec![f64::INFINITY; columns];
        let mut before: Vec<Option<usize>> = vec![None; columns];
        let mut done = vec![false; columns];
        let (mut row, mut from) = (new, None);
        let last = loop {
            let mut nearest: Option<usize> = None;
            for column in (0..columns).filter(|c| !done[*c]) {
                let reduced = -gain[row][column] - of_row[row] - of_column[column];
                if reduced < distance[column] {
                    (distance[column], before[column]) = (reduced, from);
                }
                if nearest.is_none_or(|n| distance[column] < distance[n]) {
                    nearest = Some(column);
                }
            }
            // There are at least as many columns as rows, so one is always left.
            let Some(column) = nearest else { return owners(&owner, rows) };
            let step = distance[column];
            of_row[new] += step;
            for c in 0..columns {
                if done[c] {
                    of_column[c] -= step;
                    if let Some(r) = owner[c] {
                        of_row[r] += step;
                    }
                } else {
                    distance[c] -= step;
                }
            }
            done[column] = true;
            match owner[column] {
                Some(next) => (row, from) = (next, Some(column)),
                None => break column,
            }
        };
        let mut column = last;
        while let Some(previous) = before[column] {
            owner[column] = owner[previous];
            column = previous;
        }
        owner[column] = Some(new);
    }
    owners(&owner, rows)
}

/// From the row of each column to the column of each row.
fn owners(owner: &[Option<usize>], rows: usize) -> Vec<Option<usize>> {
    let mut chosen = vec![None; rows];
    for (column, row) in owner.iter().enumerate() {
        if let Some(row) = row {
            chosen[*row] = Some(column);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::Rng;

    /// Largest sum over all ways to give the rows different columns, as many as there can be.
    fn largest(gain: &[Vec<f64>], taken: &mut Vec<usize>, skip: usize) -> f64 {
        let Some((row, rest)) = gain.split_first() else { return 0.0 };
        let mut best = if skip > 0 { largest(rest, taken, skip - 1) } else { f64::NEG_INFINITY };
        for (column, value) in row.iter().enumerate() {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.max(value + largest(rest, taken, skip));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn assignment_is_the_best_of_all_not_the_greedy_one() {
        // Greedy takes 10 and is left with 0; the best sum is 9 + 8.
        assert_eq!(best_assignment(&[vec![10.0, 9.0], vec![8.0, 0.0]]), [Some(1), Some(0)]);
        let gain = [vec![1.0, 2.0, 3.0], vec![3.0, 1.0, 2.0], vec![2.0, 3.0, 1.0]];
        assert_eq!(best_assignment(&gain), [Some(2), Some(0), Some(1)]);
    }

    #[test]
    fn with_unequal_numbers_the_best_ones_are_served_and_negative_gains_count_too() {
        assert_eq!(best_assignment(&[vec![-5.0], vec![3.0], vec![1.0]]), [None, Some(0), None]);
        assert_eq!(best_assignment(&[vec![-20.0, -30.0]]), [Some(0)]);
        assert!(best_assignment(&[]).is_empty());
        assert_eq!(best_assignment(&[vec![], vec![]]), [None, None]);
    }

    #[test]
    fn no_other_assignment_of_random_gains_is_better() {
        let mut rng = Rng::new(5, 0);
        for round in 0..200 {
            let (rows, columns) = (1 + round % 5, 1 + round / 5 % 6);
            let gain: Vec<Vec<f64>> =
                (0..rows).map(|_| (0..columns).map(|_| 60.0 * rng.normal()).collect()).collect();
            let chosen = best_assignment(&gain);
            let mut columns_used: Vec<usize> = chosen.iter().copied().flatten().collect();
            let sum: f64 = chosen.iter().zip(&gain).filter_map(|(c, row)| c.map(|c| row[c])).sum();
            columns_used.sort_unstable();
            columns_used.dedup();
            assert_eq!(columns_used.len(), rows.min(columns));
            let best = largest(&gain, &mut Vec::new(), rows.saturating_sub(columns));
            assert!((sum - best).abs() < 1e-9, "{gain:?}: {sum} {best}");
        }
    }
}
