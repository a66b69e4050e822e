//! The loop of a long short-term memory over the points of its sequences.
//!
//! Inside the kernel everything lies step after step, `[step, sequence, channel]`, so that a step is one product of
//! all sequences with the matrix.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{Tensor, activation};
use rayon::prelude::*;

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;

/// `x` is what the input gives to the gates (`[sequence, point, 4 hidden]`: input, forget, candidate, output), `w`
/// what the state before gives (`[hidden, 4 hidden]`); the states come out, `[sequence, point, hidden]`. The first
/// point is the last one where `reverse`.
pub fn recur(x: Tensor<3>, w: Tensor<2>, reverse: bool) -> Tensor<3> {
    if on_cpu(&x.device()) {
        return apply(Recur { reverse }, [x.into(), w.into()]);
    }
    composed(&x, &w, reverse)
}

/// The same of burn's operations.
pub(super) fn composed(x: &Tensor<3>, w: &Tensor<2>, reverse: bool) -> Tensor<3> {
    let [sequences, points, _] = x.dims();
    let hidden = w.dims()[0];
    let mut state = Tensor::<2>::zeros([sequences, hidden], &x.device());
    let mut cell = state.clone();
    let mut states = Vec::with_capacity(points);
    for step in 0..points {
        let gates = x.clone().narrow(1, point(step, points, reverse), 1).squeeze_dim::<2>(1);
        let gates = gates + state.matmul(w.clone());
        let gate = |g: usize| gates.clone().narrow(1, g * hidden, hidden);
        let [i, f, o] = [0, 1, 3].map(|g| activation::sigmoid(gate(g)));
        cell = f * cell + i * activation::tanh(gate(2));
        state = o * activation::tanh(cell.clone());
        states.push(state.clone().unsqueeze_dim::<3>(1));
    }
    if reverse {
        states.reverse();
    }
    Tensor::cat(states, 1)
}

/// The point that a step reads.
fn point(step: usize, points: usize, reverse: bool) -> usize {
    if reverse { points - 1 - step } else { step }
}

#[derive(Debug)]
struct Recur {
    reverse: bool,
}

/// All step after step: activated gates, cells, states.
#[derive(Debug, Clone)]
struct Saved {
    w: FlexTensor,
    gates: FlexTensor,
    cells: FlexTensor,
    states: FlexTensor,
}

/// `[sequence, point, channel]` to `[step, sequence, channel]` or back.
fn turned(from: &[f32], [sequences, points, n]: [usize; 3], reverse: bool, to_steps: bool) -> Vec<f32> {
    let mut out = vec![0.0; from.len()];
    out.par_chunks_mut(n).enumerate().for_each(|(row, out)| {
        let at = if to_steps {
            (row % sequences) * points + point(row / sequences, points, reverse)
        } else {
            point(row % points, points, reverse) * sequences + row / points
        };
        out.copy_from_slice(&from[at * n..(at + 1) * n]);
    });
    out
}

/// Gates of one sequence at one step, before and after activation; the cell before becomes the new one.
#[inline(always)]
fn forget_and_learn(gates: &mut [f32], before: Option<&[f32]>, cell: &mut [f32], state: &mut [f32]) {
    let n = cell.len();
    let (i, rest) = gates.split_at_mut(n);
    let (f, rest) = rest.split_at_mut(n);
    let (g, o) = rest.split_at_mut(n);
    let o = &mut o[..n];
    for c in 0..n {
        i[c] = lanes::sigmoid(i[c]);
        f[c] = lanes::sigmoid(f[c]);
        g[c] = tanh(g[c]);
        o[c] = lanes::sigmoid(o[c]);
        cell[c] = i[c] * g[c];
    }
    if let Some(before) = before {
        lanes::add_product(cell, f, before);
    }
    for c in 0..n {
        state[c] = o[c] * tanh(cell[c]);
    }
}

/// Gradients of the gates of one sequence at one step. `dstate` is that of the state; `dcell` comes from the step after
/// and leaves for the step before.
#[inline(always)]
fn unlearn(
    gates: &[f32],
    before: Option<&[f32]>,
    cell: &[f32],
    dstate: &[f32],
    dcell: &mut [f32],
    dgates: &mut [f32],
) {
    let n = cell.len();
    let gate = |k: usize| &gates[k * n..(k + 1) * n];
    let [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
    let (di, rest) = dgates.split_at_mut(n);
    let (df, rest) = rest.split_at_mut(n);
    let (dg, d_o) = rest.split_at_mut(n);
    let (d_o, dstate, dcell) = (&mut d_o[..n], &dstate[..n], &mut dcell[..n]);
    for c in 0..n {
        let open = tanh(cell[c]);
        let d = dcell[c] + dstate[c] * o[c] * (1.0 - open * open);
        d_o[c] = dstate[c] * open * o[c] * (1.0 - o[c]);
        di[c] = d * g[c] * i[c] * (1.0 - i[c]);
        df[c] = d * f[c] * (1.0 - f[c]);
        dg[c] = d * i[c] * (1.0 - g[c] * g[c]);
        dcell[c] = d * f[c];
    }
    match before {
        Some(before) => df.iter_mut().zip(before).for_each(|(d, b)| *d *= b),
        None => df.fill(0.0),
    }
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    2.0 * lanes::sigmoid(2.0 * x) - 1.0
}

impl Kernel<2> for Recur {
    type Saved = Saved;

    fn forward(&self, [x, w]: [FlexTensor; 2]) -> (FlexTensor, Saved) {
        let [sequences, points, wide] = sizes::<3>(&x);
        let n = wide / 4;
        let mut gates = turned(values(&x), [sequences, points, wide], self.reverse, true);
        let (mut cells, mut states) = (vec![0.0; gates.len() / 4], vec![0.0; gates.len() / 4]);
        let slab = sequences * n;
        for step in 0..points {
            let now = &mut gates[step * 4 * slab..(step + 1) * 4 * slab];
            let (past, cells) = cells.split_at_mut(step * slab);
            let past = past.chunks_exact(slab).next_back();
            if step > 0 {
                let state = tensor(states[(step - 1) * slab..step * slab].to_vec(), &[sequences, n]);
                let more = Flex::float_matmul(state, w.clone());
                now.par_chunks_mut(wide)
                    .zip(values(&more).par_chunks(wide))
                    .for_each(|(gates, more)| lanes::wide(|| lanes::add(gates, more)));
            }
            let states = &mut states[step * slab..(step + 1) * slab];
            let rows = now.par_chunks_mut(wide).zip(cells[..slab].par_chunks_mut(n));
            rows.zip(states.par_chunks_mut(n)).enumerate().for_each(|(s, ((gates, cell), state))| {
                let before = past.map(|past| &past[s * n..(s + 1) * n]);
                lanes::wide(|| forget_and_learn(gates, before, cell, state));
            });
        }
        let out = turned(&states, [sequences, points, n], self.reverse, false);
        let saved = Saved {
            w,
            gates: tensor(gates, &[points, sequences, wide]),
            cells: tensor(cells, &[points, sequences, n]),
            states: tensor(states, &[points, sequences, n]),
        };
        (tensor(out, &[sequences, points, n]), saved)
    }

    fn backward(&self, saved: Saved, grad: FlexTensor, wanted: [bool; 2]) -> [Option<FlexTensor>; 2] {
        let [sequences, points, n] = sizes::<3>(&grad);
        let (slab, wide) = (sequences * n, 4 * n);
        let mut dstates = turned(values(&grad), [sequences, points, n], self.reverse, true);
        let (gates, cells) = (values(&saved.gates), values(&saved.cells));
        let mut dgates = vec![0.0; 4 * points * slab];
        let mut dcell = vec![0.0; slab];
        let back = saved.w.transpose(0, 1);
        for step in (0..points).rev() {
            let dnow = &mut dgates[step * 4 * slab..(step + 1) * 4 * slab];
            let dstate = &dstates[step * slab..(step + 1) * slab];
            let rows = dnow.par_chunks_mut(wide).zip(dcell.par_chunks_mut(n));
            rows.enumerate().for_each(|(s, (dgates, dcell))| {
                let at = (step * sequences + s) * n;
                let before = (step > 0).then(|| &cells[at - slab..at - slab + n]);
                let (gates, dstate) = (&gates[4 * at..4 * (at + n)], &dstate[s * n..(s + 1) * n]);
                lanes::wide(|| unlearn(gates, before, &cells[at..at + n], dstate, dcell, dgates));
            });
            if step > 0 {
                let more = Flex::float_matmul(tensor(dnow.to_vec(), &[sequences, wide]), back.clone());
                lanes::wide(|| lanes::add(&mut dstates[(step - 1) * slab..step * slab], values(&more)));
            }
        }
        let dw = wanted[1].then(|| {
            if points == 1 {
                return tensor(vec![0.0; n * wide], &[n, wide]);
            }
            let rows = (points - 1) * sequences;
            let states = tensor(values(&saved.states)[..rows * n].to_vec(), &[rows, n]);
            let after = tensor(dgates[4 * slab..].to_vec(), &[rows, wide]);
            Flex::float_matmul(states.transpose(0, 1), after)
        });
        let dx = turned(&dgates, [sequences, points, wide], self.reverse, false);
        [Some(tensor(dx, &[sequences, points, wide])), dw]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn numbers(shape: [usize; 3], seed: f32, device: &Device) -> Tensor<3> {
        let count = shape.iter().product::<usize>();
        let values: Vec<f32> = (0..count).map(|i| (seed + 1.7 * i as f32).sin()).collect();
        Tensor::<1>::from_floats(values.as_slice(), device).reshape(shape)
    }

    fn read<const D: usize>(x: Tensor<D>) -> Vec<f32> {
        x.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn the_kernel_and_its_gradients_agree_with_burn_s_operations() {
        let device = Device::flex().autodiff();
        for (sequences, points, hidden) in [(1, 1, 3), (2, 5, 4), (7, 3, 20)] {
            for reverse in [false, true] {
                let run = |kernel: bool| {
                    let x = numbers([sequences, points, 4 * hidden], 0.3, &device).require_grad();
                    let w = numbers([1, hidden, 4 * hidden], 0.8, &device).squeeze_dim::<2>(0);
                    let w = (w * 0.5).detach().require_grad();
                    let y =
                        if kernel { recur(x.clone(), w.clone(), reverse) } else { composed(&x, &w, reverse) };
                    let loss = (y.clone() * numbers([sequences, points, hidden], 1.1, &device)).sum();
                    let grads = loss.backward();
                    [read(y.inner()), read(x.grad(&grads).unwrap()), read(w.grad(&grads).unwrap())]
                };
                let (ours, theirs) = (run(true), run(false));
                for (what, (a, b)) in ["states", "dx", "dw"].iter().zip(ours.iter().zip(&theirs)) {
                    assert_eq!(a.len(), b.len());
                    for (a, b) in a.iter().zip(b) {
                        // A few sums of numbers near 1 in single precision.
                        assert!((a - b).abs() < 5e-6, "{what} of {sequences}x{points}: {a} {b}");
                    }
                }
            }
        }
    }
}
