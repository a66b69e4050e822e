//! One outcome as a CSV table: positions, mixture, reconstruction, background, residual, one column a component,
//! and the limits of its band where it has one.

use super::super::{Component, MethodError, Outcome};
use super::in_memory;

/// The curves of an outcome as `unravel unmix` writes them: one line a point, names quoted where they need it. Behind all
/// components stand the lower and the upper 90 % limit of those that have a band.
pub fn curves_csv(outcome: &Outcome) -> Result<Vec<u8>, MethodError> {
    let fixed = ["raman_shift_cm-1", "mixture", "reconstruction", "background", "residual"];
    let names = outcome.components.iter().map(|c| c.name.as_str());
    let limits: Vec<[(String, Vec<f32>); 2]> = outcome
        .components
        .iter()
        .filter_map(|c| limits(c, outcome.mixture.meta.intensity_unit.as_deref()))
        .collect();
    let limits: Vec<&(String, Vec<f32>)> = limits.iter().flatten().collect();
    let mut columns: Vec<&[f32]> =
        vec![outcome.mixture.y(), &outcome.reconstruction, &outcome.background, &outcome.residual];
    columns.extend(outcome.components.iter().map(|c| c.spectrum.as_slice()));
    columns.extend(limits.iter().map(|(_, curve)| curve.as_slice()));
    in_memory(|writer| {
        writer.write_record(
            fixed.into_iter().chain(names).chain(limits.iter().map(|(head, _)| head.as_str())),
        )?;
        for (i, x) in outcome.axis().values().iter().enumerate() {
            let cell = |column: &&[f32]| column.get(i).map(ToString::to_string).unwrap_or_default();
            writer.write_record(std::iter::once(x.to_string()).chain(columns.iter().map(cell)))?;
        }
        Ok(())
    })
}

/// Heads and numbers of the lower and the upper limit.
fn limits(component: &Component, unit: Option<&str>) -> Option<[(String, Vec<f32>); 2]> {
    let band = component.band()?;
    let unit = unit.filter(|unit| !unit.trim().is_empty()).unwrap_or("a.u.");
    let limit = |word: &str, side: f32| {
        let curve = component.spectrum.iter().zip(band).map(|(y, half)| y + side * half).collect();
        (format!("{} {word} 90 % limit ({unit})", component.name), curve)
    };
    Some([limit("lower", -1.0), limit("upper", 1.0)])
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{mixed, outcome_of, unsure};
    use super::*;
    use crate::formats::{Limits, decode};
    use crate::spectrum::Spectrum;

    #[test]
    fn one_line_a_point_and_names_quoted_where_they_need_it() {
        let mut outcome = outcome_of("nnomp", &mixed());
        outcome.components[1].name = "1,2-\"diol\"".into();
        let text = String::from_utf8(curves_csv(&outcome).unwrap()).unwrap();
        let mut lines = text.lines();
        let head = "raman_shift_cm-1,mixture,reconstruction,background,residual,Calcite,\"1,2-\"\"diol\"\"\"";
        assert_eq!(lines.next(), Some(head));
        let first: Vec<f64> = lines.next().unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!((first.len(), first[0]), (7, 150.0));
        assert!((first[1] - first[3..].iter().sum::<f64>()).abs() < 1e-2, "{first:?}");
        assert_eq!(lines.count(), outcome.mixture.len() - 1);
    }

    #[test]
    fn limits_of_bands_stand_behind_all_components_and_the_table_is_still_read() {
        let mut outcome = unsure(outcome_of("nnomp", &mixed()));
        outcome.mixture.meta.intensity_unit = Some("counts".into());
        let bytes = curves_csv(&outcome).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let head = "residual,Calcite,Not in the library,Calcite lower 90 % limit (counts),\
                    Calcite upper 90 % limit (counts),Not in the library lower 90 % limit (counts),";
        assert!(text.lines().next().unwrap().contains(head), "{text:.300}");
        let first: Vec<f32> =
            text.lines().nth(1).unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!((first.len(), first[7] + 5.0, first[8] - 5.0), (11, first[5], first[5]));
        let items = decode("a_guided.csv", &bytes, Limits::default()).1.unwrap();
        let back: Vec<Spectrum> = items.spectra().collect();
        let names: Vec<&str> = back.iter().map(|s| s.meta.display_name()).collect();
        assert_eq!(
            names,
            ["mixture", "reconstruction", "background", "residual", "Calcite", "Not in the library"]
        );
        assert_eq!(back[4].y(), outcome.components[0].spectrum);
        outcome.components[1].uncertainty = None;
        let text = String::from_utf8(curves_csv(&outcome).unwrap()).unwrap();
        assert_eq!(text.lines().next().unwrap().split(',').count(), 9);
    }
}
