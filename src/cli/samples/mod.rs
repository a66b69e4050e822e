//! `unravel library samples`: the synthetic sample data that ships with the program.
//!
//! Every file is rebuilt from the line tables of the default library by a recipe in `recipes`; `measure` plays the
//! instrument and `files` writes each recipe in its format. Same program, same bytes. Every file says that it is
//! synthetic and what it holds.

mod files;
mod measure;
mod recipes;
mod solvents;

use super::args::SamplesArgs;
use super::output::say;
use super::{Ended, Usage};
use crate::formats::write::{Overwrite, save};
use crate::library::default_substances;

pub fn run(args: &SamplesArgs) -> Result<Ended, Usage> {
    std::fs::create_dir_all(&args.out)
        .map_err(|e| Usage(format!("{}: cannot make the folder: {e}", args.out.display())))?;
    let overwrite = Overwrite::when(args.overwrite);
    let mut substances = default_substances().to_vec();
    substances.extend(solvents::solvents());
    let mut table = String::from(files::README_HEAD);
    for recipe in recipes::all() {
        let made = files::make(&recipe, &substances)?;
        save(&args.out.join(recipe.file), &made, overwrite)?;
        say!("{:<40} {}", recipe.file, recipe.what);
        table.push_str(&files::readme_row(&recipe));
    }
    save(&args.out.join("README.md"), table.as_bytes(), overwrite)?;
    Ok(Ended::Good)
}
