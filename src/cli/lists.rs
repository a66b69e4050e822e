//! `unravel steps` and `unravel formats`: what can be done and what can be read.

use serde::Serialize;

use super::args::ListArgs;
use super::output::{print_json, say};
use super::{Ended, Usage};
use crate::formats;
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
