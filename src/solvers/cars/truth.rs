//! The vectors of `golden.json` and the published retrievals of measured spectra.

use serde_json::Value;

use super::{
    Hilbert, MemSettings, Pad, Phase, als, entropy_phase, floored, forward, maximum_entropy_corrected,
    min_max, real_part, score, smooth,
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/cars");

fn text(file: &str) -> Option<String> {
    let path = format!("{DATA}/{file}");
    let found = std::fs::read_to_string(&path).ok();
    if found.is_none() {
        println!("{path} is not here: nothing compared");
    }
    found
}

fn vector(case: &Value, name: &str) -> Vec<f64> {
    case[name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[track_caller]
fn equal(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 1e-8, "{what}: {off:e}");
}

#[test]
fn every_vector_of_the_golden_file_comes_out() {
    let Some(text) = text("golden.json") else { return };
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(cases.len(), 2);
    for case in &cases {
        let (cars, im, nrb) = (vector(case, "cars"), vector(case, "im"), vector(case, "nrb"));
        let hilbert = Hilbert::new(cars.len(), 1);
        equal(&real_part(&im, &hilbert), &vector(case, "re_from_im_matrix"), "matrix form");
        let padded: Vec<f64> = hilbert.fourier(&im, Pad::Zero).iter().map(|v| -v).collect();
        equal(&padded, &vector(case, "re_from_im_fft_zero_pad1"), "Fourier form");
        let squares: Vec<f64> = nrb.iter().map(|v| v * v).collect();
        let floor = floored(&cars, &cars);
        let half_log: Vec<f64> =
            floor.iter().zip(floored(&squares, &cars)).map(|(i, r)| 0.5 * (i / r).ln()).collect();
        let phase = hilbert.fourier(&half_log, Pad::Edge);
        equal(&phase, &vector(case, "kk_phase_edge_pad1_floor1pct"), "Kramers-Kronig phase");
        let kk_im: Vec<f64> = phase.iter().zip(&cars).map(|(p, i)| i.sqrt() * p.sin()).collect();
        equal(&kk_im, &vector(case, "kk_im"), "Kramers-Kronig");
        equal(&als(&cars, 1e3, 1e-3), &vector(case, "als_lam1e3_p1e3_of_cars"), "asymmetric smooth curve");
        equal(&smooth(&cars, 1e3), &vector(case, "als_lam1e3_sym_of_cars"), "symmetric smooth curve");
        let ratio: Vec<f64> = cars.iter().zip(&squares).map(|(i, r)| i / r).collect();
        equal(
            &entropy_phase(&ratio, 0.5),
            &vector(case, "mem_phase_M_half_of_cars_over_nrb2"),
            "entropy phase",
        );
        let (pred, pred_nrb) = (vector(case, "pred"), vector(case, "pred_nrb"));
        let fit = forward(&pred, &pred_nrb, &hilbert);
        let loss = fit.iter().zip(&cars).map(|(f, i)| (f - i) * (f - i)).sum::<f64>() / cars.len() as f64;
        for (name, found) in [
            ("metrics_pred_vs_im", score(&pred, &im)),
            ("metrics_minmax", score(&min_max(&pred), &min_max(&im))),
        ] {
            let stated = |key: &str| case[name][key].as_f64().unwrap();
            let all = [found.mse, found.mae, found.psnr_db / 1e3, found.ssim, found.r, found.r2];
            let expected = ["mse", "mae", "psnr", "ssim", "pcc", "r2"];
            // Figures are stated to nine digits, PSNR to seven decimals.
            equal(
                &all,
                &expected.map(|key| if key == "psnr" { stated(key) / 1e3 } else { stated(key) }),
                name,
            );
        }
        equal(&[loss], &[case["loss"]["kk_forward_matrix"].as_f64().unwrap()], "forward loss");
    }
}

#[test]
fn maximum_entropy_reproduces_the_published_retrievals() {
    for file in ["real/amdc.csv", "real/glucose.csv"] {
        let Some(text) = text(file) else { return };
        let columns: Vec<(f64, f64)> = text
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
                (cells[3], cells[4])
            })
            .collect();
        let (corrected, published): (Vec<f64>, Vec<f64>) = columns.into_iter().unzip();
        let settings = MemSettings { order: 0.5, phase: Phase::FromLeast, positive: false };
        let found = maximum_entropy_corrected(&corrected, settings, &Hilbert::new(corrected.len(), 1));
        let off = found.raman.iter().zip(&published).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-5, "{file}: {off:e}");
    }
}
