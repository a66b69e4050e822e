//! Evidence search: our own method, the set of species that makes the spectrum most likely.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use crate::process::{Param, ParamDefault, ParamKind};
use crate::solvers::Metric;
use crate::solvers::evidence::{Effort, EvidenceLibrary, EvidenceSettings, Found, moved, offset, search};

use super::classic::{DEFAULT_COSINES, DETAIL};
use super::report::{Atom, Part, Refit, Report};
use super::signal::Smooth;
use super::{
    Alternative, Components, Diagnostic, Method, MethodError, MethodInfo, Outcome, References, Request,
    Selection, Watch,
};

/// Cosines that count as background when pairs are compared.
const COSINES: usize = DEFAULT_COSINES;
/// Distance in cm-1 over which bands deviate from the library independently of each other.
const SPACING_CM1: f64 = 21.0;
/// Largest set that is weighed: each size takes longer than the one before.
pub(super) const MOST: usize = 16;
/// Most alternatives listed for a component, and the least probability of one.
const ALTERNATIVES: usize = 5;
const LEAST_ALTERNATIVE: f64 = 0.01;

pub(super) const SHIFT_LIMIT: Param = Param {
    name: "shift_limit_cm1",
    short: "shift",
    unit: "cm-1",
    what: "How far the axis may be off against the library's",
    kind: ParamKind::Number { min: 0.0, max: 10.0, log: false },
    default: ParamDefault::Number(3.0),
};

/// Evidence search.
pub(super) struct Evidence;

static INFO: MethodInfo = MethodInfo {
    id: "evidence",
    name: "Evidence search",
    about: "Weighs all pairs of substances and larger sets by how likely they make the spectrum, bands allowed to deviate from the library, and says how sure it is.",
    needs_library: true,
    network: false,
    settings: &[
        Param {
            name: "max_components",
            short: "max",
            unit: "",
            what: "Most components of an automatic answer",
            kind: ParamKind::Whole { min: 1, max: MOST as i64, odd: false },
            default: ParamDefault::Whole(12),
        },
        SHIFT_LIMIT,
        Param {
            name: "band_gain",
            short: "gain",
            unit: "",
            what: "How much bands may be stronger or weaker than in the library, relative standard deviation",
            kind: ParamKind::Number { min: 0.01, max: 2.0, log: true },
            default: ParamDefault::Number(0.2),
        },
        Param {
            name: "band_shift_cm1",
            short: "band_shift",
            unit: "cm-1",
            what: "How far bands may lie beside the library's, standard deviation",
            kind: ParamKind::Number { min: 0.01, max: 10.0, log: true },
            default: ParamDefault::Number(2.0),
        },
        Param {
            name: "pairs",
            short: "pairs",
            unit: "",
            what: "Best pairs of substances that are weighed in full",
            kind: ParamKind::Whole { min: 10, max: 2_000, odd: false },
            default: ParamDefault::Whole(150),
        },
        DETAIL,
    ],
};

impl Method for Evidence {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn run(&self, request: &Request, watch: &dyn Watch) -> Result<Outcome, MethodError> {
        let settings = request.resolved(&INFO)?;
        let references = request.library(&INFO)?;
        let asked = Asked {
            most: settings.whole("max_components"),
            shift_limit_cm1: settings.number("shift_limit_cm1"),
            gain: settings.number("band_gain"),
            band_shift_cm1: settings.number("band_shift_cm1"),
            pairs: settings.whole("pairs"),
        };
        let explained = explain(&INFO, request, &references, &asked, watch)?;
        let mut report = Report {
            info: &INFO,
            request,
            references: &references,
            detail: settings.flag("detail"),
            settings,
            smooth: explained.smooth,
            diagnostics: diagnostics(&explained.found, explained.by),
            notes: explained.notes,
            started: explained.started,
        };
        report.notes.extend(fewer(request.components, explained.parts.len()));
        Ok(report.write_down(explained.parts, &explained.refit))
    }
}

/// How the search is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Most components of an automatic answer.
    pub most: usize,
    /// How far the axis may be off against the library's.
    pub shift_limit_cm1: f64,
    /// Relative standard deviation of the strength of bands.
    pub gain: f64,
    /// Standard deviation of the places of bands.
    pub band_shift_cm1: f64,
    /// Pairs that are weighed in full.
    pub pairs: usize,
}

impl Default for Asked {
    /// The defaults of the method.
    fn default() -> Self {
        Self { most: 12, shift_limit_cm1: 3.0, gain: 0.2, band_shift_cm1: 2.0, pairs: 150 }
    }
}

/// What the search makes of a mixture, in its units and where the sample has its lines.
pub(super) struct Explained<'a> {
    pub found: Found,
    /// How far the lines lie above the library's, in cm-1.
    pub by: f64,
    /// The best set.
    pub parts: Vec<Part<'a>>,
    /// Its most likely components, background, and what is left.
    pub refit: Refit,
    pub smooth: Arc<Smooth>,
    pub notes: Vec<String>,
    /// When the library was ready.
    pub started: Instant,
}

/// Searches for what is in the mixture of a request.
pub(super) fn explain<'a>(
    info: &'static MethodInfo,
    request: &Request,
    references: &'a Selection<'_>,
    asked: &Asked,
    watch: &dyn Watch,
) -> Result<Explained<'a>, MethodError> {
    if let Components::Exactly(asked) = request.components
        && asked > MOST
    {
        let reason = format!("the evidence search weighs sets of up to {MOST}");
        return Err(MethodError::Components { asked, reason });
    }
    let fixed = references.fixed().len();
    if fixed > MOST {
        let reason =
            format!("so many species are fixed, and the evidence search weighs sets of up to {MOST}");
        return Err(MethodError::Components { asked: fixed, reason });
    }
    watch.go_on()?;
    watch.progress(0.0, "preparing the library");
    let refused = |e| MethodError::numbers(info, e);
    let dictionary = references.dictionary(Metric::Cosines(COSINES)).map_err(refused)?;
    dictionary.gram();
    let smooth = references.background(COSINES);
    let started = Instant::now();
    let (y, axis) = (request.mixture.y(), request.mixture.axis().values());
    // Without its pedestal: single precision has seven digits for the lines on top of it.
    let mean = y.iter().map(|v| f64::from(*v)).sum::<f64>() / y.len() as f64;
    let level: Vec<f32> = y.iter().map(|v| (f64::from(*v) - mean) as f32).collect();
    let limit = asked.shift_limit_cm1;
    let by = if limit > 0.0 { offset(&dictionary, axis, &level, limit).map_err(refused)? } else { 0.0 };
    watch.go_on()?;
    let aligned = if by == 0.0 { level } else { moved(axis, &level, by) };
    let species: Vec<usize> = references.entries().iter().map(|e| e.species).collect();
    let components = match request.components {
        Components::Exactly(count) => count..=count,
        Components::Auto => 1..=asked.most,
    };
    let library =
        EvidenceLibrary { rows: references.values(), dictionary: &dictionary, species: &species, axis };
    let evidence = EvidenceSettings {
        components,
        gain: asked.gain,
        shift: asked.band_shift_cm1,
        spacing: SPACING_CM1,
        pairs: asked.pairs,
        fixed: references.fixed().to_vec(),
        effort: Effort::Full,
    };
    let mut go_on = |done: f32| {
        watch.progress(done, "weighing sets of substances");
        !watch.cancelled()
    };
    let found = search(library, &aligned, &evidence, &mut go_on).map_err(refused)?;
    let found = found.ok_or(MethodError::Cancelled)?;
    let mut notes = Vec::new();
    notes.extend(offset_words(by, limit));
    let (parts, refit) = parts(&found, references, y, by, mean);
    Ok(Explained { found, by, parts, refit, smooth, notes, started })
}

/// A sentence about an axis that is off.
fn offset_words(by: f64, limit: f64) -> Option<String> {
    let side = if by > 0.0 { "above" } else { "below" };
    let at_limit = if by.abs() > limit - 0.05 {
        ", and no more was looked for: if the axis may be off by more, raise the setting shift"
    } else {
        ""
    };
    (by != 0.0).then(|| {
        format!("the lines lie {:.1} cm-1 {side} the library's; this was allowed for{at_limit}", by.abs())
    })
}

/// A sentence where fewer components fit than were asked for.
pub(super) fn fewer(asked: Components, found: usize) -> Option<String> {
    match asked {
        Components::Exactly(asked) if found < asked => {
            Some(format!("only {found} of {asked} components asked for fit the data"))
        }
        Components::Exactly(_) | Components::Auto => None,
    }
}

/// How many substances make a spectrum most likely, up to `most`, the fixed ones among them: what the search with its
/// default settings says, for methods that find curves and cannot count them.
pub(super) fn likely_number(
    info: &'static MethodInfo,
    references: &Selection<'_>,
    mixture: &[f32],
    most: usize,
    watch: &dyn Watch,
) -> Result<usize, MethodError> {
    let refused = |e| MethodError::numbers(info, e);
    let dictionary = references.dictionary(Metric::Cosines(COSINES)).map_err(refused)?;
    dictionary.gram();
    let mean = mixture.iter().map(|v| f64::from(*v)).sum::<f64>() / mixture.len() as f64;
    let level: Vec<f32> = mixture.iter().map(|v| (f64::from(*v) - mean) as f32).collect();
    let species: Vec<usize> = references.entries().iter().map(|e| e.species).collect();
    let axis = references.axis().values();
    let library =
        EvidenceLibrary { rows: references.values(), dictionary: &dictionary, species: &species, axis };
    let settings = EvidenceSettings {
        components: 1..=most.clamp(1, MOST),
        fixed: references.fixed().to_vec(),
        ..EvidenceSettings::default()
    };
    let mut go_on = |_: f32| {
        watch.progress(0.5, "weighing how many substances there are");
        !watch.cancelled()
    };
    let found = search(library, &level, &settings, &mut go_on).map_err(refused)?;
    let found = found.ok_or(MethodError::Cancelled)?;
    Ok(found.ranked.first().map_or(0, |best| best.species.len()))
}

pub(super) fn diagnostics(found: &Found, by: f64) -> Vec<Diagnostic> {
    let in_cm1 = |name: &str, value| Diagnostic { name: name.into(), value, unit: "cm-1".into() };
    let exact = found.ranked.first().is_some_and(|best| best.exact);
    let band_shift = found.posterior.as_ref().map_or(0.0, |p| p.shift);
    vec![
        Diagnostic::plain("sets_weighed", found.ranked.len() as f64),
        Diagnostic::plain("probability", found.probabilities.first().copied().unwrap_or_default()),
        Diagnostic::plain("as_stored", f64::from(u8::from(exact))),
        Diagnostic::plain("nats_per_unit", found.unit),
        in_cm1("axis_shift", by),
        in_cm1("band_shift", band_shift),
        Diagnostic::plain("noise", found.deviation.noise.sqrt()),
    ]
}

/// The best set as parts of a report, with their spectra moved back to where the sample has them.
fn parts<'a>(
    found: &Found,
    references: &'a Selection<'_>,
    y: &[f32],
    by: f64,
    mean: f64,
) -> (Vec<Part<'a>>, Refit) {
    let axis = references.axis().values();
    let back = |curve: &[f64]| -> Vec<f64> {
        if by == 0.0 {
            return curve.to_vec();
        }
        let narrow: Vec<f32> = curve.iter().map(|v| *v as f32).collect();
        moved(axis, &narrow, -by).into_iter().map(f64::from).collect()
    };
    let mut rest: Vec<f64> = y.iter().map(|v| f64::from(*v)).collect();
    let (Some(best), Some(posterior)) = (found.ranked.first(), &found.posterior) else {
        let background = references.background(COSINES).part(&rest);
        for (r, b) in rest.iter_mut().zip(&background) {
            *r -= b;
        }
        return (Vec::new(), Refit { weights: Vec::new(), fits: Vec::new(), background, rest });
    };
    let fits: Vec<Vec<f64>> = posterior.components.iter().map(|c| back(c)).collect();
    let background: Vec<f64> = back(&posterior.background).into_iter().map(|b| b + mean).collect();
    for curve in fits.iter().chain([&background]) {
        for (r, c) in rest.iter_mut().zip(curve) {
            *r -= c;
        }
    }
    let parts = best.species.iter().zip(&best.rows).map(|(species, rows)| {
        let atoms = rows.iter().map(|(row, _)| {
            let stored = references.row(*row);
            let values = if by == 0.0 { Cow::Borrowed(stored) } else { Cow::Owned(moved(axis, stored, -by)) };
            Atom { row: *row, values }
        });
        Part {
            species: *species,
            atoms: atoms.collect(),
            // What was settled from outside was not judged.
            confidence: (!references.fixed().contains(species)).then(|| found.probability_of(*species)),
            alternatives: alternatives(found, references, *species),
        }
    });
    let weights = best.rows.iter().map(|rows| rows.iter().map(|(_, weight)| *weight).collect()).collect();
    (parts.collect(), Refit { weights, fits, background, rest })
}

/// Species that stand in the place of one of the best set in other sets.
fn alternatives(found: &Found, references: &References, species: usize) -> Vec<Alternative> {
    let mut listed: Vec<(usize, f64)> = found.instead_of(species);
    listed.retain(|(_, probability)| *probability >= LEAST_ALTERNATIVE);
    listed.truncate(ALTERNATIVES);
    listed
        .into_iter()
        .filter_map(|(other, posterior)| {
            let species = references.species().get(other)?.to_string();
            Some(Alternative { species, posterior })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::offset_words;

    #[test]
    fn an_axis_that_is_off_by_all_that_was_allowed_is_told_as_such() {
        assert_eq!(offset_words(0.0, 3.0), None);
        let words = |by| offset_words(by, 3.0).unwrap();
        assert_eq!(words(1.5), "the lines lie 1.5 cm-1 above the library's; this was allowed for");
        assert!(
            words(-3.0).starts_with("the lines lie 3.0 cm-1 below")
                && words(-3.0).ends_with("the setting shift")
        );
    }
}
