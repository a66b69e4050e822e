//! Floor 7: the same abilities without a window.
use std::process::ExitCode;

/// Runs the program and gives its exit code.
pub fn run(_args: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
