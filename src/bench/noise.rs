//! `bench noise`: how well every method separates mixtures of two as their noise falls from 0 to 30 dB.

use std::fmt;

use serde::Serialize;

use super::BenchError;
use super::colours::COLOURS;
use super::contest::{Contest, PairOptions};
use super::runner::Chosen;
use super::text::{interval, number, table};
use super::unmix_report::MethodReport;
use crate::figure::{Curve, Figure, LegendPlace, Panel, svg};
use crate::methods::ModelUsed;
use crate::synth::{Noise, Recipe, Span};

/// The noise levels: signal over noise in dB.
const LEVELS_DB: [f64; 7] = [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0];
/// What is run.
#[derive(Debug, Clone)]
pub struct NoiseOptions {
    /// The mixtures: the same pure spectra and fractions at every level.
    pub pairs: PairOptions,
    /// Methods, with settings behind colons; all when empty.
    pub methods: Vec<String>,
}

/// The curves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoiseReport {
    /// Which benchmark it is.
    pub bench: &'static str,
    /// The split that was mixed.
    pub set: String,
    /// Number of mixtures at each level.
    pub n: usize,
    /// Their seed.
    pub seed: u64,
    /// One row a method and level.
    pub rows: Vec<NoiseRow>,
    /// Mixtures scored side by side.
    pub threads: usize,
}

/// One method at one level of noise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoiseRow {
    /// The method as it was named, settings included.
    pub method: String,
    /// The trained network it ran; null for methods without one.
    pub model: Option<ModelUsed>,
    /// Mean square of the clean mixture over that of brown and white noise, 1:1.
    pub noise_db: f64,
    /// SI-SNR of the untouched mixtures.
    pub input_si_snr_db: f64,
    /// SI-SNR of the components, single values from -30 to 60 dB.
    pub si_snr_db: f64,
    /// Gain over the untouched mixture.
    pub si_snri_db: f64,
    /// Gain, single values ending at 30 dB.
    pub si_snri_capped_db: f64,
    /// Its 95 % bootstrap interval.
    pub si_snri_capped_interval: Option<[f64; 2]>,
    /// Mixtures with exactly the right two species; null where no library could name them.
    pub right_pair_percent: Option<f64>,
    /// Mean time of one spectrum, preparation excluded.
    pub ms: f64,
    /// Mixtures the method refused.
    pub failed: usize,
}

/// Runs the benchmark. `progress` is told how many of how many runs are done.
pub fn bench_noise(
    options: &NoiseOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<NoiseReport, BenchError> {
    let pairs = &options.pairs;
    pairs.check()?;
    let chosen = Chosen::parse_all(&options.methods)?;
    let contest = Contest::open(pairs)?;
    let each = chosen.len() * pairs.n;
    let mut rows = Vec::new();
    for (level, noise_db) in LEVELS_DB.into_iter().enumerate() {
        let recipe = Recipe { noise: Noise::BrownWhite { snr_db: Span::at(noise_db) }, ..Recipe::rssnet() };
        let told = |done| progress(level * each + done, LEVELS_DB.len() * each);
        let entered = contest.enter(&recipe, &chosen, &told)?;
        for (chosen, answers) in chosen.iter().zip(&entered.answers) {
            let report = MethodReport::new(chosen, contest.known, answers);
            rows.push(NoiseRow {
                method: report.method,
                model: report.model,
                noise_db,
                input_si_snr_db: entered.input_si_snr_db,
                si_snr_db: report.si_snr_db,
                si_snri_db: report.si_snri_db,
                si_snri_capped_db: report.si_snri_capped_db,
                si_snri_capped_interval: report.intervals.si_snri_capped_db,
                right_pair_percent: report.right_pair_percent,
                ms: report.ms,
                failed: report.failed,
            });
        }
    }
    let (set, threads) = (pairs.pools.set.clone(), pairs.threads.max(1));
    Ok(NoiseReport { bench: "noise", set, n: pairs.n, seed: pairs.seed, rows, threads })
}

impl NoiseReport {
    /// The methods in their order.
    fn methods(&self) -> Vec<&str> {
        let count = self.rows.len() / LEVELS_DB.len();
        self.rows.iter().take(count).map(|row| row.method.as_str()).collect()
    }

    fn of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a NoiseRow> {
        self.rows.iter().filter(move |row| row.method == method)
    }

    /// All rows as a table with a header line.
    pub fn csv(&self) -> Result<Vec<u8>, BenchError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let failed = |e: &dyn fmt::Display| BenchError::Asked(format!("the table cannot be written: {e}"));
        writer
            .write_record([
                "method",
                "noise_db",
                "input_si_snr_db",
                "si_snr_db",
                "si_snri_db",
                "si_snri_capped_db",
                "low",
                "high",
                "right_pair_percent",
                "ms",
                "failed",
            ])
            .map_err(|e| failed(&e))?;
        for row in &self.rows {
            let [low, high] = row.si_snri_capped_interval.map_or([None; 2], |within| within.map(Some));
            let cell = |value: Option<f64>| value.map(|v| format!("{v:.4}")).unwrap_or_default();
            writer
                .write_record([
                    row.method.clone(),
                    format!("{}", row.noise_db),
                    cell(Some(row.input_si_snr_db)),
                    cell(Some(row.si_snr_db)),
                    cell(Some(row.si_snri_db)),
                    cell(Some(row.si_snri_capped_db)),
                    cell(low),
                    cell(high),
                    cell(row.right_pair_percent),
                    cell(Some(row.ms)),
                    row.failed.to_string(),
                ])
                .map_err(|e| failed(&e))?;
        }
        writer.into_inner().map_err(|e| failed(&e))
    }

    /// One curve a method: gain over noise.
    pub fn svg(&self) -> String {
        let curve = |(k, method): (usize, &str)| {
            let x: Vec<f64> = self.of(method).map(|row| row.noise_db).collect();
            let y: Vec<f32> = self.of(method).map(|row| row.si_snri_capped_db as f32).collect();
            Curve::new(method, x, y, COLOURS[k % COLOURS.len()])
        };
        let curves = self.methods().into_iter().enumerate().map(curve).collect();
        let mut figure = Figure::new(120.0, 85.0);
        figure.title = format!("Mixtures of two, set {}, {} at each level", self.set, self.n);
        figure.legend = LegendPlace::Below;
        figure.panels.push(Panel::curves("Signal over noise (dB)", "SI-SNRi, capped at 30 dB (dB)", curves));
        svg(&figure)
    }
}

impl fmt::Display for NoiseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "set {}, {} mixtures of two at each level of noise (seed {}), brown and white 1:1; SI-SNRi, single values capped at 30 dB",
            self.set, self.n, self.seed
        )?;
        let levels: Vec<String> = LEVELS_DB.iter().map(|level| format!("{level} dB")).collect();
        let mut header: Vec<&str> = vec!["method"];
        header.extend(levels.iter().map(String::as_str));
        header.extend(["ms", "refused"]);
        let line = |method: &str| {
            let mut cells = vec![method.to_owned()];
            cells.extend(
                self.of(method).map(|row| interval(Some(row.si_snri_capped_db), row.si_snri_capped_interval)),
            );
            let ms: Vec<f64> = self.of(method).map(|row| row.ms).collect();
            cells.push(number(super::stats::mean(&ms), 2));
            cells.push(self.of(method).map(|row| row.failed).sum::<usize>().to_string());
            cells
        };
        let rows: Vec<Vec<String>> = self.methods().into_iter().map(line).collect();
        writeln!(f, "\n{}", table(&header, &rows))?;
        let inputs = self.rows.iter().step_by(self.methods().len().max(1));
        let inputs: Vec<String> =
            inputs.map(|row| format!("{:.2} at {} dB", row.input_si_snr_db, row.noise_db)).collect();
        writeln!(f, "mean input SI-SNR in dB: {}", inputs.join(", "))
    }
}
