//! Floor 5: training of networks: data streams, the loop, checkpoints, resume, model files.
//!
//! A [`Task`] says what is trained: it makes batches, gives their loss and judges a network. [`Trainer`] trains any
//! of them on a [`Crew`] (all cores of a CPU, or one GPU) and keeps everything in a folder: checkpoints that survive a
//! crash and go on exactly, a table and a figure of the course. [`separator`] is the task of the networks that take
//! mixed spectra apart, [`guided`] that of the network that refines what a library explains,
//! [`ramixnet`] that of the networks that name and dose known substances, [`rampinn`] that of the network for CARS.

mod adam;
mod checkpoint;
mod course;
mod crew;
#[cfg(test)]
#[path = "../../docs/examples/denoiser_task.rs"]
mod denoiser_task;
mod error;
mod export;
mod figure;
mod files;
mod flat;
mod forecast;
pub mod guided;
mod material;
mod model_file;
mod plan;
mod plateau;
pub mod ramixnet;
pub mod rampinn;
pub mod separator;
mod settings;
mod task;
#[cfg(test)]
mod tests;
mod trainer;

pub use checkpoint::{Checkpoint, Manifest};
pub use course::{Course, Row};
pub use crew::Crew;
pub use error::TrainError;
pub use export::export;
pub use forecast::Trend;
pub use material::{Material, load_material};
pub use plan::{DataPlan, Plan, first_network};
pub use settings::{Limits, LoopSettings};
pub use task::{Set, Task};
pub use trainer::{Event, Trainer};
