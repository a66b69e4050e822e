//! Baselines: what lies under the bands is estimated and taken away. [`super::Pipeline::split`] also returns it.
//!
//! Definitions, iteration limits and stopping rules are those of pybaselines 1.2, against which the results are
//! compared (`tests/suite/process_parity.rs`). All work on points, except the polynomial and the rubber band.

mod imodpoly;
mod penalised;
mod rubberband;
mod snip;

pub use imodpoly::Imodpoly;
pub use penalised::{Airpls, Arpls, Asls};
pub use rubberband::Rubberband;
pub use snip::Snip;

pub(super) use imodpoly::IMODPOLY;
pub(super) use penalised::{AIRPLS, ARPLS, ASLS};
pub(super) use rubberband::RUBBERBAND;
pub(super) use snip::SNIP;

use super::plan::Row;

/// Takes `row.baseline` from the intensities.
fn take_away(row: &mut Row) {
    for (y, z) in row.y.iter_mut().zip(&row.baseline) {
        *y -= z;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{error, measured_like, over_points};
    use super::super::{Pipeline, References, Step};

    const ALL: [&str; 7] =
        ["asls", "arpls", "airpls", "imodpoly:degree=3", "snip", "rubberband", "rubberband:segments=4"];

    #[test]
    fn kept_and_taken_add_up_to_the_spectrum() {
        let s = over_points(&measured_like(600, 5.0, 3));
        for text in ALL {
            let step: Step = text.parse().unwrap();
            let split = step.split(&s).unwrap();
            assert_eq!(split.corrected, step.run(&s, &References::none()).unwrap());
            for ((y, kept), taken) in s.y().iter().zip(split.corrected.y()).zip(split.baseline.y()) {
                // Two roundings to f32 of numbers near 1000.
                assert!((y - kept - taken).abs() < 2e-4, "{text}");
            }
            assert!(split.baseline.meta.history[0].starts_with("baseline estimated by"));
        }
        assert!("despike".parse::<Step>().unwrap().split(&s).is_err());
        assert!(Pipeline::default().split(&s, &References::none()).is_err());
    }

    #[test]
    fn the_background_is_found_under_the_bands() {
        let n = 1000;
        let s = over_points(&measured_like(n, 2.0, 11));
        // One rubber band cannot follow this background, which bends the other way.
        for text in ALL.into_iter().filter(|text| *text != "rubberband") {
            let split = text.parse::<Step>().unwrap().split(&s).unwrap();
            let worst = split.baseline.y().iter().enumerate().fold(0.0_f64, |worst, (i, found)| {
                let u = i as f64 / n as f64;
                worst.max((f64::from(*found) - (500.0 + 800.0 * u - 700.0 * u * u)).abs())
            });
            // A twentieth of the background at most: wings of the Lorentzian bands belong to nobody.
            assert!(worst < 60.0, "{text}: {worst}");
        }
    }

    #[test]
    fn short_and_flat_spectra_are_no_trouble() {
        for text in ALL {
            let step: Step = text.parse().unwrap();
            for value in [0.0_f32, 7.0, -3.0] {
                let split = step.split(&over_points(&[value; 40])).unwrap();
                for found in split.baseline.y() {
                    assert!((found - value).abs() < 1e-4, "{text}: {found} {value}");
                }
            }
        }
        assert!(error("arpls", &over_points(&[1.0, 2.0])).contains("at least 3 points"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_baseline_of_a_scaled_spectrum_is_the_scaled_baseline(seed: u64, exponent in -12_i32..12) {
            let y = measured_like(500, 5.0, seed);
            // Powers of two scale f32 without rounding, so thresholds cannot flip.
            let scale = 2_f32.powi(exponent);
            let scaled: Vec<f32> = y.iter().map(|v| v * scale).collect();
            for text in ALL {
                let step: Step = text.parse().unwrap();
                let (a, b) = (step.split(&over_points(&y)).unwrap(), step.split(&over_points(&scaled)).unwrap());
                for (a, b) in a.baseline.y().iter().zip(b.baseline.y()) {
                    prop_assert!((a * scale - b).abs() <= 1e-5 * b.abs(), "{}: {} {}", text, a * scale, b);
                }
            }
        }

        #[test]
        fn direction_of_the_axis_does_not_matter(seed: u64) {
            let y = measured_like(400, 5.0, seed);
            let x: Vec<f64> = (0..400).map(|i| f64::from(399 - i)).collect();
            let up = over_points(&y);
            let reversed: Vec<f32> = y.iter().rev().copied().collect();
            let down = super::super::testing::spectrum(&x, &reversed);
            for text in ALL {
                let step: Step = text.parse().unwrap();
                let (a, b) = (step.split(&up).unwrap(), step.split(&down).unwrap());
                for (a, b) in a.baseline.y().iter().zip(b.baseline.y().iter().rev()) {
                    // Elimination from the other end rounds differently.
                    prop_assert!((a - b).abs() <= 1e-3 * a.abs(), "{}: {} {}", text, a, b);
                }
            }
        }
    }
}
