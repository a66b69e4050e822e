//! What the labels of a mixture set say about its mixtures, read off the names of their columns.

use std::path::Path;

use crate::bench::BenchError;
use crate::bench::names::meant;
use crate::bench::tables;

/// The known composition, one entry a mixture.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    /// What is in it, without amounts.
    Lists(Vec<Vec<String>>),
    /// Shares of the named components, made to sum to one.
    Shares {
        /// The components.
        names: Vec<String>,
        /// Their shares. // [mixtures, names]
        values: Vec<Vec<f64>>,
    },
    /// Amounts of the named components; their sum means nothing.
    Amounts {
        /// The components.
        names: Vec<String>,
        /// Their amounts. // [mixtures, names]
        values: Vec<Vec<f64>>,
    },
}

impl Truth {
    /// One word for tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Lists(_) => "component lists",
            Self::Shares { .. } => "shares",
            Self::Amounts { .. } => "amounts",
        }
    }

    /// All components that occur.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Shares { names, .. } | Self::Amounts { names, .. } => names.clone(),
            Self::Lists(lists) => {
                let mut names: Vec<String> = Vec::new();
                for name in lists.iter().flatten() {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
                names
            }
        }
    }

    /// What is in mixture `k`.
    pub fn present(&self, k: usize) -> Vec<String> {
        match self {
            Self::Lists(lists) => lists.get(k).cloned().unwrap_or_default(),
            Self::Shares { names, values } | Self::Amounts { names, values } => {
                let row = values.get(k).map(Vec::as_slice).unwrap_or_default();
                names.iter().zip(row).filter(|(_, v)| **v > 0.0).map(|(n, _)| n.clone()).collect()
            }
        }
    }

    /// The truth of these mixtures, in this order.
    pub fn only(&self, mixtures: impl Iterator<Item = usize>) -> Self {
        fn pick<T: Clone + Default>(all: &[T], at: impl Iterator<Item = usize>) -> Vec<T> {
            at.map(|k| all.get(k).cloned().unwrap_or_default()).collect()
        }
        match self {
            Self::Lists(lists) => Self::Lists(pick(lists, mixtures)),
            Self::Shares { names, values } => {
                Self::Shares { names: names.clone(), values: pick(values, mixtures) }
            }
            Self::Amounts { names, values } => {
                Self::Amounts { names: names.clone(), values: pick(values, mixtures) }
            }
        }
    }

    /// True when some component is missing somewhere: only then does finding them say anything.
    pub fn varies(&self) -> bool {
        match self {
            Self::Lists(_) => true,
            Self::Shares { values, .. } | Self::Amounts { values, .. } => {
                values.iter().flatten().any(|v| *v <= 0.0)
            }
        }
    }
}

/// Reads a label table: ids of the mixtures to score, in order, and their truth. `pures` are the names of the set's own
/// pure spectra, which columns and lists are matched with.
pub fn read(path: &Path, pures: &[String]) -> Result<(Vec<String>, Truth), BenchError> {
    let (header, lines) = tables::read(path)?;
    let column = |names: &[&str]| header.iter().position(|h| names.iter().any(|n| h.eq_ignore_ascii_case(n)));
    let id = column(&["id"]).ok_or_else(|| BenchError::data(path, "there is no column \"id\""))?;
    let cell = |line: &[String], at: usize| line.get(at).map(|c| c.trim().to_owned()).unwrap_or_default();
    let scored: Vec<&Vec<String>> = match column(&["quality"]) {
        Some(quality) => lines.iter().filter(|line| cell(line, quality).eq_ignore_ascii_case("ok")).collect(),
        None => lines.iter().collect(),
    };
    if scored.is_empty() {
        return Err(BenchError::data(path, format!("none of its {} rows is to be scored", lines.len())));
    }
    let ids = scored.iter().map(|line| cell(line, id)).collect();
    if let Some(list) = column(&["components", "components_inferred"]) {
        let names = |line: &&Vec<String>| {
            let text = cell(line, list);
            let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| meant(part, pures).cloned().unwrap_or_else(|| part.to_owned())).collect()
        };
        return Ok((ids, Truth::Lists(scored.iter().map(names).collect())));
    }
    let estimated = columns(&header, |h| h.strip_prefix("authors_estimate_").map(str::to_owned));
    let amounts = columns(&header, |h| h.split_once("_g_per_").map(|(name, _)| name.to_owned()));
    let named = columns(&header, |h| meant(h, pures).map(|_| h.to_owned()));
    let (columns, shares) = match (estimated.is_empty(), amounts.is_empty(), named.is_empty()) {
        (false, _, _) => (estimated, true),
        (true, false, _) => (amounts, false),
        (true, true, false) => (named, true),
        (true, true, true) => {
            let problem = format!(
                "no column says what is in the mixtures: components, NAME_g_per_..., authors_estimate_NAME or the \
                 names of the pure spectra are known; there are {}",
                header.join(", ")
            );
            return Err(BenchError::data(path, problem));
        }
    };
    let mut values = Vec::with_capacity(scored.len());
    for line in &scored {
        let mut row = Vec::with_capacity(columns.len());
        for (at, name) in &columns {
            let text = cell(line, *at);
            let number = text.parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
            row.push(number.ok_or_else(|| {
                let id = cell(line, id);
                BenchError::data(path, format!("{id}: \"{text}\" is no amount of {name}"))
            })?);
        }
        let sum: f64 = row.iter().sum();
        if shares && sum > 0.0 {
            for v in &mut row {
                *v /= sum;
            }
        }
        values.push(row);
    }
    let plain = |name: String| name.replace('_', " ");
    let known = |name: String| meant(&name, pures).cloned().unwrap_or_else(|| plain(name));
    let names: Vec<String> = columns.into_iter().map(|(_, name)| known(name)).collect();
    Ok((ids, if shares { Truth::Shares { names, values } } else { Truth::Amounts { names, values } }))
}

/// Places and names of the columns that `name` recognises.
fn columns(header: &[String], name: impl Fn(&str) -> Option<String>) -> Vec<(usize, String)> {
    header.iter().enumerate().filter_map(|(at, h)| name(h).map(|name| (at, name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(text: &str, pures: &[&str]) -> Result<(Vec<String>, Truth), BenchError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, &pures.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn lists_keep_the_good_rows_only() {
        let text = "id,quality,components_inferred\na,ok,Ethanol;toluene\nb,poor,ethanol\nc,ok,water\n";
        let (ids, truth) = truth(text, &["ethanol", "toluene"]).unwrap();
        assert_eq!(ids, ["a", "c"]);
        assert_eq!(truth.present(0), ["ethanol", "toluene"]);
        assert_eq!(truth.present(1), ["water"]);
        assert_eq!(truth.names(), ["ethanol", "toluene", "water"]);
    }

    #[test]
    fn columns_of_pure_names_are_shares_and_sum_to_one() {
        let (_, truth) =
            truth("id,Alanine,Glucosamine,h\na,1,3,9\n", &["alanine", "glucosamine HCl"]).unwrap();
        let Truth::Shares { names, values } = &truth else { panic!("{truth:?}") };
        assert_eq!(names, &["alanine", "glucosamine HCl"]);
        assert_eq!(values, &[vec![0.25, 0.75]]);
        assert!(!truth.varies());
    }

    #[test]
    fn grams_are_amounts_and_estimates_are_shares() {
        let (_, grams) = truth("id,olivine_g_per_kg_water\na,5.5\nb,0\n", &[]).unwrap();
        assert_eq!(grams.kind(), "amounts");
        assert!(grams.varies());
        assert_eq!(grams.present(1), Vec::<String>::new());
        let text = "id,authors_estimate_ethanol,authors_estimate_sodium_carbonate\na,1,1\n";
        let (_, shares) = truth(text, &["sodium carbonate"]).unwrap();
        assert_eq!(shares.names(), ["ethanol", "sodium carbonate"]);
    }

    #[test]
    fn labels_without_truth_are_refused_with_what_would_be_understood() {
        let said = |text: &str| truth(text, &["ethanol"]).unwrap_err().to_string();
        assert!(said("id,colour\na,red\n").contains("there are id, colour"));
        assert!(said("name,ethanol\na,1\n").contains("\"id\""));
        assert!(said("id,ethanol\na,much\n").contains("a: \"much\" is no amount of ethanol"));
        assert!(said("id,quality,ethanol\na,poor,1\n").contains("none of its 1 rows"));
    }
}
