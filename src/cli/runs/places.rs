//! Where results go: the folder, and file names that are given once.

use std::collections::HashSet;
use std::path::Path;

use super::super::Usage;
use crate::formats::write::safe_stem;

/// File names given out in this run; unique also where upper and lower case are one.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// A name for the result of a method on spectrum `number` of `count` of an input.
    pub fn give(&mut self, input: &str, number: usize, count: usize, method: &str) -> String {
        let name = Path::new(input).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let width = count.to_string().len();
        let stem = match count {
            0 | 1 => safe_stem(&name),
            _ => format!("{}_{number:0width$}", safe_stem(&name)),
        };
        let mut candidate = format!("{stem}_{method}.csv");
        let mut next = 2;
        while !self.0.insert(candidate.to_lowercase()) {
            candidate = format!("{stem}-{next}_{method}.csv");
            next += 1;
        }
        candidate
    }
}

/// Makes the folder and makes sure that results can be written, before any work is done; `names` are the files of their
/// account.
pub fn ready_folder(out: &Path, names: &[&str], overwrite: bool) -> Result<(), Usage> {
    let cannot = |what: &str, e: std::io::Error| Usage(format!("{}: cannot {what}: {e}", out.display()));
    std::fs::create_dir_all(out).map_err(|e| cannot("make the folder for the results", e))?;
    let probe = out.join(format!(".unravel-{}", std::process::id()));
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| cannot("write into it", e))?;
    for name in names {
        let path = out.join(name);
        if path.exists() && !overwrite {
            return Err(Usage(format!(
                "{}: exists already; give --overwrite to replace results",
                path.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_never_given_twice() {
        let mut names = Names::default();
        assert_eq!(names.give("a/b.csv", 1, 1, "nnomp"), "b_nnomp.csv");
        assert_eq!(names.give("c/B.spc", 1, 1, "nnomp"), "B-2_nnomp.csv");
        assert_eq!(names.give("map.txt", 7, 120, "nnls"), "map_007_nnls.csv");
        assert_eq!(names.give("x/map_007.txt", 1, 1, "nnls"), "map_007-2_nnls.csv");
        assert_eq!(names.give("a:b?.txt", 1, 1, "nnls"), "a_b__nnls.csv");
    }
}
