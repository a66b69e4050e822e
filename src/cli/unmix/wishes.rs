//! `--with` and `--without`: species that the user has settled, checked before any file is opened.

use std::collections::BTreeMap;

use super::super::Usage;
use super::super::args::UnmixArgs;
use crate::library::{Library, species_key};
use crate::process::suggestion;

pub fn check(library: &Library, args: &UnmixArgs) -> Result<(), Usage> {
    let names: BTreeMap<String, &str> =
        library.entries().iter().map(|e| (species_key(&e.facts.group), e.facts.group.trim())).collect();
    for (option, wishes) in [("--with", &args.with), ("--without", &args.without)] {
        if let Some(name) = wishes.iter().find(|name| !names.contains_key(&species_key(name))) {
            let suggestion = suggestion(name.trim(), names.values().copied());
            return Err(Usage(format!(
                "{option} {name}: the library '{}' has no such species{suggestion}",
                library.name
            )));
        }
    }
    let excluded: Vec<String> = args.without.iter().map(|name| species_key(name)).collect();
    match args.with.iter().find(|name| excluded.contains(&species_key(name))) {
        Some(both) => {
            Err(Usage(format!("--with {both}: it is excluded by --without, too; choose one of the two")))
        }
        None => Ok(()),
    }
}
