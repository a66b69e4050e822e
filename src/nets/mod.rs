//! Floor 4: the networks, as burn modules and nothing else: operations, layers, forward passes, losses.
//!
//! A [`Separator`] takes mixed spectra apart, whichever of the published networks it is.

mod baselines;
mod card;
mod card_panel;
#[cfg(test)]
#[path = "../../docs/examples/denoiser_net.rs"]
mod denoiser_net;
mod design;
mod dropout;
mod guided;
mod init;
mod layers;
mod loss;
mod ops;
mod ramixnet;
mod rampinn;
mod rssnet;
mod separator;
mod sizes;
mod unet;
mod weights;

pub use baselines::{
    Afrcnn, AfrcnnConfig, ConvTasnet, ConvTasnetConfig, Dprnn, DprnnConfig, Tdanet, TdanetConfig,
};
pub use card::{
    CardAxis, CardCalibration, CardData, CardError, CardNaming, CardPoint, CardScore, CardTraining,
    CardWeights, ModelCard, load_model, sha256,
};
pub use card_panel::{CardOther, CardPanel, CardPanelScores, CardStep, CardSubstance};
#[cfg(test)]
pub use denoiser_net::{Denoiser, DenoiserConfig};
pub use design::Design;
pub use dropout::Dropout;
pub use guided::{
    Form, Guided, GuidedConfig, Judged, Refined, Scene, Slot, Targets, Terms, chosen_slots, guided_loss,
};
pub use layers::{Masking, Statistics, Steering};
pub use loss::separation_loss;
pub use ramixnet::{
    Answers, DROPOUT_RATE, Ramixnet, RamixnetConfig, Version, deviations, ramixnet_loss, share_statistics,
};
pub use rampinn::{
    CarsAnswer, CarsInput, CarsTruth, Consistency, DataTerm, Hilbert, Physics, Rampinn, RampinnConfig,
    RampinnForm, RampinnLoss, Retrieved, Retriever, Smoothness, rampinn_loss, roughness,
};
pub use rssnet::{Rssnet, RssnetConfig, Side};
pub use separator::{Separator, SeparatorConfig};
pub use unet::{Unet, UnetConfig};
pub use weights::{
    Array, Precision, WeightsError, arrays_of, from_bytes, gradients_of, to_bytes, with_arrays,
};
