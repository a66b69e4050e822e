//! The index of a packed library as it stands in JSON.

use serde::{Deserialize, Serialize};

use crate::spectrum::{AxisKind, Metadata};

use super::super::{EntryId, Facts};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredIndex {
    pub name: String,
    pub next_id: u64,
    pub axes: Vec<StoredAxis>,
    pub entries: Vec<StoredEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredAxis {
    pub kind: AxisKind,
    pub points: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredEntry {
    pub id: EntryId,
    pub axis: u64,
    pub facts: Facts,
    #[serde(with = "StoredMeta")]
    pub meta: Metadata,
}

/// [`Metadata`] with nothing written for what is not known.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Metadata")]
pub(crate) struct StoredMeta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "exact")]
    laser_nm: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "exact")]
    integration_time_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accumulations: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instrument: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intensity_unit: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extra: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<String>,
}

/// Numbers as decimal text: JSON parsers may round the last bit of a number and have no NaN.
mod exact {
    use serde::de::{Deserialize as _, Deserializer, Error as _};
    use serde::ser::Serializer;

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.map(|v| v.to_string()).unwrap_or_default())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        match text.as_ref() {
            "" => Ok(None),
            number => number
                .parse()
                .map(Some)
                .map_err(|_error| D::Error::custom(format!("\"{number}\" is not a number"))),
        }
    }
}
