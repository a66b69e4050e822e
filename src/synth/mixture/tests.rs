//! What every stream must keep, whatever its recipe.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::sums::power_f32;
use super::super::{Rng, SynthError};
use super::*;

/// `rows` spectra of four random lines each on `points` points, `per` rows a species.
fn pures(rows: usize, per: usize, points: usize) -> Pures {
    let x: Vec<f64> = (0..points).map(|i| 300.0 + 2.0 * i as f64).collect();
    let mut values = Vec::with_capacity(rows * points);
    for row in 0..rows {
        let mut rng = Rng::new(99, row as u64);
        let lines: Vec<(f64, f64)> =
            (0..4).map(|_| (rng.uniform(300.0, x[points - 1]), rng.uniform(0.2, 5.0))).collect();
        let at = |x: &f64| lines.iter().map(|(c, h)| h / (1.0 + ((x - c) / 8.0).powi(2))).sum::<f64>() as f32;
        values.extend(x.iter().map(at));
    }
    Pures::new(x, values, (0..rows).map(|row| (row / per) as u32).collect()).unwrap()
}

fn stream(recipe: Recipe) -> Stream {
    Stream::new(pures(30, 3, 256), recipe, 7).unwrap()
}

/// Every bit of a batch, for comparison.
fn bits(batch: &Batch) -> Vec<u32> {
    let blocks = [batch.mixtures(), batch.backgrounds(), batch.parts()];
    blocks.iter().flat_map(|block| block.iter().map(|v| v.to_bits())).collect()
}

fn wild() -> Recipe {
    Recipe {
        gain: Span(0.5, 2.0),
        offset: Span(-0.1, 0.1),
        normalise: Scale::UnitNorm,
        ..Recipe::instrument()
    }
}

#[test]
fn batches_have_the_same_bytes_on_any_number_of_threads() {
    for recipe in [Recipe::rssnet(), Recipe::ramixnet(), Recipe::instrument(), wild()] {
        let stream = stream(recipe);
        let made: Vec<(Vec<u32>, Vec<Truth>)> = [1, 2, 5]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let mut batch = Batch::default();
                pool.install(|| stream.fill(1_000..1_101, &mut batch));
                (bits(&batch), batch.truths().to_vec())
            })
            .collect();
        assert!(made[0].0.iter().any(|b| *b != 0));
        assert!(made.iter().all(|other| *other == made[0]));
    }
}

#[test]
fn a_sample_does_not_depend_on_what_was_made_before_it() {
    for recipe in [Recipe::rssnet(), Recipe::ramixnet(), Recipe::instrument(), wild()] {
        let stream = stream(recipe);
        let mut batch = Batch::default();
        stream.fill(40..60, &mut batch);
        let mut sample = Sample::default();
        for k in [59, 40, 47] {
            let i = k as usize - 40;
            stream.sample(k, &mut sample);
            assert_eq!(sample.mixture(), batch.mixture(i));
            assert_eq!(*sample.truth(), batch.truths()[i]);
            for (part, expected) in sample.parts().enumerate().map(|(j, p)| (p, batch.part(i, j))) {
                assert_eq!(part, expected);
            }
        }
        // A batch of another size leaves nothing of the first behind.
        let before = batch.mixture(7).to_vec();
        stream.fill(47..48, &mut batch);
        assert_eq!((batch.len(), batch.mixture(0)), (1, &before[..]));
    }
}

#[test]
fn seeds_and_samples_differ() {
    let (a, b) = (stream(Recipe::rssnet()), Stream::new(pures(30, 3, 256), Recipe::rssnet(), 8).unwrap());
    let (mut first, mut second) = (Sample::default(), Sample::default());
    a.sample(0, &mut first);
    b.sample(0, &mut second);
    assert_ne!(first.mixture(), second.mixture());
    a.sample(1, &mut second);
    assert_ne!(first.mixture(), second.mixture());
}

#[test]
fn the_papers_protocol_is_two_unit_spectra_and_exact_noise() {
    let stream = stream(Recipe::rssnet());
    let mut sample = Sample::default();
    let (mut least, mut most) = (f64::MAX, f64::MIN);
    for k in 0..400 {
        stream.sample(k, &mut sample);
        let truth = sample.truth();
        assert!(truth.rows.len() == 2 && truth.groups[0] != truth.groups[1]);
        assert!((truth.weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        for (part, weight) in sample.parts().zip(&truth.weights) {
            let norm = (power_f32(part) * 256.0).sqrt();
            // Rounding of 256 values to f32.
            assert!((norm - weight).abs() < 1e-6 * weight + 1e-12, "{norm} {weight}");
        }
        let noise: Vec<f32> = sample.mixture().iter().zip(sample.clean()).map(|(m, c)| m - c).collect();
        let snr = 10.0 * (power_f32(sample.clean()) / power_f32(&noise)).log10();
        // f32 rounds mixture and difference to 6e-8 of values some ten times the noise, at random over 256 points.
        assert!((snr - truth.snr_db).abs() < 1e-5, "{snr} {}", truth.snr_db);
        least = least.min(truth.snr_db);
        most = most.max(truth.snr_db);
    }
    // 400 uniform draws come within 0.3 dB of both ends but for one seed in a million.
    assert!((10.0..10.3).contains(&least) && (19.7..20.0).contains(&most), "{least} {most}");
}

#[test]
fn other_noise_leaves_the_same_mixtures() {
    let (mut loud, mut silent) = (Sample::default(), Sample::default());
    stream(Recipe::rssnet()).sample(5, &mut loud);
    stream(Recipe::default()).sample(5, &mut silent);
    assert_eq!(loud.clean(), silent.mixture());
    assert!(silent.truth().snr_db.is_infinite());
}

#[test]
fn white_and_detector_noise_report_the_ratio_they_have() {
    let white = Noise::White { sigma: Span::at(0.1) };
    let detector = Noise::Detector { peak_electrons: Span::at(100.0), readout_electrons: Span::at(0.0) };
    for noise in [white, detector] {
        let stream = stream(Recipe { noise, ..Recipe::default() });
        let mut sample = Sample::default();
        let (mut found, mut expected) = (0.0, 0.0);
        for k in 0..200 {
            stream.sample(k, &mut sample);
            found += power_f32(sample.clean()) / 10.0_f64.powf(sample.truth().snr_db / 10.0);
            let peak = sample.clean().iter().fold(0.0_f32, |m, v| m.max(*v));
            let mean = sample.clean().iter().map(|v| f64::from(*v)).sum::<f64>() / 256.0;
            // Variance 0.01 peak^2 everywhere; shot noise: peak / 100 times the local value.
            let peak = f64::from(peak);
            expected += if noise == white { 0.01 * peak * peak } else { peak * mean / 100.0 };
        }
        // 200 variances of 256 points each: 0.6 % for normal noise, less than 2 % for counts.
        assert!((found / expected - 1.0).abs() < 0.05, "{found} {expected}");
    }
}

#[test]
fn blended_specimens_keep_their_norm_and_leave_all_other_draws_alone() {
    let blend = Some(Blend { chance: 0.5, most: 2, ripple: 0.2, spacing_cm1: 40.0 });
    let plain = stream(Recipe::rssnet());
    let blended = stream(Recipe { blend, ..Recipe::rssnet() });
    let (mut a, mut b) = (Sample::default(), Sample::default());
    let (mut changed, mut others) = (0, 0);
    for k in 0..200 {
        plain.sample(k, &mut a);
        blended.sample(k, &mut b);
        assert_eq!((&a.truth().rows, &a.truth().weights), (&b.truth().rows, &b.truth().weights));
        for (old, new) in a.parts().zip(b.parts()) {
            let (old_norm, new_norm) = (power_f32(old).sqrt(), power_f32(new).sqrt());
            assert!((old_norm - new_norm).abs() < 1e-5 * old_norm + 1e-12);
            changed += usize::from(old != new);
        }
        others += b.truth().blended.len();
        let groups = plain.pures().groups();
        assert!(b.truth().blended.iter().all(|row| b.truth().groups.contains(&groups[*row])));
    }
    // Half of 400 components, with one more spectrum on average.
    assert!((150..250).contains(&changed) && (150..250).contains(&others), "{changed} {others}");
}

#[test]
fn ramixnet_mixtures_have_maximum_one_before_their_background() {
    let recipe = Recipe { noise: Noise::Silent, ..Recipe::ramixnet() };
    let bare = Recipe { background: None, ..recipe.clone() };
    let four = Arc::new(pures(4, 1, 256));
    let (full, bare) =
        (Stream::new(Arc::clone(&four), recipe, 3).unwrap(), Stream::new(four, bare, 3).unwrap());
    let (mut a, mut b) = (Sample::default(), Sample::default());
    let mut changed = 0;
    for k in 0..200 {
        full.sample(k, &mut a);
        bare.sample(k, &mut b);
        assert_eq!(a.clean(), b.clean());
        let top = b.mixture().iter().fold(f32::MIN, |m, v| m.max(*v));
        assert!((top - 1.0).abs() < 1e-6, "{top}");
        changed += u32::from(a.background() != b.background());
        assert!(a.truth().distortions.iter().all(|d| d.shift_cm1.abs() <= 3.0));
    }
    // A steep sigmoid beyond the end of the axis is nothing on it; the others show.
    assert!(changed > 150, "{changed}");
}

#[test]
fn only_the_rows_asked_for_are_drawn() {
    let rows = [2, 3, 11, 29];
    let stream = Stream::of_rows(pures(30, 3, 16), &rows, Recipe::rssnet(), 1).unwrap();
    let mut batch = Batch::default();
    stream.fill(0..300, &mut batch);
    for row in rows {
        assert!(batch.truths().iter().any(|t| t.rows.contains(&row)));
    }
    assert!(batch.truths().iter().all(|t| t.rows.iter().all(|r| rows.contains(r))));
}

#[test]
fn a_row_of_zeros_is_refused_only_where_it_would_be_drawn() {
    let block = || Pures::new(vec![1.0, 2.0], vec![1.0, 2.0, 0.0, 0.0, 3.0, 1.0], vec![0, 1, 2]).unwrap();
    let refused = Stream::new(block(), Recipe::rssnet(), 1).map(|_| ());
    assert_eq!(refused, Err(SynthError::Empty { row: 1 }));
    assert!(Stream::of_rows(block(), &[0, 2], Recipe::rssnet(), 1).is_ok());
}

#[test]
fn spikes_stand_where_the_truth_says() {
    let spikes = Some(Spikes { most: 3, height: Span(2.0, 3.0) });
    let stream = stream(Recipe { spikes, ..Recipe::default() });
    let mut sample = Sample::default();
    let mut counts = [0; 4];
    for k in 0..200 {
        stream.sample(k, &mut sample);
        let top = sample.clean().iter().fold(0.0_f32, |m, v| m.max(*v));
        counts[sample.truth().spikes.len()] += 1;
        for at in &sample.truth().spikes {
            assert!(sample.mixture()[*at] - sample.clean()[*at] >= 1.99 * top);
        }
    }
    assert!(counts.iter().all(|c| *c > 20), "{counts:?}");
}

#[test]
fn distortions_move_and_widen_the_components() {
    let recipe = Recipe { shift_cm1: Span::at(6.0), broadening_cm1: Span::at(10.0), ..Recipe::default() };
    let (mut plain, mut moved) = (Sample::default(), Sample::default());
    stream(Recipe::default()).sample(2, &mut plain);
    stream(recipe).sample(2, &mut moved);
    // Centre of mass, away from the ends by the choice of sample: three steps of 2 cm-1.
    for (before, after) in plain.parts().zip(moved.parts()) {
        let tallest = |y: &[f32]| y.iter().fold(0.0_f32, |m, v| m.max(*v));
        let place = |y: &[f32]| y.iter().position(|v| *v >= tallest(y)).unwrap_or(0);
        assert!((place(after) as isize - place(before) as isize - 3).abs() <= 1);
        assert!(tallest(after) < 0.95 * tallest(before));
    }
}

fn recipes() -> impl Strategy<Value = Recipe> {
    let parts = (1..=3_usize, 0..=2_usize, 0.0..0.1_f64).prop_map(|(least, more, least_weight)| {
        Parts::Simplex { least, most: least + more, choice: Choice::Rows, least_weight }
    });
    let scales = prop::sample::select(vec![Scale::AsIs, Scale::UnitNorm, Scale::UnitMax]);
    (parts, scales.clone(), scales, 0.0..3.0_f64, 0.0..8.0_f64, any::<bool>()).prop_map(
        |(parts, scale, normalise, shift, fwhm, distort_each)| Recipe {
            parts,
            scale,
            normalise,
            shift_cm1: Span(-shift, shift),
            broadening_cm1: Span(0.0, fwhm),
            distort_each,
            ..Recipe::instrument()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn components_sum_to_the_clean_mixture_whatever_the_recipe(recipe in recipes(), seed: u64, k: u64) {
        let stream = Stream::new(pures(12, 2, 64), recipe.clone(), seed).unwrap();
        let mut sample = Sample::default();
        stream.sample(k, &mut sample);
        let truth = sample.truth();
        prop_assert!((truth.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut groups = truth.groups.clone();
        groups.sort_unstable();
        groups.dedup();
        prop_assert_eq!(groups.len(), sample.parts().len());
        let mut sum = vec![0.0_f32; 64];
        for part in sample.parts() {
            sum.iter_mut().zip(part).for_each(|(s, v)| *s += v);
        }
        prop_assert_eq!(&sum[..], sample.clean());
        prop_assert!(sample.mixture().iter().all(|v| v.is_finite()));
        if recipe.normalise == Scale::UnitMax {
            let top = sum.iter().fold(f32::MIN, |m, v| m.max(*v));
            prop_assert!((top - 1.0).abs() < 1e-6);
        }
    }
}
