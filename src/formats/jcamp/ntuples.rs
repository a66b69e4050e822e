//! `NTUPLES`: pages of tables whose variables stand in parallel lists.

use super::super::{FormatError, Place};
use super::block::{Curve, Reading, Scale, axis_kind};
use super::pairs::number;
use super::records::{Block, Record};

/// Characters of a page's name that are kept: every table on the page carries it.
const PAGE_NAME: usize = 200;

/// One page: its name (`T = 1.5`), its curve, and whether it holds peaks.
pub(super) struct Page {
    pub name: String,
    pub curve: Curve,
    pub peaks: bool,
}

/// One variable of the lists.
#[derive(Debug, Default, Clone)]
struct Variable {
    symbol: String,
    units: String,
    points: Option<u64>,
    first: Option<f64>,
    last: Option<f64>,
    factor: Option<f64>,
}

/// Reads every page of a block that has `##NTUPLES=`.
pub(super) fn read(
    reading: &mut Reading,
    block: &Block,
    scale: &Scale,
    data_type: &str,
) -> Result<Vec<Page>, FormatError> {
    let variables = variables(reading, block);
    let (mut pages, mut empty) = (Vec::new(), 0);
    let (mut page, mut points) = (String::new(), None);
    for record in &block.records {
        match record.name.as_str() {
            "PAGE" => (page, points) = (record.value.chars().take(PAGE_NAME).collect(), None),
            "NPOINTS" => points = record.value.parse().ok(),
            "DATATABLE" => {
                let peaks = record.value.to_uppercase().contains("PEAKS");
                match one(reading, record, &variables, scale, points, data_type, block.ended) {
                    Ok(curve) => pages.push(Page { name: page.clone(), curve, peaks }),
                    Err(FormatError::NotASpectrum { .. }) => empty += 1,
                    Err(error) => return Err(error),
                }
            }
            _ => {}
        }
    }
    if empty > 0 {
        reading.warnings.push(format!("{empty} pages hold no spectrum and were left out."));
    }
    Ok(pages)
}

fn variables(reading: &Reading, block: &Block) -> Vec<Variable> {
    let list = |name: &str| -> Vec<String> {
        let text = block.get(name).map(|r| reading.document.full_value(r)).unwrap_or_default();
        text.split(',').map(|part| part.trim().to_owned()).collect()
    };
    let at = |list: &[String], i: usize| list.get(i).and_then(|v| number(v)).filter(|v| v.is_finite());
    let (units, dims) = (list("UNITS"), list("VARDIM"));
    let (first, last, factor) = (list("FIRST"), list("LAST"), list("FACTOR"));
    list("SYMBOL")
        .into_iter()
        .enumerate()
        .map(|(i, symbol)| Variable {
            symbol: symbol.to_uppercase(),
            units: units.get(i).cloned().unwrap_or_default(),
            points: at(&dims, i).filter(|n| *n >= 1.0).map(|n| n as u64),
            first: at(&first, i),
            last: at(&last, i),
            factor: at(&factor, i).filter(|f| *f != 0.0),
        })
        .collect()
}

fn one(
    reading: &mut Reading,
    record: &Record,
    variables: &[Variable],
    scale: &Scale,
    points: Option<u64>,
    data_type: &str,
    ended: bool,
) -> Result<Curve, FormatError> {
    let form: String = record.value.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    // "(X++(Y..Y)),XYDATA" and "(XY..XY),PEAKS": the letters before "++" or between the points.
    let list = form.trim_start_matches('(');
    let stepped = list.split_once("++");
    let (x_symbol, y_symbol) = match stepped {
        Some((x, rest)) => (x, rest.trim_start_matches('(').split("..").next().unwrap_or_default()),
        None => list.split("..").next().and_then(|pair| pair.split_at_checked(1)).unwrap_or(("X", "Y")),
    };
    if matches!(y_symbol, "R" | "I") {
        return Err(reading.input.unsupported(
            "NTUPLES with real and imaginary NMR pages is not supported; export the processed real spectrum as XYDATA",
        ));
    }
    let find = |symbol: &str| variables.iter().find(|v| v.symbol == symbol).cloned().unwrap_or_default();
    let (x, y) = (find(x_symbol), find(y_symbol));
    if stepped.is_some() && x.first.is_none() && scale.first.is_none() {
        return Err(reading.input.malformed(
            Place::Line(record.line),
            format!("the lists give no FIRST for the variable {x_symbol}, which the page needs"),
        ));
    }
    let page = Scale {
        x_factor: x.factor.unwrap_or(1.0),
        y_factor: y.factor.unwrap_or(1.0),
        first: x.first.or(scale.first),
        last: x.last.or(scale.last),
        step: None,
        points: points.or(x.points.filter(|_| stepped.is_some())).into_iter().collect(),
        decimal_comma: scale.decimal_comma,
    };
    let shape = if stepped.is_some() { "(X++(Y..Y))" } else { "(XY..XY)" };
    let record = Record { value: shape, ..record.clone() };
    reading.table(&record, &page, axis_kind(&x.units, data_type), ended)
}
