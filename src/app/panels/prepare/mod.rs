//! The pipeline editor: what is done to the raw data of the active spectrum, or of many, step by step.
//!
//! `panel` puts the parts together, `step` draws one step, `add` the menu of all steps, `recipes` pipelines with a name,
//! `text` the one-line form. `catalogue` holds names, groups and first values of steps, `edit` turns fields into steps.

mod add;
mod catalogue;
mod edit;
mod pairs;
mod panel;
mod recipes;
mod step;
mod text;

pub use panel::{PrepareState, prepare_ui};
