//! How well line tables rebuild the spectra they came from, as a table for people and as JSON.

use std::fmt;

use serde::Serialize;

/// One substance compared with its original.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// The substance.
    pub name: String,
    /// Collection its original is from.
    pub origin: String,
    /// Number of lines.
    pub lines: usize,
    /// Pearson correlation with the original, background removed, over its whole range.
    pub correlation: f64,
}

/// A rebuilt spectrum beside a measurement that was not used for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossChecked {
    /// The substance.
    pub name: String,
    /// Record it is compared with.
    pub record: String,
    /// Shift in cm-1 that brings the lines nearest to the record.
    pub shift_cm1: i32,
    /// Pearson correlation over the common range.
    pub correlation: f64,
}

/// Everything the fitting command has to say.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Every substance that was fitted.
    pub judged: Vec<Judged>,
    /// Substances left out, with the reason.
    pub skipped: Vec<String>,
    /// Comparison with an independent collection.
    pub cross_check: Vec<CrossChecked>,
}

/// Figures of one list of correlations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Number of substances.
    pub count: usize,
    /// Median correlation.
    pub median: f64,
    /// A tenth of the substances lie below this.
    pub tenth: f64,
    /// Lowest correlation.
    pub worst: f64,
    /// Part of the substances at 0.97 or better.
    pub share_97: f64,
    /// Part of the substances at 0.99 or better.
    pub share_99: f64,
}

impl Figures {
    /// Figures of a list; `None` when it is empty.
    #[must_use]
    pub fn of(correlations: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = correlations.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let at = |part: f64| sorted.get(((count.saturating_sub(1)) as f64 * part).round() as usize).copied();
        let share = |least: f64| sorted.iter().filter(|c| **c >= least).count() as f64 / count.max(1) as f64;
        Some(Self {
            count,
            median: at(0.5)?,
            tenth: at(0.1)?,
            worst: at(0.0)?,
            share_97: share(0.97),
            share_99: share(0.99),
        })
    }
}

/// Longest list of worst substances.
const WORST: usize = 10;

impl Report {
    /// Figures of one collection, or of all.
    #[must_use]
    pub fn figures(&self, origin: Option<&str>) -> Option<Figures> {
        let wanted = |j: &&Judged| origin.is_none_or(|o| j.origin == o);
        Figures::of(self.judged.iter().filter(wanted).map(|j| j.correlation))
    }

    /// The substances that are rebuilt worst, worst first.
    #[must_use]
    pub fn worst(&self) -> Vec<&Judged> {
        let mut sorted: Vec<&Judged> = self.judged.iter().collect();
        sorted.sort_by(|a, b| a.correlation.total_cmp(&b.correlation));
        sorted.truncate(WORST);
        sorted
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, figures: Option<Figures>) -> fmt::Result {
    let Some(g) = figures else { return Ok(()) };
    writeln!(
        f,
        "{name:<24}{:>5}{:>9.4}{:>9.4}{:>9.4}{:>8.1} %{:>8.1} %",
        g.count,
        g.median,
        g.tenth,
        g.worst,
        100.0 * g.share_97,
        100.0 * g.share_99
    )
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Correlation of rebuilt spectra with their originals (background removed, whole range)")?;
        let headings = ["n", "median", "10 %", "worst", ">= 0.97", ">= 0.99"];
        write!(
            f,
            "{:<24}{:>5}{:>9}{:>9}{:>9}",
            "source", headings[0], headings[1], headings[2], headings[3]
        )?;
        writeln!(f, "{:>10}{:>10}", headings[4], headings[5])?;
        let mut origins: Vec<&str> = self.judged.iter().map(|j| j.origin.as_str()).collect();
        origins.dedup();
        for origin in origins {
            row(f, origin, self.figures(Some(origin)))?;
        }
        row(f, "all", self.figures(None))?;
        let mut lines: Vec<usize> = self.judged.iter().map(|j| j.lines).collect();
        lines.sort_unstable();
        if let (Some(least), Some(middle), Some(most)) =
            (lines.first(), lines.get(lines.len() / 2), lines.last())
        {
            writeln!(f, "lines a substance: {least} to {most}, median {middle}")?;
        }
        writeln!(f, "worst:")?;
        for judged in self.worst() {
            writeln!(
                f,
                "  {:.4}  {} ({}, {} lines)",
                judged.correlation, judged.name, judged.origin, judged.lines
            )?;
        }
        for skipped in &self.skipped {
            writeln!(f, "left out: {skipped}")?;
        }
        if !self.cross_check.is_empty() {
            writeln!(f, "Cross-check with independent CDPH records of the same name, at the best shift")?;
            row(f, "CDPH", Figures::of(self.cross_check.iter().map(|c| c.correlation)))?;
            for check in &self.cross_check {
                writeln!(
                    f,
                    "  {:.4} at {:+} cm-1  {} / {}",
                    check.correlation, check.shift_cm1, check.name, check.record
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_sorted_list() {
        let figures = Figures::of([0.99, 0.5, 1.0, 0.98, 0.97]).unwrap();
        assert_eq!(figures.count, 5);
        assert!((figures.median - 0.98).abs() < 1e-12 && (figures.worst - 0.5).abs() < 1e-12);
        assert!((figures.share_97 - 0.8).abs() < 1e-12 && (figures.share_99 - 0.4).abs() < 1e-12);
        assert_eq!(Figures::of([]), None);
    }

    #[test]
    fn the_report_names_the_worst() {
        let judged = |name: &str, correlation| Judged {
            name: name.into(),
            origin: "RRUFF".into(),
            lines: 3,
            correlation,
        };
        let report =
            Report { judged: vec![judged("Talc", 0.9), judged("Quartz", 0.999)], ..Report::default() };
        let text = report.to_string();
        assert!(text.contains("0.9000  Talc (RRUFF, 3 lines)"), "{text}");
        assert!(text.contains("all"), "{text}");
    }
}
