//! Names that stay the same across frames, threads and undo.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// One spectrum or map of the document.
    ItemId
}
id! {
    /// One comparison of methods on one spectrum.
    ComparisonId
}
id! {
    /// One comparison of methods on many spectra.
    BatchId
}
id! {
    /// One open library.
    LibraryId
}
id! {
    /// A state of an item: two states with other data or other steps never share one, not even across undo.
    Version
}

impl LibraryId {
    /// The library that ships with the program.
    pub const DEFAULT: Self = Self(0);
    /// The user's own library, kept across sessions.
    pub const MINE: Self = Self(1);
}
