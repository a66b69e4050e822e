//! CSV written to memory.

use super::super::MethodError;

type Writer = csv::Writer<Vec<u8>>;

/// The bytes of the records that `write` writes.
pub(in crate::methods) fn in_memory(
    write: impl FnOnce(&mut Writer) -> Result<(), csv::Error>,
) -> Result<Vec<u8>, MethodError> {
    let failed = |why: String| MethodError::Written { what: "table", why };
    let mut writer = csv::Writer::from_writer(Vec::new());
    write(&mut writer).map_err(|e| failed(e.to_string()))?;
    writer.into_inner().map_err(|e| failed(e.to_string()))
}
