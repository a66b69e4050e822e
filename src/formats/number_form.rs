//! Numbers as binary files store them: kind, size, either order of bytes.

/// How one number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberForm {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl NumberForm {
    /// In bytes.
    pub fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The number in these bytes; what is missing of it counts as zeros.
    pub fn read(self, bytes: &[u8], big: bool) -> f64 {
        let mut le = [0_u8; 8];
        for (slot, byte) in le.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        if big && let Some(used) = le.get_mut(..self.size()) {
            used.reverse();
        }
        let [a, b, c, d, ..] = le;
        match self {
            Self::I8 => i8::from_le_bytes([a]).into(),
            Self::U8 => a.into(),
            Self::I16 => i16::from_le_bytes([a, b]).into(),
            Self::U16 => u16::from_le_bytes([a, b]).into(),
            Self::I32 => i32::from_le_bytes([a, b, c, d]).into(),
            Self::U32 => u32::from_le_bytes([a, b, c, d]).into(),
            Self::I64 => i64::from_le_bytes(le) as f64,
            Self::U64 => u64::from_le_bytes(le) as f64,
            Self::F32 => f32::from_le_bytes([a, b, c, d]).into(),
            Self::F64 => f64::from_le_bytes(le),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_in_either_order_of_bytes() {
        let both = |form: NumberForm, little: &[u8]| {
            assert_eq!(form.size(), little.len());
            let big: Vec<u8> = little.iter().rev().copied().collect();
            assert_eq!(form.read(little, false).to_bits(), form.read(&big, true).to_bits(), "{form:?}");
            form.read(little, false)
        };
        let found = [
            both(NumberForm::I8, &(-2_i8).to_le_bytes()),
            both(NumberForm::U8, &[200]),
            both(NumberForm::I16, &(-300_i16).to_le_bytes()),
            both(NumberForm::U16, &60_000_u16.to_le_bytes()),
            both(NumberForm::I32, &(-70_000_i32).to_le_bytes()),
            both(NumberForm::U32, &4_000_000_000_u32.to_le_bytes()),
            both(NumberForm::I64, &(-5_000_000_000_i64).to_le_bytes()),
            both(NumberForm::U64, &(1_u64 << 63).to_le_bytes()),
            both(NumberForm::F32, &1.5_f32.to_le_bytes()),
            both(NumberForm::F64, &(-2.25_f64).to_le_bytes()),
        ];
        let exact = [-2.0, 200.0, -300.0, 6e4, -7e4, 4e9, -5e9, 9_223_372_036_854_775_808.0, 1.5, -2.25];
        assert_eq!(found.map(f64::to_bits), exact.map(f64::to_bits));
    }
}
