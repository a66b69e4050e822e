//! Tables for people: columns aligned, missing figures shown as a dash.

/// A number with so many decimals.
pub fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.decimals$}"))
}

/// A rate in percent with its interval.
pub fn rate(value: Option<f64>, within: Option<[f64; 2]>) -> String {
    match (value, within) {
        (Some(v), Some([low, high])) => format!("{v:.1} ({low:.0}-{high:.0})"),
        _ => number(value, 1),
    }
}

/// A mean with its interval.
pub fn interval(value: Option<f64>, within: Option<[f64; 2]>) -> String {
    match (value, within) {
        (Some(v), Some([low, high])) => format!("{v:.2} ({low:.1}..{high:.1})"),
        _ => number(value, 2),
    }
}

/// First column left-aligned, the others right-aligned.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let head: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
    let width = |column: usize| {
        let all = rows.iter().chain(std::iter::once(&head));
        all.map(|row| cell(row, column).chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut out = String::new();
    for row in std::iter::once(&head).chain(rows) {
        for (column, width) in widths.iter().enumerate() {
            let text = cell(row, column);
            let pad = " ".repeat(width.saturating_sub(text.chars().count()));
            let last = column + 1 == widths.len();
            match column {
                0 => out.push_str(&format!("{text}{}", if last { String::new() } else { pad })),
                _ => out.push_str(&format!("  {pad}{text}")),
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_missing_figures_are_dashes() {
        let rows = vec![
            vec!["nnomp".to_owned(), rate(Some(84.0), Some([77.2, 89.4]))],
            vec!["x".to_owned(), number(None, 2)],
        ];
        assert_eq!(
            table(&["method", "pair"], &rows),
            "method          pair\nnnomp   84.0 (77-89)\nx                  -\n"
        );
        assert_eq!(interval(Some(1.0), Some([0.5, 1.5])), "1.00 (0.5..1.5)");
    }
}
