//! Cutting sequences into overlapping frames and laying frames over one another: each is the other's gradient.

use burn::backend::flex::FlexTensor;
use burn::tensor::{Int, Tensor};

use super::kernel::{Kernel, apply, on_cpu, sizes, tensor, values};
use super::lanes;

/// Frames over the points of a sequence: frame `t` holds points `t hop - before .. t hop - before + length`; where there
/// are no points, zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiling {
    /// Points in a frame.
    pub length: usize,
    /// Points from frame to frame.
    pub hop: usize,
    /// Zeros before the first point.
    pub before: usize,
    /// Frames.
    pub count: usize,
    /// Points of the sequence.
    pub points: usize,
}

impl Tiling {
    /// Frames that overlap by half, `hop` zeros at both ends: for even lengths every point lies in exactly two frames.
    pub fn halves(points: usize, length: usize) -> Self {
        let hop = length / 2;
        let count = (points + 2 * hop).saturating_sub(length).div_ceil(hop) + 1;
        Self { length, hop, before: hop, count, points }
    }

    /// A window around every `stride`-th point, as a convolution of this length sees it.
    pub fn windows(points: usize, length: usize, stride: usize) -> Self {
        Self { length, hop: stride, before: (length - 1) / 2, count: points.div_ceil(stride), points }
    }

    /// The point at a place of a frame.
    #[inline(always)]
    fn point(self, frame: usize, place: usize) -> Option<usize> {
        (frame * self.hop + place).checked_sub(self.before).filter(|p| *p < self.points)
    }

    /// Where the points of each place lie when the sequence has `before` zeros in front, for gathering.
    fn places(self) -> Vec<i32> {
        (0..self.count).flat_map(|t| (0..self.length).map(move |k| (t * self.hop + k) as i32)).collect()
    }

    /// Points with the zeros of both ends.
    pub(super) fn padded(self) -> usize {
        ((self.count - 1) * self.hop + self.length).max(self.before + self.points)
    }
}

/// `[batch, point, channel]` to `[batch, frame, place, channel]`.
pub fn frames(x: Tensor<3>, tiling: Tiling) -> Tensor<4> {
    let [batch, points, channels] = x.dims();
    assert_eq!(points, tiling.points, "the tiling is for sequences of another length");
    if on_cpu(&x.device()) {
        return apply(Frames(tiling), [x.into()]);
    }
    let device = x.device();
    let after = tiling.padded() - points - tiling.before;
    let zeros = |n: usize| Tensor::<3>::zeros([batch, n, channels], &device);
    let x = Tensor::cat(vec![zeros(tiling.before), x, zeros(after)], 1);
    let places = Tensor::<1, Int>::from_data(tiling.places().as_slice(), &device);
    x.select(1, places).reshape([batch, tiling.count, tiling.length, channels])
}

/// `[batch, frame, place, channel]` to `[batch, point, channel]`: what lies on one point is added up.
pub fn overlap_add(x: Tensor<4>, tiling: Tiling) -> Tensor<3> {
    let [batch, count, length, channels] = x.dims();
    assert_eq!([count, length], [tiling.count, tiling.length], "the tiling is for other frames");
    if on_cpu(&x.device()) {
        return apply(OverlapAdd(tiling), [x.into()]);
    }
    let device = x.device();
    let places = Tensor::<1, Int>::from_data(tiling.places().as_slice(), &device);
    let out = Tensor::<3>::zeros([batch, tiling.padded(), channels], &device);
    let rows = x.reshape([batch, count * length, channels]);
    let out = out.select_assign(1, places, rows, burn::tensor::IndexingUpdateOp::Add);
    out.narrow(1, tiling.before, tiling.points)
}

fn cut_frames(x: &FlexTensor, tiling: Tiling) -> FlexTensor {
    let [batch, points, n] = sizes::<3>(x);
    let row = tiling.length * n;
    let mut out = vec![0.0; batch * tiling.count * row];
    let all = values(x);
    lanes::each(&mut out, row, |s, out| {
        let (sample, frame) = (s / tiling.count, s % tiling.count);
        for (k, out) in out.chunks_exact_mut(n).enumerate() {
            if let Some(p) = tiling.point(frame, k) {
                let at = (sample * points + p) * n;
                out.copy_from_slice(&all[at..at + n]);
            }
        }
    });
    tensor(out, &[batch, tiling.count, tiling.length, n])
}

fn lay_frames(x: &FlexTensor, tiling: Tiling) -> FlexTensor {
    let [batch, count, length, n] = sizes::<4>(x);
    let row = tiling.points * n;
    let mut out = vec![0.0; batch * row];
    let all = values(x);
    lanes::each(&mut out, row, |sample, out| {
        for frame in 0..count {
            for k in 0..length {
                if let Some(p) = tiling.point(frame, k) {
                    let at = ((sample * count + frame) * length + k) * n;
                    lanes::add(&mut out[p * n..(p + 1) * n], &all[at..at + n]);
                }
            }
        }
    });
    tensor(out, &[batch, tiling.points, n])
}

#[derive(Debug)]
struct Frames(Tiling);

impl Kernel<1> for Frames {
    type Saved = ();

    fn forward(&self, [x]: [FlexTensor; 1]) -> (FlexTensor, ()) {
        (cut_frames(&x, self.0), ())
    }

    fn backward(&self, (): (), grad: FlexTensor, _: [bool; 1]) -> [Option<FlexTensor>; 1] {
        [Some(lay_frames(&grad, self.0))]
    }
}

#[derive(Debug)]
struct OverlapAdd(Tiling);

impl Kernel<1> for OverlapAdd {
    type Saved = ();

    fn forward(&self, [x]: [FlexTensor; 1]) -> (FlexTensor, ()) {
        (lay_frames(&x, self.0), ())
    }

    fn backward(&self, (): (), grad: FlexTensor, _: [bool; 1]) -> [Option<FlexTensor>; 1] {
        [Some(cut_frames(&grad, self.0))]
    }
}
