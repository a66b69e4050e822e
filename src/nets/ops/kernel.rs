//! How an operation with a gradient written by hand joins burn's graph on the CPU.

use std::fmt::Debug;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::NoCheckpointing};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, DispatchDevice, Flex};
use burn::tensor::{Device, Shape, Tensor, TensorData};

type Tracked = FloatTensor<Autodiff<Flex>>;

/// An operation over `N` tensors of `f32`, contiguous when they arrive.
pub(super) trait Kernel<const N: usize>: Debug + Send + Sync + 'static {
    /// What the gradient needs to remember.
    type Saved: Debug + Clone + Send + 'static;

    /// The output and what the gradient needs.
    fn forward(&self, inputs: [FlexTensor; N]) -> (FlexTensor, Self::Saved);

    /// Gradients of the inputs that are wanted from that of the output.
    fn backward(&self, saved: Self::Saved, grad: FlexTensor, wanted: [bool; N]) -> [Option<FlexTensor>; N];
}

/// One input of a kernel.
pub(super) enum Operand {
    Plain(FlexTensor),
    Tracked(Tracked),
}

impl<const D: usize> From<Tensor<D>> for Operand {
    fn from(tensor: Tensor<D>) -> Self {
        if tensor.device().is_autodiff() {
            match tensor.try_into_primitive::<Autodiff<Flex>>() {
                Ok(tracked) => Self::Tracked(tracked),
                Err(e) => panic!("a tensor of the CPU was expected: {e:?}"),
            }
        } else {
            match tensor.try_into_primitive::<Flex>() {
                Ok(plain) => Self::Plain(plain),
                Err(e) => panic!("a tensor of the CPU was expected: {e:?}"),
            }
        }
    }
}

/// Whether kernels can run where these tensors live.
pub(super) fn on_cpu(device: &Device) -> bool {
    #[cfg(test)]
    if COMPOSED.get() {
        return false;
    }
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

#[cfg(test)]
thread_local! {
    /// True while a test runs burn's own operations where kernels would run.
    pub(super) static COMPOSED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

#[derive(Debug)]
struct Step<K>(K);

impl<K: Kernel<N>, const N: usize> Backward<Flex, N> for Step<K> {
    type State = K::Saved;

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = contiguous(grads.consume::<Flex>(&ops.node));
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let found = self.0.backward(ops.state, grad, wanted);
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

/// Runs a kernel; where an input is part of a graph, the output is, too.
pub(super) fn apply<K: Kernel<N>, const N: usize, const D: usize>(
    kernel: K,
    inputs: [Operand; N],
) -> Tensor<D> {
    if inputs.iter().all(|input| matches!(input, Operand::Plain(_))) {
        let plain = inputs.map(|input| match input {
            Operand::Plain(tensor) => contiguous(tensor),
            Operand::Tracked(tensor) => contiguous(tensor.into_primitive()),
        });
        return Tensor::from_primitive::<Flex>(kernel.forward(plain).0);
    }
    let tracked = inputs.map(|input| match input {
        Operand::Plain(tensor) => Autodiff::<Flex>::from_inner(tensor),
        Operand::Tracked(tensor) => tensor,
    });
    let values = tracked.each_ref().map(|tensor| contiguous(tensor.primitive().clone()));
    let guards = tracked.map(|tensor| tensor.node());
    let (output, saved) = kernel.forward(values);
    let output = match Step(kernel).prepare::<NoCheckpointing>(guards).compute_bound().stateful() {
        OpsKind::Tracked(step) => step.finish(saved, output),
        OpsKind::UnTracked(step) => step.finish(output),
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

/// The same values without gaps, so that [`values`] reads them.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() }
}

/// The numbers of a contiguous tensor.
pub(super) fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().unwrap_or_else(|| panic!("f32 without gaps expected, got {tensor:?}"))
}

/// The sizes of a tensor.
pub(super) fn sizes<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.layout().shape().dims::<D>()
}

/// A tensor of these numbers.
pub(super) fn tensor(values: Vec<f32>, shape: &[usize]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, Shape::from(shape.to_vec())))
}
