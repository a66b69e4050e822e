//! The figures of `bench unmix`, as documented JSON (docs/json.md) and as a table.

use std::fmt;

use serde::Serialize;

use super::calibration::{CONFIDENT, Calibration, Claim, calibration};
use super::coverage::{Coverage, Held, coverage};
use super::runner::{Answers, Chosen};
use super::score::Score;
use super::stats::{bootstrap_mean, mean, percent, wilson_percent};
use super::text::{interval, number, rate, table};
use crate::methods::ModelUsed;

/// One mixture as scored, and what else the method said of it.
#[derive(Debug)]
pub(super) struct Scored {
    pub score: Score,
    /// The method named at least one species.
    pub named: bool,
    /// It reported peaks that no component explains.
    pub unexplained: bool,
}

impl Scored {
    /// No component was given a confidence of [`CONFIDENT`] or more; `None` without confidences.
    pub fn unsure(&self) -> Option<bool> {
        let claims: &[Claim] = &self.score.claims;
        (!claims.is_empty()).then(|| claims.iter().all(|c| c.confidence < CONFIDENT))
    }
}

/// Borders of the bins of the smaller fraction.
const FRACTIONS: [f64; 6] = [0.0, 0.02, 0.05, 0.1, 0.2, 0.5];

/// All figures of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnmixReport {
    /// Which benchmark it is.
    pub bench: &'static str,
    /// The split that was mixed.
    pub set: String,
    /// Number of mixtures.
    pub n: usize,
    /// Substances in each.
    pub components: usize,
    /// Their seed.
    pub seed: u64,
    /// SI-SNR of the untouched mixtures against their pure spectra.
    pub mean_input_si_snr_db: f64,
    /// One row a method.
    pub methods: Vec<MethodReport>,
    /// Spectra in the library.
    pub library_spectra: usize,
    /// Species in the library.
    pub library_species: usize,
    /// Pure spectra that were drawn from.
    pub mixed_spectra: usize,
    /// Rows of both splits with too little coverage or nothing positive.
    pub left_out_spectra: usize,
    /// Mixtures scored side by side.
    pub threads: usize,
    /// Time to bring the library to the axis, in ms.
    pub references_ms: f64,
}

/// Figures of one method. Rates in percent; means over mixtures of the mean over both components.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodReport {
    /// The method as it was named, settings included.
    pub method: String,
    /// The trained network it ran; null for methods without one.
    pub model: Option<ModelUsed>,
    /// Mixtures with exactly the right two species; null where no library could name them.
    pub right_pair_percent: Option<f64>,
    /// Mixtures whose largest component is the right one.
    pub main_component_percent: Option<f64>,
    /// SI-SNR of the library parts, single values from -30 to 60 dB.
    pub si_snr_db: f64,
    /// Gain over the untouched mixture.
    pub si_snri_db: f64,
    /// Gain, single values ending at 30 dB.
    pub si_snri_capped_db: f64,
    /// Gain of the components with measured detail, single values ending at 60 dB.
    pub si_snri_soft_db: f64,
    /// The same, single values ending at 30 dB.
    pub si_snri_soft_capped_db: f64,
    /// Spectral information divergence of the library parts.
    pub sid: f64,
    /// Spectral angle of the library parts in radians.
    pub sad: f64,
    /// RMSE of the library parts, unit norm.
    pub rmse: f64,
    /// Mean time of one spectrum, preparation excluded.
    pub ms: f64,
    /// What the first spectrum took longer: tables made once a library and axis.
    pub preparation_ms: f64,
    /// 95 % intervals: Wilson for rates, bootstrap for means.
    pub intervals: Intervals,
    /// The same figures by the smaller fraction.
    pub by_minor_fraction: Vec<FractionBin>,
    /// Mixtures in which the method reported peaks that nothing explains.
    pub unexplained_percent: Option<f64>,
    /// Mixtures in which no component was given 90 % or more; null without confidences.
    pub no_confident_percent: Option<f64>,
    /// Confidences against what came true; null without confidences.
    pub calibration: Option<Calibration>,
    /// Stated intervals against what came true; null without intervals.
    pub coverage: Option<Coverage>,
    /// Mixtures the method refused; scored as if it had found nothing.
    pub failed: usize,
    /// Why it refused the first of them.
    pub error: Option<String>,
}

/// 95 % intervals of the figures of the same name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intervals {
    /// Right pairs.
    pub right_pair_percent: Option<[f64; 2]>,
    /// Main components.
    pub main_component_percent: Option<[f64; 2]>,
    /// SI-SNR.
    pub si_snr_db: Option<[f64; 2]>,
    /// Gain.
    pub si_snri_db: Option<[f64; 2]>,
    /// Capped gain.
    pub si_snri_capped_db: Option<[f64; 2]>,
    /// Soft-mask gain.
    pub si_snri_soft_db: Option<[f64; 2]>,
}

/// Figures of the mixtures whose smaller fraction lies in `low..high`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FractionBin {
    /// Lower border.
    pub low: f64,
    /// Upper border.
    pub high: f64,
    /// Mixtures in it.
    pub n: usize,
    /// Right pairs.
    pub right_pair_percent: Option<f64>,
    /// Their 95 % interval.
    pub right_pair_interval: Option<[f64; 2]>,
    /// Capped gain.
    pub si_snri_capped_db: Option<f64>,
    /// Soft-mask gain.
    pub si_snri_soft_db: Option<f64>,
}

impl MethodReport {
    /// Sums up the answers of one method; `known` says whether a right pair was possible at all.
    pub(super) fn new(chosen: &Chosen, known: bool, answers: &Answers<Scored>) -> Self {
        let each = &answers.each;
        let named = known && each.iter().any(|s| s.named);
        let values = |of: fn(&Scored) -> f64| each.iter().map(of).collect::<Vec<f64>>();
        let [snr, snri] = [values(|s| s.score.si_snr_db), values(|s| s.score.si_snri_db)];
        let [capped, soft] = [values(|s| s.score.si_snri_capped_db), values(|s| s.score.si_snri_soft_db)];
        let average = |values: &[f64]| mean(values).unwrap_or_default();
        let right = each.iter().filter(|s| s.score.right_set).count();
        let main = each.iter().filter(|s| s.score.main_right).count();
        let only_named = |value: Option<f64>| value.filter(|_| named);
        let interval_named = |value: Option<[f64; 2]>| value.filter(|_| named);
        let unsure: Vec<bool> = each.iter().filter_map(Scored::unsure).collect();
        let claims: Vec<Claim> = each.iter().flat_map(|s| s.score.claims.iter().copied()).collect();
        let held: Vec<&Held> = each.iter().flat_map(|s| &s.score.held).collect();
        let unexplained = each.iter().filter(|s| s.unexplained).count();
        Self {
            method: chosen.name.clone(),
            model: chosen.model.clone(),
            right_pair_percent: only_named(percent(right, each.len())),
            main_component_percent: only_named(percent(main, each.len())),
            si_snr_db: average(&snr),
            si_snri_db: average(&snri),
            si_snri_capped_db: average(&capped),
            si_snri_soft_db: average(&soft),
            si_snri_soft_capped_db: average(&values(|s| s.score.si_snri_soft_capped_db)),
            sid: average(&values(|s| s.score.sid)),
            sad: average(&values(|s| s.score.sad)),
            rmse: average(&values(|s| s.score.rmse)),
            ms: answers.ms,
            preparation_ms: answers.preparation_ms,
            intervals: Intervals {
                right_pair_percent: interval_named(wilson_percent(right, each.len())),
                main_component_percent: interval_named(wilson_percent(main, each.len())),
                si_snr_db: bootstrap_mean(&snr),
                si_snri_db: bootstrap_mean(&snri),
                si_snri_capped_db: bootstrap_mean(&capped),
                si_snri_soft_db: bootstrap_mean(&soft),
            },
            by_minor_fraction: bins(each, named),
            unexplained_percent: percent(unexplained, each.len()),
            no_confident_percent: percent(unsure.iter().filter(|u| **u).count(), unsure.len()),
            calibration: calibration(&claims),
            coverage: coverage(&held),
            failed: answers.failed,
            error: answers.error.clone(),
        }
    }
}

fn bins(each: &[Scored], named: bool) -> Vec<FractionBin> {
    let bin = |edge: &[f64]| {
        let last = edge[1] >= 0.5;
        let inside = |s: &&Scored| {
            let minor = s.score.minor_fraction;
            minor >= edge[0] && (minor < edge[1] || last)
        };
        let inside: Vec<&Scored> = each.iter().filter(inside).collect();
        let right = inside.iter().filter(|s| s.score.right_set).count();
        let average = |of: fn(&Score) -> f64| mean(&inside.iter().map(|s| of(&s.score)).collect::<Vec<_>>());
        FractionBin {
            low: edge[0],
            high: edge[1],
            n: inside.len(),
            right_pair_percent: percent(right, inside.len()).filter(|_| named),
            right_pair_interval: wilson_percent(right, inside.len()).filter(|_| named),
            si_snri_capped_db: average(|s| s.si_snri_capped_db),
            si_snri_soft_db: average(|s| s.si_snri_soft_db),
        }
    };
    FRACTIONS.windows(2).map(bin).collect()
}

impl fmt::Display for UnmixReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "set {}, {} mixtures of {} (seed {}), mean input SI-SNR {:.2} dB",
            self.set, self.n, self.components, self.seed, self.mean_input_si_snr_db
        )?;
        writeln!(
            f,
            "library {} spectra of {} species, brought to the axis in {:.0} ms; mixed from {} spectra; {} rows left out",
            self.library_spectra,
            self.library_species,
            self.references_ms,
            self.mixed_spectra,
            self.left_out_spectra
        )?;
        if self.threads > 1 {
            writeln!(f, "{} mixtures side by side: the times are not those of a quiet core", self.threads)?;
        }
        self.figures(f)?;
        self.fractions(f)?;
        self.confidences(f)?;
        for m in self.methods.iter().filter(|m| m.failed > 0) {
            let why = m.error.as_deref().unwrap_or_default();
            writeln!(f, "\n{}: {} mixtures refused; the first: {why}", m.method, m.failed)?;
        }
        Ok(())
    }
}

impl UnmixReport {
    fn figures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = [
            "method",
            "right pair %",
            "main %",
            "SI-SNR",
            "SI-SNRi",
            "capped 30",
            "soft mask",
            "soft capped",
            "SID",
            "SAD",
            "RMSE",
            "ms",
            "prep ms",
            "unexpl. %",
        ];
        let rows = self.methods.iter().map(|m| {
            vec![
                m.method.clone(),
                rate(m.right_pair_percent, m.intervals.right_pair_percent),
                number(m.main_component_percent, 0),
                number(Some(m.si_snr_db), 2),
                number(Some(m.si_snri_db), 2),
                interval(Some(m.si_snri_capped_db), m.intervals.si_snri_capped_db),
                interval(Some(m.si_snri_soft_db), m.intervals.si_snri_soft_db),
                number(Some(m.si_snri_soft_capped_db), 2),
                number(Some(m.sid), 3),
                number(Some(m.sad), 3),
                number(Some(m.rmse), 5),
                number(Some(m.ms), 2),
                number(Some(m.preparation_ms), 0),
                number(m.unexplained_percent, 0),
            ]
        });
        writeln!(f, "\n{}", table(&header, &rows.collect::<Vec<_>>()))
    }

    fn fractions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.methods.first() else { return Ok(()) };
        let header: Vec<String> =
            std::iter::once("right pair %, capped SI-SNRi by smaller fraction".to_owned())
                .chain(first.by_minor_fraction.iter().map(|b| format!("{}-{} (n={})", b.low, b.high, b.n)))
                .collect();
        let rows = self.methods.iter().map(|m| {
            let cell = |b: &FractionBin| {
                format!("{} / {}", number(b.right_pair_percent, 0), number(b.si_snri_capped_db, 1))
            };
            std::iter::once(m.method.clone()).chain(m.by_minor_fraction.iter().map(cell)).collect()
        });
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        writeln!(f, "{}", table(&header, &rows.collect::<Vec<_>>()))
    }

    fn confidences(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for m in &self.methods {
            if let Some(calibration) = &m.calibration {
                write!(f, "{}: {calibration}", m.method)?;
                if let Some(coverage) = &m.coverage {
                    write!(f, "  {coverage}")?;
                }
                if let Some(unsure) = m.no_confident_percent {
                    writeln!(f, "  no component given 90 % or more in {unsure:.0} % of the mixtures")?;
                }
            }
        }
        Ok(())
    }
}
