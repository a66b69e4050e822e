//! Weights as named arrays, and those as bytes in the safetensors format (no code, no holes, readable everywhere).

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use thiserror::Error;

/// Most numbers in one file: four times the largest network.
const MOST_NUMBERS: usize = 1 << 28;

/// Why weights cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WeightsError {
    /// Not the format, cut short, or a header that lies.
    #[error("these are no safetensors weights: {0}")]
    Format(String),
    /// Numbers of a kind that is not read.
    #[error("array {name} holds {found}; F16 and F32 can be read")]
    Kind {
        /// The array.
        name: String,
        /// Its kind of numbers.
        found: String,
    },
    /// NaN or infinity.
    #[error("array {name} holds a value that is not finite at place {place}")]
    NotFinite {
        /// The array.
        name: String,
        /// Where.
        place: usize,
    },
    /// Arrays of another network.
    #[error("the weights belong to another network: {0}")]
    Other(String),
    /// The device did not give its numbers.
    #[error("the weights cannot be read from the device: {0}")]
    Device(String),
}

/// One array of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Path of the parameter in the network.
    pub name: String,
    /// Sizes.
    pub shape: Vec<usize>,
    /// Numbers, last axis fastest.
    pub values: Vec<f32>,
}

/// How exactly numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Two bytes a number.
    Half,
    /// Four bytes a number.
    Single,
}

/// The weights of a network in its own order.
pub fn arrays_of<M: Module>(module: &M) -> Result<Vec<Array>, WeightsError> {
    let mut reader = Reader::default();
    module.visit(&mut reader);
    match reader.error {
        Some(error) => Err(WeightsError::Device(error)),
        None => Ok(reader.arrays),
    }
}

/// The network with these weights; every name and size must fit, whatever the order.
pub fn with_arrays<M: Module>(module: M, arrays: &[Array]) -> Result<M, WeightsError> {
    let mut writer = Writer { path: Vec::new(), arrays, used: 0, error: None };
    let module = module.map(&mut writer);
    if let Some(error) = writer.error {
        return Err(error);
    }
    if writer.used != arrays.len() {
        let problem = format!("{} arrays, {} were expected", arrays.len(), writer.used);
        return Err(WeightsError::Other(problem));
    }
    Ok(module)
}

/// Arrays as a safetensors file.
pub fn to_bytes(arrays: &[Array], precision: Precision) -> Result<Vec<u8>, WeightsError> {
    let kind = match precision {
        Precision::Half => Dtype::F16,
        Precision::Single => Dtype::F32,
    };
    let bytes = |array: &Array| -> Vec<u8> {
        match precision {
            Precision::Half => array.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect(),
            Precision::Single => array.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        }
    };
    let encoded: Vec<Vec<u8>> = arrays.iter().map(bytes).collect();
    let format = |e: safetensors::SafeTensorError| WeightsError::Format(e.to_string());
    let mut views = Vec::with_capacity(arrays.len());
    for (array, bytes) in arrays.iter().zip(&encoded) {
        views.push((&array.name, TensorView::new(kind, array.shape.clone(), bytes).map_err(format)?));
    }
    serialize(views, None).map_err(format)
}

/// Arrays from a safetensors file, checked: sizes, kinds, finite numbers. In the order of their names.
pub fn from_bytes(bytes: &[u8]) -> Result<Vec<Array>, WeightsError> {
    let file = SafeTensors::deserialize(bytes).map_err(|e| WeightsError::Format(e.to_string()))?;
    let mut arrays = Vec::with_capacity(file.len());
    let mut count = 0_usize;
    for (name, view) in file.iter() {
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => {
                let (numbers, _) = view.data().as_chunks::<4>();
                numbers.iter().map(|b| f32::from_le_bytes(*b)).collect()
            }
            Dtype::F16 => {
                let (numbers, _) = view.data().as_chunks::<2>();
                numbers.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()
            }
            found => return Err(WeightsError::Kind { name: name.into(), found: format!("{found:?}") }),
        };
        if let Some(place) = values.iter().position(|v| !v.is_finite()) {
            return Err(WeightsError::NotFinite { name: name.into(), place });
        }
        count += values.len();
        if count > MOST_NUMBERS {
            return Err(WeightsError::Format(format!("more than {MOST_NUMBERS} numbers")));
        }
        arrays.push(Array { name: name.into(), shape: view.shape().to_vec(), values });
    }
    arrays.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(arrays)
}

#[derive(Default)]
struct Reader {
    path: Vec<String>,
    arrays: Vec<Array>,
    error: Option<String>,
}

impl Reader {
    fn take<const D: usize>(&mut self, tensor: Tensor<D>) {
        let shape = tensor.dims().to_vec();
        let data = tensor.try_into_data().map_err(|e| format!("{e:?}"));
        match data.and_then(|data| data.try_to_vec::<f32>().map_err(|e| format!("{e:?}"))) {
            Ok(values) => self.arrays.push(Array { name: self.path.join("."), shape, values }),
            Err(error) => self.error = Some(error),
        }
    }
}

impl ModuleVisitor for Reader {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.take(param.val());
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}

struct Writer<'a> {
    path: Vec<String>,
    arrays: &'a [Array],
    used: usize,
    error: Option<WeightsError>,
}

impl Writer<'_> {
    fn refuse(&mut self, problem: String) {
        self.error.get_or_insert(WeightsError::Other(problem));
    }
}

impl ModuleMapper for Writer<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.error.is_some() {
            return param;
        }
        let name = self.path.join(".");
        let Some(array) = self.arrays.iter().find(|array| array.name == name) else {
            self.refuse(format!("array {name} is missing"));
            return param;
        };
        let wanted = param.lazy_shape().dims::<D>();
        if array.shape != wanted {
            self.refuse(format!("array {name} has sizes {:?}, {wanted:?} were expected", array.shape));
            return param;
        }
        self.used += 1;
        let device = param.lazy_device();
        let value = Tensor::<1>::from_floats(array.values.as_slice(), &device).reshape(wanted);
        param.map(|old| value.set_require_grad(old.is_require_grad()))
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}

/// The gradients of a network in its own order, named like its weights; parameters without one are left out.
pub fn gradients_of<M: Module>(module: &M, gradients: &GradientsParams) -> Result<Vec<Array>, WeightsError> {
    let mut reader = GradientReader { reader: Reader::default(), gradients };
    module.visit(&mut reader);
    match reader.reader.error {
        Some(error) => Err(WeightsError::Device(error)),
        None => Ok(reader.reader.arrays),
    }
}

struct GradientReader<'a> {
    reader: Reader,
    gradients: &'a GradientsParams,
}

impl ModuleVisitor for GradientReader<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.reader.take(gradient);
        }
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.reader.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.reader.path.pop();
    }
}
