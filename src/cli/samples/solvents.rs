//! The four solvents of the `RaMixNet` paper (arXiv 2106.05316) as lists of lines.
//!
//! Positions in cm-1 are those of the liquids' Raman spectra as the literature gives them (facts; lines below 300 and above
//! 2500 cm-1 left out). The works that treat them are, of toluene, the Raman shift standard ASTM E1840 and Wilmshurst and
//! Bernstein 1957; of aniline Evans 1960; of o-xylene Green 1970; of pyridine Wilmshurst and Bernstein 1957; the numbers were
//! written down from general knowledge of this literature, not transcribed line by line. Toluene was compared with a
//! measured spectrum (`tests/suite/classify.rs`); of the other three none was at hand. Heights are rounded estimates relative
//! to the strongest line, widths those of liquids; neither was taken from a measured spectrum.

use crate::library::peaks::{Line, Substance};

/// Position in cm-1, height, full width at half maximum in cm-1.
type Row = (f64, f64, f64);

const TOLUENE: &[Row] = &[
    (344.0, 0.04, 9.0),
    (521.0, 0.20, 7.0),
    (622.0, 0.10, 6.0),
    (786.5, 0.55, 6.0),
    (1003.6, 1.00, 4.0),
    (1030.6, 0.28, 5.0),
    (1156.0, 0.04, 7.0),
    (1178.0, 0.04, 7.0),
    (1211.0, 0.22, 7.0),
    (1379.0, 0.09, 9.0),
    (1437.0, 0.03, 18.0),
    (1586.0, 0.04, 8.0),
    (1605.0, 0.15, 7.0),
];
const ANILINE: &[Row] = &[
    (390.0, 0.05, 14.0),
    (531.0, 0.22, 8.0),
    (619.0, 0.15, 7.0),
    (755.0, 0.06, 10.0),
    (812.0, 0.45, 8.0),
    (996.0, 1.00, 5.0),
    (1028.0, 0.40, 6.0),
    (1155.0, 0.08, 8.0),
    (1174.0, 0.10, 8.0),
    (1278.0, 0.20, 14.0),
    (1602.0, 0.30, 10.0),
    (1619.0, 0.14, 12.0),
];
const O_XYLENE: &[Row] = &[
    (506.0, 0.25, 8.0),
    (583.0, 0.35, 6.0),
    (734.0, 1.00, 6.0),
    (985.0, 0.28, 6.0),
    (1052.0, 0.55, 6.0),
    (1121.0, 0.05, 8.0),
    (1157.0, 0.06, 8.0),
    (1222.0, 0.28, 7.0),
    (1290.0, 0.06, 9.0),
    (1384.0, 0.22, 10.0),
    (1450.0, 0.10, 20.0),
    (1582.0, 0.05, 9.0),
    (1607.0, 0.20, 8.0),
];
const PYRIDINE: &[Row] = &[
    (405.0, 0.02, 9.0),
    (604.0, 0.05, 8.0),
    (652.0, 0.10, 7.0),
    (886.0, 0.02, 9.0),
    (991.0, 1.00, 5.0),
    (1030.0, 0.70, 5.0),
    (1068.0, 0.03, 8.0),
    (1147.0, 0.03, 9.0),
    (1217.0, 0.10, 9.0),
    (1482.0, 0.02, 9.0),
    (1572.0, 0.04, 9.0),
    (1581.0, 0.07, 9.0),
    (1597.0, 0.03, 9.0),
];

/// The four, by names that no entry of the default library has.
pub fn solvents() -> Vec<Substance> {
    [
        ("Aniline, paper", ANILINE),
        ("o-Xylene, paper", O_XYLENE),
        ("Pyridine, paper", PYRIDINE),
        ("Toluene, paper", TOLUENE),
    ]
    .into_iter()
    .map(|(name, rows)| substance(name, rows))
    .collect()
}

fn substance(name: &str, rows: &[Row]) -> Substance {
    let line = |(position_cm1, height, fwhm_cm1): &Row| Line {
        position_cm1: *position_cm1,
        height: *height,
        fwhm_cm1: *fwhm_cm1,
        shape: 0.8,
    };
    Substance {
        name: name.to_owned(),
        formula: String::new(),
        class: "chemical".into(),
        group: name.to_owned(),
        laser_nm: Some(785.0),
        low_cm1: 300.0,
        high_cm1: 2500.0,
        source: "published line positions".into(),
        lines: rows.iter().map(line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_rise_within_the_range_and_the_strongest_is_one() {
        for solvent in solvents() {
            assert!(
                solvent.lines.windows(2).all(|w| w[0].position_cm1 < w[1].position_cm1),
                "{}",
                solvent.name
            );
            let top = solvent.lines.iter().map(|l| l.height).fold(0.0, f64::max);
            assert!(
                (top - 1.0).abs() < 1e-12 && solvent.lines.iter().all(|l| l.height > 0.0 && l.fwhm_cm1 > 3.0)
            );
            assert!(solvent.lines.iter().all(|l| l.position_cm1 > 300.0 && l.position_cm1 < 2500.0));
        }
    }
}
