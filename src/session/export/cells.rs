//! Lines of CSV.

use std::fmt::{Display, LowerExp};

use crate::formats::write::{Separator, shortest};

/// A table so far.
#[derive(Debug)]
pub(super) struct Cells {
    text: String,
    separator: char,
    decimal_comma: bool,
    /// Whether the line has a cell already.
    begun: bool,
}

impl Cells {
    pub fn new(separator: Separator) -> Self {
        let decimal_comma = separator == Separator::SemicolonDecimalComma;
        let separator = if decimal_comma { ';' } else { ',' };
        Self { text: String::new(), separator, decimal_comma, begun: false }
    }

    fn next(&mut self) {
        if self.begun {
            self.text.push(self.separator);
        }
        self.begun = true;
    }

    /// A cell of words, quoted where it needs that; line breaks become blanks.
    pub fn text(&mut self, words: &str) {
        self.next();
        let words = words.replace(['\n', '\r', '\0'], " ");
        if words.contains([self.separator, '"']) || words.trim() != words {
            self.text.push('"');
            self.text.push_str(&words.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&words);
        }
    }

    /// A cell of words that may be missing.
    pub fn maybe(&mut self, words: Option<&str>) {
        self.text(words.unwrap_or_default());
    }

    /// A number as short as it can be read back; empty where it is none.
    pub fn number<T: Display + LowerExp + Into<f64> + Copy>(&mut self, value: Option<T>) {
        self.next();
        let Some(value) = value.filter(|v| (*v).into().is_finite()) else { return };
        let number = shortest(value);
        if self.decimal_comma {
            self.text.push_str(&number.replace('.', ","));
        } else {
            self.text.push_str(&number);
        }
    }

    /// A whole number.
    pub fn count(&mut self, value: Option<usize>) {
        self.next();
        if let Some(value) = value {
            self.text.push_str(&value.to_string());
        }
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.text.push('\n');
        self.begun = false;
    }

    /// A line of words.
    pub fn line(&mut self, names: &[&str]) {
        for name in names {
            self.text(name);
        }
        self.end();
    }

    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}
