//! The rectifier with one learned slope.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, activation};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;

/// `x` where positive, else the slope (one number for all channels) times `x`.
pub fn prelu(x: Tensor<3>, slope: Tensor<1>) -> Tensor<3> {
    if !on_cpu(&x.device()) {
        return activation::relu(x.clone()) - activation::relu(x.neg()) * slope.unsqueeze();
    }
    apply(Prelu, [x.into(), slope.into()])
}

#[derive(Debug)]
struct Prelu;

impl Kernel<2> for Prelu {
    type Saved = (FlexTensor, f32);

    fn forward(&self, [x, slope]: [FlexTensor; 2]) -> (FlexTensor, Self::Saved) {
        let [sequences, points, n] = sizes::<3>(&x);
        let slope = values(&slope)[0];
        let mut out = vec![0.0; sequences * points * n];
        let all = values(&x);
        lanes::each(&mut out, n, |row, out| {
            for (o, v) in out.iter_mut().zip(&all[row * n..(row + 1) * n]) {
                *o = if *v < 0.0 { slope * v } else { *v };
            }
        });
        (tensor(out, &[sequences, points, n]), (x, slope))
    }

    fn backward(&self, (x, slope): Self::Saved, grad: FlexTensor, _: [bool; 2]) -> [Option<FlexTensor>; 2] {
        let [sequences, points, n] = sizes::<3>(&x);
        let mut out = vec![0.0; sequences * points * n];
        let (x, grad) = (values(&x), values(&grad));
        let sums = lanes::each_summing(&mut out, n, n, |row, out, low| {
            let of = row * n..(row + 1) * n;
            for (((o, low), v), g) in out.iter_mut().zip(low).zip(&x[of.clone()]).zip(&grad[of]) {
                let below = *v < 0.0;
                *o = if below { slope * g } else { *g };
                *low += if below { g * v } else { 0.0 };
            }
        });
        [Some(tensor(out, &[sequences, points, n])), Some(tensor(vec![lanes::sum(&sums)], &[1]))]
    }
}
