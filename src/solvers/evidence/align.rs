//! Whether the axis of a spectrum is off against the library's: the same spectrum moved a little, tried on a few atoms.

use super::super::{Dictionary, GreedySettings, SolverError, nnomp};

/// Atoms that a moved spectrum is explained with.
const ATOMS: usize = 5;
/// Moving must leave less than this part of what was unexplained without.
const WORTH_IT: f64 = 0.85;

/// The curve read `by` units further along its axis, by cubics through the points; the ends are repeated.
#[must_use]
pub fn moved(axis: &[f64], curve: &[f32], by: f64) -> Vec<f32> {
    let last = axis.len().saturating_sub(1);
    let value = |i: usize| f64::from(curve[i]);
    let slope = |i: usize| {
        let (a, b) = (i.saturating_sub(1), (i + 1).min(last));
        if axis[b] > axis[a] { (value(b) - value(a)) / (axis[b] - axis[a]) } else { 0.0 }
    };
    let mut right = 0;
    let mut at = |x: f64| {
        while right < last && axis[right] < x {
            right += 1;
        }
        let left = right.saturating_sub(1);
        let width = axis[right] - axis[left];
        if width <= 0.0 || x <= axis[0] || x >= axis[last] {
            return if x <= axis[0] { curve[0] } else { curve[right] };
        }
        let t = (x - axis[left]) / width;
        let u = 1.0 - t;
        let ends = u * u * (1.0 + 2.0 * t) * value(left) + t * t * (3.0 - 2.0 * t) * value(right);
        (ends + t * u * width * (u * slope(left) - t * slope(right))) as f32
    };
    axis.iter().map(|x| at(x + by)).collect()
}

/// By how much the lines of a spectrum lie above those of the library, at most `limit` units of the axis; 0 unless
/// moving it explains clearly more.
pub fn offset(
    dictionary: &Dictionary,
    axis: &[f64],
    spectrum: &[f32],
    limit: f64,
) -> Result<f64, SolverError> {
    let whole = dictionary.target(spectrum)?.energy();
    // Against the energy of the spectrum itself: reading between points smooths the noise away, which explains nothing.
    let left_over = |by: f64| -> Result<f64, SolverError> {
        let target = dictionary.target(&moved(axis, spectrum, by))?;
        let settings = GreedySettings { max_atoms: ATOMS, ..GreedySettings::default() };
        let fit = nnomp(dictionary, &target, settings, None)?;
        Ok(whole - (target.energy() - fit.residual_norm.powi(2)))
    };
    let unmoved = left_over(0.0)?;
    let mut best = (unmoved, 0.0);
    for step in [1.0, 0.25] {
        let centre = best.1;
        for k in [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] {
            let by = centre + k * step * limit / 3.0;
            if by.abs() <= limit * 1.0001 {
                let rest = left_over(by)?;
                if rest < best.0 {
                    best = (rest, by);
                }
            }
        }
        if best.0 > WORTH_IT * unmoved {
            return Ok(0.0);
        }
    }
    Ok(best.1)
}

#[cfg(test)]
mod tests {
    use super::super::super::Metric;
    use super::*;

    fn line(axis: &[f64], at: f64) -> Vec<f32> {
        axis.iter().map(|x| (1.0 / (1.0 + ((x - at) / 6.0).powi(2))) as f32).collect()
    }

    #[test]
    fn moving_reads_further_along_the_axis_and_repeats_the_ends() {
        let axis = [0.0, 1.0, 3.0, 4.0];
        let curve = [0.0, 10.0, 30.0, 40.0];
        assert_eq!(moved(&axis, &curve, 0.5), [5.0, 15.0, 35.0, 40.0]);
        assert_eq!(moved(&axis, &curve, -0.5), [0.0, 5.0, 25.0, 35.0]);
        assert_eq!(moved(&axis, &curve, 0.0), curve);
        // A line read between the points keeps its height to a few per mille.
        let axis: Vec<f64> = (0..100).map(|i| 1.5 * f64::from(i)).collect();
        for (found, expected) in moved(&axis, &line(&axis, 70.0), 0.75).iter().zip(line(&axis, 69.25)) {
            assert!((found - expected).abs() < 3e-3);
        }
    }

    #[test]
    fn an_offset_axis_is_found_and_a_right_one_left_alone() {
        let axis: Vec<f64> = (0..400).map(|i| 200.0 + 1.5 * f64::from(i)).collect();
        let library: Vec<f32> = [300.0, 420.0, 610.0, 700.0].iter().flat_map(|p| line(&axis, *p)).collect();
        let dictionary = Dictionary::new(&library, 400, Metric::default()).unwrap();
        for by in [-2.6, 0.0, 1.4] {
            let mut spectrum = line(&axis, 420.0 + by);
            for (s, v) in spectrum.iter_mut().zip(line(&axis, 610.0 + by)) {
                *s += 0.4 * v;
            }
            let found = offset(&dictionary, &axis, &spectrum, 3.0).unwrap();
            assert!((found - by).abs() < 0.3, "{by}: {found}");
        }
    }
}
