//! Bytes to text: byte order marks, UTF-16 without one, UTF-8, Windows-1252; and splitting into lines.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes looked at when deciding whether NULs mean UTF-16 or binary.
const PROBE: usize = 4096;

/// A file's text and what it was encoded in.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    /// The text without byte order mark.
    pub text: Cow<'a, str>,
    /// Name of the encoding.
    pub encoding: &'static str,
}

/// The content as text, or `None` when it is binary.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Text<'_>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Some(decode_as(encoding, &bytes[mark..]));
    }
    let probe = &bytes[..bytes.len().min(PROBE)];
    let nuls = |parity: usize| probe.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    // Text in UTF-16 that is mostly ASCII has a NUL in nearly every second byte, always on the same side.
    let many = probe.len() * 3 / 20;
    if even > many && odd * 10 < even {
        return Some(decode_as(UTF_16BE, bytes));
    }
    if odd > many && even * 10 < odd {
        return Some(decode_as(UTF_16LE, bytes));
    }
    // Blocks of NULs behind the text are padding of the disk or the mail.
    let padding = bytes.iter().rev().take_while(|b| **b == 0).count();
    let bytes = bytes.get(..bytes.len() - padding).unwrap_or(bytes);
    if bytes.is_empty() && padding > 0 || bytes.iter().take(PROBE).any(|b| *b == 0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Text { text: Cow::Borrowed(text), encoding: UTF_8.name() }),
        Err(_) => Some(decode_as(WINDOWS_1252, bytes)),
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Text<'a> {
    let (text, _had_errors) = encoding.decode_without_bom_handling(bytes);
    Text { text, encoding: encoding.name() }
}

/// Short text of unknown encoding inside a binary file: UTF-8 if valid, else Windows-1252.
#[must_use]
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Lines of a text: LF, CR, CRLF and any run of CR before an LF (CRCRLF occurs) end one line.
#[must_use]
pub fn lines(text: &str) -> Lines<'_> {
    Lines { rest: Some(text) }
}

/// Iterator of [`lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let bytes = rest.as_bytes();
        let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else {
            return (!rest.is_empty()).then_some(rest);
        };
        let mut next = end;
        while bytes.get(next) == Some(&b'\r') {
            next += 1;
        }
        // A run of CR with an LF behind it is one break; without, the run is one break too (old Mac files with
        // blank lines lose those, which no table minds).
        if bytes.get(next) == Some(&b'\n') {
            next += 1;
        }
        self.rest = Some(&rest[next..]);
        Some(&rest[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Raman shift, Intensity\n100, 5\n";
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend_from_slice(text.as_bytes());
        let mut marked16 = vec![0xFF, 0xFE];
        marked16.extend(utf16(text, false));
        for bytes in [text.as_bytes().to_vec(), marked, marked16, utf16(text, true), utf16(text, false)] {
            assert_eq!(decode(&bytes).unwrap().text, text);
        }
        assert_eq!(decode(b"Acq. (\xB5m) \xB0C").unwrap().text, "Acq. (\u{b5}m) \u{b0}C");
        assert_eq!(decode(b"100 5\n101 6\n\0\0\0").unwrap().text, "100 5\n101 6\n");
        assert!(decode(&[0; 40]).is_none());
        assert!(decode(b"WDF1\0\0\0\0\x01\x02\x03\0").is_none());
    }

    #[test]
    fn every_line_end_is_one_break() {
        let all: Vec<&str> = lines("a\nb\r\nc\rd\r\r\ne\n\nf").collect();
        assert_eq!(all, ["a", "b", "c", "d", "e", "", "f"]);
        assert_eq!(lines("").count(), 0);
        assert_eq!(lines("a\n").count(), 1);
    }
}
