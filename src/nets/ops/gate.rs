//! Coarse scales steering fine ones.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;
use super::pool::{source, upsample};

/// `sigmoid(up(coarse)) * fine`.
pub fn gate(fine: Tensor<3>, coarse: Tensor<3>) -> Tensor<3> {
    if !on_cpu(&fine.device()) {
        let points = fine.dims()[1];
        return activation::sigmoid(upsample(coarse, points)) * fine;
    }
    apply(Gate, [fine.into(), coarse.into()])
}

/// `fine * up(sigmoid(gate)) + up(add)`.
pub fn inject(fine: Tensor<3>, gate: Tensor<3>, add: Tensor<3>) -> Tensor<3> {
    if !on_cpu(&fine.device()) {
        let points = fine.dims()[1];
        return fine * upsample(activation::sigmoid(gate), points) + upsample(add, points);
    }
    apply(Inject, [fine.into(), gate.into(), add.into()])
}

/// The logistic function of every number.
fn sigmoids(x: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    lanes::wide(|| {
        for (o, v) in out.iter_mut().zip(x) {
            *o = lanes::sigmoid(*v);
        }
    });
    out
}

/// `sum * s (1 - s)`: through the logistic function back to its argument.
fn through_sigmoid(sums: &mut [f32], open: &[f32]) {
    for (sum, s) in sums.iter_mut().zip(open) {
        *sum *= s * (1.0 - s);
    }
}

#[derive(Debug)]
struct Gate;

impl Kernel<2> for Gate {
    /// The fine scale and how far the gates are open.
    type Saved = (FlexTensor, FlexTensor);

    fn forward(&self, [fine, coarse]: [FlexTensor; 2]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&fine);
        let [_, few, _] = sizes::<3>(&coarse);
        let open = sigmoids(values(&coarse));
        let mut out = vec![0.0; sequences * points * n];
        let all = values(&fine);
        lanes::each(&mut out, points * n, |s, out| {
            let fine = &all[s * points * n..(s + 1) * points * n];
            for (j, (out, fine)) in out.chunks_exact_mut(n).zip(fine.chunks_exact(n)).enumerate() {
                let at = (s * few + source(j, few, points)) * n;
                for ((o, f), g) in out.iter_mut().zip(fine).zip(&open[at..at + n]) {
                    *o = f * g;
                }
            }
        });
        (tensor(out, &[sequences, points, n]), (fine, tensor(open, &[sequences, few, n])))
    }

    fn backward(&self, (fine, open): Self::Saved, grad: FlexTensor, _: [bool; 2]) -> [Option<FlexTensor>; 2] {
        let [sequences, points, n] = sizes::<3>(&fine);
        let [_, few, _] = sizes::<3>(&open);
        let (fine, open, grad) = (values(&fine), values(&open), values(&grad));
        let (row, from) = (points * n, few * n);
        let mut dfine = vec![0.0; sequences * row];
        let mut dcoarse = vec![0.0; sequences * from];
        lanes::each_pair(&mut dfine, row, &mut dcoarse, from, |s, dfine, dcoarse| {
            let open = &open[s * from..(s + 1) * from];
            for (j, dfine) in dfine.chunks_exact_mut(n).enumerate() {
                let (at, of) = (source(j, few, points) * n, s * row + j * n);
                let (fine, grad) = (&fine[of..of + n], &grad[of..of + n]);
                let (open, dcoarse) = (&open[at..at + n], &mut dcoarse[at..at + n]);
                for c in 0..n {
                    dfine[c] = grad[c] * open[c];
                    dcoarse[c] += grad[c] * fine[c];
                }
            }
            through_sigmoid(dcoarse, open);
        });
        [Some(tensor(dfine, &[sequences, points, n])), Some(tensor(dcoarse, &[sequences, few, n]))]
    }
}

#[derive(Debug)]
struct Inject;

impl Kernel<3> for Inject {
    type Saved = (FlexTensor, FlexTensor);

    fn forward(&self, [fine, gate, add]: [FlexTensor; 3]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&fine);
        let [_, few, _] = sizes::<3>(&gate);
        let open = sigmoids(values(&gate));
        let mut out = vec![0.0; sequences * points * n];
        let (all, add) = (values(&fine), values(&add));
        lanes::each(&mut out, points * n, |s, out| {
            let fine = &all[s * points * n..(s + 1) * points * n];
            for (j, (out, fine)) in out.chunks_exact_mut(n).zip(fine.chunks_exact(n)).enumerate() {
                let at = (s * few + source(j, few, points)) * n;
                let (open, add) = (&open[at..at + n], &add[at..at + n]);
                for (((o, f), g), a) in out.iter_mut().zip(fine).zip(open).zip(add) {
                    *o = f * g + a;
                }
            }
        });
        (tensor(out, &[sequences, points, n]), (fine, tensor(open, &[sequences, few, n])))
    }

    fn backward(&self, (fine, open): Self::Saved, grad: FlexTensor, _: [bool; 3]) -> [Option<FlexTensor>; 3] {
        let [sequences, points, n] = sizes::<3>(&fine);
        let [_, few, _] = sizes::<3>(&open);
        let (fine, open, grad) = (values(&fine), values(&open), values(&grad));
        let (row, from) = (points * n, few * n);
        let mut dfine = vec![0.0; sequences * row];
        // Gradients of gate and addition side by side, sequence by sequence.
        let mut both = vec![0.0; sequences * 2 * from];
        lanes::each_pair(&mut dfine, row, &mut both, 2 * from, |s, dfine, both| {
            let (dgate, dadd) = both.split_at_mut(from);
            let open = &open[s * from..(s + 1) * from];
            for (j, dfine) in dfine.chunks_exact_mut(n).enumerate() {
                let (at, of) = (source(j, few, points) * n, s * row + j * n);
                let (fine, grad) = (&fine[of..of + n], &grad[of..of + n]);
                let (open, dgate, dadd) = (&open[at..at + n], &mut dgate[at..at + n], &mut dadd[at..at + n]);
                for c in 0..n {
                    dfine[c] = grad[c] * open[c];
                    dgate[c] += grad[c] * fine[c];
                    dadd[c] += grad[c];
                }
            }
            through_sigmoid(dgate, open);
        });
        let part = |second: usize| {
            let rows = both.chunks_exact(2 * from).flat_map(|both| &both[second * from..(second + 1) * from]);
            tensor(rows.copied().collect(), &[sequences, few, n])
        };
        [Some(tensor(dfine, &[sequences, points, n])), Some(part(0)), Some(part(1))]
    }
}
