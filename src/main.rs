//! The `unravel` program: hands its arguments to the library; without a command it opens the window.

use std::process::ExitCode;

use unravel::cli::Next;

fn main() -> ExitCode {
    match unravel::cli::run(std::env::args_os()) {
        Next::Exit(code) => code,
        Next::Window(files) => unravel::app::run(&files),
    }
}
