//! Words that fit: names without control characters, cut with an ellipsis where the page ends, escaped for XML.

use super::font::{Weight, char_em, width};

/// Longest text looked at; no line of a page holds more.
const MOST_CHARS: usize = 1_000;

/// Characters that have no place in a drawing: controls, those XML forbids, and those that turn the writing direction.
fn forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// The name on one line: white space becomes single spaces, forbidden characters go.
pub(super) fn clean(name: &str) -> String {
    let mut text = String::new();
    let mut gap = false;
    for c in name.chars().take(MOST_CHARS) {
        if c.is_whitespace() {
            gap = !text.is_empty();
        } else if !forbidden(c) {
            if gap {
                text.push(' ');
                gap = false;
            }
            text.push(c);
        }
    }
    text
}

/// The cleaned name, cut to `room` pt with an ellipsis; empty where not even that fits.
pub(super) fn fit(name: &str, size: f64, weight: Weight, room: f64) -> String {
    let text = clean(name);
    if width(&text, size, weight) <= room {
        return text;
    }
    let mut used = width("…", size, weight);
    if used > room {
        return String::new();
    }
    let mut cut = String::new();
    for c in text.chars() {
        used += char_em(c, weight) * size;
        if used > room {
            break;
        }
        cut.push(c);
    }
    let kept = cut.trim_end().len();
    cut.truncate(kept);
    cut.push('…');
    cut
}

/// The text as XML content or attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A whole number in superscript digits.
pub(super) fn superscript(number: i32) -> String {
    number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_line_breaks_go() {
        assert_eq!(clean(" a\n\tb\u{0} c\u{202e}d\u{7}\r\n"), "a b cd");
        assert_eq!(clean("\n\n"), "");
        assert_eq!(clean(&"x".repeat(10_000)).chars().count(), MOST_CHARS);
    }

    #[test]
    fn long_names_are_cut_to_the_room_they_have() {
        let name = "polystyrene reference, 785 nm, ".repeat(100);
        for room in [0.0, 3.0, 8.0, 40.0, 120.0] {
            let text = fit(&name, 8.0, Weight::Regular, room);
            assert!(width(&text, 8.0, Weight::Regular) <= room, "{text}");
            assert_eq!(text.is_empty(), room < 7.0, "{text}");
        }
        assert_eq!(fit("quartz", 8.0, Weight::Regular, 60.0), "quartz");
        assert!(fit("polystyrene reference", 8.0, Weight::Regular, 50.0).ends_with('…'));
    }

    #[test]
    fn names_cannot_break_the_xml() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
        assert_eq!(superscript(-12), "⁻¹²");
    }
}
