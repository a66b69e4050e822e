//! Label tables built on the spot: both layouts, the row filter, and what is refused.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::spectrum::AxisKind;

use super::super::testing::peak;
use super::super::{EntryId, LibraryError};
use super::*;

const LABELS: &str = "row,mineral,rruff_id,laser_nm,ideal_chemistry,status,n,native_offset,lo_cm1,hi_cm1\n\
    0,Quartz,R1,514,SiO_2_,\"fine, really\",3,0,90,200\n\
    1,Quartz,R2,785,SiO_2_,,2,-1,90,200\n\
    2,Calcite,R3,514,CaCO_3_,,2,3,105,135\n";

fn npy(shape: &str, values: &[f32]) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Three rows over 100, 110, 120, 130, 140; the native array holds rows 0 and 2.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let grid: Vec<f32> = (0..15_u8).map(f32::from).collect();
    write("labels.csv", LABELS.as_bytes());
    write("grid.npy.gz", &gz(&npy("(3, 5)", &grid)));
    write("grid_axis.csv", b"wavenumber_cm1\n100\n110\n120\n130\n140\n");
    let pairs = [100.0, 1.0, 105.0, 2.0, 111.0, 3.0, 200.0, 4.0, 210.0, 5.0];
    write("native_xy.npy", &npy("(5, 2)", &pairs));
    write("splits.csv", b"row,split\n2,known\n0,other\n1,known\n");
    folder
}

fn load(path: &Path) -> Result<Loaded, LibraryError> {
    Library::load(path, &LoadOptions::default())
}

#[test]
fn a_grid_is_cut_to_what_was_measured() {
    let folder = folder();
    let library = load(folder.path()).unwrap().library;
    assert_eq!(library.len(), 3);
    let [quartz, _, calcite] = library.entries() else { panic!() };
    assert_eq!(calcite.spectrum.x(), [110.0, 120.0, 130.0]);
    assert_eq!(calcite.spectrum.y(), [11.0, 12.0, 13.0]);
    assert_eq!((quartz.facts.name.as_str(), quartz.facts.group.as_str()), ("Quartz R1", "Quartz"));
    assert_eq!((quartz.facts.formula.as_str(), quartz.spectrum.meta.laser_nm), ("SiO_2_", Some(514.0)));
    assert_eq!(quartz.spectrum.meta.get("status"), Some("fine, really"));
    assert_eq!(quartz.spectrum.axis().kind(), &AxisKind::RamanShift);
    assert_eq!(load(&folder.path().join("labels.csv")).unwrap().library, library);
    assert_eq!(load(&folder.path().join("grid.npy.gz")).unwrap().library, library);
}

#[test]
fn native_pairs_are_taken_where_asked_or_where_nothing_else_is() {
    let folder = folder();
    let options = LoadOptions { layout: Layout::Native, ..LoadOptions::default() };
    let loaded = Library::load(folder.path(), &options).unwrap();
    let x: Vec<&[f64]> = loaded.library.entries().iter().map(|e| e.spectrum.x()).collect();
    assert_eq!(x, [&[100.0, 105.0, 111.0][..], &[200.0, 210.0]]);
    assert!(loaded.warnings[0].contains("1 rows were left out"), "{:?}", loaded.warnings);
    fs::remove_file(folder.path().join("grid.npy.gz")).unwrap();
    assert_eq!(load(folder.path()).unwrap(), loaded);
}

#[test]
fn rows_are_filtered_by_another_table_or_by_the_labels_themselves() {
    let folder = folder();
    let filtered = |table: Option<&str>, column: &str, value: &str| {
        let table = table.map(|name| folder.path().join(name));
        let rows = Some(RowFilter { table, column: column.into(), value: value.into() });
        let loaded = Library::load(folder.path(), &LoadOptions { rows, ..LoadOptions::default() })?;
        Ok::<_, LibraryError>(
            loaded.library.entries().iter().map(|e| e.facts.name.clone()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(filtered(Some("splits.csv"), "split", "known").unwrap(), ["Quartz R2", "Calcite R3"]);
    assert_eq!(filtered(None, "Mineral", "Quartz").unwrap(), ["Quartz R1", "Quartz R2"]);
    let said = filtered(None, "colour", "red").unwrap_err().to_string();
    assert!(said.contains("labels.csv") && said.contains("no column \"colour\"") && said.contains("line 1"));
    assert!(filtered(None, "mineral", "Talc").is_err());
    fs::write(folder.path().join("long.csv"), "row,split\n0,known\n7,known\n").unwrap();
    let said = filtered(Some("long.csv"), "split", "known").unwrap_err().to_string();
    assert!(said.contains("line 3") && said.contains("row 7"), "{said}");
}

#[test]
fn arrays_that_lie_or_break_off_are_refused_with_their_place() {
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("cut short", npy("(3, 5)", &[1.0; 14]), "the numbers"),
        ("other magic", b"PK\x03\x04 something else".to_vec(), "byte 10: the file does not begin like"),
        ("nothing", Vec::new(), "the magic bytes"),
        ("huge", npy("(4000000000, 4000000000)", &[]), "labels"),
        ("three dimensions", npy("(3, 5, 1)", &[0.0; 15]), "two dimensions"),
        ("wrong shape", npy("(5, 3)", &[0.0; 15]), "array of 5 x 3"),
        ("integers", npy("(3, 5)", &[0.0; 15]), ""),
        ("Fortran order", npy("(3, 5)", &[0.0; 15]), "C order"),
    ];
    for (name, mut bytes, expected) in cases {
        let folder = folder();
        if name == "integers" {
            let at = memchr::memmem::find(&bytes, b"<f4").unwrap();
            bytes[at..at + 3].copy_from_slice(b"<i4");
        }
        if name == "Fortran order" {
            let at = memchr::memmem::find(&bytes, b"False").unwrap();
            bytes[at..at + 5].copy_from_slice(b"True ");
        }
        fs::write(folder.path().join("grid.npy.gz"), gz(&bytes)).unwrap();
        let said = load(folder.path()).unwrap_err().to_string();
        assert!(said.contains(expected), "{name}: {said}");
    }
    let folder = folder();
    fs::write(folder.path().join("grid.npy.gz"), b"not gzip at all").unwrap();
    assert!(load(folder.path()).is_err());
}

#[test]
fn sizes_are_checked_before_memory_is_taken() {
    let folder = folder();
    let rows = "0,Quartz,R1,514,SiO_2_,,3,0,90,200\n".repeat(20_000);
    fs::write(folder.path().join("labels.csv"), format!("{}\n{rows}", LABELS.lines().next().unwrap()))
        .unwrap();
    fs::write(folder.path().join("grid.npy.gz"), gz(&npy("(20000, 5)", &[]))).unwrap();
    let said = load(folder.path()).unwrap_err().to_string();
    assert!(said.contains("cannot stand in a file of"), "{said}");
    let limits = Limits { decoded_bytes: 50, ..Limits::default() };
    fs::write(folder.path().join("labels.csv"), LABELS).unwrap();
    fs::write(folder.path().join("grid.npy.gz"), gz(&npy("(3, 5)", &[1.0; 15]))).unwrap();
    let tight = Library::load(folder.path(), &LoadOptions { limits, ..LoadOptions::default() });
    assert!(matches!(tight, Err(LibraryError::TooLarge { wanted: 60, limit: 50, .. })));
}

#[test]
fn a_bad_row_is_left_out_and_a_bad_table_is_refused() {
    let folder = folder();
    let mut values = [1.0_f32; 15];
    values[7] = f32::NAN;
    fs::write(folder.path().join("grid.npy.gz"), gz(&npy("(3, 5)", &values))).unwrap();
    let loaded = load(folder.path()).unwrap();
    assert_eq!(loaded.library.len(), 2);
    assert!(
        loaded.warnings[0].contains("row 1: intensity 2 is not a finite number"),
        "{:?}",
        loaded.warnings
    );
    for (file, content, expected) in [
        ("grid_axis.csv", "x\n1\n2\nthree\n4\n5\n", "line 4: \"three\" is not a number"),
        ("grid_axis.csv", "x\n1\n2\n3\n", "3 positions for an array of 3 x 5"),
        ("grid_axis.csv", "x\n1\n1\n1\n1\n1\n", "constant"),
        ("labels.csv", "row,mineral\n0,a,b\n", "line 2"),
        ("labels.csv", "", "no array"),
    ] {
        let folder = self::folder();
        fs::write(folder.path().join(file), content).unwrap();
        let said = load(folder.path()).unwrap_err().to_string();
        assert!(said.contains(expected) || file == "labels.csv", "{said}");
    }
    let labels = LABELS.replace("2,3,105", "9,3,105");
    fs::write(folder.path().join("labels.csv"), labels).unwrap();
    let options = LoadOptions { layout: Layout::Native, ..LoadOptions::default() };
    let said = Library::load(folder.path(), &options).unwrap_err().to_string();
    assert!(said.contains("line 4") && said.contains("pairs 3 to 12"), "{said}");
}

#[test]
fn a_laser_behind_a_name_is_no_part_of_the_species() {
    let folder = folder();
    let labels = LABELS.replace("Quartz,R1,514", "Quartz_785nm,,").replace("Quartz,R2", "Quartz_9nm,");
    fs::write(folder.path().join("labels.csv"), labels).unwrap();
    let library = load(folder.path()).unwrap().library;
    let [first, second, _] = library.entries() else { panic!() };
    assert_eq!((first.facts.group.as_str(), first.facts.name.as_str()), ("Quartz", "Quartz_785nm"));
    assert_eq!(first.spectrum.meta.laser_nm, Some(785.0));
    assert_eq!((second.facts.group.as_str(), second.spectrum.meta.laser_nm), ("Quartz_9nm", Some(785.0)));
}

#[test]
fn a_packed_file_is_known_by_its_content_and_a_table_of_spectra_gives_named_entries() {
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("any.name");
    let mut library = Library::new("x");
    library.add(Facts::named("Quartz"), peak(464.0));
    library.add(Facts::named("Calcite"), peak(1086.0));
    library.save(&packed).unwrap();
    let rows = Some(RowFilter { table: None, column: "split".into(), value: "known".into() });
    let loaded = Library::load(&packed, &LoadOptions { rows, ..LoadOptions::default() }).unwrap();
    assert_eq!(loaded.library, library);
    assert!(loaded.warnings[0].contains("can be filtered"));

    let table = folder.path().join("table.csv");
    fs::write(&table, "Raman shift (cm-1),Quartz,Calcite\n100,1,2\n110,5,3\n120,1,9\n").unwrap();
    let library = load(&table).unwrap().library;
    let names: Vec<&str> = library.entries().iter().map(|e| e.facts.group.as_str()).collect();
    assert_eq!(names, ["Quartz", "Calcite"]);
    assert_eq!(library.get(EntryId(1)).unwrap().spectrum.y(), [2.0, 3.0, 9.0]);
}
