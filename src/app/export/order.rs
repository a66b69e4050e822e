//! Where an export goes. Looking at the disk belongs to a job: a network folder may answer late.

use std::path::{Path, PathBuf};

/// Extensions that a typed name may end in; anything else gets ours behind it.
const EXTENSIONS: [&str; 8] = ["csv", "txt", "jdx", "dx", "spc", "png", "svg", "html"];

/// What was typed, and what shall be made there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The path as typed.
    pub typed: PathBuf,
    /// What is made.
    pub target: Target,
}

/// One file or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The path is that of a file.
    File {
        /// Its name where the path is that of a folder.
        default_name: String,
        /// Extension where the name has none.
        extension: &'static str,
    },
    /// The path is that of a folder.
    Folder {
        /// The files in it.
        names: Vec<String>,
    },
}

/// What an order comes to on this disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The folder.
    pub folder: PathBuf,
    /// Whether it has to be made.
    pub new_folder: bool,
    /// The files, with their whole paths.
    pub files: Vec<PathBuf>,
    /// Those that are there already.
    pub existing: Vec<PathBuf>,
}

impl Order {
    /// Whether there is a path and something to write.
    pub fn complete(&self) -> bool {
        let some = match &self.target {
            Target::File { .. } => true,
            Target::Folder { names } => !names.is_empty(),
        };
        some && !self.typed.as_os_str().is_empty()
    }

    /// Names of the files as far as they are known without the disk.
    pub fn names(&self) -> Vec<String> {
        match &self.target {
            Target::Folder { names } => names.clone(),
            Target::File { .. } => {
                let file = self.file(false);
                file.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect()
            }
        }
    }

    /// Looks at the disk.
    pub fn places(&self) -> Places {
        let files: Vec<PathBuf> = match &self.target {
            Target::File { .. } => vec![self.file(absolute(&self.typed).is_dir())],
            Target::Folder { names } => {
                let folder = absolute(&self.typed);
                names.iter().map(|name| folder.join(name)).collect()
            }
        };
        let folder = match (&self.target, files.first()) {
            (Target::File { .. }, Some(file)) => file.parent().map(Path::to_path_buf).unwrap_or_default(),
            _ => absolute(&self.typed),
        };
        let existing = files.iter().filter(|file| file.symlink_metadata().is_ok()).cloned().collect();
        Places { new_folder: !folder.exists(), folder, files, existing }
    }

    fn file(&self, is_folder: bool) -> PathBuf {
        let Target::File { default_name, extension } = &self.target else { return absolute(&self.typed) };
        let typed = self.typed.to_string_lossy();
        if is_folder || typed.ends_with(['/', std::path::MAIN_SEPARATOR]) {
            return absolute(&self.typed).join(default_name);
        }
        let path = absolute(&self.typed);
        let known = |e: &str| EXTENSIONS.contains(&e.to_lowercase().as_str());
        if path.extension().and_then(|e| e.to_str()).is_some_and(known) {
            return path;
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".");
        name.push(extension);
        path.with_file_name(name)
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(typed: impl Into<PathBuf>) -> Order {
        let target = Target::File { default_name: "quartz.png".to_owned(), extension: "png" };
        Order { typed: typed.into(), target }
    }

    #[test]
    fn a_folder_takes_the_proposed_name_and_a_bare_name_the_extension() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(file(folder.path()).places().files, [at("quartz.png")]);
        assert_eq!(file(at("new/")).places().files, [at("new/quartz.png")]);
        assert_eq!(file(at("run 1.5")).places().files, [at("run 1.5.png")]);
        assert_eq!(file(at("a.SVG")).places().files, [at("a.SVG")]);
        assert!(file(at("x/y/a.png")).places().new_folder);
        assert!(!file("").complete());
    }

    #[test]
    fn what_is_there_already_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b.csv"), "x").unwrap();
        let names = vec!["a.csv".to_owned(), "b.csv".to_owned()];
        let order = Order { typed: folder.path().to_path_buf(), target: Target::Folder { names } };
        let places = order.places();
        assert_eq!(places.existing, [folder.path().join("b.csv")]);
        assert!(!places.new_folder);
        let nothing = Order { target: Target::Folder { names: Vec::new() }, ..order };
        assert!(!nothing.complete());
    }
}
