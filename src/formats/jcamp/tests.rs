//! Small files: ordinary, odd and damaged.

use super::super::{Decoded, FormatError, Item, Limits, decode};
use super::FORMAT;
use crate::spectrum::AxisKind;

fn read_as(name: &str, text: &str) -> Result<Decoded, FormatError> {
    let (format, result) = decode(name, text.as_bytes(), Limits::default());
    assert_eq!(format.map(|f| f.id), Some(FORMAT.id));
    result
}

fn read(text: &str) -> Decoded {
    read_as("a.jdx", text).unwrap()
}

fn error(text: &str) -> String {
    read_as("a.jdx", text).unwrap_err().to_string()
}

const HEAD: &str = "##TITLE= quartz\n##JCAMP-DX= 4.24 $$ by hand\n##DATA TYPE= RAMAN SPECTRUM\n##ORIGIN= a\n\
                    ##XUNITS= 1/CM\n##YUNITS= COUNTS\n##XFACTOR= 1\n##YFACTOR= 0.5 $$ half\n##FIRSTX= 100\n\
                    ##LASTX= 103\n##NPOINTS= 4\n";

fn with(table: &str) -> String {
    format!("{HEAD}{table}\n##END=\n")
}

#[test]
fn an_ordinary_file_is_read_under_any_name() {
    for name in ["a.jdx", "a.txt"] {
        let decoded =
            read_as(name, &with("##$LASER= 785 nm\n##XYDATA= (X++(Y..Y))\n100 2 4\n102 6 8")).unwrap();
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(
            (spectrum.x(), spectrum.y()),
            (&[100.0, 101.0, 102.0, 103.0][..], &[1.0, 2.0, 3.0, 4.0][..])
        );
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
        assert_eq!((spectrum.meta.title.as_deref(), spectrum.meta.laser_nm), (Some("quartz"), Some(785.0)));
        assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
    }
}

#[test]
fn packed_pairs_and_lone_carriage_returns_give_the_same_points() {
    for table in [
        "##XYDATA= (X++(Y..Y))\n100BKK\n102FK",
        "##XYDATA= (X++(Y..Y)\n100+2+4+6+8",
        "##XYDATA=\n(X++(Y..Y))\n100BKTK",
        "##XYPOINTS= (XY..XY)\n100,2; 101,4\n102, 6; 103, 8;",
        "##XYDATA= (XY..XY)\n100 2\n101 4\n102 6\n103 8",
    ] {
        let decoded = read(&with(table).replace('\n', "\r"));
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.y(), [1.0, 2.0, 3.0, 4.0], "{table}");
    }
}

#[test]
fn decimal_commas_are_understood_in_pairs() {
    let text = with("##XYPOINTS= (XY..XY)\n100,5, 2,0\n101,5, 4,0\n102,5, 6,0\n103,5, 8,0");
    let decoded = read(&text.replace("FIRSTX= 100", "FIRSTX= 100,5"));
    let spectrum = decoded.spectra().next().unwrap();
    assert_eq!((spectrum.x()[1], spectrum.y()[1]), (101.5, 2.0));
    assert_eq!(read(&text).items, decoded.items, "also without a hint in the header");
}

#[test]
fn link_files_hand_down_what_is_shared() {
    let child = with("##XYDATA= (X++(Y..Y))\n100 2 4 6 8").replace("##ORIGIN= a\n", "");
    let text = format!("##TITLE= all\n##DATA TYPE= LINK\n##BLOCKS= 2\n##ORIGIN= lab\n{child}{child}##END=\n");
    let decoded = read(&text);
    assert_eq!(decoded.count(), 2);
    assert!(decoded.spectra().all(|s| s.meta.get("ORIGIN") == Some("lab")));
    let axes: Vec<_> = decoded.spectra().map(|s| std::sync::Arc::clone(s.axis())).collect();
    assert!(std::sync::Arc::ptr_eq(&axes[0], &axes[1]));
}

#[test]
fn peak_tables_are_flagged() {
    for table in [
        "##PEAK TABLE= (XY..XY)\n100,2 101,4\n102,6 103,8",
        "##PEAK TABLE= (XYW)\n100,2,1\n101,4,1\n102,6,1\n103,8,1",
    ] {
        let decoded = read(&with(table));
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.meta.get("data form"), Some("peak table"));
        assert_eq!(spectrum.y(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(decoded.warnings.len(), 1);
    }
}

#[test]
fn ntuples_pages_over_one_axis_are_a_series() {
    let head = "##TITLE= run\n##DATA TYPE= RAMAN SPECTRUM\n##NTUPLES= SERIES\n##VAR_NAME= SHIFT, INTENSITY, TIME\n\
                ##SYMBOL= X, Y, T\n##VAR_DIM= 3, 3, 2\n##UNITS= 1/CM, COUNTS, SECONDS\n##FIRST= 10, 1, 0\n\
                ##LAST= 30, 1, 5\n##FACTOR= 1, 0.1, 1\n";
    let page = |t: u8, y: &str| format!("##PAGE= T={t}\n##DATA TABLE= (X++(Y..Y)), XYDATA\n10 {y}\n");
    let text = format!("{head}{}{}##END NTUPLES= SERIES\n##END=\n", page(0, "10 20 30"), page(5, "40 50 60"));
    let decoded = read(&text);
    let Item::Set(set) = &decoded.items[0] else { panic!("expected a set") };
    assert_eq!(set.labels, ["run T=0", "run T=5"]);
    assert_eq!(set.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(set.axis().values(), [10.0, 20.0, 30.0]);
    assert_eq!(read(&text.replace("END NTUPLES= SERIES", "END NTUPLES")).items, decoded.items);
    let nmr = error(&text.replace("(X++(Y..Y))", "(X++(R..R))"));
    assert!(nmr.contains("real and imaginary"), "{nmr}");
}

#[test]
fn a_failed_check_is_a_warning_when_the_count_is_right() {
    let decoded = read(&with("##XYDATA= (X++(Y..Y))\n100BKK\n102G1K"));
    assert!(decoded.warnings.iter().any(|w| w.contains("line 14")), "{:?}", decoded.warnings);
}

#[test]
fn a_check_on_a_line_of_its_own_may_be_repeated() {
    // 2, 4, 6; the check 6 alone; then 6 once more by the first reading, or another check by the second.
    let decoded = read(&with("##XYDATA= (X++(Y..Y))\n100BKK\n102F\n102FK"));
    assert_eq!(decoded.spectra().next().unwrap().y(), [1.0, 2.0, 3.0, 4.0]);
    assert!(decoded.warnings.is_empty(), "{:?}", decoded.warnings);
}

#[test]
fn positions_come_from_the_lines_when_the_count_differs() {
    let decoded = read(&with("##XYDATA= (X++(Y..Y))\n100 2 4\n102 6").replace("LASTX= 103", "LASTX= 999"));
    assert_eq!(decoded.spectra().next().unwrap().x(), [100.0, 101.0, 102.0]);
    assert!(decoded.warnings[0].contains("NPOINTS says 4"));
}

#[test]
fn the_abscissa_of_a_line_in_difference_form_may_be_that_of_its_check() {
    for lines in ["100BKK\n102FKK\n104A0K", "100BKK\n103FKK\n105A0K"] {
        let text = with(&format!("##XYDATA= (X++(Y..Y))\n{lines}"));
        let text = text.replace("LASTX= 103", "LASTX= 999").replace("NPOINTS= 4", "NPOINTS= 7");
        let decoded = read(&text);
        let spectrum = decoded.spectra().next().unwrap();
        assert_eq!(spectrum.x(), [100.0, 101.0, 102.0, 103.0, 104.0, 105.0], "{lines}");
        assert_eq!(spectrum.y(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert!(decoded.warnings.iter().any(|w| w.contains("NPOINTS says 7")));
    }
}

#[test]
fn commas_of_the_header_and_of_the_table_may_differ() {
    for (header, table) in [
        ("FIRSTX= 100,0", "##XYDATA= (X++(Y..Y))\n100.0,2,4,6,8"),
        ("FIRSTX= 100,0", "##XYPOINTS= (XY..XY)\n100,2; 101,4; 102,6; 103,8"),
        ("FIRSTX= 100", "##XYPOINTS= (XY..XY)\n100,0 2,0; 101,0 4,0\n102,0\t6,0\n103,0 8,0"),
    ] {
        let spectrum = read(&with(table).replace("FIRSTX= 100", header)).spectra().next().unwrap();
        assert_eq!((spectrum.x()[1], spectrum.x()[3]), (101.0, 103.0), "{table}");
        assert_eq!(spectrum.y(), [1.0, 2.0, 3.0, 4.0], "{table}");
    }
}

#[test]
fn a_damaged_block_does_not_take_the_whole_ones_with_it() {
    let good = with("##XYDATA= (X++(Y..Y))\n100 2 4 6 8");
    let decoded = read(&format!("{good}{}", good.replace("2 4", "2 {4")));
    assert_eq!(decoded.count(), 1);
    assert!(decoded.warnings[0].contains("could not be read"));
}

#[test]
fn damaged_files_are_errors_that_name_file_and_place() {
    let good = with("##XYDATA= (X++(Y..Y))\n100 2 4 6 8");
    for (text, what) in [
        ("##TITLE= a\n##JCA".to_owned(), "without a data table"),
        (good.replace("##TITLE", "XXXXXXX"), "no ##TITLE="),
        (good.replace("##FIRSTX= 100\n", ""), "FIRSTX"),
        (good.replace("2 4", "2 {4"), "line 13"),
        (good.replace("NPOINTS= 4", "NPOINTS= 400"), "NPOINTS says 400"),
        (good.replace("YFACTOR= 0.5", "YFACTOR= half"), "line 8"),
        (good.replace("FIRSTX= 100", "FIRSTX= 103"), "constant"),
        (good.replace("2 4 6 8", "2Z999999999999"), "repeat count"),
        (good.replace("100 2 4 6 8\n##END=\n", "100 2 4\n"), "no ##END="),
        (with("##XYPOINTS= (XY..XY)\n100 2\n101"), "line 14"),
    ] {
        let sentence = error(&text);
        assert!(sentence.starts_with("a.jdx: ") && sentence.contains(what), "{sentence}");
    }
}

#[test]
fn a_file_cut_anywhere_never_panics() {
    let whole = with("##XYDATA= (X++(Y..Y))\n100BKTK\n103H\n##PEAK TABLE= (XYA)\n(1, 2, <a>)");
    for end in 0..whole.len() {
        let (_, _result) = decode("a.jdx", &whole.as_bytes()[..end], Limits::default());
    }
}
