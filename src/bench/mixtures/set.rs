//! A folder with real mixtures: where it is, its spectra, its labels.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::truth::{self, Truth};
use crate::bench::BenchError;
use crate::bench::tables;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

const MIXTURES: [&str; 2] = ["mixtures.csv", "mixtures_mean.csv"];
const PURES: [&str; 2] = ["pure.csv", "pure_mean.csv"];
const LABELS: &str = "labels.csv";

/// Mixtures of known composition over one axis.
#[derive(Debug, Clone)]
pub struct MixtureSet {
    /// Name of its folder.
    pub name: String,
    /// The mixtures that are scored, in the order of the labels.
    pub mixtures: Vec<Spectrum>,
    /// Its own pure spectra; may be none.
    pub pures: Vec<Spectrum>,
    /// What is in the mixtures.
    pub truth: Truth,
}

impl MixtureSet {
    /// Names of everything that is or may be in the mixtures.
    pub fn substances(&self) -> Vec<String> {
        let mut names = self.truth.names();
        names.extend(self.pures.iter().map(|pure| pure.meta.display_name().to_owned()));
        names
    }
}

fn first_file(folder: &Path, names: [&str; 2]) -> Option<PathBuf> {
    names.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn is_set(folder: &Path) -> bool {
    folder.join(LABELS).is_file() && first_file(folder, MIXTURES).is_some()
}

fn name_of(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The sets in a data folder (its `mixtures` folder, itself, or one set), in the order of their names. `wanted` picks
/// some by name; all when empty.
pub fn find(data: &Path, wanted: &[String]) -> Result<Vec<PathBuf>, BenchError> {
    let folders = if is_set(data) {
        vec![data.to_path_buf()]
    } else {
        let inner = data.join("mixtures");
        let root = if inner.is_dir() { inner } else { data.to_path_buf() };
        let entries = std::fs::read_dir(&root).map_err(|e| BenchError::data(&root, e.to_string()))?;
        let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        folders.retain(|folder| is_set(folder));
        folders.sort();
        folders
    };
    let names: Vec<String> = folders.iter().map(|folder| name_of(folder)).collect();
    if folders.is_empty() {
        let problem =
            "no mixture set here: a folder with mixtures.csv and labels.csv is needed, or a folder of such";
        return Err(BenchError::data(data, problem));
    }
    if let Some(missing) = wanted.iter().find(|w| !names.contains(*w)) {
        let problem = format!("there is no set \"{missing}\"; there are {}", names.join(", "));
        return Err(BenchError::data(data, problem));
    }
    let keep = |folder: &PathBuf| wanted.is_empty() || wanted.contains(&name_of(folder));
    Ok(folders.into_iter().filter(keep).collect())
}

/// Reads one set.
pub fn load(folder: &Path) -> Result<MixtureSet, BenchError> {
    let Some(file) = first_file(folder, MIXTURES) else {
        return Err(BenchError::data(folder, "there is no mixtures.csv"));
    };
    let all = curves(&file)?;
    let pures = first_file(folder, PURES).map(|path| curves(&path)).transpose()?.unwrap_or_default();
    let names: Vec<String> = pures.iter().map(|p| p.meta.display_name().to_owned()).collect();
    let labels = folder.join(LABELS);
    let (ids, truth) = truth::read(&labels, &names)?;
    let find = |id: &String| {
        let found = all.iter().find(|spectrum| spectrum.meta.display_name() == id);
        let missing = || BenchError::data(&labels, format!("{id} is no column of {}", name_of(&file)));
        found.cloned().ok_or_else(missing)
    };
    let mixtures = ids.iter().map(find).collect::<Result<_, _>>()?;
    Ok(MixtureSet { name: name_of(folder), mixtures, pures, truth })
}

/// Every column of a CSV file over its first one, titled by its header.
pub fn curves(path: &Path) -> Result<Vec<Spectrum>, BenchError> {
    let (header, lines) = tables::read(path)?;
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(lines.len()); header.len()];
    for (row, line) in lines.iter().enumerate() {
        for (at, column) in columns.iter_mut().enumerate() {
            let text = line.get(at).map_or("", String::as_str);
            let number = text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
            column.push(number.ok_or_else(|| {
                BenchError::data(
                    path,
                    format!("line {}, column {}: \"{text}\" is no number", row + 2, at + 1),
                )
            })?);
        }
    }
    let mut columns = columns.into_iter();
    let axis = Axis::new(AxisKind::RamanShift, columns.next().unwrap_or_default());
    let axis = Arc::new(axis.map_err(|e| BenchError::data(path, e.to_string()))?);
    let spectrum = |(name, values): (&String, Vec<f64>)| {
        let y: Vec<f32> = values.into_iter().map(|v| v as f32).collect();
        Spectrum::new(Arc::clone(&axis), y, Metadata::titled(name.as_str()))
            .map_err(|e| BenchError::data(path, format!("{name}: {e}")))
    };
    header.iter().skip(1).zip(columns).map(spectrum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    const GOOD: [(&str, &str); 3] = [
        ("mixtures/duo/mixtures.csv", "wavenumber_cm1,m1,m0\n100,1,2\n101,3,4\n"),
        ("mixtures/duo/pure.csv", "wavenumber_cm1,\"1,2-x\",y\n100,1,0\n101,0,1\n"),
        ("mixtures/duo/labels.csv", "id,components\nm0,y\nm1,\"1,2-x;y\"\n"),
    ];

    #[test]
    fn a_set_is_found_from_above_and_read_in_the_order_of_its_labels() {
        let folder = written(&GOOD);
        for data in
            [folder.path().to_path_buf(), folder.path().join("mixtures"), folder.path().join("mixtures/duo")]
        {
            let found = find(&data, &[]).unwrap();
            assert_eq!(found.len(), 1);
            let set = load(&found[0]).unwrap();
            assert_eq!((set.name.as_str(), set.mixtures.len(), set.pures.len()), ("duo", 2, 2));
            assert_eq!(set.mixtures[0].y(), [2.0, 4.0]);
            assert_eq!(set.truth.present(1), ["1,2-x", "y"]);
        }
        let said = find(folder.path(), &["trio".into()]).unwrap_err().to_string();
        assert!(said.contains("\"trio\"") && said.contains("duo"), "{said}");
        assert!(find(written(&[("a.txt", "")]).path(), &[]).unwrap_err().to_string().contains("labels.csv"));
    }

    #[test]
    fn bad_tables_are_sentences_with_their_place() {
        let said = |file: &str, text: &str| {
            let folder = written(&GOOD);
            std::fs::write(folder.path().join(file), text).unwrap();
            load(&folder.path().join("mixtures/duo")).unwrap_err().to_string()
        };
        let mixtures = "mixtures/duo/mixtures.csv";
        assert!(said(mixtures, "w,m0,m1\n100,1,2\n101,3,x\n").contains("line 3, column 3"));
        assert!(said(mixtures, "w,m0,m1\n100,1,nan\n101,3,4\n").contains("no number"));
        assert!(said(mixtures, "w,m0\n100,1\n101,3\n").contains("m1 is no column of mixtures.csv"));
        assert!(said(mixtures, "").contains("mixtures.csv"));
        assert!(said(mixtures, "w,m0,m1\n101,1,2\n100,3,4\n99.5,1,1\n100.5,1,1\n").contains("mixtures.csv"));
    }
}
