//! One matrix for every point: a 1x1 convolution.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::Tensor;
use rayon::prelude::*;

use super::kernel::{Kernel, apply, on_cpu, sizes, values};
use super::lanes;

/// Rows of the output that one task finishes.
const ROWS: usize = 64;

/// `x w + b` over the last axis of `[sequence, point, channel]`; `w` is `[in, out]`.
pub fn linear(x: Tensor<3>, w: Tensor<2>, b: Option<Tensor<1>>) -> Tensor<3> {
    let [sequences, points, input] = x.dims();
    let output = w.dims()[1];
    if !on_cpu(&x.device()) {
        let y = x.reshape([sequences * points, input]).matmul(w);
        let y = match b {
            Some(b) => y + b.unsqueeze(),
            None => y,
        };
        return y.reshape([sequences, points, output]);
    }
    match b {
        Some(b) => apply(Linear, [x.into(), w.into(), b.into()]),
        None => apply(Product, [x.into(), w.into()]),
    }
}

/// `x w + b + rest`, for branches around a module.
pub fn linear_plus(x: Tensor<3>, w: Tensor<2>, b: Tensor<1>, rest: Tensor<3>) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        return linear(x, w, Some(b)) + rest;
    }
    apply(LinearPlus, [x.into(), w.into(), b.into(), rest.into()])
}

#[derive(Debug)]
struct Product;
#[derive(Debug)]
struct Linear;
#[derive(Debug)]
struct LinearPlus;

/// All points of all sequences as rows.
fn rows(x: &FlexTensor) -> FlexTensor {
    let [sequences, points, channels] = sizes::<3>(x);
    x.reshape([sequences * points, channels].into())
}

fn product(x: &FlexTensor, w: &FlexTensor) -> FlexTensor {
    Flex::float_matmul(rows(x), w.clone())
}

fn shaped(rows: &FlexTensor, like: &FlexTensor) -> FlexTensor {
    let [sequences, points, _] = sizes::<3>(like);
    let [_, channels] = sizes::<2>(rows);
    rows.reshape([sequences, points, channels].into())
}

/// Adds the same row, and a row of its own if there is a rest, to every row.
fn add_rows(out: &mut FlexTensor, b: &[f32], rest: Option<&[f32]>) {
    let width = b.len() * ROWS;
    out.storage_mut::<f32>().par_chunks_mut(width).enumerate().for_each(|(i, rows)| {
        lanes::wide(|| match rest {
            None => rows.chunks_exact_mut(b.len()).for_each(|row| lanes::add(row, b)),
            Some(rest) => {
                let rest = &rest[i * width..];
                for (row, rest) in rows.chunks_exact_mut(b.len()).zip(rest.chunks_exact(b.len())) {
                    for ((v, b), r) in row.iter_mut().zip(b).zip(rest) {
                        *v += b + r;
                    }
                }
            }
        });
    });
}

/// Sum over the rows.
fn sum_rows(grad: &FlexTensor) -> FlexTensor {
    let [_, _, channels] = sizes::<3>(grad);
    let parts: Vec<Vec<f32>> = values(grad)
        .par_chunks(channels * ROWS)
        .map(|rows| {
            let mut sum = vec![0.0; channels];
            lanes::wide(|| rows.chunks_exact(channels).for_each(|row| lanes::add(&mut sum, row)));
            sum
        })
        .collect();
    let mut total = vec![0.0; channels];
    for part in &parts {
        lanes::add(&mut total, part);
    }
    super::kernel::tensor(total, &[channels])
}

fn input_gradient(grad: &FlexTensor, w: &FlexTensor) -> FlexTensor {
    shaped(&Flex::float_matmul(rows(grad), w.transpose(0, 1)), grad)
}

fn matrix_gradient(grad: &FlexTensor, x: &FlexTensor) -> FlexTensor {
    Flex::float_matmul(rows(x).transpose(0, 1), rows(grad))
}

impl Kernel<2> for Product {
    type Saved = [FlexTensor; 2];

    fn forward(&self, [x, w]: [FlexTensor; 2]) -> (FlexTensor, Self::Saved) {
        (shaped(&product(&x, &w), &x), [x, w])
    }

    fn backward(&self, [x, w]: Self::Saved, grad: FlexTensor, wanted: [bool; 2]) -> [Option<FlexTensor>; 2] {
        [wanted[0].then(|| input_gradient(&grad, &w)), wanted[1].then(|| matrix_gradient(&grad, &x))]
    }
}

impl Kernel<3> for Linear {
    type Saved = [FlexTensor; 2];

    fn forward(&self, [x, w, b]: [FlexTensor; 3]) -> (FlexTensor, Self::Saved) {
        let mut y = product(&x, &w);
        add_rows(&mut y, values(&b), None);
        (shaped(&y, &x), [x, w])
    }

    fn backward(&self, [x, w]: Self::Saved, grad: FlexTensor, wanted: [bool; 3]) -> [Option<FlexTensor>; 3] {
        [
            wanted[0].then(|| input_gradient(&grad, &w)),
            wanted[1].then(|| matrix_gradient(&grad, &x)),
            wanted[2].then(|| sum_rows(&grad)),
        ]
    }
}

impl Kernel<4> for LinearPlus {
    type Saved = [FlexTensor; 2];

    fn forward(&self, [x, w, b, rest]: [FlexTensor; 4]) -> (FlexTensor, Self::Saved) {
        let mut y = product(&x, &w);
        add_rows(&mut y, values(&b), Some(values(&rest)));
        (shaped(&y, &x), [x, w])
    }

    fn backward(&self, [x, w]: Self::Saved, grad: FlexTensor, wanted: [bool; 4]) -> [Option<FlexTensor>; 4] {
        [
            wanted[0].then(|| input_gradient(&grad, &w)),
            wanted[1].then(|| matrix_gradient(&grad, &x)),
            wanted[2].then(|| sum_rows(&grad)),
            wanted[3].then(|| grad.clone()),
        ]
    }
}
