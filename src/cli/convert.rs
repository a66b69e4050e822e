//! `unravel convert`: every spectrum in another format.

use super::args::ConvertArgs;
use super::output::{self, Writer, print_json};
use super::{Ended, Usage};

pub fn run(args: &ConvertArgs) -> Result<Ended, Usage> {
    let mut writer = Writer::new(&args.output)?;
    output::each_input(&args.files, args.output.json, &mut |opened| match opened.result {
        Ok(decoded) => writer.write(&opened.name, &decoded.items, decoded.warnings),
        Err(error) => writer.failed(&opened.name, &error.to_string()),
    });
    if args.output.json {
        print_json(writer.report())?;
    }
    Ok(Ended::from_failures(writer.failures()))
}
