//! `bench paper`: networks and library methods on our rebuild of the `RSSNet` paper's two-component protocol, in the shape of
//! its Tables II and III and beside its figures.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::BenchError;
use super::contest::{Contest, PairOptions};
use super::runner::Chosen;
use super::text::{number, rate, table};
use super::unmix_report::MethodReport;
use crate::methods::{ModelUsed, Settings, find, methods, model};
use crate::synth::Recipe;

/// Mean SI-SNR of the paper's mixtures against their pure spectra: its SI-SNR less its SI-SNRi, alike for all networks.
const PAPER_INPUT_DB: f64 = -1.37;

/// A row of the paper's Table II (RRUFF-2Mix): name, SI-SNR and SI-SNRi in dB; none where it says "failed".
type PaperRow = (&'static str, Option<(f64, f64)>);

const PAPER: &[PaperRow] = &[
    ("Conv-TasNet", Some((13.75, 15.12))),
    ("DPRNN", Some((16.73, 18.09))),
    ("AFRCNN", Some((15.90, 17.27))),
    ("TDANet", Some((11.74, 13.11))),
    ("RSSNet", Some((21.13, 22.50))),
    ("SUnSAL", None),
    ("NNOMP", None),
    ("FCLS", None),
];

/// What is run.
#[derive(Debug, Clone)]
pub struct PaperOptions {
    /// The mixtures.
    pub pairs: PairOptions,
    /// Trained networks; the one that ships when empty.
    pub models: Vec<PathBuf>,
    /// Other methods, with settings behind colons; all that compare with a library when empty.
    pub methods: Vec<String>,
}

/// Both tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperReport {
    /// Which benchmark it is.
    pub bench: &'static str,
    /// The split that was mixed.
    pub set: String,
    /// Number of mixtures.
    pub n: usize,
    /// Their seed.
    pub seed: u64,
    /// SI-SNR of the untouched mixtures against their pure spectra.
    pub mean_input_si_snr_db: f64,
    /// The same of the paper's data set, by its own tables.
    pub paper_mean_input_si_snr_db: f64,
    /// Networks first.
    pub rows: Vec<PaperLine>,
    /// Rows of the paper that nothing here stands for.
    pub not_here: Vec<PaperOnly>,
    /// Mixtures scored side by side.
    pub threads: usize,
}

/// One method with our figures and the paper's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperLine {
    /// A network by its card's name, a method by its name here.
    pub method: String,
    /// The trained network it ran; null for methods without one.
    pub model: Option<ModelUsed>,
    /// The network's kind, or `library` for methods that fit library spectra.
    pub kind: String,
    /// Parameters of a network.
    pub parameters: Option<usize>,
    /// SI-SNR, single values from -30 to 60 dB.
    pub si_snr_db: f64,
    /// Gain over the untouched mixture.
    pub si_snri_db: f64,
    /// Gain, single values ending at 30 dB.
    pub si_snri_capped_db: f64,
    /// Spectral angle in radians.
    pub sad: f64,
    /// Spectral information divergence.
    pub sid: f64,
    /// RMSE of unit-norm curves.
    pub rmse: f64,
    /// Mixtures with exactly the right two species.
    pub right_pair_percent: Option<f64>,
    /// Its 95 % interval.
    pub right_pair_interval: Option<[f64; 2]>,
    /// Mean time of one spectrum, preparation excluded.
    pub ms: f64,
    /// The paper's SI-SNR.
    pub paper_si_snr_db: Option<f64>,
    /// The paper's SI-SNRi.
    pub paper_si_snri_db: Option<f64>,
    /// The paper lists the method as failed.
    pub paper_failed: bool,
    /// Mixtures the method refused.
    pub failed: usize,
    /// Why it refused the first of them.
    pub error: Option<String>,
}

/// A row of the paper alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperOnly {
    /// Its name there.
    pub method: String,
    /// SI-SNR there; null for "failed".
    pub si_snr_db: Option<f64>,
    /// SI-SNRi there.
    pub si_snri_db: Option<f64>,
}

/// A contestant and what is known of it.
struct Entrant {
    chosen: Chosen,
    kind: String,
    parameters: Option<usize>,
    paper: Option<&'static PaperRow>,
}

/// Runs the benchmark. `progress` is told how many of how many runs are done.
pub fn bench_paper(
    options: &PaperOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<PaperReport, BenchError> {
    let pairs = &options.pairs;
    pairs.check()?;
    let entrants = entrants(options)?;
    let contest = Contest::open(pairs)?;
    let chosen: Vec<Chosen> = entrants.iter().map(|e| e.chosen.clone()).collect();
    let total = chosen.len() * pairs.n;
    let entered = contest.enter(&Recipe::rssnet(), &chosen, &|done| progress(done, total))?;
    let line = |(entrant, answers): (&Entrant, &_)| {
        let report = MethodReport::new(&entrant.chosen, contest.known, answers);
        let paper = entrant.paper.and_then(|row| row.1);
        PaperLine {
            method: report.method,
            model: report.model,
            kind: entrant.kind.clone(),
            parameters: entrant.parameters,
            si_snr_db: report.si_snr_db,
            si_snri_db: report.si_snri_db,
            si_snri_capped_db: report.si_snri_capped_db,
            sad: report.sad,
            sid: report.sid,
            rmse: report.rmse,
            right_pair_percent: report.right_pair_percent,
            right_pair_interval: report.intervals.right_pair_percent,
            ms: report.ms,
            paper_si_snr_db: paper.map(|p| p.0),
            paper_si_snri_db: paper.map(|p| p.1),
            paper_failed: entrant.paper.is_some_and(|row| row.1.is_none()),
            failed: report.failed,
            error: report.error,
        }
    };
    let rows = entrants.iter().zip(&entered.answers).map(line).collect();
    let absent = PAPER.iter().filter(|row| entrants.iter().all(|e| e.paper.is_none_or(|p| p.0 != row.0)));
    let only = |row: &PaperRow| PaperOnly {
        method: row.0.to_owned(),
        si_snr_db: row.1.map(|p| p.0),
        si_snri_db: row.1.map(|p| p.1),
    };
    Ok(PaperReport {
        bench: "paper",
        set: pairs.pools.set.clone(),
        n: pairs.n,
        seed: pairs.seed,
        mean_input_si_snr_db: entered.input_si_snr_db,
        paper_mean_input_si_snr_db: PAPER_INPUT_DB,
        rows,
        not_here: absent.map(only).collect(),
        threads: pairs.threads.max(1),
    })
}

/// The networks, then the other methods.
fn entrants(options: &PaperOptions) -> Result<Vec<Entrant>, BenchError> {
    let refused = |e: crate::methods::MethodError| BenchError::Asked(e.to_string());
    let shipped = [PathBuf::new()];
    let models = if options.models.is_empty() { &shipped[..] } else { &options.models };
    let mut all = Vec::new();
    for path in models {
        let path = path.display().to_string();
        let trained = model(&path).map_err(refused)?;
        let kind = serde_json::to_value(&trained.card.architecture)
            .ok()
            .and_then(|value| Some(value.get("network")?.as_str()?.to_owned()))
            .unwrap_or_default();
        let settings =
            if path.is_empty() { Settings::default() } else { Settings::default().with("model", path) };
        let method = find("rssnet").map_err(refused)?;
        let chosen = Chosen::new(trained.card.name.clone(), method, settings).map_err(refused)?;
        let parameters = Some(trained.card.weights.parameters);
        all.push(Entrant { chosen, paper: paper(&kind), kind, parameters });
    }
    let others = if options.methods.is_empty() {
        methods().iter().filter(|m| m.info().needs_library).map(|m| Chosen::parse(m.id())).collect()
    } else {
        Chosen::parse_all(&options.methods)
    };
    for chosen in others? {
        let paper = paper(chosen.method.id());
        all.push(Entrant { chosen, kind: "library".to_owned(), parameters: None, paper });
    }
    Ok(all)
}

/// The paper's SI-SNRi of a network by its name; none where it has no such network.
pub fn paper_si_snri_db(network: &str) -> Option<f64> {
    paper(network)?.1.map(|figures| figures.1)
}

/// The paper's row of this name, however it is written.
fn paper(name: &str) -> Option<&'static PaperRow> {
    let plain = |name: &str| name.replace('-', "").to_lowercase();
    PAPER.iter().find(|row| plain(row.0) == plain(name))
}

impl fmt::Display for PaperReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "set {}, {} mixtures of two (seed {}), mean input SI-SNR {:.2} dB (the paper's, by its own tables: {:.2} dB)",
            self.set, self.n, self.seed, self.mean_input_si_snr_db, self.paper_mean_input_si_snr_db
        )?;
        writeln!(
            f,
            "The paper's data set RRUFF-2Mix is not public. These are our mixtures by its protocol: unit-norm spectra of two \
             species,\na fraction uniform in 0 to 1, brown and white noise 1:1 at 10 to 20 dB. Its figures stand beside ours, not \
             under the same test."
        )?;
        if self.threads > 1 {
            writeln!(f, "{} mixtures side by side: the times are not those of a quiet core", self.threads)?;
        }
        self.table_two(f)?;
        self.table_three(f)?;
        for row in self.rows.iter().filter(|row| row.failed > 0) {
            let why = row.error.as_deref().unwrap_or_default();
            writeln!(f, "\n{}: {} mixtures refused; the first: {why}", row.method, row.failed)?;
        }
        Ok(())
    }
}

impl PaperReport {
    fn table_two(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = [
            "as Table II",
            "kind",
            "SI-SNR",
            "SI-SNRi",
            "capped 30",
            "right pair %",
            "paper SI-SNR",
            "SI-SNRi",
        ];
        let failed =
            |value: Option<f64>, failed: bool| if failed { "failed".to_owned() } else { number(value, 2) };
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in &self.rows {
            rows.push(vec![
                row.method.clone(),
                row.kind.clone(),
                number(Some(row.si_snr_db), 2),
                number(Some(row.si_snri_db), 2),
                number(Some(row.si_snri_capped_db), 2),
                rate(row.right_pair_percent, row.right_pair_interval),
                failed(row.paper_si_snr_db, row.paper_failed),
                failed(row.paper_si_snri_db, row.paper_failed),
            ]);
        }
        for row in &self.not_here {
            let mut cells = vec![format!("({})", row.method), "paper only".to_owned()];
            cells.extend(vec!["-".to_owned(); 4]);
            cells.extend([row.si_snr_db, row.si_snri_db].map(|v| failed(v, v.is_none())));
            rows.push(cells);
        }
        writeln!(f, "\n{}", table(&header, &rows))
    }

    fn table_three(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["as Table III", "SAD", "SID", "RMSE", "ms", "parameters"];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.method.clone(),
                number(Some(row.sad), 4),
                number(Some(row.sid), 4),
                number(Some(row.rmse), 5),
                number(Some(row.ms), 2),
                row.parameters.map_or_else(|| "-".to_owned(), |count| count.to_string()),
            ]
        });
        writeln!(f, "{}", table(&header, &rows.collect::<Vec<_>>()))?;
        writeln!(
            f,
            "the paper's networks: SAD 0.1432 to 0.3267, RMSE 0.0043 to 0.0099 (SAD / 32 within 4 %, as for unit norm)"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_paper_are_found_however_they_are_written() {
        assert_eq!(paper("conv-tasnet").map(|row| row.0), Some("Conv-TasNet"));
        assert_eq!(paper("rssnet").and_then(|row| row.1), Some((21.13, 22.50)));
        assert_eq!(paper("nnomp"), Some(&("NNOMP", None)));
        assert_eq!(paper("evidence"), None);
        assert_eq!((paper_si_snri_db("rssnet"), paper_si_snri_db("fcls")), (Some(22.5), None));
        for network in crate::nets::SeparatorConfig::NAMES {
            assert!(paper_si_snri_db(network).is_some(), "{network}");
        }
        // What the paper gained over its mixtures is the same for all networks.
        for (name, figures) in PAPER.iter().filter_map(|(name, f)| Some((name, (*f)?))) {
            assert!((figures.0 - figures.1 - PAPER_INPUT_DB).abs() < 0.011, "{name}");
        }
    }
}
