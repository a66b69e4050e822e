//! From a user's spectrum to curves on the user's points, by the network that ships.

use super::super::recovery::{CarsRequest, Recovered, find_recovery, recover, recover_many};
use super::super::{MethodError, Settings, Unwatched, Watch};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, metrics};
use crate::synth::cars::{CarsPreset, Resonance, intensity, susceptibility};

/// A clean CARS spectrum over these positions, 50 times as high as its `Im chi_R` squared, and that.
fn cars(positions: &[f64], half_width: f64) -> (Vec<f32>, Vec<f64>) {
    let (low, high) = (positions[0], positions[positions.len() - 1]);
    let lines: Vec<Resonance> = [(0.9, 0.2), (0.5, 0.45), (0.7, 0.8)]
        .iter()
        .map(|(height, place)| Resonance {
            amplitude: 0.5 * height * half_width,
            centre: low + place * (high - low),
            half_width,
        })
        .collect();
    let (re, im) = susceptibility(positions, &lines);
    let background: Vec<f64> = positions.iter().map(|x| 1.0 - 0.2 * (x - low) / (high - low)).collect();
    (intensity(&re, &im, &background).iter().map(|v| (v * 50.0) as f32).collect(), im)
}

fn spectrum(positions: Vec<f64>, y: Vec<f32>) -> Spectrum {
    Spectrum::new(Axis::new(AxisKind::RamanShift, positions).unwrap(), y, Metadata::default()).unwrap()
}

fn even(points: usize) -> Vec<f64> {
    (0..points).map(|i| 400.0 + 1200.0 * i as f64 / (points - 1) as f64).collect()
}

fn run(spectrum: &Spectrum, settings: Settings) -> Recovered {
    let request = CarsRequest::new(spectrum).with_settings(settings);
    recover(find_recovery("rampinn").unwrap(), &request, &Unwatched).unwrap()
}

fn pearson(a: &[f32], b: &[f64]) -> f64 {
    metrics::pearson(a, &b.iter().map(|v| *v as f32).collect::<Vec<f32>>())
}

#[test]
fn any_number_of_points_gives_the_lines_in_the_units_of_the_measurement() {
    for points in [150, 640, 1024, 1999] {
        let (y, im) = cars(&even(points), 12.0);
        let found = run(&spectrum(even(points), y), Settings::default());
        assert_eq!((found.raman.len(), found.background.len()), (points, points));
        assert!(pearson(&found.raman, &im) > 0.97, "{points}: {}", pearson(&found.raman, &im));
        let highest = found.raman.iter().copied().fold(0.0_f32, f32::max);
        assert!((highest / (0.45 * 50.0_f32.sqrt()) - 1.0).abs() < 0.2, "{points}: {highest}");
    }
}

#[test]
fn a_falling_axis_gives_the_same_curves_turned() {
    let (y, _) = cars(&even(700), 10.0);
    let up = run(&spectrum(even(700), y.clone()), Settings::default());
    let turned: Vec<f32> = y.iter().rev().copied().collect();
    let down = run(&spectrum(even(700).into_iter().rev().collect(), turned), Settings::default());
    for (a, b) in down.raman.iter().rev().zip(&up.raman) {
        assert!((a - b).abs() < 1e-4 * 5.0, "{a} {b}");
    }
}

#[test]
fn a_factor_on_the_measurement_is_its_root_on_the_answer() {
    let (y, _) = cars(&even(512), 10.0);
    let one = run(&spectrum(even(512), y.clone()), Settings::default());
    let four = run(&spectrum(even(512), y.iter().map(|v| 4.0 * v).collect()), Settings::default());
    for (a, b) in one.raman.iter().zip(&four.raman) {
        assert!((2.0 * a - b).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn narrow_lines_over_many_points_are_taken_apart_in_windows() {
    let positions = even(4000);
    let (y, im) = cars(&positions, 0.9);
    let found = run(&spectrum(positions, y), Settings::default());
    assert!(found.notes.iter().any(|note| note.contains("overlapping windows")), "{:?}", found.notes);
    assert!(pearson(&found.raman, &im) > 0.9, "{}", pearson(&found.raman, &im));
}

#[test]
fn hostile_spectra_are_answered_or_refused_with_a_sentence() {
    let method = find_recovery("rampinn").unwrap();
    let (y, _) = cars(&even(300), 10.0);
    let mut dark = y.clone();
    dark[100..200].fill(0.0);
    let mut spike = y.clone();
    spike[150] = 1e6;
    let tiny: Vec<f32> = y.iter().map(|v| v * 1e-30).collect();
    for odd in [dark, spike, tiny] {
        let found = run(&spectrum(even(300), odd), Settings::default());
        assert!(found.raman.iter().chain(&found.background).all(|v| v.is_finite() && *v >= 0.0));
    }
    for dead in [vec![0.0; 300], vec![5.0; 300]] {
        let refused = spectrum(even(300), dead);
        assert!(recover(method, &CarsRequest::new(&refused), &Unwatched).is_err());
    }
}

#[test]
fn a_fit_to_the_spectrum_is_kept_only_where_it_gains() {
    let sample = CarsPreset::Mix.sample(77, 3);
    let y: Vec<f32> = sample.cars.iter().map(|v| v.max(0.0) as f32).collect();
    let positions = even(y.len());
    let settings = Settings::default().with("refine", true).with("steps", 5);
    let found = run(&spectrum(positions.clone(), y.clone()), settings);
    let figure = |name: &str| found.diagnostics.iter().find(|d| d.name == name).unwrap().value;
    let (before, after) = (figure("inconsistency_before"), figure("inconsistency_after"));
    let kept = figure("refined_windows") > 0.5;
    assert_eq!(kept, after <= 0.8 * before, "{before} {after}");
    let plain = run(&spectrum(positions, y), Settings::default());
    assert_eq!(found.raman == plain.raman, !kept);
}

#[test]
fn many_spectra_are_answered_like_each_alone_and_a_cancelled_run_stops() {
    struct Cancelled;
    impl Watch for Cancelled {
        fn progress(&self, _: f32, _: &str) {}

        fn cancelled(&self) -> bool {
            true
        }
    }
    let method = find_recovery("rampinn").unwrap();
    let spectra: Vec<Spectrum> =
        [6.0, 9.0, 14.0].map(|width| spectrum(even(400), cars(&even(400), width).0)).into();
    let requests: Vec<CarsRequest> = spectra.iter().map(CarsRequest::new).collect();
    let many = recover_many(method, &requests, &Unwatched).unwrap();
    for (one, together) in spectra.iter().zip(many) {
        let alone = run(one, Settings::default());
        for (a, b) in alone.raman.iter().zip(&together.unwrap().raman) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
    }
    let stopped = recover(method, &requests[0], &Cancelled).unwrap_err();
    assert!(matches!(stopped, MethodError::Cancelled));
}

#[test]
fn a_reference_takes_the_light_out_and_its_root_back_in() {
    let positions = even(1024);
    let (y, im) = cars(&positions, 12.0);
    // Light that comes and goes twice over the window.
    let light = |x: &f64| 1.0 + 0.6 * ((x - 400.0) / 1200.0 * 2.0 * std::f64::consts::TAU).cos();
    let lit: Vec<f32> = y.iter().zip(&positions).map(|(v, x)| v * light(x) as f32).collect();
    let glass: Vec<f32> = positions.iter().map(|x| 20.0 * light(x) as f32).collect();
    let root: Vec<f64> = positions.iter().zip(&im).map(|(x, im)| im * light(x).sqrt()).collect();
    let (measured, glass) = (spectrum(positions.clone(), lit), spectrum(positions.clone(), glass));
    let method = find_recovery("rampinn").unwrap();
    let alone = recover(method, &CarsRequest::new(&measured), &Unwatched).unwrap();
    let request = CarsRequest { reference: Some(&glass), ..CarsRequest::new(&measured) };
    let beside = recover(method, &request, &Unwatched).unwrap();
    let (alone, beside) = (pearson(&alone.raman, &root), pearson(&beside.raman, &root));
    assert!(beside > 0.97 && beside > alone, "{alone} {beside}");
}

#[test]
fn a_slow_error_of_the_phase_can_be_taken_off() {
    let (y, im) = cars(&even(800), 10.0);
    let found = run(&spectrum(even(800), y.clone()), Settings::default().with("phase_error", "below"));
    assert!(pearson(&found.raman, &im) > 0.97, "{}", pearson(&found.raman, &im));
    let plain = run(&spectrum(even(800), y), Settings::default());
    let least = |v: &[f32]| v.iter().copied().fold(f32::INFINITY, f32::min);
    assert!(least(&found.raman) <= least(&plain.raman));
}
