//! Writes the seeds of every fuzz target into `FOLDER/TARGET/`: small valid files, made here and by our own writers.
//!
//! Every seed is read once with its reader before it is written, so a seed that no longer is what it claims stops the
//! run.

mod archives;
mod blocks;
mod metakit;
mod text;
mod tree;
mod written;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use unravel::formats::{Input, formats};
use unravel_fuzz::LIMITS;

/// One seed: reader, name, content.
pub type Seed = (&'static str, &'static str, Vec<u8>);

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("seeds: name the folder to write to");
        return ExitCode::from(2);
    };
    match seeds().and_then(|seeds| write(Path::new(&folder), &seeds).map_err(|e| e.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("seeds: {error}");
            ExitCode::FAILURE
        }
    }
}

fn seeds() -> Result<Vec<Seed>, String> {
    let all = [written::seeds()?, blocks::seeds(), metakit::seeds(), tree::seeds(), text::seeds()].concat();
    let all = [archives::spreadsheets()?, archives::arrays()?, all].concat();
    for (id, name, bytes) in &all {
        let format = formats().iter().find(|f| f.id == *id).ok_or(format!("no reader {id}"))?;
        let input = Input { name, bytes, limits: LIMITS, format: format.name };
        (format.read)(&input).map_err(|error| format!("{id}/{name}: {error}"))?;
    }
    if let Some(format) = formats().iter().find(|f| !all.iter().any(|(id, ..)| *id == f.id)) {
        return Err(format!("no seed for {}", format.id));
    }
    Ok(all)
}

fn write(folder: &Path, seeds: &[Seed]) -> io::Result<()> {
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    for (id, name, bytes) in seeds {
        put(id, &format!("seed-{name}"), bytes)?;
        put("sniffer", &format!("seed-{id}-{name}"), bytes)?;
    }
    for (name, bytes) in archives::containers(seeds)? {
        put("container", &format!("seed-{name}"), &bytes)?;
    }
    Ok(())
}
