//! Floor 4: which device runs the networks, its name, its health. Knows nothing of what is computed.
//!
//! The CPU is always there and is the reference. A GPU (burn's wgpu: Vulkan, Metal, DirectX 12) is opened on first use,
//! by whoever prepares or runs first, and trusted only after it has computed a few things like the CPU does: long means
//! of our own, and the [`Probe`]s the caller hands in. What it then fails at is done again on the CPU.
//!
//! ```text
//! Wish --prepare--> adapter --open--> probes agree? --yes--> GPU --lost--> opened anew, once --lost--> CPU
//!                      |none             |no
//!                      +-------> CPU <---+
//! ```
//!
//! [`Compute::run`] hands a [`Turn`] with the device to a job; [`devices()`] lists what there is, in words.

mod adapter;
mod cpu;
mod devices;
mod error;
mod guard;
mod owner;
mod parity;
mod run;
mod status;
#[cfg(test)]
mod tests;
mod wish;

#[cfg(feature = "gpu")]
mod gpu;
#[cfg(not(feature = "gpu"))]
#[path = "no_gpu.rs"]
mod gpu;
#[cfg(feature = "gpu")]
mod tuning;

pub use adapter::Kind;
pub use cpu::cpu_name;
pub use devices::{DeviceInfo, devices};
pub use error::{ComputeError, Stop};
pub use owner::{Compute, Told};
pub use parity::{Probe, TOLERANCE};
pub use run::{Ran, Turn};
pub use status::{Stage, Status};
pub use wish::Wish;
