//! How a plot shows its curves: plain data that is saved with the document and knows no egui type.

use serde::{Deserialize, Serialize};

use crate::spectrum::{AxisKind, wavelength_from_shift};

/// What is made the same for all curves, for the eye only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewNorm {
    /// Intensities as they are.
    #[default]
    None,
    /// Highest point 1.
    Max,
    /// Area under the magnitude 1 (trapezoids along the axis).
    Area,
    /// Euclidean length 1.
    Vector,
}

/// How several curves share one plot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// All over one another.
    #[default]
    Overlay,
    /// Each above the one before.
    Offset {
        /// Distance of neighbours as a fraction of the largest span of a curve.
        spacing: f32,
    },
    /// Each above and beside the one before, slanted to the back.
    Waterfall {
        /// Upward distance of neighbours as a fraction of the largest span of a curve.
        spacing: f32,
        /// Sideways distance of neighbours as a fraction of the width of all curves.
        slant: f32,
    },
}

/// Scale of the positions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewUnit {
    /// As each spectrum states it.
    #[default]
    AsMeasured,
    /// Raman shift in cm-1. A spectrum in nm needs the laser wavelength: its own, or this one.
    Shift {
        /// Used where a spectrum names no laser.
        laser_nm: Option<f64>,
    },
    /// Wavelength in nm.
    Wavelength {
        /// Used where a spectrum names no laser.
        laser_nm: Option<f64>,
    },
}

impl ViewUnit {
    /// The kind of axis that is shown, if it is not the spectrum's own.
    #[must_use]
    pub fn kind(&self) -> Option<AxisKind> {
        match self {
            Self::AsMeasured => None,
            Self::Shift { .. } => Some(AxisKind::RamanShift),
            Self::Wavelength { .. } => Some(AxisKind::Wavelength),
        }
    }

    /// The laser to use for spectra that name none.
    #[must_use]
    pub fn laser_nm(&self) -> Option<f64> {
        match *self {
            Self::AsMeasured => None,
            Self::Shift { laser_nm } | Self::Wavelength { laser_nm } => laser_nm,
        }
    }
}

/// Distance between two peaks. The positions are in the unit shown when they were set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruler {
    /// No ruler; clicks do nothing.
    #[default]
    Off,
    /// The next click sets the first end.
    Ready,
    /// The next click sets the second end.
    Started {
        /// First end.
        from: f64,
    },
    /// Both ends stand; the next click begins again.
    Set {
        /// First end.
        from: f64,
        /// Second end.
        to: f64,
    },
}

impl Ruler {
    /// The ruler after a click at `position`.
    #[must_use]
    pub fn clicked(self, position: f64) -> Self {
        match self {
            Self::Off => Self::Off,
            Self::Started { from } => Self::Set { from, to: position },
            Self::Ready | Self::Set { .. } => Self::Started { from: position },
        }
    }

    /// The ruler with its ends moved by `convert` (the user switched the unit); ready to be set again where an end
    /// cannot be converted.
    #[must_use]
    pub fn converted(self, convert: impl Fn(f64) -> Option<f64>) -> Self {
        match self {
            Self::Off | Self::Ready => self,
            Self::Started { from } => convert(from).map_or(Self::Ready, |from| Self::Started { from }),
            Self::Set { from, to } => match (convert(from), convert(to)) {
                (Some(from), Some(to)) => Self::Set { from, to },
                _ => Self::Ready,
            },
        }
    }
}

/// Labels at the peaks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeakLabels {
    /// Whether they are shown.
    pub shown: bool,
    /// Least prominence as a fraction of the span of the curve, 0 to 1.
    pub prominence: f32,
}

impl Default for PeakLabels {
    fn default() -> Self {
        Self { shown: false, prominence: 0.05 }
    }
}

/// How far curves may be off, drawn around those that know it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bands {
    /// As a translucent fill.
    #[default]
    Shown,
    /// Not at all.
    Hidden,
}

impl Bands {
    /// The other choice.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Shown => Self::Hidden,
            Self::Hidden => Self::Shown,
        }
    }
}

/// Everything about the look of a plot that is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlotView {
    /// Normalised for the view.
    pub normalise: ViewNorm,
    /// Overlaid or stacked.
    pub stacking: Stacking,
    /// High positions on the left.
    pub reversed: bool,
    /// Scale of the positions.
    pub unit: ViewUnit,
    /// Lines through the pointer and a reading.
    pub crosshair: bool,
    /// Positions written at the peaks.
    pub peaks: PeakLabels,
    /// Distance between two peaks.
    pub ruler: Ruler,
    /// Legend for up to ten curves.
    pub legend: bool,
    /// How far curves may be off, around those that know it.
    pub bands: Bands,
}

impl Default for PlotView {
    fn default() -> Self {
        Self {
            normalise: ViewNorm::None,
            stacking: Stacking::Overlay,
            reversed: false,
            unit: ViewUnit::AsMeasured,
            crosshair: true,
            peaks: PeakLabels::default(),
            ruler: Ruler::Off,
            legend: true,
            bands: Bands::Shown,
        }
    }
}

/// Distance between two positions of this kind, with its unit. Wavelengths are given in cm⁻¹ as well.
#[must_use]
pub fn distance_text(kind: &AxisKind, from: f64, to: f64) -> String {
    let distance = (to - from).abs();
    match kind {
        AxisKind::RamanShift | AxisKind::Wavenumber => format!("{distance:.1} cm⁻¹"),
        AxisKind::Wavelength if from > 0.0 && to > 0.0 => {
            let cm1 = (1e7 / from - 1e7 / to).abs(); // 1e7 nm in a cm
            format!("{distance:.2} nm = {cm1:.1} cm⁻¹")
        }
        AxisKind::Wavelength => format!("{distance:.2} nm"),
        AxisKind::Energy => format!("{distance:.4} eV"),
        AxisKind::Pixel => format!("{distance:.1} pixels"),
        AxisKind::Other(_) => format!("{distance:.4}"),
    }
}

/// A position between Raman shift and wavelength, for a laser at `laser_nm`; `None` where that has no meaning.
#[must_use]
pub fn convert_position(position: f64, from: &AxisKind, to: &AxisKind, laser_nm: Option<f64>) -> Option<f64> {
    if from == to {
        return Some(position);
    }
    match (from, to) {
        (AxisKind::RamanShift, AxisKind::Wavelength) => wavelength_from_shift(position, laser_nm?).ok(),
        (_, AxisKind::RamanShift) => crate::spectrum::shift_from_position(from, position, laser_nm?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clicks_set_the_ruler_and_a_third_begins_again() {
        let ruler = Ruler::Ready.clicked(100.0);
        assert_eq!(ruler, Ruler::Started { from: 100.0 });
        let ruler = ruler.clicked(250.0);
        assert_eq!(ruler, Ruler::Set { from: 100.0, to: 250.0 });
        assert_eq!(ruler.clicked(7.0), Ruler::Started { from: 7.0 });
        assert_eq!(Ruler::Off.clicked(7.0), Ruler::Off);
    }

    #[test]
    fn a_ruler_moves_with_the_unit() {
        let laser = Some(532.0);
        let to_nm = |v| convert_position(v, &AxisKind::RamanShift, &AxisKind::Wavelength, laser);
        let to_shift = |v| convert_position(v, &AxisKind::Wavelength, &AxisKind::RamanShift, laser);
        let ruler = Ruler::Set { from: 520.5, to: 1000.0 };
        let Ruler::Set { from, to } = ruler.converted(to_nm).converted(to_shift) else { panic!() };
        assert!((from - 520.5).abs() < 1e-6 && (to - 1000.0).abs() < 1e-6);
        assert_eq!(ruler.converted(|_| None), Ruler::Ready);
    }

    #[test]
    fn a_distance_in_nm_is_told_in_wavenumbers_too() {
        assert_eq!(distance_text(&AxisKind::RamanShift, 1085.0, 520.5), "564.5 cm⁻¹");
        assert_eq!(distance_text(&AxisKind::Wavelength, 500.0, 1000.0), "500.00 nm = 10000.0 cm⁻¹");
    }

    #[test]
    fn a_view_survives_saving_and_old_files_get_defaults() {
        let view = PlotView {
            stacking: Stacking::Waterfall { spacing: 0.5, slant: 0.02 },
            unit: ViewUnit::Wavelength { laser_nm: Some(785.0) },
            ruler: Ruler::Set { from: 1.0, to: 2.0 },
            ..PlotView::default()
        };
        let json = serde_json::to_string(&view).unwrap();
        assert_eq!(serde_json::from_str::<PlotView>(&json).unwrap(), view);
        assert_eq!(serde_json::from_str::<PlotView>("{}").unwrap(), PlotView::default());
    }
}
