//! Floor 7: the same abilities without a window.
//!
//! One file or folder a command; `args` declares them all, `output` prints either words or the documented JSON. Exit codes:
//! 0 everything worked, 1 some inputs failed (the rest was done), 2 the command line was wrong.

mod args;
mod bench;
mod bench_args;
mod bench_classify;
mod classify;
mod convert;
mod device_args;
mod devices;
mod info;
mod library;
mod lists;
mod model;
mod output;
mod own;
mod process;
mod progress;
mod ranges;
mod recover;
mod reference;
mod runs;
mod samples;
mod train;
mod unmix;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Everything asked for was done.
    Good,
    /// Some inputs failed and were reported; the rest was done.
    SomeFailed,
}

impl Ended {
    fn from_failures(failures: usize) -> Self {
        if failures == 0 { Self::Good } else { Self::SomeFailed }
    }
}

/// A command line that parsed but cannot be carried out: the sentence for the user, exit code 2.
#[derive(Debug)]
struct Usage(String);

impl<E: std::error::Error> From<E> for Usage {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What is left to do after the command line was read.
#[derive(Debug)]
pub enum Next {
    /// Nothing: a command ran and gave this exit code.
    Exit(ExitCode),
    /// Open the window with these files.
    Window(Vec<PathBuf>),
}

/// Runs the command of a command line, if it has one.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Next {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors: clap knows which stream and code each of them has.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _unwritable_stream = error.print();
            return Next::Exit(ExitCode::from(code));
        }
    };
    match cli.command {
        Some(command) => Next::Exit(finish(command)),
        // A mistyped command is no wish for a window; with one good file the window itself tells of the others.
        None if !cli.files.is_empty() && cli.files.iter().all(|file| !file.exists()) => {
            let names: Vec<String> = cli.files.iter().map(|file| file.display().to_string()).collect();
            eprintln!(
                "unravel: {}: no such file and no command; `unravel --help` lists the commands",
                names.join(", ")
            );
            Next::Exit(ExitCode::from(2))
        }
        None => Next::Window(cli.files),
    }
}

fn finish(command: Command) -> ExitCode {
    let ended = match command {
        Command::Info(args) => info::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Process(args) => process::run(&args),
        Command::Library(args) => library::run(&args),
        Command::Unmix(args) => unmix::run(&args),
        Command::Classify(args) => classify::run(&args),
        Command::Recover(args) => recover::run(&args),
        Command::Methods(args) => lists::methods(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Steps(args) => lists::steps(&args),
        Command::Formats(args) => lists::formats(&args),
        Command::Devices(args) => devices::run(&args),
        Command::Reference => Ok(reference::run()),
    };
    match ended {
        Ok(Ended::Good) => ExitCode::SUCCESS,
        Ok(Ended::SomeFailed) => ExitCode::from(1),
        Err(Usage(sentence)) => {
            eprintln!("unravel: {sentence}");
            ExitCode::from(2)
        }
    }
}
