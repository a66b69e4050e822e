//! All weights of a network one after the other in one tensor, and back.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Tensor};

use super::TrainError;
use crate::nets::{Array, WeightsError, arrays_of};

/// Flat tensors end at a multiple of this, filled up with zeros, so that long sums can be cut into rows.
pub const ROW: usize = 1024;

/// Which weights stand where.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    names: Vec<String>,
    shapes: Vec<Vec<usize>>,
    sizes: Vec<usize>,
    /// Length with the zeros at the end.
    padded: usize,
}

impl Layout {
    /// That of a network and its weights.
    pub fn of<M: Module>(net: &M) -> Result<(Self, Vec<f32>), WeightsError> {
        let arrays = arrays_of(net)?;
        let sizes: Vec<usize> = arrays.iter().map(|array| array.values.len()).collect();
        let padded = sizes.iter().sum::<usize>().next_multiple_of(ROW).max(ROW);
        let layout = Self {
            names: arrays.iter().map(|array| array.name.clone()).collect(),
            shapes: arrays.iter().map(|array| array.shape.clone()).collect(),
            sizes,
            padded,
        };
        let flat = layout.flat(&arrays)?;
        Ok((layout, flat))
    }

    /// Numbers in a flat tensor.
    pub fn len(&self) -> usize {
        self.padded
    }

    /// Weights of the network.
    pub fn parameters(&self) -> usize {
        self.sizes.iter().sum()
    }

    /// Named arrays of flat numbers.
    pub fn arrays(&self, flat: &[f32]) -> Vec<Array> {
        let mut at = 0;
        let cut = |((name, shape), size): ((&String, &Vec<usize>), &usize)| {
            let values = flat.get(at..at + size).unwrap_or_default().to_vec();
            at += size;
            Array { name: name.clone(), shape: shape.clone(), values }
        };
        self.names.iter().zip(&self.shapes).zip(&self.sizes).map(cut).collect()
    }

    /// Flat numbers of named arrays in any order.
    pub fn flat(&self, arrays: &[Array]) -> Result<Vec<f32>, WeightsError> {
        let mut flat = Vec::with_capacity(self.padded);
        for (name, shape) in self.names.iter().zip(&self.shapes) {
            let array = arrays.iter().find(|array| array.name == *name);
            let array = array.ok_or_else(|| WeightsError::Other(format!("array {name} is missing")))?;
            if array.shape != *shape {
                let found = &array.shape;
                return Err(WeightsError::Other(format!(
                    "array {name} has sizes {found:?}, {shape:?} were expected"
                )));
            }
            flat.extend_from_slice(&array.values);
        }
        if arrays.len() != self.names.len() {
            let problem = format!("{} arrays, {} were expected", arrays.len(), self.names.len());
            return Err(WeightsError::Other(problem));
        }
        flat.resize(self.padded, 0.0);
        Ok(flat)
    }

    /// Each weight's part of a flat tensor.
    pub fn pieces(&self, flat: &Tensor<1>) -> Vec<Tensor<1>> {
        let mut at = 0;
        let cut = |size: &usize| {
            let piece = flat.clone().narrow(0, at, *size);
            at += size;
            piece
        };
        self.sizes.iter().map(cut).collect()
    }

    /// A network with these weights; `trained` ones leave a gradient.
    pub fn filled<M: Module>(template: M, pieces: &[Tensor<1>], trained: bool) -> M {
        template.map(&mut Fill { pieces, next: 0, trained })
    }

    /// The gradient of all weights; weights that the loss does not depend on have zeros.
    pub fn gradient<M: Module>(&self, net: &M, gradients: &mut Gradients, device: &Device) -> Tensor<1> {
        let mut gather = Gather { gradients, pieces: Vec::with_capacity(self.sizes.len() + 1), device };
        net.visit(&mut gather);
        let mut pieces = gather.pieces;
        let rest = self.padded - self.parameters();
        if rest > 0 {
            pieces.push(Tensor::zeros([rest], device));
        }
        Tensor::cat(pieces, 0)
    }
}

/// Numbers of a flat tensor.
pub fn numbers(tensor: &Tensor<1>) -> Result<Vec<f32>, TrainError> {
    let failed = |problem: String| TrainError::Weights(WeightsError::Device(problem));
    let data = tensor.clone().try_into_data().map_err(|e| failed(format!("{e:?}")))?;
    data.try_to_vec::<f32>().map_err(|e| failed(format!("{e:?}")))
}

struct Fill<'a> {
    pieces: &'a [Tensor<1>],
    next: usize,
    trained: bool,
}

impl ModuleMapper for Fill<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape().dims::<D>();
        let Some(piece) = self.pieces.get(self.next) else { return param };
        self.next += 1;
        let value: Tensor<D> = piece.clone().reshape(shape);
        let value = if self.trained { Tensor::from_inner(value).require_grad() } else { value };
        param.map(|_| value)
    }
}

struct Gather<'a> {
    gradients: &'a mut Gradients,
    pieces: Vec<Tensor<1>>,
    device: &'a Device,
}

impl ModuleVisitor for Gather<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let size: usize = tensor.dims().iter().product();
        let gradient = tensor.grad_remove(self.gradients);
        let flat = gradient.map(|gradient| gradient.reshape([size]));
        self.pieces.push(flat.unwrap_or_else(|| Tensor::zeros([size], self.device)));
    }
}
