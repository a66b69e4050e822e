//! Elements of a page. Every text passes through [`escape`].

use std::fmt::Write as _;

/// Text as it may stand anywhere in a page: no character of it is markup, control characters are blanks.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            // Marks that turn the direction of reading could make a name read as another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Words(String),
    Number(String),
}

/// A number with so many decimals; a blank where there is none.
pub(super) fn number(value: Option<f64>, decimals: usize) -> Cell {
    let text = value.filter(|v| v.is_finite()).map(|v| format!("{v:.decimals$}"));
    Cell::Number(text.unwrap_or_default())
}

/// A share as percent.
pub(super) fn percent(value: Option<f64>) -> Cell {
    number(value.map(|v| 100.0 * v), 1)
}

/// A cell of words.
pub(super) fn words(text: impl Into<String>) -> Cell {
    Cell::Words(text.into())
}

/// The page so far.
#[derive(Debug, Default)]
pub(super) struct Html(pub String);

impl Html {
    pub fn heading(&mut self, level: u8, text: &str) {
        let _fits = writeln!(self.0, "<h{level}>{}</h{level}>", escape(text));
    }

    pub fn paragraph(&mut self, text: &str) {
        let _fits = writeln!(self.0, "<p>{}</p>", escape(text));
    }

    /// A list; nothing where it is empty.
    pub fn list(&mut self, ordered: bool, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let kind = if ordered { "ol" } else { "ul" };
        let _fits = writeln!(self.0, "<{kind}>");
        for item in items {
            let _fits = writeln!(self.0, "<li>{}</li>", escape(item));
        }
        let _fits = writeln!(self.0, "</{kind}>");
    }

    /// A table; nothing where it has no rows.
    pub fn table(&mut self, heads: &[&str], rows: &[Vec<Cell>]) {
        if rows.is_empty() {
            return;
        }
        self.0.push_str("<table>\n<thead><tr>");
        for head in heads {
            let _fits = write!(self.0, "<th scope=\"col\">{}</th>", escape(head));
        }
        self.0.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.0.push_str("<tr>");
            for cell in row {
                let _fits = match cell {
                    Cell::Words(text) => write!(self.0, "<td>{}</td>", escape(text)),
                    Cell::Number(text) => write!(self.0, "<td class=\"n\">{}</td>", escape(text)),
                };
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</tbody>\n</table>\n");
    }

    /// A drawing as our own figure floor makes it; what stands before its first tag is left out.
    pub fn figure(&mut self, caption: &str, svg: &str) {
        let drawing = svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default();
        let _fits =
            writeln!(self.0, "<figure>\n{drawing}\n<figcaption>{}</figcaption>\n</figure>", escape(caption));
    }
}
