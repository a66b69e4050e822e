//! How far separated spectra are from the pure ones, whatever their scale, offset and order (spec section 7).

use burn::tensor::Tensor;

/// Keeps logarithms and quotients away from zero.
const GUARD: f64 = 1e-8;

/// SI-SNR in dB of every estimate against every reference: `[batch, source, point]` twice to `[batch, estimate,
/// reference]`. Means are removed first.
pub fn si_snr_table(estimates: Tensor<3>, references: Tensor<3>) -> Tensor<3> {
    let centred = |x: Tensor<3>| x.clone() - x.mean_dim(2);
    let (e, r) = (centred(estimates), centred(references));
    let power = |x: &Tensor<3>| (x.clone() * x.clone()).sum_dim(2);
    let (power_e, power_r) = (power(&e), power(&r).swap_dims(1, 2));
    let product = e.matmul(r.swap_dims(1, 2));
    // |t|^2 with t the projection of the estimate on the reference; what remains is |e|^2 - |t|^2.
    let target = product.clone() * product / (power_r + GUARD);
    let rest = (power_e - target.clone()).clamp_min(0.0);
    ((target + GUARD) / (rest + GUARD)).log() * (10.0 / std::f64::consts::LN_10)
}

/// Mean over the batch of `-(1/C) max over orders of the sum of SI-SNR`: one number.
///
/// # Panics
///
/// When there are more than three sources: orders are listed.
pub fn separation_loss(estimates: Tensor<3>, references: Tensor<3>) -> Tensor<1> {
    let [batch, sources, _] = estimates.dims();
    let table = si_snr_table(estimates, references);
    let cell = |e: usize, r: usize| table.clone().slice([0..batch, e..e + 1, r..r + 1]).reshape([batch]);
    let sums = orders(sources).into_iter().map(|order| {
        let cells = order.iter().enumerate().map(|(e, r)| cell(e, *r));
        cells.reduce(|a, b| a + b).unwrap_or_else(|| Tensor::zeros([batch], &table.device()))
    });
    let best = sums.reduce(Tensor::max_pair);
    best.map_or_else(|| Tensor::zeros([1], &table.device()), |best| best.mean() * (-1.0 / sources as f64))
}

/// All orders of `0..sources`.
fn orders(sources: usize) -> Vec<Vec<usize>> {
    assert!(sources <= 3, "orders of {sources} sources are not listed");
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for next in 0..sources {
        all = all
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, next);
                    longer
                })
            })
            .collect();
    }
    all
}
