//! Numbers that vendor texts hold, column-wise or row-wise, made into one spectrum or one set: gaps, unsorted axes and
//! map grids are settled here in the same way for every format.

use crate::formats::cells::curve;
use crate::formats::settle::{Settler, keep_marked};
use crate::formats::{Decoded, FormatError, Input, Item, Place};
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, SpectrumError, SpectrumSet};

/// Rows of intensities over one axis, as read: missing values are NaN.
#[derive(Debug)]
pub struct Block {
    /// What the axis measures.
    pub kind: AxisKind,
    /// Axis positions, NaN where the file has none.
    pub axis: Vec<f64>,
    /// Row after row, each as long as the axis.
    pub values: Vec<f32>,
    /// Where the numbers begin, for errors.
    pub place: Place,
}

/// What the rows of a block are called and where they were measured; lists are empty or one entry a row.
#[derive(Debug, Default)]
pub struct Rows {
    /// Names.
    pub labels: Vec<String>,
    /// Positions.
    pub positions: Positions,
    /// Columns and lines of the image, when the file says so.
    pub shape: Option<(usize, usize)>,
}

impl Block {
    /// A block from a column of positions and columns of intensities, as tables hold them.
    #[must_use]
    pub fn from_columns(kind: AxisKind, place: Place, axis: &[f64], columns: &[&[f64]]) -> Self {
        let points = axis.len();
        let cell = |c: &&[f64], i: usize| c.get(i).map_or(f32::NAN, |v| *v as f32);
        let values = columns.iter().flat_map(|c| (0..points).map(move |i| cell(c, i))).collect();
        Self { kind, axis: axis.to_vec(), values, place }
    }

    /// One row becomes a spectrum without its gaps, several become a set with their gaps interpolated.
    pub fn decode(self, input: &Input, meta: Metadata, rows: Rows) -> Result<Decoded, FormatError> {
        let mut decoded = Decoded::default();
        let item = self.item(input, meta, rows, &mut decoded.warnings)?;
        decoded.items.push(item);
        Ok(decoded)
    }

    /// As [`Block::decode`], for files that hold several blocks.
    pub fn item(
        mut self,
        input: &Input,
        mut meta: Metadata,
        mut rows: Rows,
        warnings: &mut Vec<String>,
    ) -> Result<Item, FormatError> {
        input.allowed(self.place, self.values.len() as u64, 4)?;
        let points = self.axis.len();
        let stored = self.values.len().checked_div(points).unwrap_or(0);
        if stored < 2 {
            if let Some(label) = rows.labels.into_iter().next().filter(|l| !l.trim().is_empty()) {
                meta.title = Some(label);
            }
            let spectrum = curve(input, self.place, self.kind, self.axis, self.values, meta, warnings)?;
            return Ok(Item::Spectrum(spectrum));
        }
        let count = self.drop_rows(&mut rows, stored);
        if count < stored {
            warnings.push(format!(
                "{} of {stored} spectra hold no intensities and were left out.",
                stored - count
            ));
        }
        let mut settler = Settler::default();
        let keep = self.usable_points();
        settler.keep(&mut self.axis, &mut self.values, &keep);
        settler.sort(&mut self.axis, &mut self.values);
        settler.fill(&self.axis, &mut self.values);
        warnings.extend(settler.warnings());
        let found = self.axis.len();
        if found < 2 {
            let problem =
                format!("a spectrum needs at least 2 points with a position and an intensity, found {found}");
            return Err(input.malformed(self.place, problem));
        }
        let no_axis = |e| input.malformed(self.place, format!("these positions are no axis: {e}"));
        let axis = Axis::new(self.kind, self.axis).map_err(no_axis)?;
        let mut set = SpectrumSet::new(axis, self.values, count, meta).map_err(input.spectrum_error())?;
        set = set.with_positions(rows.positions).map_err(input.spectrum_error())?.with_labels(rows.labels);
        if let Some((width, height)) = rows.shape {
            set = set.with_shape(width, height);
        }
        Ok(Item::Set(set))
    }

    /// Drops rows in which every value is missing; gives how many are left.
    fn drop_rows(&mut self, rows: &mut Rows, stored: usize) -> usize {
        let points = self.axis.len();
        let holds = |row: &[f32]| row.iter().any(|v| v.is_finite());
        let keep: Vec<bool> = self.values.chunks_exact(points.max(1)).map(holds).collect();
        let count = keep.iter().filter(|k| **k).count();
        if count == stored {
            return stored;
        }
        let mut flags = keep.iter().flat_map(|k| std::iter::repeat_n(*k, points));
        self.values.retain(|_| flags.next().unwrap_or(false));
        keep_marked(&mut rows.labels, &keep);
        let positions = &mut rows.positions;
        for list in [&mut positions.x, &mut positions.y, &mut positions.z, &mut positions.time] {
            keep_marked(list, &keep);
        }
        rows.shape = None;
        count
    }

    /// Which points have a position, and an intensity in at least one row.
    fn usable_points(&self) -> Vec<bool> {
        let points = self.axis.len();
        let mut keep: Vec<bool> = self.axis.iter().map(|x| x.is_finite()).collect();
        let mut any = vec![false; points];
        for row in self.values.chunks_exact(points.max(1)) {
            for (any, value) in any.iter_mut().zip(row) {
                *any |= value.is_finite();
            }
        }
        for (keep, any) in keep.iter_mut().zip(any) {
            *keep &= any;
        }
        keep
    }
}

/// Puts the rows of a map whose y runs fastest into the order that images have here (x fastest) and gives the image
/// shape; `None`, with nothing changed, when the positions are no complete grid.
pub fn arrange_grid(
    input: &Input,
    positions: &mut Positions,
    values: &mut Vec<f32>,
) -> Result<Option<(usize, usize)>, FormatError> {
    let rows = positions.x.len();
    if rows < 2 || positions.y.len() != rows {
        return Ok(None);
    }
    if let Some(width) = run(&positions.y, &positions.x) {
        return Ok(Some((width, rows / width)));
    }
    let Some(height) = run(&positions.x, &positions.y) else { return Ok(None) };
    let (width, points) = (rows / height, values.len() / rows);
    input.allowed(Place::Whole, values.len() as u64, 4)?;
    let order = || (0..height).flat_map(move |j| (0..width).map(move |i| i * height + j));
    let mut turned = Vec::with_capacity(values.len());
    for row in order() {
        turned.extend_from_slice(values.get(row * points..(row + 1) * points).unwrap_or_default());
    }
    if turned.len() != values.len() {
        return Err(input.spectrum_error()(SpectrumError::SetShape { rows, values: turned.len(), points }));
    }
    *values = turned;
    positions.x = order().map(|i| positions.x[i]).collect();
    positions.y = order().map(|i| positions.y[i]).collect();
    Ok(Some((width, height)))
}

/// Length of the runs over which `slow` stays the same while `fast` repeats the same values in every run.
fn run(slow: &[f64], fast: &[f64]) -> Option<usize> {
    // Stage read-backs jitter in their last digits.
    let tolerance = |list: &[f64]| {
        let (low, high) = list.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        (high - low) * 1e-3
    };
    let (near_slow, near_fast) = (tolerance(slow), tolerance(fast));
    let first = *slow.first()?;
    let length = slow.iter().position(|v| (v - first).abs() > near_slow).unwrap_or(slow.len());
    if length < 2 || near_fast <= 0.0 || !slow.len().is_multiple_of(length) {
        return None;
    }
    let head = fast.get(..length)?;
    let same = |a: f64, b: f64, near: f64| (a - b).abs() <= near;
    let regular = slow.chunks_exact(length).zip(fast.chunks_exact(length)).all(|(s, f)| {
        s.iter().all(|v| same(*v, s[0], near_slow))
            && f.iter().zip(head).all(|(a, b)| same(*a, *b, near_fast))
    });
    regular.then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Limits;

    const NAN: f32 = f32::NAN;

    fn made(axis: &[f64], values: &[f32], labels: &[&str]) -> Result<Decoded, FormatError> {
        let input = Input { name: "map.txt", bytes: b"", limits: Limits::default(), format: "Test" };
        let kind = AxisKind::RamanShift;
        let block = Block { kind, axis: axis.to_vec(), values: values.to_vec(), place: Place::Line(3) };
        let labels = labels.iter().map(|l| (*l).to_owned()).collect();
        block.decode(&input, Metadata::default(), Rows { labels, ..Rows::default() })
    }

    fn set(decoded: &Decoded) -> &SpectrumSet {
        match decoded.items.first() {
            Some(Item::Set(set)) => set,
            other => panic!("no set but {other:?}"),
        }
    }

    #[test]
    fn gaps_are_interpolated_over_the_axis_and_ends_repeat_their_neighbour() {
        let decoded = made(&[0.0, 1.0, 3.0, 4.0], &[NAN, 1.0, NAN, 4.0, 5.0, 6.0, 7.0, NAN], &[]).unwrap();
        assert_eq!(set(&decoded).values(), [1.0, 1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]);
        assert!(decoded.warnings[0].starts_with("3 missing intensities in 2 of 2"));
    }

    #[test]
    fn empty_rows_and_points_are_left_out_with_their_names() {
        let decoded = made(
            &[0.0, 1.0, f64::NAN, 2.0],
            &[1.0, NAN, 1.0, 3.0, NAN, NAN, NAN, NAN, 4.0, NAN, 1.0, 6.0],
            &["a", "b", "c"],
        );
        let decoded = decoded.unwrap();
        assert_eq!(set(&decoded).values(), [1.0, 3.0, 4.0, 6.0]);
        assert_eq!(set(&decoded).labels, ["a", "c"]);
        assert_eq!(decoded.warnings.len(), 2);
    }

    #[test]
    fn an_axis_out_of_order_is_sorted_in_every_row() {
        let decoded = made(&[2.0, 1.0, 3.0], &[20.0, 10.0, 30.0, 2.0, 1.0, 3.0], &[]).unwrap();
        assert_eq!(set(&decoded).values(), [10.0, 20.0, 30.0, 1.0, 2.0, 3.0]);
        let falling = made(&[3.0, 2.0], &[3.0, 2.0, 30.0, 20.0], &[]).unwrap();
        assert_eq!(set(&falling).axis().values(), [3.0, 2.0]);
    }

    #[test]
    fn what_cannot_be_a_set_is_an_error_with_its_place() {
        let cases: [(&[f64], &[f32]); 5] = [
            (&[1.0, 2.0], &[NAN; 4]),
            (&[1.0, f64::NAN], &[1.0; 4]),
            (&[5.0, 5.0], &[1.0; 4]),
            (&[], &[]),
            (&[1.0, 2.0], &[f32::INFINITY; 2]),
        ];
        for (axis, values) in cases {
            let error = made(axis, values, &[]).unwrap_err().to_string();
            assert!(error.contains("map.txt") && error.contains("line 3"), "{error}");
        }
    }

    #[test]
    fn only_complete_grids_have_a_shape() {
        let input = Input { name: "map.txt", bytes: b"", limits: Limits::default(), format: "Test" };
        let shape = |x: &[f64], y: &[f64]| {
            let mut positions = Positions { x: x.to_vec(), y: y.to_vec(), ..Positions::default() };
            arrange_grid(&input, &mut positions, &mut vec![0.0; x.len() * 2]).unwrap()
        };
        assert_eq!(shape(&[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], &[5.0, 5.0, 5.0, 6.0, 6.0, 6.0]), Some((3, 2)));
        assert_eq!(shape(&[5.0, 5.0, 5.0, 6.0, 6.0, 6.0], &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0]), Some((2, 3)));
        assert_eq!(shape(&[0.0, 1.0, 2.0, 0.0, 1.0], &[5.0, 5.0, 5.0, 6.0, 6.0]), None);
        assert_eq!(shape(&[0.0, 1.0, 2.0, 0.0, 7.0, 2.0], &[5.0, 5.0, 5.0, 6.0, 6.0, 6.0]), None);
        assert_eq!(shape(&[4.0, 4.0], &[7.0, 7.0]), None);
        assert_eq!(shape(&[0.0, 1.0], &[]), None);
    }
}
