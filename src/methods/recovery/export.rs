//! A recovered spectrum as a table, byte for byte the same wherever they are exported from.

use super::super::MethodError;
use super::super::export::in_memory;
use super::Recovered;
use crate::spectrum::AxisKind;

/// All curves of one answer: one line a point.
pub fn curves_csv(recovered: &Recovered) -> Result<Vec<u8>, MethodError> {
    let residual = recovered.residual();
    let intensity = recovered.background_intensity();
    let columns: [(&str, &[f32]); 6] = [
        ("cars", recovered.measured.y()),
        ("recovered_raman", &recovered.raman),
        ("background", &intensity),
        ("background_amplitude", &recovered.background),
        ("forward_fit", &recovered.forward),
        ("residual", &residual),
    ];
    in_memory(|writer| {
        let head = std::iter::once(position_head(recovered.axis().kind()));
        writer.write_record(head.chain(columns.iter().map(|(name, _)| *name)))?;
        for (i, x) in recovered.axis().values().iter().enumerate() {
            let cell =
                |(_, column): &(&str, &[f32])| column.get(i).map(ToString::to_string).unwrap_or_default();
            writer.write_record(std::iter::once(x.to_string()).chain(columns.iter().map(cell)))?;
        }
        Ok(())
    })
}

fn position_head(kind: &AxisKind) -> &'static str {
    match kind {
        AxisKind::RamanShift => "raman_shift_cm-1",
        _ => "position",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::recovered;
    use super::*;

    #[test]
    fn a_table_holds_a_line_a_point() {
        let y: Vec<f32> = (0..600).map(|i| 1.0 / (1.0 + ((i as f32 - 300.0) / 8.0).powi(2))).collect();
        let found = recovered(500.0, y);
        let text = String::from_utf8(curves_csv(&found).unwrap()).unwrap();
        assert_eq!(text.lines().count(), 601);
        assert!(text.starts_with(
            "raman_shift_cm-1,cars,recovered_raman,background,background_amplitude,forward_fit,residual\n500,"
        ));
    }
}
