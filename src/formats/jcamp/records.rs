//! Lines to labelled records, records to blocks.

use std::ops::Range;

use super::super::text;

/// Labels of tables.
const DATA: [&str; 4] = ["XYDATA", "XYPOINTS", "PEAKTABLE", "DATATABLE"];

/// `##LABEL=value` with the lines that follow it.
#[derive(Debug, Clone)]
pub(super) struct Record<'t> {
    /// Label as written, trimmed.
    pub label: &'t str,
    /// Upper case without blank, `-`, `/`, `_`: how labels are compared.
    pub name: String,
    /// Rest of the label's own line, without comment.
    pub value: &'t str,
    /// Line of the label, counted from 1.
    pub line: usize,
    /// Lines that continue the value, as indices from 0.
    pub body: Range<usize>,
}

/// From one `##TITLE=` to its `##END=`.
#[derive(Debug, Clone, Default)]
pub(super) struct Block<'t> {
    pub records: Vec<Record<'t>>,
    /// The `##END=` stood in the file.
    pub ended: bool,
    /// Index of the link block around this one.
    pub parent: Option<usize>,
}

/// The whole file.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub lines: Vec<&'t str>,
    pub blocks: Vec<Block<'t>>,
}

impl<'t> Block<'t> {
    pub(super) fn get(&self, name: &str) -> Option<&Record<'t>> {
        self.records.iter().find(|r| r.name == name && !r.value.is_empty())
    }

    fn is_link(&self) -> bool {
        self.get("DATATYPE").is_some_and(|r| r.value.eq_ignore_ascii_case("LINK"))
    }
}

/// The form in which labels are compared.
pub(super) fn normalised(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The text before a `$$` comment.
pub(super) fn without_comment(line: &str) -> &str {
    memchr::memmem::find(line.as_bytes(), b"$$").map_or(line, |at| &line[..at])
}

impl<'t> Document<'t> {
    pub(super) fn parse(text: &'t str) -> Self {
        let lines: Vec<&str> = text::lines(text).collect();
        let mut records: Vec<Record<'t>> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let Some((label, value)) = label_of(line) else {
                if let Some(record) = records.last_mut() {
                    record.body.end = index + 1;
                }
                continue;
            };
            let name = normalised(label);
            let value = without_comment(value).trim();
            records.push(Record { label, name, value, line: index + 1, body: index + 1..index + 1 });
        }
        // The form of a table may stand on the line below its label.
        for record in records.iter_mut().filter(|r| r.value.is_empty() && DATA.contains(&r.name.as_str())) {
            if let Some(form) = lines.get(record.body.start).map(|l| l.trim()).filter(|l| l.starts_with('('))
            {
                record.value = form;
                record.body.start += 1;
            }
        }
        Self { lines, blocks: blocks(records) }
    }

    /// The continuation lines of a record with their numbers, counted from 1.
    pub(super) fn body<'a>(
        &'a self,
        record: &Record,
    ) -> impl Iterator<Item = (usize, &'t str)> + use<'a, 't> {
        let range = record.body.clone();
        self.lines.get(range.clone()).unwrap_or_default().iter().zip(range).map(|(l, i)| (i + 1, *l))
    }

    /// Value and continuation lines as one text, comments cut.
    pub(super) fn full_value(&self, record: &Record) -> String {
        let mut value = record.value.to_owned();
        for (_, line) in self.body(record) {
            let line = without_comment(line).trim();
            if !line.is_empty() {
                value.push(' ');
                value.push_str(line);
            }
        }
        value.trim().to_owned()
    }
}

/// Label and rest of a line that starts a record. `##END` occurs without `=`.
fn label_of(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_start().strip_prefix("##")?;
    match rest.split_once('=') {
        Some((label, value)) => Some((label.trim(), value)),
        None if without_comment(rest).trim().eq_ignore_ascii_case("END") => Some(("END", "")),
        None if normalised(without_comment(rest)) == "ENDNTUPLES" => Some(("END NTUPLES", "")),
        None => None,
    }
}

fn blocks(records: Vec<Record<'_>>) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for record in records {
        match record.name.as_str() {
            "TITLE" => {
                // A title inside a data block means that its end is missing.
                while open.last().is_some_and(|b| blocks.get(*b).is_some_and(|b| !b.is_link())) {
                    open.pop();
                }
                blocks.push(Block { records: vec![record], ended: false, parent: open.last().copied() });
                open.push(blocks.len() - 1);
            }
            "END" => {
                if let Some(block) = open.pop().and_then(|b| blocks.get_mut(b)) {
                    block.ended = true;
                }
            }
            _ => {
                if open.is_empty() {
                    blocks.push(Block::default());
                    open.push(blocks.len() - 1);
                }
                if let Some(block) = open.last().and_then(|b| blocks.get_mut(*b)) {
                    block.records.push(record);
                }
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_ends_and_comments_are_understood() {
        let text = "## TITLE = all\n##DATA TYPE=LINK\n##TITLE=a $$ c\n##Data_Class= ##XYDATA=\n##X=1\n 2 $$ 3\n##END\n\
                    ##TITLE=b\n##END=\n##END= $$ last\n\x1a";
        let document = Document::parse(text);
        assert_eq!(document.blocks.len(), 3);
        assert!(document.blocks.iter().all(|b| b.ended));
        let a = &document.blocks[1];
        assert_eq!((a.parent, a.get("TITLE").unwrap().value), (Some(0), "a"));
        assert_eq!(a.get("DATACLASS").unwrap().value, "##XYDATA=");
        assert_eq!(document.full_value(a.get("X").unwrap()), "1 2");
        assert_eq!(document.blocks[2].parent, Some(0));
    }

    #[test]
    fn a_missing_end_starts_a_sibling() {
        let document = Document::parse("##TITLE=a\n##X=1\n##TITLE=b\n##X=2\n##END=\n");
        assert_eq!(document.blocks.len(), 2);
        assert!(!document.blocks[0].ended && document.blocks[1].ended);
        assert_eq!(document.blocks[1].parent, None);
    }
}
