//! From values to places on the page: rectangles in pt and the straight line between a range and its length on paper.

/// A rectangle on the page in pt, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn centre(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    /// The largest rectangle of this width per height in the middle.
    pub(super) fn with_proportion(&self, proportion: f64) -> Self {
        let width = self.width().min(self.height() * proportion);
        let height = self.height().min(self.width() / proportion);
        let (x, y) = self.centre();
        Self {
            left: x - width / 2.0,
            top: y - height / 2.0,
            right: x + width / 2.0,
            bottom: y + height / 2.0,
        }
    }
}

/// A range of values and the two places on the page where it starts and ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub lo: f64,
    pub hi: f64,
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// Place of a value in pt.
    pub(super) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.lo) / (self.hi - self.lo) * (self.to - self.from)
    }

    /// The range, the lower value first.
    pub(super) fn sorted(&self) -> (f64, f64) {
        (self.lo.min(self.hi), self.lo.max(self.hi))
    }

    /// Length on the page in pt.
    pub(super) fn length(&self) -> f64 {
        (self.to - self.from).abs()
    }
}
