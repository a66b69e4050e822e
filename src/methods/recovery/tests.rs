//! Recovery from a user's spectrum to curves on the user's points.

use super::super::{MethodError, Settings, Unwatched, Watch};
use super::*;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum, metrics};
use crate::synth::cars::{Resonance, intensity, susceptibility};

const LINES: [(f64, f64); 3] = [(0.9, 700.0), (0.5, 1000.0), (0.7, 1300.0)];

/// A clean CARS spectrum over these positions and its `Im chi_R`.
fn cars(positions: &[f64]) -> (Vec<f32>, Vec<f64>) {
    let lines = LINES.map(|(height, centre)| Resonance { amplitude: height * 8.0, centre, half_width: 8.0 });
    let (re, im) = susceptibility(positions, &lines);
    let background: Vec<f64> = positions.iter().map(|x| 1.2 - 0.0002 * x).collect();
    (intensity(&re, &im, &background).iter().map(|v| (v * 50.0) as f32).collect(), im)
}

fn spectrum(kind: AxisKind, positions: Vec<f64>, y: Vec<f32>) -> Spectrum {
    Spectrum::new(Axis::new(kind, positions).unwrap(), y, Metadata::default()).unwrap()
}

/// An answer with this recovered spectrum, one point a cm-1.
pub(super) fn recovered(first: f64, raman: Vec<f32>) -> Recovered {
    let positions: Vec<f64> = (0..raman.len()).map(|i| first + i as f64).collect();
    let measured = spectrum(AxisKind::RamanShift, positions, vec![1.0; raman.len()]);
    let (low, high) = (measured.axis().low(), measured.axis().high());
    let edge = 0.03 * (high - low);
    Recovered {
        method: "kk".to_owned(),
        method_name: "Kramers-Kronig".to_owned(),
        settings: Settings::default(),
        background: vec![1.0; raman.len()],
        forward: vec![1.0; raman.len()],
        consistency: Consistency::of(&[1.0, 2.0], &[1.0, 2.0]),
        inner: (low + edge, high - edge),
        raman,
        measured,
        diagnostics: Vec::new(),
        notes: Vec::new(),
        elapsed_ms: 1.0,
        device: "CPU, 1 thread".to_owned(),
    }
}

fn rising() -> Vec<f64> {
    (0..900).map(|i| 400.0 + 1.3 * f64::from(i)).collect()
}

fn run(id: &str, spectrum: &Spectrum) -> Recovered {
    recover(find_recovery(id).unwrap(), &CarsRequest::new(spectrum), &Unwatched).unwrap()
}

fn pearson(a: &[f32], b: &[f64]) -> f64 {
    metrics::pearson(a, &b.iter().map(|v| *v as f32).collect::<Vec<f32>>())
}

#[test]
fn every_classical_method_finds_the_lines_and_explains_the_measurement() {
    let (y, im) = cars(&rising());
    for id in ["fit", "kk", "mem"] {
        let found = run(id, &spectrum(AxisKind::RamanShift, rising(), y.clone()));
        assert!(pearson(&found.raman, &im) > 0.95, "{id}: {}", pearson(&found.raman, &im));
        assert!(found.consistency.verdict != Verdict::Red, "{id}: {:?}", found.consistency);
        let highest = found.raman.iter().copied().fold(0.0_f32, f32::max);
        // Not normalised: 0.9 times the square root of the 50 above.
        assert!((highest / (0.9 * 50.0_f32.sqrt()) - 1.0).abs() < 0.25, "{id}: {highest}");
        let sum: f32 =
            found.residual().iter().zip(&found.forward).zip(&y).map(|((r, f), m)| (r + f - m).abs()).sum();
        assert!(sum < 1e-2);
    }
}

#[test]
fn a_falling_axis_gives_the_same_curves_turned() {
    let (y, _) = cars(&rising());
    let up = run("kk", &spectrum(AxisKind::RamanShift, rising(), y.clone()));
    let turned = |v: &[f32]| v.iter().rev().copied().collect::<Vec<f32>>();
    let down = spectrum(AxisKind::RamanShift, rising().into_iter().rev().collect(), turned(&y));
    let down = run("kk", &down);
    assert!((down.axis().first() - up.axis().last()).abs() < 1e-12);
    for (a, b) in turned(&down.raman).iter().zip(&up.raman) {
        assert!((a - b).abs() < 1e-4 * 6.0, "{a} {b}");
    }
    assert_eq!(down.raman_spectrum().unwrap().x(), up.axis().values());
}

#[test]
fn uneven_and_repeated_positions_are_no_trouble() {
    let mut positions = rising();
    for (i, x) in positions.iter_mut().enumerate() {
        *x += 0.4 * (i as f64 * 0.7).sin();
    }
    positions[500] = positions[499];
    let (y, im) = cars(&positions);
    let found = run("kk", &spectrum(AxisKind::RamanShift, positions, y));
    assert_eq!(found.raman.len(), 900);
    assert!(pearson(&found.raman, &im) > 0.95);
}

#[test]
fn a_reference_is_used_and_one_from_elsewhere_refused() {
    let (y, im) = cars(&rising());
    // An instrument of another sensitivity along the axis; the reference saw the same.
    let profile: Vec<f32> = rising().iter().map(|x| (1.0 + 0.8 * (x / 300.0).sin()) as f32).collect();
    let seen: Vec<f32> = y.iter().zip(&profile).map(|(y, p)| y * p).collect();
    let glass: Vec<f32> =
        rising().iter().zip(&profile).map(|(x, p)| 50.0 * (1.2 - 0.0002 * *x as f32).powi(2) * p).collect();
    let measured = spectrum(AxisKind::RamanShift, rising(), seen);
    let glass = spectrum(AxisKind::RamanShift, rising(), glass);
    let mut request = CarsRequest::new(&measured);
    let kk = find_recovery("kk").unwrap();
    request.reference = Some(&glass);
    let found = recover(kk, &request, &Unwatched).unwrap();
    assert!(pearson(&found.raman, &im) > 0.9, "{}", pearson(&found.raman, &im));
    let elsewhere = spectrum(AxisKind::RamanShift, (0..900).map(f64::from).collect(), vec![1.0; 900]);
    request.reference = Some(&elsewhere);
    let refused = recover(kk, &request, &Unwatched).unwrap_err().to_string();
    assert!(refused.contains("flat") || refused.contains("measure both over the same range"), "{refused}");
}

#[test]
fn dark_signal_is_taken_off_and_negative_values_are_told() {
    let (y, _) = cars(&rising());
    let clean = run("kk", &spectrum(AxisKind::RamanShift, rising(), y.clone()));
    let lifted = spectrum(AxisKind::RamanShift, rising(), y.iter().map(|v| v + 30.0).collect());
    let mut request = CarsRequest::new(&lifted);
    request.dark = Dark::Constant(30.0);
    let kk = find_recovery("kk").unwrap();
    let found = recover(kk, &request, &Unwatched).unwrap();
    for (a, b) in found.raman.iter().zip(&clean.raman) {
        assert!((a - b).abs() < 1e-3);
    }
    let flat =
        spectrum(AxisKind::RamanShift, rising(), (0..900).map(|i| 30.0 + (i % 2) as f32 * 1e-3).collect());
    request.dark = Dark::Spectrum(Box::new(flat));
    let found = recover(kk, &request, &Unwatched).unwrap();
    assert!(found.raman.iter().zip(&clean.raman).all(|(a, b)| (a - b).abs() < 0.02));
    request.dark = Dark::Constant(60.0);
    let notes = recover(kk, &request, &Unwatched).unwrap().notes.join(" ");
    assert!(notes.contains("below zero"), "{notes}");
    request.dark = Dark::Constant(1e6);
    assert!(
        recover(kk, &request, &Unwatched).unwrap_err().to_string().contains("no intensity is above zero")
    );
    request.dark = Dark::Constant(f64::NAN);
    assert!(recover(kk, &request, &Unwatched).unwrap_err().to_string().contains("dark"));
}

#[test]
fn cosmic_rays_go_where_the_user_asks() {
    let (mut y, im) = cars(&rising());
    y[300] += 500.0;
    let measured = spectrum(AxisKind::RamanShift, rising(), y);
    let mut request = CarsRequest::new(&measured);
    let kk = find_recovery("kk").unwrap();
    let with = recover(kk, &request, &Unwatched).unwrap();
    request.despike = true;
    let without = recover(kk, &request, &Unwatched).unwrap();
    assert!(pearson(&without.raman, &im) > pearson(&with.raman, &im) + 0.05);
}

#[test]
fn hostile_spectra_get_sentences_or_finite_curves() {
    let axis = |points: i32| (0..points).map(f64::from).collect::<Vec<f64>>();
    let short = spectrum(AxisKind::RamanShift, axis(5), vec![1.0, 2.0, 1.0, 2.0, 1.0]);
    let flat = spectrum(AxisKind::RamanShift, axis(100), vec![2.0; 100]);
    let none = spectrum(AxisKind::RamanShift, axis(100), vec![-2.0; 100]);
    let nm = spectrum(AxisKind::Wavelength, axis(100).iter().map(|x| x + 500.0).collect(), vec![1.0; 100]);
    for id in ["fit", "kk", "mem"] {
        let method = find_recovery(id).unwrap();
        for (bad, says) in
            [(&short, "too few"), (&flat, "flat"), (&none, "no intensity is above zero"), (&nm, "pump")]
        {
            let said = recover(method, &CarsRequest::new(bad), &Unwatched).unwrap_err().to_string();
            assert!(said.contains(says), "{id}: {said}");
        }
        let odd: [fn(i32) -> f32; 4] = [
            |i| if i == 50 { 1e30 } else { 1.0 },
            |i| if i == 50 { 1.0 } else { 0.0 },
            |i| (i % 2) as f32,
            |i| f32::MAX / (1.0 + i as f32),
        ];
        for y in odd {
            let strange = spectrum(AxisKind::Other(String::new()), axis(100), (0..100).map(y).collect());
            match recover(method, &CarsRequest::new(&strange), &Unwatched) {
                Ok(found) => assert!(found.raman.iter().chain(&found.forward).all(|v| v.is_finite())),
                Err(said) => assert!(said.to_string().len() > 20),
            }
        }
    }
}

#[test]
fn anti_stokes_wavelengths_become_positive_shifts() {
    let shifts = rising();
    let (y, im) = cars(&shifts);
    let wavelengths: Vec<f64> = shifts.iter().map(|s| 1e7 / (1e7 / 800.0 + s)).collect();
    let mut measured = spectrum(AxisKind::Wavelength, wavelengths, y);
    measured.meta.laser_nm = Some(800.0);
    let found = run("kk", &measured);
    assert!((found.axis().first() - 400.0).abs() < 1e-6);
    assert!(pearson(&found.raman, &im) > 0.95);
    assert!(found.notes.iter().any(|n| n.contains("anti-Stokes")));
}

#[test]
fn a_map_gives_what_single_spectra_give_and_keeps_its_errors_apart() {
    let (y, _) = cars(&rising());
    let good = spectrum(AxisKind::RamanShift, rising(), y);
    let bad = spectrum(AxisKind::RamanShift, rising(), vec![0.0; 900]);
    let requests = [CarsRequest::new(&good), CarsRequest::new(&bad), CarsRequest::new(&good)];
    let found = recover_many(find_recovery("mem").unwrap(), &requests, &Unwatched).unwrap();
    assert!(found[0].is_ok() && found[1].is_err() && found[2].is_ok());
    assert_eq!(found[2].as_ref().unwrap().raman, run("mem", &good).raman);
    assert!(recover_many(find_recovery("kk").unwrap(), &[], &Unwatched).unwrap().is_empty());
}

#[test]
fn cancelled_work_ends_and_unknown_names_and_settings_are_told() {
    struct Stop;
    impl Watch for Stop {
        fn progress(&self, _: f32, _: &str) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (y, _) = cars(&rising());
    let measured = spectrum(AxisKind::RamanShift, rising(), y);
    for method in recoveries() {
        assert_eq!(recover(*method, &CarsRequest::new(&measured), &Stop), Err(MethodError::Cancelled));
    }
    let said = find_recovery("memm").map(Recovery::id).unwrap_err().to_string();
    assert!(said.contains("did you mean 'mem'"), "{said}");
    let wrong = CarsRequest::new(&measured).with_settings(Settings::default().with("poles", 3.0));
    let said = recover(find_recovery("mem").unwrap(), &wrong, &Unwatched).unwrap_err().to_string();
    assert!(said.contains("from 0.01 to 0.95"), "{said}");
}
