//! Which rows of a table are shown, in which order, under which columns.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::filter::Filter;
use crate::methods::find;
use crate::session::{Batch, BatchRow, Document};

/// Substances with a column of their own at most.
const MOST: usize = 6;
/// Sorts that are remembered: rows that are equal by the last one stand as the one before left them.
const REMEMBERED: usize = 4;

/// What a column shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Name of the spectrum.
    Spectrum,
    /// The method.
    Method,
    /// Share of a substance.
    Share(Arc<str>),
    /// Substances without a column.
    More,
    /// Confidence in the first component.
    Confidence,
    /// What is left over, in units of the noise.
    Residual,
    /// Time of the method.
    Time,
    /// Why there is no answer.
    Error,
}

/// Rows and columns as they are shown, made once for each change.
#[derive(Debug, Default)]
pub struct Shown {
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Names of the spectra of the batch.
    pub names: Vec<Arc<str>>,
    /// Whether all of them belong to one map or series.
    pub one_map: bool,
    /// Names of the methods by id.
    pub methods: BTreeMap<String, Arc<str>>,
    /// Numbers of the rows shown.
    pub rows: Vec<usize>,
    /// Rows without an answer.
    pub failed: usize,
}

/// Columns that were clicked, the last one first, and whether the largest stands on top.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sorting(Vec<(Column, bool)>);

impl Sorting {
    /// A click on a head: sorts by it, or turns the order round.
    pub fn click(&mut self, column: &Column) {
        let falling = match self.0.iter().position(|(c, _)| c == column) {
            Some(0) => !self.0.remove(0).1,
            Some(at) => self.0.remove(at).1,
            // Large numbers are of interest, and the beginning of the alphabet.
            None => matches!(column, Column::Share(_) | Column::Confidence | Column::Residual | Column::Time),
        };
        self.0.insert(0, (column.clone(), falling));
        self.0.truncate(REMEMBERED);
    }

    /// The sign at the head of a column.
    pub fn sign(&self, column: &Column) -> &'static str {
        match self.0.first() {
            Some((c, true)) if c == column => "▼ ",
            Some((c, false)) if c == column => "▲ ",
            _ => "",
        }
    }
}

impl Shown {
    /// Chooses columns and rows.
    pub fn new(
        document: &Document,
        batch: &Batch,
        rows: &[BatchRow],
        filter: &Filter,
        sorting: &Sorting,
    ) -> Self {
        let names: Vec<Arc<str>> =
            batch.subjects.iter().map(|(subject, _)| document.subject_name(*subject).into()).collect();
        let method_name = |id: &str| find(id).map_or_else(|_| id.to_owned(), |m| m.name().to_owned());
        let methods: BTreeMap<String, Arc<str>> =
            batch.ask.methods.iter().map(|m| (m.id.clone(), method_name(&m.id).into())).collect();
        let (substances, more) = substances(rows);
        let failed = rows.iter().filter(|row| row.error.is_some()).count();
        let mut columns = vec![Column::Spectrum, Column::Method];
        columns.extend(substances.into_iter().map(Column::Share));
        if more {
            columns.push(Column::More);
        }
        columns.extend([Column::Confidence, Column::Residual, Column::Time]);
        if failed > 0 {
            columns.push(Column::Error);
        }
        let first = batch.subjects.first().map(|(s, _)| s.item);
        let one_map = batch.subjects.iter().all(|(s, _)| s.row.is_some() && Some(s.item) == first);
        let mut shown = Self { columns, names, one_map, methods, rows: Vec::new(), failed };
        let passes = |i: &usize| {
            let row = &rows[*i];
            filter.is_empty() || filter.passes(row, shown.name(row), shown.method(row))
        };
        shown.rows = (0..rows.len()).filter(passes).collect();
        let mut order = std::mem::take(&mut shown.rows);
        for (column, falling) in sorting.0.iter().rev() {
            shown.sort(&mut order, rows, column, *falling);
        }
        shown.rows = order;
        shown
    }

    /// Name of the spectrum of a row.
    pub fn name(&self, row: &BatchRow) -> &str {
        self.names.get(row.subject).map_or("", |name| name)
    }

    /// The part of the name that tells rows apart.
    pub fn short_name(&self, row: &BatchRow) -> String {
        match row.of.row {
            Some(number) if self.one_map => format!("Spectrum {}", number + 1),
            _ => self.name(row).to_owned(),
        }
    }

    /// Name of the method of a row.
    pub fn method<'a>(&'a self, row: &'a BatchRow) -> &'a str {
        self.methods.get(&row.method).map_or(&row.method, |name| name)
    }

    fn sort(&self, order: &mut [usize], rows: &[BatchRow], column: &Column, falling: bool) {
        let turned = |o: Ordering| if falling { o.reverse() } else { o };
        if *column == Column::Spectrum {
            let key = |row: &BatchRow| (row.of.row.is_some(), row.of.row);
            let item_name =
                |row: &BatchRow| self.name(row).rsplit_once(", spectrum ").map_or(self.name(row), |(n, _)| n);
            order.sort_by(|a, b| {
                let (a, b) = (&rows[*a], &rows[*b]);
                turned(item_name(a).cmp(item_name(b)).then(key(a).cmp(&key(b))))
            });
            return;
        }
        let text = |row: &BatchRow| match column {
            Column::Method => Some(self.method(row).to_lowercase()),
            Column::More => self.more(row),
            Column::Error => row.error.clone(),
            _ => None,
        };
        if matches!(column, Column::Method | Column::More | Column::Error) {
            let mut keyed: Vec<(Option<String>, usize)> =
                order.iter().map(|i| (text(&rows[*i]), *i)).collect();
            keyed.sort_by(|(a, _), (b, _)| missing_last(a.as_ref(), b.as_ref(), |a, b| turned(a.cmp(b))));
            order.iter_mut().zip(keyed).for_each(|(place, (_, i))| *place = i);
            return;
        }
        let mut keyed: Vec<(Option<f64>, usize)> =
            order.iter().map(|i| (number(&rows[*i], column), *i)).collect();
        keyed.sort_by(|(a, _), (b, _)| missing_last(*a, *b, |a, b| turned(a.total_cmp(&b))));
        order.iter_mut().zip(keyed).for_each(|(place, (_, i))| *place = i);
    }

    /// Substances of a row that have no column.
    pub fn more(&self, row: &BatchRow) -> Option<String> {
        let own = |name: &str| self.columns.iter().any(|c| matches!(c, Column::Share(own) if **own == *name));
        let others = row.shares.iter().filter(|share| !own(&share.name));
        let texts: Vec<String> = others.map(|s| format!("{} {:.1} %", s.name, 100.0 * s.share)).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

/// The number that a column shows of a row.
pub fn number(row: &BatchRow, column: &Column) -> Option<f64> {
    if row.error.is_some() {
        return None;
    }
    match column {
        Column::Share(name) => row.shares.iter().find(|share| *share.name == **name).map(|share| share.share),
        Column::Confidence => row.shares.first()?.confidence,
        Column::Residual => row.residual_over_noise,
        Column::Time => Some(row.elapsed_ms),
        _ => None,
    }
}

fn missing_last<T>(a: Option<T>, b: Option<T>, compare: impl Fn(T, T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Substances found in at least one row, the largest mean first, and whether some are left without a column.
fn substances(rows: &[BatchRow]) -> (Vec<Arc<str>>, bool) {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for share in rows.iter().flat_map(|row| &row.shares) {
        *sums.entry(&share.name).or_default() += share.share;
    }
    let mut all: Vec<(&str, f64)> = sums.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    (all.iter().take(MOST).map(|(name, _)| (*name).into()).collect(), all.len() > MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::batch_of;
    use crate::session::{BatchShare, ItemId, Subject, Version};

    fn row(subject: usize, method: &str, shares: &[(&str, f64)]) -> BatchRow {
        let share = |(name, share): &(&str, f64)| BatchShare {
            name: (*name).to_owned(),
            share: *share,
            confidence: None,
        };
        BatchRow {
            subject,
            of: Subject { item: ItemId(1), row: Some(subject) },
            method: method.to_owned(),
            shares: shares.iter().map(share).collect(),
            residual_over_noise: Some(1.0 + subject as f64),
            elapsed_ms: 5.0,
            error: None,
        }
    }

    fn rows() -> Vec<BatchRow> {
        vec![
            row(0, "fcls", &[("Quartz", 0.4), ("Calcite", 0.6)]),
            row(0, "nnls", &[("Quartz", 0.9)]),
            row(1, "fcls", &[("Calcite", 1.0)]),
            BatchRow { error: Some("no".to_owned()), ..row(1, "nnls", &[]) },
            row(2, "fcls", &[("Quartz", 0.4), ("Talc", 0.1)]),
        ]
    }

    fn batch() -> Batch {
        batch_of((0..3).map(|i| (Subject { item: ItemId(1), row: Some(i) }, Version(1))).collect())
    }

    fn shown(sorting: &Sorting, typed: &str) -> Shown {
        Shown::new(&Document::default(), &batch(), &rows(), &Filter::new(typed), sorting)
    }

    #[test]
    fn substances_stand_by_their_mean_and_errors_have_a_column() {
        let shares: Vec<Column> = ["Quartz", "Calcite", "Talc"].map(|n| Column::Share(n.into())).to_vec();
        let columns = shown(&Sorting::default(), "").columns;
        assert_eq!(columns[2..5], shares);
        assert_eq!(columns.last(), Some(&Column::Error));
    }

    #[test]
    fn sorting_is_stable_missing_values_stand_last_and_a_second_click_turns_it_round() {
        let quartz = Column::Share("Quartz".into());
        let mut sorting = Sorting::default();
        sorting.click(&quartz);
        assert_eq!(sorting.sign(&quartz), "▼ ");
        assert_eq!(shown(&sorting, "").rows, [1, 0, 4, 2, 3]);
        sorting.click(&quartz);
        assert_eq!(shown(&sorting, "").rows, [0, 4, 1, 2, 3]);
        sorting.click(&Column::Method);
        // FCLS before NNLS, each as the sort before left them.
        assert_eq!(shown(&sorting, "").rows, [0, 4, 2, 1, 3]);
        assert_eq!((sorting.sign(&Column::Method), sorting.sign(&quartz)), ("▲ ", ""));
    }

    #[test]
    fn a_filter_leaves_rows_out() {
        assert_eq!(shown(&Sorting::default(), "Quartz > 0.5").rows, [1]);
        assert_eq!(shown(&Sorting::default(), "talc").rows, [4]);
    }

    #[test]
    fn substances_beyond_the_limit_stand_together() {
        let many: Vec<(String, f64)> =
            (0..10).map(|i| (format!("S{i}"), 1.0 - f64::from(i) / 20.0)).collect();
        let many: Vec<(&str, f64)> = many.iter().map(|(name, share)| (name.as_str(), *share)).collect();
        let rows = [row(0, "nnls", &many)];
        let filter = Filter::default();
        let shown = Shown::new(&Document::default(), &batch(), &rows, &filter, &Sorting::default());
        assert!(shown.columns.contains(&Column::More));
        assert_eq!(shown.more(&rows[0]).as_deref(), Some("S6 70.0 %, S7 65.0 %, S8 60.0 %, S9 55.0 %"));
    }
}
