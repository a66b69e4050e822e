//! Colours of the curves in figures of benchmarks.

/// Colours that colour-blind people can tell apart (Okabe and Ito).
pub const COLOURS: [[u8; 3]; 7] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [230, 159, 0],
    [86, 180, 233],
    [110, 110, 110],
];
