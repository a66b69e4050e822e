//! Autosaves: at most 30 s of work are lost, whatever ends the program.
//!
//! Each running process has one file in the state folder, `autosave-<process>-<number>.unravel`, and holds a lock on
//! the `.lock` file beside it. The system lets go of the lock when the process ends, kill -9 included: what is not
//! locked was left behind and is offered for recovery, what is locked belongs to another window.

mod left;
mod lock;
mod own;
#[cfg(test)]
mod tests;

pub use left::{Recoverable, recoverable};
pub use own::Autosave;
