//! Widths of our two fonts, read from the files that are built in: what the drawing needs to keep words on the page.

use std::sync::LazyLock;

/// The regular cut of Inter.
pub(super) const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// The half-bold cut of Inter.
pub(super) const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// Width of a character the font does not have, in em: a generous guess for other scripts.
const UNKNOWN_EM: f64 = 1.0;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

struct Widths {
    /// Sorted ranges of characters with the glyph of the first.
    ranges: Vec<(u32, u32, u32)>,
    /// Advance of each glyph in em; the last one holds for all later glyphs.
    advances: Vec<f64>,
}

static WIDTHS: LazyLock<[Widths; 2]> = LazyLock::new(|| [Widths::read(REGULAR), Widths::read(SEMI_BOLD)]);

/// Width of one character in em.
pub(super) fn char_em(c: char, weight: Weight) -> f64 {
    let widths = &WIDTHS[usize::from(weight == Weight::SemiBold)];
    let code = u32::from(c);
    let at = widths.ranges.partition_point(|&(_, end, _)| end < code);
    match widths.ranges.get(at) {
        Some(&(start, _, glyph)) if start <= code => {
            let glyph = (glyph + (code - start)) as usize;
            widths.advances.get(glyph).or(widths.advances.last()).copied().unwrap_or(UNKNOWN_EM)
        }
        _ => UNKNOWN_EM,
    }
}

/// Width of a text in pt at `size` pt.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|c| char_em(c, weight)).sum::<f64>() * size
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// A table of an OpenType file by its tag.
fn table(font: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let record = (0..usize::from(u16_at(font, 4)?))
        .map(|i| 12 + 16 * i)
        .find(|&at| font.get(at..at + 4) == Some(&tag[..]))?;
    let (start, length) = (u32_at(font, record + 8)? as usize, u32_at(font, record + 12)? as usize);
    font.get(start..start + length)
}

impl Widths {
    fn read(font: &[u8]) -> Self {
        Self {
            ranges: Self::ranges(font).unwrap_or_default(),
            advances: Self::advances(font).unwrap_or_default(),
        }
    }

    fn advances(font: &[u8]) -> Option<Vec<f64>> {
        let units = f64::from(u16_at(table(font, *b"head")?, 18)?);
        let count = usize::from(u16_at(table(font, *b"hhea")?, 34)?);
        let advances = table(font, *b"hmtx")?;
        (0..count).map(|i| u16_at(advances, 4 * i).map(|a| f64::from(a) / units)).collect()
    }

    /// The segmented coverage (format 12) of the character map.
    fn ranges(font: &[u8]) -> Option<Vec<(u32, u32, u32)>> {
        let cmap = table(font, *b"cmap")?;
        let start = (0..usize::from(u16_at(cmap, 2)?))
            .filter_map(|i| u32_at(cmap, 8 + 8 * i))
            .map(|start| start as usize)
            .find(|&start| u16_at(cmap, start) == Some(12))?;
        let count = u32_at(cmap, start + 12)? as usize;
        (0..count)
            .map(|i| start + 16 + 12 * i)
            .map(|at| Some((u32_at(cmap, at)?, u32_at(cmap, at + 4)?, u32_at(cmap, at + 8)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_every_character_the_figures_use() {
        for c in "0123456789−×⁰¹²³⁴⁵⁶⁷⁸⁹⁻…·µ°αβ".chars() {
            for weight in [Weight::Regular, Weight::SemiBold] {
                let em = char_em(c, weight);
                assert!(em > 0.1 && em < UNKNOWN_EM, "{c} is {em} em wide");
            }
        }
    }

    #[test]
    fn widths_follow_the_letters() {
        let of = |text| width(text, 10.0, Weight::Regular);
        assert!(of("W") > of("i") * 2.0);
        assert!((of("aaaa") - 4.0 * of("a")).abs() < 1e-9);
        assert!(width("name", 10.0, Weight::SemiBold) > of("name"));
        assert!((of("漢") - 10.0).abs() < 1e-9);
        assert!(of("").abs() < 1e-9);
    }
}
