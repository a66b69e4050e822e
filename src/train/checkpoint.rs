//! Checkpoints: parts with numbers, then a manifest that names them with their sums. A manifest is written last, so that
//! what it names is whole; the generation before is kept until the next one is.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::{TrainError, files};
use crate::nets::{Array, Precision, from_bytes, sha256, to_bytes};

/// Folder of the checkpoints within a run's folder.
const FOLDER: &str = "checkpoints";
const VERSION: u32 = 1;
/// Numbers in one part: with its header below 16 MiB.
const PART: usize = 4_000_000;
/// Largest manifest read.
const MOST_MANIFEST: u64 = 256 << 20;
/// Largest part read.
const MOST_PART: u64 = 16 << 20;
/// Digits of the step in file names, so that they sort.
const DIGITS: usize = 12;

/// What the numbers of a part are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Weights,
    First,
    Second,
    Average,
}

const KINDS: [Kind; 4] = [Kind::Weights, Kind::First, Kind::Second, Kind::Average];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    kind: Kind,
    file: String,
    numbers: usize,
    sha256: String,
}

/// What a checkpoint says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// The task's own settings, as its run began.
    pub settings: serde_json::Value,
    /// How far it is.
    pub course: Course,
    parts: Vec<Part>,
}

/// A state to go on from.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Flat weights, first and second moments, averaged weights.
    pub(super) vectors: [Vec<f32>; 4],
    /// Newer checkpoints that cannot be used, and why.
    pub broken: Vec<String>,
}

impl Checkpoint {
    /// The newest whole one of a run's folder; `None` where none was ever written.
    pub fn newest(folder: &Path) -> Result<Option<Self>, TrainError> {
        let folder = folder.join(FOLDER);
        let mut broken = Vec::new();
        for step in steps(&folder)?.into_iter().rev() {
            match read(&folder, step) {
                Ok((manifest, vectors)) => return Ok(Some(Self { manifest, vectors, broken })),
                Err(error) => broken.push(error.to_string()),
            }
        }
        match broken.first() {
            None => Ok(None),
            Some(first) => Err(TrainError::file(
                &folder,
                format!("no checkpoint can be used ({first}); begin again in another folder"),
            )),
        }
    }

    /// Writes one and takes away what is no longer needed: all but this one and the one before it.
    pub(super) fn write(
        folder: &Path,
        settings: &serde_json::Value,
        course: &Course,
        vectors: [&[f32]; 4],
    ) -> Result<(), TrainError> {
        let folder = folder.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(|e| TrainError::file(&folder, e.to_string()))?;
        let mut parts = Vec::new();
        for (kind, vector) in KINDS.into_iter().zip(vectors) {
            for (i, values) in vector.chunks(PART).enumerate() {
                let name = format!("{kind:?}").to_lowercase();
                let file = format!("{:0DIGITS$}.{name}.{i}.safetensors", course.step);
                let array = Array { name, shape: vec![values.len()], values: values.to_vec() };
                let bytes = to_bytes(&[array], Precision::Single)?;
                files::write(&folder.join(&file), &bytes)?;
                parts.push(Part { kind, file, numbers: values.len(), sha256: sha256(&bytes) });
            }
        }
        let manifest =
            Manifest { version: VERSION, settings: settings.clone(), course: course.clone(), parts };
        let path = folder.join(manifest_name(course.step));
        let text = serde_json::to_string_pretty(&manifest);
        files::write(&path, text.map_err(|e| TrainError::file(&path, e.to_string()))?.as_bytes())?;
        tidy(&folder, course.step)
    }
}

fn manifest_name(step: u64) -> String {
    format!("{step:0DIGITS$}.json")
}

/// The step that a file of ours belongs to.
fn step_of(name: &str) -> Option<u64> {
    let digits = name.strip_prefix('.').unwrap_or(name).get(..DIGITS)?;
    digits.parse().ok()
}

fn names(folder: &Path) -> Result<Vec<String>, TrainError> {
    let failed = |e: std::io::Error| TrainError::file(folder, e.to_string());
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Steps with a manifest, ascending.
fn steps(folder: &Path) -> Result<Vec<u64>, TrainError> {
    let manifests = names(folder)?;
    Ok(manifests.iter().filter_map(|n| step_of(n).filter(|step| *n == manifest_name(*step))).collect())
}

/// Removes what belongs neither to this step nor to the last whole one before it.
fn tidy(folder: &Path, step: u64) -> Result<(), TrainError> {
    let before = steps(folder)?.into_iter().rfind(|other| *other < step);
    for name in names(folder)? {
        if step_of(&name).is_some_and(|of| of != step && Some(of) != before) {
            // What cannot be removed is only in the way.
            let _kept = std::fs::remove_file(folder.join(name));
        }
    }
    Ok(())
}

fn read(folder: &Path, step: u64) -> Result<(Manifest, [Vec<f32>; 4]), TrainError> {
    let path = folder.join(manifest_name(step));
    let bytes = files::read(&path, MOST_MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|e| TrainError::file(&path, format!("this is no checkpoint: {e}")))?;
    if manifest.version != VERSION {
        let found = manifest.version;
        return Err(TrainError::file(
            &path,
            format!("a checkpoint of version {found}; this program reads {VERSION}"),
        ));
    }
    let mut vectors: [Vec<f32>; 4] = std::array::from_fn(|_| Vec::new());
    for part in &manifest.parts {
        let file = Path::new(&part.file);
        // A name may not lead out of the folder.
        if file.file_name() != Some(file.as_os_str()) {
            return Err(TrainError::file(&path, format!("\"{}\" is no name of a part", part.file)));
        }
        let file = folder.join(file);
        let bytes = files::read(&file, MOST_PART)?;
        if sha256(&bytes) != part.sha256 {
            return Err(TrainError::file(&file, "the part was cut short or altered since it was written"));
        }
        let arrays = from_bytes(&bytes).map_err(|e| TrainError::file(&file, e.to_string()))?;
        let [array] = arrays.as_slice() else {
            return Err(TrainError::file(&file, format!("{} arrays, one was expected", arrays.len())));
        };
        if array.values.len() != part.numbers {
            let found = array.values.len();
            return Err(TrainError::file(&file, format!("{found} numbers, {} were expected", part.numbers)));
        }
        if let Some(vector) = KINDS.iter().position(|kind| *kind == part.kind).map(|i| &mut vectors[i]) {
            vector.extend_from_slice(&array.values);
        }
    }
    Ok((manifest, vectors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_step(folder: &Path, step: u64) -> Course {
        let course = Course { step, samples: 8 * step, seconds: 1.5, ..Course::default() };
        let vectors: [Vec<f32>; 4] = std::array::from_fn(|i| vec![step as f32 + i as f32; 5]);
        let [a, b, c, d] = &vectors;
        Checkpoint::write(folder, &serde_json::json!({"seed": 1}), &course, [a, b, c, d]).unwrap();
        course
    }

    fn files_in(folder: &Path) -> Vec<String> {
        names(&folder.join(FOLDER)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_two_generations_stay() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Checkpoint::newest(folder.path()).unwrap(), None);
        for step in [1, 2, 30] {
            write_step(folder.path(), step);
        }
        let newest = Checkpoint::newest(folder.path()).unwrap().unwrap();
        assert_eq!((newest.manifest.course.step, newest.broken.len()), (30, 0));
        assert_eq!(newest.vectors.map(|v| (v[4] * 10.0) as u32), [300, 310, 320, 330]);
        assert_eq!(newest.manifest.settings["seed"], 1);
        assert_eq!(steps(&folder.path().join(FOLDER)).unwrap(), [2, 30]);
        assert_eq!(files_in(folder.path()).len(), 10);
    }

    #[test]
    fn a_torn_generation_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        for (what, damage) in
            [("000000000002.second.0.safetensors", b"x".as_slice()), ("000000000002.json", b"{".as_slice())]
        {
            write_step(folder.path(), 1);
            write_step(folder.path(), 2);
            std::fs::write(folder.path().join(FOLDER).join(what), damage).unwrap();
            let newest = Checkpoint::newest(folder.path()).unwrap().unwrap();
            assert_eq!(newest.manifest.course.step, 1, "{what}");
            assert!(newest.broken[0].contains(what), "{:?}", newest.broken);
            // Going on from there replaces the torn one.
            write_step(folder.path(), 2);
            assert_eq!(Checkpoint::newest(folder.path()).unwrap().unwrap().manifest.course.step, 2);
        }
    }

    #[test]
    fn leftovers_of_a_killed_write_are_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        write_step(folder.path(), 1);
        let inside = folder.path().join(FOLDER);
        std::fs::write(inside.join(".000000000009.weights.0.safetensors.77.0.part"), b"half").unwrap();
        std::fs::write(inside.join("000000000009.weights.0.safetensors"), b"half").unwrap();
        std::fs::write(inside.join("notes.txt"), b"mine").unwrap();
        write_step(folder.path(), 2);
        let left = files_in(folder.path());
        assert!(left.iter().all(|name| !name.contains("000000000009")), "{left:?}");
        assert!(left.contains(&"notes.txt".to_owned()));
    }

    #[test]
    fn a_part_outside_the_folder_is_refused_and_nothing_usable_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        write_step(folder.path(), 1);
        let path = folder.path().join(FOLDER).join(manifest_name(1));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("000000000001.first", "../000000000001.first")).unwrap();
        let error = Checkpoint::newest(folder.path()).unwrap_err().to_string();
        assert!(error.contains("is no name of a part") && error.contains("another folder"), "{error}");
    }

    #[test]
    fn large_vectors_are_cut_into_parts_below_16_mib() {
        let folder = tempfile::tempdir().unwrap();
        let long = vec![0.5; PART + 3];
        let short = [1.0];
        let course = Course::default();
        let settings = serde_json::Value::Null;
        Checkpoint::write(folder.path(), &settings, &course, [&long, &short, &short, &short]).unwrap();
        for name in files_in(folder.path()) {
            let size = std::fs::metadata(folder.path().join(FOLDER).join(&name)).unwrap().len();
            assert!(size < MOST_PART, "{name}: {size}");
        }
        let newest = Checkpoint::newest(folder.path()).unwrap().unwrap();
        assert_eq!(newest.vectors[0].len(), PART + 3);
    }
}
