//! Lines of known substances.

use super::super::Rng;
use super::model::Resonance;

/// A line: position in cm-1, height, half width in cm-1.
type Line = (f64, f64, f64);

/// Raman lines of a substance within 800 to 1800 cm-1.
///
/// Positions of the first six are those of the shift standards of ASTM E1840; of the others, band positions that are
/// given alike throughout the literature. Heights and widths are of the usual size only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineList {
    /// The substance.
    pub name: &'static str,
    lines: &'static [Line],
}

/// Deviations from one specimen to the next: centre in cm-1, and of heights and widths relatively.
const CENTRE_CM1: f64 = 3.0;
const HEIGHT: f64 = 0.3;
const WIDTH: f64 = 0.2;

impl LineList {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self {
            name: "polystyrene",
            lines: &[
                (1001.4, 1.0, 3.5),
                (1031.8, 0.27, 5.0),
                (1155.3, 0.13, 7.0),
                (1182.0, 0.10, 7.0),
                (1450.5, 0.12, 11.0),
                (1583.1, 0.12, 6.0),
                (1602.3, 0.28, 6.0),
            ],
        },
        Self {
            name: "cyclohexane",
            lines: &[
                (801.3, 1.0, 3.5),
                (1028.3, 0.55, 6.0),
                (1157.6, 0.14, 6.0),
                (1266.4, 0.42, 8.0),
                (1444.4, 0.40, 10.0),
            ],
        },
        Self {
            name: "toluene",
            lines: &[
                (1003.6, 1.0, 2.5),
                (1030.6, 0.28, 3.5),
                (1156.0, 0.07, 6.0),
                (1178.0, 0.08, 6.0),
                (1211.4, 0.28, 4.0),
                (1380.0, 0.12, 8.0),
                (1586.0, 0.07, 6.0),
                (1605.1, 0.14, 5.0),
            ],
        },
        Self {
            name: "benzonitrile",
            lines: &[
                (1000.7, 1.0, 3.0),
                (1026.6, 0.20, 4.0),
                (1177.9, 0.22, 4.5),
                (1192.6, 0.28, 4.5),
                (1598.9, 0.50, 5.5),
            ],
        },
        Self {
            name: "naphthalene",
            lines: &[
                (1021.6, 0.22, 2.5),
                (1147.2, 0.07, 3.0),
                (1382.2, 1.0, 3.0),
                (1464.5, 0.14, 3.5),
                (1576.6, 0.18, 3.5),
            ],
        },
        Self {
            name: "4-acetamidophenol",
            lines: &[
                (834.5, 0.30, 5.0),
                (857.9, 0.90, 5.0),
                (968.7, 0.15, 5.0),
                (1105.5, 0.10, 6.0),
                (1168.5, 0.75, 5.5),
                (1236.8, 0.80, 6.5),
                (1278.5, 0.40, 7.0),
                (1323.9, 1.0, 6.0),
                (1371.5, 0.30, 7.0),
                (1515.1, 0.12, 7.0),
                (1561.5, 0.35, 8.0),
                (1609.0, 0.85, 7.0),
                (1648.4, 0.80, 7.0),
            ],
        },
        Self {
            name: "protein",
            lines: &[
                (830.0, 0.20, 9.0),
                (853.0, 0.25, 9.0),
                (940.0, 0.30, 16.0),
                (1004.0, 0.90, 4.0),
                (1032.0, 0.25, 7.0),
                (1128.0, 0.25, 14.0),
                (1208.0, 0.25, 10.0),
                (1240.0, 0.45, 20.0),
                (1265.0, 0.35, 18.0),
                (1340.0, 0.55, 18.0),
                (1450.0, 1.0, 13.0),
                (1555.0, 0.20, 10.0),
                (1615.0, 0.25, 9.0),
                (1657.0, 1.0, 20.0),
            ],
        },
        Self {
            name: "lipid",
            lines: &[
                (870.0, 0.20, 14.0),
                (970.0, 0.12, 12.0),
                (1064.0, 0.40, 9.0),
                (1085.0, 0.38, 14.0),
                (1128.0, 0.40, 9.0),
                (1267.0, 0.40, 10.0),
                (1301.0, 0.80, 11.0),
                (1441.0, 1.0, 12.0),
                (1460.0, 0.45, 12.0),
                (1657.0, 0.75, 8.0),
                (1745.0, 0.22, 12.0),
            ],
        },
        Self {
            name: "nucleotide",
            lines: &[
                (813.0, 0.35, 8.0),
                (980.0, 0.35, 7.0),
                (1085.0, 0.30, 16.0),
                (1118.0, 0.55, 10.0),
                (1176.0, 0.15, 9.0),
                (1250.0, 0.22, 11.0),
                (1307.0, 0.65, 11.0),
                (1337.0, 1.0, 10.0),
                (1378.0, 0.50, 10.0),
                (1422.0, 0.30, 10.0),
                (1483.0, 0.75, 9.0),
                (1508.0, 0.35, 9.0),
                (1577.0, 0.70, 8.0),
            ],
        },
    ];

    /// The resonances of one specimen, each a little off.
    pub fn specimen(&self, rng: &mut Rng) -> Vec<Resonance> {
        let line = |(centre, height, half_width): &Line| {
            let centre = centre + CENTRE_CM1 * rng.normal();
            let height = height * rng.uniform(1.0 - HEIGHT, 1.0 + HEIGHT);
            let half_width = half_width * rng.uniform(1.0 - WIDTH, 1.0 + WIDTH);
            Resonance { amplitude: height * half_width, centre, half_width }
        };
        self.lines.iter().map(line).collect()
    }
}
