//! Long short-term memory that reads a sequence from both ends.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::nets::init::Init;
use crate::nets::ops;

/// One memory for each direction; what they say at a point stands side by side.
#[derive(Module, Debug)]
pub struct BiLstm {
    ahead: Lstm,
    back: Lstm,
}

impl BiLstm {
    /// From `inputs` channels to twice `hidden`.
    pub fn new(init: &mut Init, inputs: usize, hidden: usize) -> Self {
        let mut lstm = || Lstm::new(init, inputs, hidden);
        Self { ahead: lstm(), back: lstm() }
    }

    /// `[sequence, point, channel]` to `[sequence, point, 2 hidden]`.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        Tensor::cat(vec![self.ahead.forward(x.clone(), false), self.back.forward(x, true)], 2)
    }
}

/// One direction. Gates stand in the order input, forget, candidate, output; both maps have a bias, as in the
/// published counts.
#[derive(Module, Debug)]
struct Lstm {
    /// `[input, 4 hidden]`.
    input: Param<Tensor<2>>,
    /// `[4 hidden]`.
    input_bias: Param<Tensor<1>>,
    /// `[hidden, 4 hidden]`.
    state: Param<Tensor<2>>,
    /// `[4 hidden]`.
    state_bias: Param<Tensor<1>>,
}

impl Lstm {
    fn new(init: &mut Init, inputs: usize, hidden: usize) -> Self {
        Self {
            input: init.uniform([inputs, 4 * hidden], hidden),
            input_bias: init.uniform([4 * hidden], hidden),
            state: init.uniform([hidden, 4 * hidden], hidden),
            state_bias: init.uniform([4 * hidden], hidden),
        }
    }

    fn forward(&self, x: Tensor<3>, reverse: bool) -> Tensor<3> {
        let bias = self.input_bias.val() + self.state_bias.val();
        ops::recur(ops::linear(x, self.input.val(), Some(bias)), self.state.val(), reverse)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    /// Element `k` of array `a` is `0.7 sin(1 + k + 10 a)`.
    fn array<const D: usize>(a: usize, shape: [usize; D]) -> Param<Tensor<D>> {
        let count = shape.iter().product::<usize>();
        let values: Vec<f32> = (0..count).map(|k| 0.7 * ((1 + k + 10 * a) as f32).sin()).collect();
        let flat = Tensor::<1>::from_floats(values.as_slice(), &Device::flex());
        Param::from_tensor(flat.reshape(shape))
    }

    #[test]
    fn states_are_those_of_pytorch() {
        let direction = |a: usize| Lstm {
            input: array(a, [2, 8]),
            input_bias: array(a + 1, [8]),
            state: array(a + 2, [2, 8]),
            state_bias: array(a + 3, [8]),
        };
        let net = BiLstm { ahead: direction(0), back: direction(4) };
        let x: Vec<f32> = (0..12).map(|i| (i as f32).cos()).collect();
        let x = Tensor::<1>::from_floats(x.as_slice(), &Device::flex()).reshape([2, 3, 2]);
        let states: Vec<f32> = net.forward(x).into_data().try_to_vec().unwrap();
        // torch.nn.LSTM(2, 2, batch_first=True, bidirectional=True) in float64 with the same numbers.
        let theirs = [
            -0.059_489, -0.202_409, -0.517_04, 0.178_302, -0.018_782, -0.294_185, -0.681_33, 0.189_918,
            0.003_863, -0.248_347, -0.378_804, -0.266_849, -0.048_695, -0.157_999, -0.495_208, 0.137_755,
            -0.021_108, -0.305_663, -0.671_365, 0.254_289, 0.000_955, -0.242_505, -0.431_153, -0.290_549,
        ];
        assert_eq!(states.len(), theirs.len());
        for (ours, theirs) in states.iter().zip(theirs) {
            assert!((ours - theirs).abs() < 2e-6, "{ours} {theirs}");
        }
    }
}
