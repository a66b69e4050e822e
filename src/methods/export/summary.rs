//! The account of many outcomes: rows, from which `summary.csv` and `summary.json` are made.

use serde::Serialize;

use super::super::score::Score;
use super::super::{Alternative, Component, EntryWeight, MethodError, Outcome, UnexplainedPeak, Unlisted};
use super::{Row, in_memory};
use crate::spectrum::{Spectrum, metrics};

/// The documented JSON of `unmix --json` and `summary.json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Name of the library.
    pub library: String,
    /// Its number of entries.
    pub entries: usize,
    /// Processing steps applied to every spectrum first, as `unravel process` reads them.
    pub steps: String,
    /// One for each spectrum and method, in the order of the inputs.
    pub results: Vec<OutcomeRow>,
    /// What was done, but not exactly as asked.
    pub warnings: Vec<String>,
}

/// One spectrum taken apart by one method.
pub type OutcomeRow = Row<OutcomeFacts>;

/// What a row says of an outcome.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OutcomeFacts {
    /// What was found, largest share first.
    pub components: Vec<ComponentRow>,
    /// Root mean square of the residual, in the units of the mixture.
    pub residual_rms: Option<f64>,
    /// Standard deviation of the noise of one point, in the units of the mixture.
    pub noise: Option<f64>,
    /// Root mean square of what the library leaves over, in units of the noise.
    pub residual_over_noise: Option<f64>,
    /// Peaks that belong to no component.
    pub unexplained: Vec<UnexplainedPeak>,
}

/// One component of an outcome.
#[derive(Debug, Clone, Serialize)]
pub struct ComponentRow {
    /// Its name.
    pub name: String,
    /// Its species in the library.
    pub species: Option<String>,
    /// Relative signal, 0 to 1.
    pub share: f64,
    /// Probability that it is there, from methods that know.
    pub confidence: Option<f64>,
    /// Library entries it is made of, heaviest first.
    pub entries: Vec<EntryWeight>,
    /// What could stand in its place.
    pub alternatives: Vec<Alternative>,
    /// The pure spectrum that it is compared with.
    pub truth: Option<String>,
    /// How well it agrees with that.
    pub si_snr_db: Option<f64>,
    /// The least share of its 90 % interval, from methods that know.
    pub share_low: Option<f64>,
    /// The largest share of it.
    pub share_high: Option<f64>,
    /// What is known of a substance that the library does not hold.
    pub unlisted: Option<Unlisted>,
}

impl ComponentRow {
    /// Its 90 % interval of the share.
    pub fn share_interval(&self) -> Option<(f64, f64)> {
        self.share_low.zip(self.share_high)
    }
}

impl OutcomeRow {
    /// The row of an outcome. `file` is the table with its curves ([`super::curves_csv`]); `scores` are those of
    /// [`crate::methods::score()`] against `truths`, empty where nothing is known.
    pub fn of(
        path: &str,
        spectrum: usize,
        file: &str,
        outcome: &Outcome,
        scores: &[Option<Score>],
        truths: &[Spectrum],
    ) -> Self {
        let component = |(i, c): (usize, &Component)| {
            let found = scores.get(i).and_then(Option::as_ref);
            let truth = found.and_then(|score| truths.get(score.truth));
            ComponentRow {
                name: c.name.clone(),
                species: c.species.clone(),
                share: c.share,
                confidence: c.confidence,
                entries: c.entries.clone(),
                alternatives: c.alternatives.clone(),
                truth: truth.map(|t| t.meta.display_name().to_owned()),
                si_snr_db: found.map(|score| score.si_snr_db),
                share_low: c.share_interval().map(|(low, _)| low),
                share_high: c.share_interval().map(|(_, high)| high),
                unlisted: c.unlisted.clone(),
            }
        };
        let points = (outcome.residual.len().max(1) as f64).sqrt();
        Self {
            path: path.to_owned(),
            spectrum,
            title: outcome.mixture.meta.display_name().to_owned(),
            method: outcome.method.clone(),
            file: Some(file.to_owned()),
            found: OutcomeFacts {
                components: outcome.components.iter().enumerate().map(component).collect(),
                residual_rms: Some(metrics::norm(&outcome.residual) / points),
                noise: Some(outcome.unexplained.noise),
                residual_over_noise: Some(outcome.unexplained.ratio),
                unexplained: outcome.unexplained.peaks.clone(),
            },
            ms: Some(outcome.elapsed_ms),
            device: Some(outcome.device.clone()),
            notes: outcome.notes.clone(),
            error: None,
        }
    }
}

const COLUMNS: [&str; 23] = [
    "path",
    "spectrum",
    "title",
    "method",
    "component",
    "species",
    "share",
    "confidence",
    "truth",
    "si_snr_db",
    "residual_rms",
    "noise",
    "residual_over_noise",
    "unexplained_cm1",
    "ms",
    "device",
    "file",
    "error",
    "share_low",
    "share_high",
    "unlisted_probability",
    "unlisted_nearest",
    "unlisted_peaks_cm1",
];

/// `summary.csv`: a line for each component; one line without component where there is none.
pub fn summary_csv(rows: &[OutcomeRow]) -> Result<Vec<u8>, MethodError> {
    in_memory(|writer| {
        writer.write_record(COLUMNS)?;
        for row in rows {
            if row.found.components.is_empty() {
                writer.write_record(cells(row, None))?;
            }
            for component in &row.found.components {
                writer.write_record(cells(row, Some(component)))?;
            }
        }
        Ok(())
    })
}

/// One line, in the order of [`COLUMNS`].
fn cells(row: &OutcomeRow, component: Option<&ComponentRow>) -> [String; COLUMNS.len()] {
    let text = |pick: &dyn Fn(&ComponentRow) -> Option<String>| component.and_then(pick).unwrap_or_default();
    let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let OutcomeFacts { residual_rms, noise, residual_over_noise, unexplained, .. } = &row.found;
    let peaks: Vec<String> = unexplained.iter().map(|p| p.position_cm1.to_string()).collect();
    let unlisted = component.and_then(|c| c.unlisted.as_ref());
    let own: Vec<String> = unlisted.iter().flat_map(|u| &u.peaks_cm1).map(ToString::to_string).collect();
    let [path, spectrum, title, method] = row.origin();
    [
        path,
        spectrum,
        title,
        method,
        text(&|c| Some(c.name.clone())),
        text(&|c| c.species.clone()),
        number(component.map(|c| c.share)),
        number(component.and_then(|c| c.confidence)),
        text(&|c| c.truth.clone()),
        number(component.and_then(|c| c.si_snr_db)),
        number(*residual_rms),
        number(*noise),
        number(*residual_over_noise),
        peaks.join(" "),
        number(row.ms),
        row.device.clone().unwrap_or_default(),
        row.file.clone().unwrap_or_default(),
        row.error.clone().unwrap_or_default(),
        number(component.and_then(|c| c.share_low)),
        number(component.and_then(|c| c.share_high)),
        number(unlisted.map(|u| u.probability)),
        unlisted.and_then(|u| u.nearest.clone()).unwrap_or_default(),
        own.join(" "),
    ]
}

/// `summary.json`, with a line end behind it.
pub fn summary_json(summary: &Summary) -> Result<Vec<u8>, MethodError> {
    let mut document = serde_json::to_vec_pretty(summary)
        .map_err(|e| MethodError::Written { what: "summary", why: e.to_string() })?;
    document.push(b'\n');
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::super::super::score::score;
    use super::super::super::testing::{LINES, axis, curve, mixed, outcome_of, unsure};
    use super::*;
    use crate::spectrum::Metadata;

    #[test]
    fn a_row_names_the_truth_and_a_failure_has_one_line_of_its_own() {
        let outcome = outcome_of("nnomp", &mixed());
        let truth = Spectrum::new(axis(), curve(LINES[1].2), Metadata::titled("pure quartz")).unwrap();
        let truths = [truth];
        let row = OutcomeRow::of("a.csv", 1, "a_nnomp.csv", &outcome, &score(&outcome, &truths), &truths);
        let failed = OutcomeRow::failed("b.csv", 2, "b", "nnomp", "it is flat".into());
        let rows = vec![row, failed];
        let table = summary_csv(&rows).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_slice());
        let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|cells| cells.len() == COLUMNS.len()));
        let first: Vec<&str> = lines[1].iter().take(6).collect();
        assert_eq!(first, ["a.csv", "1", "mixture", "nnomp", "Calcite", "Calcite"]);
        assert_eq!((&lines[1][8], &lines[2][8]), ("", "pure quartz"));
        assert_eq!((&lines[3][0], &lines[3][4], &lines[3][17]), ("b.csv", "", "it is flat"));
        assert!(lines[1].iter().skip(18).all(str::is_empty), "this method knows no intervals");
        let (library, steps) = ("test".into(), String::new());
        let summary = Summary { library, entries: 6, steps, results: rows, warnings: Vec::new() };
        let bytes = summary_json(&summary).unwrap();
        assert!(bytes.ends_with(b"}\n"));
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json["results"][0]["components"][1]["truth"], "pure quartz");
        assert_eq!(json["results"][1]["error"], "it is flat");
        assert!(json["results"][0]["components"][0]["share_low"].is_null());
    }

    #[test]
    fn the_fields_of_a_row_stand_in_the_documented_order() {
        let failed = OutcomeRow::failed("b.csv", 2, "b", "nnomp", "it is flat".into());
        assert_eq!(
            serde_json::to_string(&failed).unwrap(),
            "{\"path\":\"b.csv\",\"spectrum\":2,\"title\":\"b\",\"method\":\"nnomp\",\"file\":null,\"components\":[],\
             \"residual_rms\":null,\"noise\":null,\"residual_over_noise\":null,\"unexplained\":[],\"ms\":null,\
             \"device\":null,\"notes\":[],\"error\":\"it is flat\"}"
        );
    }

    #[test]
    fn intervals_and_what_the_library_lacks_stand_in_both_summaries() {
        let outcome = unsure(outcome_of("nnomp", &mixed()));
        let row = OutcomeRow::of("a.csv", 1, "a_nnomp.csv", &outcome, &[], &[]);
        let table = summary_csv(std::slice::from_ref(&row)).unwrap();
        let mut reader = csv::Reader::from_reader(table.as_slice());
        let heads = reader.headers().unwrap().clone();
        let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let cell =
            |line: usize, head: &str| lines[line][heads.iter().position(|h| h == head).unwrap()].to_owned();
        assert_eq!((cell(0, "share_low"), cell(0, "share_high")), ("0.6".into(), "0.72".into()));
        assert_eq!(
            (cell(0, "unlisted_probability"), cell(0, "unlisted_peaks_cm1")),
            (String::new(), String::new())
        );
        assert_eq!((cell(1, "component"), cell(1, "species")), ("Not in the library".into(), String::new()));
        assert_eq!(
            (cell(1, "unlisted_probability"), cell(1, "unlisted_nearest")),
            ("0.91".into(), "Quartz".into())
        );
        assert_eq!(cell(1, "unlisted_peaks_cm1"), "464.5 206");
        let component = &serde_json::to_value(&row).unwrap()["components"][1];
        assert_eq!(component["share_high"], 0.4);
        assert_eq!(component["unlisted"]["nearest"], "Quartz");
        assert_eq!(component["unlisted"]["peaks_cm1"][0], 464.5);
    }
}
