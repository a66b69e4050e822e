//! A model made ready for spectra.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use rayon::prelude::*;

use super::super::device::{finite, on_some_device};
use super::super::model::Model;
use super::super::{MethodError, Watch};
use super::look::{Look, look};
use super::method::INFO;
use super::numbers::{Numbers, numbers};
use super::verdict::{Found, Verdict};
use crate::compute::Stop;
use crate::nets::{CardError, CardPanel, ModelCard, RamixnetConfig};
use crate::solvers::{Fitted, PureFit};
use crate::spectrum::{Axis, AxisKind, Spectrum};

/// Spectra that pass the network at once.
const AT_ONCE: usize = 16;

/// The network with its card, the fit of its pure spectra, and what its features usually are.
#[derive(Debug)]
pub struct Classifier {
    pub(super) model: Arc<Model<RamixnetConfig>>,
    pub(super) panel: CardPanel,
    pub(super) axis: Axis,
    /// Pure spectra of height 1, `[class][point]`.
    pub(super) pures: Vec<Vec<f32>>,
    fit: PureFit,
    usual: Vec<f32>,
}

/// A verdict with what it comes from.
#[derive(Debug)]
pub(super) struct Judged {
    pub verdict: Verdict,
    pub fitted: Fitted,
    pub device: String,
    pub notice: Option<String>,
}

impl Classifier {
    pub(super) fn new(model: Arc<Model<RamixnetConfig>>) -> Result<Self, MethodError> {
        let wrong = |e: &dyn std::fmt::Display| MethodError::Model {
            file: model.card.name.clone(),
            problem: e.to_string(),
        };
        let classes = model.card.architecture.classes;
        let panel =
            model.card.panel.clone().ok_or_else(|| wrong(&"the card says nothing about its substances"))?;
        panel.check(classes).map_err(|e| wrong(&e))?;
        let card = model.card.axis;
        let axis = Axis::even(AxisKind::RamanShift, card.first_cm1, card.last_cm1, card.points)
            .map_err(|e| wrong(&e))?;
        let net = model.on(&Device::flex()).map_err(|e: CardError| wrong(&e))?;
        let kept = |tensor: Option<burn::tensor::Tensor<2>>| {
            let missing = "the file of weights holds no pure spectra";
            let data = tensor
                .ok_or_else(|| wrong(&missing))?
                .try_into_data()
                .map_err(|e| wrong(&format!("{e:?}")))?;
            data.try_to_vec::<f32>().map_err(|e| wrong(&format!("{e:?}")))
        };
        let (pures, usual) = (kept(net.pures())?, kept(net.usual())?);
        if pures.len() != classes * card.points {
            return Err(wrong(&format!(
                "its pure spectra do not have the {} points of its axis",
                card.points
            )));
        }
        if model.card.architecture.least_points() > card.points {
            return Err(wrong(&format!("an axis of {} points is too short for its network", card.points)));
        }
        let fit = PureFit::new(card.first_cm1, card.last_cm1, card.points, &pures).map_err(|e| wrong(&e))?;
        let pures = pures.chunks_exact(card.points).map(<[f32]>::to_vec).collect();
        Ok(Self { model, panel, axis, pures, fit, usual })
    }

    /// Reads a card with the weights beside it.
    pub fn read(card: &Path) -> Result<Self, MethodError> {
        Self::new(Arc::new(Model::read(card)?))
    }

    /// The card.
    pub fn card(&self) -> &ModelCard<RamixnetConfig> {
        &self.model.card
    }

    /// Names of the substances, in the model's order.
    pub fn names(&self) -> Vec<&str> {
        self.panel.substances.iter().map(|s| s.name.as_str()).collect()
    }

    /// Verdicts on spectra over Raman shift, low to high ([`super::super::prepare`] makes them so), on all threads of
    /// the pool it is called in. What cannot be judged has an error of its own.
    pub fn judge(
        &self,
        spectra: &[&Spectrum],
        watch: &dyn Watch,
    ) -> Result<Vec<Result<Verdict, MethodError>>, MethodError> {
        let parts: Vec<Result<Vec<_>, MethodError>> =
            spectra.par_chunks(AT_ONCE).map(|part| self.some(part, watch)).collect();
        let mut all = Vec::with_capacity(spectra.len());
        for part in parts {
            all.extend(part?.into_iter().map(|one| one.map(|judged| judged.verdict)));
        }
        Ok(all)
    }

    /// The same of one spectrum with what it comes from.
    pub(super) fn one(&self, spectrum: &Spectrum, watch: &dyn Watch) -> Result<Judged, MethodError> {
        match self.some(&[spectrum], watch)?.pop() {
            Some(one) => one,
            None => Err(MethodError::numbers(&INFO, "no answer")),
        }
    }

    fn some(
        &self,
        spectra: &[&Spectrum],
        watch: &dyn Watch,
    ) -> Result<Vec<Result<Judged, MethodError>>, MethodError> {
        watch.go_on()?;
        let looks: Vec<Result<Look, MethodError>> = spectra.iter().map(|s| look(s, &self.axis)).collect();
        let fitted: Vec<Fitted> = looks.iter().flatten().map(|look| self.fit.fit(&look.y)).collect();
        let config = &self.model.card.architecture;
        let ran = on_some_device(&INFO, watch, |turn| {
            let net = self.model.net(turn).map_err(|e| Stop::Job(MethodError::numbers(&INFO, e)))?;
            let said = numbers(&net, &fitted, &self.usual, config.classes, config.told > 0, &turn.device)?;
            for one in &said {
                finite(&INFO, turn, &one.odds)?;
                finite(&INFO, turn, &one.dosage)?;
                finite(&INFO, turn, &one.deviation)?;
            }
            Ok(said)
        })?;
        let mut both = fitted.into_iter().zip(ran.value);
        let judged = |look: Look| {
            let (fitted, said) = both.next()?;
            let verdict = self.verdict(&fitted, &said, look);
            Some(Judged { verdict, fitted, device: ran.device.clone(), notice: ran.notice.clone() })
        };
        let mut judged = judged;
        let missing = || MethodError::numbers(&INFO, "an answer is missing");
        Ok(looks.into_iter().map(|look| judged(look?).ok_or_else(missing)).collect())
    }

    fn verdict(&self, fitted: &Fitted, said: &Numbers, look: Look) -> Verdict {
        let panel = &self.panel;
        let found = |(class, substance): (usize, &crate::nets::CardSubstance)| {
            let odds = said.odds.get(class).copied().unwrap_or_default();
            let probability = 1.0 / (1.0 + (-f64::from(odds) / panel.temperature).exp());
            let present = probability >= substance.threshold;
            let raw = said.dosage.get(class).map(|d| f64::from(*d));
            let half =
                said.deviation.get(class).map(|d| panel.interval_least + panel.interval * f64::from(*d));
            let interval = raw.zip(half).map(|(d, half)| ((d - half).max(0.0), (d + half).min(1.0)));
            Found {
                name: substance.name.clone(),
                probability,
                threshold: substance.threshold,
                present,
                dosage: raw.filter(|_| present),
                raw_dosage: raw,
                interval,
                share: None,
                amount_share: None,
            }
        };
        let (left, limit, what) = match panel.other.strange {
            Some(limit) => (fitted.strange, limit, "stands where the substances found have little"),
            None => (fitted.excess, panel.other.excess, "is left over by the pure spectra"),
        };
        let other = left > limit || said.distance > panel.other.distance;
        let mut notes = look.notes;
        if other {
            let why = if left > limit {
                let (left, limit) = (100.0 * left, 100.0 * limit);
                format!(
                    "{left:.0} % of the signal {what}, more than the {limit:.0} % of what the model knows"
                )
            } else {
                "the network has seen nothing like this spectrum".to_owned()
            };
            notes.push(format!("something else may be in the sample: {why}"));
        }
        let mut verdict = Verdict {
            substances: panel.substances.iter().enumerate().map(found).collect(),
            other,
            excess: fitted.excess,
            excess_limit: panel.other.excess,
            strange: fitted.strange,
            strange_limit: panel.other.strange,
            distance: said.distance,
            distance_limit: panel.other.distance,
            shift_cm1: fitted.shift_cm1,
            coverage: look.coverage,
            notes,
        };
        let heights: Vec<f64> = panel.substances.iter().map(|s| s.height).collect();
        verdict.share_out(&heights);
        verdict
    }
}
