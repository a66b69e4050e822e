//! One outcome as a CSV table: positions, mixture, reconstruction, background, residual, one column a component.

use super::super::{MethodError, Outcome};
use super::in_memory;

/// The curves of an outcome as `unravel unmix` writes them: one line a point, names quoted where they need it.
pub fn curves_csv(outcome: &Outcome) -> Result<Vec<u8>, MethodError> {
    let fixed = ["raman_shift_cm-1", "mixture", "reconstruction", "background", "residual"];
    let names = outcome.components.iter().map(|c| c.name.as_str());
    let mut columns: Vec<&[f32]> =
        vec![outcome.mixture.y(), &outcome.reconstruction, &outcome.background, &outcome.residual];
    columns.extend(outcome.components.iter().map(|c| c.spectrum.as_slice()));
    in_memory(|writer| {
        writer.write_record(fixed.into_iter().chain(names))?;
        for (i, x) in outcome.axis().values().iter().enumerate() {
            let cell = |column: &&[f32]| column.get(i).map(ToString::to_string).unwrap_or_default();
            writer.write_record(std::iter::once(x.to_string()).chain(columns.iter().map(cell)))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{mixed, outcome_of};
    use super::*;

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
}
