//! The documents say what the program does: the reference of the command line, the sessions typed into them, the examples of
//! code, the pictures and links. `UPDATE_SNAPSHOTS=1` writes anew what the program prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn renewing() -> bool {
    std::env::var_os("UPDATE_SNAPSHOTS").is_some()
}

/// README and everything in `docs`.
fn documents() -> Vec<PathBuf> {
    let mut all = vec![root().join("README.md")];
    for folder in ["docs", "docs/guide"] {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        all.extend(entries.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    all.sort();
    all
}

#[test]
fn the_reference_of_the_command_line_is_the_programs_own() {
    let output = Command::new(env!("CARGO_BIN_EXE_unravel")).arg("reference").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let path = root().join("docs/cli.md");
    if renewing() {
        fs::write(&path, &printed).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap().replace('\r', "");
    let first = written.lines().zip(printed.lines()).find(|(old, new)| old != new);
    assert!(written == printed, "docs/cli.md is old, `unravel reference > docs/cli.md` renews it: {first:?}");
}

/// What stands below a command, and where: lines `from..to` of the document.
struct Typed {
    command: String,
    indent: String,
    from: usize,
    to: usize,
}

/// Commands behind `$ ` in blocks of code, each with the lines up to the next one or the end of the block.
fn typed(lines: &[&str]) -> Vec<Typed> {
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let Some(command) = trimmed.strip_prefix("$ ") else { continue };
        let indent = &line[..line.len() - trimmed.len()];
        let ends = |line: &&str| {
            let rest =
                line.strip_prefix(indent).map(|rest| rest.starts_with("$ ") || rest.starts_with("```"));
            !line.is_empty() && rest.unwrap_or(true)
        };
        let end = lines[at + 1..].iter().position(ends).map_or(lines.len(), |n| at + 1 + n);
        let last = lines[at + 1..end].iter().rposition(|line| !line.trim().is_empty());
        let to = last.map_or(at + 1, |n| at + 2 + n);
        all.push(Typed { command: command.to_owned(), indent: indent.to_owned(), from: at + 1, to });
    }
    all
}

/// A folder with the sample data and the models in it, and nothing of the user's.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for folder in ["sample_data", "models"] {
        let to = desk.path().join(folder);
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    desk
}

#[cfg(unix)]
/// What a line typed into a shell at this desk prints.
fn printed(desk: &Path, line: &str) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_unravel")).parent().unwrap().display();
    let path = format!("{program}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(desk)
        .envs([("PATH", path), ("HOME", desk.display().to_string())])
        .env("UNRAVEL_STATE_DIR", desk.join("state"))
        .env("UNRAVEL_DATA_DIR", desk.join("own"))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A number in a word, and how many decimals it has.
fn number(word: &str) -> Option<(f64, usize)> {
    let digits =
        word.trim_matches(|c: char| !c.is_ascii_digit() && c != '-' && c != '.').trim_end_matches('.');
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    digits.parse().ok().map(|value| (value, places))
}

/// The same words, times aside; decimals may differ by two in the last place, as other processors round.
fn alike(old: &str, new: &str) -> bool {
    let [old, new] = [old, new].map(|line| line.split_whitespace().collect::<Vec<_>>());
    let same = |k: usize| {
        let unit = old.get(k + 1).map_or("", |word| word.trim_end_matches([',', '.', ';']));
        match (number(old[k]), number(new[k])) {
            _ if old[k] == new[k] => true,
            (Some(_), Some(_)) if ["ms", "s"].contains(&unit) => true,
            (Some((a, places)), Some((b, others))) => {
                places > 0 && places == others && (a - b).abs() < 2.1 * 0.1_f64.powi(places as i32)
            }
            _ => false,
        }
    };
    old.len() == new.len() && (0..old.len()).all(same)
}

#[cfg(unix)]
#[test]
fn every_session_in_the_documents_is_what_the_program_prints() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let sessions = typed(&lines);
        if sessions.is_empty() {
            continue;
        }
        count += sessions.len();
        let desk = desk();
        let (mut fresh, mut copied) = (Vec::new(), 0);
        for session in &sessions {
            let new = printed(desk.path(), &session.command);
            let old = &lines[session.from..session.to];
            let bare = |line: &str| line.strip_prefix(session.indent.as_str()).unwrap_or("").to_owned();
            let as_it_was = old.len() == new.len() && old.iter().zip(&new).all(|(o, n)| alike(&bare(o), n));
            fresh.extend(lines[copied..session.from].iter().map(|line| (*line).to_owned()));
            if as_it_was {
                fresh.extend(old.iter().map(|line| (*line).to_owned()));
            } else {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                wrong.push(format!(
                    "{name}: $ {}\n{}\nbut it prints\n{}",
                    session.command,
                    old.join("\n"),
                    new.join("\n")
                ));
                fresh
                    .extend(new.iter().map(|line| format!("{}{line}", session.indent).trim_end().to_owned()));
            }
            copied = session.to;
        }
        fresh.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
        if renewing() {
            fs::write(&path, fresh.join("\n") + "\n").unwrap();
        }
    }
    assert!(count > 5, "the sessions were not found");
    assert!(renewing() || wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn sessions_are_found_and_times_do_not_count() {
    let lines = [
        "    $ unravel a",
        "    one",
        "",
        "      two 1.0 ms",
        "",
        "    $ unravel b",
        "",
        "text",
        "```",
        "$ c",
        "x",
        "```",
    ];
    let found = typed(&lines);
    let places: Vec<(&str, usize, usize)> =
        found.iter().map(|t| (t.command.as_str(), t.from, t.to)).collect();
    assert_eq!(places, [("unravel a", 1, 4), ("unravel b", 6, 6), ("c", 10, 11)]);
    assert!(alike("two  1.0 ms", "two 17.5 ms") && alike("48.2 % Quartz", "48.3 % Quartz"));
    assert!(!alike("48.2 % Quartz", "48.6 % Quartz") && !alike("3 found", "4 found") && !alike("a b", "a"));
}

#[test]
fn examples_stand_in_the_document_as_they_are_compiled() {
    let path = root().join("docs/extending.md");
    let document = fs::read_to_string(&path).unwrap().replace('\r', "");
    let (mut fresh, mut shown) = (String::new(), Vec::new());
    for (k, part) in document.split("```rust\n").enumerate() {
        let Some((_, after)) = part.split_once("```\n").filter(|_| k > 0) else {
            fresh.push_str(part);
            continue;
        };
        let named = fresh.rfind("docs/examples/").expect("a file of docs/examples is named before the code");
        let name = fresh[named..].split('`').next().unwrap_or_default().to_owned();
        let code = fs::read_to_string(root().join(&name)).unwrap().replace('\r', "");
        assert!(code.lines().count() < 100, "{name} is no short example");
        fresh.push_str(&format!("```rust\n{code}```\n{after}"));
        shown.push(name);
    }
    if renewing() {
        fs::write(&path, &fresh).unwrap();
    }
    assert!(renewing() || fresh == document, "code in docs/extending.md is not that of {shown:?}");
    assert_eq!(fs::read_dir(root().join("docs/examples")).unwrap().count(), shown.len());
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', ' ', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !path.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
