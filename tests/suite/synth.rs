//! The separation papers' protocol on real minerals: does our rebuild have the input SI-SNR that the paper implies?

use unravel::spectrum::metrics::si_snr_db;
use unravel::synth::{Batch, Pures, Recipe, Stream};

use crate::{data, npy};

/// Mixtures: the standard error of the mean is then below 0.2 dB.
const MIXTURES: u64 = 2_000;

/// Rows over the common axis with their minerals, and the rows of the split `known`.
fn minerals() -> Option<(Pures, Vec<usize>)> {
    let folder = data::folder("rruff")?;
    let (rows, points, values) = npy::read_f32(&folder.join("grid1024.npy.gz"));
    let axis = std::fs::read_to_string(folder.join("grid1024_axis.csv")).unwrap();
    let x: Vec<f64> = axis.lines().filter_map(|line| line.rsplit(',').next()?.trim().parse().ok()).collect();
    assert_eq!(x.len(), points);
    let column = |file: &str, name: &str| -> Vec<String> {
        let mut table = csv::Reader::from_path(folder.join(file)).unwrap();
        let at = table.headers().unwrap().iter().position(|h| h == name).unwrap();
        table.records().map(|record| record.unwrap()[at].to_owned()).collect()
    };
    let species = column("labels.csv", "mineral");
    let split = column("splits.csv", "split");
    assert_eq!((species.len(), split.len()), (rows, rows));
    let known = (0..rows).filter(|row| split[*row] == "known").collect();
    Some((Pures::named(x, values, &species).unwrap(), known))
}

#[test]
fn the_papers_protocol_on_minerals_has_the_papers_input_si_snr() {
    let Some((pures, known)) = minerals() else { return };
    let stream = Stream::of_rows(pures, &known, Recipe::rssnet(), 1).unwrap();
    let mut batch = Batch::default();
    stream.fill(0..MIXTURES, &mut batch);
    let scores: Vec<f64> = (0..batch.len())
        .map(|i| (0..2).map(|part| si_snr_db(batch.mixture(i), batch.part(i, part))).sum::<f64>() / 2.0)
        .collect();
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let error = (scores.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / n / n).sqrt();
    println!(
        "input SI-SNR of {MIXTURES} mixtures of {} known rows: {mean:.2} dB, standard error {error:.2}",
        known.len()
    );
    let species_differ = batch.truths().iter().all(|t| t.groups[0] != t.groups[1]);
    assert!(species_differ && batch.truths().iter().all(|t| t.rows.iter().all(|r| known.contains(r))));
    // -1.08 +- 0.18 dB was measured on all rows by another program, -1.37 is what the paper's tables imply. A law of weights
    // cut to 0.1..0.9 gives -0.5.
    assert!((-1.7..-0.7).contains(&mean), "{mean}");
}
