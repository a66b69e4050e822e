//! `unravel steps`, `unravel methods` and `unravel formats`: what can be done and what can be read.

use serde::Serialize;

use super::args::ListArgs;
use super::output::{print_json, say};
use super::{Ended, Usage};
use crate::formats;
use crate::methods::{self, MethodInfo};
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

pub fn methods(args: &ListArgs) -> Result<Ended, Usage> {
    let all: Vec<&MethodInfo> = methods::methods().iter().map(|m| m.info()).collect();
    if args.json {
        print_json(&all)?;
    } else {
        for info in all {
            say!("{} ({})\n    {}", info.id, info.name, info.about);
            for setting in info.settings {
                say!("      {}. {}.", setting.usage(), setting.what);
            }
            say!("");
        }
    }
    Ok(Ended::Good)
}
