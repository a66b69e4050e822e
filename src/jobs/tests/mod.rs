//! The pool and the jobs of this floor, without a window: a bell stands for its waker.

mod bell;
mod lanes;
mod load;
mod pool;
mod spectra;

pub(super) use bell::{Bell, finish, jobs};
