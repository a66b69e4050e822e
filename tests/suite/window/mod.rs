//! The window on the software rasteriser, driven by the labels of its widgets.

mod drive;
mod export;
mod pictures;
