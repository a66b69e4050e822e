//! Numbers in the index that come back whatever they are: JSON has no NaN and no infinity, so these are words.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// A number that survives JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact(pub f64);

impl From<f64> for Exact {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() { to.serialize_f64(self.0) } else { to.serialize_str(&self.0.to_string()) }
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Number).map(Self)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"inf\" or \"-inf\"")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        text.parse().map_err(|_not| E::custom(format!("\"{text}\" is not a number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        for value in
            [0.0, -0.0, 1.0, 0.1 + 0.2, 1e300, -1e22, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]
        {
            let json = serde_json::to_string(&Exact(value)).unwrap();
            let back: Exact = serde_json::from_str(&json).unwrap();
            assert!(back.0.to_bits() == value.to_bits() || (back.0.is_nan() && value.is_nan()), "{json}");
        }
        assert!(serde_json::from_str::<Exact>("\"much\"").is_err());
        assert!(serde_json::from_str::<Exact>("null").is_err());
    }
}
