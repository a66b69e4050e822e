//! What a component says about itself, in the numbers and words that printouts, tables and plots share.

use super::{Component, Unlisted};

/// Peaks that are named; the rest is counted.
const NAMED: usize = 8;
/// Intervals narrower than this, in percent, are given with a decimal.
const NARROW: f64 = 3.0;

impl Component {
    /// The least and the largest share, 0 to 1, that hold the true one in nine cases of ten.
    #[must_use]
    pub fn share_interval(&self) -> Option<(f64, f64)> {
        self.uncertainty.as_ref().map(|known| known.share)
    }

    /// Half the width of the 90 % interval at every point of the spectrum.
    #[must_use]
    pub fn band(&self) -> Option<&[f32]> {
        let band = self.uncertainty.as_ref()?.band.as_slice();
        (!band.is_empty() && band.len() == self.spectrum.len()).then_some(band)
    }

    /// Probability that its name is right, 0 to 1: that the species is there, or that the library does not hold it.
    #[must_use]
    pub fn sureness(&self) -> Option<f64> {
        self.confidence.or_else(|| self.unlisted.as_ref().map(|unlisted| unlisted.probability))
    }
}

impl Unlisted {
    /// `nearest Calcite, peaks 712, 1086 cm-1`; empty where nothing is known.
    #[must_use]
    pub fn words(&self) -> String {
        let nearest = self.nearest.as_ref().map(|nearest| format!("nearest {nearest}"));
        let list = self.peaks_cm1.iter().take(NAMED).map(|at| format!("{at:.0}"));
        let mut peaks = list.collect::<Vec<_>>().join(", ");
        let word = if self.peaks_cm1.len() == 1 { "peak" } else { "peaks" };
        if !peaks.is_empty() {
            peaks = format!("{word} {peaks} cm-1");
        }
        if self.peaks_cm1.len() > NAMED {
            peaks = format!("{peaks} and {} more", self.peaks_cm1.len() - NAMED);
        }
        let peaks = (!peaks.is_empty()).then_some(peaks);
        nearest.into_iter().chain(peaks).collect::<Vec<_>>().join(", ")
    }
}

/// An interval of shares in percent, `45-52`; `to` stands between its ends.
#[must_use]
pub fn share_range((low, high): (f64, f64), to: char) -> String {
    let (low, high) = (100.0 * low, 100.0 * high);
    let decimals = usize::from(high - low < NARROW);
    format!("{low:.decimals$}{to}{high:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_intervals_have_a_decimal() {
        assert_eq!(share_range((0.451, 0.523), '-'), "45-52");
        assert_eq!(share_range((0.9912, 1.0), '–'), "99.1–100.0");
    }

    #[test]
    fn an_unlisted_substance_is_told_by_its_peaks_and_what_comes_nearest() {
        let told = |count: u32, nearest: Option<&str>| {
            let peaks_cm1 = (0..count).map(|i| 500.4 + f64::from(i)).collect();
            Unlisted { probability: 0.9, peaks_cm1, nearest: nearest.map(str::to_owned) }.words()
        };
        assert_eq!(told(2, Some("Calcite")), "nearest Calcite, peaks 500, 501 cm-1");
        assert_eq!(told(1, None), "peak 500 cm-1");
        assert_eq!(told(10, None), "peaks 500, 501, 502, 503, 504, 505, 506, 507 cm-1 and 2 more");
        assert_eq!(told(0, None), "");
    }
}
