//! `unravel steps`, `unravel methods` and `unravel formats`: what can be done and what can be read.

use serde::Serialize;

use super::args::ListArgs;
use super::output::{print_json, say};
use super::{Ended, Usage, own};
use crate::formats;
use crate::methods::{self, Method, MethodInfo};
use crate::process::Step;

#[derive(Debug, Serialize)]
struct FormatJson {
    reader: &'static str,
    format: &'static str,
    extensions: &'static [&'static str],
}

pub fn steps(args: &ListArgs) -> Result<Ended, Usage> {
    if args.json {
        print_json(&Step::ALL)?;
    } else {
        for info in Step::ALL {
            say!("{}", info.help());
        }
    }
    Ok(Ended::Good)
}

pub fn formats(args: &ListArgs) -> Result<Ended, Usage> {
    let rows: Vec<FormatJson> = formats::formats()
        .iter()
        .map(|f| FormatJson { reader: f.id, format: f.name, extensions: f.extensions })
        .collect();
    if args.json {
        print_json(&rows)?;
    } else {
        for row in rows {
            say!("{:<18} {:<34} {}", row.reader, row.format, row.extensions.join(" "));
        }
    }
    Ok(Ended::Good)
}

/// A method and the command that runs it.
#[derive(Debug, Serialize)]
struct MethodJson {
    #[serde(flatten)]
    info: &'static MethodInfo,
    /// `unmix` or `recover`.
    command: &'static str,
}

pub fn methods(args: &ListArgs) -> Result<Ended, Usage> {
    let own = own::models().into_iter().map(|model| model as &dyn Method);
    let unmixing = methods::methods().iter().copied().chain(own);
    let unmixing = unmixing.map(|m| MethodJson { info: m.info(), command: "unmix" });
    let recovery = methods::recovery::recoveries();
    let recovery = recovery.iter().map(|m| MethodJson { info: m.info(), command: "recover" });
    let all: Vec<MethodJson> = unmixing.chain(recovery).collect();
    if args.json {
        print_json(&all)?;
    } else {
        for list in all.chunk_by(|a, b| a.command == b.command) {
            if let Some(first) = list.first() {
                say!("Methods of `unravel {}`\n", first.command);
            }
            describe(list);
        }
    }
    Ok(Ended::Good)
}

fn describe(list: &[MethodJson]) {
    for MethodJson { info, .. } in list {
        say!("{} ({})\n    {}", info.id, info.name, info.about);
        for setting in info.settings {
            say!("      {}. {}.", setting.usage(), setting.what);
        }
        say!("");
    }
}
