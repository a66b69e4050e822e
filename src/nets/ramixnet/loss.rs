//! What the networks are judged by in training (specification, section 5).

use burn::tensor::{Tensor, activation};

use super::Answers;

/// Weight of the dosage's mean square against the cross-entropy.
const DOSAGE: f64 = 10.0;

/// Mean binary cross-entropy of the presences, and ten times the mean square of the dosages' errors. Truths are
/// `[batch, class]`: 0 or 1, and 0 to 1.
pub fn ramixnet_loss(answers: &Answers, present: Tensor<2>, dosage: Tensor<2>) -> Tensor<1> {
    let odds = answers.presence.clone();
    let entropy = (activation::softplus(odds.clone(), 1.0) - odds * present).mean();
    match &answers.dosage {
        None => entropy,
        Some(found) => {
            let off = activation::sigmoid(found.clone()) - dosage;
            entropy + (off.clone() * off).mean() * DOSAGE
        }
    }
}
