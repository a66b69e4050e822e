//! `unravel reference`: every command with its options, as the document `docs/cli.md`.

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory as _};

use super::Ended;
use super::args::Cli;
use super::output::say;

const OPENING: &str = "# The command line

Made by `unravel reference > docs/cli.md`; a test fails where it is not what the program says. Exit codes: 0 good, 1 some inputs
failed and the rest was done, 2 the command line was wrong. `--json` prints what [json.md](json.md) describes.
";

pub fn run() -> Ended {
    let mut root = Cli::command();
    root.build();
    say!("{OPENING}");
    let mut page = Vec::new();
    describe(&mut root, &mut page);
    say!("{}", page.join("\n").trim_end());
    Ended::Good
}

/// The section of a command, and those of the commands below it.
fn describe(command: &mut Command, page: &mut Vec<String>) {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let name = command.get_bin_name().unwrap_or(command.get_name());
    page.push(format!("## {name}\n"));
    let about =
        command.get_long_about().or(command.get_about()).map(StyledStr::to_string).unwrap_or_default();
    page.push(format!("{}\n", stop(&about)));
    page.push(format!("```\n{usage}\n```\n"));
    let shown = |arg: &&Arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str());
    let mut heading = None;
    for arg in command.get_arguments().filter(shown) {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            page.push(format!("\n*{}*\n", heading.unwrap_or("Others")));
        }
        page.push(line(arg));
    }
    page.push(String::new());
    for below in command.get_subcommands_mut().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        describe(below, page);
    }
}

/// An argument: how it is written, what it is, what may stand there.
fn line(arg: &Arg) -> String {
    let values: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(|v| format!("<{v}>")).collect();
    let takes = arg.get_action().takes_values();
    let written = match (arg.get_long(), arg.get_short()) {
        (Some(long), _) if takes => format!("--{long} {}", values.join(" ")),
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => values.join(" "),
    };
    let help = arg.get_long_help().or(arg.get_help()).map(StyledStr::to_string).unwrap_or_default();
    let mut text = format!("- `{written}`: {}", stop(&help.split_whitespace().collect::<Vec<_>>().join(" ")));
    let choices: Vec<String> = if takes {
        arg.get_possible_values().iter().filter(|v| !v.is_hide_set()).map(choice).collect()
    } else {
        Vec::new()
    };
    if !choices.is_empty() {
        text.push_str(&format!(" One of {}.", choices.join(", ")));
    }
    let usual: Vec<String> =
        arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if takes && !usual.is_empty() {
        text.push_str(&format!(" Default: `{}`.", usual.join(",")));
    }
    text
}

fn choice(value: &clap::builder::PossibleValue) -> String {
    match value.get_help() {
        Some(help) => format!("`{}` ({})", value.get_name(), help.to_string().trim_end_matches('.')),
        None => format!("`{}`", value.get_name()),
    }
}

/// A text that ends as a sentence does.
fn stop(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '?', '!', ':']) { text.to_owned() } else { format!("{text}.") }
}
