//! The outcome: pure spectra in their amounts, presence, dosages with intervals.

use std::time::Instant;

use super::super::evidence::fewer;
use super::super::judged::{Judged as Substance, OTHER};
use super::super::report::{Rest, amounts, share_out, sum};
use super::super::signal::Smooth;
use super::super::{
    Component, Components, Concentration, Diagnostic, EntryWeight, MethodError, MethodInfo, Outcome, Request,
    Resolved, Selection, Uncertainty,
};
use super::Classifier;
use super::classifier::Judged;
use super::verdict::Found;
use crate::spectrum::resample::on_axis;
use crate::synth::distort::shift_and_stretch;

/// Everything that is known when the network is done.
pub(super) struct Written<'a> {
    pub info: &'static MethodInfo,
    pub request: &'a Request<'a>,
    pub settings: Resolved,
    pub references: Option<&'a Selection<'a>>,
    pub ready: &'a Classifier,
    pub judged: Judged,
    pub smooth: &'a Smooth,
    pub started: Instant,
}

/// A curve of the answer before its amount is known.
struct Part {
    component: Component,
    curve: Vec<f32>,
    /// Half the width of the interval of its dosage over the dosage.
    off: Option<f64>,
}

impl Written<'_> {
    pub fn outcome(self) -> Result<Outcome, MethodError> {
        let mixture = self.request.mixture;
        let parts = self.parts();
        let curves: Vec<&[f32]> = parts.iter().map(|part| part.curve.as_slice()).collect();
        let settled = amounts(mixture.y(), &curves, self.smooth).ok_or_else(|| {
            MethodError::numbers(self.info, "the amounts of the pure spectra did not settle")
        })?;
        let mut components: Vec<Component> = Vec::with_capacity(parts.len());
        let mut offs: Vec<(String, f64)> = Vec::new();
        for (mut part, weight) in parts.into_iter().zip(settled) {
            let spectrum: Vec<f32> = part.curve.iter().map(|v| (weight * f64::from(*v)) as f32).collect();
            part.component.entries.iter_mut().for_each(|entry| entry.weight = weight);
            part.component.library_part = part.component.library_part.map(|_| spectrum.clone());
            offs.extend(part.off.map(|off| (part.component.name.clone(), off)));
            components.push(Component { spectrum, ..part.component });
        }
        share_out(&mut components, |c| &c.spectrum);
        for component in &mut components {
            let off = offs.iter().find(|(name, _)| *name == component.name).map(|(_, off)| *off);
            component.uncertainty = off.map(|off| uncertainty(component, off));
        }
        let fits: Vec<Vec<f64>> =
            components.iter().map(|c| c.spectrum.iter().map(|v| f64::from(*v)).collect()).collect();
        let mut rest: Vec<f64> = mixture.y().iter().map(|v| f64::from(*v)).collect();
        for curve in &fits {
            rest.iter_mut().zip(curve).for_each(|(r, v)| *r -= v);
        }
        let background = self.smooth.part(&rest);
        rest.iter_mut().zip(&background).for_each(|(r, b)| *r -= b);
        let (unexplained, note) = Rest::of(&rest).unexplained(mixture.axis(), &sum(&fits, rest.len()));
        let verdict = &self.judged.verdict;
        let mut notes = vec![self.ready.model.words()];
        notes.extend(verdict.notes.iter().cloned());
        notes.extend(self.judged.notice.clone());
        if components.is_empty() {
            notes.push(format!(
                "none of the substances that the model knows: {}",
                self.ready.names().join(", ")
            ));
        }
        notes.extend(note);
        notes.extend(fewer(self.request.components, components.len()));
        if let Some(references) = self.references {
            notes.extend(references.notes(&components));
            notes.extend(references.note());
        }
        let reconstruction: Vec<f32> =
            mixture.y().iter().zip(&rest).map(|(y, r)| (f64::from(*y) - r) as f32).collect();
        Ok(Outcome {
            method: self.info.id.to_owned(),
            method_name: self.info.name.to_owned(),
            asked: self.request.components,
            library: self.references.map(|r| r.library().to_owned()),
            mixture: mixture.clone(),
            concentrations: concentrations(&verdict.substances),
            cars: None,
            residual: mixture.y().iter().zip(&reconstruction).map(|(y, r)| y - r).collect(),
            reconstruction,
            background: background.iter().map(|v| *v as f32).collect(),
            unexplained,
            diagnostics: self.diagnostics(),
            components,
            notes,
            elapsed_ms: self.started.elapsed().as_secs_f64() * 1e3,
            device: self.judged.device.clone(),
            settings: self.settings.spelled_out(),
        })
    }

    /// What is fixed, then what the network says is there, as many as asked for.
    fn parts(&self) -> Vec<Part> {
        let mut parts = self.fixed();
        let fixed: Vec<String> = parts.iter().map(|part| part.component.name.clone()).collect();
        let named = |names: &[String], name: &str| names.iter().any(|n| n.trim().eq_ignore_ascii_case(name));
        let mut order: Vec<usize> = (0..self.judged.verdict.substances.len()).collect();
        let of = |class: usize| &self.judged.verdict.substances[class];
        order.retain(|class| {
            let name = &of(*class).name;
            !named(&self.request.excluded, name) && !named(&fixed, name)
        });
        order.sort_by(|a, b| of(*b).probability.total_cmp(&of(*a).probability));
        match self.request.components {
            Components::Auto => order.retain(|class| of(*class).present),
            Components::Exactly(count) => order.truncate(count.saturating_sub(parts.len())),
        }
        parts.extend(order.into_iter().map(|class| self.known(class)));
        parts
    }

    fn known(&self, class: usize) -> Part {
        let found = &self.judged.verdict.substances[class];
        let x = self.ready.axis.values();
        let pure = &self.ready.pures[class];
        let moved = shift_and_stretch(x, pure, self.judged.fitted.shift_cm1, 0.0);
        let curve = on_axis(&self.ready.axis, &moved, self.request.mixture.axis());
        let off = found.raw_dosage.zip(found.interval).filter(|(dosage, _)| *dosage > 0.0);
        let off = off.map(|(dosage, (low, high))| 0.5 * (high - low) / dosage);
        Part { component: component(&found.name, Some(found.probability)), curve, off }
    }

    /// What is fixed: the library's first spectrum of each.
    fn fixed(&self) -> Vec<Part> {
        let Some(references) = self.references else { return Vec::new() };
        let part = |species: &usize| {
            let row = *references.rows_of(*species).first()?;
            let entry = references.entries().get(row)?;
            let name = references.species().get(*species)?.to_string();
            let mut component = component(&name, None);
            component.entries.push(EntryWeight { id: entry.id, name: entry.name.to_string(), weight: 0.0 });
            component.library_part = Some(Vec::new());
            Some(Part { component, curve: references.row(row).to_vec(), off: None })
        };
        references.fixed().iter().filter_map(part).collect()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let verdict = &self.judged.verdict;
        let mut all = Vec::new();
        for found in &verdict.substances {
            let judged = Substance {
                name: found.name.clone(),
                probability: found.probability,
                present: found.present,
                dosage: found.raw_dosage,
                interval: found.interval,
            };
            judged.put(&mut all);
        }
        all.push(Diagnostic::plain(OTHER, f64::from(u8::from(verdict.other))));
        all.push(Diagnostic::plain("excess", verdict.excess));
        all.push(Diagnostic::plain("strange", verdict.strange));
        all.push(Diagnostic::plain("feature_distance", verdict.distance));
        let shift = verdict.shift_cm1;
        all.push(Diagnostic { name: "axis_shift".into(), value: shift, unit: "cm-1".into() });
        all.push(Diagnostic::plain("coverage", verdict.coverage));
        all
    }
}

fn component(name: &str, confidence: Option<f64>) -> Component {
    Component { name: name.to_owned(), species: Some(name.to_owned()), confidence, ..Component::default() }
}

/// A band as wide as the dosage is uncertain, and the share with that much more or less of this component alone.
fn uncertainty(component: &Component, off: f64) -> Uncertainty {
    let band = component.spectrum.iter().map(|v| (off * f64::from(v.abs())) as f32).collect();
    let share = component.share;
    let with = |factor: f64| {
        let own = share * factor;
        if own > 0.0 { own / (own + 1.0 - share) } else { 0.0 }
    };
    Uncertainty { band, share: (with((1.0 - off).max(0.0)).min(share), with(1.0 + off).max(share)) }
}

fn concentrations(found: &[Found]) -> Vec<Concentration> {
    let one =
        |f: &Found| Some(Concentration { label: f.name.clone(), value: f.dosage?, unit: String::new() });
    found.iter().filter_map(one).collect()
}
