//! The benchmark over a small folder made here, and its figures beside those of the specification.

use std::path::Path;

use super::super::BenchError;
use super::*;

fn options(data: &Path, methods: &[&str], sets: &[&str]) -> CarsOptions {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    CarsOptions { data: data.to_path_buf(), methods: owned(methods), sets: owned(sets), half: Half::Second }
}

fn run(options: &CarsOptions) -> Result<CarsReport, BenchError> {
    bench_cars(options, &|_, _| {})
}

fn row<'a>(report: &'a CarsReport, set: &str, method: &str) -> &'a CarsRow {
    report.rows.iter().find(|row| row.set == set && row.method == method).unwrap()
}

#[test]
fn a_folder_of_tables_is_scored() {
    let folder = tempfile::tempdir().unwrap();
    let valid = folder.path().join("cars/vector_valid");
    std::fs::create_dir_all(&valid).unwrap();
    let line = |i: i32, height: f64| height / (1.0 + ((f64::from(i) - 100.0) / 5.0).powi(2));
    let rows = |f: &dyn Fn(i32) -> f64| {
        let one: Vec<String> = (0..200).map(|i| f(i).to_string()).collect();
        format!("{0}\n{0}\n", one.join(","))
    };
    std::fs::write(valid.join("9z_cars.csv"), rows(&|i| 0.5 * (1.0 + line(i, 0.3)))).unwrap();
    std::fs::write(valid.join("9z_raman.csv"), rows(&|i| line(i, 0.5))).unwrap();
    std::fs::write(valid.join("9z_specnet_pred640.csv"), rows(&|i| line(i, 0.5))).unwrap();
    let report = run(&options(folder.path(), &["kk", "zero"], &[])).unwrap();
    assert_eq!(report.rows.len(), 3);
    let zero = row(&report, "vector_valid/9z", "zero");
    assert!(zero.n == 1 && zero.r == Some(0.0) && zero.peak_f1 == Some(0.0));
    assert!(row(&report, "vector_valid/9z", "specnet (published)").r.unwrap() > 0.999_999);
    assert!(row(&report, "vector_valid/9z", "kk").ms.unwrap() > 0.0);
    let words = report.to_string();
    assert!(words.contains("vector_valid/9z") && words.contains("second half"), "{words}");
    let json = serde_json::to_value(&report).unwrap();
    for field in ["set", "method", "psnr_raw", "psnr_minmax", "r", "r2_median", "ssim_raw", "peak_f1", "ms"] {
        assert!(json["rows"][0].get(field).is_some(), "{field}");
    }
    std::fs::write(valid.join("9z_raman.csv"), "1,2,x\n").unwrap();
    let said = run(&options(folder.path(), &["zero"], &[])).unwrap_err().to_string();
    assert!(said.contains("line 1") && said.contains("'x'"), "{said}");
}

#[test]
fn wrong_wishes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = |options: &CarsOptions| run(options).unwrap_err().to_string();
    assert!(said(&options(folder.path(), &["kk"], &[])).contains("no CARS data"));
    assert!(said(&options(folder.path(), &["memm"], &[])).contains("did you mean 'mem'"));
    assert!(said(&options(folder.path(), &["kk:amplitude"], &[])).contains("name=value"));
    std::fs::create_dir(folder.path().join("synth")).unwrap();
    std::fs::write(folder.path().join("synth/mix.npz"), b"not a zip").unwrap();
    assert!(said(&options(folder.path(), &["kk"], &[])).contains("no NumPy archive"));
    std::fs::remove_file(folder.path().join("synth/mix.npz")).unwrap();
    assert!(said(&options(folder.path(), &["kk"], &["mix"])).contains("no such set"));
}

/// The classical methods give what the specification's scripts gave, within the spread of twenty to thirty spectra.
#[test]
fn classical_figures_stand_where_the_specification_has_them() {
    let data = &Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.join("cars").is_dir() {
        println!("{} has no CARS data: nothing compared", data.display());
        return;
    }
    let both =
        CarsOptions { half: Half::Both, ..options(data, &["kk", "mem", "zero"], &["synth/", "real/"]) };
    let report = run(&both).unwrap();
    for row in report.rows.iter().filter(|row| row.stated.is_some()) {
        let stated = row.stated.unwrap();
        let psnr = row.psnr_raw.or(row.psnr_minmax);
        for (found, expected, within) in [(psnr, stated.psnr, 3.5), (row.r, stated.r, 0.09)] {
            let (found, expected) = (found.unwrap(), expected.unwrap());
            assert!(
                (found - expected).abs() < within,
                "{} {}: {found} beside {expected}",
                row.set,
                row.method
            );
        }
    }
}
