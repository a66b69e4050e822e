//! The house rules that a compiler does not check: floors import downwards only, files stay short.

use std::fs;
use std::path::{Path, PathBuf};

/// Folder of `src/` and its floor. A file may import from its own folder and from lower floors, nothing else.
const FLOORS: &[(&str, u8)] = &[
    ("spectrum", 1),
    ("formats", 2),
    ("process", 2),
    ("library", 3),
    ("figure", 2),
    ("synth", 3),
    ("solvers", 4),
    ("nets", 4),
    ("compute", 4),
    ("methods", 5),
    ("train", 5),
    ("bench", 6),
    ("session", 6),
    ("jobs", 6),
    ("app", 7),
    ("cli", 7),
];

/// Longest file, in lines, tests included.
const MAX_LINES: usize = 600;
/// Longest file of a panel.
const MAX_PANEL_LINES: usize = 400;
/// Floors above the fifth that know no screen.
const BLIND: &[&str] = &["bench", "session", "jobs", "cli"];

fn floor(folder: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == folder).map(|(_, floor)| *floor)
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Names that stand behind `crate::` in the code of one file, comments left out. `crate::{a, b::c}` gives both.
fn crate_imports(code: &str) -> Vec<String> {
    let code: String =
        code.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(std::mem::take(&mut item)),
                    _ => {}
                }
                if depth == 0 && c != ',' {
                    item.push(c);
                }
            }
            names.push(item);
        } else {
            names.push(rest.to_owned());
        }
    }
    let word = |name: &String| {
        name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    names.iter().map(word).filter(|name| !name.is_empty()).collect()
}

/// Complaints about one file of `folder` with this code.
fn upward_imports(folder: &str, code: &str) -> Vec<String> {
    let Some(own) = floor(folder) else { return vec![format!("folder {folder} has no floor")] };
    crate_imports(code)
        .into_iter()
        .filter(|name| name != folder)
        .filter_map(|name| match floor(&name) {
            Some(other) if other < own => None,
            Some(other) => Some(format!("{folder} (floor {own}) imports {name} (floor {other})")),
            None => Some(format!("{folder} imports {name}, which is no floor")),
        })
        .collect()
}

/// `super::` may not climb out of the floor: at most as often as the file lies deep inside its folder.
fn climbs_out(depth: usize, code: &str) -> bool {
    let too_high = "super::".repeat(depth + 1);
    // A `mod tests` inside the file is one level deeper.
    let (body, tests) = code.split_once("#[cfg(test)]").unwrap_or((code, ""));
    body.contains(&too_high) || tests.contains(&"super::".repeat(depth + 2))
}

#[test]
fn floors_import_downwards_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let inside = file.strip_prefix(&src).unwrap();
        let parts: Vec<&str> = inside.iter().filter_map(|p| p.to_str()).collect();
        let code = fs::read_to_string(file).unwrap();
        let lines = code.lines().count();
        let most = if parts.contains(&"panels") { MAX_PANEL_LINES } else { MAX_LINES };
        if lines > most {
            wrong.push(format!("{}: {lines} lines, at most {most}", inside.display()));
        }
        let [folder, .., name] = parts.as_slice() else { continue };
        let blind = BLIND.contains(folder) || floor(folder).is_some_and(|floor| floor < 6);
        if blind && (code.contains("egui::") || code.contains("eframe")) {
            wrong.push(format!("{}: only the window knows the screen", inside.display()));
        }
        let depth = parts.len() - 1 - usize::from(*name == "mod.rs");
        wrong.extend(upward_imports(folder, &code).into_iter().map(|w| format!("{}: {w}", inside.display())));
        if climbs_out(depth, &code) {
            wrong.push(format!("{}: super:: climbs out of its floor", inside.display()));
        }
    }
    assert!(files.len() > 20, "the sources were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_import_check_finds_what_it_is_for() {
    assert!(upward_imports("spectrum", "use crate::formats::Input;").len() == 1);
    assert!(
        upward_imports("formats", "use crate::{spectrum::Axis, process::{Pipeline, Step}, cli};").len() == 2
    );
    assert!(upward_imports("cli", "use crate::{spectrum::Axis, process::{Pipeline, Step}};").is_empty());
    assert!(upward_imports("formats", "// see crate::cli\nuse crate::formats::Input;").is_empty());
    assert!(upward_imports("library", "fn f(x: crate::methods::Method) {}").len() == 1);
    assert!(upward_imports("elsewhere", "").len() == 1);
    assert!(climbs_out(1, "use super::super::cli;"));
    assert!(!climbs_out(1, "use super::Axis;\n#[cfg(test)]\nmod tests { use super::super::AxisKind; }"));
    assert!(climbs_out(0, "use super::cli;"));
}
