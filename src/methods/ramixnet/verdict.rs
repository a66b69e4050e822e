//! What is said about one spectrum. Plain data.

use serde::Serialize;

/// One substance of the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Probability that it is there, 0 to 1.
    pub probability: f64,
    /// The probability from which it counts as there.
    pub threshold: f64,
    /// Whether it does.
    pub present: bool,
    /// Its relative signal, 1 for the strongest substance; only where it is there, from `RaMixNet` II.
    pub dosage: Option<f64>,
    /// The same whether it is there or not.
    pub raw_dosage: Option<f64>,
    /// Holds the dosage in nine cases of ten.
    pub interval: Option<(f64, f64)>,
    /// Its part of the sum of all dosages.
    pub share: Option<f64>,
    /// The same in amounts, when the pure spectra were measured alike: dosages over the heights of the pure spectra.
    pub amount_share: Option<f64>,
}

/// One spectrum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Every substance of the model, in its order.
    pub substances: Vec<Found>,
    /// Something else is in the sample.
    pub other: bool,
    /// What the fit of the pure spectra leaves over, 0 to 1, and its limit.
    pub excess: f64,
    /// See `excess`.
    pub excess_limit: f64,
    /// What stands above the fit where that has little, 0 to 1, and its limit; models without one go by `excess`.
    pub strange: f64,
    /// See `strange`.
    pub strange_limit: Option<f64>,
    /// How far the network's features lie from the usual ones, and its limit.
    pub distance: f64,
    /// See `distance`.
    pub distance_limit: f64,
    /// Error of the spectrum's scale in cm-1.
    pub shift_cm1: f64,
    /// Part of the model's range that was measured.
    pub coverage: f64,
    /// Sentences that say "look here".
    pub notes: Vec<String>,
}

impl Verdict {
    /// Fills in the shares of what is there.
    pub(super) fn share_out(&mut self, heights: &[f64]) {
        let dose = |f: &Found| f.dosage.unwrap_or(0.0);
        let sum: f64 = self.substances.iter().map(dose).sum();
        let amount = |(f, height): (&Found, &f64)| dose(f) / height;
        let amounts: Vec<f64> = self.substances.iter().zip(heights).map(amount).collect();
        let whole: f64 = amounts.iter().sum();
        for (found, amount) in self.substances.iter_mut().zip(amounts) {
            let Some(dosage) = found.dosage else { continue };
            found.share = (sum > 0.0).then(|| dosage / sum);
            found.amount_share = (whole > 0.0).then(|| amount / whole);
        }
    }
}
