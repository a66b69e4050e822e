//! Floor 3: reference libraries.
