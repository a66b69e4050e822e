//! What the user wants networks to run on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ComputeError;

/// What networks shall run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// A GPU where there is a good one, else the CPU.
    #[default]
    Auto,
    /// A GPU, or an error that says why there is none.
    Gpu,
    /// The CPU.
    Cpu,
}

impl Wish {
    /// Every wish, in the order of help texts.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Gpu, Self::Cpu];

    /// How it is written on a command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Gpu => "gpu",
            Self::Cpu => "cpu",
        }
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Wish {
    type Err = ComputeError;

    fn from_str(text: &str) -> Result<Self, ComputeError> {
        let wanted = text.trim().to_lowercase();
        let found = Self::ALL.into_iter().find(|wish| wish.id() == wanted);
        found.ok_or_else(|| ComputeError::UnknownWish(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_read_as_it_is_written_and_nothing_else_is() {
        for wish in Wish::ALL {
            assert_eq!(wish.to_string().parse::<Wish>().unwrap(), wish);
        }
        assert_eq!(" GPU ".parse::<Wish>().unwrap(), Wish::Gpu);
        let said = "cuda".parse::<Wish>().unwrap_err().to_string();
        assert!(said.contains("'cuda'") && said.contains("auto, gpu or cpu"), "{said}");
    }
}
