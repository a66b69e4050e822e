//! The list of readers, and the decision which one a content is for: content first, extension last.

use std::cell::OnceCell;

use super::input::{Input, Limits};
use super::{Decoded, FormatError, text};

/// Bytes a sniffer may look at.
pub const HEAD_BYTES: usize = 64 << 10;

/// How sure a sniffer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// Not this format.
    No,
    /// Could be; taken when nobody is surer.
    Maybe,
    /// Only this format looks like that.
    Sure,
}

impl From<bool> for Sniff {
    fn from(sure: bool) -> Self {
        if sure { Self::Sure } else { Self::No }
    }
}

/// The beginning of a file, as sniffers see it.
#[derive(Debug)]
pub struct Head<'a> {
    /// First bytes, at most `HEAD_BYTES`.
    pub bytes: &'a [u8],
    /// Length of the whole file.
    pub file_len: u64,
    /// Extension in lower case without dot; empty when there is none.
    pub extension: String,
    text: OnceCell<Option<String>>,
}

impl<'a> Head<'a> {
    /// The head of a file of this name and content.
    #[must_use]
    pub fn new(name: &str, content: &'a [u8]) -> Self {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let extension = file.rfind('.').map(|dot| file[dot + 1..].to_lowercase()).unwrap_or_default();
        Self {
            bytes: &content[..content.len().min(HEAD_BYTES)],
            file_len: content.len() as u64,
            extension,
            text: OnceCell::new(),
        }
    }

    /// True when the content begins with `magic`.
    #[must_use]
    pub fn starts_with(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// The head as text, decoded once; `None` when binary.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.get_or_init(|| self.decoded()).as_deref()
    }

    /// Whole lines only where the file goes on: half a row at the end would look like an odd one.
    fn decoded(&self) -> Option<String> {
        let goes_on = self.file_len > self.bytes.len() as u64;
        let whole = match std::str::from_utf8(self.bytes) {
            Err(cut) if goes_on && cut.error_len().is_none() => {
                self.bytes.get(..cut.valid_up_to()).unwrap_or(self.bytes)
            }
            _ => self.bytes,
        };
        let mut text = text::decode(whole)?.text.into_owned();
        // Of very long lines (maps, XML) half a line says more than none.
        let end = text.rfind(['\n', '\r']).filter(|end| goes_on && *end > text.len() / 2);
        if let Some(end) = end {
            text.truncate(end + 1);
        }
        Some(text)
    }

    /// The first line of the text that is not blank, trimmed.
    #[must_use]
    pub fn first_line(&self) -> Option<&str> {
        text::lines(self.text()?).map(str::trim).find(|line| !line.is_empty())
    }
}

/// One readable format. Each reader file exports one; `FORMATS` lists them and nothing else knows them.
#[derive(Debug)]
pub struct Format {
    /// Stable machine name (`spc`, `labspec_txt`).
    pub id: &'static str,
    /// Name for people (`Galactic SPC`).
    pub name: &'static str,
    /// Usual extensions, lower case, without dot. A hint for dialogs; content decides.
    pub extensions: &'static [&'static str],
    /// Looks at the head only.
    pub sniff: fn(&Head) -> Sniff,
    /// Reads the whole content.
    pub read: fn(&Input) -> Result<Decoded, FormatError>,
}

/// Every format, in the order in which sniffers are asked: magic bytes, then XML, then text with a telling first
/// line, then plain tables.
#[must_use]
pub fn formats() -> &'static [&'static Format] {
    FORMATS
}

static FORMATS: &[&Format] = &[
    &super::wdf::FORMAT,
    &super::opus::FORMAT,
    &super::omnic::FORMAT,
    &super::sif::FORMAT,
    &super::mat::FORMAT,
    &super::npy::FORMAT,
    &super::excel::FORMAT,
    &super::wxd::FORMAT,
    &super::l6s::FORMAT,
    &super::perkin_sp::FORMAT,
    &super::spe::FORMAT,
    &super::spc::FORMAT,
    &super::labspec_xml::FORMAT,
    &super::trivista::FORMAT,
    &super::own_csv::FORMAT,
    &super::jcamp::FORMAT,
    &super::rruff::FORMAT,
    &super::bwtek::FORMAT,
    &super::wasatch::FORMAT,
    &super::ocean::FORMAT,
    &super::perkin_txt::FORMAT,
    &super::header_meta::FORMAT,
    &super::avantes::FORMAT,
    &super::witec_txt::FORMAT,
    &super::labspec_txt::FORMAT,
    &super::wire_txt::FORMAT,
    &super::text_table::FORMAT,
];

/// The reader for this content: the surest sniffer, the first of equals.
#[must_use]
pub fn recognise(head: &Head) -> Option<&'static Format> {
    let mut best: Option<(&'static Format, Sniff)> = None;
    for format in FORMATS {
        let found = (format.sniff)(head);
        if found == Sniff::Sure {
            return Some(format);
        }
        if found > best.map_or(Sniff::No, |(_, sniff)| sniff) {
            best = Some((format, found));
        }
    }
    best.map(|(format, _)| format)
}

/// Recognises and reads one content. Every spectrum leaves with its source file named.
pub fn decode(
    name: &str,
    bytes: &[u8],
    limits: Limits,
) -> (Option<&'static Format>, Result<Decoded, FormatError>) {
    let head = Head::new(name, bytes);
    let Some(format) = recognise(&head) else {
        return (None, Err(FormatError::Unrecognised { file: name.to_owned(), hint: hint(&head) }));
    };
    let input = Input { name, bytes, limits, format: format.name };
    let result = (format.read)(&input).map(|mut decoded| {
        for item in &mut decoded.items {
            let meta = match item {
                super::Item::Spectrum(spectrum) => &mut spectrum.meta,
                super::Item::Set(set) => &mut set.meta,
            };
            meta.source_file.get_or_insert_with(|| name.to_owned());
        }
        decoded
    });
    (Some(format), result)
}

/// What an unreadable content looks like, for the error sentence.
fn hint(head: &Head) -> String {
    if head.bytes.is_empty() {
        return "the file is empty".into();
    }
    match head.text() {
        None => {
            "binary content that no reader recognises; export it as text or SPC from the instrument software"
                .into()
        }
        Some(text)
            if text.trim_start().to_lowercase().starts_with("<!doctype html")
                || text.trim_start().to_lowercase().starts_with("<html") =>
        {
            "it is a web page, not data; save the data file itself".into()
        }
        Some(_) => "text without a table of numbers".into(),
    }
}
