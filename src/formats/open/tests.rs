//! Folders and archives built for the purpose, with `.npy` arrays as data because they are easy to tell.

use std::fs;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn array(value: f64) -> Vec<u8> {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n";
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend([1.0, value, 2.0, value].iter().flat_map(|v: &f64| v.to_le_bytes()));
    file
}

fn zipped(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A folder of its own, removed at the end of the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, Vec<u8>)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open_with(&self, name: &str, limits: Limits) -> Vec<Opened> {
        let mut all = Vec::new();
        let flow = open(&self.path(name), &limits, &mut |opened| {
            all.push(opened);
            ControlFlow::Continue(())
        });
        let together = open_all(&[self.path(name)], &limits, &mut |_| ControlFlow::Continue(()));
        let names = |list: &[Opened]| list.iter().map(|o| o.name.clone()).collect::<Vec<_>>();
        assert!(flow.is_continue());
        assert_eq!(names(&all), names(&together));
        all
    }

    fn open(&self, name: &str) -> Vec<Opened> {
        self.open_with(name, Limits::default())
    }

    /// Names without the folder, with the first intensity or the error.
    fn summary(&self, name: &str) -> Vec<(String, String)> {
        let shown = |opened: &Opened| match &opened.result {
            _ if opened.skipped() => "skipped".to_owned(),
            Ok(decoded) => decoded.spectra().next().unwrap().y()[0].to_string(),
            Err(error) => error.to_string(),
        };
        let base = self.0.path().display().to_string();
        let short =
            |name: &str| name.trim_start_matches(base.as_str()).trim_start_matches(['/', '\\']).to_owned();
        self.open(name).iter().map(|o| (short(&o.name), shown(o))).collect()
    }
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_folder_gives_its_files_in_order_and_skips_what_is_no_data() {
    let folder = Folder::new(&[
        ("b/2.npy", array(3.0)),
        ("b/1.npy", array(2.0)),
        ("a.npy", array(1.0)),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0".to_vec()),
        (".hidden.npy", array(9.0)),
        ("__MACOSX/a.npy", array(9.0)),
    ]);
    let expected = pairs(&[("a.npy", "1"), ("b/1.npy", "2"), ("b/2.npy", "3"), ("picture.png", "skipped")]);
    assert_eq!(folder.summary(""), expected);
    let asked = folder.open("picture.png");
    assert!(asked[0].asked && !asked[0].skipped() && asked[0].result.is_err());
}

#[test]
fn one_bad_file_does_not_stop_the_rest() {
    let mut cut = array(1.0);
    cut.truncate(60);
    let folder = Folder::new(&[("1.npy", cut), ("2.npy", array(2.0)), ("3.npy", Vec::new())]);
    let opened = folder.open("");
    assert!(opened[0].result.is_err() && !opened[0].skipped());
    assert!(opened[1].result.is_ok());
    assert_eq!(opened[1].format.map(|f| f.id), Some("npy"));
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_are_followed_once() {
    let folder = Folder::new(&[("a/1.npy", array(1.0))]);
    std::os::unix::fs::symlink(folder.0.path(), folder.path("a/up")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path("a/broken")).unwrap();
    assert_eq!(folder.summary(""), pairs(&[("a/1.npy", "1")]));
}

#[test]
fn a_zip_gives_its_entries_with_nested_folders_and_zips() {
    let inner = zipped(&[("deep/3.npy", array(3.0))]);
    let outer = zipped(&[
        ("1.npy", array(1.0)),
        ("folder/2.npy", array(2.0)),
        ("inner.zip", inner),
        ("README.md", b"no numbers here\n".to_vec()),
        ("../../up.npy", array(4.0)),
        ("__MACOSX/._1.npy", array(9.0)),
        ("folder/5.npy.gz", gzipped(&array(5.0))),
    ]);
    let folder = Folder::new(&[("all.zip", outer)]);
    let expected = pairs(&[
        ("all.zip/1.npy", "1"),
        ("all.zip/folder/2.npy", "2"),
        ("all.zip/inner.zip/deep/3.npy", "3"),
        ("all.zip/README.md", "skipped"),
        ("all.zip/up.npy", "4"),
        ("all.zip/folder/5.npy.gz/5.npy", "5"),
    ]);
    assert_eq!(folder.summary("all.zip"), expected);
    let opened = folder.open("all.zip");
    let spectrum = opened[0].result.as_ref().unwrap().spectra().next().unwrap();
    assert!(spectrum.meta.source_file.unwrap().ends_with("all.zip/1.npy"));
}

#[test]
fn containers_nested_too_deep_are_told() {
    let mut nest = zipped(&[("1.npy", array(1.0))]);
    for _ in 0..4 {
        nest = zipped(&[("in.zip", nest)]);
    }
    let folder = Folder::new(&[("all.zip", nest)]);
    let summary = folder.summary("all.zip");
    assert_eq!(summary.len(), 1);
    assert!(summary[0].1.contains("unpack it first"), "{summary:?}");
}

#[test]
fn a_gzipped_file_is_its_content() {
    let packed = gzipped(&array(7.0));
    let folder = Folder::new(&[("a.npy.gz", packed.clone()), ("b.gz", packed[..packed.len() - 9].to_vec())]);
    let summary = folder.summary("");
    assert_eq!(summary[0], ("a.npy.gz/a.npy".to_owned(), "7".to_owned()));
    assert!(summary[1].1.contains("cut short"), "{summary:?}");
}

#[test]
fn bombs_stop_at_the_limits() {
    let zeros = vec![0_u8; 3 << 20];
    let entries: Vec<(String, Vec<u8>)> = (0..8).map(|i| (format!("{i}.bin"), zeros.clone())).collect();
    let entries: Vec<(&str, Vec<u8>)> = entries.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    let folder =
        Folder::new(&[("one.gz", gzipped(&zeros)), ("many.zip", zipped(&entries)), ("large.npy", zeros)]);
    let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
    for name in ["one.gz", "large.npy"] {
        let opened = folder.open_with(name, limits);
        assert!(matches!(opened[0].result, Err(FormatError::TooLarge { .. })), "{name}");
    }
    let opened = folder.open_with("many.zip", limits);
    assert_eq!(
        opened.len(),
        5,
        "four entries of a quarter of the budget each, then the word that it is spent"
    );
    let few = Limits { entries: 2, ..Limits::default() };
    let opened = folder.open_with("many.zip", few);
    assert_eq!(opened.len(), 3);
    assert!(matches!(opened[2].result, Err(FormatError::TooLarge { wanted: 8, limit: 2, .. })));
}

#[test]
fn damaged_and_encrypted_archives_are_told_by_name() {
    let good = zipped(&[("1.npy", array(1.0)), ("2.npy", array(2.0))]);
    let mut locked = good.clone();
    // The encryption bit of the first entry, in its local and in its central header.
    locked[6] |= 1;
    let central = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    let folder = Folder::new(&[
        ("cut.zip", good[..good.len() / 2].to_vec()),
        ("empty.zip", zipped(&[])),
        ("locked.zip", locked),
        ("packed.npz", good),
    ]);
    let summary = folder.summary("");
    assert!(summary[0].1.contains("cut.zip") && summary[0].1.contains("damaged"), "{summary:?}");
    assert!(summary[1].1.contains("holds no files"), "{summary:?}");
    assert!(summary[2].0.ends_with("1.npy") && summary[2].1.contains("cannot be read"), "{summary:?}");
    assert_eq!(summary[3].1, "2");
    assert!(summary[4].1.contains(".npz"), "{summary:?}");
}

#[test]
fn missing_files_and_folders_of_files_beyond_the_limit_are_told() {
    let folder = Folder::new(&[("1.npy", array(1.0)), ("2.npy", array(2.0)), ("3.npy", array(3.0))]);
    let opened = folder.open("none.npy");
    assert!(matches!(opened[0].result, Err(FormatError::Io { .. })) && opened[0].asked);
    let opened = folder.open_with("", Limits { entries: 2, ..Limits::default() });
    assert_eq!(opened.len(), 3);
    assert!(matches!(opened[2].result, Err(FormatError::TooLarge { .. })));
}

#[test]
fn opening_can_be_stopped() {
    let folder = Folder::new(&[("1.npy", array(1.0)), ("2.npy", array(2.0)), ("3.npy", array(3.0))]);
    let mut seen = 0;
    let flow = open(&folder.path(""), &Limits::default(), &mut |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(flow.is_break() && seen == 2);
    let paths = vec![folder.path(""), folder.path("1.npy")];
    let opened = open_all(&paths, &Limits::default(), &mut |progress| match progress.files {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(opened.len(), 2);
}

#[test]
fn files_on_disk_are_counted_as_they_are_read() {
    let archive = zipped(&[("1.npy", array(1.0)), ("2.npy", array(2.0))]);
    let folder = Folder::new(&[
        ("a.npy", array(1.0)),
        ("b.zip", archive),
        (".hidden", Vec::new()),
        ("c/d.npy", array(2.0)),
    ]);
    let paths = [folder.path(""), folder.path("a.npy"), folder.path("missing")];
    let limits = Limits::default();
    assert_eq!(count_files(&paths, &limits, &mut || ControlFlow::Continue(())), 4);
    assert_eq!(count_files(&paths[..1], &limits, &mut || ControlFlow::Break(())), 1);
    let mut done = Vec::new();
    let opened = open_all(&paths, &limits, &mut |progress| {
        done.push(progress.on_disk);
        ControlFlow::Continue(())
    });
    assert_eq!(done, [0, 1, 1, 2, 3, 4]);
    assert_eq!(opened[2].path, folder.path("b.zip"));
}
