//! Tables and the report: what stands in them, and names that want to be markup.

use std::sync::Arc;

use super::super::file::tests::everything;
use super::super::tests::{new_item, spectrum};
use super::super::{Answer, Command, Session};
use super::*;
use crate::formats::write::{Separator, WriteFormat, WriteOptions};
use crate::formats::{Limits, decode};
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn rows(session: &Session) -> Vec<ResultRow> {
    let id = session.document().comparisons[0].id;
    comparison_rows(session.document(), session.answers(), id, &|method, component| ComponentScores {
        match_score: (method == "nnls" && component == 0).then_some(0.987_654_321),
        truth: Some("b".to_owned()),
        si_snr_db: Some(f64::INFINITY),
        sad_deg: Some(3.5),
    })
}

#[test]
fn the_results_table_has_a_line_for_each_component_and_each_failure() {
    let table = text(results_csv(&rows(&everything()), Separator::Comma));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "spectrum,method,method_name,component,name,species,share,confidence,reference,pinned,verdict,match_score,\
         truth,si_snr_db,sad_deg,residual_over_noise,elapsed_ms,device,error,share_low,share_high,\
         unlisted_probability,unlisted_nearest,unlisted_peaks_cm1"
    );
    assert_eq!(
        lines[1],
        "a,nnls,NNLS,1,Quartz,Quartz,0.7,,Calcite,yes,accepted,0.987654321,b,,3.5,1.5,12.3,\"CPU, 1 thread\",,\
         0.6,0.8,0.2,Cristobalite,464.0 0.3"
    );
    assert!(lines[2].starts_with("a,fcls,") && lines[2].ends_with(",it did not end,,,,,"), "{}", lines[2]);
    assert_eq!(lines.len(), 3);
    let european = text(results_csv(&rows(&everything()), Separator::SemicolonDecimalComma));
    assert!(
        european.lines().nth(1).unwrap().contains(";0,7;;Calcite;yes;accepted;0,987654321;b;;3,5;1,5;12,3;")
    );
}

#[test]
fn the_table_of_a_batch_keeps_the_order_it_is_given() {
    let session = everything();
    let id = session.document().batches[0].id;
    let table = session.answers().batch(id).unwrap();
    let csv = text(batch_csv(session.document(), table.rows.iter().rev(), Separator::Comma));
    let lines: Vec<&str> = csv.lines().collect();
    assert!(
        lines[0].starts_with("subject,spectrum,group,path,row,x,y,length_unit,method,component,name,share")
    );
    assert_eq!(
        lines[1],
        "2,\"map, mean\",maps,x.zip/m.wdf,,,,,nnls,1,Quartz,0.30000000000000004,0.9,,1.25,no"
    );
    let row = "1,\"map, spectrum 5\",maps,x.zip/m.wdf,5,1.3333333333333333,,um,nnls,1,Quartz,";
    assert!(lines[2].starts_with(row), "{}", lines[2]);
    let columns = csv::Reader::from_reader(csv.as_bytes()).records().map(|r| r.unwrap().len()).max();
    assert_eq!(columns, Some(16));
}

#[test]
fn curves_share_a_column_of_positions_where_they_share_an_axis() {
    let (a, b) = (spectrum("a"), spectrum("b"));
    let down = Axis::new(AxisKind::Wavelength, vec![3.0, 2.0, 1.0]).unwrap();
    let c = Spectrum::new(down, vec![30.0, 20.0, 10.0], Metadata::default()).unwrap();
    let curves = [("a".to_owned(), a), ("c, \"x\"\n".to_owned(), c), ("b".to_owned(), b)];
    let table = text(curves_csv(&curves, Separator::Comma));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "raman_shift_cm-1,a,b,wavelength_nm,\"c, \"\"x\"\" \"");
    assert_eq!(lines[1], "100,0,0,1,10");
    assert!(lines[3].ends_with(",3,30") && lines[4].ends_with(",,"), "{} {}", lines[3], lines[4]);
    assert_eq!(lines.len(), 65);
    assert_eq!(text(curves_csv(&[], Separator::Comma)), "\n");
}

#[test]
fn curves_over_one_axis_are_read_back() {
    let curves = [("first".to_owned(), spectrum("a")), ("second".to_owned(), spectrum("b"))];
    let bytes = curves_csv(&curves, Separator::Comma);
    let back: Vec<Spectrum> = decode("t.csv", &bytes, Limits::default()).1.unwrap().spectra().collect();
    assert_eq!(back.len(), 2);
    for (back, (name, curve)) in back.iter().zip(&curves) {
        assert_eq!((back.x(), back.y()), (curve.x(), curve.y()));
        assert_eq!(back.meta.display_name(), name);
    }
}

#[test]
fn any_curve_is_written_as_jcamp_and_spc_under_its_name_in_the_legend() {
    let curves = [("Residual of NNLS".to_owned(), spectrum("a"))];
    for format in [WriteFormat::Jcamp, WriteFormat::Spc, WriteFormat::Csv] {
        let file = format!("r.{}", format.extension());
        let written = curves_file(&file, &curves, format, WriteOptions::default()).unwrap();
        let back: Vec<Spectrum> =
            decode(&file, &written.bytes, Limits::default()).1.unwrap().spectra().collect();
        assert_eq!(back[0].y(), curves[0].1.y(), "{file}");
        assert_eq!(back[0].meta.display_name(), "Residual of NNLS", "{file}");
    }
    assert!(curves_file("x.spc", &[], WriteFormat::Spc, WriteOptions::default()).is_err());
}

fn input(session: &Session) -> ReportInput {
    let figure = |caption: &str| ReportFigure {
        caption: caption.to_owned(),
        svg: "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><rect/></svg>\n".to_owned(),
    };
    ReportInput {
        session: "My session".to_owned(),
        date: "2026-11-21 14:00".to_owned(),
        document: Arc::clone(session.document()),
        answers: Arc::clone(session.answers()),
        figures: vec![figure("All <curves>")],
        comparisons: vec![ReportComparison {
            id: session.document().comparisons[0].id,
            rows: rows(session),
            figures: vec![figure("The mixture")],
        }],
        batches: session.document().batches.iter().map(|b| b.id).collect(),
    }
}

/// The page as a tree: it is also well-formed XML but for two unclosed `meta` tags and the document type.
fn tree(page: &str) -> String {
    let closed = page.replace("<meta charset=\"utf-8\">", "").replace("<!DOCTYPE html>", "");
    closed.replace("<meta name=\"viewport\" content=\"width=device-width\">", "")
}

#[test]
fn the_report_holds_everything_it_promises_and_needs_nothing_else() {
    let page = report(&input(&everything()));
    for part in [
        "<title>My session</title>",
        "2026-11-21 14:00 · Unravel 0.1.0",
        "All &lt;curves&gt;",
        "<td>x.zip/m.wdf</td>",
        "crop",
        "axis was unsorted",
        "<td>Calcite (pinned)</td>",
        "<td class=\"n\">0.988</td>",
        "<td>CPU, 1 thread</td>",
        "it did not end",
        "lambda 0.30000000000000004, metric plain",
        "<li>read</li>",
        "NNLS: look here",
        "peaks that no component explains at 464 cm⁻¹",
        "Comparison of 2 spectra",
        "map, spectrum 5",
        "Quartz 30.0 %",
        "<td class=\"n\">60–80</td>",
        "Quartz (nearest Cristobalite, peaks 464, 0 cm⁻¹)",
        "in nine cases of ten",
        "Unravel default library",
        "My library",
        "/l/opened.unravel-lib",
        "@media print",
        "fixed Quartz; excluded Calcite",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg").count(), 2);
    assert!(!page.contains("<?xml"));
    for outside in ["<script", "src=", "<link", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    roxmltree::Document::parse(&tree(&page)).unwrap();
    assert_eq!(page, report(&input(&everything())), "the same input, the same page");
}

#[test]
fn names_that_want_to_be_markup_stay_words() {
    let evil = "</td></title><script>alert('1')</script>&amp;\" onload=\"x\u{202e}";
    let mut session = everything();
    let id = session.document().items[0].id;
    session.apply(&Command::Rename(id, evil.to_owned())).unwrap();
    session.apply(&Command::Add(vec![new_item(evil)])).unwrap();
    let comparison = session.document().comparisons[0].id;
    session.answer(comparison, "fcls", Answer::Failed(evil.to_owned()));
    let mut input = ReportInput { session: evil.to_owned(), date: evil.to_owned(), ..input(&session) };
    input.figures[0].caption = evil.to_owned();
    let page = report(&input);
    assert!(!page.contains("<script") && !page.contains("onload=\"") && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;"));
    roxmltree::Document::parse(&tree(&page)).unwrap();
}

#[test]
fn an_empty_session_has_a_report() {
    let input = ReportInput {
        comparisons: Vec::new(),
        batches: Vec::new(),
        figures: Vec::new(),
        ..input(&everything())
    };
    let empty = Session::new();
    let input = ReportInput { document: Arc::clone(empty.document()), ..input };
    let page = report(&input);
    assert!(page.contains("Libraries") && !page.contains("<h2>Spectra</h2>"));
}
