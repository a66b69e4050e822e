//! Names of steps for people, their order in the menu, and the values they begin with.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{Fields, step};
use crate::app::derived::step_references;
use crate::process::{Param, Pipeline, ProcessError, Step, StepInfo};
use crate::session::{Document, Item};
use crate::spectrum::{Axis, AxisKind};

/// All steps by what they are for.
pub const GROUPS: [(&str, &[&str]); 4] = [
    ("Spikes and noise", &["despike", "savgol", "whittaker"]),
    ("Baseline", &["arpls", "asls", "airpls", "imodpoly", "snip", "rubberband"]),
    ("Range and axis", &["crop", "resample", "shift", "calibrate", "raman_shift"]),
    ("Scale and difference", &["normalize", "subtract", "derivative"]),
];

/// Pipelines to begin with: name, steps.
pub const RECIPES: [(&str, &str); 4] = [
    ("Remove cosmic rays", "despike"),
    ("Flatten fluorescence", "despike|arpls"),
    ("Flatten and smooth", "despike|arpls|savgol"),
    ("For library search", "despike|arpls|normalize"),
];

/// Silicon, the usual first line of a calibration, in cm⁻¹.
const SILICON: f64 = 520.5;

/// Name of a step for people.
pub fn title(name: &'static str) -> &'static str {
    match name {
        "crop" => "Crop",
        "resample" => "Resample",
        "despike" => "Despike",
        "asls" => "AsLS baseline",
        "arpls" => "arPLS baseline",
        "airpls" => "airPLS baseline",
        "imodpoly" => "Polynomial baseline",
        "snip" => "SNIP baseline",
        "rubberband" => "Rubber band baseline",
        "savgol" => "Savitzky-Golay smoothing",
        "whittaker" => "Whittaker smoothing",
        "derivative" => "Derivative",
        "normalize" => "Normalise",
        "shift" => "Shift axis",
        "calibrate" => "Calibrate axis",
        "raman_shift" => "Axis to Raman shift",
        "subtract" => "Subtract spectrum",
        other => other,
    }
}

/// Unit of the axis that step `index` sees, or the one after the last.
pub fn axis_unit(item: &Item, index: usize) -> String {
    let shifted = item.steps.steps.iter().take(index).any(|step| matches!(step, Step::RamanShift(_)));
    let kind = if shifted { &AxisKind::RamanShift } else { item.raw.axis().kind() };
    kind.unit().replace("cm-1", "cm⁻¹")
}

/// The axis that step `index` sees; the raw one where a step before it cannot be done.
pub fn axis_before(document: &Document, item: &Item, index: usize) -> Arc<Axis> {
    let before = Pipeline::new(item.steps.steps.iter().take(index).cloned().collect::<Vec<_>>());
    let raw = item.raw.axis();
    let plan = before.plan(raw, item.raw.meta().laser_nm, &step_references(document, &before));
    plan.map_or_else(|_| Arc::clone(raw), |plan| Arc::clone(plan.output_axis()))
}

/// What a parameter begins with once it is no longer left to the program: what the program finds.
pub fn own_value(param: &Param, axis: &Axis, laser_nm: Option<f64>) -> Option<Value> {
    let spacing = (axis.high() - axis.low()) / (axis.len().max(2) - 1) as f64;
    Some(match param.name {
        "low" => Value::from(axis.low()),
        "high" => Value::from(axis.high()),
        "spacing" => Value::from((spacing * 1e3).round().max(1.0) / 1e3),
        "points" => Value::from(axis.len()),
        "laser" => Value::from(laser_nm.unwrap_or(785.0)),
        _ => return None,
    })
}

/// A step as it is added to the end of an item's pipeline: it does nothing wild and shows what it can do.
pub fn begin(info: &StepInfo, document: &Document, item: &Item) -> Result<Step, ProcessError> {
    let mut fields = Fields::new();
    fields.insert("step".to_owned(), Value::from(info.name));
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    let axis = axis_before(document, item, item.steps.steps.len());
    match info.name {
        "crop" => {
            set("low", Value::from(axis.low().floor()));
            set("high", Value::from(axis.high().ceil()));
        }
        "shift" => {
            set("by", Value::from(0.0));
        }
        "calibrate" => {
            let inside = *axis.kind() == AxisKind::RamanShift && (axis.low()..axis.high()).contains(&SILICON);
            let at = if inside { SILICON } else { (0.5 * (axis.low() + axis.high())).round() };
            set("lines", json!([[at, at]]));
        }
        "raman_shift" if item.raw.meta().laser_nm.is_none() => {
            set("laser", Value::from(785.0));
        }
        "subtract" => {
            let same = |other: &&Arc<Item>| other.raw.axis().kind() == axis.kind();
            let mut others = document.items.iter().filter(|other| other.id != item.id);
            if let Some(other) = others.clone().find(same).or_else(|| others.next()) {
                set("spectrum", Value::from(other.name.as_str()));
            }
        }
        _ => {}
    }
    step(&fields)
}

/// Names of spectra that can be taken away from an item.
pub fn others<'a>(document: &'a Document, item: &'a Item) -> impl Iterator<Item = &'a str> {
    document.items.iter().filter(|other| other.id != item.id).map(|other| other.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_holds_every_step_once_and_every_step_has_a_name_for_people() {
        let mut listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut all: Vec<&str> = Step::ALL.iter().map(|info| info.name).collect();
        listed.sort_unstable();
        all.sort_unstable();
        assert_eq!(listed, all);
        for info in Step::ALL {
            assert_ne!(title(info.name), info.name);
        }
    }

    #[test]
    fn the_recipes_can_be_read() {
        for (name, text) in RECIPES {
            let steps: Pipeline = text.parse().unwrap();
            assert_eq!(steps.to_string(), text, "{name}");
        }
    }
}
