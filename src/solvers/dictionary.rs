//! A library made ready for the solvers: rows in the metric, of unit norm, with what can be computed once.

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::spectrum::metrics::norm;

use super::SolverError;
use super::linalg::{LANES, dot_wide, products, products_of, rows_by_rows_f32, rows_by_rows_f64};
use super::metric::{Metric, Whitener};
use super::shifted::Shifted;

/// Dictionaries up to this size keep their Gram matrix in `f64` too, when it is asked for (32 MB).
const MAX_EXACT: usize = 2_048;

/// The rows of a library on one axis, in one metric. Built once and shared by `Arc`.
///
/// A row of which the metric leaves nothing (a straight line under [`Metric::Cosines`]) is kept, so that indices stay
/// those of the caller, but no solver ever chooses it.
#[derive(Debug)]
pub struct Dictionary {
    whitener: Whitener,
    count: usize,
    /// Values per row of `atoms`: the length, padded with zeros.
    stride: usize,
    /// Row by row, unit norm, zero for rows that vanish.
    atoms: Vec<f32>,
    /// Norm of each row in the metric; 0 for rows that vanish.
    scales: Vec<f64>,
    /// Norm of each row as it is stored.
    norms: Vec<f64>,
    gram: OnceLock<Vec<f32>>,
    opposed: OnceLock<Vec<f32>>,
    exact: OnceLock<Exact>,
    shifted: OnceLock<Shifted>,
}

/// What is kept in `f64` of a small dictionary.
#[derive(Debug)]
pub(super) struct Exact {
    pub atoms: Vec<f64>,
    pub gram: Vec<f64>,
}

/// One spectrum made ready for one dictionary.
#[derive(Debug, Clone)]
pub struct Target {
    /// The spectrum in the metric, padded like the rows.
    pub(super) whitened: Vec<f64>,
    pub(super) correlations: Vec<f64>,
    pub(super) norm: f64,
    /// The correlations were computed in `f64`.
    pub(super) exact: bool,
}

impl Target {
    /// `b = D'y`: inner product with every unit row, in the metric.
    pub fn correlations(&self) -> &[f64] {
        &self.correlations
    }

    /// Squared norm in the metric.
    pub fn energy(&self) -> f64 {
        self.norm * self.norm
    }

    /// Norm in the metric.
    pub fn norm(&self) -> f64 {
        self.norm
    }

    /// The spectrum in the metric: weighted cosine coefficients, or the values themselves in the plain metric.
    pub fn whitened(&self) -> &[f64] {
        &self.whitened
    }
}

fn finite(values: &[f32], what: impl Fn() -> String) -> Result<(), SolverError> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(point) => Err(SolverError::NotFinite { what: what(), point, value: values[point] }),
        None => Ok(()),
    }
}

impl Dictionary {
    /// Rows of `length` values one after the other, as they are stored in the library.
    pub fn new(rows: &[f32], length: usize, metric: Metric) -> Result<Self, SolverError> {
        if rows.is_empty() || length == 0 {
            let count = rows.len().checked_div(length).unwrap_or(0);
            return Err(SolverError::Empty { count, length });
        }
        if !rows.len().is_multiple_of(length) {
            return Err(SolverError::Ragged { found: rows.len(), length });
        }
        for (i, row) in rows.chunks_exact(length).enumerate() {
            finite(row, || format!("spectrum {i} of the dictionary"))?;
        }
        let whitener = Whitener::new(metric, length)?;
        let (count, stride) = (rows.len() / length, length.next_multiple_of(LANES));
        let mut atoms = vec![0.0_f32; count * stride];
        let scales = atoms
            .par_chunks_exact_mut(stride)
            .zip(rows.par_chunks_exact(length))
            .map_init(
                || vec![0.0; length],
                |buffer, (atom, row)| {
                    let scale = whitener.whiten(row, buffer);
                    if scale > 0.0 {
                        for (to, from) in atom.iter_mut().zip(buffer.iter()) {
                            *to = (from / scale) as f32;
                        }
                    }
                    scale
                },
            )
            .collect();
        let norms = rows.par_chunks_exact(length).map(norm).collect();
        let (gram, opposed) = (OnceLock::new(), OnceLock::new());
        let (exact, shifted) = (OnceLock::new(), OnceLock::new());
        Ok(Self { whitener, count, stride, atoms, scales, norms, gram, opposed, exact, shifted })
    }

    /// These rows alone, in this order. What was computed of them comes along.
    ///
    /// # Panics
    /// If there is no such row; like indexing.
    pub fn subset(&self, rows: &[usize]) -> Result<Self, SolverError> {
        if rows.is_empty() {
            return Err(SolverError::Empty { count: 0, length: self.length() });
        }
        let gram = self.gram_if_ready().map(|gram| {
            let row = |i: &usize| &gram[i * self.count..(i + 1) * self.count];
            let few = rows.iter().flat_map(|i| rows.iter().map(|j| row(i)[*j]));
            OnceLock::from(few.collect::<Vec<f32>>())
        });
        Ok(Self {
            whitener: self.whitener.clone(),
            count: rows.len(),
            stride: self.stride,
            atoms: rows.iter().flat_map(|i| self.atom(*i).iter().copied()).collect(),
            scales: rows.iter().map(|i| self.scales[*i]).collect(),
            norms: rows.iter().map(|i| self.norms[*i]).collect(),
            gram: gram.unwrap_or_default(),
            opposed: OnceLock::new(),
            exact: OnceLock::new(),
            shifted: OnceLock::new(),
        })
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Points per spectrum.
    pub fn length(&self) -> usize {
        self.whitener.length()
    }

    /// The metric.
    pub fn metric(&self) -> Metric {
        self.whitener.metric()
    }

    /// Row `i` in the metric, of unit norm (all zero when it vanished), padded with zeros.
    ///
    /// # Panics
    /// If there is no row `i`; like indexing.
    pub fn atom(&self, i: usize) -> &[f32] {
        &self.atoms[i * self.stride..(i + 1) * self.stride]
    }

    /// Norm in the metric of every stored row: stored weight = unit-row weight / norm. 0 for rows that vanished.
    pub fn scales(&self) -> &[f64] {
        &self.scales
    }

    /// Norm of every row as it is stored.
    pub(super) fn norms(&self) -> &[f64] {
        &self.norms
    }

    /// Inner product of two unit rows, exact but for rounding.
    ///
    /// # Panics
    /// If there is no such row; like indexing.
    pub fn product(&self, i: usize, j: usize) -> f64 {
        match self.exact.get() {
            Some(exact) => exact.gram[i * self.count + j],
            None => dot_wide(self.atom(i), self.atom(j)),
        }
    }

    /// The Gram matrix of the unit rows, row by row, computed at the first call (all cores) and kept.
    pub fn gram(&self) -> &[f32] {
        let gram: &Vec<f32> = kept(&self.gram, || {
            let mut gram = vec![0.0_f32; self.count * self.count];
            // Whole row blocks: the same blocks, hence the same numbers, whatever the number of threads.
            gram.par_chunks_mut(GRAM_ROWS * self.count).enumerate().for_each(|(block, out)| {
                let first = block * GRAM_ROWS * self.stride;
                let rows = &self.atoms[first..first + out.len() / self.count * self.stride];
                rows_by_rows_f32(rows, &self.atoms, self.stride, out);
            });
            gram
        });
        gram
    }

    /// For every unit row the largest negative inner product with another, its sign dropped; 0 where there is none.
    pub(super) fn opposed(&self) -> &[f32] {
        let opposed: &Vec<f32> = kept(&self.opposed, || {
            let rows = self.gram().par_chunks(self.count);
            rows.map(|row| -row.iter().fold(0.0_f32, |least, g| least.min(*g))).collect()
        });
        opposed
    }

    /// The Gram matrix if it has been computed already.
    pub fn gram_if_ready(&self) -> Option<&[f32]> {
        self.gram.get().map(Vec::as_slice)
    }

    /// Inner products of unit row `j` with all unit rows.
    pub(super) fn gram_row(&self, j: usize) -> Vec<f64> {
        if let Some(gram) = self.gram_if_ready() {
            return gram[j * self.count..(j + 1) * self.count].iter().map(|g| f64::from(*g)).collect();
        }
        let mut row = vec![0.0; self.count];
        products(&self.atoms, self.stride, self.atom(j), &mut row);
        row
    }

    /// Unit rows and Gram matrix in `f64`, for dictionaries small enough; computed at the first call and kept.
    pub(super) fn exact(&self) -> Option<&Exact> {
        (self.count <= MAX_EXACT).then(|| {
            kept(&self.exact, || {
                let atoms: Vec<f64> = self.atoms.iter().map(|v| f64::from(*v)).collect();
                let mut gram = vec![0.0; self.count * self.count];
                rows_by_rows_f64(&atoms, &atoms, self.stride, &mut gram);
                Exact { atoms, gram }
            })
        })
    }

    /// The factors behind `(D'D + mu I)^-1`, computed at the first call and kept.
    pub(super) fn shifted(&self) -> &Shifted {
        kept(&self.shifted, || Shifted::new(self))
    }

    /// The `f64` Gram matrix if it has been computed already.
    pub(super) fn exact_gram_if_ready(&self) -> Option<&[f64]> {
        self.exact.get().map(|exact| exact.gram.as_slice())
    }

    /// All unit rows, padded, one after the other.
    pub(super) fn atoms(&self) -> &[f32] {
        &self.atoms
    }

    /// Inner products of a vector in the metric with every unit row.
    pub(super) fn correlate(&self, whitened: &[f64], out: &mut [f64]) {
        let (unit, norm) = unit(whitened);
        products(&self.atoms, self.stride, &unit, out);
        for value in out {
            *value *= norm;
        }
    }

    /// A spectrum made ready for the solvers: into the metric, and its inner products with all rows.
    pub fn target(&self, spectrum: &[f32]) -> Result<Target, SolverError> {
        let mut target = self.whiten(spectrum)?;
        target.correlations = vec![0.0; self.count];
        self.correlate(&target.whitened, &mut target.correlations);
        Ok(target)
    }

    /// [`Self::target`] of several spectra one after the other: the same numbers, the rows read once for all of them.
    pub(super) fn targets(&self, spectra: &[f32]) -> Result<Vec<Target>, SolverError> {
        let spectra = spectra.chunks(self.length()).map(|spectrum| self.whiten(spectrum));
        let mut targets = spectra.collect::<Result<Vec<_>, _>>()?;
        let (units, norms): (Vec<Vec<f32>>, Vec<f64>) = targets.iter().map(|t| unit(&t.whitened)).unzip();
        let mut outs = vec![vec![0.0; self.count]; targets.len()];
        products_of(&self.atoms, self.stride, &units, &mut outs);
        for ((target, norm), mut out) in targets.iter_mut().zip(norms).zip(outs) {
            for value in &mut out {
                *value *= norm;
            }
            target.correlations = out;
        }
        Ok(targets)
    }

    /// As [`Self::target`], the inner products left out.
    pub(super) fn whiten(&self, spectrum: &[f32]) -> Result<Target, SolverError> {
        if spectrum.len() != self.length() {
            let (found, expected) = (spectrum.len(), self.length());
            return Err(SolverError::Mismatch { what: "points of the spectrum", found, expected });
        }
        finite(spectrum, || "the spectrum".to_owned())?;
        let mut whitened = vec![0.0; self.stride];
        let norm = self.whitener.whiten(spectrum, &mut whitened[..spectrum.len()]);
        Ok(Target { whitened, correlations: Vec::new(), norm, exact: false })
    }

    /// Whether a target was made for a dictionary of this shape.
    pub(super) fn check(&self, target: &Target) -> Result<(), SolverError> {
        let (found, expected) = (target.correlations.len(), self.count);
        if found != expected || target.whitened.len() != self.stride {
            return Err(SolverError::Mismatch { what: "correlations of the target", found, expected });
        }
        Ok(())
    }
}

/// What is in the slot, made first where it is empty. Made outside the slot's lock: making it uses the pool, and a
/// worker that waits there may take up another spectrum which asks for the same slot. Two may be made; one is kept.
fn kept<T>(slot: &OnceLock<T>, make: impl FnOnce() -> T) -> &T {
    if let Some(there) = slot.get() {
        return there;
    }
    let made = make();
    slot.get_or_init(|| made)
}

/// A vector of unit norm, and the norm it had: squares of very large or small intensities do not fit into `f32`.
fn unit(whitened: &[f64]) -> (Vec<f32>, f64) {
    let norm = whitened.iter().map(|v| v * v).sum::<f64>().sqrt();
    let scale = if norm > 0.0 { norm } else { 1.0 };
    (whitened.iter().map(|v| (v / scale) as f32).collect(), norm)
}

/// Rows of the Gram matrix per parallel task.
const GRAM_ROWS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, length: usize) -> Vec<f32> {
        (0..count * length).map(|i| ((i * i * 31 + 17 * i) % 101) as f32 - 20.0).collect()
    }

    #[test]
    fn atoms_have_unit_norm_and_scales_restore_them() {
        let stored = rows(5, 13);
        let dictionary = Dictionary::new(&stored, 13, Metric::Plain).unwrap();
        for i in 0..5 {
            let atom = dictionary.atom(i);
            assert_eq!(atom.len(), 16);
            assert!((dot_wide(atom, atom) - 1.0).abs() < 1e-6);
            for (a, s) in atom.iter().zip(&stored[i * 13..(i + 1) * 13]) {
                assert!((f64::from(*a) * dictionary.scales()[i] - f64::from(*s)).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn both_gram_matrices_hold_the_inner_products() {
        let stored = rows(200, 20);
        let dictionary = Dictionary::new(&stored, 20, Metric::Cosines(2)).unwrap();
        let before = dictionary.product(3, 150);
        let gram = dictionary.gram();
        let exact = &dictionary.exact().unwrap().gram;
        for (i, j) in [(0, 0), (3, 150), (199, 128), (128, 199)] {
            let truth = dot_wide(dictionary.atom(i), dictionary.atom(j));
            assert!((f64::from(gram[i * 200 + j]) - truth).abs() < 1e-6);
            assert!((exact[i * 200 + j] - truth).abs() < 1e-14);
        }
        assert!((before - dictionary.product(3, 150)).abs() < 1e-14);
    }

    #[test]
    fn a_subset_is_the_dictionary_of_its_rows_with_or_without_the_gram_matrix() {
        let stored = rows(150, 24);
        let whole = Dictionary::new(&stored, 24, Metric::Cosines(3)).unwrap();
        let keep = [140, 3, 77];
        let few: Vec<f32> = keep.iter().flat_map(|i| stored[i * 24..(i + 1) * 24].to_vec()).collect();
        let expected = Dictionary::new(&few, 24, Metric::Cosines(3)).unwrap();
        for _ in 0..2 {
            let subset = whole.subset(&keep).unwrap();
            assert_eq!((subset.count(), subset.scales()), (3, expected.scales()));
            assert_eq!(subset.atoms(), expected.atoms());
            assert_eq!(subset.gram_if_ready().is_some(), whole.gram_if_ready().is_some());
            for (found, expected) in subset.gram().iter().zip(expected.gram()) {
                // Sums of 24 products of single precision.
                assert!((found - expected).abs() < 1e-6);
            }
            whole.gram();
        }
        assert!(whole.subset(&[]).is_err());
    }

    #[test]
    fn nan_is_refused_with_its_place() {
        let mut stored = rows(3, 8);
        stored[13] = f32::NAN;
        let error = Dictionary::new(&stored, 8, Metric::Plain).unwrap_err().to_string();
        assert!(error.contains("spectrum 1 of the dictionary") && error.contains("point 5"), "{error}");
        let dictionary = Dictionary::new(&rows(3, 8), 8, Metric::Plain).unwrap();
        assert!(dictionary.target(&[f32::INFINITY; 8]).is_err());
        assert!(dictionary.target(&[0.0; 7]).is_err());
        assert!(Dictionary::new(&[], 8, Metric::Plain).is_err());
        assert!(Dictionary::new(&[1.0; 9], 8, Metric::Plain).is_err());
        assert!(Dictionary::new(&[1.0; 9], 0, Metric::Plain).is_err());
    }

    #[test]
    fn a_row_that_vanishes_in_the_metric_stays_as_a_zero_row() {
        let mut stored = rows(3, 40);
        stored[40..80].fill(7.0);
        let dictionary = Dictionary::new(&stored, 40, Metric::default()).unwrap();
        assert!(dictionary.scales()[1] <= 0.0 && dictionary.scales()[0] > 0.0);
        assert!(dictionary.atom(1).iter().all(|v| v.abs() <= 0.0));
        let constant = dictionary.target(&[5.0; 40]).unwrap();
        assert!(constant.energy() <= 0.0);
    }
}
