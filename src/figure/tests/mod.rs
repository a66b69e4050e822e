//! Tests of whole figures: typical ones, hostile ones, and the pictures made of them.

mod checks;
mod hostile;
mod picture;
mod samples;
mod structure;
