//! One row of the summary in words.

use super::super::output::say;
use crate::methods::export::Row;

pub fn print(row: &Row) {
    if let Some(error) = &row.error {
        eprintln!("unravel: {error}");
        return;
    }
    let ms = row.ms.unwrap_or_default();
    say!("{} spectrum {} ({}), {}, {ms:.1} ms", row.path, row.spectrum, row.title, row.method);
    if row.components.is_empty() {
        say!("  nothing in the library explains it");
    }
    for component in &row.components {
        let sure = component.confidence.map(|c| format!("  {:.0} % sure", 100.0 * c)).unwrap_or_default();
        let scored = component.si_snr_db.map(|db| format!("  {db:.1} dB")).unwrap_or_default();
        let line = format!("  {:>5.1} %  {:<34}{sure}{scored}", 100.0 * component.share, component.name);
        say!("{}", line.trim_end());
    }
    for note in &row.notes {
        say!("  note: {note}");
    }
    if let Some(file) = &row.file {
        say!("  -> {file}");
    }
}
