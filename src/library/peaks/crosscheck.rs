//! Rebuilt spectra beside the CDPH collection. It states no licence, so it is only looked at, never fitted. Its
//! pigments are copies of the UCL records that Open Specy has too, so they prove nothing and are left out. Many others
//! are a few cm-1 off, so the comparison is made at the best shift, which is reported.

use std::path::Path;

use super::report::CrossChecked;
use super::{Curve, Line, Substance, correlation};
use crate::library::{Layout, Library, LibraryError, LoadOptions};

const CDPH: &str = "library_cdph";
/// Group of the records that are not independent.
const COPIES: &str = "Pigment";
/// Shifts tried on either side, in cm-1.
const FARTHEST_SHIFT_CM1: i32 = 8;
/// Common ranges shorter than this part of the record say little.
const LEAST_OVERLAP: f64 = 0.5;

/// Correlations of all records whose name is that of a substance; empty when the collection is not there.
pub(super) fn run(data: &Path, substances: &[Substance]) -> Result<Vec<CrossChecked>, LibraryError> {
    let folder = data.join(CDPH);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let options = LoadOptions { layout: Layout::Native, ..LoadOptions::default() };
    let mut checked = Vec::new();
    for entry in Library::load(&folder, &options)?.library.entries() {
        if entry.facts.kind.starts_with(COPIES) {
            continue;
        }
        let record = &entry.facts.group;
        let bare = bare_name(record);
        let same = |s: &&Substance| [&s.name, &s.group].iter().any(|name| bare_name(name) == bare);
        let Some(substance) = substances.iter().find(same).filter(|_| !bare.is_empty()) else { continue };
        let Ok(curve) = Curve::new(&entry.spectrum) else { continue };
        let Some(common) = within(&curve, substance.low_cm1, substance.high_cm1) else { continue };
        let (shift_cm1, correlation) = best_shift(&common, &substance.lines);
        checked.push(CrossChecked {
            name: substance.name.clone(),
            record: record.clone(),
            shift_cm1,
            correlation,
        });
    }
    Ok(checked)
}

fn best_shift(curve: &Curve, lines: &[Line]) -> (i32, f64) {
    (-FARTHEST_SHIFT_CM1..=FARTHEST_SHIFT_CM1)
        .map(|shift| {
            let moved = |line: &Line| Line { position_cm1: line.position_cm1 + f64::from(shift), ..*line };
            (shift, correlation(curve, &lines.iter().map(moved).collect::<Vec<Line>>()))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

/// Letters of the name up to the first digit, underscore or bracket, in lower case.
fn bare_name(name: &str) -> String {
    name.chars()
        .take_while(|c| !matches!(c, '_' | '(' | '0'..='9'))
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

fn within(curve: &Curve, low_cm1: f64, high_cm1: f64) -> Option<Curve> {
    let start = curve.x.partition_point(|x| *x < low_cm1);
    let end = curve.x.partition_point(|x| *x <= high_cm1);
    let enough = end.saturating_sub(start) as f64 >= LEAST_OVERLAP * curve.x.len() as f64;
    enough.then(|| Curve { x: curve.x[start..end].to_vec(), y: curve.y[start..end].to_vec(), ..*curve })
}

#[cfg(test)]
mod tests {
    use super::bare_name;

    #[test]
    fn names_are_compared_without_their_notes() {
        assert_eq!(bare_name("Calcite(CaCO3)_785nm"), "calcite");
        assert_eq!(bare_name("Red lead"), bare_name("Redlead_dilead(II)"));
        assert_eq!(bare_name("Talc1"), "talc");
    }
}
