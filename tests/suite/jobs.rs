//! Background work and the command line are two doors to one house: the same files, settings and numbers.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use serde_json::Value;
use unravel::formats::Limits;
use unravel::jobs::{CompareJob, Failure, Handle, Jobs, MethodDone};
use unravel::library::default_library;
use unravel::methods::{Components, Settings};

/// Longer than any machine takes, so that a test that would hang fails instead.
const PATIENCE: Duration = Duration::from_mins(2);

fn finish<P, T>(woken: &Receiver<()>, handle: &mut Handle<P, T>) -> (Vec<P>, Result<T, Failure>) {
    let mut parts = Vec::new();
    loop {
        parts.extend(handle.take());
        if let Some(end) = handle.ended() {
            return (parts, end);
        }
        woken.recv_timeout(PATIENCE).unwrap();
    }
}

/// Takes seconds without optimisation: the default library is built twice, here and in the program.
#[test]
fn a_file_opened_and_compared_in_the_background_gives_the_numbers_of_unmix() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/calcite_quartz_mixture.csv");
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_unravel"))
        .args([
            "unmix",
            "--json",
            "--method",
            "nnomp,nnls",
            "--components",
            "2",
            "--range",
            "150-1300",
            "--out",
        ])
        .arg(folder.path())
        .arg(&sample)
        .output()
        .unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();

    let (wake, woken) = sync_channel(1);
    let jobs = Jobs::new(Arc::new(move || {
        // One that is not yet heard is enough.
        let _full = wake.try_send(());
    }))
    .unwrap();
    let (loaded, end) = finish(&woken, &mut jobs.load(vec![sample], Limits::default()));
    assert_eq!(end.unwrap().read, 1);
    let mixture = loaded[0].result.as_ref().unwrap().spectra().next().unwrap();
    let methods = ["nnomp", "nnls"].map(|id| (id.to_owned(), Settings::default())).to_vec();
    let job = CompareJob {
        pipeline: "despike".parse().unwrap(),
        components: Components::Exactly(2),
        range: Some((150.0, 1300.0)),
        ..CompareJob::new(methods, Arc::new(default_library().clone()))
    };
    let (mut done, end): (Vec<MethodDone>, _) = finish(&woken, &mut jobs.compare(Arc::new(mixture), job));
    assert_eq!(end.unwrap().answered, 2);
    done.sort_by_key(|d| d.place);
    for (row, done) in printed["results"].as_array().unwrap().iter().zip(&done) {
        let outcome = done.result.as_ref().unwrap();
        assert_eq!(row["method"], outcome.method);
        assert_eq!(row["noise"], outcome.unexplained.noise);
        assert_eq!(row["residual_over_noise"], outcome.unexplained.ratio);
        let components = row["components"].as_array().unwrap();
        assert_eq!(components.len(), 2);
        for (component, found) in components.iter().zip(&outcome.components) {
            assert_eq!(component["name"], found.name);
            assert_eq!(component["share"], found.share);
            assert_eq!(component["entries"], serde_json::to_value(&found.entries).unwrap());
        }
    }
}
