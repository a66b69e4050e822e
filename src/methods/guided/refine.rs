//! A scene through the network, and its answers in the units of the mixture.

use burn::tensor::{Device, Tensor};

use super::super::device::{finite, on_some_device};
use super::super::model::Model;
use super::super::{MethodError, Watch};
use super::method::INFO;
use crate::compute::Stop;
use crate::nets::{CardNaming, Guided, GuidedConfig, Judged, Scene, Slot};

/// Confidence of the search from which its name stays whatever the network says; so does that of a stored spectrum.
const SURE: f32 = 0.9;

/// Noise over the root mean square of the mixture's lines beyond which corrections follow the noise.
const DEAFENING: f64 = 0.5;

/// What the network says about one slot; curves over the model's axis, in the units of the mixture.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// To be added to the likely component.
    pub correction: Vec<f32>,
    /// Half the width of the 90 % interval of every point.
    pub band: Vec<f32>,
    /// The same of the logarithm of the size.
    pub level: f64,
    /// The likely component is the true one as it is.
    pub exact: bool,
    /// Log odds that the species is there (of the slot for what the library lacks: that there is anything).
    pub there: f32,
    /// Log odds that the library holds what is there.
    pub listed: f32,
    /// Probability that the candidate's name is right, and whether that is enough to give it.
    pub name: (f64, bool),
}

/// All slots of a scene, and where it was computed.
#[derive(Debug)]
pub(super) struct Refinement {
    pub slots: Vec<Said>,
    pub device: String,
    pub notice: Option<String>,
}

/// Everything the network gives for some slots, one number after the other.
struct Numbers {
    corrections: Vec<f32>,
    /// Log spread, odds, log level; empty from a network that only corrects.
    judged: Option<[Vec<f32>; 3]>,
}

/// Asks the network about every slot.
pub(super) fn refine(
    model: &Model<GuidedConfig>,
    scene: &Scene,
    watch: &dyn Watch,
) -> Result<Refinement, MethodError> {
    let ran = on_some_device(&INFO, watch, |turn| {
        watch.go_on().map_err(Stop::Job)?;
        let problem =
            |e: crate::nets::CardError| MethodError::Numbers { method: INFO.name, problem: e.to_string() };
        let net = model.net(turn).map_err(|e| Stop::Job(problem(e)))?;
        let numbers = on_device(&net, &model.card.architecture, scene, &turn.device)?;
        finite(&INFO, turn, &numbers.corrections)?;
        for values in numbers.judged.iter().flatten() {
            finite(&INFO, turn, values)?;
        }
        Ok(numbers)
    })?;
    let (unit, points) = (scene.unit(), scene.points());
    let calibration = model.card.calibration.clone().unwrap_or_default();
    let Numbers { corrections, judged } = ran.value;
    let said = |slot: usize| {
        let of = slot * points..(slot + 1) * points;
        let (band, level, odds) = match &judged {
            Some([spread, odds, level]) => {
                let odds = [0, 1, 2].map(|question| odds[slot * Judged::QUESTIONS + question]);
                let standing = calibration.standing(scene.slots[slot].lacking, odds[0], odds[2]);
                let width = calibration.width(standing);
                let band = |v: &f32| (width * unit * f64::from(*v).exp()) as f32;
                let bands = spread[of.clone()].iter().map(band).collect();
                (bands, calibration.level * f64::from(level[slot]).exp(), odds)
            }
            // Corrections alone: everything is taken as the search says.
            None => (Vec::new(), 0.0, [f32::MIN, if scene.slots[slot].lacking { -1.0 } else { 1.0 }, 1.0]),
        };
        let [exact, there, listed] = odds;
        let &Slot { lacking, confidence, .. } = &scene.slots[slot];
        let name = match &judged {
            _ if lacking => (0.0, false),
            Some(_) => {
                let evidence = CardNaming::evidence(f64::from(confidence), odds);
                let probability = calibration.naming.probability(evidence);
                let stored = exact > 0.0 || confidence >= SURE;
                // What is too weak to be told is not for that reason missing from the library.
                (probability, stored || listed > 0.0 || probability >= calibration.naming.limit)
            }
            None => (f64::from(confidence), true),
        };
        let trust = match lacking {
            true => 1.0,
            false if scene.noise > DEAFENING * unit => 0.0,
            false => f64::from(calibration.trust_at(there)),
        };
        let scaled = |v: &f32| (f64::from(*v) * trust * unit) as f32;
        Said {
            correction: corrections[of].iter().map(scaled).collect(),
            band,
            level,
            exact: !lacking && exact > calibration.keep,
            there,
            listed,
            name,
        }
    };
    let slots = (0..scene.slots.len()).map(said).collect();
    Ok(Refinement { slots, device: ran.device, notice: ran.notice })
}

fn on_device(
    net: &Guided,
    config: &GuidedConfig,
    scene: &Scene,
    device: &Device,
) -> Result<Numbers, Stop<MethodError>> {
    let mut channels = Vec::new();
    scene.channels(config, &mut channels);
    let flat = |values: &[f32]| Tensor::<1>::from_floats(values, device);
    let x = flat(&channels).reshape([scene.slots.len(), scene.points(), config.inputs()]);
    let refined = net.forward(x, flat(&scene.sizes()));
    let corrections = refined.corrections.try_into_vec_as::<f32>()?;
    let judged = match refined.judged {
        None => None,
        Some(judged) => Some([
            judged.log_spread.try_into_vec_as::<f32>()?,
            judged.odds.try_into_vec_as::<f32>()?,
            judged.log_level.try_into_vec_as::<f32>()?,
        ]),
    };
    Ok(Numbers { corrections, judged })
}
