//! Reads a card, amends it where asked to, says what it says.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::super::output::{print_json, say};
use super::super::{Ended, Usage};
use super::amend::{add_bench, fill, lost};
use super::words::words;
use crate::formats::write::{Overwrite, save};
use crate::methods::{self, Model};
use crate::nets::{Design, GuidedConfig, ModelCard, RamixnetConfig, RampinnConfig, SeparatorConfig};

/// Largest card or result read.
const MOST: u64 = 16 << 20;

/// The networks that ship, by the methods that run them.
const SHIPPED: [&str; 4] = ["rssnet", "guided", "ramixnet", "rampinn"];

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Card of the network (.json), its weights beside it, or one that ships: rssnet, guided, ramixnet, rampinn; all of these
    /// without it
    pub card: Option<PathBuf>,
    /// Results of `unravel bench ... --json` with this network: their lines go into the card, in the place of older ones of
    /// the same benchmark and set
    #[arg(long, value_name = "FILE", num_args = 1.., value_delimiter = ',', requires = "card")]
    pub bench: Vec<PathBuf>,
    /// Whom to cite for the data, where the card says nothing
    #[arg(long, value_name = "TEXT", requires = "card")]
    pub citation: Option<String>,
    /// Terms of the data, where the card says nothing
    #[arg(long, value_name = "TEXT", requires = "card")]
    pub licence: Option<String>,
    /// Print the card instead of words
    #[arg(long, requires = "card")]
    pub json: bool,
}

pub fn run(args: &ModelArgs) -> Result<Ended, Usage> {
    let Some(path) = &args.card else {
        for name in SHIPPED {
            tell_shipped(name, false)?;
        }
        return Ok(Ended::Good);
    };
    if let Some(name) = SHIPPED.into_iter().find(|name| path.as_os_str() == *name) {
        if !args.bench.is_empty() || args.citation.is_some() || args.licence.is_some() {
            return Err(Usage(format!(
                "{name} ships with the program: only cards in files can be completed"
            )));
        }
        tell_shipped(name, args.json)?;
        return Ok(Ended::Good);
    }
    let file = path.display();
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("json")) {
        return Err(Usage(format!(
            "{file}: give the card of the model, a .json file, or one of {}",
            SHIPPED.join(", ")
        )));
    }
    let text = read(path)?;
    let value: Value =
        serde_json::from_str(&text).map_err(|e| Usage(format!("{file}: this is no model card: {e}")))?;
    let network = &value["architecture"]["network"];
    if network == "guided" {
        tell(&amended::<GuidedConfig>(path, &value, args)?, args.json)?;
    } else if network == "rampinn" {
        tell(&amended::<RampinnConfig>(path, &value, args)?, args.json)?;
    } else if network == "ramixnet" {
        tell(&amended::<RamixnetConfig>(path, &value, args)?, args.json)?;
    } else {
        tell(&amended::<SeparatorConfig>(path, &value, args)?, args.json)?;
    }
    Ok(Ended::Good)
}

fn tell_shipped(name: &str, json: bool) -> Result<(), Usage> {
    match name {
        "guided" => tell(&methods::guided_model("")?.card, json),
        "ramixnet" => tell(methods::classifier("")?.card(), json),
        "rampinn" => tell(&methods::rampinn_model("")?.card, json),
        _ => tell(&methods::model("")?.card, json),
    }
}

fn tell<D: Design>(card: &ModelCard<D>, json: bool) -> Result<(), Usage> {
    if json {
        return print_json(card);
    }
    for line in words(card) {
        say!("{line}");
    }
    Ok(())
}

/// The card of a file after it was written anew, where that was asked for; its weights are checked as well.
fn amended<D: Design>(path: &Path, old: &Value, args: &ModelArgs) -> Result<ModelCard<D>, Usage> {
    let file = path.display();
    let mut card = Model::<D>::read(path)?.card;
    let before = card.clone();
    for report in &args.bench {
        let name = report.display().to_string();
        let value: Value = serde_json::from_str(&read(report)?)
            .map_err(|e| Usage(format!("{name}: this is no JSON: {e}")))?;
        add_bench(&mut card, &name, value).map_err(Usage)?;
    }
    for (what, place, text) in [
        ("citation", &mut card.data.citation, &args.citation),
        ("licence", &mut card.data.licence, &args.licence),
    ] {
        if let Some(text) = text {
            fill(what, place, text).map_err(|e| Usage(format!("{file}: {e}")))?;
        }
    }
    if card != before {
        let new = card.to_json()?;
        if let Some(part) = lost(old, &serde_json::from_str(&new)?) {
            return Err(Usage(format!(
                "{file}: this program does not know the card's field {part} and would lose it; the card was left as it is"
            )));
        }
        save(path, new.as_bytes(), Overwrite::Replace)?;
    }
    Ok(card)
}

fn read(path: &Path) -> Result<String, Usage> {
    let failed = |e: std::io::Error| Usage(format!("{}: {e}", path.display()));
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MOST {
        let file = path.display();
        return Err(Usage(format!(
            "{file}: {size} bytes are no card and no result; at most {MOST} are read"
        )));
    }
    std::fs::read_to_string(path).map_err(failed)
}
