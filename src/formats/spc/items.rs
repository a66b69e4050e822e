//! Subfiles to spectra: one curve, a set over one axis with its z positions, or curves of their own.

use std::sync::Arc;

use super::super::settle::{Settler, shared};
use super::super::{Decoded, FormatError, Input, Item, Place};
use super::body::{Body, Curves, Sub};
use super::codes;
use super::header::Header;
use super::notes;
use crate::spectrum::{Axis, AxisKind, Metadata, Positions, Spectrum, SpectrumError, SpectrumSet};

/// Everything the file holds, with its warnings.
pub(super) fn build(
    input: &Input,
    header: &Header,
    body: Body,
    mut meta: Metadata,
) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded { items: Vec::new(), warnings: body.warnings };
    let kind = kind(header, &meta, &mut decoded);
    if header.y_code == 1 {
        decoded.warn("The file holds an interferogram, not a spectrum; its positions are sampling points.");
    }
    if let ([sub], None) = (body.subs.as_slice(), meta.accumulations) {
        // WITec leaves memory here; thousands of scans are not believed.
        meta.accumulations = Some(sub.scans).filter(|s| (1..10_000).contains(s));
    }
    let mut settler = Settler::default();
    match body.curves {
        Curves::Shared { x, values } if body.subs.len() == 1 => {
            let (axis, y) = settler.pairs(kind, x, values).map_err(input.spectrum_error())?;
            let spectrum = Spectrum::new(axis, y, meta).map_err(input.spectrum_error())?;
            decoded.items.push(Item::Spectrum(spectrum));
        }
        Curves::Shared { x, mut values } => {
            let axis = settler.rows(kind, x, &mut values).map_err(input.spectrum_error())?;
            let set = set(header, axis, values, &body.subs, meta).map_err(input.spectrum_error())?;
            decoded.items.push(Item::Set(set));
        }
        Curves::Own(curves) => {
            own(input, header, kind, curves, &body.subs, meta, &mut settler, &mut decoded)?;
        }
    }
    decoded.warnings.extend(settler.warnings());
    Ok(decoded)
}

fn kind(header: &Header, meta: &Metadata, decoded: &mut Decoded) -> AxisKind {
    let kind = codes::axis_kind(header.x_code, header.x_label());
    let says_raman =
        header.experiment == 11 || meta.title.as_deref().is_some_and(|t| t.to_lowercase().contains("raman"));
    if kind == AxisKind::Wavenumber && header.x_code == 1 && says_raman {
        decoded.warn("The axis is marked as wavenumber in a Raman file and was taken as Raman shift.");
        return AxisKind::RamanShift;
    }
    kind
}

/// z of every row: as stored, or evenly spaced when the flags say so. Empty when there is nothing to tell.
fn z_values(header: &Header, subs: &[Sub]) -> Vec<f64> {
    const UNEVEN: u8 = 0x08 | 0x10;
    let mut z: Vec<f64> = subs.iter().map(|s| f64::from(s.z)).collect();
    let constant = z.windows(2).all(|w| w[0].to_bits() == w[1].to_bits());
    if constant && !header.has(UNEVEN) {
        let stored = f64::from(header.z_step);
        let next = subs.first().map_or(0.0, |s| f64::from(s.z_next) - f64::from(s.z));
        let step = if stored == 0.0 { next } else { stored };
        let first = z.first().copied().unwrap_or(0.0);
        if step == 0.0 {
            return Vec::new();
        }
        z = (0..z.len()).map(|i| first + step * i as f64).collect();
    }
    let told = z.iter().all(|v| v.is_finite()) && z.windows(2).any(|w| w[0].to_bits() != w[1].to_bits());
    if told { z } else { Vec::new() }
}

enum Meaning {
    Time,
    Length,
    Other,
}

fn meaning(z_code: u8) -> Meaning {
    match z_code {
        4 | 5 | 11 | 12 | 23..=25 | 30 => Meaning::Time,
        2 | 3 | 27..=29 => Meaning::Length,
        _ => Meaning::Other,
    }
}

fn set(
    header: &Header,
    axis: Axis,
    values: Vec<f32>,
    subs: &[Sub],
    mut meta: Metadata,
) -> Result<SpectrumSet, SpectrumError> {
    let z = z_values(header, subs);
    let base = meta.title.clone();
    let titles = notes::subfile_titles(&mut meta, subs.len());
    let set = SpectrumSet::new(axis, values, subs.len(), meta)?;
    if header.planes > 1 {
        return Ok(set.with_labels(plane_labels(header, subs, base.as_deref())));
    }
    let unit = codes::unit(header.z_code).to_owned();
    let named = !titles.is_empty();
    let set = set.with_labels(titles);
    match meaning(header.z_code) {
        _ if z.is_empty() => Ok(set),
        Meaning::Time => set.with_positions(Positions { time: z, time_unit: unit, ..Positions::default() }),
        Meaning::Length => set.with_positions(Positions { z, length_unit: unit, ..Positions::default() }),
        Meaning::Other if named => Ok(set),
        // A plain count says no more than the order of the rows (WITec writes it as a temperature).
        Meaning::Other if z.iter().enumerate().all(|(i, v)| (v - i as f64).abs() < 1e-6) => Ok(set),
        Meaning::Other => {
            let base = base.unwrap_or_default();
            let label = |v: &f64| format!("{base} z = {v} {}", axis_name(header, 2)).trim().to_owned();
            Ok(set.with_labels(z.iter().map(label).collect()))
        }
    }
}

fn axis_name(header: &Header, index: usize) -> &str {
    let label = header.labels.get(index).map_or("", String::as_str);
    if header.has(super::header::LABELS) && !label.is_empty() { label } else { codes::unit(header.z_code) }
}

fn plane_labels(header: &Header, subs: &[Sub], base: Option<&str>) -> Vec<String> {
    let (base, unit) = (base.unwrap_or_default(), codes::unit(header.w_code));
    let label = |(i, s): (usize, &Sub)| {
        format!("{base} [{}] w = {} {unit}, z = {} {}", i + 1, s.w, s.z, codes::unit(header.z_code))
            .trim()
            .to_owned()
    };
    subs.iter().enumerate().map(label).collect()
}

#[expect(clippy::too_many_arguments, reason = "one call, and every part is a different thing")]
fn own(
    input: &Input,
    header: &Header,
    kind: AxisKind,
    curves: Vec<(Vec<f64>, Vec<f32>)>,
    subs: &[Sub],
    mut meta: Metadata,
    settler: &mut Settler,
    decoded: &mut Decoded,
) -> Result<(), FormatError> {
    let all_equal = curves.len() > 1 && curves.windows(2).all(|w| w[0].0 == w[1].0);
    if all_equal {
        let x = curves.first().map(|c| c.0.clone()).unwrap_or_default();
        let mut values: Vec<f32> = curves.into_iter().flat_map(|c| c.1).collect();
        let axis = settler.rows(kind, x, &mut values).map_err(input.spectrum_error())?;
        let set = set(header, axis, values, subs, meta).map_err(input.spectrum_error())?;
        decoded.items.push(Item::Set(set));
        return Ok(());
    }
    let many = curves.len() > 1;
    let base = meta.title.clone().unwrap_or_else(|| input.file_stem().to_owned());
    let titles = notes::subfile_titles(&mut meta, curves.len());
    input.allowed_copies(Place::Whole, curves.len(), &meta)?;
    let (mut last, mut dropped): (Option<Arc<Axis>>, _) = (None, (0_usize, None));
    for (index, ((x, y), sub)) in curves.into_iter().zip(subs).enumerate() {
        let (axis, y) = match settler.pairs(kind.clone(), x, y) {
            Ok(pair) => pair,
            Err(error) => {
                dropped = (dropped.0 + 1, dropped.1.or(Some(error)));
                continue;
            }
        };
        let axis = shared(&mut last, axis);
        let mut meta = meta.clone();
        if many {
            meta.title = titles.get(index).cloned().or_else(|| Some(format!("{base} [{}]", index + 1)));
        }
        if many && titles.is_empty() {
            let name = if matches!(meaning(header.z_code), Meaning::Time) { "time" } else { "z" };
            meta.push(name, format!("{} {}", sub.z, axis_name(header, 2)));
        }
        let spectrum = Spectrum::new(axis, y, meta).map_err(input.spectrum_error())?;
        decoded.items.push(Item::Spectrum(spectrum));
    }
    match dropped {
        (_, Some(error)) if decoded.items.is_empty() => Err(input.spectrum_error()(error)),
        (count, Some(error)) => {
            decoded
                .warn(format!("{count} subfiles hold no spectrum and were left out (the first: {error})."));
            Ok(())
        }
        _ => Ok(()),
    }
}
