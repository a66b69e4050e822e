//! Floor 2: preparing spectra.
