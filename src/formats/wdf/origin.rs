//! Where and when each spectrum was taken: the ORGN lists, and the map's grid from WMAP.

use crate::spectrum::{MapShape, Metadata, Positions};

use super::super::bytes::Bytes;
use super::super::{Input, dates};
use super::blocks::{Block, Blocks};
use super::header::{Header, unit_name};

/// Bytes before the values of a list: type, unit, label.
const LIST_HEAD: u64 = 24;
/// Bit of a list's type that marks the coordinate the series was made over.
const PRIMARY: u32 = 1 << 31;
/// Unit code of FILETIME values.
const FILETIME: u32 = 24;
/// Lists kept; real files have three to ten.
const LISTS: usize = 64;

/// One coordinate of every spectrum.
#[derive(Debug)]
struct List {
    kind: u32,
    primary: bool,
    unit: u32,
    label: String,
    values: Vec<f64>,
}

/// WMAP: how the spectra fill a grid.
#[derive(Debug, Clone, Copy)]
struct Grid {
    flags: u32,
    count: [u32; 3],
}

/// Everything known about the places of the spectra.
#[derive(Debug)]
pub struct Origin {
    rows: usize,
    start: u64,
    lists: Vec<List>,
    grid: Option<Grid>,
}

/// What a set needs from it.
#[derive(Debug, Default)]
pub struct Arranged {
    /// Coordinates in the order of the rows.
    pub positions: Positions,
    /// Image shape, when x runs fastest and every line is complete.
    pub shape: Option<MapShape>,
    /// Row names for series over something else than place or time.
    pub labels: Vec<String>,
}

/// How the rows of a map lie in its grid.
#[derive(Debug, PartialEq, Eq)]
enum Layout {
    XFastest(MapShape),
    YFastest(MapShape),
    Other,
}

impl Origin {
    /// Reads the lists and the grid; what is damaged is left out with a warning.
    pub fn read(
        input: &Input,
        blocks: &Blocks,
        header: &Header,
        rows: u64,
        warnings: &mut Vec<String>,
    ) -> Self {
        let mut origin = Self {
            rows: usize::try_from(rows).unwrap_or(usize::MAX),
            start: header.start(),
            lists: Vec::new(),
            grid: blocks.get(*b"WMAP").and_then(|block| grid(input, block)),
        };
        match blocks.get(*b"ORGN") {
            Some(block) if origin.read_lists(input, block, header.capacity, rows) => {}
            Some(_) => warnings
                .push("The position lists (ORGN) do not fit into their block; some are left out.".into()),
            None if header.origins > 0 => warnings.push(format!(
                "The header announces {} position lists, but their block (ORGN) is missing.",
                header.origins
            )),
            None => {}
        }
        origin
    }

    fn read_lists(&mut self, input: &Input, block: &Block, capacity: u64, rows: u64) -> bool {
        let bytes = Bytes::new(input);
        let end = block.start.saturating_add(block.length);
        let Ok(count) = bytes.u32(block.start, "the number of position lists") else { return false };
        let stride = capacity.saturating_mul(8).saturating_add(LIST_HEAD);
        let mut at = block.start + 4;
        for _ in 0..count {
            if at.checked_add(stride).is_none_or(|stop| stop > end) || rows > capacity {
                return false;
            }
            if self.lists.len() < LISTS {
                match list(bytes, at, rows) {
                    Some(list) => self.lists.push(list),
                    None => return false,
                }
            }
            at += stride;
        }
        true
    }

    fn of(&self, kind: u32) -> Option<&List> {
        let all = || self.lists.iter().filter(|l| l.kind == kind && l.values.iter().all(|v| v.is_finite()));
        all().find(|l| l.primary).or_else(|| all().next())
    }

    /// Place and time of the only spectrum, as metadata.
    pub fn describe_single(&self, meta: &mut Metadata) {
        for (kind, name) in [(3, "x"), (4, "y"), (5, "z")] {
            if let Some((list, value)) = self.of(kind).and_then(|l| Some((l, l.values.first()?))) {
                meta.push(name, format!("{value} {}", unit_name(list.unit)));
            }
        }
    }

    fn lengths(&self, kind: u32) -> Vec<f64> {
        let Some(list) = self.of(kind) else { return Vec::new() };
        let um = match list.unit {
            5 => 1.0,
            8 => 1e3,
            9 => 1e6,
            _ => return Vec::new(),
        };
        list.values.iter().map(|v| v * um).collect()
    }

    fn times(&self) -> Vec<f64> {
        let Some(list) = self.lists.iter().find(|l| l.kind == 11) else { return Vec::new() };
        let scale = match list.unit {
            FILETIME => {
                let first = list.values.first().map_or(self.start, |v| v.to_bits());
                return list.values.iter().map(|v| dates::filetime_seconds(first, v.to_bits())).collect();
            }
            12 => 1.0,
            13 => 1e-3,
            14 => 3600.0,
            15 => 86_400.0,
            25 => 1e-6,
            _ => return Vec::new(),
        };
        if list.values.iter().any(|v| !v.is_finite()) {
            return Vec::new();
        }
        list.values.iter().map(|v| v * scale).collect()
    }

    /// Names for a series over temperature, voltage and the like.
    fn labels(&self) -> Vec<String> {
        let over = |l: &&List| l.primary && !matches!(l.kind, 3..=5 | 11 | 16 | 17 | 24);
        let Some(list) = self.lists.iter().find(over) else { return Vec::new() };
        let unit = if list.unit == 0 { "" } else { unit_name(list.unit) };
        list.values.iter().map(|v| format!("{} {v} {unit}", list.label).trim().to_owned()).collect()
    }

    /// Positions, shape and names for the rows of `values`. A map stored column by column is turned to row order in
    /// place, so that it can be shown as an image.
    pub fn arrange(&self, values: &mut [f32], points: usize, warnings: &mut Vec<String>) -> Arranged {
        let mut positions = Positions {
            x: self.lengths(3),
            y: self.lengths(4),
            z: self.lengths(5),
            time: self.times(),
            length_unit: "um".into(),
            time_unit: "s".into(),
        };
        let mut arranged = Arranged { labels: self.labels(), ..Arranged::default() };
        match self.layout(&positions) {
            Layout::XFastest(shape) => arranged.shape = Some(shape),
            Layout::YFastest(shape) => {
                let target = |i: usize| i % shape.height * shape.width + i / shape.height;
                permute_rows(values, points, self.rows, target);
                for list in [&mut positions.x, &mut positions.y, &mut positions.z, &mut positions.time] {
                    permute_rows(list, 1, self.rows, target);
                }
                arranged.shape = Some(shape);
                warnings
                    .push("The map was stored column by column; its spectra were put into row order.".into());
            }
            Layout::Other => {
                if self.grid.is_some_and(|g| g.count.iter().filter(|n| **n > 1).count() > 1) {
                    warnings.push(
                        "The spectra of this map do not fill a grid line by line; they stay in the order in which \
                         they were taken, each with its position."
                            .into(),
                    );
                }
            }
        }
        arranged.positions = positions;
        arranged
    }

    /// The grid says how many columns and lines there are; the positions, where known, decide in which order.
    fn layout(&self, positions: &Positions) -> Layout {
        let Some(grid) = self.grid else { return Layout::Other };
        let lists = [&positions.x, &positions.y, &positions.z];
        let mut used = grid.count.iter().zip(lists).filter(|(n, _)| **n > 1);
        let (Some((&columns, along)), second, None) = (used.next(), used.next(), used.next()) else {
            return Layout::Other;
        };
        let (width, across) = (columns as usize, second.map(|(_, list)| list));
        let height = self.rows / width.max(1);
        let shape = MapShape { width, height };
        // Scattered points, snake order, surfaces: the grid's counts say nothing about the order of the rows.
        if height == 0 || width.checked_mul(height) != Some(self.rows) || grid.flags & 1 != 0 {
            return Layout::Other;
        }
        let Some(across) = across else { return Layout::XFastest(shape) };
        if along.is_empty() || across.is_empty() {
            return match grid.flags & 0b110 {
                0 => Layout::XFastest(shape),
                2 if second.is_some_and(|(n, _)| *n as usize == height) => Layout::YFastest(shape),
                _ => Layout::Other,
            };
        }
        // Along a fast coordinate, equal places recur every `n` rows; the slow one stays through a run of `n`.
        let recurs = |list: &[f64], n: usize| same(list, |i| i % n);
        let stays = |list: &[f64], n: usize| same(list, |i| i / n * n);
        if recurs(along, width) && stays(across, width) {
            Layout::XFastest(shape)
        } else if recurs(across, height) && stays(along, height) {
            Layout::YFastest(shape)
        } else {
            Layout::Other
        }
    }
}

/// True when every value equals the one at the index `of` gives, within a hundredth of the mean step of the list.
fn same(list: &[f64], of: impl Fn(usize) -> usize) -> bool {
    let low = list.iter().copied().fold(f64::INFINITY, f64::min);
    let high = list.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let tolerance = 0.01 * (high - low) / list.len() as f64 + 1e-6;
    list.iter().enumerate().all(|(i, v)| list.get(of(i)).is_some_and(|w| (v - w).abs() <= tolerance))
}

/// Moves row `i` to `target(i)` for all rows, in place, along the cycles of the permutation.
fn permute_rows<T: Copy + Default>(
    values: &mut [T],
    points: usize,
    rows: usize,
    target: impl Fn(usize) -> usize,
) {
    if values.len() != rows.saturating_mul(points) {
        return;
    }
    let mut placed = vec![false; rows];
    let mut held = vec![T::default(); points];
    for first in 0..rows {
        if placed[first] {
            continue;
        }
        held.copy_from_slice(&values[first * points..(first + 1) * points]);
        let mut at = first;
        loop {
            at = target(at);
            if at >= rows || placed[at] {
                break;
            }
            placed[at] = true;
            held.swap_with_slice(&mut values[at * points..(at + 1) * points]);
        }
    }
}

fn list(bytes: Bytes, at: u64, rows: u64) -> Option<List> {
    let kind = bytes.u32(at, "a list's type").ok()?;
    Some(List {
        kind: kind & !PRIMARY,
        primary: kind & PRIMARY != 0,
        unit: bytes.u32(at + 4, "a list's unit").ok()?,
        label: bytes.string(at + 8, 16, "a list's label").ok()?,
        values: bytes.f64s(at + LIST_HEAD, rows, "a list's values").ok()?,
    })
}

fn grid(input: &Input, block: &Block) -> Option<Grid> {
    if block.length < 48 {
        return None;
    }
    let bytes = Bytes::new(input);
    let mut count = [0; 3];
    for (n, offset) in count.iter_mut().zip([32, 36, 40]) {
        *n = bytes.u32(block.start + offset, "the map's size").ok()?;
    }
    Some(Grid { flags: bytes.u32(block.start, "the map's flags").ok()?, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_move_to_their_targets() {
        let mut values = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
        // 2 columns of 3 lines, stored column by column.
        permute_rows(&mut values, 2, 6, |i| i % 3 * 2 + i / 3);
        assert_eq!(values, [0, 0, 3, 3, 1, 1, 4, 4, 2, 2, 5, 5]);
    }

    #[test]
    fn a_wrong_target_moves_nothing_out_of_bounds() {
        let mut values = [1, 2, 3];
        permute_rows(&mut values, 1, 3, |_| 7);
        permute_rows(&mut values, 2, 3, |i| i);
        assert_eq!(values, [1, 2, 3]);
    }
}
