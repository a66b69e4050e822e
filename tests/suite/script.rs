//! The program as scripts call it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program to its end.
pub fn unravel(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unravel")).args(args).output().unwrap()
}

/// What it printed, as JSON; if it is none, the test ends with everything that was said.
pub fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", said(output)))
}

/// What it told people.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The folder with the sample data.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")
}

/// Path of a sample.
pub fn sample(name: &str) -> String {
    samples().join(name).display().to_string()
}
