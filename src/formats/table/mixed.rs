//! Rows that hold words beside their numbers (a sample's name, a date, a flag), or that stand in quotes as a whole:
//! the same text without them, line for line.

use crate::formats::cells::{Cell, Decimal, cell};
use crate::formats::text;

use super::dialect::{Separator, split};

/// Lines looked at before the columns are decided.
const SAMPLE_LINES: usize = 400;
/// Rows of numbers and words that make a table.
const FEWEST_ROWS: usize = 3;
/// Cells of a row; wider lines are no such table.
const MOST_CELLS: usize = 64;

/// A text of which only the numbers are left.
#[derive(Debug)]
pub struct Plain {
    /// The lines, with their numbers as before.
    pub text: String,
    /// What was left out.
    pub warning: Option<String>,
}

/// The text without what hides its table; `None` when nothing does.
#[must_use]
pub fn untangle(text: &str) -> Option<Plain> {
    let sample: Vec<&str> =
        text::lines(text).filter(|line| !line.trim().is_empty()).take(SAMPLE_LINES).collect();
    unquoted(text, &sample).or_else(|| {
        let decimals = [Decimal::Point, Decimal::Comma];
        let separators = [Separator::Tab, Separator::Semicolon, Separator::Comma, Separator::Blanks];
        let mut pairs = separators.iter().flat_map(|s| decimals.map(|d| (*s, d)));
        let (separator, columns) = pairs.find_map(|(s, d)| Some((s, wordy(&sample, s, d)?)))?;
        Some(without(text, separator, &columns))
    })
}

/// Rows written as one quoted cell: `"146.31,208.9"`.
fn unquoted(text: &str, sample: &[&str]) -> Option<Plain> {
    let whole = |line: &&&str| {
        let inner = line.trim().strip_prefix('"').and_then(|l| l.strip_suffix('"'));
        inner.is_some_and(|l| !l.contains('"') && l.contains([',', ';', '\t']))
    };
    let quoted = sample.iter().filter(whole).count();
    (quoted >= FEWEST_ROWS && quoted * 5 >= sample.len() * 4)
        .then(|| Plain { text: text.replace('"', ""), warning: None })
}

/// For each column of the commonest kind of row, whether it holds words; `None` when no table hides there.
fn wordy(sample: &[&str], separator: Separator, decimal: Decimal) -> Option<Vec<bool>> {
    if decimal == Decimal::Comma && separator == Separator::Comma {
        return None;
    }
    // Rows by what their cells are: the commonest pattern that has words and two numbers is the table.
    let mut patterns: Vec<(Vec<bool>, usize)> = Vec::new();
    let mut cells = Vec::new();
    for line in sample {
        split(line, separator, &mut cells);
        if !(3..=MOST_CELLS).contains(&cells.len()) {
            continue;
        }
        let words: Vec<bool> = cells.iter().map(|c| cell(c, decimal) == Cell::Text).collect();
        let numbers = cells.iter().filter(|c| matches!(cell(c, decimal), Cell::Number(_))).count();
        if numbers < 2 || !words.contains(&true) {
            continue;
        }
        match patterns.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => patterns.push((words, 1)),
        }
    }
    let (words, count) = patterns.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= FEWEST_ROWS && count * 2 >= sample.len()).then_some(words)
}

fn without(text: &str, separator: Separator, columns: &[bool]) -> Plain {
    let mark = separator.mark().unwrap_or(' ');
    let mut plain = String::with_capacity(text.len());
    let mut cells = Vec::new();
    let mut names = None;
    for line in text::lines(text) {
        split(line, separator, &mut cells);
        if cells.len() == columns.len() {
            let named = |i: usize| cells.get(i).map_or("", |c| c.trim_matches(['"', '#', ' ']));
            let left_out = || columns.iter().enumerate().filter(|(_, words)| **words);
            names.get_or_insert_with(|| {
                left_out().map(|(i, _)| format!("{} ({})", i + 1, named(i))).collect::<Vec<_>>().join(", ")
            });
            let kept = cells.iter().zip(columns).filter(|(_, words)| !**words).map(|(cell, _)| *cell);
            for (i, cell) in kept.enumerate() {
                if i > 0 {
                    plain.push(mark);
                }
                plain.push_str(cell);
            }
        } else {
            plain.push_str(line);
        }
        plain.push('\n');
    }
    let names = names.unwrap_or_default();
    Plain { text: plain, warning: Some(format!("Columns that hold words were left out: {names}.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_numbers_are_taken_out_of_every_line() {
        let text = "made by hand\nname,shift,counts,flag\nPS,100.5,3,OK\nPS,101.5,4,OK\nPS,102.5,5,OK\n";
        let plain = untangle(text).unwrap();
        assert_eq!(plain.text, "made by hand\nshift,counts\n100.5,3\n101.5,4\n102.5,5\n");
        assert_eq!(plain.warning.unwrap(), "Columns that hold words were left out: 1 (name), 4 (flag).");
        let plain = untangle("01.02.2020;100,5;3\n01.02.2020;101,5;4\n01.02.2020;102,5;5\n").unwrap();
        assert_eq!(plain.text, "100,5;3\n101,5;4\n102,5;5\n");
    }

    #[test]
    fn rows_quoted_as_a_whole_lose_their_quotes() {
        let plain = untangle("\"100.5,3\"\n\"101.5,4\"\n\"102.5,5\"\n").unwrap();
        assert_eq!((plain.text.as_str(), plain.warning), ("100.5,3\n101.5,4\n102.5,5\n", None));
    }

    #[test]
    fn prose_and_single_columns_stay_what_they_are() {
        for text in ["", "In 2012, 3 of 4 cats, dogs\nand 5 mice.\n", "a;1\nb;2\nc;3\nd;4\n", "1\n2\n3\n4\n"]
        {
            assert!(untangle(text).is_none(), "{text}");
        }
    }
}
