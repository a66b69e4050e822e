//! `lo-hi` on the command line.

/// A finite number.
pub fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|v: &f64| v.is_finite())
}

/// Both ends of `lo-hi`, the lower one first; either may be negative.
pub fn ends(text: &str) -> Option<(f64, f64)> {
    // A minus sign in front belongs to the number.
    let (cut, _) = text.trim_start().char_indices().skip(1).find(|(_, c)| *c == '-')?;
    let (low, high) = text.trim_start().split_at_checked(cut)?;
    let (low, high) = (number(low)?, number(high.get(1..)?)?);
    (low < high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_or_refused() {
        assert_eq!(ends("200-1800"), Some((200.0, 1800.0)));
        assert_eq!(ends("-50-1e3"), Some((-50.0, 1000.0)));
        assert_eq!(ends(" -50 - -10 "), Some((-50.0, -10.0)));
        for text in ["", "-", "200", "200-", "1800-200", "5-5", "a-b", "200-inf", "\u{e4}-\u{e4}"] {
            assert_eq!(ends(text), None, "{text}");
        }
    }
}
