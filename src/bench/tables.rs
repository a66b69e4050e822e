//! Small CSV tables with a header line, kept as text.

use std::path::Path;

use super::BenchError;

/// Largest table taken into memory.
const MAX_BYTES: u64 = 256 << 20;

/// Header and lines of a CSV file.
pub fn read(path: &Path) -> Result<(Vec<String>, Vec<Vec<String>>), BenchError> {
    let size = std::fs::metadata(path).map_err(|e| BenchError::data(path, e.to_string()))?.len();
    if size > MAX_BYTES {
        return Err(BenchError::data(path, format!("{size} bytes are more than the limit of {MAX_BYTES}")));
    }
    let bytes = std::fs::read(path).map_err(|e| BenchError::data(path, e.to_string()))?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let problem = |e: &csv::Error| BenchError::data(path, e.to_string());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().map_err(|e| problem(&e))?);
    let lines = reader.records().map(|r| r.map(|r| cells(&r)).map_err(|e| problem(&e)));
    Ok((header, lines.collect::<Result<_, _>>()?))
}
