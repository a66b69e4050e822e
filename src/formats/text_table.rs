//! Plain tables of numbers: two columns, many columns, pairs of columns, one spectrum a line.

use super::{Decoded, Format, FormatError, Head, Input, Sniff, table};

/// Text table.
pub const FORMAT: Format = Format {
    id: "text_table",
    name: "Text table",
    extensions: &["txt", "csv", "tsv", "dat", "asc", "dpt", "xy", "prn"],
    sniff,
    read,
};

fn sniff(head: &Head) -> Sniff {
    // Numbers inside XML, a web page, a printed page or a word processor's text are no table of ours.
    let foreign = |text: &str| ["<", "%PDF-", "%!PS", "{\\rtf"].iter().any(|mark| text.starts_with(mark));
    let table = |text: &str| !foreign(text.trim_start()) && table::has_row(text);
    if head.text().is_some_and(table) { Sniff::Maybe } else { Sniff::No }
}

fn read(input: &Input) -> Result<Decoded, FormatError> {
    table::decode(input, &input.text()?.text)
}

#[cfg(test)]
mod tests {
    use super::super::{Item, Limits, decode};
    use super::*;
    use crate::spectrum::{AxisKind, Spectrum};

    fn attempt(content: &[u8]) -> Result<Decoded, FormatError> {
        let (format, decoded) = decode("dir/a.txt", content, Limits::default());
        if decoded.is_ok() {
            assert_eq!(format.map(|f| f.id), Some("text_table"));
        }
        decoded
    }

    fn read(content: &str) -> Decoded {
        attempt(content.as_bytes()).unwrap()
    }

    fn spectra(content: &str) -> Vec<Spectrum> {
        read(content).spectra().collect()
    }

    /// Positions and intensities of the ordinary table below.
    const X: [f64; 12] =
        [168.216, 172.303, 176.386, 180.467, 184.5, 188.622, 192.695, 196.766, 200.0, 205.1, 209.25, 213.0];

    fn y(i: usize) -> f64 {
        1234.5 - 100.25 * (i as f64) + if i == 3 { 2000.0 } else { 0.0 }
    }

    /// The ordinary table, each row written by `row`.
    fn table(row: impl Fn(usize, f64, f64) -> String) -> String {
        X.iter().enumerate().map(|(i, x)| row(i, *x, y(i))).collect()
    }

    fn is_ordinary(content: &str) -> Decoded {
        let decoded = read(content);
        let all: Vec<Spectrum> = decoded.spectra().collect();
        assert_eq!(all.len(), 1, "{content}");
        assert_eq!(all[0].x(), X, "{content}");
        let expected: Vec<f32> = (0..X.len()).map(|i| y(i) as f32).collect();
        assert_eq!(all[0].y(), expected, "{content}");
        decoded
    }

    fn grouped(v: f64, group: &str, decimal: &str) -> String {
        let text = format!("{:.2}", v.abs());
        let (whole, fraction) = text.split_once('.').unwrap();
        let whole = if whole.len() > 3 {
            format!("{}{group}{}", &whole[..whole.len() - 3], &whole[whole.len() - 3..])
        } else {
            whole.to_owned()
        };
        format!("{}{whole}{decimal}{fraction}", if v < 0.0 { "-" } else { "" })
    }

    #[test]
    fn every_way_to_write_the_same_two_columns_gives_the_same_spectrum() {
        let comma = |v: f64| v.to_string().replace('.', ",");
        let plain = table(|_, x, y| format!("{x}\t{y}\n"));
        let ways = [
            plain.clone(),
            plain.replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
            plain.replace('\n', "\r\r\n"),
            plain.trim_end().to_owned(),
            plain.replace('\n', "\n\n"),
            plain.replace('-', "\u{2212}"),
            format!("\u{feff}{plain}"),
            table(|i, x, y| format!("{x}\t{y}{}", if i % 2 == 0 { "\n" } else { "\r\n" })),
            table(|_, x, y| format!("{x},{y}\n")),
            table(|_, x, y| format!("{x}, {y}\n")),
            table(|_, x, y| format!("{x} , {y},\n")),
            table(|_, x, y| format!("{x};{y};;\n")),
            table(|_, x, y| format!("  {x}   {y} \n")),
            table(|i, x, y| format!("{x}{}{y}\n", if i % 2 == 0 { "\t " } else { "  " })),
            table(|_, x, y| format!("{};{}\n", comma(x), comma(y))),
            table(|_, x, y| format!("{}\t{}\n", comma(x), comma(y))),
            table(|_, x, y| format!("{} {}\n", comma(x), comma(y))),
            table(|_, x, y| format!("{}, {}\n", comma(x), comma(y))),
            table(|_, x, y| format!("\"{}\",\"{}\"\n", comma(x), comma(y))),
            table(|_, x, y| format!("\"{x}\";\"{y}\"\n")),
            table(|_, x, y| format!("{x}\t{}\n", grouped(y, ",", "."))),
            table(|_, x, y| format!("{x},\"{}\"\n", grouped(y, ",", "."))),
            table(|_, x, y| format!("{};{}\n", comma(x), grouped(y, ".", ","))),
            table(|_, x, y| format!("{};{}\n", comma(x), grouped(y, "\u{a0}", ","))),
            table(|_, x, y| format!("{};{}\n", comma(x), grouped(y, " ", ","))),
            table(|_, x, y| format!("{x}\t{}\n", grouped(y, "'", "."))),
            table(|_, x, y| format!("{x:e} {y:e}\n")),
            table(|_, x, y| format!("{x:E},{y:E}\n").replace('E', "D+00")).replace("D+00", "D+0"),
            format!("sep=;\n{}", table(|_, x, y| format!("{};{}\n", comma(x), comma(y)))),
            format!("\"sep=,\"\n{}", table(|_, x, y| format!("{x},{y}\n"))),
            // Headers full of numbers, and footers.
            format!("12 34\n{plain}"),
            format!("12\t34\n{plain}"),
            format!("3 7 12\n1 2 3\n{plain}"),
            format!("12\t34\nshift\tcounts\n{plain}"),
            format!("Sample 12 34\n5\t6\nRun 7\n{plain}"),
            format!("1024\n{plain}"),
            format!("1 2\n3 4\n{}", table(|_, x, y| format!("{x:.3} {y:.2}\n"))),
            format!("5,6,7\n1,2\n{}", table(|_, x, y| format!("{x:.3},{y:.2}\n"))),
            plain.replace('-', "\u{2013}"),
            format!("{plain}\nTotal points 1022\n1\t2\n"),
            format!("{plain}# end 12 13\n12345\n"),
            format!("{plain}{}", "nothing more\n".repeat(20_000)),
        ];
        for way in ways {
            is_ordinary(&way);
        }
    }

    #[test]
    fn utf16_and_latin1_are_read_like_utf8() {
        let text =
            format!("Raman shift (cm\u{207b}\u{b9})\tIntensity\n{}", table(|_, x, y| format!("{x}\t{y}\n")));
        let utf16 = |big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        for bytes in [
            utf16(true),
            utf16(false),
            [vec![0xFF, 0xFE], utf16(false)].concat(),
            [vec![0xFE, 0xFF], utf16(true)].concat(),
        ] {
            let decoded = attempt(&bytes).unwrap();
            let spectrum = decoded.spectra().next().unwrap();
            assert_eq!((spectrum.len(), spectrum.axis().kind()), (X.len(), &AxisKind::RamanShift));
            assert!(decoded.warnings.is_empty());
        }
        let latin: Vec<u8> =
            b"# D\xe9tecteur: -60 \xb0C\nNombre d'onde (cm\xaf\xb9);Intensit\xe9\n100,5;2\n101,5;3\n"
                .to_vec();
        let spectrum = attempt(&latin).unwrap().spectra().next().unwrap();
        assert_eq!(spectrum.meta.get("D\u{e9}tecteur"), Some("-60 \u{b0}C"));
        assert_eq!(spectrum.axis().kind(), &AxisKind::RamanShift);
    }

    #[test]
    fn whole_numbers_with_commas_are_two_columns() {
        let all = spectra("100,2153\n101,2140\n102,2086\n103,900\n");
        assert_eq!(
            (all[0].x(), all[0].y()),
            (&[100.0, 101.0, 102.0, 103.0][..], &[2153.0, 2140.0, 2086.0, 900.0][..])
        );
    }

    #[test]
    fn three_decimals_after_a_comma_are_decimals_not_thousands() {
        let all = spectra("168,216\t2,153\n172,303\t2,140\n176,386\t1,985\n");
        assert_eq!((all[0].x()[0], all[0].y()[0]), (168.216, 2.153));
    }

    #[test]
    fn missing_cells_rows_out_of_order_and_repeated_positions_are_told() {
        for (rows, points, word) in [
            ("1.5,2\n2.5,NaN\n3.5,#N/A\n4.5,5\n", 2, "2 of 4 rows were left out"),
            ("1.5,2\n2.5,\n,3\n4.5,5\n", 2, "2 of 4 rows were left out"),
            ("1.5,2\n2.5,1e999\n4.5,5\n", 2, "1 of 3 rows was left out"),
            ("1.5,2\n4.5,3\n2.5,5\n", 3, "sorted"),
            ("1.5,2\n2.5,3\n2.5,4\n4.5,5\n", 4, "same position"),
            ("1.5,2\n2.5,3\n3.5,bad\n4.5,5\n", 3, "1 lines inside the table"),
            ("1.5,2\n2.5,3\n3.5,5\n4", 3, "1 of 4 rows was left out"),
        ] {
            let decoded = read(rows);
            assert_eq!(decoded.spectra().next().unwrap().len(), points, "{rows}");
            assert!(decoded.warnings.iter().any(|w| w.contains(word)), "{rows}: {:?}", decoded.warnings);
        }
    }

    #[test]
    fn falling_and_uneven_positions_are_kept_as_they_are() {
        assert_eq!(spectra("9.5 1\n5.5 2\n4.25 3\n")[0].x(), [9.5, 5.5, 4.25]);
    }

    #[test]
    fn labels_and_laser_are_taken_from_the_header() {
        for (head, kind) in [
            ("Photon energy (eV)\tCounts\n", AxisKind::Energy),
            ("Wavelength (nm);Counts\n", AxisKind::Wavelength),
            ("# Laser: 785 nm\n# x;y\n# Wellenl\u{e4}nge;Z\u{e4}hler\n", AxisKind::Wavelength),
            ("Pixel,Counts\n", AxisKind::Pixel),
            ("\"Raman Shift (cm-1)\",\"Intensity, a.u.\"\n", AxisKind::RamanShift),
            ("Raman shift (cm-1)  Intensity (a.u.)\n", AxisKind::RamanShift),
            ("Wavelength,S1\nnm,CPS\n", AxisKind::Wavelength),
            ("wavenumber,absorbance\n", AxisKind::Wavenumber),
            ("Time (s),Counts\n", AxisKind::Other("Time (s)".into())),
            ("XUnits: nm\n", AxisKind::Wavelength),
            ("#Wave\t\t#Intensity\n", AxisKind::RamanShift),
        ] {
            let separator = ["\t", ";", ","].into_iter().find(|s| head.contains(s)).unwrap_or(" ");
            let text = format!("{head}{}", table(|_, x, y| format!("{x}{separator}{y}\n")));
            let decoded = is_ordinary(&text);
            assert_eq!(decoded.spectra().next().unwrap().axis().kind(), &kind, "{head}");
            assert!(decoded.warnings.is_empty(), "{head}: {:?}", decoded.warnings);
        }
        let text = format!(
            "# Laser wavelength (nm): 785.0\nIntegration time (ms)=500\nDate: 2020-01-02\n{}",
            table(|_, x, y| format!("{x} {y}\n"))
        );
        let decoded = is_ordinary(&text);
        let meta = decoded.spectra().next().unwrap().meta;
        assert_eq!(
            (meta.laser_nm, meta.integration_time_s, meta.date.as_deref()),
            (Some(785.0), Some(0.5), Some("2020-01-02"))
        );
        assert!(decoded.warnings[0].contains("taken as Raman shift"));
    }

    #[test]
    fn an_axis_in_the_second_column_is_found_by_its_name_in_full_precision() {
        let all = spectra("Intensity,Raman shift (cm-1)\n5,100.123456789\n6,101.123456789\n");
        assert_eq!((all[0].x()[0], all[0].y()), (100.123_456_789, &[5.0, 6.0][..]));
    }

    #[test]
    fn many_columns_share_one_axis() {
        let text = format!("shift;P 0;P 1\n{}", table(|_, x, y| format!("{x};{y};{}\n", y + 1.0)));
        let decoded = read(&text);
        let all: Vec<Spectrum> = decoded.spectra().collect();
        assert_eq!(all.iter().map(|s| s.meta.title.clone().unwrap()).collect::<Vec<_>>(), ["P 0", "P 1"]);
        assert!(std::sync::Arc::ptr_eq(all[0].axis(), all[1].axis()));
        assert!(
            matches!(read(&text.replace("shift;P 0;P 1\n", "")).items.as_slice(), [Item::Set(set)] if set.len() == 2)
        );
    }

    #[test]
    fn ragged_columns_pairs_index_and_uncertainty_columns_are_understood() {
        let ragged =
            table(|i, x, y| if i < 5 { format!("{x},{y},{}\n", y * 2.0) } else { format!("{x},{y},\n") });
        let decoded = read(&format!("shift,a,b\n{ragged}"));
        assert_eq!(decoded.spectra().map(|s| s.len()).collect::<Vec<_>>(), [12, 5]);
        assert!(decoded.warnings[0].contains("b: 5 of 12"));
        let pairs = table(|_, x, y| format!("{x},{y},{},{}\n", x + 0.5, y + 1.0));
        for head in ["", "x1,y1,x2,y2\n", "Raman shift,A,Raman shift,B\n"] {
            let all = spectra(&format!("{head}{pairs}"));
            assert_eq!((all.len(), all[1].x()[0], all[1].y()[0]), (2, X[0] + 0.5, 1235.5), "{head}");
        }
        let r = table(|i, x, y| format!("\"{}\" {x} {y}\n", i + 1));
        let decoded = is_ordinary(&format!("\"wavenumber\" \"counts\"\n{r}"));
        assert_eq!(decoded.spectra().next().unwrap().axis().kind(), &AxisKind::RamanShift);
        is_ordinary(&format!("Raman shift,Raman\n{}", table(|_, x, y| format!("{x},{y}\n"))));
        let index = table(|i, x, y| format!("{i},{x},{y}\n"));
        for head in ["", "index,Raman shift,Counts\n", ",shift,counts\n"] {
            is_ordinary(&format!("{head}{index}"));
        }
        let decoded =
            is_ordinary(&format!("# shift intensity sigma\n{}", table(|_, x, y| format!("{x} {y} 0.5\n"))));
        assert!(decoded.warnings[0].contains("Column 3 (sigma) holds uncertainties"));
        is_ordinary(&format!(
            "Pixel;Wavelength;Raman Shift;Counts\n{}",
            table(|i, x, y| format!("{i};{};{x};{y}\n", 540.0 + x))
        ));
    }

    #[test]
    fn tables_on_their_side_become_sets() {
        let axis: Vec<String> = (0..30).map(|i| format!("{}", 100.5 + 2.0 * f64::from(i))).collect();
        let row = |k: i32| (0..30).map(|i| format!("{}", (i * 7 + k) % 11)).collect::<Vec<_>>().join(",");
        let axis = axis.join(",");
        let set = |text: String| match read(&text).items.as_slice() {
            [Item::Set(set)] => set.clone(),
            other => panic!("{text}: {other:?}"),
        };
        let (a, b) = (row(0), row(3));
        let plain = set(format!("{axis}\n{a}\n{b}\n"));
        assert_eq!((plain.len(), plain.points(), plain.row(1).unwrap()[0]), (2, 30, 3.0));
        let named = set(format!("name,{axis}\nquartz,{a}\n\"calcite, pure\",{b}\n"));
        assert_eq!(named.labels, ["quartz", "calcite, pure"]);
        let map = set(format!(",,{axis}\n0.5,1.5,{a}\n0.5,2.5,{b}\n"));
        assert_eq!((map.positions.x.clone(), map.positions.y.clone()), (vec![0.5, 0.5], vec![1.5, 2.5]));
        let behind = set(format!("{axis},x,y,spectrum_identity\n{a},1,2,HDPE\n{b},3,4,PET\n"));
        assert_eq!(
            (behind.labels.clone(), behind.positions.y.clone()),
            (vec!["HDPE".to_owned(), "PET".to_owned()], vec![2.0, 4.0])
        );
        let series = set(format!(",{axis}\n0,{a}\n10,{b}\n20,{a}\n"));
        assert_eq!((series.len(), series.labels[1].as_str()), (3, "10"));
        let rising: Vec<String> = (0..30).map(|i| format!("{}", 5 + i)).collect();
        assert_eq!(set(format!("{axis}\n{}\n", rising.join(","))).len(), 1);
        let depths: String = (0..6).map(|i| format!("{i}.5,{}\n", row(i))).collect::<Vec<_>>().concat();
        assert_eq!(set(format!("wavenumber,{axis}\n{depths}")).len(), 6);
        // Names of columns that are numbers are no axis.
        let numbers: Vec<String> = (1..=25).map(|i| i.to_string()).collect();
        let rows = table(|_, x, y| format!("{x},{}\n", vec![y.to_string(); 25].join(",")));
        assert_eq!(read(&format!("shift,{}\n{rows}", numbers.join(","))).count(), 25);
    }

    #[test]
    fn spectra_one_below_the_other_are_told_apart() {
        let one = table(|_, x, y| format!("{x}\t{y}\n"));
        assert_eq!(read(&format!("{one}{one}{one}")).count(), 3);
        let decoded = read(&format!("first\n{one}\nsecond\n{one}"));
        let titles: Vec<_> = decoded.spectra().filter_map(|s| s.meta.title).collect();
        assert_eq!(titles, ["first", "second"]);
        let decoded = read(&format!("{one}{one}168.216\t5\n"));
        assert_eq!(decoded.count(), 2);
        assert!(decoded.warnings.iter().any(|w| w.contains("cut short")));
    }

    #[test]
    fn a_decimal_comma_that_shows_only_late_is_still_understood() {
        let rows = (0..9000)
            .map(|i| if i < 8000 { format!("{i};{}\n", i % 7) } else { format!("{i},5;{}\n", i % 7) });
        let all = spectra(&rows.collect::<String>());
        assert_eq!((all.len(), all[0].len(), all[0].x()[8999]), (1, 9000, 8999.5));
    }

    #[test]
    fn what_is_no_spectrum_is_an_error_that_names_the_file_and_what_it_found() {
        for (content, words) in [
            ("", "empty"),
            ("   \n\n", "without a table"),
            ("This is a note about sample 12 and 13.\nNothing here.\n", "without a table"),
            ("<html><body><p>1 2</p></body></html>\n", "web page"),
            ("500.0\t12.0\n", "line 1: one row of 2 numbers"),
            ("head\nshift,counts\n500.0,12.0\n", "line 3: one row"),
            ("5,1\n5,2\n5,3\n", "line 1: the first column is no axis: the axis is constant"),
            ("shift,counts\n1,NaN\n2,NaN\n3,NaN\n", "line 2: a spectrum needs at least 2 rows"),
            ("NaN,1\nNaN,2\nNaN,3\n", "line 1: a spectrum needs at least 2 rows"),
            ("7,1,2\n7,2,3\n7,3,4\n", "line 1: column 1 is no axis"),
            ("1\n2\n3\n4\n", "without a table"),
            (
                "Pixel,Wavelength,Wavenumber\n1,2,3\n2,3,4\n",
                "line 2: the table has an axis but no column of intensities",
            ),
        ] {
            let error = attempt(content.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("dir/a.txt: ") && error.contains(words), "{content:?}: {error}");
        }
        assert!(attempt(b"PK\x03\x04\0\0\0\x011 2\n3 4\n").is_err());
    }

    #[test]
    fn a_long_header_over_many_short_curves_stops_at_the_limit() {
        let head = format!("# note: {}\n{}\n", "words ".repeat(5000), "cm-1,y,".repeat(1000));
        let text = format!("{head}{}\n{}\n", "1,2,".repeat(1000), "2,3,".repeat(1000));
        let limits = Limits { decoded_bytes: 1 << 24, ..Limits::default() };
        let error = decode("a.csv", text.as_bytes(), limits).1.unwrap_err();
        assert!(matches!(error, FormatError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn numbers_beside_words_and_whole_rows_in_quotes_are_tables_too() {
        for way in [
            table(|_, x, y| format!("2020-01-01,{x},{y}\n")),
            format!("sample;shift;counts;flag\n{}", table(|_, x, y| format!("PS;{x};{y};OK\n"))),
            format!("1 2\nname\tshift\tcounts\n{}", table(|_, x, y| format!("PS\t{x}\t{y}\n"))),
        ] {
            let decoded = is_ordinary(&way);
            assert!(decoded.warnings[0].starts_with("Columns that hold words"), "{:?}", decoded.warnings);
        }
        is_ordinary(&table(|_, x, y| format!("\"{x},{y}\"\n")));
        let pdf = format!("%PDF-1.4\n{}", "0000000016 00000 n\n".repeat(9));
        assert!(attempt(pdf.as_bytes()).is_err());
    }

    #[test]
    fn separators_written_twice_make_no_columns() {
        is_ordinary(&table(|_, x, y| format!("{x}\t\t{y}\n")));
        is_ordinary(&format!("shift,,counts\n{}", table(|_, x, y| format!("{x},,{y}\n"))));
        let pairs = spectra(&table(|i, x, y| format!("{x},{y},,{x},{}\n", i % 3)));
        assert_eq!((pairs.len(), pairs[1].y()[4]), (2, 1.0));
    }

    #[test]
    fn pairs_of_very_different_lengths_stay_pairs() {
        let text =
            table(|i, x, y| if i < 5 { format!("{x},{y},{x},{}\n", i % 3) } else { format!("{x},{y},,\n") });
        let pairs = spectra(&text);
        assert_eq!((pairs.len(), pairs[1].len(), pairs[1].x()[4]), (2, 5, X[4]));
    }

    #[test]
    fn a_header_that_begins_with_a_separator_names_the_columns_behind_it() {
        let rows = table(|i, x, y| format!("{i}\t{x}\t{y}\n"));
        is_ordinary(&format!("\tRaman shift\tCounts\n{rows}"));
        is_ordinary(&format!("Raman shift\tCounts\n{rows}"));
    }

    #[test]
    fn uncertainties_have_many_names() {
        for name in ["yerr", "e", "Fehler", "standard deviation", "Std. dev."] {
            is_ordinary(&format!("shift,counts,{name}\n{}", table(|_, x, y| format!("{x},{y},3.5\n"))));
        }
    }

    #[test]
    fn a_sniffer_sees_whole_rows_only() {
        // Four columns of a map whose 64th kilobyte ends inside a row.
        let rows = (0..3).flat_map(|k| (0..900).map(move |i| (k, i)));
        let row = |(k, i)| format!("{k}.25,7.5,{}.125,{}\n", 100 + i, i % 7);
        let text = rows.map(row).collect::<Vec<String>>().concat();
        for extra in 0..24 {
            let text = format!("{}x_um,y_um,shift,intensity\n{text}", "#".repeat(extra));
            let (format, decoded) = decode("a.csv", text.as_bytes(), Limits::default());
            assert_eq!((format.map(|f| f.id), decoded.unwrap().count()), (Some("wire_txt"), 3), "{extra}");
        }
    }

    #[test]
    fn a_first_line_longer_than_the_head_is_seen() {
        let line =
            |from: usize| (from..from + 20_000).map(|i| format!("{i}.5")).collect::<Vec<_>>().join(",");
        let all = spectra(&format!("made by hand\n{}\n{}\n", line(100), line(7)));
        assert_eq!((all.len(), all[0].len(), all[0].y()[0].to_bits()), (1, 20_000, 7.5_f32.to_bits()));
    }

    #[test]
    fn hostile_tables_stay_small_and_quick() {
        let stairs: String = (1..400).map(|n| vec!["1"; n].join(",") + "\n").collect();
        let spike = "1,2\n".repeat(5000) + &"3,".repeat(30_000) + "\n";
        let runs = (0..20_000).map(|i| format!("{i} 1\n{} 2\nx\n", i + 1)).collect::<Vec<_>>().concat();
        let turns = "1 1\n0 1\n".repeat(20_000);
        let pairs =
            |head: &str| format!("{}\n{}\n{}\n", head.repeat(9000), "1,2,".repeat(9000), "2,3,".repeat(9000));
        let again = format!("{}x\n", "1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n7,7\n8,8\n9,9\n10,10\nx\n").repeat(6000);
        let rising = (0..40_000).map(|i| format!("{i},")).collect::<Vec<_>>().concat() + "\n";
        for text in [
            stairs,
            spike,
            runs,
            turns,
            rising.repeat(30),
            pairs("cm-1,y,"),
            pairs(""),
            again,
            "\"".repeat(100_000),
            ",".repeat(100_000),
            "1 ".repeat(100_000),
            "-\n".repeat(50_000),
        ] {
            // Each of these would take minutes or gigabytes if the work grew with the square of the text.
            let _either_way = attempt(text.as_bytes());
        }
    }
}
