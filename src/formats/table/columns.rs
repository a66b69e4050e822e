//! What the columns of a table mean: axis, spectra, uncertainties, row numbers, pairs.

use crate::formats::cells;

use super::body::Numbers;
use super::header::Header;

/// The parts the columns of a table play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roles {
    /// One axis and curves over it.
    Shared {
        /// The axis.
        axis: usize,
        /// The curves.
        curves: Vec<usize>,
        /// Columns that are something else, with the reason in words.
        others: Vec<(usize, &'static str)>,
    },
    /// Axis, curve, axis, curve...
    Pairs(usize),
}

/// Rows looked at when a column's course decides.
const ENOUGH: usize = 5;

/// Decides what each column is.
#[must_use]
pub fn roles(numbers: &Numbers, header: &Header) -> Roles {
    let width = numbers.width();
    let axes: Vec<usize> = (0..width).filter(|c| header.axis_of(*c).is_some()).collect();
    if width >= 4 && width.is_multiple_of(2) && is_pairs(numbers, &axes) {
        return Roles::Pairs(width / 2);
    }
    let named = axes.iter().copied().max_by_key(|c| (rank(header, *c), usize::MAX - c));
    let index = width >= 3 && counts_rows(&numbers.column(0));
    let axis = match named {
        Some(column) => column,
        None if index && is_axis_beside_index(numbers) => 1,
        None => 0,
    };
    let mut others = Vec::new();
    let mut curves = Vec::new();
    for column in (0..width).filter(|c| *c != axis) {
        if axes.binary_search(&column).is_ok() && width > 2 {
            others.push((column, "is another axis"));
        } else if column == 0 && index && axis > 0 {
            others.push((column, "counts the rows"));
        } else if !curves.is_empty() && is_uncertainty(header.name(column)) {
            others.push((column, "holds uncertainties"));
        } else {
            curves.push(column);
        }
    }
    Roles::Shared { axis, curves, others }
}

/// A Raman shift is preferred to a wavenumber (which may be absolute where both stand), then length, energy, pixel.
fn rank(header: &Header, column: usize) -> u8 {
    use crate::spectrum::AxisKind::{Energy, Pixel, RamanShift, Wavelength, Wavenumber};
    let name = cells::normalised(header.name(column));
    match header.axis_of(column) {
        Some(RamanShift) if name.contains("raman") || name.contains("shift") => 6,
        Some(RamanShift) => 5,
        Some(Wavelength) => 4,
        Some(Energy) => 3,
        Some(Wavenumber) => 2,
        Some(Pixel) => 1,
        _ => 0,
    }
}

fn is_uncertainty(name: &str) -> bool {
    let name = cells::normalised(name);
    let words = [
        "sigma",
        "error",
        "std",
        "stdev",
        "std.",
        "sd",
        "err",
        "uncertainty",
        "\u{3c3}",
        "stderr",
        "\u{b1}",
        "rms",
        "sem",
        "yerr",
        "dy",
        "unsicherheit",
        "fehler",
        "standardabweichung",
    ];
    let phrases = ["standard deviation", "delta y", " 90 % limit"];
    name == "e"
        || phrases.iter().any(|phrase| name.contains(phrase))
        || name
            .split(|c: char| !(c.is_alphabetic() || c == '.' || c == '\u{b1}'))
            .any(|word| words.contains(&word))
}

/// 0, 1, 2... or 1, 2, 3...
#[must_use]
pub fn counts_rows(column: &[f64]) -> bool {
    let from = column.first().copied().unwrap_or(f64::NAN);
    let starts = from.abs() < 1e-9 || (from - 1.0).abs() < 1e-9;
    starts
        && column.len() >= ENOUGH
        && column.iter().enumerate().all(|(i, v)| (v - from - i as f64).abs() < 1e-9)
}

/// Row numbers stand before an axis, not before intensities: the second column runs one way and is no count itself.
fn is_axis_beside_index(numbers: &Numbers) -> bool {
    let second = numbers.column(1);
    numbers.width() >= 3 && is_monotone(&second) && !counts_rows(&second)
}

/// All finite values run one way, and there are enough of them to tell.
fn is_monotone(column: &[f64]) -> bool {
    let values: Vec<f64> = column.iter().copied().filter(|v| v.is_finite()).collect();
    values.len() >= ENOUGH && (values.is_sorted_by(|a, b| a < b) || values.is_sorted_by(|a, b| a > b))
}

fn range(column: &[f64]) -> (f64, f64) {
    column
        .iter()
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

/// Every other column is an axis by name, or runs one way over about the same range as the first.
fn is_pairs(numbers: &Numbers, axes: &[usize]) -> bool {
    let width = numbers.width();
    if axes.iter().any(|column| column % 2 == 1) {
        return false;
    }
    if axes.len() * 2 == width {
        return true;
    }
    if axes.len() > 1 {
        return false;
    }
    // The first rows refute it cheaply for the many wide tables that have one axis.
    let head = |c: usize| -> Vec<f64> { numbers.head(c, 32) };
    if !(0..width).step_by(2).all(|c| is_monotone(&head(c))) {
        return false;
    }
    let first = numbers.column(0);
    let (low, high) = range(&first);
    let alike = (0..width).step_by(2).all(|c| {
        let column = numbers.column(c);
        let (l, h) = range(&column);
        let (shared, whole) = (h.min(high) - l.max(low), h.max(high) - l.min(low));
        // A shorter column covers a part of the range, and begins where the others do.
        let begins = (l - low).abs().min((h - high).abs()) <= 0.02 * whole;
        is_monotone(&column) && (shared >= 0.5 * whole || begins && shared >= 0.9 * (h - l).min(high - low))
    });
    let curves_run = (1..width).step_by(2).all(|c| is_monotone(&numbers.column(c)));
    alike && !curves_run
}

/// Where the positions start again from their first value: one range per piece, or none when they never do.
///
/// Each piece runs one way; every piece but the last has at least five points.
#[must_use]
pub fn restarts(x: &[f64]) -> Vec<std::ops::Range<usize>> {
    if x.is_sorted() || x.is_sorted_by(|a, b| a >= b) {
        return Vec::new();
    }
    let (Some(first), Some(second)) = (x.first(), x.get(1)) else { return Vec::new() };
    let rising = second > first;
    let mut cuts = vec![0];
    for (i, w) in x.windows(2).enumerate() {
        let back = if rising { w[1] < w[0] } else { w[1] > w[0] };
        if back {
            cuts.push(i + 1);
        }
    }
    cuts.push(x.len());
    let pieces: Vec<_> = cuts.windows(2).map(|w| w[0]..w[1]).collect();
    let (low, high) = range(x);
    let same = |at: usize| x.get(at).is_some_and(|v| (v - first).abs() <= 1e-6 * (high - low));
    let (whole, last) = pieces.split_at(pieces.len() - 1);
    let fits = whole.iter().all(|p| p.len() >= ENOUGH && same(p.start)) && last.iter().all(|p| same(p.start));
    if fits { pieces } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[f64]]) -> Numbers {
        Numbers::Grid { width: rows[0].len(), values: rows.concat() }
    }

    fn named(names: &[&str]) -> Header {
        Header { names: names.iter().map(|n| (*n).to_owned()).collect(), ..Header::default() }
    }

    #[test]
    fn a_named_axis_beats_position_and_a_raman_shift_beats_the_rest() {
        let numbers = grid(&[&[1.0, 800.0, 200.0, 5.0], &[2.0, 801.0, 210.0, 6.0]]);
        let found = roles(&numbers, &named(&["Pixel", "Wavelength", "Raman Shift", "Dark"]));
        let Roles::Shared { axis, curves, others } = found else { panic!("pairs") };
        assert_eq!((axis, curves), (2, vec![3]));
        assert_eq!(others.len(), 2);
    }

    #[test]
    fn row_numbers_and_uncertainties_are_no_spectra() {
        let rows: Vec<Vec<f64>> = (0..9)
            .map(|i| vec![f64::from(i), 100.0 + 2.5 * f64::from(i), f64::from(i * i % 7), 0.1])
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let found = roles(&grid(&rows), &named(&["", "a", "b", "sigma"]));
        let others = vec![(0, "counts the rows"), (3, "holds uncertainties")];
        assert_eq!(found, Roles::Shared { axis: 1, curves: vec![2], others });
    }

    #[test]
    fn limits_of_a_band_are_no_spectra() {
        let rows: Vec<Vec<f64>> =
            (0..9).map(|i| vec![100.0 + f64::from(i), f64::from(i * i % 7), -1.0, 8.0]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let heads =
            ["raman_shift_cm-1", "Talc", "Talc lower 90 % limit (counts)", "Talc upper 90 % limit (a.u.)"];
        let others = vec![(2, "holds uncertainties"), (3, "holds uncertainties")];
        assert_eq!(roles(&grid(&rows), &named(&heads)), Roles::Shared { axis: 0, curves: vec![1], others });
    }

    #[test]
    fn two_axes_side_by_side_are_pairs() {
        let rows: Vec<Vec<f64>> = (0..9)
            .map(|i| vec![100.0 + f64::from(i), f64::from(i * i % 7), 100.5 + f64::from(i), 1.0])
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        assert_eq!(roles(&grid(&rows), &Header::default()), Roles::Pairs(2));
    }

    #[test]
    fn an_axis_that_starts_again_is_cut() {
        let x: Vec<f64> = (0..3).flat_map(|_| (0..6).map(f64::from)).collect();
        assert_eq!(restarts(&x), [0..6, 6..12, 12..18]);
        assert_eq!(restarts(&x[..14]), [0..6, 6..12, 12..14]);
        assert!(restarts(&x[..6]).is_empty());
        assert!(restarts(&[1.0, 5.0, 2.0, 9.0]).is_empty());
    }
}
