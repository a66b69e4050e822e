//! One outcome as a CSV table: positions, mixture, reconstruction, background, residual, one column a component.

use crate::methods::Outcome;

/// The whole file. Names are quoted where they need it.
pub fn csv(outcome: &Outcome) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |e: csv::Error| e.to_string();
    let fixed = ["raman_shift_cm-1", "mixture", "reconstruction", "background", "residual"];
    let names = outcome.components.iter().map(|c| c.name.as_str());
    writer.write_record(fixed.into_iter().chain(names)).map_err(wrong)?;
    let mut columns: Vec<&[f32]> =
        vec![outcome.mixture.y(), &outcome.reconstruction, &outcome.background, &outcome.residual];
    columns.extend(outcome.components.iter().map(|c| c.spectrum.as_slice()));
    for (i, x) in outcome.axis().values().iter().enumerate() {
        let cell = |column: &&[f32]| column.get(i).map(ToString::to_string).unwrap_or_default();
        writer.write_record(std::iter::once(x.to_string()).chain(columns.iter().map(cell))).map_err(wrong)?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}
