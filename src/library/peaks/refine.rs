//! Joint least squares over all lines: Levenberg-Marquardt with analytic derivatives and box bounds.
//!
//! A line is differentiated only within a few widths of its centre, so the normal matrix is sparse where lines are
//! apart and its assembly stays cheap; the model itself is summed everywhere.

use super::Line;

/// Points beyond this many widths from the centre do not enter the derivatives: there a Lorentzian has fallen to
/// 1/257 of its height.
const REACH_WIDTHS: f64 = 8.0;
/// Relative fall of the cost below which a step counts as no progress.
const FLAT: f64 = 1e-6;
/// Damping beyond which no step will ever be taken.
const STUCK: f64 = 1e10;
/// Part of its width by which a line may move in one step; longer steps jump to a neighbour's place.
const LONGEST_MOVE: f64 = 0.5;

/// Box in which lines are kept.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Lowest and highest centre in cm-1.
    pub position_cm1: (f64, f64),
    /// Narrowest and widest line in cm-1.
    pub width_cm1: (f64, f64),
}

impl Bounds {
    fn of(&self, parameter: usize) -> (f64, f64) {
        match parameter {
            0 => self.position_cm1,
            1 => (0.0, f64::MAX),
            2 => self.width_cm1,
            _ => (0.0, 1.0),
        }
    }
}

/// What the refinement reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refined {
    /// Sum of squared residuals.
    pub cost: f64,
    /// Steps tried.
    pub iterations: usize,
    /// False when the iterations ran out first.
    pub converged: bool,
}

/// Improves `lines` in place.
pub fn refine(x: &[f64], y: &[f64], lines: &mut [Line], bounds: &Bounds, iterations: usize) -> Refined {
    let mut residual = residual(x, y, lines);
    let mut cost = square(&residual);
    let mut damping = 1e-3;
    let mut system = System::new(4 * lines.len());
    let mut fresh = true;
    for iteration in 0..iterations {
        if fresh {
            system.assemble(x, &residual, lines, bounds);
        }
        let trial = system.step(damping).map(|step| moved(lines, step, bounds));
        let better = trial.map(|trial| {
            let residual = self::residual(x, y, &trial);
            (square(&residual), residual, trial)
        });
        match better {
            Some((new_cost, new_residual, trial)) if new_cost < cost => {
                let flat = cost - new_cost <= FLAT * cost;
                lines.copy_from_slice(&trial);
                (cost, residual, fresh) = (new_cost, new_residual, true);
                damping = (damping * 0.2).max(1e-9);
                if flat {
                    return Refined { cost, iterations: iteration + 1, converged: true };
                }
            }
            _ => {
                fresh = false;
                damping *= 8.0;
                if damping > STUCK {
                    return Refined { cost, iterations: iteration + 1, converged: true };
                }
            }
        }
    }
    Refined { cost, iterations, converged: false }
}

/// Measured minus model.
pub fn residual(x: &[f64], y: &[f64], lines: &[Line]) -> Vec<f64> {
    let mut model = vec![0.0; x.len()];
    for line in lines {
        line.add_to(x, &mut model);
    }
    y.iter().zip(model).map(|(y, m)| y - m).collect()
}

fn square(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum()
}

fn parameters(line: &Line) -> [f64; 4] {
    [line.position_cm1, line.height, line.fwhm_cm1, line.shape]
}

fn moved(lines: &[Line], step: &[f64], bounds: &Bounds) -> Vec<Line> {
    lines
        .iter()
        .zip(step.chunks_exact(4))
        .map(|(line, step)| {
            let mut p = parameters(line);
            let longest = LONGEST_MOVE * line.fwhm_cm1;
            let limit = [longest, f64::MAX, longest, f64::MAX];
            for (i, value) in p.iter_mut().enumerate() {
                let (low, high) = bounds.of(i);
                *value = (*value + step[i].clamp(-limit[i], limit[i])).clamp(low, high);
            }
            Line { position_cm1: p[0], height: p[1], fwhm_cm1: p[2], shape: p[3] }
        })
        .collect()
}

/// Normal equations of one linearisation.
struct System {
    size: usize,
    /// Lower triangle of `J'J`, row after row, all columns stored.
    normal: Vec<f64>,
    gradient: Vec<f64>,
    free: Vec<bool>,
    factor: Vec<f64>,
    solution: Vec<f64>,
}

impl System {
    fn new(size: usize) -> Self {
        Self {
            size,
            normal: vec![0.0; size * size],
            gradient: vec![0.0; size],
            free: vec![true; size],
            factor: vec![0.0; size * size],
            solution: vec![0.0; size],
        }
    }

    fn assemble(&mut self, x: &[f64], residual: &[f64], lines: &[Line], bounds: &Bounds) {
        self.normal.fill(0.0);
        self.gradient.fill(0.0);
        let spans: Vec<(usize, Vec<[f64; 4]>)> = lines
            .iter()
            .map(|line| {
                let reach = REACH_WIDTHS * line.fwhm_cm1;
                let start = x.partition_point(|v| *v < line.position_cm1 - reach);
                let end = x.partition_point(|v| *v <= line.position_cm1 + reach).max(start);
                (start, x[start..end].iter().map(|x| line.value_and_gradient(*x).1).collect())
            })
            .collect();
        for (i, (start_i, rows_i)) in spans.iter().enumerate() {
            for (row, r) in rows_i.iter().zip(&residual[*start_i..]) {
                for (a, value) in row.iter().enumerate() {
                    self.gradient[4 * i + a] += value * r;
                }
            }
            for (j, (start_j, rows_j)) in spans[..=i].iter().enumerate() {
                let block = overlap_product(*start_i, rows_i, *start_j, rows_j);
                for (a, row) in block.iter().enumerate() {
                    let at = (4 * i + a) * self.size + 4 * j;
                    self.normal[at..at + 4].copy_from_slice(row);
                }
            }
        }
        // A parameter that rests on its bound and is pushed outwards stays where it is.
        for (i, line) in lines.iter().enumerate() {
            for (a, value) in parameters(line).into_iter().enumerate() {
                let (low, high) = bounds.of(a);
                let push = self.gradient[4 * i + a];
                self.free[4 * i + a] = !(value <= low && push < 0.0 || value >= high && push > 0.0);
            }
        }
    }

    /// Solves `(J'J + damping diag(J'J)) step = J'r` by Cholesky; `None` when it is not positive definite.
    fn step(&mut self, damping: f64) -> Option<&[f64]> {
        let n = self.size;
        let l = &mut self.factor;
        let floor = (0..n).map(|i| self.normal[i * n + i]).fold(0.0, f64::max) * 1e-12;
        for i in 0..n {
            // First column that is not zero: fill-in cannot stand before it.
            for j in 0..=i {
                let keep = self.free[i] && self.free[j];
                let a = if keep { self.normal[i * n + j] } else { 0.0 };
                let (above, row) = l.split_at_mut(i * n);
                let row = &mut row[..n];
                if i == j {
                    let sum: f64 = row[..j].iter().map(|v| v * v).sum();
                    let pivot = if keep { a * (1.0 + damping) + floor - sum } else { 1.0 };
                    if pivot.is_nan() || pivot <= 0.0 {
                        return None;
                    }
                    row[j] = pivot.sqrt();
                } else {
                    let other = &above[j * n..j * n + n];
                    let sum: f64 = row[..j].iter().zip(&other[..j]).map(|(a, b)| a * b).sum();
                    row[j] = (a - sum) / other[j];
                }
            }
        }
        let s = &mut self.solution;
        for i in 0..n {
            let g = if self.free[i] { self.gradient[i] } else { 0.0 };
            let sum: f64 = l[i * n..i * n + i].iter().zip(s.iter()).map(|(a, b)| a * b).sum();
            s[i] = (g - sum) / l[i * n + i];
        }
        for i in (0..n).rev() {
            s[i] /= l[i * n + i];
            let value = s[i];
            for j in 0..i {
                s[j] -= l[i * n + j] * value;
            }
        }
        s.iter().all(|v| v.is_finite()).then_some(&self.solution)
    }
}

/// `J_i' J_j` over the points that both lines reach.
fn overlap_product(start_i: usize, i: &[[f64; 4]], start_j: usize, j: &[[f64; 4]]) -> [[f64; 4]; 4] {
    let start = start_i.max(start_j);
    let end = (start_i + i.len()).min(start_j + j.len());
    let mut block = [[0.0; 4]; 4];
    if start < end {
        for (a, b) in i[start - start_i..end - start_i].iter().zip(&j[start - start_j..end - start_j]) {
            for (row, a) in block.iter_mut().zip(a) {
                for (sum, b) in row.iter_mut().zip(b) {
                    *sum += a * b;
                }
            }
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { position_cm1: (0.0, 300.0), width_cm1: (2.0, 100.0) };

    fn curve(lines: &[Line]) -> (Vec<f64>, Vec<f64>) {
        let x: Vec<f64> = (0..300).map(f64::from).collect();
        let zero = vec![0.0; 300];
        let y = residual(&x, &zero, lines).iter().map(|v| -v).collect();
        (x, y)
    }

    #[test]
    fn overlapping_lines_are_found_again_from_a_rough_start() {
        let truth = [
            Line { position_cm1: 100.0, height: 1.0, fwhm_cm1: 12.0, shape: 0.2 },
            Line { position_cm1: 113.0, height: 0.5, fwhm_cm1: 9.0, shape: 0.8 },
            Line { position_cm1: 200.0, height: 0.3, fwhm_cm1: 20.0, shape: 0.5 },
        ];
        let (x, y) = curve(&truth);
        let mut lines = truth.map(|l| Line {
            position_cm1: l.position_cm1 + 2.0,
            height: l.height * 0.7,
            fwhm_cm1: l.fwhm_cm1 * 1.4,
            shape: 0.5,
        });
        let refined = refine(&x, &y, &mut lines, &BOUNDS, 100);
        assert!(refined.converged, "{refined:?}");
        for (found, expected) in lines.iter().zip(&truth) {
            // Derivatives are cut at eight widths, hence not to machine precision.
            assert!((found.position_cm1 - expected.position_cm1).abs() < 0.01, "{found:?}");
            assert!((found.height - expected.height).abs() < 0.005, "{found:?}");
            assert!((found.fwhm_cm1 - expected.fwhm_cm1).abs() < 0.1, "{found:?}");
        }
    }

    #[test]
    fn lines_never_leave_their_bounds() {
        let (x, y) = curve(&[Line { position_cm1: 150.0, height: -1.0, fwhm_cm1: 1.0, shape: 0.0 }]);
        let mut lines = [Line { position_cm1: 140.0, height: 0.5, fwhm_cm1: 5.0, shape: 1.0 }];
        refine(&x, &y, &mut lines, &BOUNDS, 50);
        let line = lines[0];
        assert!(line.height >= 0.0 && line.fwhm_cm1 >= 2.0 && (0.0..=1.0).contains(&line.shape));
    }
}
