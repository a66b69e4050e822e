//! Floor 2: preparing spectra.
//!
//! A [`Pipeline`] is a list of [`Step`]s, each a pure function of a spectrum. It reads and writes JSON and one line
//! of text (`crop:200-1800|despike|arpls:lam=1e5|normalize:max`). Every step describes itself and its parameters in
//! a [`StepInfo`], from which the command line prints its help, the parser its errors and a window its sliders.
//! [`Plan`] is a pipeline made ready for one axis: it works on rows, for maps and for callers with their own loops.
//!
//! One file per family of steps: `crop`, `resample`, `despike`, `baseline/`, `smooth`, `derivative`, `normalize`,
//! `calibrate`, `subtract`. Beneath them `banded` (penalised least squares, [`PenalisedSystem`]) and `orthopoly`
//! (polynomial fits).

mod banded;
mod baseline;
mod batch;
mod calibrate;
mod crop;
mod derivative;
mod despike;
mod error;
mod info;
mod localfit;
mod normalize;
mod orthopoly;
mod pipeline;
mod plan;
mod resample;
mod smooth;
mod step;
mod subtract;
#[cfg(test)]
mod testing;
mod text;

pub use banded::System as PenalisedSystem;
pub use baseline::{Airpls, Arpls, Asls, Imodpoly, Rubberband, Snip};
pub use batch::{Progress, SetOutcome, Watch, ignore_progress};
pub use calibrate::{Calibrate, CalibrationFit, RamanShift, Shift};
pub use crop::Crop;
pub use derivative::Derivative;
pub use despike::Despike;
pub use error::ProcessError;
pub use info::{Param, ParamDefault, ParamKind, StepInfo};
pub use normalize::{Norm, Normalize};
pub use pipeline::{Pipeline, Split};
pub use plan::{Plan, References, Row};
pub use resample::Resample;
pub use smooth::{Savgol, Whittaker};
pub use step::{Step, suggestion};
pub use subtract::Subtract;
