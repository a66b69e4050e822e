//! The spectra of an input with the files of their results.

use super::{Choice, Chosen, Names};
use crate::formats::Decoded;
use crate::spectrum::Spectrum;

/// Spectra taken out of a map at a time: enough for many cores and for a network's batches, little memory.
pub const AT_A_TIME: usize = 256;

/// One spectrum of an input, and the files its results go to: one for each method.
pub struct Job {
    /// Number in its file, from 1.
    pub number: usize,
    pub spectrum: Spectrum,
    pub files: Vec<String>,
}

/// All spectra of an input, in order.
pub fn jobs<'a, M: Choice + ?Sized>(
    input: &'a str,
    decoded: &'a Decoded,
    methods: &'a [Chosen<M>],
    names: &'a mut Names,
) -> impl Iterator<Item = Job> + 'a {
    let count = decoded.count();
    decoded.spectra().enumerate().map(move |(k, spectrum)| {
        let number = k + 1;
        let files = methods.iter().map(|c| names.give(input, number, count, c.method.info().id)).collect();
        Job { number, spectrum, files }
    })
}
