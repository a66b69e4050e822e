//! The window on the software rasteriser, driven by the labels of its widgets.

mod desk;
mod library;
mod prepare;
